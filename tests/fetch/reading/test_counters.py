import pytest

from codingplan_bar.fetch.reading.counters import windows_in, windows_of
from codingplan_bar.model import Window

NOW = 1_795_400_131
FIVE = {"per5HourUsedQuota": 1, "per5HourTotalQuota": 10}
WEEK = {"perWeekUsedQuota": 2, "perWeekTotalQuota": 20}


def test_the_windows_come_the_shortest_first():
    month = {"perMonthUsedQuota": 3, "perMonthTotalQuota": 30}
    assert [window.name for window in windows_of(month | WEEK | FIVE, now=NOW)] == ["five_hour", "weekly", "monthly"]


@pytest.mark.parametrize(("ahead", "kept"), [(-10, False), (0, False), (59, False), (60, True), (400, True)])
def test_the_rolling_window_has_a_reset_only_a_minute_ahead(ahead, kept):
    (window,) = windows_of(FIVE | {"per5HourQuotaNextRefreshTime": NOW + ahead}, now=NOW)
    assert window.resets_at == (NOW + ahead if kept else None)


@pytest.mark.parametrize(("ahead", "kept"), [(-10, False), (0, False), (1, True)])
def test_a_fixed_window_has_a_reset_only_ahead(ahead, kept):
    (window,) = windows_of(WEEK | {"perWeekQuotaNextRefreshTime": NOW + ahead}, now=NOW)
    assert window.resets_at == (NOW + ahead if kept else None)


def test_the_first_name_that_can_be_read_is_taken():
    quota = {"per5HourUsedQuota": None, "perFiveHourUsedQuota": "4", "per5HourTotalQuota": 10}
    assert windows_of(quota, now=NOW) == (Window("five_hour", 4, 10),)


@pytest.mark.parametrize(("used", "percent"), [(-5, 0), (0, 0), (5, 50), (10, 100), (11, 100), (1e308, 100)])
def test_the_used_share_stays_within_0_and_100(used, percent):
    (window,) = windows_of({"per5HourUsedQuota": used, "per5HourTotalQuota": 10}, now=NOW)
    assert window.used_percent == percent


def test_named_counters_come_before_unnamed_ones_and_the_outer_before_the_inner():
    scope = {"other": FIVE, "deep": {"deeper": {"codingPlanQuotaInfo": WEEK}}}
    assert [window.name for window in windows_in([scope], now=NOW)] == ["weekly"]
    assert (
        windows_in([{"a": {"b": {"per5HourUsedQuota": 9, "per5HourTotalQuota": 10}}, "c": FIVE}], now=NOW)[0].used == 1
    )


def test_counters_that_make_no_window_are_passed_over():
    empty = {"codingPlanQuotaInfo": {"per5HourUsedQuota": 1, "per5HourTotalQuota": 0}}
    assert windows_in([empty, {"x": WEEK}], now=NOW) == (Window("weekly", 2, 20),)
    assert windows_in([empty], now=NOW) == ()
