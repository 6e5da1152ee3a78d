"""What every bar prints in every case, as files to read: `pytest tests/bars --bless` writes them anew."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from support.judging import faults, printed
from support.scenes import CASES

from codingplan_bar import snapshot
from codingplan_bar.bars import BARS

GOLDEN = Path(__file__).parent.parent / "golden"
"""One file a case; in it `== BAR` stands before what each bar prints."""


def golden(case):
    """What each bar is to print in that case, by its name."""
    text = (GOLDEN / f"{case}.txt").read_bytes().decode()
    pieces = re.split(rf"^== ({'|'.join(BARS)})\n", text, flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


@pytest.mark.parametrize("bar", BARS)
@pytest.mark.parametrize("case", CASES)
def test_a_bar_prints_its_golden_file(case, bar, blessing):
    if blessing and bar == next(iter(BARS)):
        whole = (f"== {each}\n{printed(each, CASES[case].view())}" for each in BARS)
        (GOLDEN / f"{case}.txt").write_bytes("".join(whole).encode())
    assert golden(case)[bar] == printed(bar, CASES[case].view())


@pytest.mark.parametrize("bar", BARS)
@pytest.mark.parametrize("case", CASES)
def test_a_bar_finds_nothing_wrong_with_its_golden_output(case, bar):
    assert faults(bar, CASES[case].view()) == []


@pytest.mark.parametrize("case", CASES)
def test_the_snapshot_in_the_view_meets_its_own_schema(case):
    snapshot.check(json.loads(printed("json", CASES[case].view()))["snapshot"])


def test_no_golden_file_is_left_over():
    assert {path.stem for path in GOLDEN.rglob("*") if path.is_file()} == set(CASES)
    assert all(list(golden(case)) == list(BARS) for case in CASES)
