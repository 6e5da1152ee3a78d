"""A state: what it is, and how it is told: by a sign, a colour and a word, never by colour alone."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNED_OUT = ("login_required", "missing_credentials", "invalid_cookie")
ROUNDING = 1e-9
"""Percent by which a threshold may be missed: as a float, 57 of 100 is a little less than 57 percent."""

SIGNS = {
    "none": {"warning": "!", "critical": "!!", "stale": "~", "error": "x", "signed_out": "?"},
    "nerd": {
        "ok": "\uf0e4",
        "active": "\uf0e4",
        "warning": "\uf071",
        "critical": "\uf06d",
        "stale": "\uf017",
        "error": "\uf00d",
        "signed_out": "\uf090",
    },
    "emoji": {
        "ok": "🟢",
        "active": "🔵",
        "warning": "🟡",
        "critical": "🔴",
        "stale": "🕒",
        "error": "❌",
        "signed_out": "🔑",
    },
}

# On a dark ground, on a light one; hue and lightness both differ, for people who see no red or no green.
COLORS = {
    "warning": ("#e69f00", "#8a5a00"),
    "critical": ("#ff7043", "#b3261e"),
    "stale": ("#9aa0a6", "#6e7781"),
    "error": ("#cc79a7", "#8e3b6d"),
    "signed_out": ("#56b4e9", "#0a5c91"),
}


def state_of(facts: Mapping[str, str], age: float | None, *, counted: bool, percent: float | None) -> str:
    """The state of what is known: ok, warning, critical, active, stale, error or signed_out.

    `age` in seconds, None where it is not known; `counted`: there are windows; `percent` the most used one's share,
    None where no number is known any more.
    """
    code = facts["problem.code"]
    if code in SIGNED_OUT:
        return "signed_out"
    if facts["status"] == "error":
        return "error"
    if code or age is None or age > 2 * float(facts["interval"]) or (counted and percent is None):
        return "stale"
    return "active" if percent is None else _worry(facts, percent + ROUNDING)


def _worry(facts: Mapping[str, str], percent: float) -> str:
    if percent >= float(facts["critical"]):
        return "critical"
    return "warning" if percent >= float(facts["warning"]) else "ok"
