"""What `setup` says where something is forgotten, or is not what it was taken for: the true cause, and what to type."""

from __future__ import annotations

import pytest

from codingplan_bar.commands import uninstall
from codingplan_bar.commands.setup import setup
from codingplan_bar.configure import bars
from codingplan_bar.configure.machine import Machine
from codingplan_bar.run import run


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
    monkeypatch.setattr(bars, "command", lambda: str(script))
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
