"""How full past windows were, and what the forecast would have said at each recorded instant, with its score. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from codingplan_bar.history.forecast import Outlook, foretell
from codingplan_bar.history.learned_rhythm import DAY, HOUR, SAME_RESET, Rhythm, Zone
from codingplan_bar.history.record import Entry
from codingplan_bar.model import Instant, WindowName
from codingplan_bar.plans import SPANS

# The past windows in a record: how full each was, and when it was used up. Pure.

SEEN_TO_THE_END = 0.4
"""The share of a window of which nothing may be known at its end: the machine sleeps over the weekend."""


@dataclass(slots=True)
class PastWindow:
    """One window from its first to its last reading; `full_at` is the first that found it used up, None where none did.

    `used_percent` is the highest that was read: more may have been used after the last reading.
    """

    window: WindowName
    ends: Instant
    last: Instant
    used_percent: float
    full_at: Instant | None = None

    def is_judged(self, now: Instant) -> bool:
        """Whether it is known at `now` what became of it: it was used up, or read near enough to its end."""
        nothing_known = self.ends - self.last
        is_over = self.ends <= now and nothing_known <= SEEN_TO_THE_END * SPANS[self.window].minutes * 60
        return is_over or self.full_at is not None


def past_windows(entries: Iterable[Entry]) -> dict[WindowName, list[PastWindow]]:
    """The windows with a reset, in the order of their ends; a window that slides has no end."""
    found: dict[WindowName, list[PastWindow]] = {}
    for entry in entries:
        for window in entry.windows:
            if window.resets_at is None or window.resets_at <= entry.at:
                continue
            known = found.setdefault(window.name, [])
            if not known or window.resets_at - known[-1].ends > SAME_RESET:
                known.append(PastWindow(window.name, window.resets_at, entry.at, 0.0))
            past = known[-1]
            past.last, past.used_percent = entry.at, max(past.used_percent, window.used_percent)
            if past.full_at is None and window.used >= window.total:
                past.full_at = entry.at
    return found


def full_next(entries: Sequence[Entry], name: WindowName) -> list[Instant | None]:
    """For each entry, the next one that found a sliding window used up, within its length; None where none did."""
    span, upcoming, found = SPANS[name].minutes * 60, None, []
    for entry in reversed(entries):
        window = entry.window(name)
        if window and window.used >= window.total:
            upcoming = entry.at
        found.append(upcoming if upcoming is not None and upcoming <= entry.at + span else None)
    return found[::-1]


# The forecast's record: what it would have said at each instant, by what was known then alone, and how it came. Pure.
#
# Each account is followed by itself. The entries are gone through once, the oldest first, and what is said of one is
# said before the next is looked at: cutting the record short changes nothing that was said before.


AGAIN = HOUR
"""Seconds within which a sliding window that is used up again counts as the same time: a little had left it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a window `at` an instant."""

    at: Instant
    window: WindowName
    outlook: Outlook


@dataclass(slots=True)
class Case:
    """All that was said of one window until it was used up, at `full_at`, or else until it was over."""

    full_at: Instant | None
    said: list[Said] = field(default_factory=list)


def backtest(entries: Iterable[Entry], zone: Zone) -> Iterator[Said]:
    """What would have been said of each window of each entry, the entries being those of one account."""
    rhythm = Rhythm(zone)
    before: dict[WindowName, Outlook] = {}
    for entry in entries:
        rhythm.add(entry)
        for window in entry.windows:
            outlook = before[window.name] = foretell(rhythm, window, entry.at, before.get(window.name))
            yield Said(entry.at, window.name, outlook)


def cases(entries: Sequence[Entry], said: Iterable[Said]) -> dict[WindowName, list[Case]]:
    """What was said of each past window of which it is known what became of it, by the windows' names."""
    now = entries[-1].at if entries else 0
    told: dict[WindowName, list[Said]] = {}
    for each in said:
        told.setdefault(each.window, []).append(each)
    ended = past_windows(entries)
    found = {}
    for name in SPANS:
        fixed = [each for each in told.get(name, []) if each.outlook.until is not None]
        sliding = [each for each in told.get(name, []) if each.outlook.until is None]
        listed = _fixed(fixed, ended.get(name, []), now) + _sliding(sliding, entries, name, now)
        if any(case.said for case in listed):
            found[name] = listed
    return found


def _fixed(said: Sequence[Said], windows: Sequence[PastWindow], now: Instant) -> list[Case]:
    """One case a window."""
    listed, place = [], 0
    for past in windows:
        case = Case(past.full_at)
        while place < len(said) and said[place].at <= past.last:
            if past.full_at is None or said[place].at < past.full_at:
                case.said.append(said[place])
            place += 1
        if past.is_judged(now) and case.said:
            listed.append(case)
    return listed


def _sliding(said: Sequence[Said], entries: Sequence[Entry], name: WindowName, now: Instant) -> list[Case]:
    """One case each time that it was used up, with the hours before it; one for the rest of each day."""
    nexts = dict(zip((entry.at for entry in entries), full_next(entries, name), strict=True))
    listed: dict[tuple[int, Instant | None], Case] = {}
    was_full: Instant | None = None
    for each in said:
        full_at = nexts[each.at]
        was_full = each.at if full_at == each.at else was_full
        is_again = was_full is not None and full_at is not None and full_at - was_full <= AGAIN
        is_judged = full_at is not None or each.at + SPANS[name].minutes * 60 <= now
        if is_judged and not is_again:
            key = (each.at // DAY if full_at is None else 0, full_at)
            listed.setdefault(key, Case(full_at)).said.append(each)
    return list(listed.values())


def score(listed: Sequence[Case]) -> dict[str, Any]:
    """How good it was, as a document: shares are 0 to 1 of all that was said, None where there was nothing to judge."""
    lasted = [case for case in listed if case.full_at is None]
    ran_out = [case for case in listed if case.full_at is not None]
    sure = [_miss(each, case) for case in listed for each in case.said if each.outlook.probability is not None]
    return {
        "windows": len(listed),
        "ran_out": len(ran_out),
        "false_alarms": _share(lasted, "runs_out"),
        "windows_with_false_alarms": sum(any(map(_says_out, case.said)) for case in lasted),
        "false_lasts": _share(ran_out, "lasts"),
        "unknown": _share(listed, "unknown"),
        "flips": _mean(map(_flips, listed)),
        "brier": _mean(sure),
        **_told([_lead(case) for case in ran_out]),
        **_exact([each for case in ran_out for each in _outs(case)]),
    }


def _told(leads: Sequence[float]) -> dict[str, Any]:
    """How long before it was told, of those that ran out."""
    return {
        "told_before": sum(lead > 0 for lead in leads),
        "told_a_day_before": sum(lead >= 24 for lead in leads),
        "hours_before": _median(lead for lead in leads if lead > 0),
    }


def _exact(told: Sequence[tuple[Said, Instant]]) -> dict[str, Any]:
    """How near the instants that were told came."""
    last_day = [(each, full) for each, full in told if full - each.at <= DAY]
    return {
        "error_hours_on_the_last_day": _median(abs((e.outlook.runs_out_at or 0) - full) / HOUR for e, full in last_day),
        "inside_the_range": _mean(_is_inside(each, full) for each, full in told),
        "range_hours_on_the_last_day": _median(_width(each) for each, _ in last_day),
    }


def _says_out(each: Said) -> bool:
    return each.outlook.outlook == "runs_out"


def _outs(case: Case) -> list[tuple[Said, Instant]]:
    return [(each, case.full_at or 0) for each in case.said if _says_out(each)]


def _lead(case: Case) -> float:
    """How many hours before it was used up it was told, for good; 0 where it was not."""
    since = None
    for each in case.said:
        since = (each.at if since is None else since) if _says_out(each) else None
    return 0.0 if since is None or case.full_at is None else (case.full_at - since) / HOUR


def _is_inside(each: Said, full: Instant) -> bool:
    return (each.outlook.earliest or 0) <= full <= (each.outlook.latest or 0)


def _width(each: Said) -> float:
    return ((each.outlook.latest or 0) - (each.outlook.earliest or 0)) / HOUR


def _flips(case: Case) -> int:
    """How often it went from one saying to the other; silence in between does not count."""
    spoken = [each.outlook.outlook for each in case.said if each.outlook.outlook != "unknown"]
    return sum(one != other for one, other in pairwise(spoken))


def _miss(each: Said, case: Case) -> float:
    return ((each.outlook.probability or 0.0) - (case.full_at is not None)) ** 2


def _share(listed: Sequence[Case], saying: str) -> float | None:
    return _mean(each.outlook.outlook == saying for case in listed for each in case.said)


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return round(sum(found) / len(found), 4) if found else None


def _median(values: Iterable[float]) -> float | None:
    found = list(values)
    return round(median(found), 2) if found else None
