"""A made-up user's home with cookie stores as the browsers make them: Chromium 156, Firefox ESR 153, Safari.

At the end stands what befalls files.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import os
import sqlite3
import struct
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import lz4.block
from Cryptodome.Cipher import AES
from Cryptodome.Protocol.KDF import PBKDF2
from Cryptodome.Util.Padding import pad

from codingplan_bar import regions
from codingplan_bar.browsers.search import Wanted, search
from codingplan_bar.browsers.stores import discover
from codingplan_bar.transport.request import Deadline

NOW = 1_795_550_000
DAY = 86_400
INTL, CN = ".alibabacloud.com", ".aliyun.com"


class Crumb(NamedTuple):
    """A cookie as a browser knows it; `expires_at` is None for one that ends with the browser."""

    host: str
    name: str
    value: str
    path: str = "/"
    expires_at: int | None = NOW + DAY
    secure: bool = True


def signed_in(who="anna", hosts=(INTL, CN), **changes):
    """Ticket and account, on each of the provider's two domains."""
    pairs = (("login_aliyunid_ticket", f"ticket-of-{who}"), ("login_aliyunid_pk", f"pk-of-{who}"))
    return [Crumb(host, name, value, **changes) for host in hosts for name, value in pairs]


VISITED = [Crumb(INTL, "cna", "visitor"), Crumb(CN, "cna", "visitor")]
"""Of somebody who has never signed in."""
EVIL = [
    Crumb(host, name, "FOREIGN")
    for host in (".evil-aliyun.com", ".aliyun.com.evil.net", "notalibabacloud.com", "x.aliyuncs.com")
    for name in ("login_aliyunid_ticket", "login_aliyunid_pk")
]
"""None of these hosts is the provider's."""
EXPIRED = NOW - 1


def names_and_values(jar):
    """What is in a jar, for comparing."""
    return {(cookie.name, cookie.value) for cookie in jar.cookies}


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


# The home with such stores, and the search over them.

CHROMIUM, FIREFOX = ".config/chromium", ".config/mozilla/firefox"


class Home:
    """A user; `environ` is the user's environment, without a bus."""

    def __init__(self, folder):
        self.folder = folder / "home"
        self.runtime = folder / "run"
        for each in (self.folder, self.runtime):
            each.mkdir(mode=0o700)
        self.environ = {"HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.runtime), "LANG": "C.UTF-8"}

    def chromium(self, crumbs, *, root=CHROMIUM, profile="Default", **how):
        """One profile of a Chromium; gives its store's path."""
        return make_chromium(self.folder / root / profile / "Cookies", crumbs, **how)

    def firefox(self, crumbs=(), *, root=FIREFOX, profile="x1y2.default", **how):
        """One profile of a Firefox; gives its folder."""
        return make_firefox(self.folder / root / profile, crumbs, **how)

    def stores(self, *names, platform="linux"):
        """What is discovered."""
        return discover(self.environ, names, platform)

    def search(self, *names, region=regions.INTL, fallback=regions.CN, now=NOW, seconds=10.0, **wish):
        """A search over it."""
        asked = (region, *([fallback] if fallback and region is regions.INTL else []))
        wanted = Wanted(asked, now, names, **wish)
        return search(self.environ, wanted, deadline=Deadline(seconds))

    def verdicts(self, *names, **wish):
        """The word for each store, with its browser and profile."""
        return [(r.browser, r.profile, r.verdict) for r in self.search(*names, **wish).reports]

    def left_behind(self):
        """What the imports have left in the folder for private copies."""
        return list(self.runtime.iterdir())


def readable_firefox(user, *cookies, profile="Jane Doe"):
    """A closed Firefox in the home of that user, with one profile whose cookies are good for an hour from now."""
    crumbs = [Crumb(CN, name, value, expires_at=int(time.time()) + 3600) for name, value in cookies]
    folder = user.home / ".mozilla/firefox/abcd1234.default"
    make_firefox(folder, crumbs, version=16, journal="delete")
    (folder.parent / "profiles.ini").write_text(
        f"[Profile0]\nName={profile}\nIsRelative=1\nPath={folder.name}\nDefault=1\n"
    )


# What befalls files: another process has them open, they may not be read, and whatever is made beside them is seen.

PROGRAM = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    connection.execute(statement)
print("done", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def elsewhere(path, *statements):
    """These statements have been executed there, and the database is still open, while the block lasts."""
    command = [sys.executable, "-c", PROGRAM, str(path), *statements]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "done\n"
        yield process
    finally:
        process.kill()
        process.communicate()


NOBODY = 65_534


@contextlib.contextmanager
def stranger(*paths):
    """Nobody may look into these paths inside the block, but for their owner's being root."""
    modes = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(0)
    try:
        with _as_nobody() if os.geteuid() == 0 else contextlib.nullcontext():
            yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


@contextlib.contextmanager
def _as_nobody():
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


IN_MOVED_TO, IN_CREATE = 0x80, 0x100
NONBLOCK = 0o4000
LIBC = ctypes.CDLL(None, use_errno=True)


@contextlib.contextmanager
def created_in(*folders):
    """A list, to which is added at the end of the block every path that was made in one of the folders."""
    made = []
    watch = LIBC.inotify_init1(NONBLOCK)
    assert watch >= 0
    by_number = {LIBC.inotify_add_watch(watch, os.fsencode(f), IN_CREATE | IN_MOVED_TO): Path(f) for f in folders}
    assert -1 not in by_number
    try:
        yield made
        with contextlib.suppress(BlockingIOError):
            while data := os.read(watch, 1 << 16):
                made.extend(by_number[number] / name for number, name in _events(data))
    finally:
        os.close(watch)


def _events(data):
    at = 0
    while at < len(data):
        number, _, _, length = struct.unpack_from("iIII", data, at)
        yield number, os.fsdecode(data[at + 16 : at + 16 + length].rstrip(b"\0"))
        at += 16 + length
