"""The desktop's own programs: what opens a page or a file, and what takes a text for the clipboard."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping

from codingplan_bar.fetch.circumstances import without_secrets

Command = list[str]
PATIENCE = 2.0
"""Seconds. Whatever still runs then is the browser itself, and outlives this program."""

READING = 5.0
"""Seconds that a clipboard's program may take to read a text."""


def start(command: Command, *, patience: float = PATIENCE) -> bool:
    """Start a program that goes on without this one; whether it is there, and fails not within `patience` seconds."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=without_secrets(os.environ),
        )
    except OSError:
        return False
    try:
        return process.wait(patience) == 0
    except subprocess.TimeoutExpired:
        process.returncode = 0  # it is left alone, of which Popen would warn
        return True


def feed(command: Command, text: str, *, patience: float = READING) -> bool:
    """Give a program a text on its standard input; whether it took it within `patience` seconds."""
    quiet, environ = subprocess.DEVNULL, without_secrets(os.environ)
    try:
        done = subprocess.run(
            command, input=text.encode(), stdout=quiet, stderr=quiet, timeout=patience, check=False, env=environ
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def browsers(environ: Mapping[str, str], platform: str, address: str) -> list[Command]:
    """What may open a page, the best first; none where there is no screen. `BROWSER` is the user's own word."""
    if platform == "darwin":
        return [["open", address]]
    named = [_with_address(words, address) for words in environ.get("BROWSER", "").split(":")]
    return [command for command in named if command] + _openers(environ, address)


def editors(environ: Mapping[str, str], platform: str, path: str) -> list[Command]:
    """What may open a text file in an editor with a window."""
    return [["open", "-t", path]] if platform == "darwin" else _openers(environ, path)


def clipboards(environ: Mapping[str, str], platform: str) -> list[Command]:
    """What takes a text for the clipboard of this screen."""
    if platform == "darwin":
        return [["pbcopy"]]
    wayland = [["wl-copy"]] if environ.get("WAYLAND_DISPLAY") else []
    x11 = [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]] if environ.get("DISPLAY") else []
    return wayland + x11


def _openers(environ: Mapping[str, str], what: str) -> list[Command]:
    """The desktop's own; without a screen they would take over the terminal, or wait for one."""
    screen = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    return [["xdg-open", what], ["gio", "open", what]] if screen else []


def _with_address(words: str, address: str) -> Command:
    """One command of `BROWSER`: the address stands for its `%s`, else it comes last."""
    try:
        command = shlex.split(words)
    except ValueError:
        return []
    if not command or any("%s" in word for word in command):
        return [word.replace("%s", address) for word in command]
    return [*command, address]
