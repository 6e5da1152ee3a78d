"""The table of `make attack`: what it counts and writes, and that a run in the background is one like any other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import table
from table import HEAD, LINE, PYTHONS, Attack, Outcome, judged, row_of, written

TESTS = Path(__file__).parent.parent
REPORT = """
<testsuites><testsuite tests="5">
<testcase classname="a" name="held"/>
<testcase classname="a" name="gave[way]"><failure message="no"/></testcase>
<testcase classname="a" name="left_something"><error message="no"/></testcase>
<testcase classname="a" name="elsewhere"><skipped message="no bar"/></testcase>
<testcase classname="b" name="held_too"/>
</testsuite></testsuites>
"""
PAGE = (
    f"# Page\n\n{HEAD}\n{LINE}\n| one | 1 × 2 | 3 | 0 | 4 |\n\n{PYTHONS}\n| --- | --- | --- | --- | --- |\n\nThe end.\n"
)
CHILD = """
import signal, sys
names = ("SIGINT", "SIGQUIT", "SIGHUP")
ignored = [name for name in names if signal.getsignal(getattr(signal, name)) == signal.SIG_IGN]
print(*ignored)
"""
INNER = f"""
import subprocess, sys
from conftest import *
def test_it(programs):
    done = subprocess.run([sys.executable, "-c", {CHILD!r}], capture_output=True, text=True)
    assert done.stdout.split() == []
"""


def test_what_gave_way_is_counted_and_named():
    found = judged(ET.ElementTree(ET.fromstring(REPORT)), 1.5)
    assert found == Outcome(2, 2, 1, 1.5, ("a::gave[way]", "a::left_something"))


def test_a_row_takes_the_place_of_its_own_and_a_new_one_the_last_of_its_table():
    attack = Attack("one", "texts", ())
    again = written(PAGE, row_of(attack, "2 × 2", Outcome(1_234, 0, 0, 5.4)))
    assert again == PAGE.replace("| one | 1 × 2 | 3 | 0 | 4 |", "| one | 2 × 2 | 1,234 | 0 | 5 |")
    assert written(PAGE, "| two | 1 | 1 | 0 | 1 |") == PAGE.replace("4 |\n", "4 |\n| two | 1 | 1 | 0 | 1 |\n")
    assert written(PAGE, "| 3.11 | 1 |", PYTHONS).endswith("--- |\n| 3.11 | 1 |\n\nThe end.\n")


def test_a_python_is_said_to_hold_the_rows_of_which_it_tried_something(monkeypatch):
    monkeypatch.setattr(table.platform, "python_version", lambda: "3.11.2")
    found = [Outcome(10, 0, 2, 1.0), Outcome(0, 0, 7, 1.0), Outcome(1_000, 1, 0, 1.0)]
    assert table.row_of_python(found) == f"| 3.11.2 | 2 of {len(table.ATTACKS)} | 1,010 | 1 | 9 |"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT, signal.SIGHUP])
def test_what_a_run_in_the_background_starts_hears_the_signals_that_the_run_ignores(tmp_path, programs, number):
    """A shell has a background job ignore SIGINT and SIGQUIT, and `nohup` SIGHUP: what inherits that tests nothing."""
    (tmp_path / "test_inner.py").write_text(INNER)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "conftest", "test_inner.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        preexec_fn=lambda: signal.signal(number, signal.SIG_IGN),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
