"""The cookies of Chromium's family and of Safari: names and dates first, values are decrypted where they matter."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from codingplan_bar.browsers import copies, decrypt
from codingplan_bar.browsers.decrypt import DecryptJob, Keyring
from codingplan_bar.browsers.problems import StoreProblem
from codingplan_bar.browsers.stores import SEALED, Candidate, Store, Unseal
from codingplan_bar.credentials.cookies import ACCOUNT, TICKET, Cookie, CookieJar
from codingplan_bar.transport.request import Deadline

# The provider's rows of a Chromium store, as they lie there: names and dates in plain text, values mostly not.

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


class StoredRow(NamedTuple):
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


def read(connection: sqlite3.Connection) -> tuple[list[StoredRow], str]:
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


def _sound(rows: Iterable[tuple[Any, ...]]) -> Iterable[StoredRow]:
    """What has the types that Chromium gives it."""
    return (StoredRow(*row) for row in rows if all(map(isinstance, row, _KINDS)))


# Chromium's cookies: names and dates are plain text and are looked at first, values are decrypted if they matter.

KNOWN_KEY, KEYRING = b"v10", b"v11"
"""How a value begins. On Linux, the key of v10 is one that everybody knows; on macOS the key chain has it."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The provider's rows of one store, with what it takes to decrypt them."""

    store: Store
    rows: tuple[StoredRow, ...]
    version: str

    def open(self, environ: Mapping[str, str], keyring: Keyring, deadline: Deadline) -> CookieJar:
        """The cookies with their values: by the library, which is given nothing else. Raises `StoreProblem`."""
        try:
            return CookieJar(
                tuple(decrypt.read(DecryptJob(self.store.browser.reader, self._data(), keyring), environ, deadline))
            )
        except (OSError, ValueError):
            raise StoreProblem("failed") from None  # no process can be started, or none by such an environment

    def _data(self) -> bytes:
        """As `library_files.Shelf` takes it."""
        rows = [[*row[:-1], row.encrypted.hex()] for row in self.rows]
        return json.dumps({"version": self.version, "rows": rows}).encode()


def candidates(
    store: Store, environ: Mapping[str, str], deadline: Deadline, *, may_prompt: bool = False, macos: bool = False
) -> list[Candidate]:
    """The store's one jar, its values still sealed. Raises `StoreProblem`."""
    with copies.opened(store.path, deadline) as connection:
        rows, version = read(connection)
    by_a_key = (KNOWN_KEY,) if macos else (KNOWN_KEY, KEYRING)
    readable = [row for row in rows if row.value or row.encrypted.startswith(by_a_key)]
    bound = {row.name for row in rows if row.encrypted} - {row.name for row in readable}
    unseal = _unseal(Sealed(store, tuple(readable), version), environ, may_prompt=may_prompt, macos=macos)
    jar = CookieJar(tuple(map(_stand_in, readable)))
    return [Candidate(store, jar, unseal=unseal, app_bound=not bound.isdisjoint((*TICKET, *ACCOUNT)))]


def _unseal(sealed: Sealed, environ: Mapping[str, str], *, may_prompt: bool, macos: bool) -> Unseal | None:
    """How the values are got at, None where all of them lie open.

    On macOS the key chain may ask its user, and it cannot be known beforehand whether it will: it is the library's own
    business, as soon as the library is started.
    """
    encrypted = [row.encrypted for row in sealed.rows if not row.value]
    if not encrypted:
        return None
    if macos:
        return partial(sealed.open, environ, "none") if may_prompt else _would_ask
    needed = any(value.startswith(KEYRING) for value in encrypted)
    keyring: Keyring = "none" if not needed else "ask" if may_prompt else "silent"
    return partial(sealed.open, environ, keyring)


def _would_ask(_: Deadline) -> CookieJar:
    raise StoreProblem("would_ask")


def _stand_in(row: StoredRow) -> Cookie:
    domain = row.host.removeprefix(".")
    return Cookie(row.name, row.value or SEALED, domain, domain == row.host, row.path, row.expires_at, bool(row.secure))


# Safari's cookies, by the import library from the bytes of its one file. Not tried on a Mac.


def safari_candidates(store: Store, environ: Mapping[str, str], deadline: Deadline) -> list[Candidate]:
    """Its one jar. Raises `StoreProblem`: macOS lets it be read only with a permission of the user's."""
    job = DecryptJob(store.browser.reader, copies.content(store.path, deadline).main, "none")
    cookies = decrypt.read(job, environ, deadline)
    return [Candidate(store, CookieJar(tuple(cookies)))]
