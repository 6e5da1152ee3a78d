"""The words of `preview` in English."""

from __future__ import annotations

WORDS = {
    "own": "How each preset looks with your own numbers, {}. Nobody is asked.",
    "acted": "Your plan is in one state now ({}); the others are acted, with numbers made up where they must be.",
    "made_up": "How each preset looks, with made-up numbers: no plan of yours is in them. Nobody is asked.",
    "yours": "your format",
    "tooltip": "tooltip",
    "choose": 'Choose one in the settings: format = "compact". More in docs/templates.md.',
    "offline": "The console could not be reached.",
    "offline.hint": "Check the network.",
}
