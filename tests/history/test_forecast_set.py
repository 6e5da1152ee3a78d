"""The forecast on made-up users of every rhythm and share: the figures of docs/forecast.md."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("programs")

JUDGE = Path(__file__).parents[1] / "support/people_judged.py"
FIRST_SEED, SEEDS = 900, 4
"""Those of docs/forecast.md on which the straight line errs as it is known to; two seeds are too few for that."""
LONGEST = 1_800  # seconds; a quiet machine takes 110


def judge(*arguments):
    """What the judge prints, in a process of its own: under the tracer of the coverage it takes eight times as long."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    command = [sys.executable, str(JUDGE), *map(str, arguments)]
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, timeout=LONGEST, check=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def found():
    return judge(FIRST_SEED, SEEDS)


OF_THE_LINE = {
    "false at 80%, later": (0.19, 0.27),
    "false at 80%, first": (0.16, 0.27),
    "false at 95%, later": (0.37, 0.37),
    "flips": (3.5, 5.2),
    "told for good": (0.75, 0.75),
    "error": (3.7, 3.7),
}
"""What the straight line is known to come to on people: only a set on which it does is like them."""


@pytest.mark.parametrize("measure", OF_THE_LINE)
def test_the_set_is_like_people_within_a_fifth(found, measure):
    low, high = OF_THE_LINE[measure]
    assert low * 0.8 <= found["straight line"][measure] <= high * 1.2


AT_MOST = {
    "false at 80%, later": 0.02,
    "false at 80%, first": 0.10,
    "false at 95%, later": 0.10,
    "flips": 1,
    "false lasts": 0.05,
    "unknown": 0.20,
    "error": 3,
    "width on the last day": 12,
    "width two days before": 36,
}
AT_LEAST = {"told": 0.90, "told for good": 0.90, "inside": 0.80}


@pytest.mark.parametrize("measure", AT_MOST)
def test_it_errs_no_more_than_is_promised(found, measure):
    assert found["ours"][measure] <= AT_MOST[measure]


@pytest.mark.parametrize("measure", AT_LEAST)
def test_it_tells_no_less_than_is_promised(found, measure):
    assert found["ours"][measure] >= AT_LEAST[measure]


@pytest.mark.parametrize("rival", ["straight line", "two speeds", "last week repeated"])
def test_its_probabilities_are_better_than_those_of(rival, found):
    assert found["ours"]["brier"] < found[rival]["brier"]


AT_MOST_OF = {
    "monthly": {
        "false at 80%": 0.02,
        "false at 95%": 0.10,
        "flips": 1,
        "false lasts": 0.05,
        "unknown": 0.20,
        "error": 3,
    },
    "five_hour": {
        "false at 80%": 0.04,
        "false at 95%": 0.10,
        "flips": 0.5,
        "false lasts": 0.08,
        "unknown": 0.40,
        "error": 1,
    },
}
"""Of the five hours less is wanted: a few steps decide them. docs/forecast.md says why."""
AT_LEAST_OF = {"monthly": (0.9, 0.8), "five_hour": (0.4, 0.75)}
"""What share of the users' windows at 120 % is told before, and of the told ranges holds what came.

Of the five hours half was wanted: docs/forecast.md says on which seed that is missed.
"""


@pytest.mark.parametrize("window", [pytest.param("monthly", marks=pytest.mark.long), "five_hour"])
def test_the_other_windows_err_no_more_than_is_promised(window):
    found = judge(0, 1, window)
    assert found["ran out"] > 100
    assert {name: found[name] for name, most in AT_MOST_OF[window].items() if found[name] > most} == {}
    told, _, ran_out = found["told at 120%"]
    least_told, least_inside = AT_LEAST_OF[window]
    assert told >= least_told * ran_out
    assert found["inside"] >= least_inside
    assert found["brier"] < found["brier of the usual share"]


def test_a_reading_costs_five_thousand_turns_of_a_bare_loop_at_most():
    """A year of one reading in five minutes, 105,120 of them, is then 20 s where a turn takes 38 ns."""
    assert judge("cost") <= 5_000
