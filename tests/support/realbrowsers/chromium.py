"""Debian's Chromium, headless: it opens one page, and writes its cookies after half a minute or when it is ended."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

from support.waiting import until

BATCH = 512
"""Changes that Chromium writes at once when they have come together; else it takes 30 s."""
PATIENCE = 60
"""Seconds that its remote control may take to answer."""
LED = """
import os, sys
high = [os.dup2(int(each), 90 + place) for place, each in enumerate(sys.argv[1:3])]  # either may be 3 or 4 itself
for place, each in enumerate(high):
    os.dup2(each, 3 + place)
os.execvp(sys.argv[3], sys.argv[3:])
"""
"""What leads two pipes to the numbers by which Chromium reads commands and writes answers."""
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


class Remote:
    """A Chromium under remote control: its DevTools protocol over two pipes, a text and a zero byte each."""

    def __init__(self, household, *flags):
        self._count, self._rest = 0, b""
        commands, self._asks = os.pipe()
        self._answers, answers = os.pipe()
        folder = f"--user-data-dir={household.home}/chromium"
        command = ["chromium", *FLAGS, "--remote-debugging-pipe", folder, *flags]
        led = [sys.executable, "-c", LED, str(commands), str(answers), *command]
        household.start(led, pass_fds=(commands, answers))
        os.close(commands)
        os.close(answers)

    def command(self, name, session=None, **parameters):
        """What the command gives; in a session with one page, or to the whole browser."""
        self._count += 1
        message = {"id": self._count, "method": name, "params": parameters} | (
            {"sessionId": session} if session else {}
        )
        os.write(self._asks, json.dumps(message).encode() + b"\0")
        while (said := self._receive()).get("id") != self._count:
            """An event of something else."""
        assert "error" not in said, f"{name}: {said}"
        return said["result"]

    def open(self, url, **size):
        """Load a page in a tab of its own, or in a window of that width and height; gives the tab."""
        return self.command("Target.createTarget", url=url, newWindow=bool(size), **size)["targetId"]

    def picture(self, tab):
        """What a tab shows: a PNG, in base64."""
        session = self.command("Target.attachToTarget", targetId=tab, flatten=True)["sessionId"]
        return self.command("Page.captureScreenshot", session)["data"]

    def titles(self):
        """The titles of all pages."""
        return [each["title"] for each in self.command("Target.getTargets")["targetInfos"]]

    def answer(self, permission, setting, origin):
        """Choose for a page what its user would: granted, denied or prompt."""
        self.command("Browser.setPermission", permission={"name": permission}, setting=setting, origin=origin)

    def close(self):
        """Leave it to its user's end."""
        os.close(self._asks)
        os.close(self._answers)

    def _receive(self):
        while b"\0" not in self._rest:
            readable, _, _ = select.select([self._answers], [], [], PATIENCE)
            piece = os.read(self._answers, 1 << 16) if readable else b""
            assert piece, "Chromium has hung up"
            self._rest += piece
        said, _, self._rest = self._rest.partition(b"\0")
        return json.loads(said)
