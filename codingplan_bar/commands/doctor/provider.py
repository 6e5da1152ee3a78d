"""The question itself: one refresh, as a click on the bar asks for it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from codingplan_bar.commands import status
from codingplan_bar.commands.doctor.visit import Line, Visit
from codingplan_bar.model import Snapshot
from codingplan_bar.show.view import View


def answer(visit: Visit) -> Iterator[Line]:
    """What the provider says now; with `offline` what it said last."""
    if visit.offline:
        yield from _last(visit)
        return
    latest = visit.desk.refresh("by hand")
    storage = visit.desk.storage_problem
    if storage:
        yield visit.problem("provider", storage.code, storage.message, storage.hint)
    yield from _said(visit, latest)


def _last(visit: Visit) -> Iterator[Line]:
    if visit.desk.has_snapshot():
        yield from _said(visit, visit.desk.known())
    else:
        yield visit.note("provider", "provider.not asked")


def _said(visit: Visit, latest: Snapshot) -> Iterator[Line]:
    for attempt in status.attempts(latest, visit.bars_words):
        yield Line("attempt", "note", attempt)
    if latest.error:
        yield visit.problem("provider", latest.error.code, latest.error.message, latest.error.hint)
        return
    view = View(visit.desk.publish(), time.time(), visit.environ)
    yield visit.ok("provider", "provider", view.title, view.ago(), latest.source, latest.region)
