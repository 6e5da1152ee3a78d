"""The provider's rows of a Chromium store, as they lie there: names and dates in plain text, values mostly not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

from codingplan_bar.fetch.browsers import copies
from codingplan_bar.fetch.browsers.verdicts import StoreProblem

KNOWN_SCHEMA = 24
"""The newest `version` that was met: of Chromium 156. Since it, a value begins with a hash of its host."""
EPOCH = 11_644_473_600
"""Seconds from 1601, where Chromium's dates begin, to 1970. Its unit is the microsecond."""

_ROWS = """
    SELECT host_key, path, is_secure, expires_utc, name, value, encrypted_value FROM cookies
    WHERE is_provider(host_key) AND length(CAST(value AS BLOB)) + length(encrypted_value) <= ?
"""
_NOT_EMBEDDED, _AT_MOST = " AND top_frame_site_key = ''", " LIMIT ?"
_KINDS = (str, str, int, int, str, str, bytes)


class Row(NamedTuple):
    """A cookie as the store has it."""

    host: str
    path: str
    secure: int
    expires: int
    name: str
    value: str
    encrypted: bytes

    @property
    def expires_at(self) -> int | None:
        """Seconds since 1970, None for one that ends with the browser."""
        return self.expires // 1_000_000 - EPOCH if self.expires else None


def read(connection: sqlite3.Connection) -> tuple[list[Row], str]:
    """The rows, without those of embedded pages; and the version of the store, "" where it names none.

    Raises `StoreProblem` for a newer kind of store, and what SQLite raises for a damaged one.
    """
    columns = {name for (name,) in connection.execute("SELECT name FROM pragma_table_info('cookies')")}
    version = _version(connection)
    if not columns and not version:
        return [], version  # a browser that has been started, and no more
    query = _ROWS + _NOT_EMBEDDED * ("top_frame_site_key" in columns) + _AT_MOST
    try:
        rows = connection.execute(query, (copies.LONGEST_VALUE, copies.MOST_ROWS)).fetchall()
    except sqlite3.OperationalError as error:
        if _lacks_something(error) and int(version or 0) > KNOWN_SCHEMA:
            raise StoreProblem("newer") from None
        raise
    return list(_sound(rows)), version


def _version(connection: sqlite3.Connection) -> str:
    try:
        found = connection.execute("SELECT CAST(value AS TEXT) FROM meta WHERE key = 'version'").fetchone()
    except sqlite3.OperationalError as error:
        if not _lacks_something(error):
            raise
        return ""
    return found[0] if found and found[0] and found[0].isascii() and found[0].isdecimal() else ""


def _lacks_something(error: sqlite3.OperationalError) -> bool:
    """Whether a table or a column is not there."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR


def _sound(rows: Iterable[tuple[Any, ...]]) -> Iterable[Row]:
    """What has the types that Chromium gives it."""
    return (Row(*row) for row in rows if all(map(isinstance, row, _KINDS)))
