"""`guard` for scripts: the exit code is the answer, and what is not known is no yes."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from support.console import answers, moods
from support.scenes import CREDITS, Scene, running_out, with_packs
from support.sitecustomize import driven

from codingplan_bar.commands.guard import guard
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.demo import DAY, Usage
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
    (visitor.cache / "bar.txt").unlink()  # what a refresh makes of it is made again
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
    windows = tuple(replace(window, resets_at=window.resets_at + by) for window in snapshot.windows)
    return replace(
        snapshot, fetched_at=snapshot.fetched_at + by, windows=windows, plan=replace(snapshot.plan, expires_at=None)
    )


def store(environ, snapshot):
    """As a refresh keeps it."""
    refresher = open_refresher(environ)
    asker = replace(refresher.asker, ask=lambda _: ClientAnswer(snapshot))
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
