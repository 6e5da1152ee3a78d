"""The cold road of a bar's command: whatever is missing for the warm one is made first."""

from __future__ import annotations

import os
import time

from codingplan_bar import show as warm
from codingplan_bar.commands.desk import open_desk


def show(bar: str) -> int:
    """Print what is stored, made ready for the bars; with nothing stored yet, ask first. Always 0."""
    desk = open_desk()
    if not desk.has_snapshot():
        desk.refresh("when due")
    compiled = desk.publish()
    try:
        if desk.storage_problem or not warm.show(bar):
            warm.write(warm.render(bar, compiled, time.time(), os.environ))
    except OSError:
        pass  # standard output is closed or full: the bar has gone, or cannot take a line
    return 0
