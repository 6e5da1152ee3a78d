"""What each bar is put through by the same steps: the presets, the clicks, the end of its watcher."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from support.showroom.states import FORMATS, WARNING
from support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from support.showroom.home import Home


def presets(home: Home, bar: str) -> Iterator[str]:
    """What the bar's command prints by each preset in both languages, each once it is set."""
    for settings in FORMATS:
        home.configure(settings)
        yield home.room.run("codingplan-bar", bar).decode().rstrip("\n")


def click(home: Home, bar: Any) -> None:
    """Open the console by a click, and ask it anew by another: its answer is WARNING."""
    bar.click("left")
    until(home.opened, "the browser")
    home.console.answer_quota = WARNING.mood
    home.rest()
    bar.click("right")


def replace_watcher(home: Home, bar: str) -> None:
    """Kill the bar's watcher, and wait for another."""
    (watcher,) = home.running(bar, "--watch")
    os.kill(watcher, signal.SIGKILL)
    until(lambda: set(home.running(bar, "--watch")) - {watcher}, "another watcher")
