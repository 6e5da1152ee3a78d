"""How good a forecast is on made-up users: the measures of docs/forecast.md, for ours and for three simple rivals.

    python tests/support/people_judged.py FIRST_SEED SEEDS

prints them for that set of seeds, as JSON, and with `monthly` or `five_hour` behind it those of that window;
`people_judged.py cost` prints what a reading costs.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.records import DAY, HOUR, LENGTHS, RHYTHMS, TOTAL, WEEK, Person, zone

from codingplan_bar.history.backtest import backtest, cases, score
from codingplan_bar.history.forecast import Outlook

SHARES = (0.3, 0.8, 0.95, 1.05, 1.2, 1.5)


@dataclass
class Week:
    """The `number`th week of a user: what was read until it ran out or ended, and `out`, when it ran out."""

    person: Person
    number: int
    places: range
    out: int | None


@dataclass
class Life:
    """A user's record, by weeks."""

    person: Person
    entries: list
    weeks: list


def lives(seeds, weeks=8):
    for share in SHARES:
        for rhythm in RHYTHMS:
            for seed in seeds:
                person = Person(rhythm, share, seed, weeks)
                entries = person.entries()
                yield Life(person, entries, list(_weeks(person, entries)))


def _weeks(person, entries):
    begin = 0
    for number in range(person.weeks):
        ends = person.reset + (number + 1) * WEEK
        end = next((place for place in range(begin, len(entries)) if entries[place].at >= ends), len(entries))
        full = next((place for place in range(begin, end) if entries[place].windows[0].used >= TOTAL), end)
        yield Week(person, number, range(begin, full), entries[full].at if full < end else None)
        begin = end


def ours(life):
    return [said.outlook for said in backtest(life.entries, zone)]


def straight_line(life):
    """Today's pace: the used share against the elapsed one."""
    return [_line(entry.at, entry.windows[0]) for entry in life.entries]


def _line(at, window):
    """Used share against elapsed share; nothing in the first 3 % of the week."""
    elapsed, share = at - window.resets_at + WEEK, window.used / window.total
    if elapsed < 0.03 * WEEK or at >= window.resets_at:
        return Outlook("unknown")
    full = window.resets_at - WEEK + elapsed / share if share > 0 else float("inf")
    if full < window.resets_at:
        return Outlook("runs_out", full, full, full, 1.0)
    return Outlook("lasts", probability=0.0)


def two_speeds(life):
    """The straight line, believed only where the last day's speed says the same."""
    found, behind = [], 0
    for entry, said in zip(life.entries, straight_line(life), strict=True):
        window = entry.windows[0]
        while life.entries[behind].at < entry.at - DAY:
            behind += 1
        before = life.entries[behind]
        same = before.windows[0].resets_at == window.resets_at and entry.at > before.at
        speed = (window.used - before.windows[0].used) / (entry.at - before.at) if same else 0.0
        agrees = window.used + speed * (window.resets_at - entry.at) >= window.total
        found.append(said if said.outlook != "runs_out" or agrees else Outlook("lasts", probability=0.0))
    return found


def last_week_repeated(life):
    """What the last week had still to come at this hour comes again; in the first week the straight line."""
    found = straight_line(life)
    for earlier, week in pairwise(life.weeks):
        ends = week.person.reset + week.number * WEEK
        place = earlier.places.start
        last = life.entries[week.places.start - 1].windows[0].used
        for each in week.places:
            entry = life.entries[each]
            while place < week.places.start - 1 and life.entries[place + 1].at <= entry.at - WEEK:
                place += 1
            then = life.entries[place].windows[0].used if life.entries[place].at < ends else 0
            is_out = entry.windows[0].used + last - then >= TOTAL
            found[each] = Outlook("runs_out" if is_out else "lasts", probability=float(is_out))
    return found


class Measures:
    """Counts what was said, week by week."""

    def __init__(self):
        self.counts = defaultdict(Counter)
        self.values = defaultdict(list)

    def take(self, life, said):
        for week in life.weeks:
            spoken = [said[place] for place in week.places]
            times = [life.entries[place].at for place in week.places]
            self._count("brier", sum((_sure(each) - (week.out is not None)) ** 2 for each in spoken), len(spoken))
            if week.number >= 2:
                self._count("unknown", sum(each.outlook == "unknown" for each in spoken), len(spoken))
            if week.out is None:
                self._lasted(week, spoken)
            else:
                self._ran_out(week, spoken, times)

    def _count(self, name, number, of):
        self.counts[name]["number"] += number
        self.counts[name]["of"] += of

    def _lasted(self, week, spoken):
        when = "first" if week.number == 0 else "later"
        false = sum(each.outlook == "runs_out" for each in spoken)
        self._count(f"false at {week.person.share:.0%}, {when}", false, len(spoken))
        if week.person.share in (0.8, 0.95):
            words = [each.outlook for each in spoken if each.outlook != "unknown"]
            self._count("flips", sum(a != b for a, b in pairwise(words)), 1)

    def _ran_out(self, week, spoken, times):
        self._count("false lasts", sum(each.outlook == "lasts" for each in spoken), len(spoken))
        outs = [(at, each) for at, each in zip(times, spoken, strict=True) if each.outlook == "runs_out"]
        if week.person.share == 1.2:
            early = [each for at, each in zip(times, spoken, strict=True) if at <= week.out - DAY]
            late = [each for at, each in zip(times, spoken, strict=True) if at > week.out - DAY]
            stood = bool(early) and all(each.outlook == "runs_out" for each in (early[-1], *late))
            self._count("told", any(each.outlook == "runs_out" for each in early), 1)
            self._count("told for good", stood, 1)
        for at, each in outs:
            if each.earliest is None:
                continue  # a rival that names no instant
            self._count("inside", each.earliest <= week.out <= each.latest, 1)
            days = (week.out - at) / DAY
            if days <= 1:
                self.values["error"].append(abs(each.runs_out_at - week.out) / HOUR)
            if days <= 2:
                self.values["width on the last day" if days <= 1 else "width two days before"].append(
                    (each.latest - each.earliest) / HOUR
                )

    def found(self):
        shares = {name: each["number"] / each["of"] for name, each in self.counts.items() if each["of"]}
        return shares | {name: median(values) for name, values in self.values.items() if values}


def _sure(outlook):
    return 0.5 if outlook.probability is None else outlook.probability


FORECASTS = {
    "ours": ours,
    "straight line": straight_line,
    "two speeds": two_speeds,
    "last week repeated": last_week_repeated,
}


def judged(seeds, weeks=8):
    """The measures of each forecast on that set."""
    measures = {name: Measures() for name in FORECASTS}
    for life in lives(seeds, weeks):
        for name, forecast in FORECASTS.items():
            measures[name].take(life, forecast(life))
    return {name: each.found() for name, each in measures.items()}


WEEKS = {"five_hour": 4, "monthly": 26}
SHORTEST_PAST = {"five_hour": WEEK, "monthly": LENGTHS["monthly"]}
"""What the first window, or the first week of the five hours, teaches is not judged."""


def judged_window(window, seeds):
    """The measures of one of the other windows, by the score that `history --backtest` itself gives."""
    by_share = {share: list(_cases(window, share, seeds)) for share in SHARES}
    every = score([case for listed in by_share.values() for case in listed])
    lasted = [case for share in (0.8, 0.95) for case in by_share[share] if case.full_at is None]
    out = score(by_share[1.2])
    sure = [(len(case.said), case.full_at is not None) for listed in by_share.values() for case in listed]
    usual = sum(number * is_out for number, is_out in sure) / sum(number for number, _ in sure)
    return {
        **{f"false at {share:.0%}": score(by_share[share])["false_alarms"] for share in (0.8, 0.95)},
        "flips": score(lasted)["flips"],
        "windows": every["windows"],
        "ran out": every["ran_out"],
        "told at 120%": (out["told_before"], out["told_a_day_before"], out["ran_out"]),
        "hours before": out["hours_before"],
        "false lasts": every["false_lasts"],
        "unknown": every["unknown"],
        "error": every["error_hours_on_the_last_day"],
        "inside": every["inside_the_range"],
        "width": every["range_hours_on_the_last_day"],
        "brier": every["brier"],
        "brier of the usual share": usual * (1 - usual),
    }


def _cases(window, share, seeds):
    for rhythm in RHYTHMS:
        for seed in seeds:
            person = Person(rhythm, share, seed, WEEKS[window], window)
            entries = person.entries()
            known = person.reset + SHORTEST_PAST[window]
            yield from (
                case
                for case in cases(entries, backtest(entries, zone))[window]
                if case.said and case.said[0].at >= known
            )


def cost(readings=6_000, rounds=10):
    """How many turns of a bare Python loop a reading of a year's backtest costs, by the processor's time.

    Both run in turns, so that a busy machine is busy for both.
    """
    said = backtest(Person("office", 1.2, 0, weeks=12).entries()[:readings], zone)
    turns, looped, learned = 500_000, 0.0, 0.0
    for _ in range(rounds):
        begun = time.process_time()
        for _turn in range(turns):
            pass
        between = time.process_time()
        read = sum(1 for _said in islice(said, readings // rounds))
        looped, learned = looped + between - begun, learned + time.process_time() - between
        assert read == readings // rounds
    return learned / readings / (looped / rounds / turns)


if __name__ == "__main__":
    if sys.argv[1] == "cost":
        print(cost())  # noqa: T201
    else:
        first, number = map(int, sys.argv[1:3])
        seeds = range(first, first + number)
        found = judged_window(sys.argv[3], seeds) if sys.argv[3:] else judged(seeds)
        print(json.dumps(found, indent=1))  # noqa: T201
