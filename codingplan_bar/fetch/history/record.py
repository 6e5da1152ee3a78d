"""The record: one row a refresh, in an SQLite file that only the user can read. Nothing secret is in it.

A year is kept. Whoever writes holds the refresh's lock, so that SQLite's own waits are for readers alone.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from codingplan_bar import store
from codingplan_bar.errors import StorageFailure
from codingplan_bar.fetch.history.entry import Entry, of_snapshot
from codingplan_bar.model import SPANS, Instant, Snapshot, Window

VERSION = 1
YEAR = 366 * 24 * 60 * 60
"""Seconds that an entry is kept."""
MOST_ENTRIES = 120_000
"""A year of one in five minutes, and some; asked for every minute, it is twelve weeks."""
PATIENCE = 1.0
"""Seconds that another process is waited for."""

_FIELDS = [f"{name}_{field}" for name in SPANS for field in ("used", "total", "resets_at")]
_COLUMNS = ["at", "source", "region", "plan", *_FIELDS]
_SCHEMA = f"CREATE TABLE IF NOT EXISTS refreshes (at INTEGER PRIMARY KEY, source, region, plan, {', '.join(_FIELDS)})"
_INSERT = f"INSERT OR REPLACE INTO refreshes VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM refreshes WHERE at >= ? ORDER BY at"  # noqa: S608 - our own names
_TOO_MANY = "DELETE FROM refreshes WHERE at <= (SELECT at FROM refreshes ORDER BY at DESC LIMIT 1 OFFSET ?)"


class Record:
    """The entries in one file. What cannot be read is put aside, and a new record begun."""

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
            self._written(entry)
        except sqlite3.OperationalError as error:
            raise self._failure(error) from error
        except sqlite3.DatabaseError:
            store.put_aside(self.path)
            self._anew(entry)

    def since(self, instant: Instant) -> list[Entry]:
        """The entries from that instant on, the oldest first; none where there is no record that can be read."""
        rows: list[tuple[Any, ...]] = []
        for mode in ("rw", "ro"):  # what a killed writer has left half-done, only who may write can undo
            with suppress(sqlite3.Error):
                rows = self._rows(instant, mode)
                break
        return [entry for entry in map(_entry, rows) if entry]

    def _rows(self, instant: Instant, mode: str) -> list[tuple[Any, ...]]:
        address = f"{self.path.absolute().as_uri()}?mode={mode}"
        with closing(sqlite3.connect(address, PATIENCE, uri=True)) as database:
            return database.execute(_SELECT, (instant,)).fetchall() if _version(database) == VERSION else []

    def _anew(self, entry: Entry) -> None:
        try:
            self._written(entry)
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def _written(self, entry: Entry) -> None:
        with self._opened() as database:
            if _version(database) not in (0, VERSION):
                return  # a newer version's: it is left as it is
            with database:
                database.execute(_SCHEMA)
                database.execute(f"PRAGMA user_version = {VERSION}")
                database.execute(_INSERT, _row(entry))
                database.execute("DELETE FROM refreshes WHERE at < ?", (entry.at - YEAR,))
                database.execute(_TOO_MANY, (MOST_ENTRIES,))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The file is made first, so that it is never readable by others; SQLite gives its journal the same mode."""
        try:
            store.make_folder(self.path.parent)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
        except OSError as error:
            raise self._failure(error) from error
        with closing(sqlite3.connect(self.path, PATIENCE)) as database:
            yield database

    def _failure(self, error: Exception) -> StorageFailure:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else type(error).__name__
        return StorageFailure(f"Cannot write {self.path.name}: {reason}.", where=str(self.path))


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _row(entry: Entry) -> list[Any]:
    row: list[Any] = [entry.at, entry.source, entry.region, entry.plan]
    for name in SPANS:
        window = entry.window(name)
        row += [window.used, window.total, window.resets_at] if window else [None, None, None]
    return row


def _entry(row: tuple[Any, ...]) -> Entry | None:
    """The entry in a row; None where somebody has written something else there."""
    at, source, region, plan, *fields = row
    groups = zip(SPANS, fields[::3], fields[1::3], fields[2::3], strict=True)
    windows = tuple(
        Window(name, used, total, resets_at if _is(int, resets_at) else None)
        for name, used, total, resets_at in groups
        if _is((int, float), used) and _is((int, float), total) and used >= 0 and total > 0
    )
    return Entry(at, _text(source), _text(region), _text(plan), windows) if _is(int, at) and windows else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _is(kinds: type | tuple[type, ...], value: object) -> bool:
    return isinstance(value, kinds) and abs(float(value)) < 1e15  # type: ignore[arg-type]
