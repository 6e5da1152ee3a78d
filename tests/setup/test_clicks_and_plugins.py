"""What a click does where `setup --click` is asked for it, and the plugin files that it makes for the menu bars."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from codingplan_bar.commands.setup import setup
from codingplan_bar.configure import tmux
from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.machine import Machine
from codingplan_bar.configure.panels import i3blocks
from codingplan_bar.configure.panels.i3status_rust_starship import i3status_rust
from codingplan_bar.configure.plugin_scripts import NAME, argos, is_ours, plugin, swiftbar, xbar
from codingplan_bar.resources import command, shipped_folder
from codingplan_bar.settings.settings import load

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


# The plugin files that setup makes for SwiftBar, xbar and Argos: whole, runnable, and known again as ours.


BARS = ("swiftbar", "xbar", "argos")
GUI = {"PATH": "/usr/bin:/bin"}
"""What a program that was started by the desktop has for a PATH."""


@pytest.mark.parametrize("bar", BARS)
def test_it_has_the_title_and_settings_of_the_shipped_one(bar):
    shipped = (shipped_folder() / bar / NAME).read_text("utf-8")
    titles = re.findall(r"^# <.*>$", shipped, re.MULTILINE)
    assert re.findall(r"^# <.*>$", plugin(bar, "/x"), re.MULTILINE) == titles
    assert bool(titles) == (bar != "argos")


@pytest.mark.parametrize("name", ["codingplan-bar", "it's a $plan", 'a "b" \\c'])
@pytest.mark.parametrize("bar", BARS)
def test_it_runs_the_command_at_its_own_place_with_no_path_at_all(bar, name, tmp_path, programs):
    command = tmp_path / name
    command.write_text('#!/bin/sh\necho "ran $*"\n')
    command.chmod(0o755)
    assert run(tmp_path, plugin(bar, str(command))) == f"ran {bar}\n"


CHOICES = re.compile(r'<xbar\.var>select\(VAR_(\w+)="config\.toml"\): [^\[]+ \[config\.toml, ([^\]]+)\]</xbar\.var>')


@pytest.mark.parametrize("bar", ["swiftbar", "xbar"])
def test_the_form_of_a_menu_bar_offers_settings_that_there_are_and_they_hold_for_its_command(bar, tmp_path, programs):
    command = tmp_path / "codingplan-bar"
    command.write_text('#!/bin/sh\nenv | sort | grep "^CODINGPLAN_BAR_"; exit 0\n')
    command.chmod(0o755)
    text = plugin(bar, str(command))
    form = {name: choices.split(", ") for name, choices in CHOICES.findall(text)}
    assert list(form) == ["FORMAT", "SHOW", "ICONS", "LANGUAGE"]
    for name, choices in form.items():
        for choice in choices:
            assert load("", {f"CODINGPLAN_BAR_{name}": choice}).faults == ()
            said = run(tmp_path, text, variables={f"VAR_{name}": choice, "VAR_OTHER": "x"})
            assert said == f"CODINGPLAN_BAR_{name}={choice}\n"
    assert run(tmp_path, text, variables={f"VAR_{name}": "config.toml" for name in form}) == ""


@pytest.mark.parametrize("bar", BARS)
def test_where_the_command_has_gone_the_menu_says_what_to_do(bar, tmp_path, programs):
    said = run(tmp_path, plugin(bar, str(tmp_path / "gone")))
    assert said.startswith("Coding Plan?\n---\n")
    assert f"codingplan-bar setup {bar} --write" in said


COUNTS = """#!/bin/sh
[ "$1" = --version ] && exit 0
echo started
times="${0%/*}/times"
[ -e "$times" ] && exit 0
touch "$times"
kill -KILL $$
"""
"""A command that is killed the first time, and ends in good order the second."""


def run(folder: Path, text: str, *, stderr: str | None = "", variables: Mapping[str, str] | None = None) -> str:
    """What the plugin prints, started by its name alone."""
    file = folder / NAME
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)
    done = subprocess.run([file], env={**GUI, **(variables or {})}, capture_output=True, text=True, check=True)
    assert stderr is None or done.stderr == stderr
    return done.stdout


@pytest.mark.parametrize("bar", BARS)
def test_it_is_ours_whichever_command_it_runs_until_somebody_changes_it(bar):
    text = plugin(bar, "/usr/local/bin/codingplan-bar")
    assert is_ours(text)
    assert is_ours(plugin(bar, "/elsewhere"))
    for other in (text + "\n", text[:-1], text.replace("#!/bin/sh", "#!/bin/bash"), text.replace("/usr/local", ""), ""):
        assert not is_ours(other)
    assert not is_ours((shipped_folder() / bar / NAME).read_text("utf-8"))


def test_undoing_takes_our_file_alone_and_writing_never_takes_anothers_place():
    text = swiftbar.changed("", "/x")
    assert swiftbar.changed(text, "/y") == plugin("swiftbar", "/y")
    assert swiftbar.taken(text) == swiftbar.taken("") == ""
    for change in (swiftbar.taken, lambda text: swiftbar.changed(text, "/x")):
        with pytest.raises(LeftAlone, match="not ours"):
            change(text + "echo mine\n")


@pytest.mark.parametrize(
    ("bar", "folder"), [(xbar, "Library/Application Support/xbar/plugins"), (argos, ".config/argos")]
)
def test_each_bar_has_its_folder_where_it_has_been_run_before(bar, folder, tmp_path):
    machine = Machine({"HOME": str(tmp_path)})
    assert bar.place(machine) is None
    (tmp_path / folder).mkdir(parents=True)
    assert bar.place(machine) == tmp_path / folder / "codingplan.1m.sh"


def test_a_plugin_that_its_user_has_renamed_for_another_interval_is_still_the_one(tmp_path):
    folder = tmp_path / ".config/argos"
    folder.mkdir(parents=True)
    (folder / "codingplan.1h.sh").write_text("#!/bin/sh\necho somebody else's\n")
    (folder / "2-codingplan.r.5m.sh").write_text(plugin("argos", "/x"))
    assert argos.place(Machine({"HOME": str(tmp_path)})) == folder / "2-codingplan.r.5m.sh"


def test_a_plugin_by_any_name_is_found_where_the_bar_looks_and_nowhere_else(tmp_path):
    folder = tmp_path / ".config/argos"
    answers = {("defaults", "read", "com.ameba.SwiftBar", "PluginDirectory"): str(folder)}
    machine = Machine({"HOME": str(tmp_path)}, lambda command: answers[tuple(command)])
    seen = {"quota.1m": (argos, swiftbar), ".quota.1m.sh": (), "a/b.sh": (swiftbar,)}
    for name, readers in seen.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(plugin("argos", "/x"))
        for bar in (argos, swiftbar):
            assert bar.place(machine) == folder / (name if bar in readers else "codingplan.1m.sh")
        (folder / name).unlink()


@pytest.mark.parametrize(
    ("said", "file"),
    [
        ("/Users/me/My Plugins\n", "/Users/me/My Plugins/codingplan.1m.sh"),
        ("~/Bar\n", "HOME/Bar/codingplan.1m.sh"),
        ("relative\n", None),
        ("\n", None),
        (None, None),
    ],
)
def test_swiftbar_says_which_folder_its_user_has_chosen(said, file, tmp_path):
    answers = {("defaults", "read", "com.ameba.SwiftBar", "PluginDirectory"): said}
    found = swiftbar.place(Machine({"HOME": str(tmp_path)}, lambda command: answers[tuple(command)]))
    assert (str(found) if found else None) == (file.replace("HOME", str(tmp_path)) if file else None)


@pytest.mark.parametrize("bar", [swiftbar, xbar, argos, tmux, i3status_rust, i3blocks])
def test_a_path_that_would_end_a_line_is_written_nowhere(bar):
    with pytest.raises(LeftAlone, match="command"):
        bar.changed("", "/a\nrun-shell x/codingplan-bar")


@pytest.mark.parametrize("bar", BARS)
def test_where_the_python_of_the_command_has_gone_the_menu_says_so(bar, tmp_path, programs):
    command = tmp_path / "codingplan-bar"
    command.write_text(f"#!{tmp_path}/gone/python3\n")
    command.chmod(0o755)
    shipped = (shipped_folder() / bar / NAME).read_text("utf-8").replace("$HOME/.local/bin", str(tmp_path))
    for text in (plugin(bar, str(command)), shipped):
        said = run(tmp_path, text, stderr=None)
        assert said.startswith("Coding Plan?\n---\n")
        assert "Python" in said
        assert all(row.endswith(" | refresh=true") for row in said.splitlines()[2:])  # without it a row is grey


def test_a_stream_that_was_killed_comes_back_and_one_that_has_ended_does_not(tmp_path, programs):
    (tmp_path / "codingplan-bar").write_text(COUNTS)
    (tmp_path / "sleep").write_text("#!/bin/sh\n")
    for program in ("codingplan-bar", "sleep"):
        (tmp_path / program).chmod(0o755)
    stream = (shipped_folder() / "swiftbar/codingplan-stream.sh").read_text("utf-8")
    said = run(tmp_path, stream.replace("$HOME/.local/bin", str(tmp_path)), stderr=None)
    assert said.split() == ["started", "started"]
    config = (shipped_folder() / "i3blocks/codingplan.conf").read_text("utf-8")
    command = re.search(r"^command=(.*)$", config, re.MULTILINE)[1]
    (tmp_path / "times").unlink()
    done = subprocess.run(
        ["sh", "-c", command], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["started", "started"]
