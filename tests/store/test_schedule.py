"""When the provider is asked next, with the clock as a number."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar.model import Plan, Problem, Snapshot, Window
from codingplan_bar.refresh.schedule import Failure, Schedule, Waiting, due

NOW = 1_795_400_000
INTERVAL = 300
HOUR = 3_600


def snapshot(fetched_at=NOW, *, resets=(), error=None):
    names = ("five_hour", "weekly", "monthly")
    windows = tuple(Window(name, 1, 2, at) for name, at in zip(names, resets, strict=False))
    problem = Problem(error, "message") if error else None
    return Snapshot(fetched_at, "https://example.invalid/", windows=windows, error=problem)


def schedule(now, shown=None, patience=None, circumstances="here"):
    return Schedule(now, INTERVAL, shown, patience or Waiting(), circumstances)


def after_failure(code="network", at=NOW, *, circumstances="here", wait=None):
    return Waiting().after_failure(Failure(code, wait, circumstances), at, chance=0.5)


def test_where_nothing_is_stored_it_is_asked_at_once():
    assert schedule(NOW).is_wanted("when due")


@pytest.mark.parametrize(("age", "wanted"), [(0, False), (299, False), (300, True), (10**6, True)])
def test_it_is_asked_once_an_interval(age, wanted):
    assert schedule(NOW + age, snapshot()).is_wanted("when due") is wanted
    assert schedule(NOW + age, snapshot()).next_look() == NOW + INTERVAL


def test_fetch_always_asks():
    assert schedule(NOW, snapshot(), after_failure("rate_limited", wait=600.0)).is_wanted("always")


def test_a_user_is_heard_though_the_numbers_are_fresh():
    assert schedule(NOW + 10, snapshot(), Waiting().after_success(NOW, "here")).is_wanted("by hand")


def test_two_users_at_once_are_one():
    assert not schedule(NOW + 4, snapshot(), Waiting().after_success(NOW, "here")).is_wanted("by hand")


def test_a_user_does_not_break_the_providers_word():
    assert not schedule(NOW + 599, snapshot(), after_failure("rate_limited", wait=600.0)).is_wanted("by hand")


@pytest.mark.parametrize(("after", "wanted"), [(59, False), (60, True)])
def test_after_a_failure_it_is_asked_again_before_the_interval_is_over(after, wanted):
    assert schedule(NOW + after, snapshot(NOW - 10), after_failure()).is_wanted("when due") is wanted


def test_a_failure_is_waited_for_though_the_numbers_are_long_old():
    assert not schedule(NOW + 30, snapshot(NOW - HOUR), after_failure()).is_wanted("when due")
    assert schedule(NOW + 30, snapshot(NOW - HOUR), after_failure()).next_look() == NOW + 60


def test_what_only_a_change_here_can_mend_is_looked_at_once_an_interval_and_asked_for_once_an_hour():
    signed_out = after_failure("missing_credentials")
    assert schedule(NOW + 1000, snapshot(), signed_out).next_look() == NOW + 1000 + INTERVAL
    assert not schedule(NOW + 1000, snapshot(), signed_out).is_wanted("when due")
    assert schedule(NOW + HOUR, snapshot(), signed_out).is_wanted("when due")


def test_a_change_of_what_the_failure_depended_on_is_a_reason_to_ask():
    assert schedule(NOW + 1, snapshot(), after_failure("login_required"), "elsewhere").is_wanted("when due")


def test_a_snapshot_from_the_future_is_asked_for_anew():
    assert schedule(NOW, snapshot(NOW + HOUR)).is_wanted("when due")
    assert not schedule(NOW, snapshot(NOW + 30)).is_wanted("when due")


def test_a_reset_that_has_passed_is_a_reason_to_ask_5_to_20_seconds_later():
    found = {due(snapshot(NOW + n, resets=(None, NOW + 100)), INTERVAL) - (NOW + 100) for n in range(40)}
    assert found == set(range(5, 20))


def test_the_end_of_the_plan_is_a_reason_too():
    shown = replace(snapshot(), plan=Plan("Pro", NOW + 100))
    assert NOW + 105 <= due(shown, INTERVAL) < NOW + 120
    assert due(replace(shown, plan=Plan("Pro", NOW - 100)), INTERVAL) == NOW + INTERVAL


def test_a_reset_that_lies_behind_the_snapshot_is_none():
    assert due(snapshot(resets=(None, NOW - 1000, NOW + 10**6)), INTERVAL) == NOW + INTERVAL


@given(st.integers(0, 4 * 10**9), st.lists(st.none() | st.integers(0, 4 * 10**9), max_size=3), st.integers(60, 86_400))
def test_numbers_are_asked_for_anew_after_an_interval_at_the_latest_and_never_within_a_minute(
    fetched_at, resets, interval
):
    when = due(snapshot(fetched_at, resets=resets), interval)
    assert fetched_at + 60 <= when <= fetched_at + interval


def others():
    return Waiting().after_success(NOW, "there")


@pytest.mark.parametrize(
    ("code", "patience", "after", "leaves"),
    [
        ("missing_credentials", others(), 2 * INTERVAL - 1, True),
        ("missing_credentials", others(), 2 * INTERVAL, False),
        ("login_required", others(), INTERVAL, False),
        ("missing_credentials", Waiting().after_success(NOW, "here"), INTERVAL, False),
        ("missing_credentials", Waiting(), INTERVAL, False),
        ("missing_credentials", after_failure("network", circumstances="there"), INTERVAL, False),
    ],
)
def test_a_bar_without_credentials_takes_no_numbers_from_one_that_has_them(code, patience, after, leaves):
    assert schedule(NOW + after, snapshot(), patience).leaves_it_to_others(code) is leaves
