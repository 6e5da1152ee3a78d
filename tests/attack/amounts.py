"""How much is tried, counted from the tests' own data: texts and bars, canaries and command lines, faults and roads."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).parent.parent
REAL_BARS = ("waybar", "polybar", "i3status-rust", "tmux", "i3blocks", "the menus' shells")


def amounts(harder: dict[str, str]) -> dict[str, str]:
    """For each row of the table; `harder` is what makes the tests try more."""
    sys.path[:0] = [str(TESTS / place) for place in (".", "attack", "browsers", "commands", "fuzz")]
    from support.grammar.judge import BARS
    from support.hostile import HOSTILE
    from support.household import command_lines
    from support.http.faults import FAULTS, PAGES, STRANGERS
    from targets import TARGETS
    from test_machine_faults import COMMANDS
    from test_secrets import ASKING, FAILURES
    from test_shared_folders import FORGED, READING
    from test_signals import SIGNALS
    from test_special_files import KINDS, PLACES
    from test_stopped import NOTHING_STORED, SHORT_OF_PATIENCE, WHOLE
    from test_usage import GOOD, NO_NUMBERS, SETTINGS

    lines = command_lines()
    numbers = (harder[f"CODINGPLAN_BAR_TEST_{name}"] for name in ("KILLS", "ROUNDS", "FUZZ", "STRIKES"))
    kills, rounds, executions, strikes = numbers
    return {
        "texts": f"{len(HOSTILE)} texts × {len(BARS)} bars, in text and tooltip, and at random around them",
        "real": f"{len(HOSTILE)} texts × {len(REAL_BARS)} programs",
        "secrets": f"{len(lines)} command lines, {len(ASKING)} commands × {len(FAILURES)} failures; printed, files, "
        "arguments, environments, connections",
        "hosts": f"{len(lines)} command lines",
        "machine": f"{len(COMMANDS)} commands × each fault",
        "stops": f"{len(WHOLE)} signals × commands × moments, {len(SHORT_OF_PATIENCE)} bars × times of patience, "
        f"{len(NOTHING_STORED)} other commands × times",
        "strikes": f"{len(SIGNALS)} signals at each step of an import, and {strikes} at random moments",
        "files": f"{len(PLACES)} places × {len(KINDS)} kinds",
        "shared": f"{len(FORGED)} files × {len(READING)} commands",
        "numbers": f"{len(GOOD) + len(SETTINGS)} options and settings × {len(NO_NUMBERS)} values",
        "pages": f"{len(STRANGERS) + len(PAGES)} pages × 6 requests",
        "faults": f"{len(FAULTS)} faults × 3 roads",
        "kills": f"{kills} kills, {rounds} rounds of 60 bars",
        "fuzz": f"{int(executions):,} texts × {len(TARGETS)} readers",
    }
