"""Waiting for a condition, never for a while; and how crowded the machine is, for a bound on a wall clock's time.

    assert time.monotonic() - began < 2 * crowd()

An idle machine stretches no bound. Where a test can drive the clock, or count, it does that and needs no bound at all.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

LONGEST = 60.0
"""Seconds for whatever is waited for: a quiet machine needs less than one, and a busy one must not fail by its load."""
STEP = 0.015
"""Seconds between two questions: finer than a screen's frame, coarse enough to leave the bar its processor."""


def until(ready: Callable[[], T | None], what: str, *, within: float = LONGEST) -> T:
    """Ask until the answer is true and return it; TimeoutError names `what` after `within` seconds."""
    deadline = time.monotonic() + within
    while not (answer := ready()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {within:g} s still waiting for {what}")
        time.sleep(STEP)
    return answer


def settled(look: Callable[[], T], *, quiet: float = 0.1, within: float = LONGEST) -> T:
    """Look until the same has been seen for `quiet` seconds and return it; TimeoutError if it never rests."""
    deadline = time.monotonic() + within
    seen, since = look(), time.monotonic()
    while time.monotonic() - since < quiet:
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {within:g} s the picture still changes")
        time.sleep(STEP)
        now = look()
        if now != seen:
            seen, since = now, time.monotonic()
    return seen


def crowd() -> float:
    """How many programs want each processor, on the average of the last minute: 1 or more."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
