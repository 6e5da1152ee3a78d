"""When the provider is asked next and how long it is left alone, with the clock as a number."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each

from codingplan_bar.model import Plan, Problem, Snapshot, Window
from codingplan_bar.refresh import schedule
from codingplan_bar.refresh.schedule import MENDED_HERE, SETTLED, Failure, Schedule, Waiting, due

NOW = 1_795_400_000.25
MINUTE, HOUR, DAY = 60, 3_600, 86_400
ERRORS = ("network", "api_error", "bad_response", "rate_limited", "internal", *sorted(SETTLED))

times = st.floats(0, 4e9)
chances = st.floats(0, 1)
failures = st.builds(
    Failure,
    st.sampled_from(ERRORS),
    st.none() | st.floats(0, 10 * DAY),
    st.sampled_from(["", "here", "there"]),
)


def failed(code="network", now=NOW, *, before=None, chance=0.5, **more):
    return (before or Waiting()).after_failure(Failure(code, **more), now, chance=chance)


def many(count, code="network", **more):
    found = Waiting()
    for _ in range(count):
        found = failed(code, before=found, **more)
    return found


def test_nothing_is_waited_for_at_first():
    assert Waiting().not_before("any") == 0


def test_nothing_is_waited_for_after_a_success():
    assert many(5).after_success(NOW, "here").not_before("any") == 0


@pytest.mark.parametrize(("count", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 27), (60, 27)])
def test_a_failure_that_passes_is_waited_for_twice_as_long_each_time_but_never_over_half_an_hour(count, minutes):
    assert round((many(count).not_before("") - NOW) / MINUTE) == minutes


@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_chance_spreads_the_tries_by_a_tenth_both_ways(count):
    soonest, middle, latest = (many(count, chance=chance).not_before("") - NOW for chance in (0, 0.5, 1))
    assert soonest == pytest.approx(0.9 * middle)
    assert latest == pytest.approx(1.1 * middle)


def test_a_success_begins_the_row_anew():
    after = many(5).after_success(NOW, "").after_failure(Failure("network"), NOW, chance=0.5)
    assert after.not_before("") - NOW == MINUTE


@pytest.mark.parametrize("wait", [2.5, 90, 7_200, DAY])
def test_the_providers_own_word_counts_to_the_second_and_chance_does_not(wait):
    assert failed("rate_limited", retry_after=wait, chance=0).not_before("") == NOW + wait


def test_the_provider_is_believed_for_a_day_at_the_most():
    assert failed("rate_limited", retry_after=9 * DAY).not_before("") == NOW + DAY


def test_a_provider_that_keeps_asking_for_a_second_is_asked_once_a_minute():
    assert many(2, "rate_limited", retry_after=1.0).not_before("") == NOW + MINUTE


def test_a_provider_that_names_no_time_is_waited_for_as_after_any_failure():
    assert failed("rate_limited", retry_after=0.0).not_before("") == NOW + MINUTE


@pytest.mark.parametrize("code", sorted(MENDED_HERE))
def test_what_is_mended_on_this_machine_alone_is_asked_for_again_after_an_hour(code):
    assert failed(code, circumstances="here").not_before("here") == NOW + HOUR


@for_each("code", sorted(SETTLED - MENDED_HERE))
@for_each(("count", "minutes"), [(1, 5), (2, 10), (3, 20), (4, 30), (5, 30), (99, 30)])
def test_what_may_be_mended_elsewhere_is_looked_at_after_5_10_20_and_every_30_minutes(code, count, minutes):
    assert many(count, code, circumstances="here").not_before("here") == NOW + minutes * MINUTE


def test_a_row_of_looks_begins_after_failures_that_pass_and_after_a_change_and_the_other_way_round():
    before = many(9, "network", circumstances="here")
    assert failed("no_plan", before=before, circumstances="here").not_before("here") == NOW + 5 * MINUTE
    before = many(9, "no_plan", circumstances="there")
    assert failed("no_plan", before=before, circumstances="here").not_before("here") == NOW + 5 * MINUTE
    assert failed("network", before=before, circumstances="there").not_before("there") == NOW + MINUTE


@pytest.mark.parametrize("code", sorted(SETTLED))
def test_what_only_the_user_can_mend_is_asked_for_at_once_when_something_changed(code):
    assert failed(code, circumstances="here").not_before("there") == 0


def test_a_change_does_not_shorten_what_the_provider_asked_for():
    told = failed("login_required", circumstances="here", retry_after=600.0)
    assert told.not_before("there") == NOW + 600


def test_a_change_does_not_shorten_the_wait_for_a_network():
    assert failed("network", circumstances="here").not_before("there") == NOW + MINUTE


@pytest.mark.parametrize("code", ["network", "login_required"])
def test_a_user_is_heard_at_once_after_a_failure(code):
    assert not failed(code).holds_by_hand(NOW + 5, "")


def test_a_user_is_not_heard_before_the_time_that_the_provider_named():
    told = failed("rate_limited", retry_after=120.0)
    assert told.holds_by_hand(NOW + 119.9, "")
    assert not told.holds_by_hand(NOW + 120, "")


@pytest.mark.parametrize(("after", "is_one"), [(0, True), (4.9, True), (5, False)])
def test_two_refreshes_within_five_seconds_are_one(after, is_one):
    assert Waiting().after_success(NOW, "").holds_by_hand(NOW + after, "") is is_one


@pytest.mark.parametrize("code", ["", "missing_credentials", "network"])
def test_two_by_other_settings_or_credentials_are_two_unless_the_provider_asked_to_wait(code):
    last = failed(code, circumstances="here") if code else Waiting().after_success(NOW, "here")
    assert (last.holds_by_hand(NOW, "here"), last.holds_by_hand(NOW, "there")) == (True, False)
    assert failed("rate_limited", circumstances="here", retry_after=9.0).holds_by_hand(NOW, "there")


def test_a_browser_that_writes_its_cookies_does_not_make_two_of_one():
    assert failed("network", circumstances="here before").holds_by_hand(NOW, "here after")


def test_an_asking_that_was_killed_is_not_repeated_for_a_minute():
    assert Waiting().begun(NOW).not_before("") == NOW + MINUTE


def test_a_user_is_heard_right_after_an_asking_that_was_killed():
    assert not Waiting().begun(NOW).holds_by_hand(NOW, "")


def test_an_answer_ends_the_asking():
    assert Waiting().begun(NOW).after_success(NOW, "").not_before("") == 0


@pytest.mark.parametrize("code", ["network", "login_required"])
def test_a_clock_that_was_set_back_ends_a_wait_of_our_own(code):
    assert failed(code, now=NOW + HOUR).by_clock(NOW).not_before("") == 0
    assert not failed(code, now=NOW + HOUR).by_clock(NOW).holds_by_hand(NOW, "")


def test_a_clock_that_was_set_back_begins_the_providers_wait_anew():
    told = failed("rate_limited", now=NOW + HOUR, retry_after=600.0).by_clock(NOW)
    assert told.not_before("") == NOW + 600
    assert told.by_clock(NOW + 300).not_before("") == NOW + 600


def test_a_clock_that_was_set_back_forgets_an_asking_that_was_killed():
    assert Waiting().begun(NOW + HOUR).by_clock(NOW).not_before("") == 0


def test_a_clock_that_was_put_right_by_seconds_changes_nothing():
    told = failed("rate_limited", retry_after=600.0).begun(NOW)
    assert told.by_clock(NOW - 59) == told


@given(failures, times, chances)
def test_never_earlier_than_the_provider_says(failure, now, chance):
    after = Waiting().after_failure(failure, now, chance=chance)
    if failure.retry_after:
        said = now + min(failure.retry_after, DAY)
        assert after.not_before("elsewhere") >= said
        assert not after.holds_by_hand(max(said, now + 5), "")
        assert after.holds_by_hand(math.nextafter(said, 0), "") or said <= now


@given(st.lists(failures, min_size=1, max_size=20), times, chances, st.sampled_from(["", "here", "there"]))
def test_never_longer_than_a_day_an_hour_or_half_an_hour(row, now, chance, circumstances):
    found = Waiting()
    for failure in row:
        found = found.after_failure(failure, now, chance=chance)
    wait = found.not_before(circumstances) - now
    longest = DAY if row[-1].retry_after else HOUR if row[-1].code in SETTLED else HOUR / 2
    assert wait <= longest + 0.001


@given(failures, times, times, chances)
def test_whatever_the_clock_does_the_wait_is_bounded(failure, then, now, chance):
    after = Waiting().begun(then).after_failure(failure, then, chance=chance).by_clock(now)
    assert after.not_before("") - now <= DAY + schedule.CLOCK_SLACK + 0.001


@given(failures, times, chances)
def test_it_survives_a_restart(failure, now, chance):
    after = Waiting().after_failure(failure, now, chance=chance).begun(now)
    assert schedule.loads(schedule.dumps(after)) == after


@given(failures, times, chances)
def test_what_a_newer_version_says_beside_does_not_end_the_wait(failure, now, chance):
    after = Waiting().after_failure(failure, now, chance=chance)
    assert schedule.loads(json.dumps({**json.loads(schedule.dumps(after)), "later": [1]})) == after


@given(st.none() | st.text() | st.recursive(st.none() | st.booleans() | st.floats(), st.lists).map(json.dumps))
def test_a_text_that_is_none_of_ours_is_as_if_there_were_none(text):
    assert schedule.loads(text) == Waiting()


@given(
    st.dictionaries(
        st.sampled_from(["asked_at", "until", "failures", "code", "told", "circumstances", "askers", "other"]),
        st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text() | st.lists(st.none()),
    )
)
def test_whatever_a_document_holds_what_comes_of_it_can_be_reckoned_with(fields):
    found = schedule.loads(json.dumps(fields)).by_clock(NOW)
    assert math.isfinite(found.not_before("x"))
    assert found.not_before("x") <= NOW + DAY + schedule.CLOCK_SLACK + 1
    assert found.holds_by_hand(NOW, "") in (True, False)
    found.after_failure(Failure("network"), NOW, chance=1)


# When the provider is asked next, with the clock as a number.


WHOLE_NOW = 1_795_400_000
INTERVAL = 300


def snapshot(fetched_at=WHOLE_NOW, *, resets=(), error=None):
    names = ("five_hour", "weekly", "monthly")
    windows = tuple(Window(name, 1, 2, at) for name, at in zip(names, resets, strict=False))
    problem = Problem(error, "message") if error else None
    return Snapshot(fetched_at, "https://example.invalid/", windows=windows, error=problem)


def scheduled(now, shown=None, patience=None, circumstances="here"):
    return Schedule(now, INTERVAL, shown, patience or Waiting(), circumstances)


def after_failure(code="network", at=WHOLE_NOW, *, circumstances="here", wait=None):
    return Waiting().after_failure(Failure(code, wait, circumstances), at, chance=0.5)


def test_where_nothing_is_stored_it_is_asked_at_once():
    assert scheduled(WHOLE_NOW).is_wanted("when due")


@pytest.mark.parametrize(("age", "wanted"), [(0, False), (299, False), (300, True), (10**6, True)])
def test_it_is_asked_once_an_interval(age, wanted):
    assert scheduled(WHOLE_NOW + age, snapshot()).is_wanted("when due") is wanted
    assert scheduled(WHOLE_NOW + age, snapshot()).next_look() == WHOLE_NOW + INTERVAL


def test_fetch_always_asks():
    assert scheduled(WHOLE_NOW, snapshot(), after_failure("rate_limited", wait=600.0)).is_wanted("always")


def test_a_user_is_heard_though_the_numbers_are_fresh():
    assert scheduled(WHOLE_NOW + 10, snapshot(), Waiting().after_success(WHOLE_NOW, "here")).is_wanted("by hand")


def test_two_users_at_once_are_one():
    assert not scheduled(WHOLE_NOW + 4, snapshot(), Waiting().after_success(WHOLE_NOW, "here")).is_wanted("by hand")


def test_a_user_does_not_break_the_providers_word():
    assert not scheduled(WHOLE_NOW + 599, snapshot(), after_failure("rate_limited", wait=600.0)).is_wanted("by hand")


@pytest.mark.parametrize(("after", "wanted"), [(59, False), (60, True)])
def test_after_a_failure_it_is_asked_again_before_the_interval_is_over(after, wanted):
    assert scheduled(WHOLE_NOW + after, snapshot(WHOLE_NOW - 10), after_failure()).is_wanted("when due") is wanted


def test_a_failure_is_waited_for_though_the_numbers_are_long_old():
    assert not scheduled(WHOLE_NOW + 30, snapshot(WHOLE_NOW - HOUR), after_failure()).is_wanted("when due")
    assert scheduled(WHOLE_NOW + 30, snapshot(WHOLE_NOW - HOUR), after_failure()).next_look() == WHOLE_NOW + 60


def test_what_only_a_change_here_can_mend_is_looked_at_once_an_interval_and_asked_for_once_an_hour():
    signed_out = after_failure("missing_credentials")
    assert scheduled(WHOLE_NOW + 1000, snapshot(), signed_out).next_look() == WHOLE_NOW + 1000 + INTERVAL
    assert not scheduled(WHOLE_NOW + 1000, snapshot(), signed_out).is_wanted("when due")
    assert scheduled(WHOLE_NOW + HOUR, snapshot(), signed_out).is_wanted("when due")


def test_a_change_of_what_the_failure_depended_on_is_a_reason_to_ask():
    assert scheduled(WHOLE_NOW + 1, snapshot(), after_failure("login_required"), "elsewhere").is_wanted("when due")


@pytest.mark.parametrize(
    ("circumstances", "now", "wanted"),
    [
        ("here:new", 101, True),
        ("here:new", 59, False),  # two changes at once are one request
        ("here:new", 60, True),
        ("there:old", 60, True),  # an environment that has not asked: a variable may have changed
        ("here:old", 200, False),
        ("here:old newly-written", 200, False),  # a browser writes its cookies whoever is signed in
    ],
)
def test_a_change_of_who_asks_is_a_reason_to_ask_once(circumstances, now, wanted):
    asked = Waiting().after_success(WHOLE_NOW, "here:old written")
    schedule = scheduled(WHOLE_NOW + now, snapshot(), asked, circumstances)
    assert schedule.is_wanted("when due") is wanted
    assert (schedule.next_look() <= WHOLE_NOW + now) is wanted
    again = asked.after_success(WHOLE_NOW + now, circumstances)
    for each in ("here:old", circumstances) if circumstances.startswith("there") else (circumstances,):
        later = scheduled(WHOLE_NOW + now + 61, snapshot(WHOLE_NOW + now), again, each)
        assert not later.is_wanted("when due"), "two environments would ask in turn"


def test_what_an_earlier_version_has_stored_is_no_reason_to_ask_anew():
    asked = Waiting(asked_at=WHOLE_NOW, circumstances="of-another-form")
    assert not scheduled(WHOLE_NOW + 200, snapshot(), asked, "here:now").is_wanted("when due")


def test_after_a_failure_environments_do_not_ask_in_turn_either_and_as_many_are_remembered_as_a_desk_has():
    waiting = Waiting()
    for number in range(9):
        waiting = waiting.after_failure(Failure("login_required", None, f"{number}:x y"), WHOLE_NOW, chance=0.5)
    news = [number for number in range(9) if waiting.is_news(f"{number}:x y")]
    assert news == [0]
    assert waiting.not_before("8:x y") == waiting.not_before("1:x y") == waiting.until
    assert waiting.not_before("8:x z") == waiting.not_before("8:z y") == waiting.not_before("0:x y") == 0


def test_a_change_of_settings_does_not_break_the_providers_word():
    asked = Waiting().after_success(WHOLE_NOW, "here", 200.0)
    assert not scheduled(WHOLE_NOW + 100, snapshot(), asked, "elsewhere").is_wanted("when due")


def test_a_snapshot_from_the_future_is_asked_for_anew():
    assert scheduled(WHOLE_NOW, snapshot(WHOLE_NOW + HOUR)).is_wanted("when due")
    assert not scheduled(WHOLE_NOW, snapshot(WHOLE_NOW + 30)).is_wanted("when due")


def test_a_reset_that_has_passed_is_a_reason_to_ask_5_to_20_seconds_later():
    found = {
        due(snapshot(WHOLE_NOW + n, resets=(None, WHOLE_NOW + 100)), INTERVAL) - (WHOLE_NOW + 100) for n in range(40)
    }
    assert found == set(range(5, 20))


def test_the_end_of_the_plan_is_a_reason_too():
    shown = snapshot()._replace(plan=Plan("Pro", WHOLE_NOW + 100))
    assert WHOLE_NOW + 105 <= due(shown, INTERVAL) < WHOLE_NOW + 120
    assert due(shown._replace(plan=Plan("Pro", WHOLE_NOW - 100)), INTERVAL) == WHOLE_NOW + INTERVAL


def test_a_reset_that_lies_behind_the_snapshot_is_none():
    assert due(snapshot(resets=(None, WHOLE_NOW - 1000, WHOLE_NOW + 10**6)), INTERVAL) == WHOLE_NOW + INTERVAL


@given(st.integers(0, 4 * 10**9), st.lists(st.none() | st.integers(0, 4 * 10**9), max_size=3), st.integers(60, 86_400))
def test_numbers_are_asked_for_anew_after_an_interval_at_the_latest_and_never_within_a_minute(
    fetched_at, resets, interval
):
    when = due(snapshot(fetched_at, resets=resets), interval)
    assert fetched_at + 60 <= when <= fetched_at + interval


def others():
    return Waiting().after_success(WHOLE_NOW, "there")


@pytest.mark.parametrize(
    ("code", "patience", "after", "leaves"),
    [
        ("missing_credentials", others(), 2 * INTERVAL - 1, True),
        ("missing_credentials", others(), 2 * INTERVAL, False),
        ("login_required", others(), INTERVAL, True),
        ("not_authorised", others(), INTERVAL, True),
        ("network", others(), INTERVAL, False),
        ("login_required", Waiting().after_success(WHOLE_NOW, "here:before"), INTERVAL, False),
        ("missing_credentials", Waiting().after_success(WHOLE_NOW, "here"), INTERVAL, False),
        ("missing_credentials", Waiting(), INTERVAL, False),
        ("missing_credentials", after_failure("network", circumstances="there"), INTERVAL, False),
    ],
)
def test_a_bar_without_access_takes_no_numbers_from_one_that_has_it(code, patience, after, leaves):
    assert scheduled(WHOLE_NOW + after, snapshot(), patience).leaves_it_to_others(code) is leaves
