"""The long-lived form of `show`: a line whenever what is shown changes, for as long as the bar lives.

It sleeps until a file changes, a signal comes, the reader goes away, or a shown minute is over.
"""

from __future__ import annotations

import os
import time

from codingplan_bar import places, show
from codingplan_bar.show import refresher
from codingplan_bar.show.alarm import Alarm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_SLEEP = 60.0


def watch(bar: str, environ: Mapping[str, str] = os.environ) -> int:
    """Print lines until the bar goes away (a closed pipe, SIGTERM, SIGINT); gives 0."""
    folder = places.working_folder(environ)
    alarm = Alarm(output=1, files=[places.config_file(environ), folder + "/snapshot.json"])
    watcher = Watcher(bar, folder, environ)
    try:
        while not alarm.ended:
            alarm.sleep(watcher.step(time.time()))
    except OSError:
        pass  # standard output is closed or full
    return 0


class Watcher:
    """What one watcher remembers between two looks: the facts, the line that it printed, the refresh it started."""

    def __init__(self, bar: str, folder: str, environ: Mapping[str, str]) -> None:
        """Nothing is read or printed yet."""
        self.bar = bar
        self.folder = folder
        self.environ = environ
        self.known: Mapping[str, str] | None = None
        self.printed = ""

    def step(self, now: float) -> float:
        """Look once, print what is new; gives the seconds until the next look. Raises OSError where nobody reads."""
        refresher.reap()
        fresh = show.stored_facts(self.folder, self.environ)
        self.known = fresh or self.known
        if self.known:
            self._print(show.render(self.bar, self.known, now, self.environ))
        if fresh is None or show.is_due(fresh, now):
            refresher.start(self.folder, now, self.environ)
            return 1.0 if self.known is None else min(LONGEST_SLEEP, refresher.PATIENCE + 1.0)
        return until_next_change(fresh, now)

    def _print(self, text: str) -> None:
        if text != self.printed:
            show.write(show.streamed(self.bar, text))
            self.printed = text


def until_next_change(known: Mapping[str, str], now: float) -> float:
    """Seconds until the first minute that is shown ends: of the age, or of a time until a reset."""
    fetched_at, resets = int(known["fetched_at"]), []
    for name, value in known.items():
        if name.startswith("window."):
            resets.append(value.rpartition(" ")[2])
    phases = [60 - (now - fetched_at) % 60, *((int(reset) - now) % 60 for reset in resets if reset != "-")]
    soonest = min([*phases, max(int(known["due"]) - now, 0)])
    return min(max(soonest, 0) + 0.05, LONGEST_SLEEP)
