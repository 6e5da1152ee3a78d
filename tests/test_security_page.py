"""SECURITY.md promises nothing that no test holds: every test that it names is there, and each row of the attack."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
PAGE = (REPOSITORY / "SECURITY.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/.]+)`", PAGE)))


def test_every_promise_names_a_test():
    section = PAGE.partition("## What is promised to you")[2].partition("\n## ")[0]
    _, _, *promises = [line for line in section.splitlines() if line.startswith("|")]
    assert len(promises) >= 12
    assert all("`tests/" in row.removesuffix(" |").rpartition("| ")[2] for row in promises)


def test_each_figure_is_of_a_row_of_the_attack_and_nothing_gave_way():
    """`make attack` writes them."""
    attacks = (REPOSITORY / "tests/attack/table.py").read_text("utf-8")
    tried = re.findall(r'^    Attack\("([^"]+)"', attacks, re.MULTILINE)
    figures = PAGE.partition("| tried | how much |")[2].partition("\n\n")[0].splitlines()[2:]
    assert len(tried) >= 13
    assert len(figures) >= 10
    for name, _, held, gave_way, seconds, pythons in (re.split(r" *\| *", line.strip("| ")) for line in figures):
        assert name in tried
        assert (int(held.replace(",", "")) > 0, gave_way, int(seconds) > 0) == (True, "0", True)
        assert re.fullmatch(r"3\.\d+\.\d+(, 3\.\d+\.\d+)*|not noted", pythons)


@pytest.mark.parametrize("name", NAMED)
def test_each_of_them_is_there(name):
    path = REPOSITORY / name
    files = [path] if path.suffix else list(path.rglob("test_*.py"))
    assert any(re.search(r"^ *(async )?def test_", file.read_text("utf-8"), re.MULTILINE) for file in files)
