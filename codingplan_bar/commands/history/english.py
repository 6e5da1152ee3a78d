"""The words of `history` in English."""

from __future__ import annotations

WORDS = {
    "nothing": "nothing is recorded in that time. Each refresh with numbers is recorded from now on.",
    "written": "Wrote {}",
}
