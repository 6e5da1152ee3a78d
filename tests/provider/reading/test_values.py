"""Values, texts and counters of an answer: what counts as JSON, as a name, a number, an instant, a window."""

from __future__ import annotations

import json
import math
import time
import tracemalloc

import pytest
from support.rows import for_each

from codingplan_bar.errors import BadResponse, EmptySuccess
from codingplan_bar.model import Window
from codingplan_bar.provider.plan_fields import counted, counted_in
from codingplan_bar.provider.values import MAX_VALUES, decode, flag, instant, name, number
from codingplan_bar.text import clean

MONDAY = 1795968000  # 2026-11-30 00:00 in China


@for_each(
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


@for_each(
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
        "20261130000000",
        20261130000000,
    ],
)
def test_an_instant_is_read_from_each_way_to_write_it(value):
    assert instant(value) == MONDAY


@for_each(
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
        "20261301000000",
        20261131000000,
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


@pytest.mark.parametrize(
    "end", ["\n", "\r\n", "\t", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\u2028", "\u2029"]
)
def test_a_line_end_of_any_kind_is_a_space(end):
    assert clean(f"a{end}b", 10) == "a b"


@pytest.mark.parametrize("space", ["   ", "\xa0", "\u3000", "\u2003", " \x00 ", "\u202f"])
def test_spaces_of_any_kind_become_one(space):
    assert clean(f" a{space}b ", 10) == "a b"


CONTROLS = (0x00, 0x1B, 0x7F, 0x9B, 0xD800, 0xDFFF, 0xE000, 0x10FFFD, 0x0378, 0xFFFE)
BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
UNSEEN = (0x00AD, 0x034F, 0x180B, 0x200B, 0x200C, 0x200D, 0x2060, 0x2800, 0x3164, 0xFE0F, 0xFEFF, 0xE0041, 0xE0100)


@for_each("char", [*map(chr, CONTROLS + BIDI + UNSEEN)], ids=ascii)
def test_what_cannot_be_seen_goes(char):
    assert clean(f"a{char}b", 10) == "ab"


@pytest.mark.parametrize(
    "text", ["编码套餐 专业版", "Ürün Pro – 5 h", "🚀 Pro", "ไทย", "हिन्दी", "<b>&amp;</b>", "%{A1:x:}#(id)|bash=x\\"]
)
def test_visible_text_stays_as_it_is(text):
    assert clean(text, 64) == text


def test_letters_and_marks_are_composed():
    assert clean("e\u0301", 10) == "é"


@pytest.mark.parametrize("sign", "&<>'\"")
def test_a_mark_does_not_sit_on_a_sign_of_markup(sign):
    assert clean(f"{sign}\u0301\u0327a", 10) == f"{sign}a"


def test_a_mark_that_makes_another_character_of_a_sign_leaves_no_sign():
    assert clean("<\u0338", 10) == "≮"


@pytest.mark.parametrize("text", ["\u0301a", " \u0301a", "\n\u0301a", "\u200b\u0301a"])
def test_a_mark_does_not_begin_a_text_where_it_would_sit_on_what_a_bar_puts_before(text):
    assert clean(text, 10) == "a"


def test_a_long_text_is_cut_with_an_ellipsis_within_the_limit():
    assert clean("x" * 11, 10) == "x" * 9 + "…"
    assert clean("x" * 10, 10) == "x" * 10
    assert clean("abc defg", 5) == "abc…"


def test_a_cut_falls_between_letters_and_not_between_a_letter_and_its_marks():
    assert clean("abq\u0323\u0301de", 5) == "ab…"
    assert clean("abq\u0323\u0301de", 6) == "abq\u0323\u0301…"
    assert clean("q" + "\u0323" * 20, 5) == "…"


@pytest.mark.parametrize("char", ["a", " ", "\u0301", "\u0301\u0327", "\u200b", "\ud800", "<\u0338"])
def test_a_megabyte_costs_no_more_than_a_line(char):
    begun = time.thread_time()
    assert len(clean(char * 1_000_000, 200)) <= 200
    assert time.thread_time() - begun < 0.5


FOUR_MIB = 4 * 1024 * 1024


def wrapped(value, times):
    """`value` as JSON inside a string inside a list, so many times."""
    for _ in range(times):
        value = [json.dumps(value)]
    return json.dumps(value)


def test_strings_are_opened_at_every_depth():
    assert decode(wrapped({"a": 1}, 4)) == [[[[{"a": 1}]]]]


@pytest.mark.parametrize("text", ["[", "{Pro}", '"quoted"', "12", "true", "null", "", "[1] and more", "NaN"])
def test_a_string_that_is_no_object_and_no_list_stays_a_string(text):
    assert decode(json.dumps({"a": text})) == {"a": text}


def test_a_string_of_white_space_and_json_is_opened():
    assert decode(json.dumps(" \n [1] ")) == [1]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be"])
def test_every_charset_of_json_is_read(charset):
    assert decode('{"名": "版"}'.encode(charset)) == {"名": "版"}


def test_a_mark_before_a_text_is_no_part_of_it():
    assert decode("\ufeff[1]") == [1]


@pytest.mark.parametrize("body", [b"", b" \r\n\t ", "", b"\xef\xbb\xbf"])
def test_nothing_at_all_is_a_success_that_carries_nothing(body):
    with pytest.raises(EmptySuccess):
        decode(body)


@pytest.mark.parametrize("body", [b"<html>", b"[1", b"[1] [2]", b"\xff\xfe\xfd", b"{'a': 1}", b"\x00", b'["\x01"]'])
def test_what_is_no_json_is_a_bad_response(body):
    with pytest.raises(BadResponse, match="not JSON"):
        decode(body)


def test_a_hundred_levels_are_read_and_one_more_is_not():
    assert decode("[" * 100 + "]" * 100)
    with pytest.raises(BadResponse, match="100 levels"):
        decode("[" * 101 + "]" * 101)


def test_the_levels_of_embedded_json_count_with_those_around_it():
    inner = json.dumps("[" * 50 + "]" * 50)
    assert decode("[" * 50 + inner + "]" * 50)
    with pytest.raises(BadResponse, match="100 levels"):
        decode("[" * 51 + inner + "]" * 51)


CLOSED = ["[" * 40_000 + "]" * 40_000, '{"a":' * 40_000 + "1" + "}" * 40_000]


@pytest.mark.parametrize("deep", [*CLOSED, json.dumps(CLOSED[:1])])
def test_a_nesting_beyond_the_interpreter_is_a_bad_response(deep):
    with pytest.raises(BadResponse, match="100 levels"):
        decode(deep)


@pytest.mark.parametrize("deep", ["[" * 90_000, '{"a":' * 90_000])
def test_a_nesting_that_never_closes_is_a_bad_response(deep):
    """Whether Python sees first that it is deep or that it is cut off depends on its version."""
    with pytest.raises(BadResponse, match=r"100 levels|not JSON"):
        decode(deep)


def test_an_embedded_nesting_that_never_closes_is_text_where_python_reads_so_far():
    embedded = ["[" * 40_000]
    try:
        assert decode(json.dumps(embedded)) == embedded
    except BadResponse as error:
        assert "100 levels" in error.message  # noqa: PT017 - both are right


def test_numbers_beyond_every_float_are_values_and_no_errors():
    small, large, far = decode(f"[-1{'0' * 5000}, 1{'0' * 5000}, 1e999]")
    assert (small, large, far) == (-math.inf, math.inf, math.inf)


def test_values_are_counted_again_where_they_are_opened():
    third = json.dumps("[" + "1," * (MAX_VALUES // 3) + "1]")
    assert len(decode(f"[{third}]")[0]) == MAX_VALUES // 3 + 1
    with pytest.raises(BadResponse, match="100000 values"):
        decode(f"[{third}, {third}]")


def as_four_mib(beginning, repeated, end):
    times = (FOUR_MIB - len(beginning) - len(end)) // len(repeated)
    return beginning + repeated * times + end


@pytest.mark.parametrize(
    "body",
    [
        as_four_mib(b"[", b'{"a":1},', b"0]"),
        as_four_mib(b"[", b"[],", b"0]"),
        as_four_mib(b'["', b'[1","', b'"]'),
        as_four_mib(b"[", b"9", b"]"),
        as_four_mib(b"[0.", b"1", b"]"),
        as_four_mib(b'["', b"\\ud83d\\ude00", b'"]'),
        as_four_mib(b'["', b"x", b'"]'),
        wrapped("x" * 3_000_000, 15).encode(),
    ],
    ids=["objects", "lists", "strings", "digits", "fraction", "escapes", "text", "wraps"],
)
def test_four_mib_of_malice_end_in_bounded_memory(body):
    tracemalloc.start()
    try:
        decode(body)
    except BadResponse:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 40 * 1024 * 1024
