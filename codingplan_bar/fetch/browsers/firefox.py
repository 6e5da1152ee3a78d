"""Firefox's cookies, read by SQLite itself: each container is a person of its own, and none is mixed with another."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from codingplan_bar.fetch.browsers import copies, jsonlz4
from codingplan_bar.fetch.browsers.candidates import Candidate
from codingplan_bar.fetch.browsers.stores import SESSION_FILES, Store
from codingplan_bar.fetch.browsers.verdicts import StoreProblem
from codingplan_bar.fetch.cookie_jar import Cookie, CookieJar
from codingplan_bar.fetch.deadline import Deadline
from codingplan_bar.fetch.regions import is_provider_domain
from codingplan_bar.text import clean

KNOWN_SCHEMA = 17
"""The newest `user_version` that was met: of Firefox ESR 153."""
MILLISECONDS_SINCE = 16
"""The `user_version` from which on dates are in milliseconds: Firefox 142."""
NO_CONTAINER = "0"

_ROWS = """
    SELECT originAttributes, host, name, value, path, expiry, isSecure FROM moz_cookies
    WHERE is_provider(host) AND length(CAST(value AS BLOB)) <= ? LIMIT ?
"""
_CONTAINERS = {1: "Personal", 2: "Work", 3: "Banking", 4: "Shopping"}  # Firefox's own, which its file does not name
_OTHER_JARS = ("partitionKey", "firstPartyDomain", "privateBrowsingId", "geckoViewSessionContextId")


def candidates(store: Store, environ: Mapping[str, str], deadline: Deadline) -> list[Candidate]:
    """The store's jars, that of no container first. Raises `StoreProblem`."""
    with copies.opened(store, environ, deadline) as connection:
        kept = _kept(connection)
    jars: dict[str, list[Cookie]] = defaultdict(list)
    for container, cookie in (*kept, *_of_the_session(store.folder)):
        jars[container].append(cookie)
    return [
        _candidate(store, container, jars[container]) for container in sorted(jars, key=lambda key: (len(key), key))
    ]


def container_of(attributes: str) -> str | None:
    """The container's number in a cookie's `originAttributes`; None for a cookie of an embedded page, or a private one.

    Such a cookie is partitioned: it goes out only below the page that it was set below, so to no console's own.
    """
    fields = parse_qs(attributes.removeprefix("^"), max_num_fields=20) if attributes else {}
    return None if any(name in fields for name in _OTHER_JARS) else fields.get("userContextId", [NO_CONTAINER])[0]


def _candidate(store: Store, container: str, cookies: Iterable[Cookie]) -> Candidate:
    name = "" if container == NO_CONTAINER else _container_name(store.folder, container)
    return Candidate(store, CookieJar(tuple(cookies)), name)


def _kept(connection: sqlite3.Connection) -> list[tuple[str, Cookie]]:
    """What lies in the database: all cookies with a date."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    try:
        rows = connection.execute(_ROWS, (copies.LONGEST_VALUE, copies.MOST_ROWS)).fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR and version > KNOWN_SCHEMA:
            raise StoreProblem("newer") from None  # a table or a column that is no longer there
        raise
    unit = 1000 if version >= MILLISECONDS_SINCE else 1
    return list(_cookies(rows, unit))


def _cookies(rows: Iterable[tuple[Any, ...]], unit: int) -> Iterator[tuple[str, Cookie]]:
    for attributes, host, name, value, path, expiry, secure in rows:
        texts = (attributes, host, name, value, path)
        if all(isinstance(text, str) for text in texts) and isinstance(expiry, int):
            container = _container(attributes)
            if container is not None:
                yield container, _cookie(host, name, value, path, expires_at=expiry // unit, secure=bool(secure))


def _container(attributes: str) -> str | None:
    try:
        return container_of(attributes)
    except ValueError:
        return None


def _of_the_session(folder: Path) -> Iterator[tuple[str, Cookie]]:
    """The cookies without a date, which never reach the database: of the first file that can be read."""
    session = next(filter(None, (jsonlz4.load(folder / name) for name in SESSION_FILES)), None)
    found = session.get("cookies") if isinstance(session, dict) else None
    for item in found if isinstance(found, list) else ():
        with suppress(TypeError, ValueError, AttributeError):  # as much of it as is what it should be
            if (container := _session_container(item)) is not None:
                yield container, _session_cookie(item)


def _session_container(item: Any) -> str | None:
    attributes = item.get("originAttributes") or {}
    if any(attributes.get(name) for name in _OTHER_JARS) or not is_provider_domain(item["host"].removeprefix(".")):
        return None
    return str(int(attributes.get("userContextId") or 0))


def _session_cookie(item: Any) -> Cookie:
    texts = [item.get(name) or default for name, default in (("host", ""), ("name", ""), ("value", ""), ("path", "/"))]
    if not all(isinstance(text, str) and len(text) <= copies.LONGEST_VALUE for text in texts):
        raise TypeError("a cookie that is none")
    return _cookie(*texts, expires_at=None, secure=bool(item.get("secure")))


def _cookie(host: str, name: str, value: str, path: str, *, expires_at: int | None, secure: bool) -> Cookie:
    return Cookie(name, value, host.removeprefix("."), not host.startswith("."), path, expires_at, secure)


def _container_name(folder: Path, number: str) -> str:
    """What the user has called it, else Firefox's own name or the number."""
    try:
        with (folder / "containers.json").open("rb") as file:
            identities = json.loads(file.read(copies.LONGEST_VALUE))["identities"]
        name = next(each["name"] for each in identities if str(each["userContextId"]) == number and each.get("name"))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, StopIteration):
        name = _CONTAINERS.get(int(number) if number.isdecimal() and len(number) < 3 else 0, number)
    return clean(str(name), 40)
