"""A store as Chromium 156 makes it, with values encrypted as it does on Linux."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing

from Cryptodome.Cipher import AES
from Cryptodome.Protocol.KDF import PBKDF2
from Cryptodome.Util.Padding import pad

EPOCH = 11_644_473_600
PEANUTS = b"peanuts"
SCHEMA = """
CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);
CREATE TABLE cookies(creation_utc INTEGER NOT NULL,host_key TEXT NOT NULL,top_frame_site_key TEXT NOT NULL,
name TEXT NOT NULL,value TEXT NOT NULL,encrypted_value BLOB NOT NULL,path TEXT NOT NULL,expires_utc INTEGER NOT NULL,
is_secure INTEGER NOT NULL,is_httponly INTEGER NOT NULL,last_access_utc INTEGER NOT NULL,has_expires INTEGER NOT NULL,
is_persistent INTEGER NOT NULL,priority INTEGER NOT NULL,samesite INTEGER NOT NULL,source_scheme INTEGER NOT NULL,
source_port INTEGER NOT NULL,last_update_utc INTEGER NOT NULL,source_type INTEGER NOT NULL,
has_cross_site_ancestor INTEGER NOT NULL);
"""
INSERT = "INSERT INTO cookies VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, 1, 1, 1, 0, 2, 443, 0, 0, 0)"


def encrypted(value, host, *, password=PEANUTS, prefix=b"v10", version=24):
    """A value as it lies in the store."""
    digest = hashlib.sha256(host.encode()).digest() if version >= 24 else b""
    return sealed(digest + value.encode(), password=password, prefix=prefix)


def sealed(plain, *, password=PEANUTS, prefix=b"v10"):
    """Any bytes, encrypted."""
    key = PBKDF2(password, b"saltysalt", 16, 1)
    return prefix + AES.new(key, AES.MODE_CBC, b" " * 16).encrypt(pad(plain, 16))


def make(path, crumbs, *, version=24, journal="delete", frame="", plain=False, **how):
    """A store at `path`; `how` is what `encrypted` takes. Gives the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.executescript(SCHEMA)
        connection.executemany(
            "INSERT INTO meta VALUES (?, ?)", [("version", str(version)), ("last_compatible_version", str(version))]
        )
        for crumb in crumbs:
            hidden = b"" if plain else encrypted(crumb.value, crumb.host, version=version, **how)
            expires = 0 if crumb.expires_at is None else (crumb.expires_at + EPOCH) * 1_000_000
            shown = crumb.value if plain else ""
            row = (crumb.host, frame, crumb.name, shown, hidden, crumb.path, expires, crumb.secure)
            connection.execute(INSERT, row)
    return path


def rows_of(path):
    """What the import library's process is given of the store at `path`, all rows of it."""
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
        rows = connection.execute(
            "SELECT host_key, path, is_secure, expires_utc, name, value, hex(encrypted_value) FROM cookies"
        ).fetchall()
    return json.dumps({"version": version, "rows": rows}).encode()
