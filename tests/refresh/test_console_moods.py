"""A provider that is out of sorts, over real TLS: what is shown, what is kept, and when it is asked again."""

from __future__ import annotations

import json
import time
from email.utils import formatdate
from itertools import repeat

import pytest
from support.console import moods
from support.console.answers import Answer
from support.machine import crowd, until
from support.sitecustomize import driven

from codingplan_bar import facts
from codingplan_bar.refresh import schedule

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def known(home):
    """A home that has numbers, some minutes old."""
    assert home.run("fetch").returncode == 0
    home.age(400)
    home.console.forget()
    return home


def is_held(home):
    return schedule.loads((home.state / "waiting.json").read_text())


def reset(_request):
    raise ConnectionResetError


def half(_request):
    def pieces():
        yield b'{"data": {"DataV2"'
        raise ConnectionResetError

    return Answer(200, JSON, pieces())


def a_byte_a_second(_request):
    return Answer(200, JSON, repeat(b" "), delay=1)


def nothing(request):
    return moods.slow(moods.empty_success(), seconds=60)(request)


def a_lie_about_the_length(_request):
    return Answer(200, {**JSON, "Content-Length": "999999"}, b"{}")


MISHAPS = {
    "reset": reset,
    "half": half,
    "a byte a second": a_byte_a_second,
    "nothing": nothing,
    "503": moods.server_error(503),
    "500": moods.server_error(500),
    "an empty success": moods.empty_success(),
    "no plan": moods.no_plan(),
    "signed out": moods.signed_out(),
    "429": moods.rate_limited(),
}


@pytest.mark.parametrize("mishap", [mishap for mishap in MISHAPS if mishap != "no plan"])  # an honest answer
def test_whatever_the_provider_does_the_numbers_stay_with_their_age_and_why(known, mishap, programs):
    known.console.answer_quota = MISHAPS[mishap]
    known.configure("timeout = 2")
    began = time.monotonic()
    done = known.run("refresh", "--background")
    assert time.monotonic() - began < 15 * crowd()
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
    shown = json.loads(known.run("json").stdout)
    assert shown["state"] in {"ok", "signed_out"}
    assert shown["problem"]["code"]
    assert shown["rows"][0]["used_percent"] == 10
    assert 390 <= shown["age_seconds"] < 460
    assert any("Refresh failed" in note for note in shown["notes"])
    assert shown["snapshot"]["status"] == "ok"


@pytest.mark.parametrize("mishap", MISHAPS)
def test_after_a_mishap_a_herd_of_bars_leaves_the_provider_alone(known, mishap, programs):
    known.console.answer_quota = MISHAPS[mishap]
    known.configure("timeout = 2")
    known.run("refresh", "--background")
    before = len(known.console.requests)
    for bar in ("waybar", "tmux", "text"):
        assert known.run(bar).returncode == 0
    assert known.run("refresh", "--background").returncode == 1
    until(known.is_quiet, "the refresh to end")
    assert len(known.console.requests) == before


@pytest.mark.parametrize("mishap", ["reset", "503", "signed out"])
def test_with_nothing_stored_a_bar_says_what_is_wrong_and_that_alone(home, mishap):
    home.console.answer_quota = MISHAPS[mishap]
    done = home.run("json")
    assert (done.returncode, done.stderr) == (0, b"")
    shown = json.loads(done.stdout)
    assert shown["state"] in {"error", "signed_out"}
    assert (shown["rows"], shown["percentage"]) == ([], None)


def test_an_answer_that_never_ends_costs_a_bar_no_longer_than_the_users_time_out(home):
    home.console.answer_quota = a_byte_a_second
    began = time.monotonic()
    assert home.run("text", environ={"CODINGPLAN_BAR_TIMEOUT": "2"}).returncode == 0
    assert 2 <= time.monotonic() - began < 15 * crowd()


def test_a_429_is_heeded_to_the_second_by_bars_and_by_users_and_fetch_alone_asks(known, programs):
    known.console.answer_quota = moods.rate_limited(400)
    known.run("refresh", "--background")
    end = is_held(known).until
    before, after = (driven(known.folder / "clock", at=end + seconds) for seconds in (-1, 1))
    for command in (["refresh"], ["refresh", "--background"], ["text"]):
        known.run(*command, environ=before)
    assert known.asked() == 1
    known.console.answer_quota = known.console.count
    assert known.run("refresh", "--background", environ=after).returncode == 0
    assert known.asked() == 2


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("header", "seconds"), [("3000", 3000), ("9999999", 86_400), ("soon", None), (None, None)])
def test_retry_after_is_heeded_as_it_is_said(known, status, header, seconds, programs):
    headers = {} if header is None else {"Retry-After": header}
    known.console.answer_quota = lambda _: Answer(status, headers, b"")
    known.run("refresh", "--background")
    held = is_held(known)
    assert held.told is (seconds is not None)
    assert held.until - held.asked_at == pytest.approx(seconds or 60, rel=0.11 if seconds is None else 0)
    assert held.until > time.time()


def test_retry_after_may_be_a_date(known, programs):
    until_then = time.time() + 1_000
    known.console.answer_quota = moods.rate_limited(formatdate(until_then, usegmt=True))
    known.run("refresh", "--background")
    assert is_held(known).until == pytest.approx(until_then, abs=2)


def test_a_session_that_is_over_is_not_asked_about_again_until_the_user_has_a_new_one(known, programs):
    known.console.sign_out()
    known.run("refresh", "--background")
    before = len(known.console.requests)
    assert b"sign in" in known.run("text").stdout
    known.run("refresh", "--background")
    assert len(known.console.requests) == before
    known.console.sign_in()
    known.environ["ALIBABA_CODING_PLAN_COOKIE"] += "; other=1"
    assert known.run("refresh", "--background").returncode == 0
    assert b"sign in" not in known.run("text").stdout


def test_a_plan_that_was_bought_is_seen_when_the_user_asks(known, programs):
    known.console.answer_quota = moods.no_plan()
    known.run("refresh", "--background")
    known.console.answer_quota = known.console.count
    time.sleep(5)
    assert known.run("refresh").returncode == 0


def test_the_waiting_outlives_a_cleaned_cache(known, programs):
    known.console.answer_quota = moods.rate_limited(3000)
    known.run("refresh", "--background")
    for path in known.cache.iterdir():
        path.unlink()
    before = len(known.console.requests)
    done = known.run("json")
    assert json.loads(done.stdout)["state"] == "error"
    until(known.is_quiet, "the refresh to end")
    assert len(known.console.requests) == before


PAGE = {"Content-Type": "text/html"}
STRANGERS = {
    "403": Answer(403, PAGE, b"<html>Blocked by company policy. Log in to ask for access.</html>"),
    "a portal": Answer(302, {"Location": "https://portal.example/login"}, b""),
    "407": Answer(407, PAGE, b"<html>Sign in to the proxy</html>"),
    "511": Answer(511, PAGE, b"<html>Sign in to the network</html>"),
    "200": Answer(200, PAGE, b"<html><meta http-equiv=refresh content='0;url=http://portal.example/login'></html>"),
    "nothing": Answer(403, {}, b""),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_what_something_between_answers_is_no_sign_out_no_alert_and_tried_again_in_minutes(known, name, programs):
    known.console.answer_quota = lambda _: STRANGERS[name]
    alerts = (known.state / "alerts.json").read_text()
    known.configure(f'on_threshold = ["/usr/bin/touch", "{known.folder}/told"]')
    assert known.run("refresh", "--background").returncode == 1
    assert json.loads(known.run("json").stdout)["state"] == "ok"
    assert facts.loads(known.facts.read_text())["problem.code"] == "network"
    assert is_held(known).not_before("anything else") - time.time() < 120
    assert (known.state / "alerts.json").read_text() == alerts
    assert '"signed_in": true' in alerts
    assert not (known.folder / "told").exists()


def test_a_403_without_a_word_asks_for_a_sign_in_once_it_has_come_twice_a_minute_apart(known, programs):
    known.console.answer_quota = lambda _: STRANGERS["nothing"]
    known.run("refresh")
    held = json.loads((known.state / "waiting.json").read_text())
    aged = {name: value - 61 for name, value in held.items() if name in {"asked_at", "until", "silent_since"}}
    (known.state / "waiting.json").write_text(json.dumps(held | aged))
    known.run("refresh")
    assert json.loads(known.run("json").stdout)["state"] == "signed_out"
