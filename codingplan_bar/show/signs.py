"""A state as a sign and as a colour: told by both, and by a word, never by colour alone."""

from __future__ import annotations

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
