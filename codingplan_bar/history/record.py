"""The record: what each refresh found, in an SQLite file that only the user can read."""

from __future__ import annotations

import math
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from codingplan_bar import storage
from codingplan_bar.errors import StorageFailure
from codingplan_bar.model import (
    INSTANTS,
    LAST_INSTANT,
    Instant,
    Number,
    Packs,
    Plan,
    Snapshot,
    Window,
    WindowName,
)
from codingplan_bar.plans import CODING_PLAN, SPANS, PlanKind
from codingplan_bar.words.errors import english

# One entry of the record: what one refresh found.


class Entry(NamedTuple):
    """The windows as they were `at` an instant; `source`, `region` and `plan` are empty where they are not known.

    `kind` is which of the plans it was, `unit` what it counts, `account` the fingerprint of whose it was, None where
    the answer named no account. `packs` are the extra packs that are drawn on then, None where none is.
    """

    at: Instant
    source: str
    region: str
    plan: str
    windows: tuple[Window, ...]
    kind: PlanKind = CODING_PLAN.kind
    unit: str = CODING_PLAN.unit
    account: str | None = None
    packs: Packs | None = None

    def window(self, name: WindowName) -> Window | None:
        """The window of that name; None where the answer did not carry it."""
        return next((window for window in self.windows if window.name == name), None)


@lru_cache(maxsize=1)
def of_snapshot(snapshot: Snapshot) -> Entry | None:
    """The entry that a snapshot makes, made once for all who take it in; None where it holds no numbers."""
    if snapshot.error or not snapshot.windows:
        return None
    plan = snapshot.plan or Plan()
    where = (snapshot.source or "", snapshot.region or "", plan.name or "")
    whose = (plan.kind, plan.product.unit, snapshot.account)
    return Entry(snapshot.fetched_at, *where, tuple(snapshot.windows), *whose, snapshot.pack_in_use)


def by_account(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The entries of each account and plan by themselves.

    An entry that names no account, or no plan, is of the one before it; before all that name one, of the first.
    """
    groups: dict[tuple[str, ...], list[Entry]] = {}
    for entry, *key in _whose(entries):
        groups.setdefault(tuple(key), []).append(entry)
    return list(groups.values())


def of_last_account(entries: Iterable[Entry]) -> list[Entry]:
    """The entries of the account and the kind of plan that the last one is of, by the same rule."""
    found = [(entry, (kind, account)) for entry, kind, account, _ in _whose(entries)]
    return [entry for entry, whose in found if whose == found[-1][1]]


def _whose(entries: Iterable[Entry]) -> Iterator[tuple[Entry, str, str, str]]:
    """Yield each entry with the kind of its plan, its account and its plan's name, as far as any is known."""
    entries = list(entries)
    last: dict[tuple[str, int], str] = {}
    for entry in reversed(entries):
        last.update(_said(entry))
    for entry in entries:
        last.update(_said(entry))
        yield entry, entry.kind, last.get((entry.kind, 0), ""), last.get((entry.kind, 1), "")


def _said(entry: Entry) -> dict[tuple[str, int], str]:
    return {(entry.kind, place): said for place, said in enumerate((entry.account, entry.plan)) if said}


# The file: one row a window of a refresh, in SQLite. Nothing secret is in it.
#
# It never decides whether a refresh succeeded: whatever goes wrong with it is a `StorageFailure`, and no more than
# that. Whoever writes holds the refresh's lock, so that SQLite's own waits are for readers alone.
#
# Version 1 had a table `refreshes` with three columns a window. A file of that version becomes one of this version
# when it is written to, and is read as it is until then.

VERSION = 2
YEAR = 366 * 24 * 60 * 60
"""Seconds that an entry is kept."""
SLICE = YEAR // 12
"""An old entry is let go of once each twelfth of the year since has one: a clock that is years off deletes nothing."""
MOST_ENTRIES = 120_000
"""A year of one in five minutes, and some; asked for every minute, it is twelve weeks."""
PATIENCE = 1.0
"""Seconds that another process is waited for."""

_FAULTS = (sqlite3.Error, sqlite3.Warning, ArithmeticError, ValueError, TypeError, OSError)
"""All that SQLite's module raises of a file, its content, or a value."""
_REASONS = {
    "SQLITE_FULL": "full",
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "SQLITE_READONLY": "read-only",
    "SQLITE_CANTOPEN": "read-only",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
    "SQLITE_ERROR": "foreign",
}
_PACKS = "packs"
"""The extra packs stand in a row of their own among the windows; who does not know that name passes it over."""
_BESIDE = ("", "-journal", "-wal", "-shm")
_SUBJECT = ("kind", "unit", "account", "source", "region", "plan")
_NUMBERS = ("used", "total", "percent", "resets_at")
_SCHEMA = (
    f"CREATE TABLE IF NOT EXISTS subjects (id INTEGER PRIMARY KEY, {', '.join(_SUBJECT)})",
    f"""CREATE TABLE IF NOT EXISTS readings (at INTEGER, subject INTEGER, window TEXT, {", ".join(_NUMBERS)},
        PRIMARY KEY (at, subject, window)) WITHOUT ROWID""",
)
_SAME_SUBJECT = " AND ".join(f"{name} IS ?" for name in _SUBJECT)
_FIND_SUBJECT = f"SELECT id FROM subjects WHERE {_SAME_SUBJECT}"  # noqa: S608 - our own names
_ADD_SUBJECT = f"INSERT INTO subjects ({', '.join(_SUBJECT)}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608
_SUBJECTS = f"SELECT id, {', '.join(_SUBJECT)} FROM subjects"  # noqa: S608
_REPLACED = """DELETE FROM readings WHERE at = ? AND subject IN
    (SELECT id FROM subjects WHERE kind IS ? AND account IS ?)"""
_INSERT = "INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?, ?, ?)"
_READINGS = f"SELECT at, subject, window, {', '.join(_NUMBERS)} FROM readings"  # noqa: S608
_SELECT = f"{_READINGS} WHERE at >= ? ORDER BY at, subject"
_SELECT_PACKS = "SELECT at, subject, used, total FROM readings WHERE at >= ? AND window IS ?"
_TOO_MANY = "DELETE FROM readings WHERE at <= (SELECT at FROM readings ORDER BY at DESC LIMIT 1 OFFSET ?)"


class Record:
    """The entries in one file. What cannot be read is renamed, and a new record begun."""

    def __init__(self, path: Path) -> None:
        """Nothing is opened yet."""
        self.path = path

    def witness(self, snapshot: Snapshot) -> None:
        """Keep what a refresh found, where it found numbers. Raises `StorageFailure`."""
        entry = of_snapshot(snapshot)
        if entry:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Keep one entry, and let go of what is older than a year. Raises `StorageFailure`."""
        try:
            self._write(entry)
        except _FAULTS as error:
            if not _is_unusable(error):
                raise self._failure(error) from error
            for path in self._places():
                storage.put_aside(path)
            self._begin_again(entry)

    def trouble(self) -> str:
        """Why no entry could be kept now: full, busy, read-only, damaged, foreign (other columns), newer or other.

        Empty where one could be kept; where nothing has been recorded yet, nothing is tried.
        """
        if not os.path.lexists(self.path):
            return ""
        try:
            with self._opened() as database, database:
                if (version := _version(database)) > VERSION:
                    return "newer"
                database.execute("BEGIN IMMEDIATE")
                database.execute(f"PRAGMA user_version = {version}")
                if version == VERSION:
                    database.execute(f"{_SELECT} LIMIT 0", (0,))
        except StorageFailure as error:
            return _reason(error.__cause__)
        except _FAULTS as error:
            return _reason(error)
        return ""

    def since(self, instant: Instant) -> list[Entry]:
        """The entries from that instant on, the oldest first; none where there is no record that can be read."""
        if not all(map(storage.is_fit, self._places())):
            return []
        for mode in ("rw", "ro"):  # what a killed writer has left half-done, only who may write can undo
            with suppress(*_FAULTS):
                return self._entries(min(max(instant, 0), LAST_INSTANT), mode)
        return []

    def _entries(self, instant: Instant, mode: str) -> list[Entry]:
        address = f"{self.path.absolute().as_uri()}?mode={mode}"
        with closing(sqlite3.connect(address, timeout=PATIENCE, uri=True)) as database:
            if _version(database) == 1:
                with closing(sqlite3.connect(":memory:")) as copied:
                    database.backup(copied)
                    _migrate(copied)
                    return _read(copied, instant)
            return _read(database, instant) if _version(database) == VERSION else []

    def _begin_again(self, entry: Entry) -> None:
        try:
            self._write(entry)
        except _FAULTS as error:
            raise self._failure(error) from error

    def _write(self, entry: Entry) -> None:
        with self._opened() as database:
            if _version(database) > VERSION:
                return  # a newer version's: it is left as it is
            with database:
                database.execute("BEGIN IMMEDIATE")
                _migrate(database)
                _put(database, entry)
                _prune(database, entry.at)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The file is made first, so that it is never readable by others; SQLite gives its journal the same mode."""
        try:
            places = self._places()
            storage.make_folder(self.path.parent)
            for path in places:
                if not storage.is_fit(path):  # opening a pipe would not end
                    storage.put_aside(path)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
        except OSError as error:
            raise self._failure(error) from error
        with closing(sqlite3.connect(self.path, timeout=PATIENCE)) as database:
            yield database

    def _places(self) -> list[Path]:
        """The file, and those that SQLite puts beside it."""
        return [self.path.with_name(self.path.name + end) for end in _BESIDE]

    def _failure(self, error: Exception) -> StorageFailure:
        reason = english(f"reason.{_reason(error)}")
        if isinstance(error, OSError) and error.errno:
            reason = os.strerror(error.errno)
        return StorageFailure("storage", where=str(self.path), file=self.path.name, reason=reason)


def _is_unusable(error: Exception) -> bool:
    """Whether the file is not a record of ours, or no longer one: it is damaged, or has other columns."""
    if isinstance(error, sqlite3.OperationalError):
        return _reason(error) == "foreign"
    return isinstance(error, sqlite3.DatabaseError)


def _reason(error: BaseException | None) -> str:
    name = getattr(error, "sqlite_errorname", "")
    return next((reason for code, reason in _REASONS.items() if name.startswith(code)), "other")


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _migrate(database: sqlite3.Connection) -> None:
    """Make the tables of this version, and bring a file of version 1 into them; its past stays."""
    version = _version(database)
    for statement in _SCHEMA:
        database.execute(statement)
    if version == 1:
        _bring_version_1(database)
    if version != VERSION:
        database.execute(f"PRAGMA user_version = {VERSION}")


def _bring_version_1(database: sqlite3.Connection) -> None:
    """Bring the table `refreshes` over: what it tells of the window NAME stands in NAME_used, NAME_total and so on."""
    columns = {row[1] for row in database.execute("PRAGMA table_info(refreshes)")}
    whose = ", ".join(f"coalesce({name}, '') AS {name}" for name in ("source", "region", "plan"))
    database.execute(
        f"INSERT INTO subjects (kind, unit, source, region, plan) SELECT DISTINCT ?, ?, {whose} FROM refreshes",  # noqa: S608
        (CODING_PLAN.kind, CODING_PLAN.unit),
    )
    for name in (name for name in SPANS if f"{name}_used" in columns):
        fields = f"{name}_used, {name}_total, NULL, {name}_resets_at"
        database.execute(
            f"""INSERT OR REPLACE INTO readings SELECT at, subjects.id, ?, {fields}
                FROM (SELECT *, {whose} FROM refreshes) AS old JOIN subjects USING (source, region, plan)
                WHERE {name}_used IS NOT NULL""",  # noqa: S608 - our own names
            (name,),
        )
    database.execute("DROP TABLE refreshes")


def _put(database: sqlite3.Connection, entry: Entry) -> None:
    """Write one entry in the place of one of the same instant, account and kind of plan."""
    whose = [getattr(entry, name) for name in _SUBJECT]
    database.execute(_REPLACED, (entry.at, entry.kind, entry.account))
    known = database.execute(_FIND_SUBJECT, whose).fetchone()
    subject = known[0] if known else database.execute(_ADD_SUBJECT, whose).lastrowid
    rows = [(window.name, *_row(window)) for window in entry.windows]
    if packs := entry.packs:
        rows.append((_PACKS, _held(packs.total - packs.remaining), _held(packs.total), None, None))
    database.executemany(_INSERT, [(entry.at, subject, *row) for row in rows])


def _prune(database: sqlite3.Connection, now: Instant) -> None:
    """Let go of what is older than a year, and of the oldest of too many."""
    end = now - YEAR
    (oldest,) = database.execute("SELECT min(at) FROM readings").fetchone()
    if oldest < end and all(_has_any(database, end + place * SLICE) for place in range(12)):
        database.execute("DELETE FROM readings WHERE at < ?", (end,))
    database.execute(_TOO_MANY, (MOST_ENTRIES * len(CODING_PLAN.windows),))


def _has_any(database: sqlite3.Connection, begin: Instant) -> bool:
    """Whether anything was recorded in the twelfth of a year from then on."""
    found = database.execute("SELECT 1 FROM readings WHERE at BETWEEN ? AND ? LIMIT 1", (begin, begin + SLICE))
    return found.fetchone() is not None


def _row(window: Window) -> tuple[Number | None, ...]:
    if window.in_percent:
        return (None, None, window.used, window.resets_at)
    return (_held(window.used), _held(window.total), None, window.resets_at)


def _held(number: Number) -> Number:
    return number if abs(number) < 2**63 else float(number)


def _read(database: sqlite3.Connection, instant: Instant) -> list[Entry]:
    """The entries from that instant on. A row that somebody has spoilt is passed over, and so is what is damaged."""
    database.text_factory = partial(str, encoding="utf-8", errors="replace")
    whose = {subject: words for subject, *words in database.execute(_SUBJECTS)}
    entries: list[Entry] = []
    with suppress(*_FAULTS):  # what was read before the damage counts
        packs = {tuple(row[:2]): _packs(*row[2:]) for row in database.execute(_SELECT_PACKS, (instant, _PACKS))}
        for (at, subject), rows in groupby(database.execute(_SELECT, (instant,)), key=itemgetter(0, 1)):
            windows = [window for row in rows if (window := _window(*row[2:]))]
            if windows and subject in whose and type(at) is int and at in INSTANTS:
                windows.sort(key=_length)
                entries.append(_entry(at, whose[subject], tuple(windows), packs.get((at, subject))))
    return entries


def _length(window: Window) -> int:
    return SPANS[window.name].minutes


def _entry(at: Instant, whose: list[Any], windows: tuple[Window, ...], packs: Packs | None) -> Entry:
    kind, unit, account, source, region, plan = (said if isinstance(said, str) else "" for said in whose)
    return Entry(at, source, region, plan, windows, kind, unit, account or None, packs)


def _window(name: object, used: object, total: object, percent: object, resets_at: object) -> Window | None:
    """The window in a row; None where somebody has written something else there, or it is unknown to this version."""
    in_percent = used is None and total is None
    if in_percent:
        used, total = percent, 100
    if name not in SPANS or not _is_number(used) or not _is_number(total) or used < 0 or total <= 0:
        return None
    resets_at = resets_at if type(resets_at) is int and resets_at in INSTANTS else None
    return Window(name, used, total, resets_at, in_percent)


def _packs(used: object, total: object) -> Packs | None:
    """The extra packs in their row; None where somebody has written something else there."""
    if not _is_number(used) or not _is_number(total) or not 0 <= used <= total:
        return None
    return Packs(total - used, total)


def _is_number(value: object) -> TypeGuard[Number]:
    """SQLite has no whole number that a float could not be as large as."""
    return isinstance(value, int | float) and math.isfinite(value)
