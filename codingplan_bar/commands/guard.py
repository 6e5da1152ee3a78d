"""`guard`: is there enough left? For scripts: the exit code is the answer."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from codingplan_bar.commands import streams
from codingplan_bar.commands.desk import open_desk
from codingplan_bar.show.view import View

ENOUGH, TOO_LITTLE, NOT_KNOWN = 0, 1, 69
"""69 is EX_UNAVAILABLE of sysexits.h."""
REMAINING = 10.0
"""Percent that must be left where nobody says."""


def guard(*, window: str | None, min_remaining: float | None, environ: Mapping[str, str] = os.environ) -> int:
    """0 where at least so many percent are left of the window, or of every one; 1 where not; 69 where nobody knows."""
    desk = open_desk(environ)
    desk.refresh("when due")
    view = View(desk.publish(), time.time(), environ)
    needed = REMAINING if min_remaining is None else min_remaining
    rows = [row for row in view.rows if window in (None, row.name)]
    if not rows or not view.is_fresh or any(row.percent is None for row in rows):
        streams.say(f"not known: {view.text}")
        return NOT_KNOWN
    least = min(rows, key=lambda row: 100 - (row.percent or 0))
    left = 100 - (least.percent or 0)
    told = f"{least.value('label')}: {left:.4g} %"
    if left < needed:
        streams.say(told)
        return TOO_LITTLE
    return streams.put(told) if streams.columns() else ENOUGH
