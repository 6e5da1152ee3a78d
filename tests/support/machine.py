"""What a test may expect of the machine: a program is there, what is waited for comes, and how crowded it is.

    assert time.monotonic() - began < 2 * crowd()

An idle machine stretches no bound. Where a test can drive the clock, or count, it does that and needs no bound at all.
"""

from __future__ import annotations

import os
import shutil
import time
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


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


REQUIRE_ALL = "CODINGPLAN_BAR_REQUIRE_ALL"
"""Set to 1 where nothing may be skipped: on the project's own machines."""

SOURCES = {
    "Xvfb": "apt install xvfb",
    "chromium": "apt install chromium",
    "dbus-daemon": "apt install dbus-daemon",
    "firefox-esr": "apt install firefox-esr",
    "gnome-keyring-daemon": "apt install gnome-keyring",
    "i3status-rs": "cargo install i3status-rs --no-default-features",
    "secret-tool": "apt install libsecret-tools",
    "setpriv": "apt install util-linux",
    "swaybar": "apt install sway",
    "swaybg": "apt install swaybg",
    "unshare": "apt install util-linux",
}


def need(*programs: str, environ: Mapping[str, str] = os.environ) -> None:
    """Go on if every program is on PATH; else skip the test with a reason, or fail it where all are required."""
    missing = [name for name in programs if shutil.which(name, path=environ.get("PATH")) is None]
    if not missing:
        return
    reason = "; ".join(f"needs {name}: {SOURCES.get(name, f'apt install {name}')}" for name in missing)
    if environ.get(REQUIRE_ALL) == "1":
        pytest.fail(f"{reason} ({REQUIRE_ALL}=1 allows no skip)", pytrace=False)
    pytest.skip(reason)
