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
from table import ATTACKS, HARDER, HEAD, LINE, Attack, Outcome, held_on, judged, row_of, written

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
PAGE = f"# Page\n\n{HEAD}\n{LINE}\n| one | 1 × 2 | 3 | 0 | 4 | 3.11.7 |\n\nThe end.\n"
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


def test_each_row_says_how_much_it_tries_and_its_tests_are_there(programs):
    """Counted by a Python of its own, as `make attack` is: a module that this one has imported would not be missed."""
    counting = f"import sys; sys.path[:0] = [{str(TESTS / 'attack')!r}]; from table import amounts; "
    counting += f"print(*(name for name, text in amounts({HARDER!r}).items() if text))"
    counted = subprocess.run([sys.executable, "-c", counting], cwd=TESTS, capture_output=True, text=True, check=False)
    assert set(counted.stdout.split()) == {row.amount for row in ATTACKS}, counted.stderr
    assert [name for row in ATTACKS for name in row.tests if not (TESTS / name).exists()] == []


def test_what_gave_way_is_counted_and_named():
    found = judged(ET.ElementTree(ET.fromstring(REPORT)), 1.5)
    assert found == Outcome(2, 2, 1, 1.5, ("a::gave[way]", "a::left_something"))


def test_a_row_takes_the_place_of_its_own_and_a_new_one_the_last_of_its_table():
    again = written(PAGE, row_of(Attack("one", "texts", ()), "2 × 2", Outcome(1_234, 0, 0, 5.4), "3.15.2"))
    assert again == PAGE.replace("| one | 1 × 2 | 3 | 0 | 4 | 3.11.7 |", "| one | 2 × 2 | 1,234 | 0 | 5 | 3.15.2 |")
    new = "| two | 1 | 1 | 0 | 1 | 3.11.7 |"
    assert written(PAGE, new) == PAGE.replace("4 | 3.11.7 |\n", f"4 | 3.11.7 |\n{new}\n")


def test_another_python_on_which_a_row_holds_is_put_behind_the_first_once():
    again = held_on(PAGE, Attack("one", "texts", ()), "3.11.2")
    assert again == PAGE.replace("| 3.11.7 |", "| 3.11.7, 3.11.2 |")
    assert held_on(again, Attack("one", "texts", ()), "3.11.2") == again


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
