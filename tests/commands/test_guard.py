"""`guard` for scripts: the exit code is the answer, and what is not known is no yes."""

from __future__ import annotations

import pytest

from codingplan_bar.demo import moods

CALM = {"five_hour": (1, 100), "monthly": (1, 100)}


def used(percent):
    return moods.counters(weekly=(percent, 100), **CALM)


@pytest.mark.parametrize(
    ("percent", "arguments", "code"),
    [
        (50, (), 0),
        (90, (), 0),
        (91, (), 1),
        (91, ("--min-remaining", "5"), 0),
        (50, ("--min-remaining", "60"), 1),
        (91, ("--window", "five_hour"), 0),
        (91, ("--window", "weekly"), 1),
        (100, ("--min-remaining", "0"), 0),
    ],
)
def test_the_answer_is_the_exit_code(visitor, console, percent, arguments, code):
    console.answer_quota = used(percent)
    done = visitor.run("guard", *arguments)
    assert (done.code, done.out) == (code, "")
    assert bool(done.err) == bool(code)


@pytest.mark.parametrize("mood", [moods.signed_out(), moods.server_error(503), moods.no_plan()])
def test_what_is_not_known_is_69(visitor, console, mood):
    console.answer_quota = mood
    done = visitor.run("guard")
    assert done.code == 69
    assert "not known" in done.err


def test_old_numbers_are_not_known(visitor, console):
    console.answer_quota = used(5)
    visitor.run("guard")
    console.answer_quota = moods.server_error(503)
    visitor.run("fetch")
    assert visitor.run("guard").code == 69


def test_a_window_that_there_is_not_is_an_error_of_use(user):
    assert user.run("guard", "--window", "day").code == 2
