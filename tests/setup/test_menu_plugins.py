"""The plugin files that setup makes for SwiftBar, xbar and Argos: whole, runnable, and known again as ours."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from codingplan_bar.commands import integrations
from codingplan_bar.commands.setup.bars import argos, i3blocks, i3status_rust, swiftbar, tmux, xbar
from codingplan_bar.commands.setup.bars.closing_block import LeftAlone
from codingplan_bar.commands.setup.bars.machine import Machine
from codingplan_bar.commands.setup.bars.plugin_file import NAME, is_ours, plugin

BARS = ("swiftbar", "xbar", "argos")
GUI = {"PATH": "/usr/bin:/bin"}
"""What a program that was started by the desktop has for a PATH."""


@pytest.mark.parametrize("bar", BARS)
def test_it_has_the_title_and_settings_of_the_shipped_one(bar):
    shipped = (integrations.folder() / bar / NAME).read_text("utf-8")
    titles = re.findall(r"^# <.*>$", shipped, re.MULTILINE)
    assert re.findall(r"^# <.*>$", plugin(bar, "/x"), re.MULTILINE) == titles
    assert bool(titles) == (bar != "argos")


@pytest.mark.parametrize("name", ["codingplan-bar", "it's a $plan", 'a "b" \\c'])
@pytest.mark.parametrize("bar", BARS)
def test_it_runs_the_command_at_its_own_place_with_no_path_at_all(bar, name, tmp_path):
    command = tmp_path / name
    command.write_text('#!/bin/sh\necho "ran $*"\n')
    command.chmod(0o755)
    assert run(tmp_path, plugin(bar, str(command))) == f"ran {bar}\n"


@pytest.mark.parametrize("bar", BARS)
def test_where_the_command_has_gone_the_menu_says_what_to_do(bar, tmp_path):
    said = run(tmp_path, plugin(bar, str(tmp_path / "gone")))
    assert said.startswith("Coding Plan?\n---\n")
    assert f"codingplan-bar setup {bar} --write" in said


def run(folder: Path, text: str) -> str:
    """What the plugin prints, started by its name alone."""
    file = folder / NAME
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)
    done = subprocess.run([file], env=GUI, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("bar", BARS)
def test_it_is_ours_whichever_command_it_runs_until_somebody_changes_it(bar):
    text = plugin(bar, "/usr/local/bin/codingplan-bar")
    assert is_ours(text)
    assert is_ours(plugin(bar, "/elsewhere"))
    for other in (text + "\n", text[:-1], text.replace("#!/bin/sh", "#!/bin/bash"), text.replace("/usr/local", ""), ""):
        assert not is_ours(other)
    assert not is_ours((integrations.folder() / bar / NAME).read_text("utf-8"))


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


@pytest.mark.parametrize(
    ("said", "file"),
    [
        ("/Users/me/My Plugins\n", "/Users/me/My Plugins/codingplan.1m.sh"),
        ("~/Bar\n", "/Users/me/Bar/codingplan.1m.sh"),
        ("relative\n", None),
        ("\n", None),
        (None, None),
    ],
)
def test_swiftbar_says_which_folder_its_user_has_chosen(said, file):
    answers = {("defaults", "read", "com.ameba.SwiftBar", "PluginDirectory"): said}
    found = swiftbar.place(Machine({"HOME": "/Users/me"}, lambda command: answers[tuple(command)]))
    assert (str(found) if found else None) == file


@pytest.mark.parametrize("bar", [swiftbar, xbar, argos, tmux, i3status_rust, i3blocks])
def test_a_path_that_would_end_a_line_is_written_nowhere(bar):
    with pytest.raises(LeftAlone, match="command"):
        bar.changed("", "/a\nrun-shell x/codingplan-bar")
