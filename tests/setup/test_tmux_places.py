"""The file that a tmux reads last is the one to be written to."""

from __future__ import annotations

import pytest

from codingplan_bar.configure.machine import Machine
from codingplan_bar.configure.tmux import place


@pytest.fixture
def home(tmp_path):
    (tmp_path / ".config/tmux").mkdir(parents=True)
    return tmp_path


def test_with_none_there_it_is_the_one_that_every_tmux_reads(home):
    assert place(Machine({"HOME": str(home)})) == home / ".tmux.conf"


def test_of_several_it_is_the_last_that_is_read(home):
    (home / ".tmux.conf").touch()
    assert place(Machine({"HOME": str(home)})) == home / ".tmux.conf"
    (home / ".config/tmux/tmux.conf").touch()
    assert place(Machine({"HOME": str(home)})) == home / ".config/tmux/tmux.conf"


def test_xdg_has_a_say(home):
    settings = home / "elsewhere"
    (settings / "tmux").mkdir(parents=True)
    (settings / "tmux/tmux.conf").touch()
    assert place(Machine({"HOME": str(home), "XDG_CONFIG_HOME": str(settings)})) == settings / "tmux/tmux.conf"


def test_a_running_tmux_knows_best_but_the_machines_own_file_is_not_the_users(home):
    (home / ".tmux.conf").touch()
    (home / "other.conf").touch()
    read = f"/etc/tmux.conf,{home}/gone.conf,{home}/other.conf\n"
    assert place(Machine({"HOME": str(home)}, lambda command: read)) == home / "other.conf"
    assert place(Machine({"HOME": str(home)}, lambda command: "/etc/passwd\n")) == home / ".tmux.conf"
