"""What every bar prints in every case, as files to read: `pytest tests/bars --bless` writes them anew."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
from support.judging import faults, printed
from support.rows import for_each
from support.scenes import CASES, Scene, failure

from codingplan_bar import snapshot
from codingplan_bar.bars import BARS
from codingplan_bar.model import Problem

FOLDER = Path(__file__).parent.parent / "golden"
"""One file a scene, with each variant of it: the plain one, then the others, each behind a page break and `==== NAME`.

Before what each bar prints stands `== BAR`. No bar prints a page break: control characters are taken out of every text.
"""
HEADING, BAR = re.compile(r"^\f==== (.+)\n", re.MULTILINE), re.compile(rf"^== ({'|'.join(BARS)})\n", re.MULTILINE)


def file_of(case):
    return FOLDER / f"{case.partition(', ')[0]}.txt"


def written(path):
    """The text of that scene's file, as the bars print it now."""
    for case in [each for each in CASES if file_of(each) == path]:
        variant = case.partition(", ")[2]
        yield f"\f==== {variant}\n" if variant else ""
        yield from (f"== {bar}\n{printed(bar, CASES[case].view())}" for bar in BARS)


@cache
def read(path):
    """What each bar is to print, by its name, in each case of that file."""
    plain, *variants = HEADING.split(path.read_bytes().decode())
    texts = {path.stem: plain} if plain else {}
    texts |= {f"{path.stem}, {name}": text for name, text in zip(variants[::2], variants[1::2], strict=True)}
    pieces = {case: BAR.split(text)[1:] for case, text in texts.items()}
    return {case: dict(zip(each[::2], each[1::2], strict=True)) for case, each in pieces.items()}


@cache
def bless():
    """Write each file, once in a run."""
    for path in {file_of(case) for case in CASES}:
        path.write_bytes("".join(written(path)).encode())


@pytest.mark.parametrize("bar", BARS)
@for_each("case", CASES)
def test_a_bar_prints_its_golden_file(case, bar, pytestconfig):
    if pytestconfig.getoption("--bless", default=False):
        bless()
    assert read(file_of(case))[case][bar] == printed(bar, CASES[case].view())


@pytest.mark.parametrize("bar", BARS)
@for_each("case", CASES)
def test_a_bar_finds_nothing_wrong_with_its_golden_output(case, bar):
    assert faults(bar, CASES[case].view()) == []


@for_each("case", CASES)
def test_the_snapshot_in_the_view_meets_its_own_schema(case):
    snapshot.check(json.loads(printed("json", CASES[case].view()))["snapshot"])


def test_no_golden_file_and_no_variant_is_left_over():
    assert set(FOLDER.iterdir()) == {file_of(case) for case in CASES}
    found = {case: list(bars) for path in FOLDER.iterdir() for case, bars in read(path).items()}
    assert found == {case: list(BARS) for case in CASES}


@pytest.mark.parametrize("bar", BARS)
def test_no_bar_prints_what_a_golden_file_has_before_a_variant(bar):
    forged = "\f==== in Chinese\n== waybar"
    for scene in (Scene(failure(Problem("network", forged, forged))), Scene(settings=f"format = {json.dumps(forged)}")):
        assert HEADING.search(printed(bar, scene.view())) is None
