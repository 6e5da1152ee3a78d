"""The desktop's notification service: over the session bus on Linux, by AppleScript on macOS."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SECONDS = 2.0
SCRIPT = "on run {title, message}\ndisplay notification message with title title\nend run"
PATH = "/org/freedesktop/Notifications"
NAME = "org.freedesktop.Notifications"
SIGNATURE = "susssasa{sv}i"
"""Of `Notify`: name, what it replaces, icon, title, text, actions, hints, time (-1: the service's own)."""
NO_MARKUP = str.maketrans({"&": "＆", "<": "‹", ">": "›"})
"""Some services read markup in the text, others show it; these look-alikes are none to either."""


def notify(title: str, text: str, environ: Mapping[str, str], *, urgent: bool, platform: str = sys.platform) -> bool:
    """Show it; whether a service took it within two seconds. Where there is none, nothing happens."""
    title, text = title.translate(NO_MARKUP), text.translate(NO_MARKUP)
    return _on_macos(title, text) if platform == "darwin" else _on_the_bus(title, text, environ, urgent=urgent)


def has_service(environ: Mapping[str, str], *, platform: str = sys.platform) -> bool:
    """Whether there is anything to ask for it. Nothing is asked or connected to."""
    if platform == "darwin":
        return True
    kind, _, path = (environ.get("DBUS_SESSION_BUS_ADDRESS") or _usual(environ)).partition("=")
    return Path(path.partition(",")[0]).exists() if kind == "unix:path" else bool(kind)


def _on_macos(title: str, text: str) -> bool:
    command = ["/usr/bin/osascript", "-e", SCRIPT, title, text]
    try:
        return subprocess.run(command, capture_output=True, timeout=SECONDS, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _on_the_bus(title: str, text: str, environ: Mapping[str, str], *, urgent: bool) -> bool:
    address = environ.get("DBUS_SESSION_BUS_ADDRESS") or _usual(environ)
    if not address:
        return False
    try:
        from jeepney import DBusAddress, MessageType, new_method_call
        from jeepney.io.blocking import open_dbus_connection
    except ImportError:
        return False
    hints = {"urgency": ("y", 2 if urgent else 1), "category": ("s", "network")}
    values: tuple[object, ...] = ("codingplan-bar", 0, "", title, text, [], hints, -1)
    message = new_method_call(DBusAddress(PATH, NAME, NAME), "Notify", SIGNATURE, values)
    try:
        with open_dbus_connection(address) as connection:
            reply = connection.send_and_get_reply(message, timeout=SECONDS)
    except (OSError, ValueError, KeyError, RuntimeError):
        return False
    return bool(reply.header.message_type == MessageType.method_return)


def _usual(environ: Mapping[str, str]) -> str:
    """Where systemd puts the session's bus: a bar may have been started without its variable."""
    folder = environ.get("XDG_RUNTIME_DIR", "")
    return f"unix:path={folder}/bus" if folder.startswith("/") else ""
