"""i3status-rust: which file it reads, and a block at the end of its TOML, which is the rightmost of the bar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from codingplan_bar.configure.block import Closing, absent_in, fragment
from codingplan_bar.configure.languages import toml
from codingplan_bar.configure.machine import Machine, the_file

# Which file an i3status-rs reads: the one that its command names, by its own rules.

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


def place(machine: Machine) -> Path | None:
    """The file of a running i3status-rs, else of one that i3 or sway starts, which may be new, else the default one.

    Raises `LeftAlone` where no witness says which of several it is.
    """
    for commands in machine.stages():
        files = [machine.fitting(found(name, machine, words)) for words in commands if (name := named(words))]
        if files:
            return the_file([files]) or files[0]
    folder = machine.settings / "i3status-rust"
    return the_file([[found(DEFAULT, machine)]], sorted(folder.glob("*.toml")))


def found(name: str, machine: Machine, words: Sequence[str] = ()) -> Path:
    """Where a file of that name lies: where the program was started, else in the first of the folders that has it."""
    bases = (machine.settings, machine.place("XDG_DATA_HOME", ".local/share"))
    folders = [base / "i3status-rust" for base in bases]
    candidates = [folder / file for folder in folders for file in (name, f"{name}.toml")]
    here = [machine.file(name, words)] if words or "/" in name else []
    return next((path for path in (*here, *candidates) if path.is_file()), (here if "/" in name else candidates)[0])


# i3status-rust: a block at the end of its TOML, which is a table of its own and the rightmost of the bar.

__all__ = ["changed", "place", "taken", "unseen"]

FILE = "i3status-rust/codingplan.toml"
ALREADY = re.compile(r"codingplan.bar\W* i3status-rust")


def lines(command: str) -> str:
    """What goes between the markers."""
    return fragment(FILE, command, escaped=toml.in_quotes)


BLOCK = Closing(
    forms=lambda command, _: [lines(command)],
    begins=r"^[ \t]*\[(?!\[?block\.)",
    ours=rf"\A[ \t]*\[\[block\]\](?s:.*){ALREADY.pattern}",
)


def changed(text: str, command: str) -> str:
    """The configuration with our block, and nothing else changed. Raises `LeftAlone`."""
    return toml.put(BLOCK, text, lines(command), _theirs)


def taken(text: str) -> str:
    """The configuration without our block, wherever it is now. Raises `LeftAlone`."""
    return toml.taken(BLOCK, text, _theirs)


def unseen(text: str, _path: Path, _machine: Machine) -> str:
    """Why i3status-rust would not show it: it shows every block."""
    return absent_in(text)


def _theirs(said: dict[str, Any]) -> dict[str, Any]:
    """What it says without our blocks; the same if none of them is there."""
    blocks = said.get("block")
    theirs = [block for block in blocks if not ALREADY.search(str(block))] if isinstance(blocks, list) else blocks
    return said if theirs == blocks else toml.replaced(said, "block", theirs)
