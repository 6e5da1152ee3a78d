"""SECURITY.md promises nothing that no test holds: every test that it names is there, and has tests in it."""

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


@pytest.mark.parametrize("name", NAMED)
def test_each_of_them_is_there(name):
    path = REPOSITORY / name
    files = [path] if path.suffix else list(path.rglob("test_*.py"))
    assert any(re.search(r"^ *(async )?def test_", file.read_text("utf-8"), re.MULTILINE) for file in files)
