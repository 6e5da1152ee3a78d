"""The file of a running i3status-rs is found by its own rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from codingplan_bar.commands.setup.bars.i3status_rust_places import found, named, named_in, place
from codingplan_bar.commands.setup.bars.machine import Machine


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["/usr/bin/i3status-rs"], "config.toml"),
        (["i3status-rs", "bottom"], "bottom"),
        (["i3status-rs", "--never-pause", "-j", "4", "/home/me/bar.toml"], "/home/me/bar.toml"),
        (["i3status"], None),
        ([], None),
    ],
)
def test_a_command_line_names_its_configuration(arguments, name):
    assert named(arguments) == name


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("status_command i3status-rs ~/.config/bar/top.toml", "/home/me/.config/bar/top.toml"),
        ('\tstatus_command exec i3status-rs "$HOME/a b.toml"', "/home/me/a b.toml"),
        ("    status_command /usr/bin/i3status-rs", "config.toml"),
        ("# status_command i3status-rs x", None),
        ("status_command i3status-rs 'open", None),
        ("status_command while date; do sleep 1; done", None),
    ],
)
def test_i3_and_sway_say_it_too(line, name):
    assert named_in(f"bar {{\n{line}\n}}\n", Path("/home/me")) == name


def test_a_name_is_looked_for_where_i3status_rs_does(tmp_path):
    machine = Machine({"HOME": str(tmp_path)})
    config, data = tmp_path / ".config/i3status-rust", tmp_path / ".local/share/i3status-rust"
    assert found("config.toml", machine) == config / "config.toml"
    data.mkdir(parents=True)
    (data / "top.toml").touch()
    assert found("top", machine) == data / "top.toml"
    config.mkdir(parents=True)
    (config / "top.toml").touch()
    assert found("top", machine) == config / "top.toml"
    assert found("/etc/bar.toml", machine).as_posix() == "/etc/bar.toml"
    assert found("top", Machine({"HOME": str(tmp_path), "XDG_CONFIG_HOME": "/none"})) == data / "top.toml"


def test_a_running_one_is_believed_before_sway_and_sway_before_the_default(tmp_path):
    machine = Machine({"HOME": str(tmp_path)})
    assert place(machine) == tmp_path / ".config/i3status-rust/config.toml"
    (tmp_path / ".config/sway").mkdir(parents=True)
    (tmp_path / ".config/sway/config").write_text("bar {\n  status_command i3status-rs ~/bar.toml\n}\n")
    assert place(machine) == tmp_path / "bar.toml"
    running = [["bash"], ["i3status-rs", "/elsewhere.toml"]]
    assert place(Machine(machine.environ, running=running)).as_posix() == "/elsewhere.toml"
