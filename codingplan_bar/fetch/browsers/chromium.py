"""Chromium's cookies: names and dates are plain text and are looked at first, values are decrypted if they matter."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from codingplan_bar.fetch.browsers import copies, reader
from codingplan_bar.fetch.browsers.candidates import SEALED, Candidate, Unseal
from codingplan_bar.fetch.browsers.reader import Job, Keyring
from codingplan_bar.fetch.browsers.stores import Store
from codingplan_bar.fetch.browsers.verdicts import StoreProblem
from codingplan_bar.fetch.cookie_jar import Cookie, CookieJar
from codingplan_bar.fetch.deadline import Deadline
from codingplan_bar.fetch.session import ACCOUNT, TICKET

KNOWN_SCHEMA = 24
"""The newest `version` that was met: of Chromium 156. Since it, a value begins with a hash of its host."""
EPOCH = 11_644_473_600
"""Seconds from 1601, where Chromium's dates begin, to 1970. Its unit is the microsecond."""
BY_A_KEY = {"linux": (b"v10", b"v11"), "darwin": (b"v10",)}
"""How a value begins that the library can decrypt. On Linux, the key of v10 is one that everybody knows."""
KEYRING = b"v11"

_ROWS = """
    SELECT host_key, path, is_secure, expires_utc, name, value, encrypted_value FROM cookies
    WHERE is_provider(host_key) AND length(CAST(value AS BLOB)) + length(encrypted_value) <= ?
"""
_UNPARTITIONED, _AT_MOST = " AND top_frame_site_key = ''", " LIMIT ?"
_REDUCED = """
    CREATE TABLE meta (key TEXT, value TEXT);
    CREATE TABLE cookies (host_key, path, is_secure, expires_utc, name, value, encrypted_value, is_httponly)
"""


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


@dataclass(frozen=True, slots=True)
class Sealed:
    """The provider's rows of one store, with what it takes to decrypt them."""

    store: Store
    rows: tuple[Row, ...]
    version: str

    def open(self, environ: Mapping[str, str], keyring: Keyring, deadline: Deadline) -> CookieJar:
        """The cookies with their values: by the library, from a file that holds nothing else. Raises `StoreProblem`."""
        try:
            with copies.private_folder(environ) as folder:
                self._write(folder / copies.COPY)
                job = Job(self.store.browser.reader, folder / copies.COPY, keyring)
                return CookieJar(tuple(reader.read(job, environ, deadline)))
        except (OSError, ValueError, sqlite3.Error):
            raise StoreProblem("failed") from None  # no room for the file, or no process by such an environment

    def _write(self, path: Path) -> None:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.executescript(_REDUCED)
            connection.execute("INSERT INTO meta VALUES ('version', ?)", (self.version,))
            connection.executemany("INSERT INTO cookies VALUES (?, ?, ?, ?, ?, ?, ?, 0)", self.rows)


def candidates(
    store: Store,
    environ: Mapping[str, str],
    deadline: Deadline,
    *,
    may_prompt: bool = False,
    platform: str = sys.platform,
) -> list[Candidate]:
    """The store's one jar, its values still sealed. Raises `StoreProblem`."""
    with copies.opened(store, environ, deadline) as connection:
        rows, version = _read(connection)
    readable = [row for row in rows if row.value or row.encrypted[:3] in BY_A_KEY.get(platform, BY_A_KEY["linux"])]
    bound = {row.name for row in rows if row.encrypted} - {row.name for row in readable}
    return [
        Candidate(
            store,
            CookieJar(tuple(map(_stand_in, readable))),
            unseal=_opener(Sealed(store, tuple(readable), version), environ, may_prompt=may_prompt, platform=platform),
            app_bound=not bound.isdisjoint((*TICKET, *ACCOUNT)),
        )
    ]


def _opener(sealed: Sealed, environ: Mapping[str, str], *, may_prompt: bool, platform: str) -> Unseal | None:
    """How the values are got at, None where all of them lie open.

    On macOS the key chain may ask its user, and nobody can know beforehand whether it will: it is the library's own
    business, as soon as the library is started.
    """
    encrypted = [row.encrypted for row in sealed.rows if not row.value]
    if not encrypted:
        return None
    if platform == "darwin":
        return partial(sealed.open, environ, "none") if may_prompt else _would_ask
    needed = any(value.startswith(KEYRING) for value in encrypted)
    keyring: Keyring = "none" if not needed else "ask" if may_prompt else "silent"
    return partial(sealed.open, environ, keyring)


def _would_ask(_: Deadline) -> CookieJar:
    raise StoreProblem("would_ask")


def _read(connection: sqlite3.Connection) -> tuple[list[Row], str]:
    """The provider's rows, and the version of the store."""
    columns = {name for (name,) in connection.execute("SELECT name FROM pragma_table_info('cookies')")}
    version = _version(connection)
    if not columns and not version:
        return [], version  # a browser that has been started, and no more
    query = _ROWS + _UNPARTITIONED * ("top_frame_site_key" in columns) + _AT_MOST
    try:
        rows = connection.execute(query, (copies.LONGEST_VALUE, copies.MOST_ROWS)).fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR and int(version or 0) > KNOWN_SCHEMA:
            raise StoreProblem("newer") from None  # a table or a column that is no longer there
        raise
    return list(_sound(rows)), version


def _version(connection: sqlite3.Connection) -> str:
    """The number in the store's own table, "" where there is none."""
    try:
        found = connection.execute("SELECT CAST(value AS TEXT) FROM meta WHERE key = 'version'").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        found = None
    return found[0] if found and found[0] and found[0].isascii() and found[0].isdecimal() else ""


def _sound(rows: Iterable[tuple[Any, ...]]) -> Iterable[Row]:
    """What has the types that Chromium gives it."""
    kinds = (str, str, int, int, str, str, bytes)
    return (Row(*row) for row in rows if all(map(isinstance, row, kinds)))


def _stand_in(row: Row) -> Cookie:
    domain = row.host.removeprefix(".")
    return Cookie(row.name, row.value or SEALED, domain, domain == row.host, row.path, row.expires_at, bool(row.secure))
