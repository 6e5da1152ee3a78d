"""The file of i3blocks is found by its own rules."""

from __future__ import annotations

import pytest

from codingplan_bar.commands.setup.bars.i3blocks_places import named, place
from codingplan_bar.commands.setup.bars.machine import Machine


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["/usr/bin/i3blocks", "-vvv", "-c", "/a/b"], "/a/b"),
        (["i3blocks", "-c/a/b"], "/a/b"),
        (["i3blocks", "-c"], None),
        (["i3blocks"], None),
        (["date", "-c", "x"], None),
        ([], None),
    ],
)
def test_a_command_line_names_its_configuration(arguments, name):
    assert named(arguments) == name


def test_the_file_of_a_running_one_comes_first_then_the_users_own_and_a_new_one_would_hide_the_systems(tmp_path):
    machine = Machine({"HOME": str(tmp_path)}, running=[["i3blocks", "-c", str(tmp_path / "mine")]])
    assert place(machine) is None
    (tmp_path / ".i3blocks.conf").touch()
    assert place(machine) == tmp_path / ".i3blocks.conf"
    (tmp_path / ".config/i3blocks").mkdir(parents=True)
    (tmp_path / ".config/i3blocks/config").touch()
    assert place(machine) == tmp_path / ".config/i3blocks/config"
    (tmp_path / "mine").touch()
    assert place(machine) == tmp_path / "mine"
