"""Debian's Chromium and Firefox ESR, headless and under remote control."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import socket
import sqlite3
import sys
import tempfile
from pathlib import Path

from support.machine import until

# Chromium opens one page, and writes its cookies after half a minute or when it is ended.

BATCH = 512
"""Changes that Chromium writes at once when they have come together; else it takes 30 s."""
CHROMIUM_PATIENCE = 60
"""Seconds that its remote control may take to answer."""
LED = """
import os, sys
high = [os.dup2(int(each), 90 + place) for place, each in enumerate(sys.argv[1:3])]  # either may be 3 or 4 itself
for place, each in enumerate(high):
    os.dup2(each, 3 + place)
os.execvp(sys.argv[3], sys.argv[3:])
"""
"""What leads two pipes to the numbers by which Chromium reads commands and writes answers."""
CHROMIUM_FLAGS = (
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


def start_chromium(household, world, url, *, profile="Default", keyring="basic"):
    """A Chromium that opens one page through the proxy; on the user's own default folder."""
    folder = household.home / ".config/chromium"
    where = [f"--user-data-dir={folder}", f"--profile-directory={profile}", f"--password-store={keyring}"]
    return household.start(["chromium", *CHROMIUM_FLAGS, *where, f"--proxy-server={world.proxy.address}", url])


def visit_in_chromium(household, world, url, *, profile="Default", keyring="basic"):
    """A Chromium that has been there, has written its cookies, and is closed again."""
    process = start_chromium(household, world, url, profile=profile, keyring=keyring)
    store = household.home / ".config/chromium" / profile / "Cookies"
    until(lambda: count_cookies(store) >= BATCH, f"a store of {profile}")
    household.ask_to_end(process)


def count_cookies(store):
    """How many cookies are in the file now, read from a copy."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "Cookies"
        try:
            shutil.copy(store, copy)
            with contextlib.closing(sqlite3.connect(copy)) as connection:
                return connection.execute("SELECT count(*) FROM cookies").fetchone()[0]
        except (OSError, sqlite3.Error):
            return 0


class ChromiumRemote:
    """A Chromium under remote control: its DevTools protocol over two pipes, a text and a zero byte each."""

    def __init__(self, household, *flags):
        self._count, self._rest = 0, b""
        commands, self._asks = os.pipe()
        self._answers, answers = os.pipe()
        folder = f"--user-data-dir={household.home}/chromium"
        command = ["chromium", *CHROMIUM_FLAGS, "--remote-debugging-pipe", folder, *flags]
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
            readable, _, _ = select.select([self._answers], [], [], CHROMIUM_PATIENCE)
            piece = os.read(self._answers, 1 << 16) if readable else b""
            assert piece, "Chromium has hung up"
            self._rest += piece
        said, _, self._rest = self._rest.partition(b"\0")
        return json.loads(said)


# Firefox and its own remote control, Marionette: a length, a colon, JSON. Cookies with a date go to its database at
# once, the others to its session file.


FIREFOX_PATIENCE = 300.0
"""Seconds for Firefox's start and for each of its answers: where much else runs, its first session took above 60."""


class Marionette:
    """One conversation with one Firefox."""

    def __init__(self, port):
        self._socket = until(lambda: _connected(port), "Firefox's remote control", within=FIREFOX_PATIENCE)
        self._count = 0
        self._receive()  # it says who it is
        self.command("WebDriver:NewSession", acceptInsecureCerts=True)

    def command(self, name, **parameters):
        """What the command gives."""
        self._count += 1
        message = json.dumps([0, self._count, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        assert not error, f"{name}: {error}"
        return result

    def open(self, url):
        """Load a page, and wait until it is there."""
        self.command("WebDriver:Navigate", url=url)

    def within_the_browser(self, script, *arguments):
        """Run a script that may do what the browser itself may."""
        self.command("Marionette:SetContext", value="chrome")
        found = self.command("WebDriver:ExecuteScript", script=script, args=list(arguments), newSandbox=True)["value"]
        self.command("Marionette:SetContext", value="content")
        return found

    def quit(self):
        """Close it as its user would."""
        self.command("Marionette:Quit", flags=["eAttemptQuit"])
        self.close()

    def close(self):
        """Leave it running."""
        self._socket.close()

    def _receive(self):
        length = b""
        while not length.endswith(b":"):
            length += self._read(1)
        return json.loads(self._read(int(length[:-1])))

    def _read(self, size):
        data = b""
        while len(data) < size:
            piece = self._socket.recv(size - len(data))
            assert piece, "Firefox has hung up"
            data += piece
        return data


def _connected(port):
    try:
        found = socket.create_connection(("127.0.0.1", port), 2)
    except OSError:
        return None
    found.settimeout(FIREFOX_PATIENCE)
    return found


FIREFOX = ("firefox-esr", "--headless")
FIREFOX_PLACE = ".config/mozilla/firefox"
CONTAINER = """
    const [number, ticket] = arguments, end = Date.now() + 86400e3, cookies = [
        ["login_aliyunid_ticket", ticket], ["login_aliyunid_pk", "9000" + number]];
    for (const host of [".alibabacloud.com", ".aliyun.com"])
        for (const [name, value] of cookies)
            Services.cookies.add(host, "/", name, value, true, true, false, end, {userContextId: number},
                Ci.nsICookie.SAMESITE_LAX, Ci.nsICookie.SCHEME_HTTPS);
"""


class Firefox:
    """One Firefox with a new profile of that name, where Firefox itself puts it; it goes through the proxy."""

    def __init__(self, household, world, name="work"):
        port = _free_port()
        self.household = household
        household.run([*FIREFOX, "-CreateProfile", name])
        (self.profile,) = (household.home / FIREFOX_PLACE).glob(f"*.{name}")
        _write_preferences(self.profile, world, port)
        command = [*FIREFOX, "--marionette", "--remote-allow-system-access", "--no-remote", "-P", name]
        self.process = household.start(command, environ={"MOZ_REMOTE_ALLOW_SYSTEM_ACCESS": "1"})
        self.marionette = Marionette(port)

    def add_container(self, number, ticket):
        """Sign in within a container."""
        self.marionette.within_the_browser(CONTAINER, number, ticket)

    def close(self):
        """As its user would."""
        self.marionette.quit()
        self.process.wait(30)

    def kill(self):
        """As a crash would."""
        self.marionette.close()
        self.household.end(self.process)


def _write_preferences(profile, world, port):
    host, _, number = world.proxy.address.partition(":")
    preferences = {
        "marionette.port": port,
        "network.proxy.type": 1,
        "network.proxy.ssl": host,
        "network.proxy.ssl_port": int(number),
        "network.proxy.http": host,
        "network.proxy.http_port": int(number),
        "network.dns.disabled": True,
        "browser.sessionstore.interval": 1000,
        "datareporting.policy.dataSubmissionEnabled": False,
        "app.normandy.enabled": False,
        "browser.aboutwelcome.enabled": False,
    }
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()]
    (profile / "user.js").write_text("".join(lines))


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]
