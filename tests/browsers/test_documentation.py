"""docs/browsers.md says what the code does, and names a test for each cell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from codingplan_bar.fetch.browsers.catalogue import BROWSERS
from codingplan_bar.fetch.browsers.lacks import LACKS, VERSION
from codingplan_bar.fetch.browsers.verdicts import MEANINGS

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs/browsers.md").read_text()


def part(name):
    return PAGE.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- /{name} -->")[0]


def rows(name):
    lines = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in part(name).splitlines()]
    return [line for line in lines if len(line) > 1][2:]


CELLS = rows("cells")


def test_the_browsers_are_those_of_the_catalogue_in_their_order():
    assert re.findall(r"`([\w-]+)`", part("browsers")) == [browser.name for browser in BROWSERS]


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: " ".join(cell[:3]))
def test_each_cell_is_shown_by_a_test_or_marked(cell):
    _, _, _, outcome, test = cell
    tests = "".join(path.read_text() for path in HERE.rglob("test_*.py"))
    assert f"def {test.strip('`')}(" in tests if test else outcome == "not tried"


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: " ".join(cell[:3]))
def test_what_is_said_is_what_is_really_said(cell):
    outcome = cell[3].partition(";")[0]
    ways_to_be_found = ("found", "found, as another person", "the state before", "not tried")
    assert outcome in ways_to_be_found or outcome in {meaning.says for meaning in MEANINGS.values()}


def test_the_table_of_what_is_lacked_is_the_codes():
    assert [[row[0], row[1]] for row in rows("lacks")] == [[lack.what, lack.instead] for lack in LACKS]
    assert f"pinned to {VERSION}" in PAGE
