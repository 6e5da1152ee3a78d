"""Two pictures that must be the same: what a bar is given by the program, and what it would have to be given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.realbars.bar import Verdict
from support.realbars.mirror import leave
from support.waiting import settled, until

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from support.realbars.mirror import Screen
    from support.realbars.picture import Picture

THINNEST = 5
"""Columns of pixels that a character has at the least, on the average of many."""


def alike(shown: Screen, expected: Screen, texts: Iterable[str], evidence: Path, *, height: int) -> Verdict:
    """Whether the first screen comes to show what the second one does once all the texts are on it, pixel by pixel.

    On it stand bars of this `height`, one below the other.
    """
    leave(shown)
    leave(expected)
    least = THINNEST * sum(len(text.replace(" ", "")) for text in texts if text.isascii())
    until(lambda: ink(expected.picture(), height) > least, "all that is expected")
    wanted = settled(expected.picture, quiet=0.5)
    try:
        until(lambda: shown.picture() == wanted, "the same picture")
    except TimeoutError:
        shown.picture().save(evidence / "shown.png")
        wanted.save(evidence / "expected.png")
        return Verdict(
            yes=False, reason=f"{shown.picture().difference(wanted)}; see {evidence}/shown.png, expected.png"
        )
    return Verdict(yes=expected.picture() == wanted, reason="the same picture")


def ink(picture: Picture, height: int) -> int:
    """How much is written: columns of pixels that are not of one colour, in bars of this height."""
    return sum(
        len(set(column)) > 1
        for top in range(0, picture.height - height + 1, height)
        for column in zip(*(pixels(picture, y) for y in range(top, top + height)), strict=True)
    )


def pixels(picture: Picture, y: int) -> list[bytes]:
    """The pixels of a row."""
    row = picture.row(y)
    return [row[start : start + 3] for start in range(0, len(row), 3)]
