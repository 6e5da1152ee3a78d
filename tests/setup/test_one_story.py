"""The overview of `setup`, `setup BAR` and `doctor` tell one story of a file, and no copy of it is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from codingplan_bar import paths
from codingplan_bar.words import table

LANGUAGES = {"en": "en_US.UTF-8", "zh": "zh_CN.UTF-8"}
TWO_BARS = "[bar/a]\nmodules-right = date\n[bar/b]\nmodules-right = date\n[bar/c]\nmodules-left = date\n"
FILES = {
    "polybar": (".config/polybar/config.ini", TWO_BARS),
    "i3blocks": (".config/i3blocks/config", "[time]\ncommand=date\n"),
    "waybar": (".config/waybar/config", '{"modules-right": ["clock"]}\n'),
    "tmux": (".tmux.conf", "set -g mouse on\n"),
}
CHANGES = [("polybar", {"which": "b"}), ("i3blocks", {"click": "page"}), ("waybar", {"click": "page"})]
CHANGES += [("tmux", {"popup": "U"})]
EDITS = {"tmux": ("length 94", "length 95")}
"""What the user changes in ours."""


@pytest.fixture
def home(home):
    """With every program that is asked for."""
    home.install("waybar", "polybar", "i3blocks", "tmux", "foot")
    home.environ["TERMINAL"] = "foot"
    return home


def overview(home, bar, language="en"):
    told = home.setup(None, language)[1].splitlines()
    return next(line for line in told if line.startswith(bar))


def backups(home):
    return {path.name: path.read_text() for path in home.folder.glob(".local/state/*/before-setup/*")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("bar", "change"), CHANGES)
def test_the_file_as_it_was_before_setup_outlives_each_later_change(home, bar, change, language):
    path = home.put(*FILES[bar])
    home.setup(bar, language, write=True)
    (name,) = backups(home)
    written = path.read_text()
    told = home.setup(bar, language, write=True, **change)[1]
    assert backups(home) == {name: FILES[bar][1], f"{name}.later": written}
    assert told.index(f"{name}.later") < told.index(f"{name}{'.' if language == 'en' else '。'}\n")
    path.write_text(path.read_text().replace(*EDITS.get(bar, ("codingplan-bar ", "codingplan-bar -x ")), 2))
    edited = path.read_text()
    told = home.setup(bar, language, undo=True)[1]
    assert backups(home) == {name: FILES[bar][1], f"{name}.later": edited}
    assert (f"{name}.later" in told, f"{name}{'.' if language == 'en' else '。'}\n" in told) == (True, True)


def test_a_comment_that_names_the_program_makes_the_first_copy_no_later_one(home):
    path = home.put(FILES["i3blocks"][0], "# codingplan-bar text is what I want\n[time]\ncommand=date\n")
    before = path.read_text()
    home.setup("i3blocks", write=True)
    assert list(backups(home).values()) == [before]


def test_an_undo_that_leaves_the_very_file_of_before_leaves_no_copy(home):
    home.put(*FILES["polybar"])
    home.setup("polybar", write=True)
    home.setup("polybar", write=True, which="b")
    home.setup("polybar", undo=True)
    assert backups(home) == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("later", "offsets"),
    [
        ("set -g status-right foo\n", [1]),
        ("set-option -gq 'status-right' foo\nset -g mouse off\nset -gu status-right\n", [1, 3]),
        ("source-file ~/theme.conf\n", [1]),
    ],
)
def test_a_line_that_sets_the_status_line_of_tmux_again_is_named_by_all_three(home, later, offsets, language):
    path = home.put(*FILES["tmux"])
    home.put("theme.conf", "set -g status-right theme\n")
    home.setup("tmux", write=True, popup="U")
    lines = len(path.read_text().splitlines())
    numbers = ", ".join(str(lines + offset) for offset in offsets)
    path.write_text(path.read_text() + later)
    code, told, complained = home.setup("tmux", language)
    words = table(language, "setup", "SETUP")
    cause = words["set again"].format(numbers)
    assert (code, told) == (1, "")
    assert cause in complained
    assert overview(home, "tmux", language).endswith(cause)
    assert home.doctor_on("tmux", language).text.endswith(cause)


@pytest.mark.parametrize("later", ["set -ag status-right foo\n", "set -go status-right foo\n", "set -g mouse off\n"])
def test_a_line_that_adds_to_the_status_line_of_tmux_is_no_fault(home, later):
    path = home.put(*FILES["tmux"])
    home.setup("tmux", write=True)
    path.write_text(path.read_text() + later)
    assert overview(home, "tmux") == "tmux is set up: ~/.tmux.conf"
    assert home.doctor_on("tmux").verdict == "ok"


def test_a_printed_block_has_the_key_of_the_popup_that_is_set_up(home):
    path = home.put(*FILES["tmux"])
    home.setup("tmux", write=True, popup="U")
    path.write_text(path.read_text().replace("CODINGPLAN_COMMAND '/", "CODINGPLAN_COMMAND '/elsewhere/"))
    assert "bind-key U display-popup" in home.setup("tmux")[1]


@pytest.mark.parametrize(
    ("bar", "old", "new", "shown"),
    [
        ("polybar", "date codingplan", "date", "modules-right = date codingplan\n"),
        ("waybar", '"custom/codingplan",', "", '"custom/codingplan", /* <<<'),
    ],
)
def test_where_a_word_alone_is_missing_that_line_alone_is_shown(home, bar, old, new, shown):
    path = home.put(*FILES[bar])
    home.setup(bar, write=True)
    path.write_text(path.read_text().replace(old, new))
    assert "would not show it" in overview(home, bar)
    assert home.doctor_on(bar).verdict == "bad"
    code, told, _ = home.setup(bar)
    lines = [line for line in told.splitlines() if not line.startswith("# ")]
    assert (code, shown in told, len(lines)) == (0, True, 1)


UNREADABLE = [
    ("waybar", '{"modules-right": [ oops'),
    ("i3blocks", "[time]\ncommand=date"),
    ("polybar", ""),
    ("tmux", 'set -g status-right "open\n'),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("bar", "text"), UNREADABLE)
def test_why_setup_refuses_a_file_stands_in_the_overview_and_in_doctor(home, bar, text, language):
    home.put(FILES[bar][0], text)
    refusal = home.setup(bar, language)[2].removeprefix("codingplan-bar: ").strip()
    reason = refusal.removesuffix(table(language, "setup", "SETUP")["untouched"]).strip()
    assert reason.startswith("~/")
    assert reason in overview(home, bar, language)
    assert reason in home.doctor_on(bar, language).text


def test_a_missing_end_of_the_last_line_is_mended_by_the_command_that_is_told(home):
    home.put(FILES["i3blocks"][0], "[time]\ncommand=date")
    assert "`echo >> ~/.config/i3blocks/config`" in home.setup("i3blocks")[2]
    other = home.put("my blocks/config", "[time]\ncommand=date")
    assert f"`echo >> '{other}'`" in home.setup("i3blocks", file=str(other))[2]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bar", FILES)
def test_a_file_that_cannot_be_read_is_called_so_with_the_command_that_opens_it(home, bar, language, monkeypatch):
    path = home.put(*FILES[bar])
    read, access = paths.content, os.access

    def shut(file, *rest, **more):
        if Path(file) == path:
            raise PermissionError(13, "shut", str(file))
        return read(file, *rest, **more)

    monkeypatch.setattr(paths, "content", shut)
    monkeypatch.setattr(os, "access", lambda file, way, **more: Path(file) != path and access(file, way, **more))
    cause = table(language, "setup", "SETUP")["closed"].format(f"~/{FILES[bar][0]}")
    code, told, complained = home.setup(bar, language, write=True)
    assert (code, told, cause in complained) == (1, "", True)
    assert cause in overview(home, bar, language)
    line = home.doctor_on(bar, language)
    assert (line.verdict, cause in line.text) == ("bad", True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_which_bar_it_will_be_in_is_told_before_anything_is_written_with_the_names_of_the_others(home, language):
    home.put(*FILES["polybar"])
    told = table(language, "setup", "SETUP")["takes bar"]
    others = {"en": "b, c", "zh": "b、c"}[language]
    assert told.format("a", "polybar", others) in home.setup("polybar", language)[1]
    told = home.setup("polybar", which="b")[1]
    assert "It will be in the bar b. For another one (a, c)" in told
    assert "`codingplan-bar setup polybar --bar b --write` puts it there" in told
    assert "the bar" not in home.setup("i3blocks")[1]


@pytest.mark.parametrize("raises", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_folder_that_cannot_be_looked_into_is_called_so_by_all_and_by_an_undo(home, language, raises, monkeypatch):
    folder = home.put(*FILES["polybar"]).parent
    home.setup("polybar", language, write=True)
    is_file, access = Path.is_file, os.access

    def shut(path, **more):
        if folder in path.parents and raises:  # from Python 3.14 on it is not there
            raise PermissionError(13, "shut", str(path))
        return folder not in path.parents and is_file(path, **more)

    def allowed(path, way, **more):
        inside = folder in Path(path).parents or (Path(path) == folder and way == os.X_OK)
        return not inside and access(path, way, **more)

    monkeypatch.setattr(Path, "is_file", shut)
    monkeypatch.setattr(os, "access", allowed)
    cause = table(language, "setup", "SETUP")["shut folder"].format("~/.config/polybar")
    assert cause in overview(home, "polybar", language)
    assert cause in home.doctor_on("polybar", language).text
    for action in ({}, {"write": True}, {"undo": True}):
        code, told, complained = home.setup("polybar", language, **action)
        assert (code, told, cause in complained) == (1, "", True)
