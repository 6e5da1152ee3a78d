"""A snapshot and the display settings, compiled into the facts that the bars' road reads. Pure.

Here every text from outside is cleaned for the bars, and cut to a length that a bar has room for; what a click opens
is one of our own addresses, whatever was stored.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from codingplan_bar import snapshot as documents
from codingplan_bar.fetch.endpoints import PROVIDERS_OWN
from codingplan_bar.fetch.regions import REGIONS
from codingplan_bar.fetch.settings import Settings
from codingplan_bar.model import Instant, Problem, Snapshot, Window
from codingplan_bar.text import clean

CHINA = timezone(timedelta(hours=8))
"""Where the provider's days, weeks and months begin."""
NAME_LIMIT = 24
MESSAGE_LIMIT = 160


def compile_facts(shown: Snapshot, problem: Problem | None, settings: Settings) -> dict[str, str]:
    """The facts of a snapshot and of what went wrong since, without those of the moment (`moment`)."""
    plan = shown.plan
    problem = problem or shown.error
    return {
        "status": shown.status,
        "fetched_at": str(shown.fetched_at),
        "source": shown.source or "",
        "region": shown.region or "",
        "plan": clean(plan.name or "", NAME_LIMIT) if plan else "",
        "expires_at": str(plan.expires_at) if plan and plan.expires_at else "",
        "dashboard": PROVIDERS_OWN.dashboard(REGIONS[shown.region or settings["region"]]),
        **{f"window.{window.name}": _window(window) for window in shown.windows},
        **{f"start.{window.name}": start for window in shown.windows if (start := _start(window))},
        "problem.code": problem.code if problem else "",
        "problem.message": clean(problem.message, MESSAGE_LIMIT) if problem else "",
        "problem.hint": clean(problem.hint, MESSAGE_LIMIT) if problem else "",
        **_display(settings),
        "document": documents.dumps(documents.to_document(shown)),
    }


def _window(window: Window) -> str:
    return f"{window.used} {window.total} {window.resets_at or '-'}"


def _start(window: Window) -> str:
    """When a fixed window began; empty for what slides or names no reset."""
    if window.resets_at is None or window.name == "five_hour":
        return ""
    if window.name == "weekly":
        return str(window.resets_at - 7 * 86_400)
    return str(month_before(window.resets_at))


def month_before(end: Instant) -> Instant:
    """The same day and time of the calendar month before, in China; its last day where it has no such day."""
    then = datetime.fromtimestamp(end, CHINA)
    last = then.replace(day=1) - timedelta(days=1)
    return int(then.replace(year=last.year, month=last.month, day=min(then.day, last.day)).timestamp())


def _display(settings: Settings) -> dict[str, str]:
    warning, critical = settings["thresholds"]
    return {
        "interval": str(settings["refresh_interval"]),
        "warning": str(warning),
        "critical": str(critical),
        "windows": ",".join(settings["windows"]),
        **{name: settings[name] for name in ("show", "icons", "language", "format", "tooltip_format")},
        **{f"color.{state}": color for state, color in settings["colors"].items()},
    }
