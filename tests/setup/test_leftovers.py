"""What stays after an undo is named, what a refusal leaves alone is said, and one thing has one name."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from codingplan_bar.bars.phrases import width
from codingplan_bar.commands import demo
from codingplan_bar.commands.setup import by_hand
from codingplan_bar.configure import files, tmux, waybar
from codingplan_bar.run import run
from codingplan_bar.shipped import shipped_folder
from codingplan_bar.words import table

LANGUAGES = {"en": "en_US.UTF-8", "zh": "zh_CN.UTF-8"}
CONFIG = ".config/waybar/config"
WAYBAR = '{"modules-right": ["clock"]}\n'
TEXTS = {"waybar": WAYBAR, "polybar": "[bar/a]\nmodules-right = date\n", "tmux": "set -g mouse on\n"}


def typed(home, told, language):
    """The command in what was told, given to `setup` as somebody types it."""
    words = shlex.split(re.search(r"codingplan-bar setup (\S+ --undo --file .+)", told)[1])
    file = words[-1].replace("~", str(home.folder))
    return home.setup(words[0], language, undo=True, file=file)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("does", ["uninstall", "undo"])
@pytest.mark.parametrize(
    ("bar", "name", "copy"),
    [
        ("waybar", CONFIG, ".config/waybar/config.jsonc"),
        ("waybar", CONFIG, ".config/waybar/my old one"),
        ("polybar", ".config/polybar/config.ini", ".config/polybar/old.ini"),
        ("tmux", ".tmux.conf", ".tmux.conf.bak"),
    ],
)
def test_a_copy_beside_a_configuration_is_named_and_the_command_that_is_told_takes_ours_out(
    home, bar, name, copy, does, language
):
    text = TEXTS[bar]
    path = home.put(name, text)
    home.setup(bar, language, write=True)
    other = home.put(copy, path.read_text())
    code, told, _ = home.uninstall(language) if does == "uninstall" else home.setup(bar, language, undo=True)
    assert (code, path.read_text()) == (0, text)
    assert ">>> codingplan-bar" in other.read_text()
    assert f"{copy.rpartition('/')[2].split()[0]}" in told
    assert table(language, "setup", "SETUP")["in no bar"] not in told
    assert typed(home, told, language)[0] == 0
    assert other.read_text() == text
    assert ".bak" not in home.uninstall(language)[1]


def test_a_copy_that_is_left_after_its_configuration_was_renamed_is_named(home):
    path = home.put(CONFIG, WAYBAR)
    home.setup("waybar", write=True)
    path.rename(path.with_name("renamed"))
    assert "~/.config/waybar/renamed has codingplan-bar lines, too." in home.uninstall()[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_copy_of_a_style_sheet_is_named_and_left_to_its_owner(home, language):
    home.put(CONFIG, WAYBAR)
    style = home.put(".config/waybar/style.css", "* {}\n")
    home.setup("waybar", language, write=True)
    home.put(".config/waybar/old.css", style.read_text())
    told = home.uninstall(language)[1]
    assert table(language, "setup", "SETUP")["stray by hand"].format("~/.config/waybar/old.css") in told


def test_a_file_without_our_marker_lines_is_not_named(home):
    home.put(CONFIG, WAYBAR)
    home.put(".config/waybar/notes", "codingplan-bar is here\n")
    home.put("notes", "# >>> codingplan-bar >>>\n")
    assert "notes" not in home.uninstall()[1]
    assert "No bar has anything of codingplan-bar." in home.uninstall()[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_line_that_removes_the_copies_of_configurations_says_so(home, language):
    words = table(language, "setup", "SETUP")
    path = home.put("state/place", "")
    home.put(".local/state/codingplan-bar/setup-places", "")
    assert words["left with copies"] not in home.uninstall(language)[1]
    path = home.put(".config/i3blocks/config", "[time]\ncommand=date\n")
    home.setup("i3blocks", language, write=True)
    path.write_text(path.read_text().replace("interval=60", "interval=61"))
    assert words["left with copies"] in home.uninstall(language)[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_can_be_kept_it_says_that_nothing_was_changed_and_what_opens_the_folder(
    home, language, monkeypatch
):
    path = home.put(CONFIG, WAYBAR)
    state = home.folder / ".local/state"
    state.mkdir(parents=True)
    make, access = Path.mkdir, os.access

    def shut(folder, *rest, **more):
        if state in folder.parents:
            raise PermissionError(13, "shut", str(folder))
        return make(folder, *rest, **more)

    monkeypatch.setattr(Path, "mkdir", shut)
    monkeypatch.setattr(files.os, "access", lambda file, *rest: Path(file) != state and access(file, *rest))
    code, told, complained = home.setup("waybar", language, write=True)
    words = table(language, "setup", "SETUP")
    assert (code, told, path.read_text()) == (1, "", WAYBAR)
    assert words["untouched"] in complained
    assert words["make writable"].format("~/.local/state") in complained


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("form", "takers"),
    [
        ("pango", ["tint2", "xfce-genmon"]),
        ("ansi", ["claude-code", "qwen-code", "starship", "zjstatus", "kde"]),
        ("text", ["sketchybar"]),
        ("json", []),
    ],
)
def test_whoever_would_set_up_a_format_is_told_which_bars_take_it(capfd, monkeypatch, form, takers, language):
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", LANGUAGES[language])
    assert run(["setup", form]) == 2
    told = capfd.readouterr().err
    assert [bar for bar in takers if bar not in told] == []
    assert f"demo {form}" in told
    assert "argos" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demo_of_a_format_names_the_page_about_it(language):
    told = "".join(demo.steps("json", table(language, "command_line", "DEMO"), 80))
    assert str(shipped_folder() / "text") in told


@pytest.mark.parametrize("shipped", ["", "etc/xdg/waybar/config", "etc/xdg/waybar/config.jsonc"])
def test_a_configuration_that_is_not_there_yet_has_one_name(home, shipped, monkeypatch):
    monkeypatch.setattr(by_hand, "ROOT", home.folder / "root")
    if shipped:
        home.put(f"root/{shipped}", WAYBAR)
    assert set(re.findall(r"~/\.config/waybar/config[.\w]*", home.setup("waybar")[1])) == {"~/.config/waybar/config"}
    names = re.findall(r"layouts/[.\w]+", home.setup("zjstatus")[1])
    assert set(names) == {"layouts/zjstatus.kdl"}


def test_what_setup_writes_for_tmux_and_into_a_style_sheet_fits_80_columns():
    lines = [*tmux.appended("/usr/bin/codingplan-bar").splitlines(), *waybar._rules().splitlines()]
    assert [line for line in lines if width(line) > 80] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_style_sheet_of_an_earlier_version_is_brought_up_to_date_and_taken_out_whole(home, language):
    home.put(CONFIG, WAYBAR)
    style = home.put(".config/waybar/style.css", "* {}\n")
    home.setup("waybar", language, write=True)
    written = style.read_text()
    earlier = waybar.translated(waybar._rules(), waybar.WIDER, "zh")
    assert earlier != waybar._rules()
    old = re.sub(r"(>>> \*/\n).*(/\* <<<)", lambda match: match[1] + earlier + match[2], written, flags=re.DOTALL)
    style.write_text(old)
    home.setup("waybar", language, write=True)
    assert style.read_text() == written
    home.setup("waybar", language, undo=True)
    assert style.read_text() == "* {}\n"
