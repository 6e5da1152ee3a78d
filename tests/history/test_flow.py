"""What the record of the last day tells: what leaves the five hours, and what was spent today; or nothing."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.records import HOUR, MINUTE, NOW, Sliding, entry

from codingplan_bar.history.flow import LONGEST_GAP, SPAN, Flow, flow, today
from codingplan_bar.history.record import Entry
from codingplan_bar.model import Window

GRID = range(NOW - 10 * HOUR, NOW + 1, 5 * MINUTE)
"""A refresh every five minutes for ten hours."""
SPENDING = st.dictionaries(st.sampled_from(GRID[61:]), st.integers(1, 400), max_size=60)
"""Requests at the refreshes' own times, in the last five hours: nothing was in the window at the beginning."""


def steady(rate, hours, *, total=6000):
    """Somebody who asks for as much every five minutes, after a night without any."""
    begin = NOW - int(hours * HOUR)
    return Sliding({at: rate / 12 for at in GRID if at > begin}).readings(GRID, total)


def test_the_next_to_leave_are_the_first_that_came():
    found = flow(steady(600, 2), NOW)
    assert (found.falls_at, found.falls) == (NOW - 2 * HOUR + 5 * MINUTE + SPAN, pytest.approx(50))


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
    assert flow(entries, NOW + LONGEST_GAP).falls
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


def test_a_window_with_a_reset_of_its_own_empties_then():
    resets = NOW + 2 * HOUR
    entries = [entry(at, (at - GRID[0]) / 36, total=1500, resets_at=resets) for at in GRID]
    assert flow(entries, NOW) == Flow(resets, 1000)


@given(SPENDING)
def test_what_is_told_is_what_happens(spent):
    """With nothing more spent from now on, the named requests leave at the named time, and no others before."""
    window = Sliding(spent)
    found = flow(window.readings(GRID), NOW)
    if not spent:
        assert found.falls_at is None
        return
    assert window.used(found.falls_at - 1) == window.used(NOW)
    assert window.used(NOW) - window.used(found.falls_at) == pytest.approx(found.falls)


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 9000)), max_size=120), st.floats(0, 1e5))
def test_any_record_gives_numbers_that_can_be(readings, later):
    entries = [entry(NOW - 300 * n, used, total) for n, (used, total) in enumerate(readings)][::-1]
    found = flow(entries, NOW + later)
    assert (found.falls_at is None) == (found.falls is None)
    assert len(found.fact().split(" ")) == 2


MIDNIGHT = 1_795_449_600
"""Tuesday, 2026-11-24, 00:00 where these tests are, eight hours east of Greenwich."""
MONDAY = MIDNIGHT - 24 * HOUR


def week(at, used, begins=MONDAY):
    return Entry(at, "web", "intl", "Pro", (Window("weekly", used, 1000, begins + 7 * 24 * HOUR),))


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([week(MIDNIGHT - HOUR, 100), week(MIDNIGHT + 9 * HOUR, 130)], "3 15"),
        ([week(MIDNIGHT - HOUR, 100), week(MIDNIGHT + HOUR, 100)], "0 15"),
        ([week(MIDNIGHT + HOUR, 10, MIDNIGHT), week(MIDNIGHT + 9 * HOUR, 50, MIDNIGHT)], "5 14.29"),
        (
            [week(MIDNIGHT - HOUR, 900, MIDNIGHT - 156 * HOUR), week(MIDNIGHT + HOUR, 940, MIDNIGHT - 156 * HOUR)],
            "4 10",
        ),
        ([week(MIDNIGHT + 3 * HOUR, 900)], ""),
        ([week(MIDNIGHT - HOUR, 900)], ""),
        ([], ""),
    ],
    ids=["some", "none yet", "began today", "ends today", "yesterday unknown", "today unknown", "nothing"],
)
def test_what_was_spent_today_is_told_beside_an_even_share_of_what_was_left_this_morning(entries, told, monkeypatch):
    monkeypatch.setenv("TZ", "CST-8")
    time.tzset()
    found = today(entries, "weekly", MIDNIGHT + 10 * HOUR)
    assert found == (f"{told} {MIDNIGHT + 24 * HOUR}" if told else "")


@pytest.mark.parametrize(
    ("earlier", "unit", "told"),
    [
        (Window("weekly", 10, 100, MONDAY + 7 * 24 * HOUR, in_percent=True), "credits", "3 15"),
        (Window("weekly", 4_500, 45_000, MONDAY + 7 * 24 * HOUR), "requests", "3 15"),
        (Window("weekly", 100, 500, MONDAY + 7 * 24 * HOUR), "credits", "3 15"),
    ],
    ids=["percent", "another unit", "a smaller plan"],
)
def test_what_was_spent_today_is_counted_in_the_unit_of_now_and_a_larger_plan_keeps_its_amounts(
    earlier, unit, told, monkeypatch
):
    monkeypatch.setenv("TZ", "CST-8")
    time.tzset()
    now = replace(week(MIDNIGHT + 9 * HOUR, 130), unit="credits")
    entries = [replace(now, at=MIDNIGHT - HOUR, windows=(earlier,), unit=unit), now]
    assert today(entries, "weekly", MIDNIGHT + 10 * HOUR) == f"{told} {MIDNIGHT + 24 * HOUR}"
