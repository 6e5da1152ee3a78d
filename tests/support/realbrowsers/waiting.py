"""Waiting for something that another process does."""

from __future__ import annotations

import time


def until(holds, what, seconds=60.0, pause=0.1):
    """What `holds` gives as soon as it is true. Fails where it does not come to be within so many seconds."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, f"{what} did not happen within {seconds:g} s"
        time.sleep(pause)
    return found
