"""waybar's style sheets: which of them it reads, and a block at the end of each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from codingplan_bar import paths
from codingplan_bar.configure.block import Block, LeftAlone, line_of, translated
from codingplan_bar.configure.machine import Machine
from codingplan_bar.configure.waybar import PROGRAM, own
from codingplan_bar.resources import shipped_folder
from codingplan_bar.words.zh.setup import STYLE

CLOSED = re.compile(r"""/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""", re.DOTALL)
"""A comment or a text that has an end."""


def _rules() -> str:
    return (shipped_folder() / "waybar/codingplan.css").read_text("utf-8")


WIDER = {"its\n   own: ": "its own: ", "weight or": "weight\n   or", "would\n   change": "would change"}
"""How earlier versions broke the lines of our comment: it is brought up to date."""


BLOCK = Block(
    forms=lambda *_: [translated(_rules(), words, "zh") for words in ({}, STYLE, WIDER)],
    begins=r"^(?=[^\s}])",
    ours="codingplan",
    markers=("/* >>> codingplan-bar >>> */", "/* <<< codingplan-bar <<< */"),
    anywhere=False,
)


class Sheet(NamedTuple):
    """The usual style sheet, or the one that waybar (from 0.9.23) reads instead where the desktop is dark or light."""

    name: str

    def place(self, machine: Machine) -> Path | None:
        """The file; None as for the configuration, and for a dark or light one where a command names another."""
        if self.name != USUAL and not paths.files_among(own(machine, (self.name,))):
            return None
        found = machine.file_read_by(PROGRAM, own(machine, (self.name,)), option=("-s", "--style"))
        return found if self.name == USUAL or (found and found.name == self.name) else None

    def changed(self, text: str, _command: str) -> str:
        """The style sheet with ours at its end, or as the user has changed it. Raises `LeftAlone`.

        Nothing is put behind a comment or a brace without an end: waybar ends where it cannot read its style sheet.
        """
        rest = CLOSED.sub("", text)
        if "/*" in rest or rest.count("{") != rest.count("}"):
            raise LeftAlone("not understood", line_of(text, text.rfind("/*")) if "/*" in rest else 0)
        return BLOCK.put(text, _rules(), newline="\r\n" if "\r\n" in text else "\n")

    def in_language(self, text: str, language: str) -> str:
        """The style sheet with our comment in that language."""
        return translated(text, STYLE, language)

    def taken(self, text: str) -> str:
        """The style sheet without ours. Raises `LeftAlone`."""
        return BLOCK.taken(text)

    def unseen(self, _text: str, _path: Path, _machine: Machine) -> str:
        """Without its colours a module is seen all the same."""
        return ""


USUAL = "style.css"
style, dark, light = Sheet(USUAL), Sheet("style-dark.css"), Sheet("style-light.css")
