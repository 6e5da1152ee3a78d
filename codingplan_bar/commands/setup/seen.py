"""Whether a bar would show the quota by what stands in its file: one answer for `setup`, its overview and `doctor`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from codingplan_bar import paths, process
from codingplan_bar.bars import BARS as COMMANDS
from codingplan_bar.commands import output
from codingplan_bar.commands.table import COMMANDS as VERBS
from codingplan_bar.configure.bars import BARS, PLUGINS, Part, missing, parts_of, written_parts
from codingplan_bar.configure.block import ABSENT, SILENT, LeftAlone
from codingplan_bar.configure.files import text_of
from codingplan_bar.configure.machine import Machine
from codingplan_bar.configure.tmux import IN_VARIABLE
from codingplan_bar.paths import NAME
from codingplan_bar.words import listed

KEPT_IN = re.compile(rf"{IN_VARIABLE.pattern}|^command=(.+)$")
_WORDS = "|".join(sorted(COMMANDS, key=len, reverse=True))
_APART = r"""\s'"`(=|;&"""
CALL = re.compile(
    rf"""(?:'(?P<quoted>/[^'\n]*/{NAME})'|(?<![^{_APART}])(?P<plain>[^{_APART}]*{NAME})['"]?)"""
    rf"""\s+(?P<bar>{_WORDS})\b"""
)
"""The program's path or name, in quotes where it has a space in it, and the bar that it is told: the rest of a line is
another program's language."""
OTHER = re.compile(rf"""(?<![^{_APART}])(/[^{_APART}\\]+)['"\\]*\s+(?:{_WORDS})\b""")
"""Any program's path before the word of a bar."""
TOLD = re.compile(rf"""(?m)^(?![ \t]*(?:\#|//|;|\*|/\*)).*?\b{NAME}['"\\]*[ ]{SILENT}(?P<word>[a-z][a-z0-9-]*)""")
"""The first word that the program is told in a line, comments aside."""
UNCERTAIN = {"other command", "not ours"}
"""Reasons of lines that the user has given another program, which may show it by itself."""
UNCERTAIN |= {f"{reason}{where}" for reason in ("newer escape", "control sign") for where in ("", " in")}
"""Reasons of a file that some waybars do not read; of which one it is there is no certainty."""
PRINTS = {*COMMANDS, *(row.name for row in VERBS if row.group in ("see", "scripts"))}
"""The words by which it prints something of the quota."""


def hidden(part: Part) -> LeftAlone | None:
    """Why the bar does not show it now; None where it would. Raises OSError."""
    text, error = text_of(part.file.path) if part.file else "", part.hidden()
    if error:
        return explained(part, error, text)
    try:
        insist_on_words(part, text)
        insist_on_program(part, text)
    except LeftAlone as found:
        return found
    return None


def explained(part: Part, error: LeftAlone, text: str) -> LeftAlone:
    """The same; where our lines run another command, that it is not there, as far as that can be told."""
    run = [*OTHER.findall(text), *_in_variables(text)] if error.reason == "other command" else []
    gone = list(filter(_is_gone, run))
    return LeftAlone("gone for good", 0, part.shown, part.bar, gone[0]) if gone else error


def insist_on_command(part: Part, before: str, after: str) -> None:
    """Raises `LeftAlone` where what the user has made of ours, and would stay, cannot print anything."""
    insist_on_words(part, after)
    if before == after:
        insist_on_program(part, after)


def insist_on_words(part: Part, text: str) -> None:
    """Raises `LeftAlone` where no command of ours in that text of a bar's configuration prints anything."""
    is_script = part.bar in PLUGINS  # ours whole, with messages that name other commands
    words = [match["word"] for match in TOLD.finditer(text)] if part.is_main and not is_script else []
    if words and not PRINTS & set(words):
        raise LeftAlone("no such command", 0, part.shown, part.bar, words[0])


def insist_on_program(part: Part, text: str) -> None:
    """Raises `LeftAlone` where each command of ours in that text names a program by a path that leads to none."""
    programs = [program for program, _ in calls(text, part.bar)] or _in_variables(text) if part.is_main else []
    if programs and all(map(_is_gone, programs)):
        raise LeftAlone("gone" if _is_renewed(part, text) else "gone for good", 0, part.shown, part.bar, programs[0])


def _in_variables(text: str) -> list[str]:
    """The programs that tmux is told in a variable."""
    return [program for line in IN_VARIABLE.findall(text) for program in process.split(line)[:1]]


def _is_renewed(part: Part, text: str) -> bool:
    """Whether `--write` puts another path into the file; a line that the user has changed stays."""
    try:
        return part.after(undo=False)[1] != text
    except (LeftAlone, OSError):
        return False


def _is_gone(program: str) -> bool:
    """Whether a program is named by a path that leads to none."""
    path = Path(paths.expanded(program))
    return path.is_absolute() and not os.access(path, os.X_OK)


def calls(text: str, bar: str) -> list[tuple[str, str]]:
    """The commands of ours that a bar's file runs, as program and bar."""
    return configured(text) or kept(text, bar)


def kept(text: str, bar: str) -> list[tuple[str, str]]:
    """The program that setup has written into a variable, for the bar whose file it is; never one of the user's own."""
    lines = ("".join(found) for found in KEPT_IN.findall(text))
    programs = [program for line in lines for program in process.split(line)[:1]]
    return [(program, bar) for program in programs if Path(program).name == NAME]


def configured(text: str) -> list[tuple[str, str]]:
    """The commands of ours that a configuration runs, as program and bar; each once, in their order."""
    found = CALL.finditer(text)
    return list(dict.fromkeys((match["quoted"] or match["plain"], match["bar"]) for match in found))


# What `setup` says without a bar: which file each bar of this machine reads, and whether it shows the quota.


def overview(words: Mapping[str, str], machine: Machine) -> int:
    """Which file each bar reads that is installed here or has a configuration, and what to type."""
    lines = [line for bar in BARS if (line := _found(bar, parts_of(bar, machine)[0], words))]
    lines = lines or [words["none here"]]
    return output.tell("\n".join([*lines, words["no bar"].format(listed(BARS, machine.language))]))


def written_into(words: Mapping[str, str], machine: Machine) -> str:
    """Which bars ours has been put into, and how it is taken out of all of them."""
    found = [bar for bar in BARS if written_parts(bar, machine)]
    return words["written into"].format(listed(found, machine.language)) if found else words["out of all"]


def _found(bar: str, part: Part, words: Mapping[str, str]) -> str:
    """The line of one bar; nothing for one that is not here."""
    if part.doubt:
        return words["in doubt"].format(bar, part.cause(part.doubt, words))
    program = missing(bar, part.machine)
    if part.file and part.file.exists():
        return _standing(bar, part, program, words)
    if part.file and not program:
        return words["found, new"].format(bar, part.shown)
    return words["not found"].format(bar) if not program and bar not in PLUGINS else ""


def _standing(bar: str, part: Part, program: str, words: Mapping[str, str]) -> str:
    """The line of a bar that has a configuration: whether it shows the quota, by the same rule as `doctor`."""
    if program:
        return words["found, not here"].format(bar, part.shown, program)
    reason, key = hidden(part), "found"
    if reason is None:
        return words["set up"].format(bar, part.shown)
    if part.has_ours() and reason.reason != ABSENT:
        key = "uncertain" if reason.reason in UNCERTAIN else "unseen"
    elif error := refusal(part):
        key, reason = "refused", error
    return words[key].format(bar, part.placed(reason), part.cause(reason, words))


def refusal(part: Part) -> LeftAlone | None:
    """Why `setup` would not write into a file; None where it would, or cannot say before it tries."""
    try:
        part.insist()
        part.after(undo=False)
    except LeftAlone as error:
        return error
    except OSError:
        pass
    return None
