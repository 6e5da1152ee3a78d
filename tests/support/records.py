"""What a record of the past holds: made-up users with seeds, and entries by hand.

No clock, and no chance but the seed's. The set of users is judged in `test_forecast_odd.py`, and described in
docs/forecast.md.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from random import Random

from codingplan_bar.history.record import Entry
from codingplan_bar.model import Window

HOUR, DAY, WEEK = 3600, 86_400, 604_800
LENGTHS = {"five_hour": 5 * HOUR, "weekly": WEEK, "monthly": 30 * DAY}
MONDAY = 1_788_739_200 - 8 * HOUR
"""Monday, 2026-09-07, 00:00 in the made-up users' zone, eight hours east of Greenwich."""
EAST = 8 * HOUR
TOTAL = 45_000
DAYS_VARY = 0.12
"""How far one day of work is from another: sigma of a logarithm."""
GOLDEN = 0.6180339887498949


def zone(at):
    return EAST


def _hours(*spans):
    """24 weights from `(from, to, weight)`."""
    return [sum(weight for begin, end, weight in spans if begin <= hour < end) for hour in range(24)]


IDLE = [0.0] * 24
DESK = _hours((9, 12, 1.0), (12, 13, 0.4), (13, 18, 1.0), (18, 20, 0.2))
EVENING = _hours((19, 23, 1.0), (23, 24, 0.4))
FREE_DAY = _hours((10, 13, 0.8), (14, 19, 1.0), (20, 23, 0.7))
SPRINT = _hours((8, 20, 1.0), (20, 23, 0.5))
BETWEEN = _hours((9, 18, 0.25))
LONG_DAY = _hours((7, 9, 0.5), (9, 23, 1.0), (23, 24, 0.5))
NIGHT = _hours((0, 4, 1.0), (4, 6, 0.4), (20, 22, 0.4), (22, 24, 1.0))
ALWAYS = [1.0] * 24
BY_DAY = _hours((0, 7, 0.3), (7, 24, 1.0))

RHYTHMS = {
    "office": [DESK] * 5 + [IDLE] * 2,
    "evenings": [EVENING] * 5 + [FREE_DAY] * 2,
    "sprints": [BETWEEN, BETWEEN, SPRINT, SPRINT, IDLE, IDLE, IDLE],
    "nights": [NIGHT] * 6 + [IDLE],
    "always": [ALWAYS] * 7,
    "machines": [BY_DAY] * 7,
    "holiday": [LONG_DAY] * 6 + [IDLE],
    "new job": [LONG_DAY] * 5 + [IDLE] * 2,
    "days off": [LONG_DAY] * 5 + [IDLE] * 2,
}


@dataclass(frozen=True)
class Person:
    """`share` of the window is what an ordinary one comes to; `weeks` are lived through from the seed.

    Of the five hours, which slide, it is what the busiest ones of an ordinary week come to.
    """

    rhythm: str
    share: float
    seed: int
    weeks: int = 8
    window: str = "weekly"

    @property
    def poll(self):
        """Seconds between two readings."""
        return Random(f"{self.seed} {self.rhythm} {self.share} poll").choice([300, 600, 900, 1200, 1800])

    @property
    def reset(self):
        """The begin of the first window: an hour at which the plan was bought, one of those in which there is work.

        Much depends on that hour: seeds in a row spread it evenly over the week, by multiples of the golden ratio.
        """
        working = [number for number in range(168) if RHYTHMS[self.rhythm][number // 24][number % 24]]
        place = (Random(f"{self.rhythm} reset").random() + self.seed * GOLDEN) % 1
        return MONDAY + working[int(place * len(working))] * HOUR

    def entries(self):
        """The record: one entry a poll, the oldest first, from the first window's begin."""
        chance = Random(f"{self.seed} {self.rhythm} {self.share}")
        sleeps = chance.random() < 0.5
        begin = reset = self.reset
        used, found, at, asleep_until = 0.0, [], begin, 0.0
        days, spent, length = {}, deque(), LENGTHS[self.window]
        while at < begin + self.weeks * WEEK:
            local = at + EAST
            day, hour = divmod(local // HOUR, 24)
            if day not in days:
                days[day] = self._day(day, begin, chance)
            if self.window == "five_hour":
                while spent and spent[0][0] < at - length:
                    used = max(used - spent.popleft()[1], 0.0)
            elif at >= reset:
                reset, used = reset + length, 0.0
            if sleeps and at >= asleep_until and chance.random() < self.poll / (30 * HOUR):
                asleep_until = at + chance.uniform(2, 12) * HOUR
            wanted = days[day][hour]
            before, used = used, min(used + wanted * self.poll / HOUR * chance.expovariate(1), TOTAL)
            spent.append((at, used - before))
            if at >= asleep_until and (not sleeps or wanted or 7 <= hour < 23):
                read, until = (used, None) if self.window == "five_hour" else (before, reset)
                found.append(Entry(at, "web", "intl", "Pro", (Window(self.window, int(read), TOTAL, until),)))
            at += self.poll
        return found

    def _day(self, day, begin, chance):
        """What is wanted in each hour of a day, numbered from 1970."""
        week = (day * DAY - EAST - begin) / WEEK
        shape = RHYTHMS["evenings" if self.rhythm == "new job" and week >= self.weeks / 2 else self.rhythm]
        weights = shape[(day + 3) % 7]
        is_off = self.rhythm == "holiday" and self.weeks / 2 <= week < self.weeks / 2 + 1
        work = 1.0
        if self.rhythm == "days off":
            is_off, work = chance.random() < 0.15, 0.85
        whole = self._whole(shape)
        factor = 0.0 if is_off else self.share * TOTAL / work / whole * chance.lognormvariate(0, DAYS_VARY)
        return [weight * factor for weight in weights]

    def _whole(self, shape):
        """What the weights of one window come to."""
        if self.window == "five_hour":
            hours = [weight for day in shape * 2 for weight in day]
            return max(sum(hours[begin : begin + 5]) for begin in range(168))
        return sum(map(sum, shape)) * LENGTHS[self.window] / WEEK


NOW = 1_795_400_400
MINUTE = 60


def entry(at, used, total=6000, resets_at=None, **more):
    windows = (Window("five_hour", used, total, resets_at),) if used is not None else ()
    week = (Window("weekly", more.pop("weekly", 100), 45_000, at + 100_000),)
    return Entry(at, "web", "intl", more.pop("plan", "Pro"), windows + week)


class Sliding:
    """What was asked for at which minute; `used` is what the provider would count."""

    def __init__(self, spent):
        self.spent = spent

    def used(self, at):
        return sum(number for when, number in self.spent.items() if at - 5 * HOUR < when <= at)

    def readings(self, times, total=6000):
        return [entry(at, self.used(at), total) for at in times]


def places(document, path=()):
    """Every place of a document."""
    yield path
    inner = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in inner:
        yield from places(value, (*path, key))


def changed(document, path, value):
    """The document with another value at that place."""
    if not path:
        return value
    copied = dict(document) if isinstance(document, dict) else list(document)
    copied[path[0]] = changed(document[path[0]], path[1:], value)
    return copied
