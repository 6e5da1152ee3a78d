"""Whoever has no configuration of a bar is told commands that make one; `--undo` leaves no folder that setup made."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from codingplan_bar.commands import uninstall
from codingplan_bar.commands.setup import by_hand, setup
from codingplan_bar.commands.setup.by_hand import FIRST, ON_A_MAC
from codingplan_bar.configure.bars import BARS
from codingplan_bar.configure.machine import Machine
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
def world(tmp_path, monkeypatch, capfd):
    for module in ("setup", "uninstall", "doctor.bars"):
        monkeypatch.setattr(f"codingplan_bar.commands.{module}.this_machine", Machine)
    monkeypatch.setattr(by_hand, "ROOT", tmp_path / "system")
    (tmp_path / "home").mkdir()
    return World(tmp_path, capfd)


class World:
    def __init__(self, folder, capfd):
        self.folder, self.home, self.capfd = folder, folder / "home", capfd
        self.environ = {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8"}

    def setup(self, bar, **more):
        code = setup(bar, **{"write": False, "undo": False} | more, environ=self.environ)
        return code, *self.capfd.readouterr()

    def steps(self, bar, **more):
        """The commands at the end of what is printed without a configuration."""
        lines = self.setup(bar, **more)[1].rstrip("\n").split("\n")
        start = max(number for number, line in enumerate(lines) if line.startswith("# "))
        return lines[start + 1 :]

    def typed(self, step):
        """Type a command of these into a shell, but for those of ours, which run here."""
        if found := re.search(r"codingplan-bar setup (\S+) --write(?: --file ~(\S+))?$", step):
            assert self.setup(found[1], write=True, file=found[2] and f"{self.home}{found[2]}")[0] == 0
        else:
            subprocess.run(["/bin/sh", "-c", step], check=True, env=self.environ, timeout=60)

    def everything(self):
        return set(self.home.rglob("*"))


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("bar", sorted(set(FIRST) - BY_HAND))
def test_the_commands_that_are_told_make_a_configuration_in_which_setup_puts_ours(world, bar, write, programs):
    steps = world.steps(bar, write=write)
    assert len(steps) >= 2
    for step in steps:
        if not step.startswith("zellij "):
            world.typed(step)
    assert "has it already" in world.setup(bar)[1]


@pytest.mark.parametrize("bar", SHIPPED)
def test_what_the_package_of_a_bar_brings_is_copied_where_it_is_there(world, bar, programs):
    name, text = SHIPPED[bar]
    path = world.folder / "system" / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    make, ours = world.steps(bar)
    assert str(path.parent if bar == "sketchybar" else path) in make
    world.typed(make)
    world.typed(ours)


@pytest.mark.parametrize("bar", BARS)
def test_no_refusal_sends_to_a_command_that_sends_back(world, bar):
    said = "".join(map(str, world.setup(bar) + world.setup(bar, write=True)))
    assert "codingplan-bar demo" not in said


@pytest.mark.parametrize("bar", ON_A_MAC)
@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_a_bar_of_macos_is_started_on_macos_alone(world, bar, system, monkeypatch):
    monkeypatch.setattr("sys.platform", system)
    assert (f"\nopen -a {'SwiftBar' if bar == 'swiftbar' else 'xbar'}\n" in world.setup(bar)[1]) == (system == "darwin")


@pytest.mark.parametrize("bar", [*sorted(set(FIRST) - BY_HAND), "tmux", "starship"])
@pytest.mark.parametrize("end", ["undo", "uninstall"])
def test_no_folder_that_setup_made_is_left_behind(world, bar, end, programs):
    make, ours = world.steps(bar)[:2] if bar in FIRST else ("true", f"codingplan-bar setup {bar} --write")
    world.typed(make)
    before = world.everything()
    world.typed(ours)
    assert world.everything() > before
    if end == "undo":
        world.setup(bar, undo=True)
    else:
        assert uninstall.uninstall(environ=world.environ) == 0
    assert world.everything() == before


def test_a_folder_that_was_there_and_one_with_something_else_in_it_stay(world):
    (world.home / ".local").mkdir()
    world.setup("starship", write=True)
    (world.home / ".local/state/other").mkdir()
    world.setup("starship", undo=True)
    assert world.everything() == {world.home / name for name in (".local", ".local/state", ".local/state/other")}


def test_a_note_removes_no_folder_but_those_above_ours(world):
    ours, other = world.home / ".local/state/codingplan-bar", world.home / "empty"
    make_folder(ours)
    other.mkdir()
    (ours / MADE).write_text(f"{other}\n{ours.parent}\n")
    assert uninstall.uninstall(environ=world.environ) == 0
    assert world.everything() == {other, world.home / ".local"}


def test_the_command_that_removes_the_rest_removes_the_empty_folders_above_it_too(world, programs):
    for name in (".cache", ".config", ".local/state"):
        make_folder(world.home / name / "codingplan-bar")
        (world.home / name / "codingplan-bar/kept").write_text("")
    (world.home / ".config/other").write_text("")
    uninstall.uninstall(environ=world.environ)
    command = next(line for line in world.capfd.readouterr().out.splitlines() if line.startswith("  rm -rf "))
    subprocess.run(["/bin/sh", "-c", command], check=True, env=world.environ, timeout=60)
    assert {path.relative_to(world.home) for path in world.everything()} == {Path(".config"), Path(".config/other")}


def test_every_bar_has_a_first_configuration_or_a_place_without_one(world):
    known = {*FIRST, *ON_A_MAC}
    assert known | {"tmux", "starship"} == set(BARS)
