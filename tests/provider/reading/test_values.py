"""Values and counters of an answer: what counts as a number, an instant, a window."""

from __future__ import annotations

import math

import pytest

from codingplan_bar.model import Window
from codingplan_bar.provider.payload import counted, counted_in
from codingplan_bar.provider.values import flag, instant, name, number

MONDAY = 1795968000  # 2026-11-30 00:00 in China


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (0, 0),
        (-3, -3),
        (1.5, 1.5),
        (6000.0, 6000),
        ("12", 12),
        (" +12 ", 12),
        ("12.50", 12.5),
        ("1e3", 1000),
        ("-7", -7),
        (10**300, 10**300),
        (2**63, 2**63),
        (2**64 - 1, 2**64 - 1),
        (1e19, 1e19),
        (1.7e308, 1.7e308),
        (str(2**63), 2**63),
        (str(10**308), 10**308),
        ("1.8e19", 1.8e19),
        ("6,000", 6000),
        ("1,234,567", 1234567),
        ("-6,000", -6000),
        ("6,000.50", 6000.5),
        ("6 000", 6000),
        ("6\u00a0000", 6000),
        ("6\u202f000\u202f000", 6000000),
        ("6'000", 6000),
        ("6’000", 6000),
        ("1_000", 1000),
        ("6，000", 6000),
        ("１２", 12),
        ("１２．５", 12.5),
        ("1" * 65, int("1" * 65)),
    ],
)
def test_a_number_is_read_also_from_a_text(value, read):
    assert number(value) == read
    assert type(number(value)) is type(read)


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        None,
        "",
        "x",
        "1,00",
        "1,0000",
        ",000",
        "6,",
        "1000,000",
        "6,000 000",
        "6,,000",
        "6\n\n000",
        "431次",
        "6 k",
        "6²",
        "٣",
        "0x10",
        "1e999",
        "5%",
        "NaN",
        "inf",
        "1" * 310,
        "1" * 2_000,
        math.nan,
        math.inf,
        -math.inf,
        10**400,
        [],
        {},
        [1],
    ],
)
def test_what_is_no_finite_number_is_none(value):
    assert number(value) is None


@pytest.mark.parametrize(
    "value",
    [
        MONDAY,
        float(MONDAY),
        str(MONDAY),
        MONDAY * 1000,
        MONDAY * 1000 + 999,
        f"{MONDAY}000",
        "2026-11-29T16:00:00Z",
        "2026-11-29T16:00:00.250Z",
        "2026-11-30T00:00:00+08:00",
        "2026-11-29T11:00-05:00",
        "2026-11-30",
        "20261130",
        " 2026-11-30 00:00 ",
        "2026-11-30 00:00:00",
        "2026-11-30T00:00:00",
    ],
)
def test_an_instant_is_read_from_each_way_to_write_it(value):
    assert instant(value) == MONDAY


@pytest.mark.parametrize(
    "value",
    [
        0,
        -1,
        0.5,
        "0",
        1,
        20261130,
        10**9 - 1,
        "999999999",
        "-86400",
        True,
        None,
        "",
        "soon",
        "2026-13-01",
        "1969-12-31",
        "1970-01-01T00:00:00Z",
        [],
        {},
        253402300800,
        253402300800000,
        10**300,
        math.inf,
        math.nan,
        "10000-01-01",
        "9999-12-31T23:59:59-08:00",
        "0001-01-01T00:00:00+14:00",
        "2026-11-30" + " " * 60,
    ],
)
def test_what_is_no_time_from_2001_to_9999_is_none(value):
    assert instant(value) is None


def test_the_first_and_the_last_instant_are_read():
    assert instant(10**9) == 10**9
    assert instant("9999-12-31T23:59:59Z") == instant(253402300799) == instant(253402300799999) == 253402300799


def test_milliseconds_begin_at_ten_to_the_twelfth():
    assert instant(10**12) == 10**9
    assert instant(10**12 - 1) is None


@pytest.mark.parametrize(("value", "read"), [(True, True), (False, False), (" True ", True), ("FALSE", False)])
def test_a_flag_is_a_boolean_or_its_word(value, read):
    assert flag(value) is read


@pytest.mark.parametrize("value", [None, 0, 1, "yes", "", [], {}, "x" * 1000])
def test_nothing_else_is_a_flag(value):
    assert flag(value) is None


def test_a_name_is_clean_and_at_most_64_characters():
    assert name(" Pro\n(current) ") == "Pro (current)"
    assert len(name("x" * 100)) == 64


@pytest.mark.parametrize("value", ["", " \t", "\u200b\u202e", 5, None, True, ["Pro"], {"a": 1}])
def test_what_shows_nothing_or_is_no_text_is_no_name(value):
    assert name(value) is None


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
