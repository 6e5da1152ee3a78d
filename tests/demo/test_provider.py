"""The made-up provider: its moods give what they say, and its calendar ends a week and a month when China's does."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.console import moods

from codingplan_bar.demo_provider import Usage, next_billing_day, next_monday


def quota(instance):
    return {name: number for name, number in instance["codingPlanQuotaInfo"].items() if not name.endswith("Time")}


def test_the_numbers_move_from_one_answer_to_the_next(console, page):
    console.usage = Usage(five_hour=None, weekly=(20, 200), monthly=(298, 300), step=5)
    first, second = (quota(page.ask().instances[0]) for _ in "12")
    assert "per5HourUsedQuota" not in first | second
    assert (first["perWeekUsedQuota"], second["perWeekUsedQuota"]) == (20, 25)
    assert (first["perBillMonthUsedQuota"], second["perBillMonthUsedQuota"]) == (298, 300)


def test_counters_stand_still_and_say_what_a_test_wants(console, page, now):
    console.answer_quota = moods.counters(plan="Coding Plan Lite", weekly=(9, 10), monthly=None, clock=lambda: now)
    first, second = (page.ask().instances[0] for _ in "12")
    assert first == second
    assert (first["instanceName"], first["instanceType"]) == ("Coding Plan Lite", "lite")
    assert quota(first) == {
        "per5HourUsedQuota": 1_284,
        "per5HourTotalQuota": 6_000,
        "perWeekUsedQuota": 9,
        "perWeekTotalQuota": 10,
    }


def test_a_plan_without_counters_has_no_frame_for_them(console, page):
    console.answer_quota = moods.counters(Usage(five_hour=None, weekly=None, monthly=None))
    assert "codingPlanQuotaInfo" not in page.ask().instances[0]


@pytest.mark.parametrize(
    ("mood", "error"),
    [
        (moods.signed_out(), "BailianGateway.Login.NotLogined"),
        (moods.not_authorised(), "BailianGateway.Workspace.NotAuthorised"),
    ],
)
def test_some_errors_lie_below_an_outer_success(console, page, mood, error):
    console.answer_quota = mood
    reply = page.ask()
    assert (reply.status, reply.json["code"]) == (200, "200")
    assert (reply.json["data"]["success"], reply.json["data"]["errorCode"]) == (False, error)


def test_no_plan_is_a_success_that_lists_nothing(console, page):
    console.answer_quota = moods.no_plan()
    assert page.ask().instances == []


def test_an_empty_success_carries_nothing(console, page):
    console.answer_quota = moods.empty_success()
    assert page.ask().json["data"]["DataV2"]["data"] == {"success": True, "failed": False}


@pytest.mark.parametrize(
    ("mood", "code"), [(moods.token_expired(), "PostonlyOrTokenError"), (moods.key_unavailable(), "ConsoleNeedLogin")]
)
def test_other_errors_are_the_consoles_own(console, page, mood, code):
    console.answer_quota = mood
    assert page.ask_with_key().json["code"] == code


@pytest.mark.parametrize(
    ("asked", "sent"), [(7, "7"), ("Wed, 25 Nov 2026 00:00:00 GMT", "Wed, 25 Nov 2026 00:00:00 GMT"), (None, None)]
)
def test_a_rate_limit_says_how_long_to_wait_or_does_not(console, page, asked, sent):
    console.answer_quota = moods.rate_limited(asked)
    reply = page.ask()
    assert (reply.status, reply.headers.get("retry-after")) == (429, sent)


def test_a_failing_server_sends_a_page(console, page):
    console.answer_quota = moods.server_error(502)
    reply = page.ask()
    assert (reply.status, reply.headers["content-type"]) == (502, "text/html;charset=utf-8")


def test_a_redirect_names_where_it_leads(console, page):
    console.answer_quota = moods.elsewhere("https://signin.invalid/", status=307)
    reply = page.ask()
    assert (reply.status, reply.headers["location"], reply.body) == (307, "https://signin.invalid/", b"")


def test_a_slow_answer_comes_after_its_wait(console, page):
    console.answer_quota = moods.slow(moods.no_plan(), seconds=0.2)
    began = time.monotonic()
    assert page.ask().instances == []
    assert time.monotonic() - began >= 0.2


def test_moods_take_turns_and_the_last_one_stays(console, page):
    console.answer_quota = moods.in_turn(moods.token_expired(), moods.empty_success(), moods.no_plan())
    assert page.ask().json["code"] == "PostonlyOrTokenError"
    assert page.ask().json["data"]["DataV2"]["data"] == {"success": True, "failed": False}
    assert [page.ask().instances for _ in "12"] == [[], []]


def test_each_region_may_have_a_mood_of_its_own_in_both_modes(console, page):
    console.answer_quota = moods.by_region(intl=moods.no_plan(), cn=moods.counters())
    assert (page.ask("intl").instances, page.ask_with_key("intl").instances) == ([], [])
    assert page.ask("cn").instances
    assert page.ask_with_key("cn").instances


@pytest.mark.parametrize("mood", [moods.rate_limited(1), moods.server_error(), moods.no_plan()])
def test_a_request_is_checked_whatever_the_mood(console, page, mood):
    console.answer_quota = mood
    assert page.ask(form={"region": "nowhere"}).status == 400
    assert len(console.refusals) == 1


CHINA = timezone(timedelta(hours=8))
INSTANTS = st.floats(min_value=0, max_value=4_000_000_000)


def china(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).timestamp()


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ("2026-11-23T10:15:31", "2026-11-30"),
        ("2026-11-29T23:59:59", "2026-11-30"),
        ("2026-11-30T00:00:00", "2026-12-07"),
        ("2026-12-28T12:00:00", "2027-01-04"),
    ],
)
def test_the_week_resets_on_the_next_monday(now, monday):
    assert next_monday(china(now)) == china(monday)


@pytest.mark.parametrize(
    ("now", "day", "reset"),
    [
        ("2026-11-23T10:15:31", 5, "2026-12-05"),
        ("2026-12-04T23:59:59", 5, "2026-12-05"),
        ("2026-12-05T00:00:00", 5, "2027-01-05"),
        ("2026-12-05T08:00:00", 5, "2027-01-05"),
        ("2027-01-31T08:00:00", 31, "2027-02-28"),
        ("2027-02-01T08:00:00", 31, "2027-02-28"),
        ("2027-02-28T08:00:00", 31, "2027-03-31"),
        ("2026-12-31T08:00:00", 1, "2027-01-01"),
    ],
)
def test_the_month_resets_on_the_day_of_the_subscription_or_on_the_last_of_a_short_month(now, day, reset):
    assert next_billing_day(china(now), day=day) == china(reset)


@given(now=INSTANTS, day=st.integers(min_value=1, max_value=31))
def test_resets_always_lie_ahead_by_at_most_their_span(now, day):
    assert 0 < next_monday(now) - now <= 7 * 86_400
    assert 0 < next_billing_day(now, day=day) - now <= 31 * 86_400


@given(now=INSTANTS)
def test_the_five_hours_name_no_reset_but_the_servers_own_clock(now):
    quota = Usage().instance(now=now)["codingPlanQuotaInfo"]
    assert quota["per5HourQuotaNextRefreshTime"] == int(now * 1_000)


def test_the_instance_is_written_as_the_provider_writes_it():
    assert Usage(step=0).instance(now=china("2026-11-23T10:15:31")) == {
        "instanceId": "sfm_codingplan_public-000000000demo",
        "instanceName": "Coding Plan Pro",
        "instanceType": "pro",
        "status": "VALID",
        "instanceEndTime": 1_804_176_000_000,
        "remainingDays": 101,
        "chargeType": "MONTH",
        "autoRenewFlag": True,
        "codingPlanQuotaInfo": {
            "per5HourUsedQuota": 1_284,
            "per5HourTotalQuota": 6_000,
            "per5HourQuotaNextRefreshTime": 1_795_400_131_000,
            "perWeekUsedQuota": 14_310,
            "perWeekTotalQuota": 45_000,
            "perWeekQuotaNextRefreshTime": 1_795_968_000_000,
            "perBillMonthUsedQuota": 61_200,
            "perBillMonthTotalQuota": 90_000,
            "perBillMonthQuotaNextRefreshTime": 1_796_400_000_000,
        },
    }
