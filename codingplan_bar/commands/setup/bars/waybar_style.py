"""waybar's style sheet: the colours of all states, as a block at its end."""

from __future__ import annotations

from codingplan_bar.commands import integrations
from codingplan_bar.commands.setup.bars import closing_block
from codingplan_bar.commands.setup.bars.waybar_places import style as place

__all__ = ["changed", "place", "taken"]

MARKERS = ("/* >>> codingplan-bar >>> */", "/* <<< codingplan-bar <<< */")


def changed(text: str, _command: str) -> str:
    """The style sheet with ours at its end. Raises `LeftAlone`."""
    lines = (integrations.folder() / "waybar/codingplan.css").read_text("utf-8")
    newline = "\r\n" if "\r\n" in taken(text) else "\n"
    return closing_block.put(text, lines, newline=newline, markers=MARKERS)


def taken(text: str) -> str:
    """The style sheet without ours. Raises `LeftAlone`."""
    return closing_block.taken(text, MARKERS)
