"""i3status-rust: a block at the end of its TOML, which is a table of its own and the rightmost of the bar."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from codingplan_bar.commands.setup.bars.closing_block import LeftAlone, put, taken
from codingplan_bar.commands.setup.bars.fragments import fragment
from codingplan_bar.commands.setup.bars.i3status_rust_places import place

__all__ = ["changed", "place", "taken"]

FILE = "i3status-rust/codingplan.toml"
ALREADY = re.compile(r"codingplan.bar\W* i3status-rust")


def lines(command: str) -> str:
    """What goes between the markers."""
    return fragment(FILE, command, escaped=in_quotes)


def changed(text: str, command: str) -> str:
    """The configuration with our block, and nothing else changed. Raises `LeftAlone`."""
    rest, ours = taken(text), lines(command)
    before = read(rest)
    if ALREADY.search(str(before.get("block"))):
        raise LeftAlone("already there")
    after = put(text, ours, newline="\r\n" if "\r\n" in rest else "\n")
    if not adds(read(ours)["block"][0], before, read(after)):
        raise LeftAlone("not understood")
    return after


def read(text: str) -> dict[str, Any]:
    """What the TOML says; a byte order mark is none of its words, as for i3status-rust itself. Raises `LeftAlone`."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a plain ValueError
        raise LeftAlone("not understood") from error


def adds(ours: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether our block has been added, wherever it stands, and all else says what it did."""
    blocks = list(after["block"])
    if ours not in blocks:
        return False
    blocks.remove(ours)
    return {**after, "block": blocks} == {**before, "block": before.get("block", [])}


def in_quotes(word: str) -> str:
    """A word within a TOML string in double quotes. It must hold no control character."""
    return word.replace("\\", "\\\\").replace('"', '\\"')
