"""Whether a bar runs our program by what stands in its file, and would show the quota: one answer for all who ask."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from functools import cached_property
from pathlib import Path

from codingplan_bar import process
from codingplan_bar.configure.bar_file import Part
from codingplan_bar.configure.bars import PLUGINS
from codingplan_bar.configure.block import SILENT, LeftAlone
from codingplan_bar.configure.files import text_of
from codingplan_bar.configure.tmux import IN_VARIABLE
from codingplan_bar.paths import NAME

KEPT_IN = re.compile(rf"{IN_VARIABLE.pattern}|^command=(.+)$")
_APART = r"""\s'"`(=|;&"""
TOLD = re.compile(rf"""(?m)^(?![ \t]*(?:\#|//|;|\*|/\*)).*?\b{NAME}['"\\]*[ ]{SILENT}(?P<word>[a-z][a-z0-9-]*)""")
"""The first word that the program is told in a line, comments aside."""
UNCERTAIN = {"other command", "not ours"}
"""Reasons of lines that the user has given another program, which may show it by itself."""
UNCERTAIN |= {f"{reason}{where}" for reason in ("newer escape", "control sign") for where in ("", " in")}
"""Reasons of a file that some waybars do not read; of which one it is there is no certainty."""


class ShownRule:
    """The rule, by the words that make the program print something of the quota; some are a `form` of a bar's."""

    def __init__(self, forms: Collection[str], prints: Collection[str]) -> None:
        """The words are the command line's to say."""
        self.forms, self.prints = forms, {*forms, *prints}

    @cached_property
    def _of_a_bar(self) -> str:
        return "|".join(sorted(self.forms, key=len, reverse=True))

    @cached_property
    def _call(self) -> re.Pattern[str]:
        """The program's path or name, in quotes where it has a space in it, and the form that it is told.

        The rest of a line is another program's language.
        """
        return re.compile(
            rf"""(?:'(?P<quoted>/[^'\n]*/{NAME})'|(?<![^{_APART}])(?P<plain>[^{_APART}]*{NAME})['"\\]*)"""
            rf"""\s+(?P<bar>{self._of_a_bar})\b"""
        )

    @cached_property
    def _other(self) -> re.Pattern[str]:
        """Any program's path before such a word."""
        return re.compile(rf"""(?<![^{_APART}])(/[^{_APART}\\]+)['"\\]*\s+(?:{self._of_a_bar})\b""")

    def hidden(self, part: Part) -> LeftAlone | None:
        """Why the bar does not show it now; None where it would. Raises OSError."""
        text, error = text_of(part.file.path) if part.file else "", part.hidden()
        if error:
            return self.explained(part, error, text)
        try:
            self.insist_on_words(part, text)
            self.insist_on_program(part, text)
        except LeftAlone as found:
            return found
        return None

    def explained(self, part: Part, error: LeftAlone, text: str) -> LeftAlone:
        """The same; where our lines run another command, that it is not there, as far as that can be told."""
        run = [*self._other.findall(text), *_in_variables(text)] if error.reason == "other command" else []
        gone = [program for program in run if _is_gone(program, part)]
        return _by_whom("gone for good", part, text, gone[0]) if gone else error

    def insist_on_command(self, part: Part, before: str, after: str) -> None:
        """Raises `LeftAlone` where what the user has made of ours, and would stay, cannot print anything."""
        self.insist_on_words(part, after)
        if before == after:
            self.insist_on_program(part, after)

    def insist_on_words(self, part: Part, text: str) -> None:
        """Raises `LeftAlone` where no command of ours in that text of a bar's configuration prints anything."""
        is_script = part.bar in PLUGINS  # ours whole, with messages that name other commands
        words = [match["word"] for match in TOLD.finditer(text)] if part.is_main and not is_script else []
        if words and not self.prints & set(words):
            raise _by_whom("no such command", part, text, words[0])

    def insist_on_program(self, part: Part, text: str) -> None:
        """Raises `LeftAlone` where each command of ours in that text names a program by a path that leads to none."""
        found = [program for program, _ in self.calls(text, part.bar)] or _in_variables(text)
        programs = found if part.is_main else []
        if programs and all(_is_gone(program, part) for program in programs):
            if _is_renewed(part, text):
                raise LeftAlone("gone", 0, part.shown, part.bar, programs[0])
            raise _by_whom("gone for good", part, text, programs[0])

    def calls(self, text: str, bar: str) -> list[tuple[str, str]]:
        """The commands of ours that a bar's file runs, as program and bar."""
        return self.configured(text) or (kept(text, bar) if bar in {*PLUGINS, "tmux"} else [])

    def configured(self, text: str) -> list[tuple[str, str]]:
        """The commands of ours that a configuration runs, as program and bar; each once, in their order."""
        found = self._call.finditer(text)
        return list(dict.fromkeys((match["quoted"] or match["plain"], match["bar"]) for match in found))


def _in_variables(text: str) -> list[str]:
    """The programs that tmux is told in a variable."""
    return [program for line in IN_VARIABLE.findall(text) for program in process.split(line)[:1]]


def _is_renewed(part: Part, text: str) -> bool:
    """Whether `--write` puts another path into the file; a line that the user has changed stays."""
    try:
        return part.after(undo=False)[1] != text
    except (LeftAlone, OSError):
        return False


def _by_whom(reason: str, part: Part, text: str, what: str) -> LeftAlone:
    """A command that cannot print anything: `--undo` and `--write` write it again, unless it is the user's own."""
    whose = "" if part.is_written_anew(text) else ", by hand"
    return LeftAlone(f"{reason}{whose}", 0, part.shown, part.bar, what)


def _is_gone(program: str, part: Part) -> bool:
    """Whether a program is named by a path, as a shell of this user reads it, that leads to none."""
    path = Path(part.machine.expanded(program))
    return path.is_absolute() and not os.access(path, os.X_OK)


def kept(text: str, bar: str) -> list[tuple[str, str]]:
    """The program that setup has written into a variable, for the bar whose file it is; never one of the user's own."""
    lines = ("".join(found) for found in KEPT_IN.findall(text))
    programs = [program for line in lines for program in process.split(line)[:1]]
    return [(program, bar) for program in programs if Path(program).name == NAME]


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
