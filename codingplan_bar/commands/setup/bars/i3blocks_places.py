"""Which file an i3blocks reads: the one that its command names, else the first of its places that has one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from codingplan_bar.commands.setup.bars.machine import Machine

PROGRAM = "i3blocks"


def named(arguments: Sequence[str]) -> str | None:
    """The file that a command line of i3blocks names with `-c`; None where it names none, or is not i3blocks'."""
    if not arguments or Path(arguments[0]).name != PROGRAM:
        return None
    words = iter(arguments[1:])
    for word in words:
        if word.startswith("-c"):
            return word[2:] or next(words, None)
    return None


def place(machine: Machine) -> Path | None:
    """The file of a running i3blocks; else the user's own, the first that is there. None where only the system's is."""
    named_ones = (named(arguments) for arguments in machine.running)
    candidates = [*(Path(name) for name in named_ones if name), *own(machine)]
    return next((path for path in candidates if path.is_file()), None)


def own(machine: Machine) -> list[Path]:
    """Where i3blocks looks for the user's configuration, in this order; a new one would hide the system's."""
    return [machine.settings / "i3blocks/config", machine.home / ".i3blocks.conf"]
