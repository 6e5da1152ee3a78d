"""Cookie stores as Chromium 156, Firefox ESR 153 and Safari make them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import struct
from contextlib import closing

import lz4.block
from Cryptodome.Cipher import AES
from Cryptodome.Protocol.KDF import PBKDF2
from Cryptodome.Util.Padding import pad

# Chromium's, with values encrypted as it does on Linux.

EPOCH = 11_644_473_600
PEANUTS = b"peanuts"
CHROMIUM_SCHEMA = """
CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);
CREATE TABLE cookies(creation_utc INTEGER NOT NULL,host_key TEXT NOT NULL,top_frame_site_key TEXT NOT NULL,
name TEXT NOT NULL,value TEXT NOT NULL,encrypted_value BLOB NOT NULL,path TEXT NOT NULL,expires_utc INTEGER NOT NULL,
is_secure INTEGER NOT NULL,is_httponly INTEGER NOT NULL,last_access_utc INTEGER NOT NULL,has_expires INTEGER NOT NULL,
is_persistent INTEGER NOT NULL,priority INTEGER NOT NULL,samesite INTEGER NOT NULL,source_scheme INTEGER NOT NULL,
source_port INTEGER NOT NULL,last_update_utc INTEGER NOT NULL,source_type INTEGER NOT NULL,
has_cross_site_ancestor INTEGER NOT NULL);
"""
CHROMIUM_INSERT = "INSERT INTO cookies VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, 1, 1, 1, 0, 2, 443, 0, 0, 0)"


def encrypted(value, host, *, password=PEANUTS, prefix=b"v10", version=24):
    """A value as it lies in the store."""
    digest = hashlib.sha256(host.encode()).digest() if version >= 24 else b""
    return sealed(digest + value.encode(), password=password, prefix=prefix)


def sealed(plain, *, password=PEANUTS, prefix=b"v10"):
    """Any bytes, encrypted."""
    key = PBKDF2(password, b"saltysalt", 16, 1)
    return prefix + AES.new(key, AES.MODE_CBC, b" " * 16).encrypt(pad(plain, 16))


def make_chromium(path, crumbs, *, version=24, journal="delete", frame="", plain=False, **how):
    """A store at `path`; `how` is what `encrypted` takes. Gives the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.executescript(CHROMIUM_SCHEMA)
        connection.executemany(
            "INSERT INTO meta VALUES (?, ?)", [("version", str(version)), ("last_compatible_version", str(version))]
        )
        for crumb in crumbs:
            hidden = b"" if plain else encrypted(crumb.value, crumb.host, version=version, **how)
            expires = 0 if crumb.expires_at is None else (crumb.expires_at + EPOCH) * 1_000_000
            shown = crumb.value if plain else ""
            row = (crumb.host, frame, crumb.name, shown, hidden, crumb.path, expires, crumb.secure)
            connection.execute(CHROMIUM_INSERT, row)
    return path


def rows_of(path):
    """What the import library's process is given of the store at `path`, all rows of it."""
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
        rows = connection.execute(
            "SELECT host_key, path, is_secure, expires_utc, name, value, hex(encrypted_value) FROM cookies"
        ).fetchall()
    return json.dumps({"version": version, "rows": rows}).encode()


# A profile of Firefox: the database, the files of the session, the ini files.

FIREFOX_SCHEMA = """
CREATE TABLE moz_cookies (id INTEGER PRIMARY KEY, originAttributes TEXT NOT NULL DEFAULT '', name TEXT, value TEXT,
host TEXT, path TEXT, expiry INTEGER, lastAccessed INTEGER, creationTime INTEGER, isSecure INTEGER, isHttpOnly INTEGER,
inBrowserElement INTEGER DEFAULT 0, sameSite INTEGER DEFAULT 0, schemeMap INTEGER DEFAULT 0,
isPartitionedAttributeSet INTEGER DEFAULT 0, updateTime INTEGER,
CONSTRAINT moz_uniqueid UNIQUE (name, host, path, originAttributes))
"""
FIREFOX_INSERT = (
    "INSERT INTO moz_cookies (originAttributes, name, value, host, path, expiry, isSecure) VALUES (?, ?, ?, ?, ?, ?, ?)"
)


def make_firefox(folder, crumbs=(), *, version=17, attributes="", journal="wal"):
    """A profile in `folder`, or more cookies in the one that is there. Gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / "cookies.sqlite")) as connection, connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute(FIREFOX_SCHEMA.replace("TABLE", "TABLE IF NOT EXISTS"))
        add_cookies(connection, crumbs, version=version, attributes=attributes)
    return folder


def add_cookies(connection, crumbs, *, version=17, attributes=""):
    """Put cookies into a database that is open."""
    unit = 1000 if version >= 16 else 1
    for crumb in crumbs:
        row = (attributes, crumb.name, crumb.value, crumb.host, crumb.path, crumb.expires_at * unit, crumb.secure)
        connection.execute(FIREFOX_INSERT, row)


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


# Safari's one file, `Cookies.binarycookies`, with one page.

APPLE_EPOCH = 978_307_200


def make_safari(path, crumbs):
    """The file at `path`. Gives the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cookies = [_cookie(crumb) for crumb in crumbs]
    offsets, at = [], 12 + 4 * len(cookies)
    for cookie in cookies:
        offsets.append(at)
        at += len(cookie)
    page = b"\0\0\1\0" + struct.pack("<I", len(cookies)) + struct.pack(f"<{len(offsets)}I", *offsets) + b"\0" * 4
    page += b"".join(cookies)
    path.write_bytes(b"cook" + struct.pack(">II", 1, len(page)) + page)
    return path


def _cookie(crumb):
    texts = [text.encode() + b"\0" for text in (crumb.host, crumb.name, crumb.path, crumb.value)]
    offsets, at = [], 56
    for text in texts:
        offsets.append(at)
        at += len(text)
    flags = 1 if crumb.secure else 0
    head = struct.pack("<IIII", at, 0, flags, 0) + struct.pack("<IIII", *offsets) + struct.pack("<I", 0) + b"\0" * 4
    return head + struct.pack("<dd", crumb.expires_at - APPLE_EPOCH, 0) + b"".join(texts)
