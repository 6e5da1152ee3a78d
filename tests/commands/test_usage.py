"""How the command line is read: help for whoever looks around, one line with the fix for whoever errs."""

from __future__ import annotations

import pytest

from codingplan_bar import __version__
from codingplan_bar.cli import main, run
from codingplan_bar.show import BARS

COMMANDS = ["demo", "fetch", "open", "refresh", "status"]


@pytest.mark.parametrize("arguments", [[], ["-h"], ["--help"]])
def test_help_is_for_whoever_looks_around(capfd, arguments):
    assert run(arguments) == 0
    out, err = capfd.readouterr()
    assert not err
    assert all(f"  {command} " in out for command in COMMANDS)
    assert all(bar in out for bar in BARS)


def test_the_help_says_how_the_shell_completes(capfd):
    run(["-h"])
    assert "_CODINGPLAN_BAR_COMPLETE=zsh_source codingplan-bar" in capfd.readouterr().out


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_has_help_of_its_own(capfd, command):
    assert run([command, "-h"]) == 0
    assert f"Usage: codingplan-bar {command}" in capfd.readouterr().out


def test_every_name_of_a_bar_is_a_command():
    assert set(BARS) < set(main.commands)


def test_the_version_is_that_of_the_package(capfd):
    assert run(["--version"]) == 0
    assert capfd.readouterr().out == f"codingplan-bar {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "fix"),
    [
        (["fecth"], "See: codingplan-bar --help"),
        (["--nope"], "See: codingplan-bar --help"),
        (["fetch", "--regoin=cn"], "--region"),
        (["fetch", "--region", "us"], "'intl', 'cn'"),
        (["fetch", "--source", "browser"], "'auto', 'web', 'api', 'cli'"),
        (["fetch", "--region"], "requires an argument. See: codingplan-bar --help"),
        (["fetch", "now"], "See: codingplan-bar fetch --help"),
        (["demo", "wayber"], "'waybar'"),
        (["waybar", "--whatch"], "--watch"),
        (["\x1b[31m\udcff"], "See: codingplan-bar --help"),
    ],
)
def test_an_error_of_use_is_one_line_on_stderr_with_the_fix_in_it(capfd, arguments, fix):
    assert run(arguments) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("codingplan-bar: ")
    assert fix in err
    assert err.rstrip("\n").isprintable()


def test_the_shell_gets_its_completion_script_and_its_completions(user):
    script = user.run(env={"_CODINGPLAN_BAR_COMPLETE": "zsh_source"})
    assert script.code == 0
    assert script.out.startswith("#compdef codingplan-bar")
    asked = {"_CODINGPLAN_BAR_COMPLETE": "zsh_complete", "COMP_WORDS": "codingplan-bar demo way", "COMP_CWORD": "2"}
    assert "waybar" in user.run(env=asked).out
