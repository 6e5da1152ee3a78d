"""Two pictures that must be the same: what a bar is given by the program, and what it would have to be given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from realbars.mirror import leave
from realbars.verdict import Verdict
from realbars.waiting import settled, until

if TYPE_CHECKING:
    from pathlib import Path

    from realbars.mirror import Screen

REST = 0.5
"""Seconds without a change after which a bar of many modules is taken to be complete."""


def alike(shown: Screen, expected: Screen, evidence: Path, *, within: float = 20.0) -> Verdict:
    """Whether the first screen comes to show what the second one does once that is complete, pixel by pixel."""
    leave(shown)
    leave(expected)
    until(lambda: expected.picture() != expected.empty, "what is expected")
    wanted = settled(expected.picture, quiet=REST, within=within)
    try:
        until(lambda: shown.picture() == wanted, "the same picture", within=within)
    except TimeoutError:
        shown.picture().save(evidence / "shown.png")
        wanted.save(evidence / "expected.png")
        return Verdict(
            yes=False, reason=f"{shown.picture().difference(wanted)}; see {evidence}/shown.png, expected.png"
        )
    return Verdict(yes=expected.picture() == wanted, reason="the same picture")
