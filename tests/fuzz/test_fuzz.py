"""Each reader of what comes from outside holds, whatever the bytes: nearly good ones, and none that are good."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from mutation import mutated
from targets import TARGETS

EXECUTIONS = int(os.environ.get("CODINGPLAN_BAR_TEST_FUZZ", "1500"))


FINDINGS = [
    ("header", b";Cookie: a=b"),
    ("header", b"curl x -b ' -b x=m; a=b'"),
    ("i3status_rust", b"\r\n\n# >>> codingplan-bar >>>\n# <<< codingplan-bar <<<"),
    ("i3status_rust", b"theme = " + b"9" * 5_000),
    ("settings", b"timeout = " + b"9" * 5_000),
]
"""What a run of either kind has found, and what has been mended since."""


@pytest.mark.parametrize(("name", "data"), FINDINGS)
def test_what_was_found_stays_mended(name, data):
    TARGETS[name].run(data)


@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_takes_any_bytes(name):
    """1500 of them a reader, the same in each run; `make fuzz` tries other ones for half an hour."""
    target, chance = TARGETS[name], random.Random(name)
    seeds = list(target.seeds)
    for seed in (*seeds, b""):
        target.run(seed)
    for _ in range(EXECUTIONS):
        data = mutated(chance, seeds)
        try:
            target.run(data)
        except BaseException as error:
            error.add_note(f"the bytes were {data[:2000]!r}")
            raise
