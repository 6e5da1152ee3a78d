"""How worried a bar is, and how it is told."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from support.scenes import ACTIVE, OFFLINE, Scene, answer, every_error, failure

from codingplan_bar.bars import tooltip
from codingplan_bar.bars.adapters.json import render
from codingplan_bar.bars.tones import COLORS, SIGNS
from codingplan_bar.facts import SIGNED_OUT, STATES

INTERVAL = 300


@pytest.mark.parametrize(
    ("used", "state"),
    [
        (0, "ok"),
        (749, "ok"),
        (750, "warning"),
        (899, "warning"),
        (900, "critical"),
        (1_000, "critical"),
        (5_000, "critical"),
    ],
)
def test_the_state_is_that_of_the_share_used_each_threshold_included(used, state):
    assert Scene(answer(used, 0, 0)).view().state == state


@pytest.mark.parametrize("threshold", range(1, 101))
def test_a_threshold_of_whole_percents_is_reached_to_the_request(threshold):
    settings = f"thresholds = [{threshold}, 100]"
    reached, before = (Scene(answer(10 * threshold - missing, 0, 0), settings=settings) for missing in (0, 1))
    assert reached.view().state in {"warning", "critical"}
    assert before.view().state == "ok"


def test_an_exhausted_week_is_not_hidden_behind_idle_five_hours():
    view = Scene(answer(0, 5_000, 0)).view()
    assert (view.state, view.binding.name, view.percentage) == ("critical", "weekly", 100)


def test_only_the_windows_that_are_shown_worry():
    assert Scene(answer(0, 5_000, 0), settings='windows = ["five_hour"]').view().state == "ok"


def test_counting_down_worries_as_counting_up_does():
    assert Scene(answer(950, 0, 0), settings='show = "remaining"').view().state == "critical"


@pytest.mark.parametrize(
    ("later", "state"), [(-60, "ok"), (-61, "stale"), (2 * INTERVAL, "ok"), (2 * INTERVAL + 1, "stale")]
)
def test_numbers_are_stale_after_two_intervals_and_where_the_clock_went_back(later, state):
    assert Scene(later=later).view().state == state


def test_a_long_interval_keeps_no_number_alive_that_its_window_has_outlived():
    five_hours_alone = replace(answer(), windows=answer().windows[:1])
    view = Scene(five_hours_alone, later=6 * 3_600).view(interval="86400")
    assert (view.state, view.percentage) == ("stale", None)


@pytest.mark.parametrize("problem", every_error(), ids=lambda problem: problem.code)
def test_a_failure_makes_no_number_older_but_may_ask_for_a_sign_in(problem):
    is_signed_out = problem.code in SIGNED_OUT
    for later, state in ((2 * INTERVAL, "critical"), (2 * INTERVAL + 1, "stale")):
        view = Scene(answer(five_hour=1_000), problem, later=later).view()
        assert view.state == ("signed_out" if is_signed_out else state)
        assert any(problem.message in note for note in tooltip.note_lines(view))
        assert json.loads(render(view))["problem"]["code"] == problem.code
    assert Scene(ACTIVE, problem).view().state == ("signed_out" if is_signed_out else "active")


@pytest.mark.parametrize("problem", every_error(), ids=lambda problem: problem.code)
def test_a_failure_without_numbers_is_an_error_asks_for_a_sign_in_or_is_one_that_nobody_has_asked_yet(problem):
    view = Scene(failure(problem), later=10**6).view()
    others = {"not_asked": "stale", **dict.fromkeys(SIGNED_OUT, "signed_out")}
    assert view.state == others.get(problem.code, "error")
    assert (view.percentage, view.binding, view.rows) == (None, None, [])


def test_a_plan_without_counters_is_active_until_it_is_old():
    assert Scene(ACTIVE).view().state == "active"
    assert Scene(ACTIVE, later=3_600).view().state == "stale"
    assert Scene(ACTIVE, OFFLINE).view().state == "active"


def test_every_state_is_told_by_a_sign_and_by_no_colour_alone():
    assert set(SIGNS["nerd"]) == set(SIGNS["emoji"]) == {*STATES, "used_up"}
    assert set(COLORS) == set(STATES) - {"ok", "active"}
    assert set(SIGNS["none"]) == {*COLORS, "used_up"}
    for signs in SIGNS.values():
        told = {signs[tone] for tone in (*COLORS, "used_up")}
        assert len(told) == len(COLORS) + 1
