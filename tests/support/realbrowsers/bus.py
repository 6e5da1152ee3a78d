"""A private session bus, a keyring on it that is gnome's own, and services that behave in other ways."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection
from support.presence import need
from support.waiting import until

CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={socket}</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy></busconfig>
"""
"""No folder of services: nobody is started because somebody asks."""


class Bus:
    """A bus of one household, whose programs find it by `DBUS_SESSION_BUS_ADDRESS`."""

    def __init__(self, household):
        self.household = household
        runtime = Path(household.environ["XDG_RUNTIME_DIR"])
        self.socket, configuration = runtime / "b", runtime / "bus.conf"
        configuration.write_text(CONFIGURATION.format(socket=self.socket))
        household.start(["dbus-daemon", f"--config-file={configuration}", "--nofork"])
        until(self.socket.exists, "the bus")
        household.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={self.socket}"

    def start_keyring(self):
        """gnome-keyring, unlocked, with a collection to keep keys in."""
        need("gnome-keyring-daemon", "secret-tool")
        command = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
        daemon = self.household.start(command, stdin=subprocess.PIPE)
        daemon.stdin.write(b"of no worth")
        daemon.stdin.close()
        until(lambda: self._secret_tool("store", "--label=probe", "probe", "yes", given=b"x"), "the keyring")

    def lock_keyring(self):
        """As after a time without use."""
        service = DBusAddress("/org/freedesktop/secrets", "org.freedesktop.secrets", "org.freedesktop.Secret.Service")
        login = ["/org/freedesktop/secrets/collection/login"]
        with open_dbus_connection(self.household.environ["DBUS_SESSION_BUS_ADDRESS"]) as connection:
            reply = connection.send_and_get_reply(new_method_call(service, "Lock", "ao", (login,)), timeout=10)
        assert reply.body == (login, "/")

    def start_service(self, name, mood, log=None):
        """A service by this name that is `mute`, `locked`, `empty`, `closed`, or `open`; see `service.py`."""
        program = Path(__file__).with_name("service.py")
        command = [sys.executable, str(program), self.household.environ["DBUS_SESSION_BUS_ADDRESS"], name, mood]
        service = self.household.start([*command, *([str(log)] if log else [])], stdout=subprocess.PIPE)
        assert service.stdout.readline() == b"ready\n"

    def _secret_tool(self, *arguments, given=b""):
        done = subprocess.run(
            ["secret-tool", *arguments],
            input=given,
            env=self.household.environ,
            timeout=20,
            check=False,
            capture_output=True,
        )
        return done.returncode == 0
