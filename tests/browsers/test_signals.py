"""A signal at whatever moment of an import leaves no cookie on any disk, but for the session in its one file."""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time

import pytest
from support import handmade
from support.copies import Copies
from support.handmade import DAY, Crumb, created_in, elsewhere, signed_in

from codingplan_bar import storage
from codingplan_bar.browsers import sqlite_copy
from codingplan_bar.browsers.catalogue import BY_NAME

pytestmark = pytest.mark.usefixtures("programs")

STRIKES = int(os.environ.get("CODINGPLAN_BAR_TEST_STRIKES", "60"))
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL)
MOST_STEPS = 200
LATER = int(time.time()) + 30 * DAY
OTHERS = [Crumb(".bank.example", "SID", "secret-of-the-bank", expires_at=LATER)]


@pytest.fixture
def user(home, tmp_path):
    """Signed in to the provider and to a bank, in a browser of each kind; temporary files have their own folder."""
    crumbs = [*OTHERS, *signed_in(expires_at=LATER)]
    home.chromium(crumbs, journal="wal")
    home.firefox(crumbs)
    (tmp_path / "tmp").mkdir()
    (home.folder / "state").mkdir()
    home.environ |= {"TMPDIR": str(tmp_path / "tmp"), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return home


@pytest.fixture
def importers(user):
    importers = Copies("import", {**os.environ, **user.environ})
    yield importers
    importers.close()


def left_by(user):
    """The files that hold a cookie and are no browser's: with what they are called, whose cookies are in them."""
    found = {}
    for path in user.folder.parent.rglob("*"):
        if path.is_file() and path.name not in {"Cookies", "cookies.sqlite", "Cookies-wal", "cookies.sqlite-wal"}:
            content = path.read_bytes()
            whose = [word for word in (b"secret-of-the-bank", b"ticket-of-anna") if word in content]
            if whose:
                found[path.name] = whose
    return found


ONE_FILE = {"session.json": [b"ticket-of-anna"]}


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_at_any_one_step_leaves_the_one_file_alone(user, importers, number):
    """After SIGKILL, the new one file may lie beside the old one under another name: the next refresh sweeps it."""
    for step in range(1, MOST_STEPS):
        importers.start(number, step)
        code = importers.ended()
        if number == signal.SIGKILL:
            assert not any(b"secret-of-the-bank" in whose for whose in left_by(user).values())
            storage.sweep(user.folder / "state")
        assert left_by(user) == ONE_FILE
        if code == 0:
            break
    assert 15 < step < MOST_STEPS - 1


def test_signals_at_random_moments_leave_the_one_file_alone(user, importers):
    began = time.monotonic()
    importers.start()
    assert importers.ended() == 0
    whole, struck = time.monotonic() - began, 0
    for _ in range(10 * STRIKES):
        number = SIGNALS[struck % len(SIGNALS)]
        victim = importers.start()
        time.sleep(random.uniform(0, whole))
        os.kill(victim, number)
        struck += importers.ended() != 0
        if number == signal.SIGKILL:
            storage.sweep(user.folder / "state")
        assert left_by(user) == ONE_FILE
        if struck == STRIKES:
            break
    assert struck == STRIKES


@pytest.mark.parametrize("can_deserialize", [True, False], ids=["in memory", "unnamed"])
def test_an_import_makes_no_name_for_what_it_reads(user, monkeypatch, can_deserialize):
    """Not even for a moment, nor does SQLite, nor the process that decrypts; an empty file is all that there may be."""
    monkeypatch.setattr(sqlite_copy, "CAN_DESERIALIZE", can_deserialize)
    monkeypatch.setenv("XDG_RUNTIME_DIR", user.environ["XDG_RUNTIME_DIR"])
    monkeypatch.setattr(tempfile, "tempdir", user.environ["TMPDIR"])
    handmade.make_safari(user.folder / BY_NAME["safari"].macos[0] / "Cookies.binarycookies", [*OTHERS, *signed_in()])
    folders = [path for path in (user.folder.parent, *user.folder.parent.rglob("*")) if path.is_dir()]
    store = user.folder / ".config/mozilla/firefox/x1y2.default/cookies.sqlite"
    fresh = "UPDATE moz_cookies SET value = value || '-2' WHERE name = 'login_aliyunid_ticket'"
    with elsewhere(store, "PRAGMA wal_autocheckpoint = 0", fresh), created_in(*folders) as created:
        for platform, names in (("linux", ("chromium",)), ("linux", ("firefox",)), ("darwin", ("safari",))):
            assert user.search(*names, platform=platform).jar.to_data()
    shown = [path for path in created if not path.name.startswith(sqlite_copy.PREFIX)]
    assert shown == []
    assert bool(created) is not can_deserialize
