"""However the refresh ends, what the provider asked to wait is heard."""

from __future__ import annotations

import pytest

from codingplan_bar.refresh.ask import RetryAfterRecorder
from codingplan_bar.transport.request import Answer, Request

NOW = 1_795_400_000.0
ASKED = Request("GET", "https://a.example/")


def heard(*answers):
    coming = iter(answers)
    send = RetryAfterRecorder(lambda _: next(coming), lambda: NOW)
    assert [send(ASKED) for _ in answers] == list(answers)
    return send.wait


def answer(status, wait=None):
    return Answer(status, {} if wait is None else {"retry-after": wait})


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("wait", "seconds"), [("600", 600), ("Mon, 23 Nov 2026 02:14:20 GMT", 60), ("99999999", 86_400)]
)
def test_a_wait_is_heard_in_seconds_or_as_a_date(status, wait, seconds):
    assert heard(answer(status, wait)) == seconds


def test_the_longest_counts_whichever_request_it_was_said_to():
    assert heard(answer(503, "30"), answer(200), answer(429, "600"), answer(429, "60"), answer(401)) == 600


@pytest.mark.parametrize(
    "said", [answer(200, "60"), answer(404, "60"), answer(429), answer(429, "soon"), answer(503, "0")]
)
def test_without_a_time_to_wait_there_is_none(said):
    assert heard(said) is None


def test_an_error_of_the_other_goes_through():
    def fail(_):
        raise ValueError("on the way")

    with pytest.raises(ValueError, match="on the way"):
        RetryAfterRecorder(fail, lambda: NOW)(ASKED)
