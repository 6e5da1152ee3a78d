"""Which file an i3status-rs reads: the one that its command names, by its own rules."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

from codingplan_bar import store
from codingplan_bar.commands.setup.bars.machine import Machine

PROGRAM = "i3status-rs"
DEFAULT = "config.toml"
TAKES_A_VALUE = ("-j", "--threads")


def named(arguments: Iterable[str]) -> str | None:
    """The configuration that a command line of i3status-rs names; None where it is not one's."""
    words = iter(arguments)
    if Path(next(words, "")).name != PROGRAM:
        return None
    for word in words:
        if word in TAKES_A_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            return word
    return DEFAULT


def named_in(text: str, home: Path) -> str | None:
    """The same of the first `status_command` in a configuration of i3 or sway that starts it."""
    for line in text.splitlines():
        word, _, command = line.strip().partition(" ")
        if word == "status_command":
            found = named(_words(command, home))
            if found:
                return found
    return None


def place(machine: Machine) -> Path:
    """The file of a running i3status-rs, else of i3's or sway's configuration, else the default; it may be new."""
    running = (named(arguments) for arguments in machine.running)
    configured = (named_in(text, machine.home) for text in _configurations(machine))
    return found(next(filter(None, (*running, *configured)), DEFAULT), machine)


def found(name: str, machine: Machine) -> Path:
    """Where a file of that name lies: at an absolute path as it is, else in the first of the folders that has it."""
    bases = (machine.settings, machine.place("XDG_DATA_HOME", ".local/share"))
    candidates = [base / "i3status-rust" / file for base in bases for file in (name, f"{name}.toml")]
    return next((path for path in candidates if path.is_file()), candidates[0])


def _configurations(machine: Machine) -> list[str]:
    """What i3 and sway are told, the parts that they include aside."""
    paths = [machine.settings / "sway/config", machine.settings / "i3/config", machine.home / ".i3/config"]
    return [text for text in map(store.read, paths) if text]


def _words(command: str, home: Path) -> list[str]:
    """The words of a shell's command after a possible `exec`; none where it is more than one plain command."""
    try:
        words = shlex.split(command.strip().removeprefix("exec ").replace("$HOME", str(home)))
    except ValueError:
        return []
    return [str(home / word[2:]) if word.startswith("~/") else word for word in words]
