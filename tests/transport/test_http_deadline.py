"""The deadline counts steadily, and whoever waits for work is free at its end."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machine import crowd

from codingplan_bar.errors import BadResponse, InternalError, NetworkFailure
from codingplan_bar.transport.limits import Meter
from codingplan_bar.transport.request import Deadline, run_within


@given(st.floats(0, 1e6), st.lists(st.floats(0, 1e5), max_size=8))
def test_what_remains_only_shrinks_and_is_never_below_zero(seconds, steps):
    now = [1000.0]
    deadline = Deadline(seconds, clock=lambda: now[0])
    last = deadline.remaining()
    assert last == pytest.approx(seconds)
    for step in steps:
        now[0] += step
        assert 0 <= deadline.remaining() <= last
        last = deadline.remaining()


def test_the_result_of_the_work_is_given():
    assert run_within(Deadline(5), lambda: 42) == 42


@pytest.mark.parametrize("error", [BadResponse("x"), KeyError("x"), MemoryError(), SystemExit(3)])
def test_what_the_work_raises_is_raised(error, capfd):
    def work():
        raise error

    with pytest.raises(type(error)) as caught:
        run_within(Deadline(5), work)
    assert caught.value is error
    assert capfd.readouterr() == ("", "")


def test_work_that_does_not_end_is_left_behind_in_a_thread_that_nobody_waits_for():
    over, inside = threading.Event(), []

    def work():
        inside.append(threading.current_thread())
        over.wait(10)

    start = time.monotonic()
    with pytest.raises(NetworkFailure, match=r"^No answer came within 0\.2 s\.$"):
        run_within(Deadline(0.2), work)
    assert 0.2 <= time.monotonic() - start < 0.5 * crowd()
    assert inside[0].daemon
    over.set()
    inside[0].join(5)
    assert not inside[0].is_alive()


def test_after_the_deadline_no_work_is_begun():
    begun = []
    with pytest.raises(NetworkFailure, match=r"^No answer came within 0 s\.$"):
        run_within(Deadline(0), lambda: begun.append(1))
    assert begun == []


def test_a_machine_that_has_no_thread_left_is_said(monkeypatch):
    def refuse(_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(InternalError, match="thread"):
        run_within(Deadline(5), lambda: 42)


@given(st.lists(st.integers(0, 1000)), st.integers(0, 5000))
def test_a_meter_lets_its_allowance_through_and_not_a_byte_more(arrivals, allowance):
    meter = Meter(Deadline(60), allowance)
    total = 0
    for arrived in arrivals:
        total += arrived
        if total > allowance:
            with pytest.raises(BadResponse, match="too long"):
                meter.count(arrived)
            return
        assert meter.count(arrived) == arrived


def test_a_meter_is_late_when_its_deadline_is_over():
    with pytest.raises(NetworkFailure, match="No answer came within 0 s"):
        Meter(Deadline(0), 10).count(1)
