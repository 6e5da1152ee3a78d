"""One made-up user's home folder, environment and programs, a message bus and a keyring; they end with it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_call, new_method_return
from jeepney.io.blocking import open_dbus_connection
from support.machine import need, until


class Household:
    """A user. `home` is a fresh folder, `environ` what its programs are started with."""

    def __init__(self):
        self._folder = Path(tempfile.mkdtemp(prefix="cb-home-"))  # short: paths of sockets may have 107 letters
        self.home = self._folder / "h"
        runtime = self._folder / "r"
        for folder in (self.home, runtime):
            folder.mkdir(mode=0o700)
        self.environ = {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(runtime),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
        }
        self.processes = []

    def start(self, command, **more):
        """A program of this user; in a group of its own, so that it ends with all that it starts."""
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        environ = {**self.environ, **more.pop("environ", {})}
        process = subprocess.Popen(command, env=environ, start_new_session=True, **{**quiet, **more})
        self.processes.append(process)
        return process

    def run(self, command, **more):
        """A program of this user that ends by itself."""
        return subprocess.run(command, env=self.environ, timeout=30, check=True, capture_output=True, **more)

    def ask_to_end(self, process, patience=20):
        """End one program as a session's end would, and wait for what it has started: a helper may still write."""
        process.terminate()
        process.wait(patience)
        until(lambda: not _is_alive(process.pid), f"the end of all of {process.args[0]}", within=patience)

    def end(self, process, patience=20):
        """End one program at once, and all that it has started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(patience)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()

    def close(self):
        """End everything, remove everything."""
        for process in reversed(self.processes):
            self.end(process)
        shutil.rmtree(self._folder, ignore_errors=True)


def _is_alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


# A private session bus, a keyring on it that is gnome's own, and services that behave in other ways.


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
        """This file, started as a service by that name: it answers by its mood (see `answer`)."""
        command = [sys.executable, __file__, self.household.environ["DBUS_SESSION_BUS_ADDRESS"], name, mood]
        road = {"PYTHONPATH": str(Path(__file__).parents[2])}
        service = self.household.start([*command, *([str(log)] if log else [])], environ=road, stdout=subprocess.PIPE)
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


PASSWORD = b"the key of the keyring"
ITEM, SESSION = "/item/1", "/session/1"


def answer(message, method, mood):
    """The reply to one call, None where there is none."""
    if mood == "mute":
        return None
    if mood == "error":
        return new_error(message, "org.example.Error", "s", ("it went wrong",))
    found = [] if mood == "empty" else [ITEM]
    secrets = {ITEM: (SESSION, b"", PASSWORD, "text/plain")} if mood == "open" else {}
    answers = {
        "SearchItems": ("aoao", ([], found) if mood == "locked" else (found, [])),
        "Unlock": ("aoo", ([], "/prompt/1")),
        "OpenSession": ("vo", (("s", ""), SESSION)),
        "GetSecrets": ("a{o(oayays)}", (secrets,)),
        "networkWallet": ("s", ("kdewallet",)),
        "open": ("i", (7,)),
        "hasFolder": ("b", (True,)),
        "readPassword": ("s", (PASSWORD.decode(),)),
        "close": ("i", (0,)),
    }
    signature, body = answers[method]
    return new_method_return(message, signature, body)


def main(address, name, mood, log=None):
    """Take the name, say so, answer until the bus is gone."""
    connection = open_dbus_connection(address)
    bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    connection.send_and_get_reply(new_method_call(bus, "RequestName", "su", (name, 0)))
    print("ready", flush=True)  # noqa: T201 - whoever has started it waits for that
    while True:
        message = connection.receive()
        if message.header.message_type != MessageType.method_call:
            continue
        method = message.header.fields[HeaderFields.member]
        if log:
            with Path(log).open("a") as file:
                file.write(method + "\n")
        if reply := answer(message, method, mood):
            connection.send(reply)


if __name__ == "__main__":
    main(*sys.argv[1:])
