"""The nouns: what a plan is, what was read of it, and the snapshot that is kept.

Every time is an `Instant`: whole seconds since 1970-01-01T00:00:00Z.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Instant = int
Number = int | float
WindowName = Literal["five_hour", "weekly", "monthly"]
SourceName = Literal["web", "cli", "api"]
RegionName = Literal["intl", "cn"]
Status = Literal["ok", "active", "error"]

PROVIDER = "alibaba-coding-plan"
SCHEMA_VERSION = 1


class Span(NamedTuple):
    """How long a window is, and whether it slides or ends for all at one time."""

    minutes: int
    kind: Literal["rolling", "fixed"]


SPANS: dict[WindowName, Span] = {
    "five_hour": Span(300, "rolling"),
    "weekly": Span(10_080, "fixed"),
    "monthly": Span(43_200, "fixed"),
}


@dataclass(frozen=True, slots=True)
class Window:
    """One quota: `used` of `total` requests; `resets_at` is None where it has no reset that can be named."""

    name: WindowName
    used: Number
    total: Number
    resets_at: Instant | None = None

    @property
    def used_percent(self) -> float:
        """The used share, 0 to 100: clamp(used, 0, total) / total × 100."""
        return min(max(self.used, 0), self.total) / self.total * 100


@dataclass(frozen=True, slots=True)
class Plan:
    """The subscription: its name as the provider writes it, and its end."""

    name: str | None = None
    expires_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one answer of the provider said. No windows: the plan is proven active, but nothing is countable."""

    plan: Plan
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of one source in one region; `outcome` is "ok" or an error's code."""

    source: SourceName
    region: RegionName
    outcome: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as data: its code, what happened, what to do next."""

    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was known at `fetched_at`: a plan with its windows, or the problem that kept it from being known."""

    fetched_at: Instant
    dashboard_url: str
    source: SourceName | None = None
    region: RegionName | None = None
    plan: Plan | None = None
    windows: tuple[Window, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    error: Problem | None = None

    @property
    def status(self) -> Status:
        """`error`, else `ok` with at least one window, else `active`."""
        if self.error:
            return "error"
        return "ok" if self.windows else "active"
