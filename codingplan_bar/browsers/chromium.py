"""The cookies of Chromium's family and of Safari: names and dates first, values are decrypted where they matter."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from codingplan_bar import paths
from codingplan_bar.browsers import sqlite_copy
from codingplan_bar.browsers.stores import SEALED, Candidate, Store, Unseal
from codingplan_bar.browsers.verdicts import StoreProblem, Verdict
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
        rows = connection.execute(query, (sqlite_copy.LONGEST_VALUE, sqlite_copy.MOST_ROWS)).fetchall()
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
                tuple(decrypted(DecryptJob(self.store.browser.reader, self._data(), keyring), environ, deadline))
            )
        except (OSError, ValueError):
            raise StoreProblem("failed") from None  # no process can be started, or none by such an environment

    def _data(self) -> bytes:
        """As `decrypt_program.RowShelf` takes it."""
        rows = [[*row[:-1], row.encrypted.hex()] for row in self.rows]
        return json.dumps({"version": self.version, "rows": rows}).encode()


def candidates(
    store: Store, environ: Mapping[str, str], deadline: Deadline, *, may_prompt: bool = False, macos: bool = False
) -> list[Candidate]:
    """The store's one jar, its values still sealed. Raises `StoreProblem`."""
    with sqlite_copy.opened(store.path, deadline) as connection:
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
    job = DecryptJob(store.browser.reader, sqlite_copy.content(store.path, deadline).main, "none")
    cookies = decrypted(job, environ, deadline)
    return [Candidate(store, CookieJar(tuple(cookies)))]


# The import library in a process of its own: it gets one store, little time and no more environment than it needs.

DECRYPT_MODULE = "codingplan_bar.browsers.decrypt_program"
MARGIN = 0.2
"""Seconds by which the process ends earlier than whoever waits for it, so that it can say what it was waiting for."""

Keyring = Literal["none", "silent", "ask"]
"""Whether the key may be asked for: not at all, without disturbing anybody, or also by a dialog."""

_PASSED = ("HOME", "LANG", "LANGUAGE", "DBUS_SESSION_BUS_ADDRESS")
_PASSED_KINDS = ("XDG_", "LC_")


class DecryptJob(NamedTuple):
    """What is read, and how: `reader` is a class of the library's, `data` what `decrypt_program.Shelf` takes."""

    reader: str
    data: bytes
    keyring: Keyring


def decrypted(job: DecryptJob, environ: Mapping[str, str], deadline: Deadline) -> list[Cookie]:
    """The provider's cookies in the file, each with its value. Raises `StoreProblem`.

    Both ways are pipes; no value is ever in a file, an argument or the environment.
    """
    seconds = deadline.remaining()
    end = time.monotonic() + seconds - MARGIN  # one clock for all processes
    command = [sys.executable, "-P", "-m", DECRYPT_MODULE, job.reader, job.keyring, str(end)]
    process = subprocess.Popen(
        command,
        env=environment(environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a library that fails may quote what it failed at
        start_new_session=True,
        umask=0o077,
        cwd="/",
    )
    return _cookies(_output(process, job.data, seconds))


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What the process gets: the way to the keyring, and the user's language.

    Where the address of the bus is not set, as over ssh or in cron, the bus is where systemd has it.
    """
    passed = {name: value for name, value in environ.items() if name in _PASSED or name.startswith(_PASSED_KINDS)}
    bus = Path(paths.named(environ, "XDG_RUNTIME_DIR") or "/nonexistent", "bus")
    if not passed.get("DBUS_SESSION_BUS_ADDRESS") and bus.is_socket():
        passed["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={bus}"
    imports = os.pathsep.join(path for path in sys.path if path)
    return {**passed, "PYTHONPATH": imports}


def _output(process: subprocess.Popen[bytes], data: bytes, seconds: float) -> bytes:
    try:
        return process.communicate(data, timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        raise StoreProblem("too_slow") from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Nothing that was started is left, whatever it has started itself."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _cookies(output: bytes) -> list[Cookie]:
    try:
        said = json.loads(output)
        problem = said.get("problem")
        if problem is None:
            return [_cookie(*fields) for fields in said["cookies"]]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        problem = "failed"
    raise StoreProblem(_known(problem))


def _cookie(name: Any, value: Any, domain: Any, host_only: Any, path: Any, expires_at: Any, secure: Any) -> Cookie:  # noqa: PLR0913, PLR0917 - a cookie's fields, as they come
    if not all(isinstance(text, str) for text in (name, value, domain, path)):
        raise TypeError("a cookie that is none")
    return Cookie(
        name, value, domain, bool(host_only), path, None if expires_at is None else int(expires_at), bool(secure)
    )


def _known(problem: object) -> Verdict:
    return next((word for word in get_args(Verdict) if word == problem), "failed")
