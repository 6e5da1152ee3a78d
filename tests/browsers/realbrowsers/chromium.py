"""Debian's Chromium, headless: it opens one page, and writes its cookies after half a minute or when it is ended."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from pathlib import Path

from realbrowsers.waiting import until

BATCH = 512
"""Changes that Chromium writes at once when they have come together; else it takes 30 s."""
FLAGS = (
    "--headless=new",
    "--no-sandbox",  # it opens nothing but pages of the tests, and root and many containers have no other way
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    "--ignore-certificate-errors",
)


def start(household, world, url, *, profile="Default", keyring="basic"):
    """A Chromium that opens one page through the proxy; on the user's own default folder."""
    folder = household.home / ".config/chromium"
    where = [f"--user-data-dir={folder}", f"--profile-directory={profile}", f"--password-store={keyring}"]
    return household.start(["chromium", *FLAGS, *where, f"--proxy-server={world.proxy.address}", url])


def visit(household, world, url, *, profile="Default", keyring="basic"):
    """A Chromium that has been there, has written its cookies, and is closed again."""
    process = start(household, world, url, profile=profile, keyring=keyring)
    store = household.home / ".config/chromium" / profile / "Cookies"
    until(lambda: count(store) >= BATCH, f"a store of {profile}")
    household.ask_to_end(process)


def count(store):
    """How many cookies are in the file now, read from a copy."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "Cookies"
        try:
            shutil.copy(store, copy)
            with contextlib.closing(sqlite3.connect(copy)) as connection:
                return connection.execute("SELECT count(*) FROM cookies").fetchone()[0]
        except (OSError, sqlite3.Error):
            return 0
