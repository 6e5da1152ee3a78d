"""What `preview` puts on the stage: one plan in each state that there is. Pure.

The plan is the owner's own, or one that is made up; a state that it is not in is acted with as few changes as will do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from codingplan_bar.demo.usage import next_billing_day, next_monday
from codingplan_bar.fetch.endpoints import Endpoints
from codingplan_bar.fetch.regions import INTL
from codingplan_bar.model import Instant, Plan, Problem, Snapshot, Window

CALM = 0.6
"""The share of a threshold that a calm plan has used of its fullest window."""
HOUR = 3_600


class Scene(NamedTuple):
    """A state, the snapshot that it is made of, and what went wrong since."""

    state: str
    snapshot: Snapshot
    problem: Problem | None = None


def made_up(now: Instant) -> Snapshot:
    """A Pro plan on its published limits, asked for two minutes ago; nobody's."""
    windows = (
        Window("five_hour", 1_284, 6_000),
        Window("weekly", 14_310, 45_000, next_monday(now)),
        Window("monthly", 61_200, 90_000, next_billing_day(now, day=5)),
    )
    dashboard = Endpoints().dashboard(INTL)
    return Snapshot(now - 120, dashboard, "web", "intl", Plan("Coding Plan Pro"), windows)


def made_up_past(now: Instant) -> dict[str, str]:
    """What the recorded past would say of it: `spark` and `flow.five_hour`, as the facts have them."""
    spark = (*range(0, 56, 8), 48, 44, 30, 16, 8, 4, 0, 0, 0, 0, 0, 0, 12, 26, 38, 34, 25, 21)
    return {
        "spark": ",".join(map(str, spark[-24:])),
        "flow.five_hour": f"310.0 - {now + HOUR} 180",
        "session.ends_at": str(now + 30 * HOUR),
    }


def scenes(own: Snapshot, *, thresholds: tuple[float, float], words: Mapping[str, str]) -> Iterator[Scene]:
    """The plan in each state, in the order of worry; no warning where the two thresholds, in percent, are one.

    `words` are those of `preview`.
    """
    warning, critical = thresholds
    yield Scene("ok", own if _most_used(own).used_percent < warning else used(own, warning * CALM))
    if warning < critical:
        yield Scene("warning", used(own, (warning + critical) / 2))
    yield Scene("critical", used(own, (critical + 100) / 2))
    yield Scene("active", replace(own, windows=()))
    yield Scene("stale", own, Problem("network", words["offline"], words["offline.hint"]))
    yield Scene("signed_out", own, Problem("login_required", "", ""))
    nothing = Snapshot(own.fetched_at, own.dashboard_url, error=Problem("no_plan", "", ""))
    yield Scene("error", nothing)


def used(own: Snapshot, percent: float) -> Snapshot:
    """The plan with that much used of its most used window, and of no window more."""
    most = _most_used(own)
    shares = [(window, percent if window is most else min(window.used_percent, percent)) for window in own.windows]
    return replace(own, windows=tuple(_with(window, share) for window, share in shares))


def _with(window: Window, percent: float) -> Window:
    return window if window.used_percent == percent else replace(window, used=window.total * percent / 100)


def _most_used(own: Snapshot) -> Window:
    return max(own.windows, key=lambda window: window.used_percent)
