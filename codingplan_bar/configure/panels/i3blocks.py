"""i3blocks: which file it reads, and a section at the end of it, which is the rightmost of the bar."""

from __future__ import annotations

import re
from pathlib import Path

from codingplan_bar.configure.block import RUNS, Block, LeftAlone, absent_in, fragment, line_of
from codingplan_bar.configure.machine import Machine

PROGRAM = "i3blocks"


def place(machine: Machine) -> Path | None:
    """The file of a running i3blocks, else of one that i3 or sway starts, else the user's own, the first that is there.

    None where only the system's is. Raises `LeftAlone`.
    """
    own = [machine.settings / "i3blocks/config", machine.home / ".i3blocks.conf"]  # a new one would hide the system's
    return machine.file_read_by(PROGRAM, own)


NAME = "codingplan"
FILE = "i3blocks/codingplan-polled.conf"
"""The polled form: the one in which a click does something."""

ALREADY = re.compile(r"^\[codingplan\]|^command=[^#\n]*\bcodingplan", re.MULTILINE)
LINE = re.compile(r"|#.*|\[[^\]]*\]|[A-Za-z_][\w-]*=.*")
"""Empty, a comment, a section's name or a property: nothing else is i3blocks' language (1.4: bar.c, parse_bar)."""
SAID = re.compile(r"^(?:\[(?P<section>[^\]\n]*)\]|[A-Za-z_][\w-]*=.*)", re.MULTILINE)


OURS = rf"\A[ \t]*\[{re.escape(NAME)}\]|(?m:^[ \t]*command=[^#\n]*{RUNS.pattern})"
"""Our section by its name, or by what it runs where the user has renamed it."""

BLOCK = Block(
    forms=lambda command, _: [fragment(FILE, command)],
    begins=r"^[ \t]*\[",
    ours=OURS,
)
pieces = BLOCK.pieces


def changed(text: str, command: str) -> str:
    """The configuration with our section, and nothing else changed. Raises `LeftAlone`."""
    _insist_on_lines(text)
    found = None if BLOCK.is_in(text) else ALREADY.search(text)
    if found:
        raise LeftAlone("already there", line_of(text, found.start()))
    return BLOCK.put(text, fragment(FILE, command))


def taken(text: str) -> str:
    """The text without ours. Raises `LeftAlone` where a property in our section would be another section's then."""
    rest = BLOCK.taken(text)
    if _theirs(rest) != _theirs(text):
        raise LeftAlone("not understood")
    return rest


def unseen(text: str, _path: Path, machine: Machine) -> str:
    """Why i3blocks would not show it: it shows every section of a file that it reads.

    Raises `LeftAlone` where it does not read it, or another program is run.
    """
    if not (reason := absent_in(text)):
        _insist_on_lines(text)
        machine.insist_on(PROGRAM)
    return reason


def _insist_on_lines(text: str) -> None:
    """Raises `LeftAlone` for a line at which i3blocks ends."""
    for number, line in enumerate(text.split("\n"), 1):
        if not LINE.fullmatch(line):
            raise LeftAlone("windows" if line.endswith("\r") else "not understood", number)
    if text and not text.endswith("\n"):
        raise LeftAlone("no newline", line_of(text, len(text)))


def _theirs(text: str) -> list[tuple[int, str]]:
    """Each property of the user's, with the number of its section, ours aside."""
    sections: list[list[str]] = [[]]
    for match in SAID.finditer(text):
        if match["section"] is not None:
            sections.append([])
        sections[-1].append(match[0].rstrip("\r"))
    theirs = [sections[0], *(lines for lines in sections[1:] if not re.search(OURS, "\n".join(lines)))]
    return [(number, line) for number, lines in enumerate(theirs) for line in lines]
