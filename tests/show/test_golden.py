"""What every bar prints in every case, as files to read: `pytest tests/show --bless` writes them anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from golden_cases import CASES
from judging import faults, printed

from codingplan_bar.fetch import contract
from codingplan_bar.show import BARS

GOLDEN = Path(__file__).parent.parent / "golden"


@pytest.mark.parametrize("bar", BARS)
@pytest.mark.parametrize("case", CASES)
def test_a_bar_prints_its_golden_file(case, bar, blessing):
    output = printed(bar, CASES[case].view())
    file = GOLDEN / case / f"{bar}.txt"
    if blessing:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(output.encode())
    assert file.read_bytes().decode() == output


@pytest.mark.parametrize("bar", BARS)
@pytest.mark.parametrize("case", CASES)
def test_a_bar_finds_nothing_wrong_with_its_golden_output(case, bar):
    assert faults(bar, CASES[case].view()) == []


@pytest.mark.parametrize("case", CASES)
def test_the_snapshot_in_the_view_meets_its_own_schema(case):
    contract.check(json.loads(printed("json", CASES[case].view()))["snapshot"])


def test_no_golden_file_is_left_over():
    files = {path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*") if path.is_file()}
    assert files == {f"{case}/{bar}.txt" for case in CASES for bar in BARS}
