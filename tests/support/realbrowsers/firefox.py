"""Debian's Firefox ESR, headless: cookies with a date go to its database at once, the others to its session file."""

from __future__ import annotations

import json
import socket

from support.realbrowsers.marionette import Marionette

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
