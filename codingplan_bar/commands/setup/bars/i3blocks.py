"""i3blocks: a section at the end of its configuration, which is the rightmost of the bar."""

from __future__ import annotations

import re

from codingplan_bar.commands.setup.bars.closing_block import LeftAlone, put, taken
from codingplan_bar.commands.setup.bars.fragments import fragment
from codingplan_bar.commands.setup.bars.i3blocks_places import place

__all__ = ["changed", "place", "taken"]

FILE = "i3blocks/codingplan-polled.conf"
"""The polled form: the one in which a click does something."""

LINE = re.compile(r"(?:\s*|#.*|\[[^\]]*\]|[A-Za-z_][\w-]*=.*)\r?")
"""Blank, a comment, a section's name or a property: nothing else is i3blocks' language."""


def changed(text: str, command: str) -> str:
    """The configuration with our section, and nothing else changed. Raises `LeftAlone`."""
    rest = taken(text)
    if not all(LINE.fullmatch(line) for line in rest.split("\n")):
        raise LeftAlone("not understood")
    if re.search(r"^(?!#).*\bcodingplan", rest, re.MULTILINE):
        raise LeftAlone("already there")
    return put(text, fragment(FILE, command))
