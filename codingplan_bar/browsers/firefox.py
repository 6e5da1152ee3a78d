"""The cookies of Firefox's family: the database, its containers, and the session file (compressed JSON)."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import lz4.block

from codingplan_bar import paths
from codingplan_bar.browsers import sqlite_copy
from codingplan_bar.browsers.sqlite_copy import LONGEST_VALUE
from codingplan_bar.browsers.stores import SESSION_FILES, Candidate, Store
from codingplan_bar.browsers.verdicts import StoreProblem
from codingplan_bar.credentials.cookies import Cookie, CookieJar
from codingplan_bar.regions import is_provider_domain
from codingplan_bar.text import clean
from codingplan_bar.transport.request import Deadline

# Firefox's containers: which one a cookie belongs to, and what its user calls it.

NO_CONTAINER = "0"
LARGEST_CONTAINERS_FILE = 256 * 1024
LONGEST_NAME = 40

_PARTITIONS = ("partitionKey", "firstPartyDomain", "privateBrowsingId", "geckoViewSessionContextId")
_OWN_NAMES = {"1": "Personal", "2": "Work", "3": "Banking", "4": "Shopping"}  # its file has no names for its own


def container_of(attributes: str) -> str | None:
    """The container's number in the `originAttributes` of a row, as `^userContextId=2&partitionKey=…`.

    None for a cookie of an embedded page, or a private one: it is partitioned, so it goes out only below the page that
    it was set below, and to no console's own. Raises ValueError for more fields than Firefox has.
    """
    fields = parse_qs(attributes.removeprefix("^"), max_num_fields=20)
    return container_of_fields({name: values[0] for name, values in fields.items()})


def container_of_fields(fields: Mapping[str, Any]) -> str | None:
    """The same where the attributes are fields already, of which some may be empty."""
    partitioned = any(fields.get(name) for name in _PARTITIONS)
    return None if partitioned else str(int(fields.get("userContextId") or NO_CONTAINER))


def name_of(folder: Path, number: str) -> str:
    """What a container of the profile in this folder is called; "" for what is in none."""
    if number == NO_CONTAINER:
        return ""
    try:
        identities = json.loads(paths.content(folder / "containers.json", LARGEST_CONTAINERS_FILE))["identities"]
        name = next(each["name"] for each in identities if str(each["userContextId"]) == number and each.get("name"))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, StopIteration):
        name = _OWN_NAMES.get(number, number)
    return clean(str(name), LONGEST_NAME)


# Mozilla's compressed JSON: eight letters, the length of the text in four bytes, one block of LZ4.

MAGIC = b"mozLz40\0"
LARGEST_FILE = 32 * 1024 * 1024
LARGEST_TEXT = 128 * 1024 * 1024
"""Bytes; a session with a thousand tabs has 20 million."""


def load(path: Path) -> Any:
    """What the file says; None if it is missing or cannot be read."""
    content = _content(path)
    size = int.from_bytes(content[len(MAGIC) : len(MAGIC) + 4], "little")
    if not content.startswith(MAGIC) or not 0 < size <= LARGEST_TEXT:
        return None
    try:
        return json.loads(lz4.block.decompress(content[len(MAGIC) + 4 :], uncompressed_size=size))
    except (lz4.block.LZ4BlockError, ValueError, RecursionError, MemoryError):
        return None


def _content(path: Path) -> bytes:
    try:
        return paths.content(path, LARGEST_FILE)
    except OSError:
        return b""


# The cookies that end with Firefox: they are in no database, but in the file by which it restores its windows.


def cookies(folder: Path) -> Iterator[tuple[str, Cookie]]:
    """Each of the provider's with its container's number, from the first of the two files that can be read."""
    session = next(filter(None, (load(folder / name) for name in SESSION_FILES)), None)
    found = session.get("cookies") if isinstance(session, dict) else None
    for item in found if isinstance(found, list) else ():
        with suppress(TypeError, ValueError, AttributeError):  # what is not what it should be is passed over
            cookie = _cookie(item)
            container = container_of_fields(item.get("originAttributes") or {})
            if container is not None and is_provider_domain(cookie.domain):
                yield container, cookie


def _cookie(item: Any) -> Cookie:
    name, value, host = (_text(item.get(key)) for key in ("name", "value", "host"))
    path = _text(item.get("path", "/"))
    return Cookie(name, value, host.removeprefix("."), not host.startswith("."), path, secure=bool(item.get("secure")))


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_VALUE:
        raise TypeError("no text of a cookie")
    return value


# Firefox's cookies, read by SQLite itself: each container is a person of its own, and none is mixed with another.

KNOWN_SCHEMA = 17
"""The newest `user_version` that was met: of Firefox ESR 153."""
MILLISECONDS_SINCE = 16
"""The `user_version` from which on dates are in milliseconds: Firefox 142."""

_ROWS = """
    SELECT originAttributes, name, value, host, path, expiry, isSecure FROM moz_cookies
    WHERE is_provider(host) AND length(CAST(value AS BLOB)) <= ? LIMIT ?
"""
_KINDS = (str, str, str, str, str, int, int)


def candidates(store: Store, deadline: Deadline) -> list[Candidate]:
    """The store's jars, that of no container first. Raises `StoreProblem`."""
    with sqlite_copy.opened(store.path, deadline) as connection:
        kept = _kept(connection)
    jars: dict[str, list[Cookie]] = defaultdict(list)
    for container, cookie in (*kept, *cookies(store.folder)):
        jars[container].append(cookie)
    return [
        Candidate(store, CookieJar(tuple(jars[number])), name_of(store.folder, number))
        for number in sorted(jars, key=int)
    ]


def _kept(connection: sqlite3.Connection) -> list[tuple[str, Cookie]]:
    """What lies in the database: all cookies with a date."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    try:
        rows = connection.execute(_ROWS, (sqlite_copy.LONGEST_VALUE, sqlite_copy.MOST_ROWS)).fetchall()
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR and version > KNOWN_SCHEMA:
            raise StoreProblem("newer") from None  # a table or a column that is no longer there
        raise
    return list(_cookies(rows, unit=1000 if version >= MILLISECONDS_SINCE else 1))


def _cookies(rows: Iterable[tuple[Any, ...]], *, unit: int) -> Iterator[tuple[str, Cookie]]:
    """Each cookie with its container's number; `unit` is how many of the store's units are a second."""
    for row in rows:
        if not all(map(isinstance, row, _KINDS)):
            continue
        attributes, name, value, host, path, expiry, secure = row
        container = _container(attributes)
        if container is not None:
            domain = host.removeprefix(".")
            yield container, Cookie(name, value, domain, domain == host, path, expiry // unit, bool(secure))


def _container(attributes: str) -> str | None:
    try:
        return container_of(attributes)
    except ValueError:
        return None
