"""A terminal's row with its styles: text between SGR escape sequences (ECMA-48, 8.3.117) as runs of one style."""

from __future__ import annotations

import re
from itertools import groupby
from typing import NamedTuple

SEQUENCE = re.compile(r"\x1b\[([0-9;:]*)m")
NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
MARKS = {1: "bold", 2: "dim", 3: "italics", 4: "underscore", 5: "blink", 7: "reverse", 8: "hidden", 9: "strikethrough"}
ENDS = {22: {"bold", "dim"}, **{20 + code: {mark} for code, mark in MARKS.items() if code > 2}}


class Style(NamedTuple):
    """Colours in tmux's words (`red`, `brightred`, `colour208`, `#ff5555`; None: the terminal's own) and marks."""

    colour: str | None = None
    background: str | None = None
    marks: frozenset[str] = frozenset()


class Run(NamedTuple):
    """Text in one style."""

    text: str
    style: Style


def read_runs(row: str) -> list[Run]:
    """The runs of a row that contains escape sequences; neighbours differ in style."""
    parts = SEQUENCE.split(row)
    style, pairs = Style(), [(Style(), parts[0])]
    for codes, text in zip(parts[1::2], parts[2::2], strict=True):
        style = _applied(style, [int(code or 0) for code in re.split("[;:]", codes)])
        pairs.append((style, text))
    filled = [(one, text) for one, text in pairs if text]
    return [Run("".join(text for _, text in group), one) for one, group in groupby(filled, lambda pair: pair[0])]


def _applied(style: Style, codes: list[int]) -> Style:
    while codes:
        code = codes.pop(0)
        if code in (38, 48):
            style = _painted(style, code, _long_colour(codes))
        elif code == 0:
            style = Style()
        elif code in MARKS:
            style = style._replace(marks=style.marks | {MARKS[code]})
        elif code in ENDS:
            style = style._replace(marks=style.marks - ENDS[code])
        else:
            style = _painted(style, code, _short_colour(code))
    return style


def _painted(style: Style, code: int, colour: str | None) -> Style:
    if code // 10 in (4, 10):
        return style._replace(background=colour)
    return style._replace(colour=colour)


def _short_colour(code: int) -> str | None:
    """30-37, 40-47 and their bright kin 90-97, 100-107; 39 and 49 are the terminal's own."""
    if code % 10 == 9 and code < 90:
        return None
    return ("bright" if code >= 90 else "") + NAMES[code % 10]


def _long_colour(codes: list[int]) -> str:
    """What follows 38 or 48: 5 and a number, or 2 and red, green, blue."""
    if codes.pop(0) == 5:
        return f"colour{codes.pop(0)}"
    red, green, blue = (codes.pop(0) for _ in range(3))
    return f"#{red:02x}{green:02x}{blue:02x}"
