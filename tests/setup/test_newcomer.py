"""Somebody whom `setup` meets for the first time: no configuration, something forgotten, something mistaken."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from codingplan_bar.commands import uninstall
from codingplan_bar.commands.setup import by_hand, setup
from codingplan_bar.commands.setup.by_hand import FIRST, ON_A_MAC
from codingplan_bar.configure import bar_file
from codingplan_bar.configure.bars import BARS
from codingplan_bar.configure.machine import Machine
from codingplan_bar.dispatch import run
from codingplan_bar.storage import MADE, make_folder

BY_HAND = {"xfce-genmon", "kde"}
"""Bars whose widget is put there by a dialog."""
SHIPPED = {
    "waybar": ("etc/xdg/waybar/config.jsonc", '// -*- mode: jsonc -*-\n{\n    "modules-right": ["mpd", "tray"]\n}\n'),
    "polybar": ("etc/polybar/config.ini", "[bar/example]\nmodules-right = date\n[module/date]\ntype = internal/date\n"),
    "i3blocks": ("etc/i3blocks.conf", "command=/usr/share/i3blocks/$BLOCK_NAME\n[time]\ninterval=5\n"),
    "tint2": ("etc/xdg/tint2/tint2rc", "panel_items = LTSC\n"),
    "sketchybar": ("opt/homebrew/share/sketchybar/examples/sketchybarrc", "#!/bin/bash\nsketchybar --update\n"),
}
"""What a package brings, in small."""


@pytest.fixture
def home(home, monkeypatch):
    """On a system that has what a package of a bar brings, if it is put there, and the usual programs."""
    monkeypatch.setattr(by_hand, "ROOT", home.folder.parent / "system")
    home.environ["PATH"] = "/usr/bin:/bin"
    return home


def steps_of(home, bar, **more):
    """The commands at the end of what is printed without a configuration."""
    lines = home.setup(bar, **more)[1].rstrip("\n").split("\n")
    start = max(number for number, line in enumerate(lines) if line.startswith("# "))
    return lines[start + 1 :]


def typed(home, step):
    """Type a command of these into a shell, but for those of ours, which run here."""
    if found := re.search(r"codingplan-bar setup (\S+) --write(?: --file ~(\S+))?$", step):
        assert home.setup(found[1], write=True, file=found[2] and f"{home.folder}{found[2]}")[0] == 0
    else:
        subprocess.run(["/bin/sh", "-c", step], check=True, env=home.environ, timeout=60)


def everything(home):
    return set(home.folder.rglob("*"))


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("bar", sorted(set(FIRST) - BY_HAND))
def test_the_commands_that_are_told_make_a_configuration_in_which_setup_puts_ours(home, bar, write, programs):
    steps = steps_of(home, bar, write=write)
    assert len(steps) >= 2
    for step in steps:
        if not step.startswith("zellij "):
            typed(home, step)
    assert "has it already" in home.setup(bar)[1]


@pytest.mark.parametrize("bar", SHIPPED)
def test_what_the_package_of_a_bar_brings_is_copied_where_it_is_there(home, bar, programs):
    name, text = SHIPPED[bar]
    path = home.folder.parent / "system" / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    make, ours = steps_of(home, bar)
    assert str(path.parent if bar == "sketchybar" else path) in make
    typed(home, make)
    typed(home, ours)


@pytest.mark.parametrize("bar", BARS)
def test_no_refusal_sends_to_a_command_that_sends_back(home, bar):
    said = "".join(map(str, home.setup(bar) + home.setup(bar, write=True)))
    assert "codingplan-bar demo" not in said


@pytest.mark.parametrize("bar", ON_A_MAC)
@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_a_bar_of_macos_is_started_on_macos_alone(home, bar, system, monkeypatch):
    monkeypatch.setattr("sys.platform", system)
    assert (f"\nopen -a {'SwiftBar' if bar == 'swiftbar' else 'xbar'}\n" in home.setup(bar)[1]) == (system == "darwin")


@pytest.mark.parametrize("bar", [*sorted(set(FIRST) - BY_HAND), "tmux", "starship"])
@pytest.mark.parametrize("end", ["undo", "uninstall"])
def test_no_folder_that_setup_made_is_left_behind(home, bar, end, programs):
    make, ours = steps_of(home, bar)[:2] if bar in FIRST else ("true", f"codingplan-bar setup {bar} --write")
    typed(home, make)
    before = everything(home)
    typed(home, ours)
    assert everything(home) > before
    if end == "undo":
        home.setup(bar, undo=True)
    else:
        assert home.uninstall()[0] == 0
    assert everything(home) == before


def test_a_folder_that_was_there_and_one_with_something_else_in_it_stay(home):
    (home.folder / ".local").mkdir()
    home.setup("starship", write=True)
    (home.folder / ".local/state/other").mkdir()
    home.setup("starship", undo=True)
    assert everything(home) == {home.folder / name for name in (".local", ".local/state", ".local/state/other")}


def test_a_note_removes_no_folder_but_those_above_ours(home):
    ours, other = home.folder / ".local/state/codingplan-bar", home.folder / "empty"
    make_folder(ours)
    other.mkdir()
    (ours / MADE).write_text(f"{other}\n{ours.parent}\n")
    assert home.uninstall()[0] == 0
    assert everything(home) == {other, home.folder / ".local"}


def test_the_command_that_removes_the_rest_removes_the_empty_folders_above_it_too(home, programs):
    for name in (".cache", ".config", ".local/state"):
        make_folder(home.folder / name / "codingplan-bar")
        (home.folder / name / "codingplan-bar/kept").write_text("")
    (home.folder / ".config/other").write_text("")
    command = next(line for line in home.uninstall()[1].splitlines() if line.startswith("  rm -rf "))
    subprocess.run(["/bin/sh", "-c", command], check=True, env=home.environ, timeout=60)
    assert {path.relative_to(home.folder) for path in everything(home)} == {Path(".config"), Path(".config/other")}


def test_every_bar_has_a_first_configuration_or_a_place_without_one(home):
    known = {*FIRST, *ON_A_MAC}
    assert known | {"tmux", "starship"} == set(BARS)


# What `setup` says where something is forgotten, or is not what it was taken for: the true cause, and what to type.


@pytest.fixture
def say(tmp_path, capfd, monkeypatch):
    """What is said of these options; the home has what the test puts there."""
    for module in ("setup", "uninstall"):
        monkeypatch.setattr(f"codingplan_bar.commands.{module}.this_machine", Machine)
    environ = {"HOME": str(tmp_path), "PATH": str(tmp_path), "LANG": "en_US.UTF-8", "COLUMNS": "200"}

    def said(bar, *, write=False, undo=False, **named):
        code = setup(bar, write=write, undo=undo, environ=environ, **named)
        return code, "".join(capfd.readouterr())

    said.home, said.environ = tmp_path, environ
    return said


@pytest.mark.parametrize(
    ("given", "typed"),
    [
        ({"write": True}, "--write"),
        ({"undo": True}, "--undo"),
        ({"write": True, "which": "waybar"}, "--bar waybar --write"),
        ({"file": "/x"}, "--file /x"),
        ({"popup": "u"}, "--popup u"),
        ({"click": "page"}, "--click page"),
    ],
)
def test_options_without_a_bar_do_nothing_and_the_bar_is_asked_for(say, given, typed):
    code, told = say(None, **given)
    assert (code, told.splitlines()[0]) == (2, f"codingplan-bar: Name a bar: codingplan-bar setup BAR {typed}")


@pytest.mark.parametrize(
    ("bar", "given", "why"),
    [
        ("waybar", {"popup": "u"}, "--popup is for tmux"),
        ("tmux", {"click": "page"}, "--click is for"),
        ("tint2", {"which": "a"}, "--bar is for"),
    ],
)
def test_an_option_that_a_bar_does_not_have_is_refused_where_it_has_no_configuration_either(say, bar, given, why):
    code, told = say(bar, **given)
    assert code == 1
    assert why in told
    assert told.count("\n") == 1


@pytest.mark.parametrize("bar", ["waybar", "polybar", "tint2", "zjstatus"])
def test_a_file_that_was_named_and_is_not_there_is_told_and_no_lines_go_into_it(say, bar):
    for write in (False, True):
        code, told = say(bar, file=str(say.home / "nofile"), write=write)
        assert (code, told) == (1, "codingplan-bar: ~/nofile: There is no such file. Nothing was changed.\n")


@pytest.mark.parametrize(
    ("bar", "text", "told"),
    [
        ("waybar", "", "~/x: It is empty."),
        ("waybar", "{\n]", "~/x:2: This line is not valid JSON."),
        ("i3status-rust", "a = \n", "~/x:1: This line cannot be read as TOML 1.0."),
        ("polybar", " \n", "~/x: It is empty."),
    ],
)
def test_what_is_wrong_with_a_file_is_named(say, bar, text, told):
    (say.home / "x").write_text(text)
    assert told in say(bar, file=str(say.home / "x"))[1]


def test_the_overview_tells_what_is_set_up_and_what_is_not_there(say):
    for program in ("tmux", "waybar"):
        (say.home / program).write_text("#!/bin/sh\n")
        (say.home / program).chmod(0o755)
    (say.home / ".config/waybar").mkdir(parents=True)
    (say.home / ".config/waybar/config").write_text('{"modules-right": []}')
    assert "waybar reads ~/.config/waybar/config\n" in say(None)[1]
    say("waybar", write=True)
    told = say(None)[1]
    assert "waybar is set up: ~/.config/waybar/config\n" in told
    assert "tmux would read ~/.tmux.conf, which is not there yet\n" in told


def test_a_key_that_now_has_a_popup_is_named(say):
    (say.home / ".tmux.conf").write_text("")
    assert "The prefix and then u shows the page in a popup." in say("tmux", write=True, popup="u")[1]


def test_a_script_that_cannot_start_is_written_into_no_configuration(say, monkeypatch):
    python = say.home / "a b/python"
    python.parent.mkdir()
    python.write_text("")
    script = python.with_name("codingplan-bar")
    script.write_text(f"#!{python}\n")
    monkeypatch.setattr(bar_file, "command", lambda: str(script))
    (say.home / ".tmux.conf").write_text("")
    code, told = say("tmux", write=True)
    assert code == 1
    assert "cannot start, since the path of its Python has a space" in told
    assert (say.home / ".tmux.conf").read_text() == ""
    script.write_text(f"#!/bin/sh\n'''exec' '{python}' \"$0\" \"$@\"\n")
    assert say("tmux", write=True)[0] == 0


def test_what_stays_is_removed_by_a_command_that_can_be_typed(say, capfd):
    (say.home / ".config/codingplan-bar").mkdir(parents=True)
    (say.home / ".config/codingplan-bar/config.toml").write_text("")
    uninstall.uninstall(environ=say.environ)
    assert "\n  rm -rf ~/.config/codingplan-bar\n" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("typed", "runs", "bar"),
    [
        ("tint2", "pango", "tint2"),
        ("kde", "ansi", "kde"),
        ("zellij", "ansi", "zjstatus"),
        ("starship", "ansi", "starship"),
    ],
)
def test_a_bar_that_runs_another_ones_command_is_told_which(capfd, typed, runs, bar):
    for arguments in ([typed], ["demo", typed]):
        assert run(arguments) == 2
        said = " ".join(capfd.readouterr().err.split())
        assert f"{typed} runs `codingplan-bar {runs}`; to set it up: codingplan-bar setup {bar}" in said
