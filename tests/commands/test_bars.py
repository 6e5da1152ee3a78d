"""The bars' commands as they are installed: a line at once from what is stored, and never blank."""

from __future__ import annotations

import json
import re

import pytest

from codingplan_bar.demo import moods
from codingplan_bar.show import BARS

SECONDS = re.compile(r'"age_seconds":\d+')


def test_each_bar_prints_what_is_stored_and_asks_nobody(visitor, console):
    document = visitor.run("fetch").document
    console.forget()
    for bar in BARS:
        done = visitor.run(bar)
        assert (done.code, done.err) == (0, "")
        assert "21%" in done.out
    assert json.loads(done.out)["snapshot"] == document  # the last one is `json`
    assert not console.requests


def test_both_roads_print_the_same(visitor):
    visitor.run("fetch")
    for bar in ("waybar", "json"):
        warm = visitor.run(bar)
        (visitor.cache / "bar.txt").unlink()  # the warm road's own file, which the cold one makes anew
        assert SECONDS.sub("", warm.out) == SECONDS.sub("", visitor.run(bar).out)


def test_with_nothing_stored_the_provider_is_asked_first(visitor):
    done = visitor.run("waybar")
    assert (done.code, done.err) == (0, "")
    assert "21%" in done.out


@pytest.mark.parametrize(
    ("bar", "trouble"), [("waybar", "nothing to ask with"), ("polybar", "settings"), ("xbar", "refused")]
)
def test_no_trouble_makes_a_bar_blank_or_fail_or_write_to_stderr(visitor, console, bar, trouble):
    if trouble == "settings":
        visitor.configure("region = 5")
    if trouble == "refused":
        console.answer_quota = moods.not_authorised()
    done = visitor.run(bar, env={"ALIBABA_CODING_PLAN_COOKIE": None} if trouble == "nothing to ask with" else {})
    assert (done.code, done.err) == (0, "")
    assert done.out.strip()


def test_refresh_prints_nothing_and_two_within_five_seconds_are_one(visitor, console):
    first = visitor.run("refresh")
    assert (first.code, first.out, first.err) == (0, "", "")
    console.forget()
    assert visitor.run("refresh").code == 0
    assert not console.requests
