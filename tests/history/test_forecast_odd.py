"""The forecast where a life is not as usual, and on made-up users of every rhythm: the figures of docs/forecast.md."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.records import DAY, DESK, EAST, EVENING, FREE_DAY, HOUR, IDLE, MONDAY, TOTAL, WEEK, Person, zone

from codingplan_bar.history.backtest import backtest, cases, score
from codingplan_bar.history.learned_rhythm import learn, pack, unpack
from codingplan_bar.history.learned_rhythm import local_zone as zone_here
from codingplan_bar.history.record import Entry, by_account
from codingplan_bar.model import Window

SAYINGS = {"lasts", "runs_out", "used_up", "unknown"}


def office(share=0.8, weeks=5, shape=(DESK,) * 5 + (IDLE,) * 2, poll=900, east=zone, reset=MONDAY):
    """Who works the same hours by the clock of where they are, whatever zone that is."""
    each_hour = share * TOTAL / sum(map(sum, shape))
    used, found = 0.0, []
    for at in range(reset, reset + int(weeks * WEEK), poll):
        used = 0.0 if (at - reset) % WEEK == 0 else used
        ends = reset + ((at - reset) // WEEK + 1) * WEEK
        found.append(Entry(at, "web", "intl", "Pro", (Window("weekly", int(used), TOTAL, ends),)))
        day, second = divmod(at + east(at), DAY)
        used = min(used + shape[(day + 3) % 7][second // HOUR] * each_hour * poll / HOUR, TOTAL)
    return found


def said(entries, east=zone):
    return [each.outlook for each in backtest(entries, east)]


def rates(entries, east=zone):
    now = entries[-1].at
    return learn(entries, now, east).habits["weekly"].week((now + east(now)) // DAY).rates


def share_of(saying, entries, east=zone, since=2 * WEEK):
    spoken = [o.outlook for e, o in zip(entries, said(entries, east), strict=True) if e.at >= entries[0].at + since]
    return spoken.count(saying) / len(spoken)


@pytest.mark.parametrize("begin", ["2026-03-02", "2026-10-05"])
def test_a_clock_that_is_put_forward_or_back_changes_nothing(begin, local_time):
    """Berlin, from four weeks before the change on."""
    local_time("Europe/Berlin")
    entries = office(weeks=6, east=zone_here, reset=int(time.mktime(time.strptime(begin, "%Y-%m-%d"))))
    assert {zone_here(entry.at) for entry in entries} == {3_600, 7_200}
    assert share_of("lasts", entries, zone_here) > 0.95


def test_who_travels_to_another_zone_and_works_there_by_its_clock_is_told_no_lies():
    there = MONDAY + 3 * WEEK

    def travels(at):
        return EAST if at < there else -7 * HOUR

    entries = office(weeks=6, east=travels)
    assert share_of("runs_out", entries, travels) == 0
    assert share_of("lasts", entries, travels) > 0.9


def test_a_plan_that_grows_lasts_from_then_on():
    grown = MONDAY + 3 * WEEK + 2 * DAY
    entries = [
        entry if entry.at < grown else entry._replace(windows=(entry.windows[0]._replace(total=2 * TOTAL),))
        for entry in office(share=1.2, weeks=5)
    ]
    later = [o.outlook for e, o in zip(entries, said(entries), strict=True) if e.at > grown + DAY]
    assert later.count("lasts") > 0.9 * len(later)


def in_percent(entry):
    window = entry.windows[0]
    as_read = window._replace(used=window.used_percent, total=100, in_percent=True)
    return entry._replace(windows=(as_read,))


CHANGE = MONDAY + 2 * WEEK + 3 * DAY
UNITS = {
    "percent, then amounts": lambda entry: in_percent(entry) if entry.at < CHANGE else entry,
    "amounts, then percent": lambda entry: in_percent(entry) if entry.at >= CHANGE else entry,
    "by turns": lambda entry: in_percent(entry) if entry.at // DAY % 2 else entry,
}


@pytest.mark.parametrize("unit", UNITS)
def test_numbers_that_change_between_percent_and_amounts_are_the_same_work(unit):
    amounts = office()
    mixed = [UNITS[unit](entry) for entry in amounts]
    assert [each.outlook for each in said(mixed)] == [each.outlook for each in said(amounts)]
    assert share_of("runs_out", mixed) == 0


def test_five_hours_that_change_between_percent_and_amounts_go_on():
    amounts = Person("office", 0.8, 1, weeks=2, window="five_hour").entries()
    mixed = [in_percent(entry) if entry.at // (7 * HOUR) % 2 else entry for entry in amounts]
    same = [a.outlook == b.outlook for a, b in zip(said(amounts), said(mixed), strict=True)]
    assert sum(same) > 0.99 * len(same)


@pytest.mark.parametrize("unit", UNITS)
def test_a_rhythm_that_was_kept_knows_the_unit_of_its_numbers(unit):
    entries = [UNITS[unit](entry) for entry in office(weeks=4)]
    begin = next(place for place, entry in enumerate(entries) if entry.at >= CHANGE)
    kept = unpack(json.loads(json.dumps(pack(learn(entries[:begin], CHANGE, zone)))), zone)
    for entry in entries[begin:]:
        kept.add(entry)
    assert pack(kept) == pack(learn(entries, entries[-1].at, zone))


def test_another_account_begins_with_a_first_week_of_its_own():
    entries = [
        entry._replace(account="a" * 32 if entry.at < MONDAY + 3 * WEEK else "b" * 32) for entry in office(1.2, weeks=4)
    ]
    one, other = by_account(entries)
    assert said(other) == said([entry._replace(account=None) for entry in other])
    assert len(one) + len(other) == len(entries)


@pytest.mark.parametrize("weeks", [2, 5, 12])
def test_weeks_without_any_reading_are_no_holiday_and_no_rest(weeks):
    entries = [e for e in office(weeks=5 + weeks) if not 3 <= (e.at - MONDAY) / WEEK < 3 + weeks]
    assert share_of("runs_out", entries) == 0
    assert sum(rates(entries)) / TOTAL == pytest.approx(0.8, abs=0.1)


@pytest.mark.parametrize("name", ["five_hour", "weekly", "monthly"])
@pytest.mark.parametrize("used", [0, 1, TOTAL - 1])
def test_one_reading_foretells_nothing(name, used):
    (found,) = said([Entry(MONDAY, "", "", "", (Window(name, used, TOTAL, None),))])
    assert found.outlook in ("unknown", "lasts")
    assert found.runs_out_at is None


def test_hours_that_are_never_seen_are_those_of_a_like_day():
    """The week ends on a Sunday at 18, and is used up by then: no Sunday afternoon is ever seen."""
    shape = [EVENING] * 5 + [FREE_DAY] * 2
    entries = office(1.1, shape=shape, reset=MONDAY + 6 * DAY + 18 * HOUR)
    assert entries[-1].windows[0].used == TOTAL
    learned = rates(entries)
    assert sum(learned[6 * 24 + 14 : 6 * 24 + 18]) > 0.7 * sum(learned[5 * 24 + 14 : 5 * 24 + 18]) > 0


def test_in_the_first_week_a_weekend_is_taken_for_less_than_a_working_day():
    entries = office(weeks=5 / 7)
    learned = rates(entries)
    assert 0.4 < sum(learned[5 * 24 : 6 * 24]) / sum(learned[3 * 24 : 4 * 24]) < 0.8


def test_what_was_spent_until_a_window_was_used_up_counts():
    before, after = Window("weekly", TOTAL - 900, TOTAL, MONDAY + WEEK), Window("weekly", TOTAL, TOTAL, MONDAY + WEEK)
    entries = [
        Entry(MONDAY + at, "", "", "", (window,)) for at, window in ((0, before), (1_800, after), (3_600, after))
    ]
    (day,) = learn(entries, MONDAY + DAY, zone).habits["weekly"].days.values()
    assert (sum(day.spent), sum(day.known)) == (900, 900)


def test_five_hours_that_are_read_every_half_hour_are_learned_while_something_is_in_them():
    entries = Person("always", 0.8, 1, weeks=2, window="five_hour").entries()
    habit = learn(entries, entries[-1].at, zone).habits["five_hour"]
    assert habit.watched() > 0.9 * (entries[-1].at - entries[0].at - 12 * HOUR) / 2
    assert {each.outlook for each in said(entries)} <= SAYINGS


def test_five_hours_that_are_full_again_within_the_hour_have_run_out_once():
    full = {60, 63, 65, 200}
    entries = [
        Entry(MONDAY + 600 * n, "", "", "", (Window("five_hour", 100 if n in full else 90, 100),)) for n in range(300)
    ]
    found = score(cases(entries, backtest(entries, zone))["five_hour"])
    assert found["ran_out"] == 2


# The forecast on made-up users of every rhythm and share: the figures of docs/forecast.md.


JUDGE = Path(__file__).parents[1] / "support/people_judged.py"
FIRST_SEED, SEEDS = 900, 4
"""Those of docs/forecast.md on which the straight line errs as it is known to; two seeds are too few for that."""
LONGEST = 1_800  # seconds; a quiet machine takes 110


def judge(*arguments):
    """What the judge prints, in a process of its own: under the tracer of the coverage it takes eight times as long."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    command = [sys.executable, str(JUDGE), *map(str, arguments)]
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, timeout=LONGEST, check=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def found():
    return judge(FIRST_SEED, SEEDS)


OF_THE_LINE = {
    "false at 80%, later": (0.19, 0.27),
    "false at 80%, first": (0.16, 0.27),
    "false at 95%, later": (0.37, 0.37),
    "flips": (3.5, 5.2),
    "told for good": (0.75, 0.75),
    "error": (3.7, 3.7),
}
"""What the straight line is known to come to on people: only a set on which it does is like them."""


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("measure", OF_THE_LINE)
def test_the_set_is_like_people_within_a_fifth(found, measure):
    low, high = OF_THE_LINE[measure]
    assert low * 0.8 <= found["straight line"][measure] <= high * 1.2


AT_MOST = {
    "false at 80%, later": 0.02,
    "false at 80%, first": 0.10,
    "false at 95%, later": 0.10,
    "flips": 1,
    "false lasts": 0.05,
    "unknown": 0.20,
    "error": 3,
    "width on the last day": 12,
    "width two days before": 36,
}
AT_LEAST = {"told": 0.90, "told for good": 0.90, "inside": 0.80}


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("measure", AT_MOST)
def test_it_errs_no_more_than_is_promised(found, measure):
    assert found["ours"][measure] <= AT_MOST[measure]


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("measure", AT_LEAST)
def test_it_tells_no_less_than_is_promised(found, measure):
    assert found["ours"][measure] >= AT_LEAST[measure]


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("rival", ["straight line", "two speeds", "last week repeated"])
def test_its_probabilities_are_better_than_those_of(rival, found):
    assert found["ours"]["brier"] < found[rival]["brier"]


AT_MOST_OF = {
    "monthly": {
        "false at 80%": 0.02,
        "false at 95%": 0.10,
        "flips": 1,
        "false lasts": 0.05,
        "unknown": 0.20,
        "error": 3,
    },
    "five_hour": {
        "false at 80%": 0.04,
        "false at 95%": 0.10,
        "flips": 0.5,
        "false lasts": 0.08,
        "unknown": 0.40,
        "error": 1,
    },
}
"""Of the five hours less is wanted: a few steps decide them. docs/forecast.md says why."""
AT_LEAST_OF = {"monthly": (0.9, 0.8), "five_hour": (0.4, 0.75)}
"""What share of the users' windows at 120 % is told before, and of the told ranges holds what came.

Of the five hours half was wanted: docs/forecast.md says on which seed that is missed.
"""


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("window", [pytest.param("monthly", marks=pytest.mark.long), "five_hour"])
def test_the_other_windows_err_no_more_than_is_promised(window):
    found = judge(0, 1, window)
    assert found["ran out"] > 100
    assert {name: found[name] for name, most in AT_MOST_OF[window].items() if found[name] > most} == {}
    told, _, ran_out = found["told at 120%"]
    least_told, least_inside = AT_LEAST_OF[window]
    assert told >= least_told * ran_out
    assert found["inside"] >= least_inside
    assert found["brier"] < found["brier of the usual share"]


@pytest.mark.usefixtures("programs")
def test_a_reading_costs_five_thousand_turns_of_a_bare_loop_at_most():
    """A year of one reading in five minutes, 105,120 of them, is then 20 s where a turn takes 38 ns."""
    assert judge("cost") <= 5_000
