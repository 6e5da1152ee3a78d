"""TOML: what it says, and a block of tables at its end that is put there and taken out again."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from typing import Any

from codingplan_bar.configure.block import Closing, LeftAlone

Theirs = Callable[[dict[str, Any]], dict[str, Any]]
"""What the user's own tables say of all that a text says: the same, where nothing is ours."""


def read(text: str) -> dict[str, Any]:
    """What the TOML says; a byte order mark does not count, as for the bars themselves. Raises `LeftAlone`."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a plain ValueError
        line = re.search(r"at line (\d+)", str(error))
        raise LeftAlone("not understood", int(line[1]) if line else 0) from error


def in_quotes(word: str) -> str:
    """A word within a TOML string in double quotes. It must hold no control character."""
    return word.replace("\\", "\\\\").replace('"', '\\"')


def put(block: Closing, text: str, lines: str, theirs: Theirs) -> str:
    """The text with our block of these lines, and nothing else changed. Raises `LeftAlone`."""
    before = read(text)
    if not block.is_in(text) and theirs(before) != before:
        raise LeftAlone("already there")
    after = block.put(text, lines, newline="\r\n" if "\r\n" in text else "\n")
    if theirs(read(after)) != theirs(before):
        raise LeftAlone("not understood")
    return after


def taken(block: Closing, text: str, theirs: Theirs) -> str:
    """The text without our block, wherever it is now.

    Raises `LeftAlone`, also where a key below the block, which is our table's, would be another table's then.
    """
    rest = block.taken(text)
    if rest == text:
        return rest
    try:
        said = read(text)
    except LeftAlone:
        if block.is_untorn(text):
            return rest  # what is wrong with it is the user's own, and ours is certain all the same
        raise
    if theirs(read(rest)) != theirs(said):
        raise LeftAlone("not understood")
    return rest


def replaced(said: dict[str, Any], name: str, left: Any) -> dict[str, Any]:
    """The same with what is left below that name, and without the name where nothing is."""
    rest = {key: value for key, value in said.items() if key != name}
    return {**rest, name: left} if left else rest
