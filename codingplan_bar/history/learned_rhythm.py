"""The user's own rhythm: the ordinary week by hours and days, and the sliding window's curve. Learned, pure."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from math import exp
from typing import Any

from codingplan_bar.history.record import Entry
from codingplan_bar.history.week import HOURS, Day, Week, weekday
from codingplan_bar.model import INSTANTS, Instant, Window, WindowName
from codingplan_bar.plans import SPANS

# What was spent in a window that slides, as a rising line: it tells what leaves the window, and when. Pure.


class Curve:
    """What was spent in a window that slides, as a rising line: it tells what leaves the window, and when.

    See `summary`: what was spent between two readings is what the number grew by and what left meanwhile. Where the
    line begins, and after a gap as long as the window, what is in it is taken to have been spent evenly.
    """

    def __init__(self, span: int) -> None:
        """Nothing is known yet."""
        self.span = span
        self.times: list[Instant] = []
        self.sums: list[float] = []

    def add(self, begin: Instant, earlier: Window, end: Instant, later: Window) -> tuple[Instant, float]:
        """Since when it is known what was spent until the later of two readings, and how much that was.

        From `end` on where that is nothing, because the window's size has changed.
        """
        if end - begin >= self.span or earlier.total != later.total:
            self._begin(end, later)
            return (end, 0.0) if earlier.total != later.total else (end - self.span, later.used)
        if earlier.used == 0 or not self.times:
            self._begin(begin, earlier)
        left = self.at(end - self.span) - self.at(begin - self.span)
        spent = max(later.used - earlier.used + left, 0.0)
        self.times.append(end)
        self.sums.append(self.sums[-1] + spent)
        if len(self.times) > 2000:
            self.times, self.sums = self.times[1000:], self.sums[1000:]
        return begin, spent

    def rescale(self, factor: float) -> None:
        """Count in another unit."""
        self.sums = [each * factor for each in self.sums]

    def _begin(self, at: Instant, window: Window) -> None:
        """Begin the line again, at an instant at which so much is in the window."""
        self.times, self.sums = [at - self.span, at], [0.0, window.used]

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


def local_zone(instant: Instant) -> int:
    """How many seconds east of Greenwich this machine's clock is at that instant."""
    return int(time.localtime(instant).tm_gmtoff)


HOUR, DAY = 3600, 86_400
LONGEST_GAP = 20 * 60
"""Seconds between two readings beyond which it is not known when in between something was spent: four refreshes."""
KEPT_DAYS = 70
LARGEST = 1e15
"""A quota of so many requests is not one to learn from: its square is beyond counting."""
SMALLEST = 1 / LARGEST
"""A smaller quota is not one to learn from either: what is counted as a share of it is beyond counting."""
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
        if self.last and self.last[1].in_percent != window.in_percent:
            self._rescale(window)
        before, self.last = self.last, (at, window)
        if before and at > before[0]:
            self._grow(*before, at, window, is_blocked=is_blocked)
        self.wake()

    def _rescale(self, window: Window) -> None:
        """Count all that was learned in the unit of that window, of which the last one was the same whole."""
        if not self.last:
            return
        at, last = self.last
        factor = window.total / last.total
        self.last = at, last._replace(used=last.used * factor, total=window.total, in_percent=window.in_percent)
        for day in self.days.values():
            day.spent = [each * factor for each in day.spent]
            day.foretold = None if day.foretold is None else day.foretold * factor
        self.curve.rescale(factor)
        self.speed, self.usual = self.speed * factor, self.usual * factor
        self._week = None
        self.wake()

    def wake(self) -> None:
        """Draw the week as of the last reading."""
        if self.last:
            self.week((self.last[0] + self.east) // DAY)

    def _grow(self, begin: Instant, earlier: Window, at: Instant, window: Window, *, is_blocked: bool) -> None:
        """Lay down by how much the window grew since the reading before, as far as that is known."""
        spent = window.used - earlier.used
        if window.resets_at is None:
            begin, spent = self.curve.add(begin, earlier, at, window)
        elif earlier.resets_at is None or window.resets_at - earlier.resets_at > SAME_RESET:
            begin = max(begin, earlier.resets_at or at, window.resets_at - self.span)
            spent, is_blocked = window.used, False
        if not is_blocked and spent >= 0 and window.used < window.total and 0 < at - begin < LOST:
            self._pour(begin, at, spent)
        elif not is_blocked and spent > 0 and 1 < at - begin <= HOUR:
            self._pour(begin, (begin + at) // 2, spent)  # it was used up in between: half-way, on the average

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
        week, hour = self._week, (self.last[0] + self.east) // HOUR if self.last else 0
        if week is None or week.today != day or (not week.is_known and self._seen != hour):
            week, self._seen = Week(self.days, day, self._even(), is_short=self.span < DAY), hour
            self._week = week
        return week

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
            if max(window.used, window.total) >= LARGEST or window.total < SMALLEST:
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


# A rhythm as plain data and back, so that a refresh need not learn a year again. What is read back may have been
# written by anybody: what is not as it was packed is dropped.

VERSION = 2
LONGEST_CURVE = 2000


def pack(rhythm: Rhythm) -> dict[str, Any]:
    """The rhythm as a document of JSON's own types, of some 20 kB a window."""
    habits = {name: _packed(habit) for name, habit in rhythm.habits.items()}
    return {"version": VERSION, "used_up": rhythm.used_up, "habits": habits}


def unpack(document: object, zone: Zone) -> Rhythm | None:
    """The rhythm in a document; None where it is not one that `pack` gave."""
    try:
        return _unpacked(document, zone)
    except (TypeError, ValueError, LookupError, AttributeError, OverflowError):
        return None


def _packed(habit: Habit) -> dict[str, Any]:
    last = habit.last
    return {
        "days": {str(number): [*day.known, *day.spent, day.foretold] for number, day in habit.days.items()},
        "last": [last[0], *_packed_window(last[1])] if last else None,
        "curve": [habit.curve.times, habit.curve.sums],
        "pace": [habit.speed, habit.usual],
    }


def _packed_window(window: Window) -> list[Any]:
    return [window.used, window.total, window.resets_at, window.in_percent]


def _unpacked(document: Any, zone: Zone) -> Rhythm:
    if document["version"] != VERSION:
        raise ValueError
    rhythm = Rhythm(zone)
    rhythm.used_up = [minutes for minutes in document["used_up"] if type(minutes) is int]
    for name in SPANS:
        if name in document["habits"]:
            rhythm.habits[name] = _habit(name, document["habits"][name], zone)
    return rhythm


def _habit(name: WindowName, fields: Mapping[str, Any], zone: Zone) -> Habit:
    habit = Habit(name)
    if len(fields["days"]) > KEPT_DAYS + 1 or len(fields["curve"][0]) > LONGEST_CURVE:
        raise ValueError
    for number, values in fields["days"].items():
        *hours, foretold = values
        known, spent = _numbers(hours[:HOURS], HOURS), _numbers(hours[HOURS:], HOURS)
        habit.days[int(number)] = Day(known, spent, None if foretold is None else _number(foretold))
    times = [_whole(instant) for instant in fields["curve"][0]]
    if times != sorted(set(times)):
        raise ValueError
    habit.curve.times, habit.curve.sums = times, _numbers(fields["curve"][1], len(times))
    habit.speed, habit.usual = _numbers(fields["pace"], 2)
    if fields["last"]:
        at, *window = fields["last"]
        habit.last, habit.east = (_whole(at), _window(name, *window)), zone(_whole(at))
        habit.wake()
    return habit


def _window(name: WindowName, used: Any, total: Any, resets_at: Any, in_percent: Any) -> Window:
    if _number(total) < SMALLEST or type(in_percent) is not bool:
        raise ValueError
    return Window(name, _number(used), total, None if resets_at is None else _whole(resets_at), in_percent)


def _numbers(values: list[Any], length: int) -> list[float]:
    """Looked at all together: a refresh reads ten thousand of them."""
    if len(values) != length or not set(map(type, values)) <= {int, float}:
        raise ValueError
    if values and not (min(values) >= 0 and max(values) < LARGEST and 0 <= sum(values) < LARGEST * length):
        raise ValueError  # the sum is no number if one of them is not
    return values


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value < LARGEST:
        raise ValueError
    return value  # type: ignore[no-any-return]  # it is a number


def _whole(value: Any) -> int:
    if type(value) is not int or value not in INSTANTS:
        raise ValueError
    return value
