"""How the five hours fill and empty: what is told is what a window that really slides does, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import HOUR, MINUTE, NOW, Sliding, entry

from codingplan_bar.fetch.history.flow import LONGEST_GAP, SPAN, Flow, flow

GRID = range(NOW - 10 * HOUR, NOW + 1, 5 * MINUTE)
"""A refresh every five minutes for ten hours."""
SPENDING = st.dictionaries(st.sampled_from(GRID[61:]), st.integers(1, 400), max_size=60)
"""Requests at the refreshes' own times, in the last five hours: nothing was in the window at the beginning."""


def steady(rate, hours, *, total=6000):
    """Somebody who asks for as much every five minutes, after a night without any."""
    begin = NOW - int(hours * HOUR)
    return Sliding({at: rate / 12 for at in GRID if at > begin}).readings(GRID, total)


def test_a_steady_rate_is_told():
    found = flow(steady(600, 2), NOW)
    assert found.rate == pytest.approx(600)
    assert (found.falls_at, found.falls) == (NOW - 2 * HOUR + 5 * MINUTE + SPAN, pytest.approx(50))


def test_it_is_full_when_the_rate_says_and_nothing_falls_out_before():
    found = flow(steady(600, 2, total=2000), NOW)
    assert found.full_at == pytest.approx(NOW + (2000 - 1200) / 600 * HOUR, abs=MINUTE)


def test_what_falls_out_meanwhile_keeps_a_window_from_being_full():
    """600 an hour are 3,000 in five hours, however long it goes on."""
    assert flow(steady(600, 5), NOW).full_at is None
    assert flow(steady(600, 5, total=3200), NOW).full_at is None


def test_who_has_stopped_fills_nothing():
    spent = Sliding({at: 50 for at in GRID if NOW - 3 * HOUR < at <= NOW - HOUR})
    found = flow(spent.readings(GRID), NOW)
    assert (found.rate, found.full_at) == (0, None)
    assert found.falls == 50


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [entry(NOW, 10)],
        [entry(at, None) for at in GRID],
        [entry(at, 500) for at in GRID],
        [entry(at, 500 + n) for n, at in enumerate(GRID)],
    ],
    ids=["no record", "one reading", "no such window", "never empty", "never empty and growing"],
)
def test_of_a_thin_record_nothing_is_told(entries):
    assert flow(entries, NOW) == Flow()


def test_an_old_reading_tells_nothing_of_now():
    entries = steady(600, 2)
    assert flow(entries, NOW + LONGEST_GAP).rate
    assert flow(entries, NOW + LONGEST_GAP + 1) == Flow()


def test_a_gap_in_which_something_was_spent_ends_what_is_known():
    entries = steady(600, 3)
    holed = [each for each in entries if not NOW - 2 * HOUR < each.at < NOW - HOUR]
    assert flow(holed, NOW) == Flow()


def test_a_gap_in_which_nothing_was_spent_does_no_harm():
    spent = Sliding({at: 50 for at in GRID if at > NOW - HOUR} | {NOW - 4 * HOUR: 70})
    entries = [each for each in spent.readings(GRID) if not NOW - 3 * HOUR < each.at < NOW - 2 * HOUR]
    found = flow(entries, NOW)
    assert (found.falls_at, found.falls) == (NOW - 4 * HOUR + SPAN, 70)


def test_another_total_ends_what_is_known():
    entries = steady(600, 2)
    entries[-20:] = [entry(each.at, each.windows[0].used, 12_000) for each in entries[-20:]]
    assert flow(entries, NOW) == Flow()


def test_a_window_with_a_reset_of_its_own_fills_until_then():
    resets = NOW + 2 * HOUR
    entries = [entry(at, (at - GRID[0]) / 36, total=1500, resets_at=resets) for at in GRID]
    found = flow(entries, NOW)
    assert found.rate == pytest.approx(100)
    assert (found.full_at, found.falls_at, found.falls) == (None, resets, 1000)
    soon = flow([entry(each.at, each.windows[0].used, 1100, resets) for each in entries], NOW)
    assert soon.full_at == pytest.approx(NOW + HOUR, abs=MINUTE)


@given(SPENDING)
def test_what_is_told_is_what_happens(spent):
    """With nothing more spent from now on, the named requests leave at the named time, and no others before."""
    window = Sliding(spent)
    found = flow(window.readings(GRID), NOW)
    if not spent:
        assert (found.rate, found.falls_at) == (0, None)
        return
    assert window.used(found.falls_at - 1) == window.used(NOW)
    assert window.used(NOW) - window.used(found.falls_at) == pytest.approx(found.falls)


@given(SPENDING, st.integers(0, 400))
def test_a_named_time_is_when_the_window_is_full_at_that_rate(spent, more):
    window = Sliding(spent)
    total = max(window.used(NOW) + more, 1)
    found = flow(window.readings(GRID, total), NOW)
    if found.full_at is None:
        return
    recent = sum(number for at, number in spent.items() if at > NOW - 45 * MINUTE)
    assert found.rate == pytest.approx(recent / 45 * 60)
    later = window.used(NOW) + found.rate * (found.full_at - NOW) / HOUR
    fallen = window.used(NOW) - Sliding(spent).used(found.full_at)
    assert later - fallen >= total - max(spent.values(), default=0) - 1e-6


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 9000)), max_size=120), st.floats(0, 1e5))
def test_any_record_gives_numbers_that_can_be(readings, later):
    entries = [entry(NOW - 300 * n, used, total) for n, (used, total) in enumerate(readings)][::-1]
    found = flow(entries, NOW + later)
    assert found.rate is None or found.rate >= 0
    assert found.full_at is None or found.full_at >= NOW
    assert (found.falls_at is None) == (found.falls is None)
    assert len(found.fact().split(" ")) == 4
