"""How crowded the machine is, for a bound on a wall clock's time: a test that shares its processor is slower by that.

    assert time.monotonic() - began < 2 * crowd()

An idle machine stretches no bound. Where a test can drive the clock, or count, it does that and needs no bound at all.
"""

from __future__ import annotations

import os


def crowd() -> float:
    """How many programs want each processor, on the average of the last minute: 1 or more."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
