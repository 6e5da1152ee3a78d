"""waybar's style sheet: the colours of all states, as a block at its end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from codingplan_bar import shipped
from codingplan_bar.configure.block import Closing, LeftAlone, line_of
from codingplan_bar.configure.machine import Machine
from codingplan_bar.configure.waybar import style

__all__ = ["changed", "place", "taken", "unseen"]

CLOSED = re.compile(r"""/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""", re.DOTALL)
"""A comment or a text that has an end."""


def place(machine: Machine) -> Path | None:
    """The file that is read where the desktop is neither dark nor light, or has no say. Raises `LeftAlone`."""
    return style(machine)


def changed(text: str, _command: str) -> str:
    """The style sheet with ours at its end, or as the user has changed it. Raises `LeftAlone`.

    Nothing is put behind a comment or a brace without an end: waybar ends where it cannot read its style sheet.
    """
    rest = CLOSED.sub("", text)
    if "/*" in rest or rest.count("{") != rest.count("}"):
        raise LeftAlone("not understood", line_of(text, text.rfind("/*")) if "/*" in rest else 0)
    return BLOCK.put(text, _rules(), newline="\r\n" if "\r\n" in text else "\n")


def unseen(_text: str, _path: Path, _machine: Machine) -> str:
    """Without its colours a module is seen all the same."""
    return ""


def _rules() -> str:
    return (shipped.shipped_folder() / "waybar/codingplan.css").read_text("utf-8")


BLOCK = Closing(
    forms=lambda *_: [_rules()],
    begins=r"^(?=[^\s}])",
    ours="codingplan",
    markers=("/* >>> codingplan-bar >>> */", "/* <<< codingplan-bar <<< */"),
    anywhere=False,
)
taken = BLOCK.taken


@dataclass(frozen=True)
class Sheet:
    """The sheet that waybar (from 0.9.23) reads in the place of style.css where the desktop is dark, or light."""

    name: str

    def place(self, machine: Machine) -> Path | None:
        """The file, where it is there and no command names another. Raises `LeftAlone`."""
        return style(machine, self.name)

    changed, taken, unseen = staticmethod(changed), staticmethod(taken), staticmethod(unseen)


dark, light = Sheet("style-dark.css"), Sheet("style-light.css")
