"""`guard` for scripts, and how a command ends that fails by itself or that Ctrl-C ends."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest
from support.console import answers, moods
from support.scenes import CREDITS, Scene, running_out, with_packs
from support.sitecustomize import driven

from codingplan_bar import environment
from codingplan_bar.commands import refresh
from codingplan_bar.commands.guard import guard
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.demo_provider import DAY, Usage
from codingplan_bar.dispatch import report
from codingplan_bar.errors import InternalError, StorageFailure, as_ours
from codingplan_bar.model import Attempt, Plan, Problem, Snapshot, Window
from codingplan_bar.refresh.refresh import ClientAnswer, Refresher

CALM = {"five_hour": (1, 100), "monthly": (1, 100)}


def used(percent):
    return moods.counters(weekly=(percent, 100), **CALM)


@pytest.mark.parametrize(
    ("percent", "arguments", "code"),
    [
        (50, (), 0),
        (90, (), 0),
        (91, (), 1),
        (91, ("--min-remaining", "5"), 0),
        (50, ("--min-remaining", "60"), 1),
        (91, ("--window", "five_hour"), 0),
        (91, ("--window", "weekly"), 1),
        (100, ("--min-remaining", "0"), 0),
    ],
)
def test_the_answer_is_the_exit_code(visitor, console, percent, arguments, code):
    console.answer_quota = used(percent)
    done = visitor.run("guard", *arguments)
    assert (done.code, done.out) == (code, "")
    assert bool(done.err) == bool(code)


@pytest.mark.parametrize("shown", ["five_hour", "weekly", "monthly,five_hour"])
@pytest.mark.parametrize(("arguments", "code"), [((), 1), (("--window", "weekly"), 1), (("--window", "monthly"), 0)])
def test_a_window_counts_whether_or_not_a_bar_shows_it(visitor, console, shown, arguments, code):
    console.answer_quota = used(100)
    done = visitor.run("guard", *arguments, env={"CODINGPLAN_BAR_WINDOWS": shown})
    assert (done.code, "not known" in done.err) == (code, False)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 69), (("--min-remaining", "95"), 1), (("--window", "five_hour"), 0), (("--window", "weekly"), 69)],
)
def test_a_window_that_could_not_be_read_may_have_nothing_left(visitor, console, arguments, code):
    quota = {"per5HourUsedQuota": 10, "per5HourTotalQuota": 100, "perWeekUsedQuota": "431次", "perWeekTotalQuota": 500}
    frame = {"instanceName": "Coding Plan Pro", "status": "VALID", "codingPlanQuotaInfo": quota}
    console.answer_quota = lambda request: answers.quota([frame], request.query.get("api", ""))
    done = visitor.run("guard", *arguments)
    assert (done.code, "not known" in done.err) == (code, code == 69)
    assert ("weekly" in done.err) == (code == 69)


@pytest.mark.parametrize("mood", [moods.signed_out(), moods.server_error(503)])
def test_what_is_not_known_is_69(visitor, console, mood):
    console.answer_quota = mood
    done = visitor.run("guard")
    assert done.code == 69
    assert "not known" in done.err


def ended(days, **usage):
    """The plan with all its counters, and an end so many days ago that its word says, or its date alone."""

    def answer(request):
        frame = Usage(**usage).instance(now=time.time()) | {"instanceEndTime": int(time.time() - days * DAY) * 1000}
        return answers.quota([frame], request.query.get("api", ""))

    return answer


@pytest.mark.parametrize(
    ("mood", "says"),
    [
        (moods.no_plan(), "This account has no Coding Plan, and no Token Plan was found."),
        (ended(2, status="EXPIRED"), "The plan ended on "),
        (ended(-2, status="STOPPED"), "The plan has ended."),
        (ended(2, status="FROZEN"), "The plan ended on "),
        (ended(2, status=""), "The plan ended on "),
    ],
)
def test_without_a_plan_or_with_one_that_has_ended_there_is_too_little_whatever_counters_stand_there(
    visitor, console, mood, says
):
    visitor.run("fetch")
    console.answer_quota = mood
    assert visitor.run("fetch").document["error"]["code"] == "no_plan"
    for arguments in ((), ("--window", "weekly"), ("--min-remaining", "0")):
        done = visitor.run("guard", *arguments)
        assert done.code == 1
        assert done.err.startswith(f"codingplan-bar: {says}")
    assert "%" not in visitor.run("text").out


def test_a_plan_that_ends_while_its_numbers_are_kept_is_too_little_from_then_on(visitor, console):
    ends = {"instanceEndTime": int(time.time() + 1_000) * 1000, "autoRenewFlag": False}
    frame = Usage().instance(now=time.time()) | ends
    console.answer_quota = lambda request: answers.quota([frame], request.query.get("api", ""))
    assert visitor.run("guard").code == 0
    console.answer_quota = moods.server_error(503)
    done = visitor.run("guard", env=driven(visitor.home / "clock", at=frame["instanceEndTime"] / 1000 + 1))
    assert (done.code, "The plan ended on " in done.err) == (1, True)


def test_a_failed_refresh_leaves_fresh_numbers_fresh_and_old_ones_are_not_known(visitor, console):
    console.answer_quota = used(5)
    visitor.run("guard")
    console.answer_quota = moods.server_error(503)
    visitor.run("fetch")
    assert visitor.run("guard").code == 0
    stored = visitor.cache / "snapshot.json"
    document = json.loads(stored.read_text())
    hour_ago = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3_600))
    stored.write_text(json.dumps({**document, "fetched_at": hour_ago}))
    assert visitor.run("guard").code == 69


@pytest.mark.parametrize(
    ("says", "arguments", "code"),
    [
        ("runs_out", (), 0),
        ("runs_out", ("--outlook",), 1),
        ("runs_out", ("--outlook", "--window", "monthly"), 0),
        ("lasts", ("--outlook",), 0),
        ("unknown", ("--outlook",), 0),
        ("lasts", ("--outlook", "--min-remaining", "99"), 1),
    ],
)
def test_the_forecast_counts_only_where_it_is_asked_for(visitor, console, says, arguments, code):
    console.answer_quota = used(20)
    visitor.run("fetch")
    kept = visitor.state / "rhythm.json"
    document = json.loads(kept.read_text())
    at, reset = document["accounts"][0]["at"], document["accounts"][0]["said"]["weekly"][5]
    times = [at + (reset - at) // 2, at + 5, reset] if says == "runs_out" else [None] * 3
    document["accounts"][0]["said"]["weekly"] = [says, *times, 0.9, reset, None]
    kept.write_text(json.dumps(document))
    visitor.facts.unlink()  # what a refresh makes of it is made again
    done = visitor.run("guard", *arguments)
    assert done.code == code
    assert ("runs out" in done.err) is (code == 1 and says == "runs_out")


@pytest.mark.parametrize(
    ("packs", "arguments", "code"),
    [
        ((13_250, CREDITS), (), 0),
        ((1, CREDITS), (), 0),
        ((0, CREDITS), (), 1),
        ((1, 0.95 * CREDITS), (), 0),
        ((0, 0.95 * CREDITS), (), 1),
        ((13_250, CREDITS), (("min_remaining", 60.0), ("window", "monthly")), 0),
        ((13_250, 0.4 * CREDITS), (("outlook", True),), 0),
        ((0, 0.4 * CREDITS), (("outlook", True),), 1),
    ],
)
def test_a_pack_that_is_left_is_enough(tmp_path, monkeypatch, capfd, packs, arguments, code):
    left, used = packs
    runs_out = running_out(int(time.time()) + DAY, "monthly")
    monkeypatch.setattr(Refresher, "_facts", lambda *_: Scene(fresh(with_packs(left, used=used)), past=runs_out).facts)
    environ = {"HOME": str(tmp_path)}
    store(environ, fresh(with_packs(left, used=used)))
    given = {"window": None, "min_remaining": None, **dict(arguments)}
    assert guard(**given, environ=environ) == code
    assert bool(capfd.readouterr().err) is bool(code)


def fresh(snapshot):
    """The same, a minute old, with its month as far from its end as before."""
    by = int(time.time()) - 60 - snapshot.fetched_at
    windows = tuple(window._replace(resets_at=window.resets_at + by) for window in snapshot.windows)
    return snapshot._replace(
        fetched_at=snapshot.fetched_at + by, windows=windows, plan=snapshot.plan._replace(expires_at=None)
    )


def store(environ, snapshot):
    """As a refresh keeps it."""
    refresher = open_refresher(environ)
    asker = refresher.asker._replace(ask=lambda _: ClientAnswer(snapshot))
    Refresher(refresher.files, asker).refresh("always")


def test_a_window_that_there_is_not_is_an_error_of_use(user):
    assert user.run("guard", "--window", "day").code == 2


def test_guard_says_what_is_left_and_what_is_wanted(visitor, console):
    console.answer_quota = used(68)
    for language, told in (("en", "Week: 32% left, 50% wanted"), ("zh", "每周：剩余 32%，要求 50%")):
        done = visitor.run("guard", "--min-remaining", "50", env={"CODINGPLAN_BAR_LANGUAGE": language})
        assert (done.code, done.err) == (1, f"codingplan-bar: {told}\n")


def test_a_window_that_the_server_does_not_count_is_said_to_be_that(visitor, console):
    console.answer_quota = moods.counters(five_hour=(0, 0))
    done = visitor.run("guard", "--window", "five_hour")
    told = "codingplan-bar: not known: the server sends no counter for the window five_hour.\n"
    assert (done.code, done.err) == (69, told)


# How a command ends that fails by itself, of which nothing secret is told, or that Ctrl-C ends at any moment.


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
    assert report(unforeseen, ["status"]) == 1
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("codingplan-bar: Unexpected AttributeError in environment.py:")
    assert SECRET not in err


@pytest.mark.parametrize("pretty", [[], ["--pretty"]])
def test_a_script_reads_a_document_that_meets_the_schema(capfd, unforeseen, pretty):
    assert report(unforeseen, ["fetch", *pretty]) == 1
    out, err = capfd.readouterr()
    assert (json.loads(out)["error"]["code"], err) == ("internal", "")
    assert (out.count("\n") > 1) == bool(pretty)


def test_a_bar_shows_an_error_and_its_command_does_not_fail(capfd, unforeseen):
    assert report(unforeseen, ["waybar"]) == 0
    out, err = capfd.readouterr()
    assert (json.loads(out)["alt"], err) == ("error", "")


def test_an_error_of_ours_keeps_its_words(capfd):
    assert report(StorageFailure("Cannot write.", hint="Free\nsome space."), ["refresh"]) == 1
    assert capfd.readouterr().err == "codingplan-bar: Cannot write. Free some space.\n"


def test_what_came_from_nowhere_in_the_package_is_told_as_well():
    assert as_ours(ValueError()).message == "Unexpected ValueError in the program."
    assert isinstance(as_ours(ValueError(SECRET)), InternalError)
    assert SECRET not in str(as_ours(ValueError(SECRET)))


def test_a_snapshot_that_does_not_meet_the_schema_is_never_printed(capfd):
    wrong = Snapshot(1, "https://a.example/", "web", "intl", Plan("a\nb"), (Window("weekly", 1, 2),))
    assert refresh.put(wrong, pretty=False) == 1
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
    assert refresh.exit_code(latest) == code


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
