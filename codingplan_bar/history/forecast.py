"""What becomes of a window: it lasts, it runs out (when, between when and when), or nothing can be said. Pure.

The rest of the window is laid over the user's own week (see `week`): what its hours usually cost, a little more or less
as the last days and today have been busy or calm. What is left, against that sum and its variance, gives a probability.
It is said from a high one on, taken back below a lower one: in between, what was said is said.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from math import erfc, exp, log, sqrt
from typing import Literal, NamedTuple

from codingplan_bar.history.learned_rhythm import DAY, HOUR, Habit, Rhythm
from codingplan_bar.history.week import HOURS, WEEK_HOURS, Day, weekday
from codingplan_bar.model import Instant, Window, WindowName

Say = Literal["lasts", "runs_out", "used_up", "unknown"]

SAY_OUT, KEEP_OUT = 0.72, 0.35
SAY_LASTS, KEEP_LASTS = 0.14, 0.33
CAUTIOUS_OUT, CAUTIOUS_KEEP_OUT = 0.9, 0.5
CAUTIOUS_LASTS, CAUTIOUS_KEEP_LASTS = 0.05, 0.2
HOURS_OUT, HOURS_KEEP_OUT = 0.75, 0.4
HOURS_LASTS, HOURS_KEEP_LASTS = 0.1, 0.2
"""Of a window that slides: in a few hours little is sure, and its "lasts" is soon wrong."""
EARLY, LATE = 0.1, 0.9
"""The told range: so likely is it that the window runs out before, if it does."""
HOURS_EARLY, HOURS_LATE = 0.04, 0.96
"""The same of a window that slides, of which it is known from step to step alone."""
WATCHED = 0.03
"""The share of a window that was watched before a new user's is foretold: a jump within seconds is not a rhythm."""
STEADY_WEEKS = 3.0
"""How many ordinary weeks stand against what was lately."""
STEADY_DAYS = 1.0
"""How many ordinary days stand against what was today."""

ROOT_OF_TWO = sqrt(2)
FINE = 1800
"""Seconds to which an instant is looked for."""
YEAR = 366 * DAY
"""No window is longer."""
LASTING = 0.75
"""For how many hours a haste, or a calm, goes on."""
FADING = LASTING * HOUR


class Outlook(NamedTuple):
    """What is said of a window. The instants are there where it `runs_out`, the probability where one is known.

    `until` is the reset of which it was said: what is said of one window says nothing of the next.
    """

    outlook: Say
    runs_out_at: Instant | None = None
    earliest: Instant | None = None
    latest: Instant | None = None
    probability: float | None = None
    until: Instant | None = None


class Foretold(NamedTuple):
    """What is foretold of one window: its outlook, and how much of it will lapse unused; None if that is not known."""

    outlook: Outlook
    lapses: float | None = None

    def fact(self) -> str:
        """As the bars' facts have it: `outlook runs_out_at earliest latest probability lapses`, `-` for None."""
        said = self.outlook
        values = (said.runs_out_at, said.earliest, said.latest, said.probability, self.lapses)
        return " ".join([said.outlook, *("-" if value is None else f"{value:.12g}" for value in values)])


class Stretch:
    """The time from `now` on, as the user's week has it: what is spent until a later one, and how surely."""

    __slots__ = (
        *("begin", "day_end", "drift", "habit", "haste", "is_enough", "level", "mean_before"),
        *("midnight", "now", "rest_of_today", "scale", "today", "week"),
    )

    def __init__(self, habit: Habit, now: Instant) -> None:
        """`now` is not before the last reading of the habit."""
        local = now + habit.east
        self.now, self.habit, self.week = now, habit, habit.week(local // DAY)
        self.haste = habit.haste(now) * LASTING
        self.is_enough = self.week.is_known or habit.watched() >= WATCHED * habit.span
        week, monday = self.week, weekday(local // DAY) * HOURS
        self.begin, self.day_end = monday + local % DAY / HOUR, monday + HOURS
        self.mean_before, self.midnight = week.mean(self.begin), week.mean(self.day_end)
        self.scale, self.drift = week.variance * week.size, week.drift
        self._level(habit.days.get(local // DAY))
        self.rest_of_today = (self.midnight - self.mean_before) * self.today

    def _level(self, lived: Day | None) -> None:
        """How busy the last days have been, and today, beside what was foretold of them."""
        week = self.week
        spent, expected = week.lately
        done, planned = (sum(lived.spent), lived.foretold or 0.0) if lived else (0.0, 0.0)
        if not week.is_known:
            planned = done
        against = STEADY_WEEKS * week.total or 1.0
        self.level = (spent + done + against) / (expected + planned + against)
        against = STEADY_DAYS * week.size or 1.0
        self.today = (done + against) / (planned + against)

    def mean(self, end: Instant) -> float:
        """What is spent until `end`, as far as it is foreseen."""
        hour = self.begin + (end - self.now) / HOUR
        week = self.week
        weeks, rest = divmod(hour, WEEK_HOURS)  # as `week.mean` has it, but this is asked a million times a year
        place = int(rest)
        whole = weeks * week.total + week.means[place] + week.rates[place] * (rest - place)
        if hour <= self.day_end:
            whole = (whole - self.mean_before) * self.today
        else:
            whole = self.rest_of_today + (whole - self.midnight) * self.level
        if self.haste:
            whole += self.haste * (1 - exp((self.now - end) / FADING))
        return whole if whole > 0 else 0.0

    def deviation(self, mean: float) -> float:
        """The standard deviation of a sum with that mean."""
        return sqrt(self.scale * mean + self.drift * mean * mean)

    def likely(self, left: float, end: Instant) -> float:
        """How likely more than `left` is spent until `end`."""
        mean = self.mean(end)
        deviation = sqrt(self.scale * mean + self.drift * mean * mean)
        if deviation == 0:
            return 1.0 if mean > left else 0.0
        far = (left - mean) / deviation
        return 0.0 if far > 6 else 1.0 if far < -6 else 0.5 * erfc(far / ROOT_OF_TWO)

    def reached(self, left: float, likelihood: float, end: Instant) -> Instant:
        """The instant from which on more than `left` is spent with that likelihood; `end` at the latest.

        `left` is `far` deviations from its mean: (left - mean)² = far² · (scale · mean + drift · mean²).
        """
        far = quantile(likelihood)
        square = far * far
        half = left + square * self.scale / 2
        root = sqrt(max(half * half - (1 - square * self.drift) * left * left, 0.0))
        below = half + root if far > 0 else half - root
        return self._when(left * left / below, end) if below > 0 else end

    def _when(self, amount: float, end: Instant) -> Instant:
        """When the mean comes to that amount; the haste moves it by a while in which it is looked for."""
        low, high = self._at_ease(amount - self.haste), self._at_ease(amount)
        if low > high:
            low, high = high, low
        high = min(high, end)
        while high - low > FINE:
            middle = (low + high) // 2
            if self.mean(middle) >= amount:
                high = middle
            else:
                low = middle
        return min((low + high) // 2, end)

    def _at_ease(self, amount: float) -> Instant:
        """When the mean comes to that amount without any haste."""
        if amount <= 0:
            return self.now
        if amount <= self.rest_of_today:
            hour = self.week.hour(self.mean_before + amount / self.today)
        else:
            hour = self.week.hour(self.midnight + (amount - self.rest_of_today) / self.level)
        return self.now + int(min((hour - self.begin) * HOUR, YEAR))


def quantile(likelihood: float) -> float:
    """How many deviations a normal sum exceeds with that likelihood: Abramowitz and Stegun 26.2.23, within 0.0005."""
    tail = likelihood if likelihood < 0.5 else 1 - likelihood
    t = sqrt(-2 * log(tail or 1e-9))
    far = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    return far if likelihood < 0.5 else -far


def foretell_all(
    rhythm: Rhythm, windows: Iterable[Window], now: Instant, before: Mapping[WindowName, Foretold]
) -> dict[WindowName, Foretold]:
    """What is foretold of the windows as read at `now`, each as `foretell` says it, and what of them will lapse."""
    found = {}
    for window in windows:
        stretch, told = _stretch(rhythm, window, now), before.get(window.name)
        outlook = _outlook(stretch, window, told.outlook if told else None)
        found[window.name] = Foretold(outlook, _lapsing(stretch, window))
    return found


def foretell(rhythm: Rhythm, window: Window, now: Instant, said_before: Outlook | None) -> Outlook:
    """The outlook of a window as read at `now`, by what the rhythm had learned until then and what was said before."""
    return _outlook(_stretch(rhythm, window, now), window, said_before)


def _stretch(rhythm: Rhythm, window: Window, now: Instant) -> Stretch | None:
    """The time from now on; None where nothing is known of the window, or its reset has passed."""
    habit = rhythm.habits.get(window.name)
    is_over = window.resets_at is not None and window.resets_at <= now
    return None if habit is None or is_over else Stretch(habit, now)


def _outlook(stretch: Stretch | None, window: Window, said_before: Outlook | None) -> Outlook:
    until = window.resets_at
    if window.used >= window.total:
        return Outlook("used_up", probability=1.0, until=until)
    if stretch is None or not stretch.is_enough:
        return Outlook("unknown", until=until)
    chances = _sliding(stretch, window) if until is None else Fixed(stretch, window, until)
    if chances is None:
        return Outlook("unknown")
    before = said_before.outlook if said_before and said_before.until == until else "unknown"
    say = _said(chances.whole, before, _margins(is_known=stretch.week.is_known, slides=until is None))
    shown = round(min(max(chances.whole, 0.005), 0.995), 3)
    if say != "runs_out":
        return Outlook(say, probability=shown, until=until)
    early, late = (EARLY, LATE) if until else (HOURS_EARLY, HOURS_LATE)
    earliest, at, latest = sorted(chances.when(share) for share in (early, 0.5, late))
    return Outlook(say, at, earliest, latest, shown, until)


def _lapsing(stretch: Stretch | None, window: Window) -> float | None:
    """How much of a window with a reset will be left then, by the ordinary week; None where that is not known."""
    if stretch is None or window.resets_at is None or not stretch.week.is_known:
        return None
    return max(window.total - window.used - stretch.mean(window.resets_at), 0.0)


class Fixed:
    """How likely a window with a reset runs out: the `whole` of it, and when which share of that is reached."""

    __slots__ = ("end", "left", "stretch", "whole")

    def __init__(self, stretch: Stretch, window: Window, until: Instant) -> None:
        """`until`: its reset."""
        self.stretch, self.left, self.end = stretch, window.total - window.used, until
        self.whole = stretch.likely(self.left, until)

    def when(self, share: float) -> Instant:
        """The instant until which it runs out with that share of the whole likelihood."""
        return self.stretch.reached(self.left, self.whole * share, self.end)


class Sliding:
    """The same of a window that slides, from how likely it has been full at each of a few steps."""

    __slots__ = ("likelihoods", "times", "whole")

    def __init__(self, times: Sequence[Instant], likelihoods: Sequence[float]) -> None:
        """The first instant is the present one, with a likelihood of 0; later ones do not fall."""
        self.times, self.likelihoods = times, likelihoods
        self.whole = likelihoods[-1]

    def when(self, share: float) -> Instant:
        """As for `Fixed`; between two steps it rises evenly."""
        enough = self.whole * share
        place = max(bisect_left(self.likelihoods, enough), 1)
        (begin, end), (below, above) = self.times[place - 1 : place + 1], self.likelihoods[place - 1 : place + 1]
        return begin + int((end - begin) * (enough - below) / ((above - below) or 1.0))


def _sliding(stretch: Stretch, window: Window) -> Sliding | None:
    """In its length from now on, all that is in the window leaves it.

    None where it is not known what leaves it when, and that matters.
    """
    habit, now, left = stretch.habit, stretch.now, window.total - window.used
    mean = stretch.mean(now + habit.span)
    if mean + 3 * stretch.deviation(mean) < left:
        return Sliding([now, now + habit.span], [0.0, 0.0])
    if not habit.curve.times:
        return None
    gone = habit.curve.at(now - habit.span)
    steps = [now + habit.span * step // 10 for step in range(1, 11)]
    found = [stretch.likely(left + habit.curve.at(step - habit.span) - gone, step) for step in steps]
    return Sliding([now, *steps], [0.0, *accumulate(found, max)])


Margins = tuple[float, float, float, float]


def _margins(*, is_known: bool, slides: bool) -> Margins:
    """From where on "runs out" is said and kept, and "lasts"; in the first week it takes more to say something."""
    if slides:
        return HOURS_OUT, HOURS_KEEP_OUT, HOURS_LASTS, HOURS_KEEP_LASTS
    if not is_known:
        return CAUTIOUS_OUT, CAUTIOUS_KEEP_OUT, CAUTIOUS_LASTS, CAUTIOUS_KEEP_LASTS
    return SAY_OUT, KEEP_OUT, SAY_LASTS, KEEP_LASTS


def _said(probability: float, before: Say, margins: Margins) -> Say:
    """What is said at that probability."""
    out, keep_out, lasts, keep_lasts = margins
    if probability >= (keep_out if before == "runs_out" else out):
        return "runs_out"
    if probability <= (keep_lasts if before == "lasts" else lasts):
        return "lasts"
    return "unknown"
