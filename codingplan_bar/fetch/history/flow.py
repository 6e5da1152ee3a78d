"""How the five-hour window fills and empties, as the record tells it. Pure.

The window slides: its used number at `t` is what was asked for in the five hours before `t`. Between two readings it
grows by what was asked for, and shrinks by what was asked for five hours earlier. So

    spent(a, b) = used(b) - used(a) + spent(a - 5 h, b - 5 h)

and what was spent is known from a reading on that found the window empty: nothing had been spent for five hours then.
Before that, nobody can tell when what is in the window goes. A gap between two readings does no harm where nothing was
spent in it; else the record begins anew. Between two readings that are near each other, spending is taken to be even.
Where the record is too thin for a number, there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from codingplan_bar.fetch.history.entry import Entry
from codingplan_bar.model import SPANS, Instant, Window

SPAN = SPANS["five_hour"].minutes * 60
LONGEST_GAP = 20 * 60
"""Seconds between two readings beyond which nothing is known of what was between them: four refreshes."""
RECENT = 45 * 60
"""Seconds over which the present rate is taken: long enough for some requests, short enough to be the present."""
SHORTEST = 10 * 60
"""Seconds below which no rate is told."""


@dataclass(frozen=True, slots=True)
class Flow:
    """How the window is drawn on; each None where it is not known.

    `rate` is in requests an hour, `full_at` when it is full at that rate (None also where it never is), `falls_at`
    when the next `falls` requests have left it.
    """

    rate: float | None = None
    full_at: Instant | None = None
    falls_at: Instant | None = None
    falls: float | None = None

    def fact(self) -> str:
        """As the bars' facts have it: `rate full_at falls_at falls`, each `-` where there is none."""
        values = (self.rate, self.full_at, self.falls_at, self.falls)
        return " ".join("-" if value is None else f"{value:.10g}" for value in values)


@dataclass(frozen=True, slots=True)
class Spell:
    """What was `spent` between two readings, in requests."""

    begins: Instant
    ends: Instant
    spent: float

    def share_of(self, begins: float, ends: float) -> float:
        """What of it was spent between two instants, as if it had been spent evenly."""
        overlap = min(self.ends, ends) - max(self.begins, begins)
        return self.spent * max(overlap, 0) / (self.ends - self.begins)


def flow(entries: Sequence[Entry], now: float) -> Flow:
    """What the record says of the five-hour window at `now`, by the entries of the last ten hours, the oldest first."""
    readings = _readings(entries)
    if not readings or now - readings[-1][0] > LONGEST_GAP:
        return Flow()
    asked_at, window = readings[-1]
    if window.resets_at:
        rate = _growth(readings)
        return Flow(rate, _full_at_once(window, rate, asked_at), window.resets_at, window.used)
    known = spells(readings)
    if not known:
        return Flow()
    rate = _rate(known, asked_at)
    return Flow(rate, _full_at(known, window, rate, asked_at), *_next_fall(known, now))


def spells(readings: Sequence[tuple[Instant, Window]]) -> list[Spell]:
    """What was spent between the readings, the oldest first, from the last time on that the window was found empty.

    None at all where it has not been, and from then on not after a gap in which something was spent, nor after the
    total has changed.
    """
    found: list[Spell] = []
    for (before, earlier), (at, later) in pairwise(readings):
        if earlier.used == 0:
            found = [Spell(before - SPAN, before, 0.0)]
        if not found:
            continue
        left = sum(spell.share_of(before - SPAN, at - SPAN) for spell in found)
        spent = max(later.used - earlier.used + left, 0.0)
        is_known = earlier.total == later.total and (at - before <= LONGEST_GAP or spent < 1)
        found = [*found, Spell(before, at, spent)] if is_known else []
    return found


def _readings(entries: Iterable[Entry]) -> list[tuple[Instant, Window]]:
    pairs = ((entry.at, entry.window("five_hour")) for entry in entries)
    return [(at, window) for at, window in pairs if window]


def _growth(readings: Sequence[tuple[Instant, Window]]) -> float | None:
    """The rate of a window that ends for all at one time: it only grows until then."""
    last, window = readings[-1]
    recent = [(at, each) for at, each in readings if at >= last - RECENT and each.resets_at == window.resets_at]
    seconds = last - recent[0][0]
    if seconds < SHORTEST or any(later - at > LONGEST_GAP for (at, _), (later, _) in pairwise(recent)):
        return None
    return max(window.used - recent[0][1].used, 0) / seconds * 3600


def _rate(known: Sequence[Spell], at: Instant) -> float | None:
    recent = [spell for spell in known if spell.ends > at - RECENT]
    seconds = at - max(recent[0].begins, at - RECENT) if recent else 0
    if seconds < SHORTEST:
        return None
    return sum(spell.share_of(at - RECENT, at) for spell in recent) / seconds * 3600


def _full_at_once(window: Window, rate: float | None, at: Instant) -> Instant | None:
    """When a window that ends for all at one time is full; None where that ends it first."""
    if not rate or not window.resets_at:
        return None
    full = at + max(window.total - window.used, 0) / rate * 3600
    return int(full) if full < window.resets_at else None


def _full_at(known: Sequence[Spell], window: Window, rate: float | None, at: Instant) -> Instant | None:
    """When it is full at that rate, less what falls out meanwhile; None where that is not within five hours.

    After five hours all that is in it has been spent at the rate, so that it fills no further.
    """
    if rate is None:
        return None
    for step in range(0, SPAN, 60):
        fallen = sum(spell.share_of(at - SPAN, at + step - SPAN) for spell in known)
        if window.used + rate * step / 3600 - fallen >= window.total:
            return at + step
    return None


def _next_fall(known: Sequence[Spell], now: float) -> tuple[Instant | None, float | None]:
    """When the next whole spell has left the window, and how many requests it was; each None where none is known."""
    falling = (spell for spell in known if spell.ends + SPAN > now and spell.spent > 0)
    first = next(falling, None)
    return (first.ends + SPAN, first.spent) if first else (None, None)
