"""Which files waybar reads: those that its command names, else the first of its places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from codingplan_bar.commands.setup.bars.machine import Machine

PROGRAM = "waybar"
CONFIGS = ("config", "config.jsonc")


def named(arguments: Sequence[str], short: str, long: str) -> str | None:
    """The file that a command line of waybar names by this option; None where it names none, or is not waybar's."""
    if not arguments or Path(arguments[0]).name != PROGRAM:
        return None
    words = iter(arguments[1:])
    for word in words:
        if word in (short, long):
            return next(words, None)
        if word.startswith(long + "="):
            return word.partition("=")[2]
        if word.startswith(short) and not word.startswith("--"):
            return word[len(short) :]
    return None


def config(machine: Machine) -> Path | None:
    """The configuration; None where only the system's is there, which one of the user's would hide."""
    return _first(machine, ("-c", "--config"), CONFIGS)


def style(machine: Machine) -> Path | None:
    """The style sheet; None as above."""
    return _first(machine, ("-s", "--style"), ("style.css",))


def _first(machine: Machine, option: tuple[str, str], names: Sequence[str]) -> Path | None:
    said = (named(arguments, *option) for arguments in machine.running)
    candidates = [*(Path(name).expanduser() for name in said if name), *_own(machine, names)]
    return next((path for path in candidates if path.is_file()), None)


def _own(machine: Machine, names: Sequence[str]) -> Iterator[Path]:
    for folder in (machine.settings / "waybar", machine.home / ".config/waybar", machine.home / "waybar"):
        yield from (folder / name for name in names)
