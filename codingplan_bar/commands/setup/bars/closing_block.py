"""A block of ours at the end of a text, between two marker lines: put there, found again, taken out, to the byte.

Where the text had no final newline, the block has none either, and what is taken out is the newline before it: so the
block itself says what the text was, whatever else has been changed since.
"""

from __future__ import annotations

import re

BEGINS, ENDS = "# >>> codingplan-bar >>>", "# <<< codingplan-bar <<<"

Markers = tuple[str, str]
"""The first and the last line of a block, as comments of the file's own kind."""


class LeftAlone(Exception):
    """Nobody can say for certain what a change would do, so there is none; `reason` is the name of the words for it."""

    def __init__(self, reason: str) -> None:
        """With the name of the words."""
        super().__init__(reason)
        self.reason = reason


def put(text: str, lines: str, *, newline: str = "\n", markers: Markers = (BEGINS, ENDS)) -> str:
    """The text with these lines between the markers: at its end, or where the block is already, with its line ends.

    Raises `LeftAlone`.
    """
    found = _found(text, markers)
    body = f"{markers[0]}\n{lines}{markers[1]}".replace("\n", found["line"] if found else newline)
    if found:
        return text[: found.start()] + body + found["end"] + text[found.end() :]
    if text and not text.endswith("\n"):
        return text + newline + body
    return text + body + newline


def taken(text: str, markers: Markers = (BEGINS, ENDS)) -> str:
    """The text without the block. Raises `LeftAlone`."""
    found = _found(text, markers)
    if not found:
        return text
    before = text[: found.start()]
    if not found["end"]:
        before = before.removesuffix(found["line"])
    return before + text[found.end() :]


def _found(text: str, markers: Markers) -> re.Match[str] | None:
    """The block; where a marker stands alone, or there are several, nobody knows what is ours."""
    begins, ends = map(re.escape, markers)
    block = rf"^{begins}(?P<line>\r?\n)(?:.*\n)*?{ends}(?P<end>\r?\n|\Z)"
    blocks = list(re.finditer(block, text, re.MULTILINE))
    alone = re.findall(rf"^(?:{begins}|{ends})\r?$", text, re.MULTILINE)
    if len(alone) != 2 * len(blocks) or len(blocks) > 1:
        raise LeftAlone("torn")
    return blocks[0] if blocks else None
