"""What the record says at a refresh: what is foretold, kept in one file, and what the bars show of the last day."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from codingplan_bar import paths, storage
from codingplan_bar.history.forecast import Foretold, Outlook, foretell_all
from codingplan_bar.history.learned_rhythm import (
    DAY,
    HOUR,
    KEPT_DAYS,
    LARGEST,
    LONGEST_GAP,
    SAME_RESET,
    Rhythm,
    Zone,
    local_zone,
    pack,
    unpack,
)
from codingplan_bar.history.record import Entry, Record, of_last_account, of_snapshot
from codingplan_bar.model import INSTANTS, Instant, Snapshot, Window, WindowName
from codingplan_bar.plans import CODING_PLAN, SPANS, PlanKind

# What is foretold at each refresh, kept in one file: each account's rhythm, and what was said of its windows.

VERSION = 1
MOST_ACCOUNTS = 4
"""Those that were asked for last are kept. The rhythm of any other one is learned from the record again."""
SAYINGS = ("lasts", "runs_out", "used_up", "unknown")


class Account(NamedTuple):
    """What is kept of one: its rhythm as a document, and what was said of the reading `at` an instant."""

    at: Instant
    rhythm: object
    said: Mapping[WindowName, Foretold]


Whose = tuple[str, str, str]
"""The kind of a plan, the account's fingerprint, and the plan's name; the last two are empty where never named."""


def _whose(entry: Entry, known: Iterable[Whose]) -> Whose:
    """Whose an entry is; what it does not name is as in the last one `known` of that kind of plan."""
    _, account, plan = next((each for each in known if each[0] == entry.kind), ("", "", ""))
    return entry.kind, entry.account or account, entry.plan or plan


class Foreteller:
    """Takes in what a refresh found, and says what comes of it. One file is its memory; without it, it learns again."""

    def __init__(self, path: Path, record: Record, zone: Zone = local_zone) -> None:
        """Nothing is read yet. `record` has the past, the newest reading included."""
        self.path, self.record, self.zone = path, record, zone
        self._kept: dict[Whose, Account] | None = None

    def witness(self, snapshot: Snapshot) -> None:
        """Foretell each window that a refresh found. Raises `StorageFailure`."""
        entry = of_snapshot(snapshot)
        if entry is None:
            return
        self._kept = None  # another process may have written since
        kept = self._accounts()
        key = _whose(entry, kept)
        known = kept.pop(key, Account(0, None, {}))
        rhythm = self._rhythm(known, entry, key)
        said = foretell_all(rhythm, entry.windows, entry.at, known.said)
        others = list(kept.items())[: MOST_ACCOUNTS - 1]
        self._kept = {key: Account(entry.at, pack(rhythm), said), **dict(others)}
        storage.replace(self.path, _dumps(self._kept), durable=False)

    def foretold(self, snapshot: Snapshot) -> Mapping[WindowName, Foretold]:
        """What was foretold of just these numbers; nothing where others were the last ones."""
        if snapshot.error or not snapshot.plan:
            return {}
        for _ in range(2):
            found = next((each for whose, each in self._accounts().items() if whose[0] == snapshot.plan.kind), None)
            if found and found.at == snapshot.fetched_at:
                return found.said
            self._kept = None  # another process may have written since
        return {}

    def facts(self, snapshot: Snapshot, kind: PlanKind, now: float) -> dict[str, str]:
        """What the record says, for the bars: of the last day of that kind of plan, and what is foretold."""
        return recent_facts(self.record, now, kind) | self.outlooks(snapshot)

    def outlooks(self, snapshot: Snapshot) -> dict[str, str]:
        """What is foretold, for the bars: `outlook.NAME`."""
        return {f"outlook.{name}": said.fact() for name, said in self.foretold(snapshot).items()}

    def _rhythm(self, known: Account, entry: Entry, key: Whose) -> Rhythm:
        """As it was kept, with what was recorded since; learned from the record where none was kept."""
        rhythm = unpack(known.rhythm, self.zone) if known.at < entry.at else None
        begin = known.at + 1 if rhythm else entry.at - KEPT_DAYS * DAY
        rhythm = rhythm or Rhythm(self.zone)
        for past in self.record.since(begin):
            if past.at < entry.at and _whose(past, [key]) == key:
                rhythm.add(past)
        rhythm.add(entry)
        return rhythm

    def _accounts(self) -> dict[Whose, Account]:
        """The last one first; none where the file holds something else."""
        if self._kept is None:
            self._kept = _loads(paths.read(self.path))
        return self._kept


def _dumps(accounts: Mapping[Whose, Account]) -> str:
    listed = [
        {
            "account": list(key),
            "at": each.at,
            "said": {name: [*said.outlook, said.lapses] for name, said in each.said.items()},
            "rhythm": each.rhythm,
        }
        for key, each in accounts.items()
    ]
    return json.dumps({"version": VERSION, "accounts": listed})


def _loads(text: str | None) -> dict[Whose, Account]:
    """What `_dumps` gave; empty for a text of any other origin."""
    try:
        document = json.loads(text or "{}")
        if document["version"] != VERSION:
            return {}
        listed = document["accounts"][:MOST_ACCOUNTS]
        return {_key(each["account"]): Account(_instant(each["at"]), each["rhythm"], _said(each)) for each in listed}
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return {}


def _said(fields: Mapping[str, Any]) -> dict[WindowName, Foretold]:
    return {name: _one(fields["said"][name]) for name in SPANS if name in fields["said"]}


def _one(values: list[Any]) -> Foretold:
    say, runs_out_at, earliest, latest, probability, until, lapses = values
    at, first, last, reset = (
        None if each is None else _instant(each) for each in (runs_out_at, earliest, latest, until)
    )
    if say not in SAYINGS or (say == "runs_out" and None in (at, first, last)):
        raise ValueError
    return Foretold(Outlook(say, at, first, last, _share(probability, 1), reset), _share(lapses, LARGEST))


def _instant(value: Any) -> Instant:
    if type(value) is not int or value not in INSTANTS:
        raise ValueError
    return value


def _share(value: Any, most: float) -> float | None:
    if value is not None and (type(value) not in (int, float) or not 0 <= value <= most):
        raise ValueError
    return value  # type: ignore[no-any-return]  # a number or None


def _key(value: Any) -> Whose:
    kind, account, plan = value
    if not all(isinstance(each, str) for each in (kind, account, plan)):
        raise ValueError
    return kind, account, plan


# How the five-hour window fills and empties, as the record tells it. Pure.
#
# The window slides: its used number at `t` is what was asked for in the five hours before `t`. Between two readings it
# grows by what was asked for, and shrinks by what was asked for five hours earlier. So
#
#     spent(a, b) = used(b) - used(a) + spent(a - 5 h, b - 5 h)
#
# and what was spent is known from a reading on that found the window empty: nothing had been spent for five hours then.
# Before that, it is unknown when what is in the window goes. A gap between two readings does no harm where nothing
# was spent in it; else the record begins again. Between two readings that are near each other, spending is taken to be
# even. A record that is too thin gives no number.

NAME, SPAN = CODING_PLAN.windows[0].name, CODING_PLAN.windows[0].minutes * 60


class Flow(NamedTuple):
    """When the next requests leave the window, and how many; each None where it is not known."""

    falls_at: Instant | None = None
    falls: float | None = None

    def fact(self) -> str:
        """As the bars' facts have it: `falls_at falls`, each `-` if it is unknown."""
        return " ".join("-" if value is None else f"{value:.10g}" for value in (self.falls_at, self.falls))


class Spell(NamedTuple):
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
    readings = [(entry.at, window) for entry, window in _readings(entries, NAME)]
    if not readings or now - readings[-1][0] > LONGEST_GAP:
        return Flow()
    window = readings[-1][1]
    if window.resets_at:
        return Flow(window.resets_at, window.used)
    return Flow(*_next_fall(spells(readings), now))


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


def _readings(entries: Iterable[Entry], name: WindowName) -> list[tuple[Entry, Window]]:
    """The entries that have that window."""
    return [(entry, window) for entry in entries for window in entry.windows if window.name == name]


def _next_fall(known: Sequence[Spell], now: float) -> tuple[Instant | None, float | None]:
    """When the next whole spell has left the window, and how many requests it was; each None where none is known."""
    falling = (spell for spell in known if spell.ends + SPAN > now and spell.spent > 0)
    first = next(falling, None)
    return (first.ends + SPAN, first.spent) if first else (None, None)


# What of the past the bars show, as facts: the flow of the five hours, what was spent today, and the line of a day.

HOURS = 24
MINUTE = 60


def recent_facts(record: Record, now: float, kind: PlanKind = CODING_PLAN.kind) -> dict[str, str]:
    """`flow.NAME`, `today.NAME` and `spark` of one kind of plan, as far as known at `now`; takes milliseconds."""
    past = record.since(int(now) - HOURS * HOUR)
    entries = of_last_account(entry for entry in past if entry.at <= now + MINUTE and entry.kind == kind)
    told = {f"flow.{NAME}": flow([entry for entry in entries if entry.at >= now - 2 * SPAN], now).fact()}
    told |= {f"today.{name}": fact for name in DAILY if (fact := today(entries, name, now))}
    line = spark(entries, now)
    return told | ({"spark": ",".join(line)} if set(line) - {"-"} else {})


DAILY: dict[WindowName, int] = {span.name: span.seconds for span in SPANS.values() if span.minutes > HOURS * 60}
"""The windows that last for days, with how many seconds they can last."""
LITTLE = 0.01
"""The share of a window that may be counted to the wrong one of two days."""


def today(entries: Sequence[Entry], name: WindowName, now: float) -> str:
    """What of a window was spent since midnight here, and its share of today, in percent, until when: `3 14 instant`.

    Today's share is what was left this morning, laid evenly over the time until the reset. Empty where the window may
    have begun before, and what was used by then is not known.
    """
    readings = [(entry, window) for entry, window in _readings(entries, name) if window.resets_at]
    if not readings:
        return ""
    (last, window), resets_at = readings[-1], readings[-1][1].resets_at or 0
    midnight, morrow = midnights(now)
    same = [each for each in readings if abs((each[1].resets_at or 0) - resets_at) <= SAME_RESET]
    before = [each for each in same if each[0].at < midnight]
    starts = resets_at - DAILY[name]
    if resets_at <= now or last.at < midnight:
        return ""
    if not (_is_seen_at_midnight(before[-1], same[len(before)]) if before else starts >= midnight):
        return ""
    begin = max(midnight, starts)
    used = _used_in_the_unit_of(last, window, *before[-1]) if before else 0
    share = (window.total - used) * (min(morrow, resets_at) - begin) / max(resets_at - begin, 1)
    spent = max(window.used - used, 0)
    return f"{spent / window.total * 100:.4g} {max(share, 0) / window.total * 100:.4g} {morrow}"


def _is_seen_at_midnight(before: tuple[Entry, Window], after: tuple[Entry, Window]) -> bool:
    """Whether it is known what was used at midnight, by the last reading before it and the first one after it.

    What another machine spends while no refresh runs here may be of either day.
    """
    (entry, earlier), (later, window) = before, after
    grown = window.used - _used_in_the_unit_of(later, window, entry, earlier)
    return later.at - entry.at <= HOUR or grown <= LITTLE * window.total


def _used_in_the_unit_of(last: Entry, window: Window, entry: Entry, earlier: Window) -> float:
    """What was used then, counted as the last entry counts: where the unit has changed, the same share of the whole."""
    is_same = (entry.unit, earlier.in_percent) == (last.unit, window.in_percent)
    return earlier.used if is_same else earlier.used / earlier.total * window.total


def midnights(now: float) -> tuple[Instant, Instant]:
    """The last and the next midnight in the user's zone."""
    year, month, day = time.localtime(now)[:3]
    last, following = (time.mktime((year, month, day + more, 0, 0, 0, 0, 0, -1)) for more in (0, 1))
    return int(last), int(following)


def spark(entries: Sequence[Entry], now: float) -> list[str]:
    """The highest used percent of the five-hour window in each of the last 24 hours, `-` where none was recorded."""
    highest: list[float | None] = [None] * HOURS
    percents = [(int((now - entry.at) // HOUR), window.used_percent) for entry, window in _readings(entries, NAME)]
    for ago, percent in percents:
        if 0 <= ago < HOURS:
            highest[~ago] = max(highest[~ago] or 0.0, percent)
    return ["-" if percent is None else str(_whole(percent)) for percent in highest]


def _whole(percent: float) -> int:
    """Rounding never turns a small share into nothing, or a large one into all."""
    return round(percent) if percent in (0, 100) else min(max(round(percent), 1), 99)
