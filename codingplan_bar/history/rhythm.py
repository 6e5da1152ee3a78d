"""The user's own rhythm: the ordinary week by hours and days, and the sliding window's curve. Learned, pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import exp, inf

from codingplan_bar.history.record import Entry
from codingplan_bar.model import Instant, Window, WindowName
from codingplan_bar.plans import SPANS

# An ordinary week, drawn from the days that were lived: what each of its hours costs, and how far the days vary. Pure.
#
# A day weighs half as much after `HALF_LIFE` days. An hour of a Tuesday is the mean of that hour on the past Tuesdays,
# pulled a little towards the mean of that hour on all days, so that one odd Tuesday is no habit. Hours of which nothing
# is known count neither as work nor as rest.
#
# How far the days vary is how far off this very picture was: each day was foretold from the days before it.

HOURS = 24
WEEK_HOURS = 7 * HOURS
HALF_LIFE = 18.0
PULL = 0.2
"""How many days of that hour the mean of all days counts as."""
EVEN_DAYS = 1.0
"""For how many days it counts, in the first week, that all hours may be alike."""
ENOUGH_DAYS = 7
"""Known days after which there is a week to speak of; before, the forecast is cautious."""

FIRST_SPREAD, FIRST_DAYS = 0.08, 4.0
"""What a day's variance is taken for before any has been seen, and for how many days that counts."""
FIRST_DRIFT, FIRST_WEEKS = 0.006, 2.0
"""The same for that of whole weeks, beyond what their days explain."""
CAUTIOUS_SPREAD, CAUTIOUS_DRIFT = 0.4, 0.1
"""In the first days nothing is known of the other days of the week."""


@dataclass(slots=True)
class Day:
    """One local day: in each hour the seconds that are known, and what was spent in them.

    `foretold` is what was expected of those hours before the day began, None where there was no week to go by.
    """

    known: list[float] = field(default_factory=lambda: [0] * HOURS)
    spent: list[float] = field(default_factory=lambda: [0.0] * HOURS)
    foretold: float | None = None


def weekday(day: int) -> int:
    """0 for Monday, of a day counted from 1970-01-01, a Thursday."""
    return (day + 3) % 7


class Week:
    """The picture as of the morning of `today`: sums over its hours, so that any stretch is the difference of two.

    `total` is what it costs, `size` a day of work; `variance` and `drift` are how far days and weeks were off.
    """

    __slots__ = ("drift", "is_known", "lately", "means", "rates", "size", "today", "total", "variance")

    def __init__(self, days: Mapping[int, Day], today: int, even: float = 0.0) -> None:
        """`days` by their number since 1970; only those before `today` are looked at.

        `even`: what an hour costs if all are alike, for the first days.
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
        self.variance, self.drift = self._errors(judged)
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

    def _errors(self, judged: Sequence[tuple[int, Day, float]]) -> tuple[float, float]:
        """The variance of a day, as a share of `size` times its mean, and that of a week beyond it, of its square."""
        if not self.is_known:
            return CAUTIOUS_SPREAD, CAUTIOUS_DRIFT
        size = self.size or 1.0
        base = FIRST_DAYS * size * size
        squares = sum(weight * (sum(day.spent) - (day.foretold or 0)) ** 2 for _, day, weight in judged)
        means = sum(weight * (day.foretold or 0) * size for _, day, weight in judged)
        return (squares + FIRST_SPREAD * base) / (means + base), self._drift(judged)

    def _drift(self, judged: Sequence[tuple[int, Day, float]]) -> float:
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


def _rates(aged: Sequence[tuple[int, Day, float]], even: float) -> list[float]:
    """What an hour costs, for each of the week's 168."""
    spent = [0.0] * WEEK_HOURS
    known = [0.0] * WEEK_HOURS
    for number, day, weight in aged:
        start = weekday(number) * HOURS
        for hour, (amount, seconds) in enumerate(zip(day.spent, day.known, strict=True), start):
            if seconds:
                spent[hour] += weight * amount
                known[hour] += weight * seconds / 3600
    rates = [0.0] * (WEEK_HOURS + 1)
    for hour in range(HOURS):
        hours = range(hour, WEEK_HOURS, HOURS)
        seen = sum(known[each] for each in hours)
        usual = _usual(sum(spent[each] for each in hours), seen, even)
        for each in hours:
            rates[each] = (spent[each] + PULL * usual) / (known[each] + PULL)
    return rates


def _usual(spent: float, hours: float, even: float) -> float:
    """The mean of an hour on all days; in the first ones, some of it is what it would be if all hours were alike."""
    weight = EVEN_DAYS if even else 0.0
    return (spent + even * weight) / (hours + weight) if hours + weight else 0.0


LATELY = 4.0
"""Days after which what was lately counts half."""


def _lately(judged: Sequence[tuple[int, Day, float]], today: int) -> tuple[float, float]:
    """What was spent lately, and what was expected, the nearer days weighing more."""
    spent = expected = 0.0
    for number, day, _ in judged[-28:]:
        weight = 0.5 ** ((today - number) / LATELY)
        spent += weight * sum(day.spent)
        expected += weight * (day.foretold or 0)
    return spent, expected


# What was spent in a window that slides, as a rising line: it tells what leaves the window, and when. Pure.

LONGEST_GAP = 20 * 60
"""Seconds between two readings beyond which it is not known when in between something was spent."""


class Curve:
    """What was spent in a window that slides, as a rising line: it tells what leaves the window, and when.

    See `flow`: what was spent between two readings is what the number grew by and what left meanwhile. It is known
    from a reading on that found the window empty, until a gap in which something was spent.
    """

    def __init__(self, span: int) -> None:
        """Nothing is known yet."""
        self.span = span
        self.times: list[Instant] = []
        self.sums: list[float] = []

    def add(self, begin: Instant, earlier: Window, end: Instant, later: Window) -> tuple[float, bool]:
        """What was spent between two readings, and whether that is known."""
        if earlier.used == 0:
            self.times, self.sums = [begin - self.span, begin], [0.0, 0.0]
        if not self.times:
            return 0.0, False
        left = self.at(end - self.span) - self.at(begin - self.span)
        spent = max(later.used - earlier.used + left, 0.0)
        if earlier.total != later.total or (end - begin > LONGEST_GAP and spent >= 1):
            self.times, self.sums = [], []
            return 0.0, False
        self.times.append(end)
        self.sums.append(self.sums[-1] + spent)
        if len(self.times) > 2000:
            self.times, self.sums = self.times[1000:], self.sums[1000:]
        return spent, True

    def at(self, instant: float) -> float:
        """The sum at an instant, as if between two readings it had been spent evenly."""
        place = bisect_right(self.times, instant)
        if place == 0:
            return self.sums[0] if self.sums else 0.0
        if place == len(self.times):
            return self.sums[-1]
        begin, end = self.times[place - 1], self.times[place]
        share = (instant - begin) / (end - begin)
        return self.sums[place - 1] + share * (self.sums[place] - self.sums[place - 1])


# How a user draws on each window, learned from the record: what was spent in which hour of which day. Pure.
#
# The clock is the user's: a `Zone` gives the seconds east of Greenwich at an instant. What is spent is what a window's
# number grew by. Between two readings far from each other the growth is known and its hour is not: it is laid where
# work usually is. Nothing is known of the time between the last reading of a window and its reset, nor of the time in
# which a window was used up, when no work is possible: neither counts as rest. With an extra pack the work goes on.

Zone = Callable[[Instant], int]
HOUR, DAY = 3600, 86_400
KEPT_DAYS = 70
LARGEST = 1e15
"""A quota of so many requests is not one to learn from: its square is beyond counting."""
SUPPOSED = 0.9
"""The share of a window that a user needs of whom nothing is known yet."""
SAME_RESET = 3600
"""Seconds by which a provider's reset may wander and be the same one."""
BREATH = 3600.0
"""Seconds after which a present speed counts a third."""
LOST = 8 * DAY
"""Seconds between two readings beyond which what was spent is laid nowhere."""


class Habit:
    """What one window of one account was drawn on, by local day and hour."""

    def __init__(self, name: WindowName) -> None:
        """Nothing is known yet."""
        self.name = name
        self.span = SPANS[name].minutes * 60
        self.days: dict[int, Day] = {}
        self.last: tuple[Instant, Window] | None = None
        self.curve = Curve(self.span)
        self.east = 0
        self._week: Week | None = None
        self._seen = 0
        self.speed, self.usual = 0.0, 0.0

    def add(self, at: Instant, window: Window, east: int, *, is_blocked: bool) -> None:
        """Take in a reading, newer than the last. `is_blocked`: a window was used up before it."""
        self.east = east
        before, self.last = self.last, (at, window)
        if before and at > before[0]:
            self._grow(*before, at, window, is_blocked=is_blocked)
        self.wake()

    def wake(self) -> None:
        """Draw the week as of the last reading."""
        if self.last:
            self.week((self.last[0] + self.east) // DAY)

    def _grow(self, begin: Instant, earlier: Window, at: Instant, window: Window, *, is_blocked: bool) -> None:
        """Lay down by how much the window grew since the reading before, as far as that is known."""
        spent = window.used - earlier.used
        if window.resets_at is None:
            spent, is_sure = self.curve.add(begin, earlier, at, window)
            if not is_sure:
                return
        elif earlier.resets_at is None or window.resets_at - earlier.resets_at > SAME_RESET:
            begin = max(begin, earlier.resets_at or at, window.resets_at - self.span)
            spent, is_blocked = window.used, False
        if not is_blocked and spent >= 0 and window.used < window.total and 0 < at - begin < LOST:
            self._pour(begin, at, spent)

    def watched(self) -> float:
        """How many seconds of this window's use are known."""
        return sum(sum(day.known) for day in self.days.values())

    def haste(self, now: Instant) -> float:
        """How many an hour more than usual at this hour are spent at present; less than 0 where it is calmer."""
        if not self.last:
            return 0.0
        return (self.speed - self.usual) * exp((self.last[0] - now) / BREATH)

    def week(self, day: int) -> Week:
        """The ordinary week as of the morning of that day; as long as it is unknown, of the last reading's hour."""
        week = self._week
        if week is None or week.today != day or (not week.is_known and self._seen != self._hour()):
            week = self._week = Week(self.days, day, self._even())
            self._seen = self._hour()
        return week

    def _hour(self) -> int:
        return (self.last[0] + self.east) // HOUR if self.last else 0

    def _even(self) -> float:
        """What an hour of the window has cost so far, with a day in front of a user who needs `SUPPOSED` of it."""
        if not self.last:
            return 0.0
        at, window = self.last
        if window.resets_at is None:
            return window.used / self.span * HOUR
        passed = max(at - window.resets_at + self.span, 0)
        return (window.used + SUPPOSED * window.total * DAY / self.span) / (passed + DAY) * HOUR

    def _pour(self, begin: Instant, end: Instant, spent: float) -> None:
        """Lay what was spent into the hours from `begin` to `end`."""
        self._breathe(end - begin, spent)
        first, last = (begin + self.east) // HOUR, (end + self.east) // HOUR
        if first == last:
            self._lay(first, end - begin, spent)
            return
        pieces = []
        for hour in range(first, last + 1):
            seconds = min(end + self.east, (hour + 1) * HOUR) - max(begin + self.east, hour * HOUR)
            pieces.append((hour, seconds, float(seconds)))
        if end - begin > LONGEST_GAP and spent:
            week = self.week(first // HOURS)
            floor = week.total / 1000 + 1e-9
            rates = week.rates
            pieces = [(h, s, s * (rates[weekday(h // HOURS) * HOURS + h % HOURS] + floor)) for h, s, _ in pieces]
        whole = sum(weight for _, _, weight in pieces) or 1.0
        for hour, seconds, weight in pieces:
            if seconds:
                self._lay(hour, seconds, spent * weight / whole)

    def _breathe(self, seconds: int, spent: float) -> None:
        """Let the present speed go on by one reading."""
        fresh = 1 - exp(-seconds / BREATH)
        self.speed += (spent / seconds * HOUR - self.speed) * fresh
        if self._week is not None and self.last:
            hour = (self.last[0] + self.east) // HOUR
            self.usual += (self._week.rates[weekday(hour // HOURS) * HOURS + hour % HOURS] - self.usual) * fresh

    def _lay(self, hour: int, seconds: float, spent: float) -> None:
        number, within = divmod(hour, HOURS)
        day = self.days.get(number) or self._begin(number)
        day.known[within] += seconds
        day.spent[within] += spent
        if day.foretold is not None and self._week is not None and self._week.today == number:
            day.foretold += self._week.rates[weekday(number) * HOURS + within] * seconds / HOUR

    def _begin(self, number: int) -> Day:
        """A new day: it is foretold by the days before it."""
        week = self.week(number)
        day = self.days[number] = Day(foretold=0.0 if week.is_known else None)
        for old in [each for each in self.days if each < number - KEPT_DAYS]:
            del self.days[old]
        return day


class Rhythm:
    """The habits of one account, window by window."""

    def __init__(self, zone: Zone) -> None:
        """`zone`: the seconds east of Greenwich at an instant, where the user lives."""
        self.zone = zone
        self.habits: dict[WindowName, Habit] = {}
        self.used_up: list[int] = []

    def add(self, entry: Entry) -> None:
        """Take in one entry, newer than all before it."""
        east = self.zone(entry.at)
        full = [] if entry.packs else [window for window in entry.windows if window.used >= window.total]
        was, self.used_up = self.used_up, [SPANS[window.name].minutes for window in full]
        for window in entry.windows:
            if max(window.used, window.total) >= LARGEST:
                continue
            habit = self.habits.get(window.name) or self.habits.setdefault(window.name, Habit(window.name))
            is_blocked = bool(was) and max(was) >= SPANS[window.name].minutes
            habit.add(entry.at, window, east, is_blocked=is_blocked)


def learn(entries: Iterable[Entry], now: Instant, zone: Zone) -> Rhythm:
    """The rhythm in the entries of one account up to `now`, the oldest first."""
    rhythm = Rhythm(zone)
    for entry in entries:
        if entry.at <= now:
            rhythm.add(entry)
    return rhythm
