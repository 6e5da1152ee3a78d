"""One window in words."""

from __future__ import annotations

import pytest
from support.scenes import FETCHED, MONDAY

from codingplan_bar.bars.row import Row, is_fact
from codingplan_bar.words.en import WORDS
from codingplan_bar.words.zh import WORDS as CHINESE

HOUR, DAY = 3_600, 86_400
THRESHOLDS = {"warning": "75", "critical": "90"}


def row(window: str = "210 1000 -", *, name: str = "five_hour", now: float = FETCHED + 60, show: str = "used") -> Row:
    facts = {f"window.{name}": window, "fetched_at": str(FETCHED), "show": show, **THRESHOLDS}
    return Row(name, facts, now, WORDS, is_fresh=False)


def test_the_five_hours_slide_and_have_no_countdown():
    assert row().value("reset") == "frees up within 5 h"
    assert row().value("reset_in") == row().value("reset_at") == ""


def test_the_five_hours_have_a_countdown_where_the_provider_names_a_time():
    counted = row(f"210 1000 {FETCHED + 2 * HOUR}", now=FETCHED)
    assert counted.value("reset") == "resets in 2 h (02:30)"


def test_a_fixed_window_without_a_reset_says_nothing_of_one():
    assert row("1 2 -", name="weekly").value("reset") == ""


def test_a_window_counts_down_to_its_reset():
    last_minute = row(f"210 5000 {MONDAY}", name="weekly", now=MONDAY - 30)
    assert last_minute.value("reset") == "resets in <1 min (Mon 00:00)"
    assert last_minute.value("percent") == "4%"


@pytest.mark.parametrize(
    ("name", "window", "end"),
    [
        ("weekly", f"5000 5000 {MONDAY}", MONDAY),
        ("weekly", "5000 5000 -", FETCHED + 7 * DAY),
        ("monthly", "5000 5000 -", FETCHED + 30 * DAY),
        ("five_hour", "1000 1000 -", FETCHED + 5 * HOUR),
        ("five_hour", f"1000 1000 {FETCHED + HOUR}", FETCHED + HOUR),
    ],
)
def test_a_number_is_known_until_its_window_is_reset_or_over_and_not_a_second_longer(name, window, end):
    before, after = row(window, name=name, now=end - 1), row(window, name=name, now=end)
    assert (before.percent, before.value("left_percent")) == (100, "0%")
    assert after.percent is None
    numbers = ("percent", "share", "used", "left", "left_of", "used_percent", "left_percent", "reset_in", "reset_at")
    assert {after.value(number) for number in numbers} == {"?"}
    assert after.value("reset").startswith("unknown since ")


def test_since_when_a_number_is_not_known_is_told_by_the_clock():
    assert row(name="weekly", window=f"1 2 {MONDAY}", now=MONDAY + 60).value("reset") == "unknown since 00:00"
    assert row(name="weekly", window=f"1 2 {MONDAY}", now=MONDAY + DAY).value("reset") == "unknown since Mon 00:00"


def test_an_unknown_number_has_neither_an_empty_nor_a_full_bar():
    unknown = row(now=FETCHED + DAY)
    assert unknown.value("bar") == "·" * 10
    assert row(now=FETCHED + DAY, show="remaining").value("bar:3") == "···"


def test_what_is_total_stays_known():
    assert row(now=FETCHED + DAY).value("total") == "1,000"


@pytest.mark.parametrize(
    ("window", "percent", "used", "left"),
    [
        ("0 1000 -", "0%", "0", "1,000"),
        ("1 90000 -", "<1%", "1", "89,999"),
        ("89999 90000 -", "99%", "89,999", "1"),
        ("1200 1000 -", "100%", "1,200", "0"),
        ("-5 1000 -", "0%", "0", "1,000"),
        ("0.5 1000 -", "<1%", "0.5", "999.5"),
        ("500000000000 1000000000000 -", "50%", "500,000,000,000", "500,000,000,000"),
        ("12 18446744073709551615 -", "<1%", "12", "no limit"),
        ("1e+300 1.5e+300 -", "67%", "1e+300", "no limit"),
        ("1.79e+308 1.79e+308 -", "100%", "1.79e+308", "no limit"),
    ],
)
def test_extreme_numbers_are_told_as_they_are(window, percent, used, left):
    found = row(window)
    assert found.value("percent") == percent
    assert (found.value("used"), found.value("left")) == (used, left)


def test_counting_down_turns_percent_and_bar_and_says_so():
    left = row("210 1000 -", show="remaining")
    assert (left.value("percent"), left.value("share"), left.value("bar:5")) == ("79%", "79% left", "▰▰▰▱▱")
    assert (left.value("used_percent"), left.value("left_percent"), left.value("used")) == ("21%", "79%", "210")
    assert left.percent == 21


def test_counting_down_nothing_is_left_only_at_the_end():
    assert row("999.9 1000 -", show="remaining").value("share") == "<1% left"
    assert row("0.1 1000 -", show="remaining").value("share") == "99% left"
    assert row("1000 1000 -", show="remaining").value("share") == "0% left"
    assert row("0 1000 -", show="remaining").value("bar") == "▰" * 10


@pytest.mark.parametrize(
    ("argument", "cells"),
    [
        ("bar", 10),
        ("bar:", 10),
        ("bar:1", 1),
        ("bar:40", 40),
        ("bar:41", 40),
        ("bar:0", 1),
        ("bar:x", 10),
        ("bar:²", 10),
    ],
)
def test_a_bar_has_as_many_cells_as_asked_for_within_reason(argument, cells):
    assert len(row().value(argument)) == cells
    assert is_fact(argument)


HUGE = [10**12 + 1, 2**63, 2**64 - 1, 10**300, 1e19, 1.7e308]


@pytest.mark.parametrize("total", HUGE)
@pytest.mark.parametrize(("words", "no_limit"), [(WORDS, "no limit"), (CHINESE, "不限量")])
def test_a_total_that_is_nobodys_quota_is_no_limit_and_its_share_is_shown(total, words, no_limit):
    facts = {"window.weekly": f"{total // 4 if isinstance(total, int) else total / 4} {total} -", "show": "used"}
    found = Row("weekly", {**facts, "fetched_at": str(FETCHED), **THRESHOLDS}, FETCHED, words, is_fresh=False)
    assert found.value("percent") == "25%"
    assert {found.value(fact) for fact in ("left", "total", "left_of")} == {no_limit}


@pytest.mark.parametrize("name", ["", "nonsense", "percent:3", "Percent", "bars"])
def test_a_fact_that_there_is_not_is_no_fact(name):
    assert not is_fact(name)
    with pytest.raises(KeyError):
        row().value(name)
