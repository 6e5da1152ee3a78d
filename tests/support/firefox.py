"""A closed Firefox in somebody's home, whose cookies a refresh may read."""

from __future__ import annotations

import sqlite3
import time


def firefox(user, *cookies, profile="Jane Doe"):
    """A closed Firefox with one profile, as Firefox writes it."""
    folder = user.home / ".mozilla/firefox/abcd1234.default"
    folder.mkdir(parents=True)
    (folder.parent / "profiles.ini").write_text(
        f"[Profile0]\nName={profile}\nIsRelative=1\nPath=abcd1234.default\nDefault=1\n"
    )
    store = sqlite3.connect(folder / "cookies.sqlite")
    store.execute("PRAGMA user_version = 16")
    store.execute(
        "CREATE TABLE moz_cookies (id INTEGER PRIMARY KEY, originAttributes TEXT NOT NULL DEFAULT '', name TEXT, "
        "value TEXT, host TEXT, path TEXT, expiry INTEGER, lastAccessed INTEGER, creationTime INTEGER, "
        "isSecure INTEGER, isHttpOnly INTEGER, inBrowserElement INTEGER DEFAULT 0, sameSite INTEGER DEFAULT 0)"
    )
    ends = int((time.time() + 3600) * 1000)
    for name, value in cookies:
        store.execute(
            "INSERT INTO moz_cookies (name, value, host, path, expiry, isSecure, isHttpOnly) VALUES (?,?,?,?,?,1,1)",
            (name, value, ".aliyun.com", "/", ends),
        )
    store.commit()
    store.close()
