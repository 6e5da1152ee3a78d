"""Terminal escape sequences in a line: colours, links, and everything that a status line has no business to send."""

from __future__ import annotations

import re
from dataclasses import dataclass

SGR = re.compile(r"\x1b\[([\d;:]*)m")
LINK = re.compile(r"\x1b\]8;[^;\x07\x1b]*;([^\x07\x1b]*)(?:\x07|\x1b\\)")
OTHER = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]?"  # CSI: moves, clears, modes
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\|\Z)"  # OSC, DCS, SOS, PM, APC: titles, the clipboard
    r"|\x1b[ -/]*[0-~]?"
    r"|[\x80-\x9f]",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Escaped:
    """A text without its sequences: `styles` as `sgr=31`, `links` as addresses, `others` as they were written."""

    text: str
    styles: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def read(text: str) -> Escaped:
    """Part a text from its escape sequences."""
    styles, links = SGR.findall(text), LINK.findall(text)
    rest = LINK.sub("", SGR.sub("", text))
    return Escaped(
        text=OTHER.sub("", rest),
        styles=tuple(f"sgr={code}" for code in styles),
        links=tuple(link for link in links if link),
        others=tuple(OTHER.findall(rest)),
    )
