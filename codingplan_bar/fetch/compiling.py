"""A snapshot and the display settings, compiled into the facts that the bars' road reads. Pure.

Here every text from outside is cleaned for the bars, and cut to a length that a bar has room for.
"""

from __future__ import annotations

from codingplan_bar import snapshot as documents
from codingplan_bar.fetch.settings import Settings
from codingplan_bar.model import Instant, Problem, Snapshot, Window
from codingplan_bar.text import clean

NAME_LIMIT = 24
MESSAGE_LIMIT = 160
AFTER_RESET = 8
"""Seconds after a window's reset at which the provider is asked again: it may be a few seconds behind."""


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
        "dashboard": shown.dashboard_url,
        **{f"window.{window.name}": _window(window) for window in shown.windows},
        "problem.code": problem.code if problem else "",
        "problem.message": clean(problem.message, MESSAGE_LIMIT) if problem else "",
        "problem.hint": clean(problem.hint, MESSAGE_LIMIT) if problem else "",
        **_display(settings),
        "document": documents.dumps(documents.to_document(shown)),
    }


def due(shown: Snapshot, settings: Settings, *, not_before: Instant) -> Instant:
    """When the provider is to be asked again: after an interval, or just after a window's reset where that is sooner.

    `not_before` is what a failure's waiting time allows.
    """
    soonest = shown.fetched_at + int(settings["refresh_interval"])
    resets = [window.resets_at + AFTER_RESET for window in shown.windows if window.resets_at]
    return max(not_before, min([soonest, *(reset for reset in resets if reset > shown.fetched_at)]))


def _window(window: Window) -> str:
    return f"{window.used} {window.total} {window.resets_at or '-'}"


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
