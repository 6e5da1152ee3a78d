"""Two pictures that must be the same: what a bar is given by the program, and what it would have to be given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.realbars.bar import Verdict
from support.realbars.mirror import leave
from support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from support.realbars.mirror import Screen
    from support.realbars.picture import Picture

THINNEST = 5
"""Columns of pixels that a character has at the least, on the average of many."""
PATIENCE = 300
"""Seconds that the bars have for hundreds of commands: a busy machine draws the last of them late."""


def alike(shown: Screen, expected: Screen, texts: Iterable[str], evidence: Path, *, height: int) -> Verdict:
    """Whether the first screen comes to show what the second one does once all the texts are on it, pixel by pixel.

    On it stand bars of this `height`, one below the other.
    """
    leave(shown)
    leave(expected)
    least = THINNEST * sum(len(text.replace(" ", "")) for text in texts if text.isascii())

    def same() -> bool:
        picture = shown.picture()
        return picture == expected.picture() and ink(picture, height) > least

    try:
        until(same, "the same picture", within=PATIENCE)
    except TimeoutError:
        one, other = shown.picture(), expected.picture()
        one.save(evidence / "shown.png")
        other.save(evidence / "expected.png")
        return Verdict(yes=False, reason=f"{one.difference(other)}; see {evidence}/shown.png, expected.png")
    return Verdict(yes=True, reason="the same picture")


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
