"""Which file polybar reads: the one that its command names, else the first of its places."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from codingplan_bar.commands.setup.bars.machine import Machine

PROGRAM = "polybar"
CONFIGS = ("config.ini", "config")


def named(arguments: Sequence[str]) -> str | None:
    """The file that a command line of polybar names; None where it names none, or is not polybar's."""
    if not arguments or Path(arguments[0]).name != PROGRAM:
        return None
    words = iter(arguments[1:])
    for word in words:
        if word in ("-c", "--config"):
            return next(words, None)
        if word.startswith("--config="):
            return word.partition("=")[2]
    return None


def place(machine: Machine) -> Path | None:
    """The file; None where only the system's is there, which one of the user's would hide."""
    said = (named(arguments) for arguments in machine.running)
    own = [machine.settings / "polybar" / name for name in CONFIGS]
    home = [machine.home / ".config/polybar" / name for name in CONFIGS]
    candidates = [*(Path(name).expanduser() for name in said if name), *own, *home]
    return next((path for path in candidates if path.is_file()), None)
