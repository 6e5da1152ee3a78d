"""What is foretold at each refresh, kept in one file: each account's rhythm, and what was said of its windows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from codingplan_bar import paths, storage
from codingplan_bar.history.forecast import Foretold, Outlook, foretell_all
from codingplan_bar.history.record import Entry, Record, of_snapshot
from codingplan_bar.history.rhythm import DAY, KEPT_DAYS, LARGEST, Rhythm, Zone, local_zone, pack, unpack
from codingplan_bar.model import Instant, Snapshot, WindowName
from codingplan_bar.plans import SPANS

VERSION = 1
MOST_ACCOUNTS = 4
"""Those that were asked for last are kept. The rhythm of any other one is learned from the record again."""
SAYINGS = ("lasts", "runs_out", "used_up", "unknown")
LAST_INSTANT = 253_402_300_799


class Account(NamedTuple):
    """What is kept of one: its rhythm as a document, and what was said of the reading `at` an instant."""

    at: Instant
    rhythm: object
    said: Mapping[WindowName, Foretold] = {}


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
        known = kept.pop(key, Account(0, None))
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

    def facts(self, snapshot: Snapshot) -> dict[str, str]:
        """The same for the bars: `outlook.NAME`."""
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
    if type(value) is not int or not 0 <= value <= LAST_INSTANT:
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
