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

# On a dark ground, on a light one: told apart with red, green or blue unseen (tests/show/test_colors.py measures it).
COLORS = {
    "warning": ("#f2c230", "#b36800"),
    "critical": ("#f47c58", "#a01020"),
    "stale": ("#8f8f8f", "#757779"),
    "error": ("#c965ff", "#7e2a94"),
    "signed_out": ("#6fa8dc", "#1a6ce6"),
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
    if not is_fresh(facts, age) or (counted and percent is None):
        return "stale"
    return "active" if percent is None else worry(facts, percent)


def is_fresh(facts: Mapping[str, str], age: float | None) -> bool:
    """Whether the numbers are those of a last refresh that succeeded, at most two intervals ago."""
    return not facts["problem.code"] and age is not None and age <= 2 * float(facts["interval"])


def worry(facts: Mapping[str, str], percent: float) -> str:
    """What a used share of 0 to 100 would make of the state: ok, warning or critical."""
    percent += ROUNDING
    if percent >= float(facts["critical"]):
        return "critical"
    return "warning" if percent >= float(facts["warning"]) else "ok"
