"""Facts that are not as they should be: every bar says so by an error that the door knows, and goes the other road."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from support.payloads import samples

from codingplan_bar import bars, facts
from codingplan_bar.bars.watch import NOT_AS_THEY_SHOULD_BE, until_next_change
from codingplan_bar.errors import CodingPlanError
from codingplan_bar.model import Snapshot
from codingplan_bar.provider.answers import read
from codingplan_bar.provider.values import decode
from codingplan_bar.refresh.compile import compile_facts
from codingplan_bar.settings.settings import load

NOW = 1_795_400_131
PAST = {"session.origin": "Firefox", "session.ends_at": str(NOW + 900), "flow.five_hour": "1 2 3", "spark": "1 - 99"}
KEPT = {"environment": "", "inputs": "", "made_at": str(NOW), "due": str(NOW + 300)}
MOST = 8


def in_every_bar(data: bytes) -> None:
    """Each adapter on what the file says, and when a watcher would look again."""
    known = facts.loads(data.decode("utf-8", "replace"))
    for bar in bars.BARS if known else ():
        with suppress(*NOT_AS_THEY_SHOULD_BE):
            bars.render(bar, known, NOW + 5, {})
            until_next_change(known, NOW + 5)


def seeds() -> list[bytes]:
    """The facts of some answers, with all that may be in them."""
    found = [facts.dumps({**KEPT, **compile_facts(each, None, load("", {})), **PAST}).encode() for each in _plans()]
    return found[:MOST]


def _plans() -> Iterator[Snapshot]:
    for sample in samples():
        with suppress(CodingPlanError):
            found = read(decode(sample.body), now=NOW, mode="web")
            yield Snapshot(NOW, "https://example.com/", "web", "intl", found.plan, found.windows)
