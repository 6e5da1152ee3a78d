"""A profile as Firefox ESR 153 makes it: the database, the files of the session, the ini files."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import lz4.block

SCHEMA = """
CREATE TABLE moz_cookies (id INTEGER PRIMARY KEY, originAttributes TEXT NOT NULL DEFAULT '', name TEXT, value TEXT,
host TEXT, path TEXT, expiry INTEGER, lastAccessed INTEGER, creationTime INTEGER, isSecure INTEGER, isHttpOnly INTEGER,
inBrowserElement INTEGER DEFAULT 0, sameSite INTEGER DEFAULT 0, schemeMap INTEGER DEFAULT 0,
isPartitionedAttributeSet INTEGER DEFAULT 0, updateTime INTEGER,
CONSTRAINT moz_uniqueid UNIQUE (name, host, path, originAttributes))
"""
INSERT = (
    "INSERT INTO moz_cookies (originAttributes, name, value, host, path, expiry, isSecure) VALUES (?, ?, ?, ?, ?, ?, ?)"
)


def make(folder, crumbs=(), *, version=17, attributes="", journal="wal"):
    """A profile in `folder`, or more cookies in the one that is there. Gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / "cookies.sqlite")) as connection, connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute(SCHEMA.replace("TABLE", "TABLE IF NOT EXISTS"))
        add(connection, crumbs, version=version, attributes=attributes)
    return folder


def add(connection, crumbs, *, version=17, attributes=""):
    """Put cookies into a database that is open."""
    unit = 1000 if version >= 16 else 1
    for crumb in crumbs:
        row = (attributes, crumb.name, crumb.value, crumb.host, crumb.path, crumb.expires_at * unit, crumb.secure)
        connection.execute(INSERT, row)


def session_cookie(crumb, **attributes):
    """As the session's file has it."""
    origin = {"firstPartyDomain": "", "partitionKey": "", "privateBrowsingId": 0, "userContextId": 0, **attributes}
    names = ("host", "name", "value", "path", "secure")
    return {**{name: getattr(crumb, name) for name in names}, "httponly": True, "originAttributes": origin}


def write_session(path, cookies):
    """The file of a session with those cookies in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(compressed({"version": ["sessionrestore", 1], "windows": [], "cookies": list(cookies)}))


def compressed(document):
    """Mozilla's compressed JSON."""
    text = json.dumps(document).encode()
    return b"mozLz40\0" + len(text).to_bytes(4, "little") + lz4.block.compress(text, store_size=False)


def profiles_ini(root, *profiles):
    """`root/profiles.ini` that names these folders."""
    lines = [
        f"[Profile{at}]\nName={p.name.partition('.')[2]}\nIsRelative=1\nPath={p.name}\n"
        for at, p in enumerate(profiles)
    ]
    (root / "profiles.ini").write_text("\n".join(lines))
