"""A command that is stopped at any moment says nothing of its insides, and leaves nothing half done behind."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from itertools import product

import pytest
from support.console import moods
from support.hostile import sample
from support.sitecustomize import driven

from codingplan_bar.bars import BARS

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGKILL")
STOPPED = ("fetch", "refresh", "status", "doctor", "waybar", "json", "guard", "history", "preview", "setup")
MOMENTS = (0.02, 0.1, 0.3, 0.5)
"""Seconds after its start."""
WHOLE = [*product(SIGNALS, STOPPED, MOMENTS)]
PATIENCE = (0.3, 0.5, 5.0)
SHORT_OF_PATIENCE = [*product(BARS, PATIENCE)]
ONE_SHOT = (
    "fetch",
    "refresh",
    "refresh --background",
    "status",
    "doctor",
    "guard",
    "history",
    "copy",
    "preview waybar",
)
NOTHING_STORED = [*product(ONE_SHOT, PATIENCE)]


def stopped(household, moment, number, *arguments):
    """What a command printed on stderr until a signal came at that moment."""
    with household.start(*arguments) as process:
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
        return process.communicate(timeout=60)[1].decode()


@pytest.mark.parametrize(("name", "command", "moment"), sample(WHOLE, 37))
def test_a_signal_at_any_moment_leaves_no_traceback_of_ours_and_only_whole_files(household, name, command, moment):
    said = stopped(household, moment, getattr(signal, name), command)
    assert "codingplan_bar/" not in said  # a traceback through our code; Python's own start may show one of its own
    folders = (household.home / ".cache/codingplan-bar", household.home / ".local/state/codingplan-bar")
    for file in (each for folder in folders for each in folder.glob("*.json")):
        json.loads(file.read_text())
    assert printed(household, "text").strip()


@pytest.mark.parametrize(("bar", "patience"), sample(SHORT_OF_PATIENCE, 16))
def test_a_bar_that_stops_its_command_has_the_numbers_once_they_are_there(household, bar, patience):
    household.console.answer_quota = moods.slow(moods.counters(weekly=(9, 10)), seconds=1)
    stopped(household, patience, signal.SIGKILL, bar)
    end = time.monotonic() + 60
    while not (household.home / ".cache/codingplan-bar/snapshot.json").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert "90%" in household.run("text").out


@pytest.mark.parametrize(("command", "patience"), sample(NOTHING_STORED, 7))
def test_a_command_that_is_stopped_with_nothing_stored_leaves_no_bar_offline(household, command, patience):
    """The first word of a bar is then that nothing was asked yet, and its own question brings the numbers."""
    household.console.answer_quota = moods.slow(moods.counters(weekly=(9, 10)), seconds=1)
    stopped(household, patience, signal.SIGKILL, *command.split())
    household.console.answer_quota = moods.counters(weekly=(9, 10))
    said = printed(household, "text")
    assert "90%" in said or "not asked yet" in said
    household.run("text", environ=later(household))  # it shows what it has, and starts the question that was due
    assert "90%" in household.run("text", environ=later(household)).out
    assert [file.name for file in household.home.rglob("*.tmp")] == []


def printed(household, *arguments):
    """What a command prints. `run` would wait for the marker of a killed question, which nobody removes."""
    with household.start(*arguments) as process:
        return process.communicate(timeout=60)[0].decode()


def later(household):
    """A minute is over, for which a killed question is taken to be under way."""
    return driven(household.folder / "clock", shifted=61)
