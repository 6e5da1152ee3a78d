"""The made-up plan's calendar: the week ends on Monday, the month on the day of the subscription, both in China."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar.demo import Usage, next_billing_day, next_monday

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
