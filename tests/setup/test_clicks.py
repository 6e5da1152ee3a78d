"""`setup --click`: what a click on the bar does, in each bar's own language; and that the user's own click stays."""

from __future__ import annotations

import json

import pytest

from codingplan_bar.commands.setup import setup
from codingplan_bar.shipped import command

BEFORE = {
    "waybar": (".config/waybar/config", '{\n    "modules-right": ["clock"]\n}\n'),
    "polybar": (".config/polybar/config.ini", "[bar/main]\nmodules-right = date\n"),
    "i3blocks": (".config/i3blocks/config", "[time]\ncommand=date\n"),
    "i3status-rust": (".config/i3status-rust/config.toml", '[[block]]\nblock = "time"\n'),
}
each = pytest.mark.parametrize("bar", BEFORE)


@pytest.fixture
def person(tmp_path, programs):
    """person(bar) -> the environment of somebody with that bar and a terminal, and the bar's configuration."""

    def person(bar, *, terminal=True):
        programs = tmp_path / "bin"
        programs.mkdir(exist_ok=True)
        if terminal:
            (programs / "foot").write_text("")
            (programs / "foot").chmod(0o755)
        name, text = BEFORE[bar]
        file = tmp_path / name
        file.parent.mkdir(parents=True)
        file.write_text(text)
        return {"HOME": str(tmp_path), "PATH": str(programs), "LANG": "C.UTF-8"}, file

    return person


def asked(bar, environ, *, click=None, undo=False):
    return setup(bar, write=not undo, undo=undo, environ=environ, click=click)


@each
def test_a_click_shows_the_page_where_it_is_asked_for_and_undo_takes_all_out(bar, person, capfd):
    environ, file = person(bar)
    assert asked(bar, environ, click="page") == 0
    assert f"{command()} status --window" in file.read_text()
    assert f"{command()} open" not in file.read_text()
    assert "A click shows the page in foot." in capfd.readouterr().out
    assert asked(bar, environ, undo=True) == 0
    assert file.read_text() == BEFORE[bar][1]
    assert "not as setup had written it" not in capfd.readouterr().out


@each
def test_a_second_setup_keeps_the_click_and_another_choice_changes_it_alone(bar, person):
    environ, file = person(bar)
    asked(bar, environ, click="page")
    page = file.read_text()
    assert asked(bar, environ) == 0
    assert file.read_text() == page
    assert asked(bar, environ, click="console") == 0
    assert file.read_text() == page.replace(" status --window", " open")


@each
def test_a_command_that_has_moved_is_renewed_and_its_click_stays(bar, person):
    environ, file = person(bar)
    asked(bar, environ, click="page")
    page = file.read_text()
    file.write_text(page.replace(command(), "/old/bin/codingplan-bar"))
    assert asked(bar, environ) == 0
    assert file.read_text() == page


@each
def test_a_click_of_the_users_own_stays_and_is_reported(bar, person, capfd):
    environ, file = person(bar)
    asked(bar, environ)
    mine = file.read_text().replace(f"{command()} open", "my-own-thing")
    file.write_text(mine)
    assert asked(bar, environ, click="page") == 1
    assert "You have changed what a click does" in capfd.readouterr().err
    assert file.read_text() == mine


@each
def test_the_dry_run_shows_the_click_that_would_be_written(bar, person, capfd):
    environ, file = person(bar)
    assert setup(bar, write=False, undo=False, environ=environ, click="page") == 0
    assert f"{command()} status --window" in capfd.readouterr().out
    assert file.read_text() == BEFORE[bar][1]


def test_a_command_of_the_users_own_elsewhere_in_the_file_is_not_touched(person):
    environ, file = person("waybar")
    own = {"modules-right": ["clock"], "clock": {"on-click": "codingplan-bar open"}}
    file.write_text(json.dumps(own))
    asked("waybar", environ, click="page")
    assert '"clock": {"on-click": "codingplan-bar open"}' in file.read_text()


def test_without_a_terminal_nothing_is_changed_and_the_reason_is_told(person, capfd):
    environ, file = person("waybar", terminal=False)
    assert asked("waybar", environ, click="page") == 1
    assert "No terminal emulator was found" in capfd.readouterr().err
    assert file.read_text() == BEFORE["waybar"][1]


def test_a_bar_without_a_click_of_its_own_refuses_it(tmp_path, person, capfd, programs):
    environ, _ = person("waybar")
    (tmp_path / ".tmux.conf").write_text("set -g mouse on\n")
    assert asked("tmux", environ, click="page") == 1
    assert "--click is for waybar" in capfd.readouterr().err
    assert (tmp_path / ".tmux.conf").read_text() == "set -g mouse on\n"
