"""The import library, as a program: reads one file, prints its cookies as JSON, and ends.

    python -P -m codingplan_bar.fetch.browsers.library READER FILE none|silent|ask END

END is on the monotonic clock, in seconds. Started by `reader.py`, and the only module that imports browser_cookie3.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from http import cookiejar
from typing import Any

import browser_cookie3

from codingplan_bar.fetch.browsers.keyring_guard import Guard
from codingplan_bar.fetch.browsers.reader import Keyring
from codingplan_bar.fetch.regions import is_provider_domain

_ONE_ROW = """
    ALTER TABLE cookies RENAME TO every_cookie;
    CREATE TABLE turn AS SELECT 0 AS number;
    CREATE VIEW cookies AS SELECT * FROM every_cookie WHERE rowid = (SELECT number FROM turn);
"""


def main(arguments: list[str]) -> None:
    """Print one object: `cookies`, or the `problem` that there was, as a verdict's word."""
    reader, path, keyring, end = arguments
    seconds = max(0.1, float(end) - time.monotonic())
    signal.setitimer(signal.ITIMER_REAL, seconds + 1)  # also if whoever waits is gone
    answer = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the library prints, and the answer is not to be spoilt
    with os.fdopen(answer, "w") as output:
        json.dump(read(reader, path, keyring, seconds), output)  # type: ignore[arg-type]


def read(reader: str, path: str, keyring: Keyring, seconds: float) -> dict[str, Any]:
    """What `main` prints."""
    guard = Guard(browser_cookie3, keyring, seconds)
    browser_cookie3._JeepneyConnection = guard  # noqa: SLF001 - there is no other way to give it a time limit
    try:
        return {"cookies": [_fields(cookie) for cookie in _loaded(reader, path, guard) if _is_wanted(cookie)]}
    except browser_cookie3.BrowserCookieError:
        return {"problem": guard.problem or "wrong_key"}
    except PermissionError:
        return {"problem": "no_access"}
    except Exception:  # noqa: BLE001 - it raises whatever comes up, and the next store must not wait for a report
        return {"problem": "failed"}


def _loaded(reader: str, path: str, guard: Guard) -> Iterable[cookiejar.Cookie]:
    """All cookies of the file; where one cannot be decrypted, the library gives none, so they are read one by one."""
    store = getattr(browser_cookie3, reader)(cookie_file=path)
    try:
        return list(store.load())
    except browser_cookie3.BrowserCookieError:
        cookies = [] if guard.problem else list(_one_by_one(store, path))
        if not cookies:
            raise
        return cookies


def _one_by_one(store: Any, path: str) -> Iterator[cookiejar.Cookie]:
    """Each cookie that can be decrypted. The file is private, so it may be changed: it shows one row at a time."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(_ONE_ROW)
        for number in connection.execute("SELECT rowid FROM every_cookie").fetchall():
            connection.execute("UPDATE turn SET number = ?", number)
            try:
                yield from store.load()
            except browser_cookie3.BrowserCookieError:
                continue


def _is_wanted(cookie: cookiejar.Cookie) -> bool:
    return bool(cookie.value) and is_provider_domain(cookie.domain.removeprefix("."))


def _fields(cookie: cookiejar.Cookie) -> list[Any]:
    """In the order of this program's own `Cookie`."""
    domain = cookie.domain.removeprefix(".")
    expires_at = None if cookie.expires is None else int(cookie.expires)
    return [cookie.name, cookie.value, domain, domain == cookie.domain, cookie.path, expires_at, bool(cookie.secure)]


if __name__ == "__main__":
    main(sys.argv[1:])
