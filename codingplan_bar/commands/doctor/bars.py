"""The bars of this machine: which of them show the quota, and whether their command runs where a bar runs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from codingplan_bar.commands.doctor import bare
from codingplan_bar.commands.doctor.visit import Line, Visit
from codingplan_bar.commands.setup import BARS, Part, command, parts_of, processes
from codingplan_bar.commands.setup.bars.closing_block import LeftAlone
from codingplan_bar.show import BARS as COMMANDS

SLOW = 5.0
"""Seconds after which a bar's command is in the way."""
PLUGIN = "codingplan.tmux"
_WORDS = "|".join(sorted(COMMANDS, key=len, reverse=True))
_APART = r"""\s'"`(=|;&"""
CALL = re.compile(
    rf"""(?:'(?P<quoted>/[^'\n]*/{bare.NAME})'|(?<![^{_APART}])(?P<plain>[^{_APART}]*{bare.NAME})['"]?)"""
    rf"""\s+(?P<bar>{_WORDS})\b"""
)
"""The program's path or name, in quotes where it has a space in it, and the bar that it is told: the rest of a line is
another program's language."""


def bars(visit: Visit) -> Iterator[Line]:
    """A line for each bar that is set up on this machine, and one for each command that they run.

    Whoever has one that shows it needs no advice about the others.
    """
    machine = processes.machine(visit.environ)
    parts = {bar: parts_of(bar, machine)[0] for bar in BARS}
    texts = {bar: text for bar, part in parts.items() if (text := _text(part)) is not None}
    showing = {bar for bar, text in texts.items() if configured(text) or PLUGIN in text}
    for bar in texts:
        line = (visit.ok if bar in showing else visit.note)(
            "bar", "bar" if bar in showing else "bar.without", bar, parts[bar].shown
        )
        yield replace(line, next="") if showing else line
    if not texts:
        yield visit.note("bar", "bar.none")
    calls = dict.fromkeys(call for text in texts.values() for call in configured(text))
    for program, bar in calls or [(command(), "text")]:
        yield _tried(visit, program, bar)


def configured(text: str) -> list[tuple[str, str]]:
    """The commands of ours that a configuration runs, as program and bar; each once, in their order."""
    found = CALL.finditer(text)
    return list(dict.fromkeys((match["quoted"] or match["plain"], match["bar"]) for match in found))


def _tried(visit: Visit, program: str, bar: str) -> Line:
    """The command as a bar runs it; where nobody is to be asked, only whether it starts."""
    arguments = ["--version"] if visit.offline else [bar]
    path = str(Path(program).expanduser())
    ran = bare.run([path, *arguments], visit.environ)
    told = f"{visit.shown(program)} {bar}"
    if ran is None:
        return visit.bad("command", "command.not found", told, bare.PATH)
    if ran.is_good and ran.seconds < SLOW:
        return visit.ok("command", "command", told)
    if ran.is_good or ran.finished.ending == "deadline":
        return visit.bad("command", "command.slow", told, f"{ran.seconds:.1f}")
    return visit.bad("command", "command.fails", told)


def _text(part: Part) -> str | None:
    """What is in the bar's configuration; None where there is none that can be read."""
    if part.file is None or not part.file.exists():
        return None
    try:
        return part.file.text()
    except (OSError, LeftAlone):
        return None
