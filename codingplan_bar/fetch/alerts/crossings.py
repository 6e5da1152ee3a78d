"""What is worth an alert: a new snapshot beside what has been told before. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from codingplan_bar.model import SPANS, Snapshot, Window

LEVELS = ("ok", "warning", "critical", "exhausted")
"""The lowest first."""
HYSTERESIS = 5.0
"""Percent that a window must fall below a threshold before crossing it again is told again."""
SIGNED_OUT = frozenset({"login_required", "missing_credentials", "invalid_cookie"})


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to tell. `kind` is a level, `free` for a used-up window that is free again, or `signed_out`."""

    kind: str
    window: Window | None = None

    def facts(self) -> dict[str, Any]:
        """As data: what the user's command is given."""
        window = self.window
        if window is None:
            return {"kind": self.kind}
        left = max(window.total - window.used, 0)
        numbers = {"used": window.used, "total": window.total, "left": left, "resets_at": window.resets_at}
        return {"kind": self.kind, "window": window.name, "used_percent": round(window.used_percent, 2), **numbers}


@dataclass(frozen=True, slots=True)
class Memory:
    """What has been told: the level of each window, and whether the session was good when it was last heard of."""

    levels: Mapping[str, str] = field(default_factory=dict)
    signed_in: bool = False

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"levels": dict(self.levels), "signed_in": self.signed_in}

    @classmethod
    def from_data(cls, data: object) -> Memory:
        """What `to_data` gave; what is none of it is nothing told yet."""
        levels = data.get("levels") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(levels, dict):
            return cls()
        good = {name: level for name, level in levels.items() if name in SPANS and level in LEVELS}
        return cls(good, data.get("signed_in") is True)


def decide(memory: Memory, latest: Snapshot, thresholds: Sequence[float]) -> tuple[Memory, list[Alert]]:
    """What is to be told of a fresh answer, and what has been told after it. `thresholds`: warning, critical."""
    if latest.error:
        ended = memory.signed_in and latest.error.code in SIGNED_OUT
        return (replace(memory, signed_in=False), [Alert("signed_out")]) if ended else (memory, [])
    levels, alerts = dict(memory.levels), []
    for window in latest.windows:
        before = levels.get(window.name, "ok")
        levels[window.name], kind = _step(before, window, thresholds)
        alerts += [Alert(kind, window)] if kind else []
    return Memory(levels, signed_in=True), alerts


def _step(before: str, window: Window, thresholds: Sequence[float]) -> tuple[str, str]:
    """The level that is remembered now, and the kind of alert, empty for none."""
    percent = window.used_percent
    now = level(percent, thresholds)
    if LEVELS.index(now) > LEVELS.index(before):
        return now, now
    settled = level(min(percent + HYSTERESIS, 100), thresholds)
    if LEVELS.index(settled) < LEVELS.index(before):
        return settled, "free" if before == "exhausted" else ""
    return before, ""


def level(percent: float, thresholds: Sequence[float]) -> str:
    """How much is used, as a word."""
    warning, critical = thresholds
    if percent >= 100:
        return "exhausted"
    return "critical" if percent >= critical else "warning" if percent >= warning else "ok"
