"""i3blocks' configuration gets one section more at its end, and nothing else of it changes by a byte."""

from __future__ import annotations

import pytest
from support.configurations import configurations

from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.machine import Machine
from codingplan_bar.configure.panels.i3blocks import changed, named, place, taken

COMMAND = "/home/me/.local/bin/codingplan-bar"
FILES = configurations("i3blocks")


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_what_was_there_stays_to_the_byte_and_twice_is_once(path):
    text = path.read_bytes().decode()
    written = changed(text, COMMAND)
    assert written.startswith(text)
    assert "[codingplan]\ncommand=case $BLOCK_BUTTON in 1) /home/me/.local/bin/codingplan-bar open;;" in written
    assert changed(written, COMMAND) == written
    assert taken(written) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[time\ncommand=date\n", "not understood"),
        ("[time]\n  no property\n", "not understood"),
        ("[time]\r\ncommand=date\r\n", "windows"),
        ("[time]\ncommand=date", "no newline"),
        ("[mine]\ncommand=codingplan-bar i3blocks\n", "already there"),
        ("[codingplan]\ncommand=~/bin/other\n", "already there"),
    ],
)
def test_what_is_not_understood_for_certain_or_has_it_already_is_left_alone(text, reason):
    with pytest.raises(LeftAlone, match=reason):
        changed(text, COMMAND)


@pytest.mark.parametrize("below", ["color=#ff0000\n", "# mine\ncolor=#ff0000\n[cpu]\ncommand=cpu\n"])
def test_no_property_of_the_users_becomes_one_of_another_section(below):
    """What stands below our block is read as part of our section: where that goes it would be somebody else's."""
    text = "[time]\ncommand=date\n"
    edited = changed(text, COMMAND) + below
    assert changed(edited, COMMAND) == edited
    with pytest.raises(LeftAlone, match="not understood"):
        taken(edited)
    assert taken(changed(text, COMMAND) + "# mine\n[cpu]\n" + below) == text + "# mine\n[cpu]\n" + below


# The file of i3blocks is found by its own rules.


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
