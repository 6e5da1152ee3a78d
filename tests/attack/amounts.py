"""How much is tried, counted from the tests' own data: texts and bars, canaries and command lines, faults and roads."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).parent.parent
REAL_BARS = ("waybar", "polybar", "i3status-rust", "tmux", "i3blocks", "the menus' shells")


def amounts(harder: dict[str, str]) -> dict[str, str]:
    """For each row of the table; `harder` is what makes the tests try more."""
    sys.path[:0] = [str(TESTS / place) for place in ("bars", "attack", "fetch", "fuzz")]
    from hostile import HOSTILE
    from hostile_trial import BARS
    from household import command_lines
    from http_faults.matrix import FAULTS
    from targets import TARGETS
    from test_machine_faults import COMMANDS
    from test_secrets import ASKING, FAILURES

    lines = command_lines()
    kills, rounds, executions = (harder[f"CODINGPLAN_BAR_TEST_{name}"] for name in ("KILLS", "ROUNDS", "FUZZ"))
    return {
        "texts": f"{len(HOSTILE)} texts × {len(BARS)} bars, in text and tooltip, and at random around them",
        "real": f"{len(HOSTILE)} texts × {len(REAL_BARS)} programs",
        "secrets": f"{len(lines)} command lines, {len(ASKING)} commands × {len(FAILURES)} failures; printed, files, "
        "arguments, environments, connections",
        "hosts": f"{len(lines)} command lines",
        "machine": f"{len(COMMANDS)} commands × each fault",
        "faults": f"{len(FAULTS)} faults × 3 roads",
        "kills": f"{kills} kills, {rounds} rounds of 60 bars",
        "fuzz": f"{int(executions):,} texts × {len(TARGETS)} readers",
    }
