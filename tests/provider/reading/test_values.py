import math

import pytest

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
def test_what_is_no_time_from_1970_to_9999_is_none(value):
    assert instant(value) is None


def test_the_first_and_the_last_instant_are_read():
    assert instant(1) == 1
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
