"""The quick ways: a bar's line at once from what is stored, and which modules a command does not import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest
from support.console import moods
from support.sitecustomize import driven

from codingplan_bar import storage
from codingplan_bar.bars import BARS
from codingplan_bar.refresh import schedule

ASKED_FOR_BY_A_REFRESH = {
    "codingplan_bar.refresh.ask",
    "codingplan_bar.refresh.session",
    "codingplan_bar.browsers.search",
    "codingplan_bar.browsers.stores",
    "codingplan_bar.provider.web",
    "codingplan_bar.commands.refresh",
    "jsonschema",
    "requests",
}
SCRIPT = "import sys; from codingplan_bar.run import run; run(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
COMMANDS = [
    ["setup"],
    ["setup", "tmux"],
    ["setup", "tmux", "--write"],
    ["history"],
    ["history", "--json"],
    ["open"],
    ["preview", "--demo"],
]
WITH_NUMBERS = [["preview"], ["guard"], ["status"]]
OF_STATUS = {
    *("run", "commands.table", "commands.output", "commands.status", "plans", "environment"),
    *("text", "words", "words.en", "facts", "paths", "bars"),
    *("bars.tooltip", "bars.view", "bars.row", "bars.phrases", "bars.template", "bars.tones", "bars.plan"),
}
"""What stored numbers are shown with: all that `status` may import of ours where nothing is to be asked or said."""
DEAR = {"click", "dataclasses", "inspect", "pathlib", "requests", "jsonschema", "sqlite3", "tomllib", "urllib"}
"""What costs as much as Python's own start, or half of it."""


def imported(home, *command):
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *command], check=False, env=environ, capture_output=True, text=True, timeout=60
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_that_needs_one_setting_builds_no_refresh(tmp_path, programs, command):
    modules = imported(tmp_path, *command)
    assert "codingplan_bar.settings.settings" in modules
    assert modules & ASKED_FOR_BY_A_REFRESH == set()


@pytest.mark.parametrize("command", WITH_NUMBERS, ids=" ".join)
def test_a_command_that_shows_fresh_numbers_builds_no_refresh(visitor, programs, command):
    visitor.run("fetch")
    visitor.run("text")
    modules = imported(visitor.home, *command)
    assert "codingplan_bar.bars.view" in modules
    assert modules & ASKED_FOR_BY_A_REFRESH == set()


def test_status_of_fresh_numbers_imports_what_draws_them_and_nothing_else(visitor, programs):
    visitor.run("fetch")
    visitor.run("status")
    modules = imported(visitor.home, "status")
    ours = {module.removeprefix("codingplan_bar.") for module in modules if module.startswith("codingplan_bar.")}
    assert ours - {"commands"} <= OF_STATUS
    assert "bars.tooltip" in ours
    assert modules & DEAR == set()


# The bars' commands as they are installed: a line at once from what is stored, and never blank.


def test_each_bar_prints_what_is_stored_and_asks_nobody(visitor, console):
    document = visitor.run("fetch").document
    console.forget()
    for bar in BARS:
        done = visitor.run(bar)
        assert (done.code, done.err) == (0, "")
        assert "21%" in done.out
    assert json.loads(done.out)["snapshot"] == document  # the last one is `json`
    assert not console.requests


def test_both_roads_print_the_same(visitor):
    visitor.run("fetch")
    visitor.environ |= driven(visitor.home / "clock", at=time.time() + 1)
    for bar in ("waybar", "json"):
        warm = visitor.run(bar)
        (visitor.cache / "bar.txt").unlink()  # the warm road's own file, which the cold one makes again
        assert warm.out == visitor.run(bar).out


def test_with_nothing_stored_the_provider_is_asked_first(visitor):
    done = visitor.run("waybar")
    assert (done.code, done.err) == (0, "")
    assert "21%" in done.out


@pytest.mark.parametrize(
    ("bar", "trouble"), [("waybar", "nothing to ask with"), ("polybar", "settings"), ("xbar", "refused")]
)
def test_no_trouble_makes_a_bar_blank_or_fail_or_write_to_stderr(visitor, console, bar, trouble):
    if trouble == "settings":
        visitor.configure("region = 5")
    if trouble == "refused":
        console.answer_quota = moods.not_authorised()
    done = visitor.run(bar, env={"ALIBABA_CODING_PLAN_COOKIE": None} if trouble == "nothing to ask with" else {})
    assert (done.code, done.err) == (0, "")
    assert done.out.strip()


def test_refresh_prints_nothing_and_two_within_five_seconds_are_one(visitor, console):
    first = visitor.run("refresh")
    assert (first.code, first.out, first.err) == (0, "", "")
    console.forget()
    second = visitor.run("refresh")
    assert (second.code, second.out) == (0, "")
    assert "a moment ago" in second.err
    assert not console.requests


def test_a_refresh_by_a_click_ends_well_though_it_brings_nothing(visitor, console):
    console.answer_quota = moods.not_authorised()
    assert visitor.run("refresh", "--click").code == 0
    assert console.requests


def test_the_asking_survives_its_bar(visitor, console):
    """A status line may kill its command after a third of a second."""
    console.answer_quota = moods.slow(moods.counters(weekly=(9, 10)), seconds=1)
    with visitor.start("waybar") as process:
        while not console.requests and process.poll() is None:
            time.sleep(0.01)
        process.kill()
    end = time.monotonic() + 20
    while not (visitor.cache / "snapshot.json").exists() and time.monotonic() < end:
        time.sleep(0.05)
    console.forget()
    assert "90%" in visitor.run("tmux").out
    assert not console.requests


@pytest.mark.parametrize(("language", "word"), [("en", "not asked yet"), ("zh", "尚未查询")])
@pytest.mark.parametrize("bar", BARS)
def test_that_nobody_has_asked_yet_is_a_word_of_its_own_in_each_bar(visitor, console, bar, language, word):
    """Whoever asked was killed with this machine, so that nothing is known and it is not yet time to ask again."""
    begun = schedule.Waiting().begun(time.time())
    storage.replace(visitor.state / "waiting.json", schedule.dumps(begun))
    done = visitor.run(bar, env={"CODINGPLAN_BAR_LANGUAGE": language})
    assert word in done.out
    assert not any(wrong in done.out for wrong in ("offline", "连接失败", "x not", "❌"))
    assert not console.requests
