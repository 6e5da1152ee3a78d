"""The long-lived form of `show`: a line whenever what is shown changes, for as long as the bar lives.

It sleeps until a file changes, a signal comes, the reader goes away, or a shown minute is over.
"""

from __future__ import annotations

import os
import time

from codingplan_bar.show.alarm import Alarm
from codingplan_bar.show.watcher import Watcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def watch(bar: str, environ: Mapping[str, str] = os.environ) -> int:
    """Print lines until the bar goes away, which a closed pipe, SIGTERM and SIGINT tell; gives 0."""
    try:
        os.fstat(1)  # a closed standard output is no bar; its number would go to a file of ours
        alarm = Alarm(output=1)
        watcher = Watcher(bar, environ)
        while not alarm.ended:
            alarm.watch(watcher.files())
            alarm.sleep(watcher.step(time.time(), again=alarm.asked))
    except (OSError, SystemExit):
        pass  # standard output is closed or full, or a signal has come
    return 0
