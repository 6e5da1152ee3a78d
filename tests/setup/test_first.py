"""Whoever has no configuration of a bar is told commands that make one; `--undo` leaves no folder that setup made."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from codingplan_bar.commands.setup import by_hand
from codingplan_bar.commands.setup.by_hand import FIRST, ON_A_MAC
from codingplan_bar.configure.bars import BARS
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
