"""Who asks the provider for a refresh, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from codingplan_bar.fetch.settings import Settings
from codingplan_bar.model import Problem, Snapshot


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking the provider gave; `retry_after` in seconds where it said how long to wait."""

    snapshot: Snapshot
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. `circumstances` is a fingerprint of what a failure depends on; `dashboard` the page for people.

    `passing`: its settings hold for this call alone, so that a failure says nothing about the bars'.
    """

    settings: Settings
    ask: Callable[[Settings], Asked]
    now: Callable[[], float]
    dashboard: str
    circumstances: str = ""
    misconfigured: Problem | None = None
    passing: bool = False
