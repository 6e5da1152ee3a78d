"""The cold road of a bar's command: whatever is missing for the warm one is made first."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping

from codingplan_bar import show as warm
from codingplan_bar.commands.desk import open_desk


def show(bar: str, environ: Mapping[str, str] = os.environ) -> int:
    """Print what is stored, made ready for the bars; with nothing stored yet, ask first. Always 0.

    Where nothing can be stored, there is nobody else to ask: then it asks itself whenever it is due.
    """
    desk = open_desk(environ)
    if not desk.has_snapshot():
        desk.refresh("when due")
    compiled = desk.publish()
    if desk.storage_problem and warm.is_due(compiled, time.time()):
        desk.refresh("when due")
        compiled = desk.publish()
    with contextlib.suppress(OSError):  # standard output is closed or full: the bar has gone, or cannot take a line
        if desk.storage_problem or not warm.show(bar, environ):
            warm.write(warm.render(bar, compiled, time.time(), environ))
    return 0
