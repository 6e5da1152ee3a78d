"""Chromium's cookies: names and dates are plain text and are looked at first, values are decrypted if they matter."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from codingplan_bar.fetch.browsers import chromium_rows, copies, reader
from codingplan_bar.fetch.browsers.candidates import SEALED, Candidate, Unseal
from codingplan_bar.fetch.browsers.chromium_rows import Row
from codingplan_bar.fetch.browsers.reader import Job, Keyring
from codingplan_bar.fetch.browsers.stores import Store
from codingplan_bar.fetch.browsers.verdicts import StoreProblem
from codingplan_bar.fetch.cookie_jar import Cookie, CookieJar
from codingplan_bar.fetch.deadline import Deadline
from codingplan_bar.fetch.session import ACCOUNT, TICKET

KNOWN_KEY, KEYRING = b"v10", b"v11"
"""How a value begins. On Linux, the key of v10 is one that everybody knows; on macOS the key chain has it."""

_REDUCED = """
    CREATE TABLE meta (key TEXT, value TEXT);
    CREATE TABLE cookies (host_key, path, is_secure, expires_utc, name, value, encrypted_value, is_httponly)
"""


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
    store: Store, environ: Mapping[str, str], deadline: Deadline, *, may_prompt: bool = False, macos: bool = False
) -> list[Candidate]:
    """The store's one jar, its values still sealed. Raises `StoreProblem`."""
    with copies.opened(store, environ, deadline) as connection:
        rows, version = chromium_rows.read(connection)
    by_a_key = (KNOWN_KEY,) if macos else (KNOWN_KEY, KEYRING)
    readable = [row for row in rows if row.value or row.encrypted.startswith(by_a_key)]
    bound = {row.name for row in rows if row.encrypted} - {row.name for row in readable}
    unseal = _unseal(Sealed(store, tuple(readable), version), environ, may_prompt=may_prompt, macos=macos)
    jar = CookieJar(tuple(map(_stand_in, readable)))
    return [Candidate(store, jar, unseal=unseal, app_bound=not bound.isdisjoint((*TICKET, *ACCOUNT)))]


def _unseal(sealed: Sealed, environ: Mapping[str, str], *, may_prompt: bool, macos: bool) -> Unseal | None:
    """How the values are got at, None where all of them lie open.

    On macOS the key chain may ask its user, and nobody can know beforehand whether it will: it is the library's own
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


def _stand_in(row: Row) -> Cookie:
    domain = row.host.removeprefix(".")
    return Cookie(row.name, row.value or SEALED, domain, domain == row.host, row.path, row.expires_at, bool(row.secure))
