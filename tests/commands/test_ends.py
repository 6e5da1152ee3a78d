"""How a command ends that fails by itself, of which nothing secret is told, or that Ctrl-C ends at any moment."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from codingplan_bar import environment
from codingplan_bar.commands import document
from codingplan_bar.errors import InternalError, StorageFailure
from codingplan_bar.model import Attempt, Plan, Problem, Snapshot, Window

SECRET = "login_aliyunid_ticket=made-up"


@pytest.fixture
def unforeseen():
    """Something that a function of this package was never meant to be given."""
    with pytest.raises(AttributeError) as caught:
        environment.matters(_Odd())
    return caught.value


class _Odd:
    @property
    def startswith(self):
        raise AttributeError(SECRET)


def test_a_person_reads_its_kind_and_place_and_no_more(capfd, unforeseen):
    assert document.report(unforeseen, ["status"]) == 1
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("codingplan-bar: Unexpected AttributeError in environment.py:")
    assert SECRET not in err


@pytest.mark.parametrize("pretty", [[], ["--pretty"]])
def test_a_script_reads_a_document_that_meets_the_schema(capfd, unforeseen, pretty):
    assert document.report(unforeseen, ["fetch", *pretty]) == 1
    out, err = capfd.readouterr()
    assert (json.loads(out)["error"]["code"], err) == ("internal", "")
    assert (out.count("\n") > 1) == bool(pretty)


def test_a_bar_shows_an_error_and_its_command_does_not_fail(capfd, unforeseen):
    assert document.report(unforeseen, ["waybar"]) == 0
    out, err = capfd.readouterr()
    assert (json.loads(out)["alt"], err) == ("error", "")


def test_an_error_of_ours_keeps_its_words(capfd):
    assert document.report(StorageFailure("Cannot write.", hint="Free\nsome space."), ["refresh"]) == 1
    assert capfd.readouterr().err == "codingplan-bar: Cannot write. Free some space.\n"


def test_what_came_from_nowhere_in_the_package_is_told_as_well():
    assert document.place(ValueError()) == "the program"
    assert isinstance(document.as_ours(ValueError(SECRET)), InternalError)
    assert SECRET not in str(document.as_ours(ValueError(SECRET)))


def test_a_snapshot_that_does_not_meet_the_schema_is_never_printed(capfd):
    wrong = Snapshot(1, "https://a.example/", "web", "intl", Plan("a\nb"), (Window("weekly", 1, 2),))
    assert document.put(wrong, pretty=False) == 1
    printed = json.loads(capfd.readouterr().out)
    assert printed["error"]["code"] == "internal"
    assert "$.plan" in printed["error"]["message"]


@pytest.mark.parametrize(
    ("latest", "code"),
    [
        (Snapshot(1, "", error=Problem("network", "")), 1),
        (Snapshot(1, "", "web", "intl", Plan("Pro"), attempts=(Attempt("web", "intl", "ok"),)), 0),
    ],
)
def test_only_a_plan_is_a_success(latest, code):
    assert document.exit_code(latest) == code


INTERRUPTED = 130
SCRIPT = Path(sysconfig.get_path("scripts")) / "codingplan-bar"
MOMENTS = 14
STRUCK = """
import os, runpy, signal, sys

left, sys.argv = int(sys.argv[1]) + 1, sys.argv[2:]  # the first step is this program's own

def strike(event, arguments):
    global left
    if left and event in {"import", "open", "compile", "exec", "os.listdir", "marshal.loads"}:
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGINT)

script = compile(open(sys.argv[0]).read(), sys.argv[0], "exec")
sys.addaudithook(strike)
exec(script, {"__name__": "__main__"})
"""
COMMANDS = (["--version"], ["status"], ["text"], ["waybar"], ["fetch"], ["doctor"], ["history"], ["no-such-command"])


def struck(user, moment, *command):
    """The command, with an interrupt before the step of that number, counted from the script's first line on."""
    program = [sys.executable, "-c", STRUCK, str(moment), str(SCRIPT), *command]
    return subprocess.run(program, env=user.environ, capture_output=True, check=False, timeout=60, text=True)


def moments():
    """The first ones of all, then some at random, fewer and fewer steps from the beginning."""
    return [*range(1, 6), *(random.randrange(6, highest) for highest in range(1200, 1200 // MOMENTS, -1200 // MOMENTS))]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_an_interrupt_at_any_step_ends_it_without_a_word(user, command):
    endings = []
    for moment in moments():
        done = struck(user, moment, *command)
        assert "Traceback" not in done.stderr, f"step {moment}"
        assert "KeyboardInterrupt" not in done.stderr
        interrupted = done.returncode in {-signal.SIGINT, INTERRUPTED}
        assert not interrupted or done.stderr.strip() == ""
        endings.append(interrupted)
    assert all(endings[:5])


LINE_BY_LINE = """
import os, signal, sys

left, sys.argv = int(sys.argv[1]), sys.argv[2:]

def strike(frame, event, _):
    global left
    if frame.f_code.co_filename == sys.argv[0] and event == "line":
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGINT)
    return strike

script = compile(open(sys.argv[0]).read(), sys.argv[0], "exec")
sys.settrace(strike)
exec(script, {"__name__": "__main__"})
"""


@pytest.mark.parametrize("line", range(4, 9))
def test_three_lines_after_pythons_own_start_an_interrupt_has_no_traceback(user, line):
    """Python's own start, some 15 ms before the script's first line, prints one, and no program can keep it from it."""
    program = [sys.executable, "-c", LINE_BY_LINE, str(line), str(SCRIPT), "--version"]
    done = subprocess.run(program, env=user.environ, capture_output=True, check=False, timeout=60, text=True)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


def test_who_is_told_to_ignore_it_goes_on(user):
    """As a job in the background of a shell is."""
    program = f"import signal, os; signal.signal(2, signal.SIG_IGN); {STRUCK}"
    command = [sys.executable, "-c", program, "5", str(SCRIPT), "--version"]
    done = subprocess.run(command, env=user.environ, capture_output=True, check=True, timeout=60, text=True)
    assert done.stdout.startswith("codingplan-bar ")
