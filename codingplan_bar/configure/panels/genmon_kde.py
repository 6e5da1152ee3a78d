"""Xfce's Genmon and KDE's Command Output: what is entered in a dialog, and kept by the panel itself.

A panel that runs writes its settings over whatever has been put into its file, so nothing is put there: the lines are
said, and the file is looked into for whether somebody has entered them.
"""

from __future__ import annotations

import html
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from codingplan_bar.configure.block import ABSENT, RUNS, LeftAlone, one_line
from codingplan_bar.configure.files import text_of
from codingplan_bar.configure.machine import Machine

GENMON = (
    "xfce4/panel/genmon-*.rc",
    "xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml",
)
"""Until 4.1 a file for each Genmon; from 4.2 they are among the settings of the panel."""
KDE = ("plasma-org.kde.plasma.desktop-appletsrc",)

PRINTS = """printf '<txt>%s</txt><txtclick>%s open</txtclick>' "$({command} pango)" {word}"""
"""Genmon starts a program without a shell, and reads its own tags."""


@dataclass(frozen=True)
class Dialog:
    """One kind of widget: in which files its settings lie, and what is to be entered."""

    files: tuple[str, ...]
    entered: Callable[[str], str]
    key: str

    def place(self, machine: Machine) -> Path | None:
        """The file in which our command stands, else one in which such a widget is, or None."""
        there = [path for pattern in self.files for path in sorted(machine.settings.glob(pattern))]
        with_one = [path for path in there if re.search(self.key, text_of(path), re.IGNORECASE)]
        with_ours = [path for path in with_one if not self._reason(text_of(path))]
        return next(iter([*with_ours, *with_one]), None)

    def shown(self, command: str) -> str:
        """What is to be entered in the widget's settings. Raises `LeftAlone`."""
        return self.entered(shlex.quote(one_line(command)))

    def changed(self, text: str, command: str) -> str:
        """The same text where it is there already. Raises `LeftAlone`: the panel itself writes its settings."""
        self.shown(command)
        if self._reason(text):
            raise LeftAlone("dialog")
        return text

    def taken(self, text: str) -> str:
        """The same text where nothing of ours is in it. Raises `LeftAlone`."""
        if not self._reason(text):
            raise LeftAlone("dialog undo")
        return text

    def unseen(self, text: str, _path: Path, _machine: Machine) -> str:
        """Why the panel would not show it: no widget runs our command."""
        return self._reason(text)

    def _reason(self, text: str) -> str:
        """A value of a widget stands on a line of its own; in XML it is escaped."""
        lines = (html.unescape(line) for line in text.splitlines() if re.search(r"(?i)command", line))
        return "" if any(map(RUNS.search, lines)) else ABSENT


def _for_genmon(word: str) -> str:
    script = PRINTS.format(command=word, word=shlex.quote(word))
    return f"sh -c {shlex.quote(script)}\n"


def _for_kde(word: str) -> str:
    return f"{word} ansi\n"


genmon = Dialog(GENMON, _for_genmon, "genmon|^Command=")
kde = Dialog(KDE, _for_kde, r"com\.github\.zren\.commandoutput")
