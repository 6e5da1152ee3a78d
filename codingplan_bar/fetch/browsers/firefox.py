"""Firefox's cookies, read by SQLite itself: each container is a person of its own, and none is mixed with another."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from codingplan_bar.fetch.browsers import copies, firefox_containers, firefox_session
from codingplan_bar.fetch.browsers.candidates import Candidate
from codingplan_bar.fetch.browsers.stores import Store
from codingplan_bar.fetch.browsers.verdicts import StoreProblem
from codingplan_bar.fetch.cookie_jar import Cookie, CookieJar
from codingplan_bar.fetch.deadline import Deadline

KNOWN_SCHEMA = 17
"""The newest `user_version` that was met: of Firefox ESR 153."""
MILLISECONDS_SINCE = 16
"""The `user_version` from which on dates are in milliseconds: Firefox 142."""

_ROWS = """
    SELECT originAttributes, name, value, host, path, expiry, isSecure FROM moz_cookies
    WHERE is_provider(host) AND length(CAST(value AS BLOB)) <= ? LIMIT ?
"""
_KINDS = (str, str, str, str, str, int, int)


def candidates(store: Store, environ: Mapping[str, str], deadline: Deadline) -> list[Candidate]:
    """The store's jars, that of no container first. Raises `StoreProblem`."""
    with copies.opened(store, environ, deadline) as connection:
        kept = _kept(connection)
    jars: dict[str, list[Cookie]] = defaultdict(list)
    for container, cookie in (*kept, *firefox_session.cookies(store.folder)):
        jars[container].append(cookie)
    return [
        Candidate(store, CookieJar(tuple(jars[number])), firefox_containers.name_of(store.folder, number))
        for number in sorted(jars, key=int)
    ]


def _kept(connection: sqlite3.Connection) -> list[tuple[str, Cookie]]:
    """What lies in the database: all cookies with a date."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    try:
        rows = connection.execute(_ROWS, (copies.LONGEST_VALUE, copies.MOST_ROWS)).fetchall()
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
        return firefox_containers.container_of(attributes)
    except ValueError:
        return None
