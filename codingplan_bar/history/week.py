"""An ordinary week, drawn from the days that were lived: what its hours cost, how far the days vary. Learned, pure.

A day weighs half as much after `HALF_LIFE` days. An hour of a Tuesday is the mean of that hour on the past Tuesdays,
pulled towards that hour on the days that are like a Tuesday: a single odd Tuesday counts little, and the hours that are
never seen, because the window is used up by then, are those of a like day. Hours of which nothing is known count
neither as work nor as rest.

How far the days vary is how far off this very picture was: each day was foretold from the days before it. A window of
a few hours is not a piece of a day: there each four hours are compared with those of the other weeks. In the first
week no day has been foretold: there each day is compared with the others, and a working day tells little of a Sunday.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, combinations
from math import inf
from operator import mul

HOURS = 24
WEEK_HOURS = 7 * HOURS
HALF_LIFE = 18.0
PULL = 1.0
"""How many days of that hour the mean of the days that are like it counts as."""
LIKENESS = 3
"""The power by which a day that is less like another counts less."""
UNLIKE = 0.01
"""What a day that is unlike another counts at least: nothing else may be known of an hour."""
EVEN_DAYS = 1.0
"""For how many days it counts, in the first week, that all hours may be alike."""
ENOUGH_DAYS = 7
"""Known days after which there is a week to speak of; before, the forecast is cautious."""

FIRST_SPREAD, FIRST_DAYS = 0.08, 4.0
"""What a day's variance is taken for before any has been seen, and for how many days that counts."""
FIRST_DRIFT, FIRST_WEEKS = 0.006, 2.0
"""The same for that of whole weeks, beyond what their days explain."""
CAUTIOUS_SPREAD, CAUTIOUS_DAYS = 0.5, 0.4
"""In the first week: what a day's variance is taken for before any has been seen, and for how many days that counts."""
SHORT_DRIFT = 0.1
"""In the first week, of a window of a few hours: it does not reach the other days."""
SATURDAY, WEEKEND = 5, 0.6
"""What a Saturday and a Sunday are taken for, beside the other days, until either has been seen."""
OTHER_KIND = 0.1
"""What a working day counts for one of the weekend in the first week, and the other way."""
BLOCK, FIRST_BLOCKS = 4, 30.0
"""Hours that are compared with those of other weeks for a short window; for how many the first variance counts."""


@dataclass(slots=True)
class Day:
    """One local day: in each hour the seconds that are known, and what was spent in them.

    `foretold` is what was expected of those hours before the day began, None where there was no week to go by.
    """

    known: list[float] = field(default_factory=lambda: [0] * HOURS)
    spent: list[float] = field(default_factory=lambda: [0.0] * HOURS)
    foretold: float | None = None


Aged = tuple[int, Day, float]
"""A day with its number, and what it weighs by its age."""


def weekday(day: int) -> int:
    """0 for Monday, of a day counted from 1970-01-01, a Thursday."""
    return (day + 3) % 7


class Week:
    """The picture as of the morning of `today`: sums over its hours, so that any stretch is the difference of two.

    `total` is what it costs, `size` a day of work; `variance` and `drift` are how far days and weeks were off.
    """

    __slots__ = ("drift", "is_known", "lately", "means", "rates", "size", "today", "total", "variance")

    def __init__(self, days: Mapping[int, Day], today: int, even: float = 0.0, *, is_short: bool = False) -> None:
        """`days` by their number since 1970; only those before `today` are looked at.

        `even`: what an hour costs if all are alike, for the first days. `is_short`: the window lasts a few hours.
        """
        past = _ordinary([(number, days[number]) for number in sorted(days) if number < today])
        aged = [(number, day, 0.5 ** ((today - number) / HALF_LIFE)) for number, day in past]
        self.today = today
        self.is_known = sum(sum(day.known) for _, day in past) >= ENOUGH_DAYS * HOURS * 3600 * 0.5 and bool(
            past and past[0][0] <= today - ENOUGH_DAYS
        )
        self.rates = _rates(aged, 0.0 if self.is_known else even)
        sums = [sum(self.rates[start : start + HOURS]) for start in range(0, WEEK_HOURS, HOURS)]
        self.total = sum(sums)
        self.size = sum(each * each for each in sums) / self.total if self.total else 0.0
        judged = [(number, day, weight) for number, day, weight in aged if day.foretold is not None]
        self.variance, self.drift = self._errors(aged, judged, is_short=is_short)
        self.lately = _lately(judged, today)
        self.means = [0.0, *accumulate(self.rates)]

    def mean(self, hour: float) -> float:
        """What is spent from Monday 0:00 to `hour`, which may lie beyond the week."""
        weeks, rest = divmod(hour, WEEK_HOURS)
        whole = int(rest)
        return weeks * self.total + self.means[whole] + self.rates[whole] * (rest - whole)

    def hour(self, mean: float) -> float:
        """The hour after Monday 0:00 by which so much is spent; without end where nothing ever is."""
        if not self.total:
            return inf
        weeks, rest = divmod(mean, self.total)
        place = min(bisect_right(self.means, rest), WEEK_HOURS) - 1
        return weeks * WEEK_HOURS + place + (rest - self.means[place]) / (self.rates[place] or inf)

    def _errors(self, aged: Sequence[Aged], judged: Sequence[Aged], *, is_short: bool) -> tuple[float, float]:
        """The variance of a day, as a share of `size` times its mean, and that of a week beyond it, of its square."""
        if self.is_known:
            return self._variance_of_hours(aged) if is_short else self._variance(judged), self._drift(judged)
        return (FIRST_SPREAD, SHORT_DRIFT) if is_short else self._errors_at_first(aged)

    def _errors_at_first(self, aged: Sequence[Aged]) -> tuple[float, float]:
        """Both from how far each day is from what the others make of it: the mean of so few is itself off by that."""
        size = self.size or 1.0
        means = CAUTIOUS_DAYS * size * size
        squares = CAUTIOUS_SPREAD * means
        others = PULL / (1 + PULL) * (1 - 1 / len(aged)) if aged else 0.0
        for number, day, _ in aged if others else ():
            rates = self.rates[weekday(number) * HOURS :]
            mean = sum(rate * known for rate, known in zip(rates, day.known, strict=False)) / 3600
            squares += ((sum(day.spent) - mean) / others) ** 2
            means += mean * size
        days = sum(sum(day.known) for _, day, _ in aged) / (HOURS * 3600)
        return squares / means, squares / means / (days + CAUTIOUS_DAYS)

    def _variance(self, judged: Sequence[Aged]) -> float:
        size = self.size or 1.0
        base = FIRST_DAYS * size * size
        squares = sum(weight * (sum(day.spent) - (day.foretold or 0)) ** 2 for _, day, weight in judged)
        means = sum(weight * (day.foretold or 0) * size for _, day, weight in judged)
        return (squares + FIRST_SPREAD * base) / (means + base)

    def _variance_of_hours(self, aged: Sequence[Aged]) -> float:
        """The same variance, from how far each few hours were from what the other weeks make of them."""
        size = self.size or 1.0
        means = FIRST_BLOCKS * BLOCK / HOURS * size * size
        squares = FIRST_SPREAD * means
        weights = [PULL] * 7
        for number, _, weight in aged:
            weights[weekday(number)] += weight
        for number, day, weight in aged:
            others = 1 - weight / weights[weekday(number)]
            rates = self.rates[weekday(number) * HOURS :]
            for begin in range(0, HOURS, BLOCK):
                mean = sum(rates[hour] * day.known[hour] for hour in range(begin, begin + BLOCK)) / 3600
                error = (sum(day.spent[begin : begin + BLOCK]) - mean) / others
                squares += weight * error * error
                means += weight * mean * size
        return squares / means

    def _drift(self, judged: Sequence[Aged]) -> float:
        blocks: dict[int, list[float]] = {}
        for number, day, weight in judged:
            error = sum(day.spent) - (day.foretold or 0)
            block = blocks.setdefault((self.today - 1 - number) // 7, [0.0, 0.0, weight])
            block[0] += error
            block[1] += error * error
        base = FIRST_WEEKS * self.total**2
        beyond = sum(weight * (error * error - squares) for error, squares, weight in blocks.values())
        whole = sum(weight for _, _, weight in blocks.values()) * self.total**2
        return max(beyond + FIRST_DRIFT * base, 0.2 * FIRST_DRIFT * base) / (whole + base) if base else FIRST_DRIFT


HOLIDAY = 7
"""So many days on end without any work are a holiday, and tell nothing of a working week."""


def _ordinary(past: Sequence[tuple[int, Day]]) -> list[tuple[int, Day]]:
    """The days without those of holidays."""
    kept: list[tuple[int, Day]] = []
    idle: list[tuple[int, Day]] = []
    for number, day in past:
        if any(day.spent):
            kept += idle if len(idle) < HOLIDAY else []
            kept.append((number, day))
            idle = []
        else:
            idle.append((number, day))
    return kept + (idle if len(idle) < HOLIDAY else [])


def _rates(aged: Sequence[Aged], even: float) -> list[float]:
    """What an hour costs, for each of the week's 168."""
    spent = [0.0] * WEEK_HOURS
    known = [0.0] * WEEK_HOURS
    for number, day, weight in aged:
        start = weekday(number) * HOURS
        for hour, (amount, seconds) in enumerate(zip(day.spent, day.known, strict=True), start):
            if seconds:
                spent[hour] += weight * amount
                known[hour] += weight * seconds / 3600
    return _drawn(spent, known, even)


def _drawn(spent: Sequence[float], known: Sequence[float], even: float) -> list[float]:
    """The same from what was spent in each of the 168 hours, and for how many hours each was known."""
    rates = [0.0] * (WEEK_HOURS + 1)
    is_weekend_seen = any(known[SATURDAY * HOURS :])
    for each, (worked, seen) in enumerate(_on_like_days(tuple(spent), tuple(known), is_first=bool(even))):
        supposed = WEEKEND if even and each >= SATURDAY * HOURS and not is_weekend_seen else 1.0
        usual = supposed * _usual(worked, seen, even)
        rates[each] = (spent[each] + PULL * usual) / (known[each] + PULL)
    return rates


@lru_cache(maxsize=8)
def _on_like_days(spent: tuple[float, ...], known: tuple[float, ...], *, is_first: bool) -> list[tuple[float, float]]:
    """What was spent in each of those hours on the days that are like its day, and for how many it was known.

    Kept: in the first week each hour of a day is drawn from the same days before it.
    """
    shapes = [
        _shape(spent[start : start + HOURS], known[start : start + HOURS]) for start in range(0, WEEK_HOURS, HOURS)
    ]
    columns = [(spent[hour::HOURS], known[hour::HOURS]) for hour in range(HOURS)]
    found = []
    for place_in_week, counted in enumerate(_likenesses(shapes)):
        kinds = [not is_first or (day >= SATURDAY) == (place_in_week >= SATURDAY) for day in range(7)]
        likes = [like if is_same else like * OTHER_KIND for like, is_same in zip(counted, kinds, strict=True)]
        found += [(sum(map(mul, likes, worked)), sum(map(mul, likes, seen))) for worked, seen in columns]
    return found


Shape = list[float | None]
"""What each hour of a day costs, with the ones beside it; None where it is not known."""


def _shape(spent: Sequence[float], known: Sequence[float]) -> Shape:
    near = [slice(max(hour - 1, 0), hour + 2) for hour in range(HOURS)]
    return [sum(spent[each]) / sum(known[each]) if at else None for at, each in zip(known, near, strict=True)]


def _likenesses(shapes: Sequence[Shape]) -> list[list[float]]:
    """How much each two days count for each other, a row a day."""
    table = [[1.0] * len(shapes) for _ in shapes]
    for (one, shape), (other, another) in combinations(enumerate(shapes), 2):
        table[one][other] = table[other][one] = _likeness(shape, another)
    return table


def _likeness(one: Shape, other: Shape) -> float:
    """How much two days count for each other: 1 where they are the same, or not known in the same hours."""
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    whole = sum(map(max, pairs))
    return max(sum(map(min, pairs)) / whole, UNLIKE) ** LIKENESS if whole else 1.0


def _usual(spent: float, hours: float, even: float) -> float:
    """The mean of an hour on like days; in the first ones, some of it is what it would be if all hours were alike."""
    weight = EVEN_DAYS if even else 0.0
    return (spent + even * weight) / (hours + weight) if hours + weight else 0.0


LATELY = 4.0
"""Days after which what was lately counts half."""


def _lately(judged: Sequence[Aged], today: int) -> tuple[float, float]:
    """What was spent lately, and what was expected, the nearer days weighing more."""
    spent = expected = 0.0
    for number, day, _ in judged[-28:]:
        weight = 0.5 ** ((today - number) / LATELY)
        spent += weight * sum(day.spent)
        expected += weight * (day.foretold or 0)
    return spent, expected
