"""What the import library lacks, and what is done about it: each point has a test that fails when it no longer does.

The test of `Lack("needs_a_bus", …)` is `test_needs_a_bus`. When one fails, the library has got better: take the
work-around out, and the row with it. The version is pinned, because some rest on its insides.
"""

from __future__ import annotations

import configparser
import sqlite3
import tempfile
import threading
import time
import tomllib
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import browser_cookie3
import pytest
from support import handmade
from support.handmade import CN, EXPIRED, FIREFOX, VISITED, Crumb, elsewhere, signed_in
from support.realbrowsers.household import PASSWORD

pytestmark = pytest.mark.usefixtures("leaky")
BUS = "DBUS_SESSION_BUS_ADDRESS"
OLD_FIREFOX = ".mozilla/firefox"
REPOSITORY = Path(__file__).parents[2]

VERSION = "0.20.1"


class Lack(NamedTuple):
    """One point: what the library does, and what is done here instead. The last word is the file it is done in."""

    name: str
    what: str
    instead: str
    where: str


LACKS = (
    Lack("load_fails", "`load()` raises on Linux, and loses what it had", "each store by itself", "search.py"),
    Lack("one_profile", "of a browser, one profile is read", "every profile is looked for", "stores.py"),
    Lack("no_snap", "Chromium of Snap is not found", "a table of places", "catalogue.py"),
    Lack("no_new_firefox", "Firefox's folder since version 147 is not found", "a table of places", "catalogue.py"),
    Lack("ini_stumbles", "a `%` in a path of profiles.ini ends it", "an own reader", "stores.py"),
    Lack("no_wal", "what a running Firefox has written is not seen", "its log is read too", "sqlite_copy.py"),
    Lack("mixed_containers", "Firefox's containers come as one person", "a jar each", "firefox.py"),
    Lack("dates_too_late", "Firefox's dates are 1000 times too far", "divided by version", "firefox.py"),
    Lack("half_a_session", "of a closed Firefox, session cookies are not seen", "its other file too", "firefox.py"),
    Lack("prints", "a damaged session file makes it print to stdout", "an own reader, stdout closed", "firefox.py"),
    Lack(
        "copy_stays", "a damaged Firefox store leaves a copy that all can read", "no file at all", "decrypt_program.py"
    ),
    Lack("waits_for_locks", "a locked store costs five seconds", "a copy needs no lock", "sqlite_copy.py"),
    Lack("loose_filter", "`aliyun.com` lets evil-aliyun.com in", "whole labels in SQL", "sqlite_copy.py"),
    Lack("needs_a_bus", "without a session bus no Chromium store is read", "no bus where no key", "decrypt_program.py"),
    Lack("waits_for_ever", "a keyring that does not answer is waited for", "a time limit", "decrypt_program.py"),
    Lack("locked_keyring", "a locked keyring is a KeyError", "a word for it", "decrypt_program.py"),
    Lack("asks_kwallet", "KWallet is opened, which asks its user", "not unless it may ask", "decrypt_program.py"),
    Lack("one_bad_value", "one value that cannot be decrypted loses all", "one by one then", "decrypt_program.py"),
    Lack("silent_prefix", "values with a key bound to the browser come as empty ones", "left out", "chromium.py"),
    Lack("embedded_too", "cookies of embedded pages come along", "left out", "chromium.py"),
    Lack("odd_errors", "an empty store is an AttributeError", "any exception is a verdict", "decrypt_program.py"),
)


@pytest.fixture
def user(home, bus, monkeypatch):
    """The library finds everything by the environment of the process."""
    monkeypatch.setenv("HOME", str(home.folder))
    monkeypatch.setenv(BUS, bus.household.environ[BUS])
    return home


def values(jar):
    return sorted(cookie.value for cookie in jar)


def legacy_firefox(home, crumbs, **how):
    """Where the library looks."""
    folder = home.firefox(crumbs, root=OLD_FIREFOX, profile="a.default", **how)
    (folder.parent / "profiles.ini").write_text("[Profile0]\nName=default\nIsRelative=1\nPath=a.default\nDefault=1\n")
    return folder


def test_load_fails(user):
    user.chromium(signed_in())
    with pytest.raises(TypeError):
        browser_cookie3.load()


def test_one_profile(user):
    user.chromium(VISITED)
    user.chromium(signed_in(), profile="Profile 1")
    assert {cookie.name for cookie in browser_cookie3.chromium()} == {"cna"}


def test_no_snap(user):
    user.chromium(signed_in(), root="snap/chromium/common/chromium")
    with pytest.raises(browser_cookie3.BrowserCookieError):
        browser_cookie3.chromium()


def test_no_new_firefox(user):
    folder = user.firefox(signed_in(), root=FIREFOX, profile="a.default")
    handmade.profiles_ini(folder.parent, folder)
    with pytest.raises(browser_cookie3.BrowserCookieError):
        browser_cookie3.firefox()


def test_ini_stumbles(user):
    folder = user.firefox(signed_in(), root=OLD_FIREFOX, profile="50%.default")
    handmade.profiles_ini(folder.parent, folder)
    with pytest.raises(configparser.InterpolationError):
        browser_cookie3.firefox()


def test_no_wal(user):
    path = legacy_firefox(user, []) / "cookies.sqlite"
    row = "INSERT INTO moz_cookies (name, value, host, path, expiry) VALUES ('a', '1', '.aliyun.com', '/', 99)"
    with elsewhere(path, "PRAGMA wal_autocheckpoint = 0", row):
        assert values(browser_cookie3.firefox()) == []


def test_mixed_containers(user):
    folder = legacy_firefox(user, [Crumb(CN, "a", "of nobody")])
    handmade.make_firefox(folder, [Crumb(CN, "b", "of a container")], attributes="^userContextId=2")
    assert values(browser_cookie3.firefox()) == ["of a container", "of nobody"]


def test_dates_too_late(user):
    legacy_firefox(user, [Crumb(CN, "a", "1", expires_at=EXPIRED)])
    (cookie,) = browser_cookie3.firefox()
    assert cookie.expires == EXPIRED * 1000


def test_half_a_session(user):
    folder = legacy_firefox(user, [])
    handmade.write_session(folder / "sessionstore.jsonlz4", [handmade.session_cookie(Crumb(CN, "a", "1"))])
    assert values(browser_cookie3.firefox()) == []


def test_prints(user, capsys):
    folder = legacy_firefox(user, [])
    handmade.write_session(folder / "sessionstore-backups/recovery.jsonlz4", [])
    (folder / "sessionstore-backups/recovery.jsonlz4").write_bytes(handmade.compressed("x" * 99)[:8] + b"\1\0\0\0\x10x")
    browser_cookie3.firefox()
    assert "Error parsing" in capsys.readouterr().out


def test_copy_stays(user, tmp_path, monkeypatch):
    path = legacy_firefox(user, signed_in()) / "cookies.sqlite"
    path.write_bytes(b"no database" * 100)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(sqlite3.DatabaseError):
        browser_cookie3.firefox()
    (copy,) = tmp_path.glob("*.sqlite")
    assert copy.stat().st_mode & 0o044


def test_waits_for_locks(user):
    path = user.chromium(signed_in())
    began = time.monotonic()
    with elsewhere(path, "BEGIN EXCLUSIVE"):
        browser_cookie3.chromium(str(path))
    assert time.monotonic() - began > 4


def test_loose_filter(user):
    path = user.chromium([Crumb(".evil-aliyun.com", "a", "FOREIGN")])
    assert values(browser_cookie3.chromium(str(path), "aliyun.com")) == ["FOREIGN"]


@pytest.mark.parametrize("address", ["", "unix:path=/nonexistent"])
def test_needs_a_bus(user, monkeypatch, address):
    path = user.chromium(signed_in())
    monkeypatch.setenv(BUS, address)
    with pytest.raises((KeyError, ValueError, OSError)):
        browser_cookie3.chromium(str(path))


def test_waits_for_ever(user, bus):
    bus.start_service("org.freedesktop.secrets", "mute")
    path = user.chromium(signed_in())
    outcome = []
    waiting = threading.Thread(target=lambda: outcome.append(_what(lambda: browser_cookie3.chromium(str(path)))))
    waiting.start()
    waiting.join(3)
    assert outcome == []
    bus.household.close()
    waiting.join(5)
    assert outcome


def _what(call):
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - it is what is asked about
        return error


def test_locked_keyring(user, bus):
    bus.start_service("org.freedesktop.secrets", "locked")
    path = user.chromium(signed_in())
    with pytest.raises(KeyError):
        browser_cookie3.chromium(str(path))


def test_asks_kwallet(user, bus, tmp_path):
    bus.start_service("org.kde.kwalletd5", "open", tmp_path / "log")
    path = user.chromium(signed_in(), prefix=b"v11", password=PASSWORD)
    assert values(browser_cookie3.chromium(str(path)))
    assert "open" in (tmp_path / "log").read_text().split()


def test_one_bad_value(user):
    path = user.chromium(signed_in())
    with closing(sqlite3.connect(path)) as connection, connection:
        latin = handmade.sealed(b"\0" * 32 + b"caf\xe9")  # a value that is no UTF-8, as servers may set it
        connection.execute(handmade.CHROMIUM_INSERT, (CN, "", "latin", "", latin, "/", 0, 1))
    with pytest.raises(browser_cookie3.BrowserCookieError):
        browser_cookie3.chromium(str(path))


@pytest.mark.parametrize("prefix", [b"v12", b"v20"])
def test_silent_prefix(user, prefix):
    path = user.chromium([Crumb(CN, "login_aliyunid_ticket", "1")], prefix=prefix)
    assert values(browser_cookie3.chromium(str(path))) == [""]


def test_embedded_too(user):
    path = user.chromium([Crumb(CN, "a", "1")], frame="https://example.com")
    assert values(browser_cookie3.chromium(str(path))) == ["1"]


def test_odd_errors(user):
    path = user.chromium([])
    path.write_bytes(b"")
    with pytest.raises(AttributeError):
        browser_cookie3.chromium(str(path))


def test_each_lack_has_a_test_and_each_test_a_lack():
    tests = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert {lack.name for lack in LACKS} == {
        name for name in tests if not name.startswith(("each_lack", "the_version"))
    }


def test_each_lack_names_a_file_that_is_there():
    ours = REPOSITORY / "codingplan_bar/browsers"
    assert all((ours / lack.where).is_file() for lack in LACKS)


def test_each_lack_is_in_the_table_of_the_page_and_nothing_else_is():
    page = (REPOSITORY / "docs/browsers.md").read_text("utf-8")
    table = page.partition("<!-- lacks -->\n")[2].partition("<!-- /lacks -->")[0].splitlines()[2:]
    assert table == [f"| {lack.what} | {lack.instead} |" for lack in LACKS]
    assert f"pinned to {VERSION}" in page


def test_the_version_is_the_one_that_was_looked_at():
    assert version("browser-cookie3") == VERSION
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    assert f"browser-cookie3=={VERSION}" in project["project"]["dependencies"]
