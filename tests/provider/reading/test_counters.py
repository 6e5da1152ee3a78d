import math

import pytest

from codingplan_bar.model import Window
from codingplan_bar.provider.payload import counted, counted_in

NOW = 1_795_400_131
FIVE = {"per5HourUsedQuota": 1, "per5HourTotalQuota": 10}
WEEK = {"perWeekUsedQuota": 2, "perWeekTotalQuota": 20}


def test_the_windows_come_the_shortest_first():
    month = {"perMonthUsedQuota": 3, "perMonthTotalQuota": 30}
    assert [window.name for window in counted(month | WEEK | FIVE, now=NOW).windows] == [
        "five_hour",
        "weekly",
        "monthly",
    ]


@pytest.mark.parametrize(("ahead", "kept"), [(-10, False), (0, False), (59, False), (60, True), (400, True)])
def test_the_rolling_window_has_a_reset_only_a_minute_ahead(ahead, kept):
    (window,) = counted(FIVE | {"per5HourQuotaNextRefreshTime": NOW + ahead}, now=NOW).windows
    assert window.resets_at == (NOW + ahead if kept else None)


@pytest.mark.parametrize(("ahead", "kept"), [(-10, False), (0, False), (1, True)])
def test_a_fixed_window_has_a_reset_only_ahead(ahead, kept):
    (window,) = counted(WEEK | {"perWeekQuotaNextRefreshTime": NOW + ahead}, now=NOW).windows
    assert window.resets_at == (NOW + ahead if kept else None)


def test_the_first_name_that_can_be_read_is_taken():
    quota = {"per5HourUsedQuota": None, "perFiveHourUsedQuota": "4", "per5HourTotalQuota": 10}
    assert counted(quota, now=NOW).windows == (Window("five_hour", 4, 10),)


@pytest.mark.parametrize(("used", "percent"), [(-5, 0), (0, 0), (5, 50), (10, 100), (11, 100), (1e308, 100)])
def test_the_used_share_stays_within_0_and_100(used, percent):
    (window,) = counted({"per5HourUsedQuota": used, "per5HourTotalQuota": 10}, now=NOW).windows
    assert window.used_percent == percent


def test_named_counters_come_before_unnamed_ones_and_the_outer_before_the_inner():
    scope = {"other": FIVE, "deep": {"deeper": {"codingPlanQuotaInfo": WEEK}}}
    assert [window.name for window in counted_in([scope], now=NOW).windows] == ["weekly"]
    assert (
        counted_in([{"a": {"b": {"per5HourUsedQuota": 9, "per5HourTotalQuota": 10}}, "c": FIVE}], now=NOW)
        .windows[0]
        .used
        == 1
    )


def test_counters_that_make_no_window_are_passed_over():
    empty = {"codingPlanQuotaInfo": {"per5HourUsedQuota": 1, "per5HourTotalQuota": 0}}
    assert counted_in([empty, {"x": WEEK}], now=NOW).windows == (Window("weekly", 2, 20),)
    assert counted_in([empty], now=NOW).windows == ()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, ""),
        ({"perWeekUsedQuota": None, "perWeekTotalQuota": ""}, ""),
        ({"perWeekUsedQuota": 1, "perWeekTotalQuota": 10}, ""),
        ({"perWeekUsedQuota": "431次", "perWeekTotalQuota": 10}, "used is not a finite number"),
        ({"perWeekUsedQuota": "NaN", "perWeekTotalQuota": 10}, "used is not a finite number"),
        ({"perWeekUsedQuota": math.inf, "perWeekTotalQuota": 10}, "used is not a finite number"),
        ({"perWeekUsedQuota": True, "perWeekTotalQuota": 10}, "used is not a finite number"),
        ({"perWeekUsedQuota": 1, "perWeekTotalQuota": "1,00"}, "total is not a finite number"),
        ({"perWeekUsedQuota": 1}, "total is missing"),
        ({"perWeekTotalQuota": 10}, "used is missing"),
        ({"perWeekUsedQuota": 1, "perWeekTotalQuota": 0}, "total is 0"),
        ({"perWeekUsedQuota": 1, "perWeekTotalQuota": "-1"}, "total is below 0"),
        ({"perWeek": {"used": "x", "total": 1}}, "used is not a finite number"),
    ],
)
def test_what_is_left_out_is_named_with_its_reason_and_without_its_value(fields, reason):
    assert counted(FIVE | fields, now=NOW).left_out == ((f"weekly ({reason})",) if reason else ())


def test_where_nothing_can_be_counted_the_first_that_leaves_something_out_is_told_of():
    empty, spoilt = {"codingPlanQuotaInfo": {}}, {"codingPlanQuotaInfo": {"perWeekUsedQuota": 1}}
    assert counted_in([empty, spoilt], now=NOW).left_out == ("weekly (total is missing)",)
    assert counted_in([spoilt, {"x": FIVE}], now=NOW) == ((Window("five_hour", 1, 10),), ())
