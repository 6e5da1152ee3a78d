"""Debian's Firefox ESR, headless, and its own remote control, Marionette: a length, a colon, JSON.

Cookies with a date go to its database at once, the others to its session file.
"""

from __future__ import annotations

import json
import socket

from support.waiting import until

PATIENCE = 300.0
"""Seconds for Firefox's start and for each of its answers: where much else runs, its first session took above 60."""


class Marionette:
    """One conversation with one Firefox."""

    def __init__(self, port):
        self._socket = until(lambda: _connected(port), "Firefox's remote control", within=PATIENCE)
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
    found.settimeout(PATIENCE)
    return found


PROGRAM = ("firefox-esr", "--headless")
PLACE = ".config/mozilla/firefox"
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
        household.run([*PROGRAM, "-CreateProfile", name])
        (self.profile,) = (household.home / PLACE).glob(f"*.{name}")
        _write_preferences(self.profile, world, port)
        command = [*PROGRAM, "--marionette", "--remote-allow-system-access", "--no-remote", "-P", name]
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
