"""What is kept, where, and by what clock; and who is told of an alert."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from codingplan_bar import places
from codingplan_bar.commands.doctor import bare
from codingplan_bar.commands.doctor.visit import Line, Visit
from codingplan_bar.fetch.alerts import desktop
from codingplan_bar.fetch.history.record import Record
from codingplan_bar.show.phrases import clock as by_clock

WRITTEN = 1_795_000_000
"""Seconds since 1970, in November 2026: no clock of a machine that has this program is before that."""
AHEAD = 60
"""Seconds by which the stored numbers may be ahead."""
ASIDE = "*.unreadable"


def folders(visit: Visit) -> Iterator[Line]:
    """Where the snapshot and what must last are kept, and what could not be read there."""
    for name, usual, used in (
        ("cache", places.cache_folder(visit.environ), places.working_folder(visit.environ)),
        ("state", places.state_folder(visit.environ), places.lasting_folder(visit.environ)),
    ):
        if not places.is_usable(used):
            yield visit.bad(name, "folder.read-only", visit.shown(used))
        elif used != usual:
            yield visit.note(name, "folder.elsewhere", visit.shown(usual), visit.shown(used))
        else:
            yield visit.ok(name, "folder", visit.shown(used))
        for path in sorted(Path(used).glob(ASIDE)):
            yield visit.note(name, "folder.aside", visit.shown(path))


def clock(visit: Visit) -> Iterator[Line]:
    """Whether the machine's clock can be right."""
    now = time.time()
    if now < WRITTEN or visit.desk.known().fetched_at > now + AHEAD:
        yield visit.bad("clock", "clock.wrong")
    else:
        yield visit.ok("clock", "clock", time.strftime("%Y-%m-%d %H:%M", time.localtime(now)), time.strftime("%z"))


def history(visit: Visit) -> Iterator[Line]:
    """How much of the past is recorded."""
    entries = Record(visit.desk.files.history).since(0)
    if not entries:
        yield visit.ok("history", "history.none")
        return
    since = by_clock(entries[0].at, time.time(), visit.bars_words)
    yield visit.ok("history", "history", len(entries), since)


def alerts(visit: Visit) -> Iterator[Line]:
    """Whether an alert would reach anybody."""
    if visit.settings["notifications"]:
        reached = desktop.has_service(visit.environ)
        yield visit.ok("alerts", "alerts") if reached else visit.note("alerts", "alerts.no bus")
    command = visit.settings["on_threshold"]
    if command and shutil.which(command[0], path=bare.PATH) is None:
        yield visit.bad("alerts", "alerts.no command", visit.shown(command[0]))
