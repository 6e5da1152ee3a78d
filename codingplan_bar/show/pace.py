"""Pace: when a window is full if it goes on as it has gone, and which window stops its owner first. Pure.

Instants are seconds since 1970; `NEVER` stands for a window that does not fill, None for what cannot be said.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codingplan_bar.show.rows import Row

NEVER = float("inf")
TOO_EARLY = 0.03
"""The share of a window in which a few requests would foretell anything: nothing is said in it."""


class Flow:
    """How a sliding window fills and empties, as the recorded past tells it; each None where that is not known.

    `full_at`: when it is full at the present rate, `NEVER` where it stays below; `falls_at`: when the next requests
    fall out of it; `falls`: how many those are.
    """

    def __init__(self, fact: str) -> None:
        """Read the fact `flow.NAME`: `rate full_at falls_at falls`, each `-` where not known; anything else is none."""
        rate, full_at, falls_at, falls = _numbers(fact)
        self.full_at = NEVER if full_at is None and rate is not None else full_at
        known = falls_at is not None and falls is not None and falls > 0
        self.falls_at, self.falls = (falls_at, falls) if known else (None, None)


def full_at(share: float, *, start: int, end: int, asked: int) -> float | None:
    """When a fixed window from `start` to `end` is full: used share against elapsed share, both as `asked` found them.

    `share` is 0 to 1. None in the first 3 % of the window, and where the question was not asked within it.
    """
    elapsed = asked - start
    if not start < asked < end or elapsed < TOO_EARLY * (end - start):
        return None
    return start + elapsed / share if share > 0 else NEVER


def of(row: Row, facts: Mapping[str, str]) -> float | None:
    """When this window is full at the present pace. Only for fresh numbers: whoever calls has seen to that."""
    if row.percent is None:
        return None
    start = facts.get("start." + row.name, "")
    if start and row.resets_at:
        return full_at(row.percent / 100, start=int(start), end=row.resets_at, asked=int(facts["fetched_at"]))
    return row.flow.full_at


def binding(rows: Sequence[Row]) -> Row | None:
    """The window that stops its owner first, of those whose number is known; None where none is.

    A used-up one, of several the one that is free again last; else the one that runs out before its reset, and
    soonest; else the most used.
    """
    known = [row for row in rows if row.percent is not None]
    if used_up := [row for row in known if row.is_used_up]:
        return max(used_up, key=lambda row: row.free_at)
    if short := [row for row in known if row.runs_out is not None]:
        return min(short, key=lambda row: row.runs_out or 0)
    return most_used(known)


def most_used(rows: Sequence[Row]) -> Row | None:
    """The window of which the largest share is used, of those whose number is known; None where none is."""
    known = [row for row in rows if row.percent is not None]
    return max(known, key=lambda row: row.percent or 0) if known else None


def _numbers(fact: str) -> list[float | None]:
    """Four numbers, or as many times None where these are none."""
    words = fact.split(" ")
    try:
        numbers = [None if word == "-" else float(word) for word in words]
    except ValueError:
        numbers = []
    usable = len(numbers) == 4 and all(number is None or 0 <= number < 1e12 for number in numbers)
    return numbers if usable else [None] * 4
