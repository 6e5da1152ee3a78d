"""Colour for a terminal: 24 bit, as the bars' colours are."""

from __future__ import annotations

from codingplan_bar.show.rows import Row
from codingplan_bar.show.states import worry
from codingplan_bar.show.view import View

RESET = "\x1b[0m"
BOLD = "\x1b[1m"
CALM = "#007db2"
"""A bar that worries nobody: a blue that stands out from black, from white, and from what worries."""


def painted(text: str, color: str) -> str:
    """The text in that colour, `#rrggbb`; as it is where that is empty."""
    return "\x1b[38;2;{};{};{}m".format(*bytes.fromhex(color[1:])) + text + RESET if color else text


def bold(text: str, color: str) -> str:
    """The text in bold and in that colour."""
    return BOLD + (painted(text, color) if color else text + RESET)


def color_of(view: View, row: Row) -> str:
    """One window's colour: how much of it is used, or the view's own where the number is not fresh."""
    if row.percent is None or not view.is_fresh:
        return view.color
    return view.color_of(worry(view.facts, row.percent)) or CALM
