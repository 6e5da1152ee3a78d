"""A block of ours at the end of a text, between two marker lines: put there, found again, taken out, to the byte.

Where the text had no final newline, the block has none either, and what is taken out is the newline before it: so the
block itself says what the text was, whatever else has been changed since.
"""

from __future__ import annotations

import re

BEGINS, ENDS = "# >>> codingplan-bar >>>", "# <<< codingplan-bar <<<"
BLOCK = re.compile(rf"^{BEGINS}(?P<line>\r?\n)(?:.*\n)*?{ENDS}(?P<end>\r?\n|\Z)", re.MULTILINE)
MARKER = re.compile(rf"^(?:{BEGINS}|{ENDS})\r?$", re.MULTILINE)


class LeftAlone(Exception):
    """Nobody can say for certain what a change would do, so there is none; `reason` is the name of the words for it."""

    def __init__(self, reason: str) -> None:
        """With the name of the words."""
        super().__init__(reason)
        self.reason = reason


def put(text: str, lines: str, *, newline: str = "\n") -> str:
    """The text with these lines between the markers: at its end, or where the block is already. Raises `LeftAlone`."""
    found = _found(text)
    body = f"{BEGINS}\n{lines}{ENDS}".replace("\n", newline)
    if found:
        return text[: found.start()] + body + found["end"] + text[found.end() :]
    if text and not text.endswith("\n"):
        return text + newline + body
    return text + body + newline


def taken(text: str) -> str:
    """The text without the block. Raises `LeftAlone`."""
    found = _found(text)
    if not found:
        return text
    before = text[: found.start()]
    if not found["end"]:
        before = before.removesuffix(found["line"])
    return before + text[found.end() :]


def _found(text: str) -> re.Match[str] | None:
    """The block; where a marker stands alone, or there are several, nobody knows what is ours."""
    blocks = list(BLOCK.finditer(text))
    if len(MARKER.findall(text)) != 2 * len(blocks) or len(blocks) > 1:
        raise LeftAlone("torn")
    return blocks[0] if blocks else None
