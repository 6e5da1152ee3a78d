"""The machine's faults: whatever is missing, full or wrong, a bar has its line, and a person words and an exit code."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.sitecustomize import driven

from codingplan_bar.bars import BARS

HERE = Path(__file__).parent
CLOCKS = {"1970": -time.time() + 1000, "2100": 2_366_841_600, "a day back": -86_400, "a year on": 366 * 86_400}
COMMANDS = [("fetch",), ("status",), ("refresh",), *((bar,) for bar in BARS)]


def is_in_order(household, arguments, **more):
    """Run it: nothing is said by Python itself, and a bar prints and ends well."""
    done = household.run(*arguments, **more)
    assert "Traceback" not in done.out + done.err
    assert "Error" not in done.err
    if arguments[0] in BARS:
        assert done.code == 0
        assert done.out.strip()
    if arguments[0] in {"waybar", "i3status-rust", "json", "fetch"}:
        json.loads(done.out)
    return done


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("stored", [True, False], ids=["with numbers", "with nothing"])
def test_a_clock_that_is_wrong_stops_nobody(household, clock, stored):
    if stored:
        household.run("fetch")
    for arguments in (("waybar",), ("tmux",), ("status",), ("fetch",), ("waybar",)):
        is_in_order(household, arguments, environ=driven(household.folder / "clock", shifted=CLOCKS[clock]))
    done = is_in_order(household, ("waybar",))
    assert json.loads(done.out)["text"]


def test_numbers_of_the_future_are_not_shown_as_new(household):
    """A clock that went back: nobody knows how old they are, and that is said."""
    household.run("fetch")
    household.environ["HTTPS_PROXY"] = household.environ["https_proxy"] = "http://127.0.0.1:1"
    done = household.run("waybar", environ=driven(household.folder / "clock", shifted=-86_400))
    assert json.loads(done.out)["alt"] == "stale"


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_thirty_two_files_are_enough(household, arguments):
    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))

    assert is_in_order(household, arguments, preexec_fn=few).code == 0


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_folder_for_temporary_files_is_needed(household, arguments):
    assert is_in_order(household, arguments, environ={"TMPDIR": "/proc/nowhere", "TEMP": "", "TMP": ""}).code == 0


@pytest.mark.parametrize("locale", ["C", "POSIX", "xx_YY.nonsense", ""])
def test_no_locale_is_needed(household, locale):
    none = {"LANG": locale, "LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for arguments in (("fetch",), ("status",), ("waybar",), ("ansi",)):
        assert is_in_order(household, arguments, environ=none).code == 0


@pytest.mark.parametrize("place", ["XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"])
@pytest.mark.parametrize("kind", ["a file", "nowhere", "a loop of links", "gone while it runs"])
def test_a_folder_that_is_not_to_be_had_stops_nobody(household, place, kind):
    folder = household.folder / "place"
    if kind == "a file":
        folder.write_text("")
    elif kind == "nowhere":
        folder = Path("/proc/nowhere")
    elif kind == "a loop of links":
        folder.symlink_to(folder)
    for arguments in (("fetch",), ("waybar",), ("status",)):
        is_in_order(household, arguments, environ={place: str(folder)})
        if kind == "gone while it runs":
            shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("flags", [["-O"], ["-OO"], ["-I"], ["-X", "utf8=0"]], ids=" ".join)
def test_pythons_own_switches_change_nothing(household, flags):
    for arguments in (("fetch",), ("waybar",)):
        command = [sys.executable, *flags, "-m", "codingplan_bar", *arguments]
        done = subprocess.run(command, env=household.environ, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)


def test_two_versions_side_by_side_leave_each_other_alone(household):
    """A newer one has stored what this one does not know: its file stays, and this one's bar says what to do."""
    household.run("fetch")
    stored = household.home / ".cache/codingplan-bar/snapshot.json"
    newer = json.dumps(json.loads(stored.read_text()) | {"schema_version": 99, "more": 1})
    stored.write_text(newer)
    for _ in range(3):
        assert "pdate" in is_in_order(household, ("waybar",)).out
        is_in_order(household, ("refresh",))
    assert stored.read_text() == newer


@pytest.mark.parametrize("stream", [0, 1, 2])
@pytest.mark.parametrize("arguments", [("fetch",), ("waybar",), ("status",)], ids=" ".join)
def test_a_stream_that_is_closed_lets_nothing_be_written_into_a_file_of_ours(household, stream, arguments):
    household.run(*arguments, preexec_fn=lambda: os.close(stream))
    for path in (household.home / ".cache/codingplan-bar").glob("*.json"):
        json.loads(path.read_text())
