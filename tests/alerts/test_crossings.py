"""What is worth an alert: each crossing once, whatever the numbers do around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar.fetch.alerts.crossings import LEVELS, Memory, decide, level
from codingplan_bar.model import Plan, Problem, Snapshot, Window

LIMITS = (75, 90)
URL = "https://example.invalid/"


def good(percent, name="weekly", **more):
    windows = tuple(Window(each, used, 100, **more) for each, used in {name: percent}.items())
    return Snapshot(1_795_400_000, URL, "web", "intl", Plan("Pro"), windows)


def failed(code):
    return Snapshot(1_795_400_000, URL, error=Problem(code, "It failed."))


def told(snapshots, memory=None, limits=LIMITS):
    """The kinds that are told on the way."""
    memory, kinds = memory or Memory(), []
    for snapshot in snapshots:
        memory, alerts = decide(memory, snapshot, limits)
        kinds.append([alert.kind for alert in alerts])
    return kinds


@pytest.mark.parametrize(
    ("percents", "kinds"),
    [
        ([10, 74.9, 75, 80, 89], [[], [], ["warning"], [], []]),
        ([80, 90, 95, 99.9], [["warning"], ["critical"], [], []]),
        ([10, 95], [[], ["critical"]]),
        ([95], [["critical"]]),
        ([100, 100, 100], [["exhausted"], [], []]),
        ([100, 99, 96, 100], [["exhausted"], [], [], []]),
        ([100, 0, 80], [["exhausted"], ["free"], ["warning"]]),
        ([76, 74, 76, 71, 76], [["warning"], [], [], [], []]),
        ([76, 69, 76], [["warning"], [], ["warning"]]),
        ([92, 84, 91], [["critical"], [], ["critical"]]),
        ([92, 84, 69, 76], [["critical"], [], [], ["warning"]]),
    ],
)
def test_a_crossing_is_told_once(percents, kinds):
    assert told(map(good, percents)) == kinds


def test_each_window_has_a_memory_of_its_own():
    both = Snapshot(1, URL, "web", "intl", None, (Window("five_hour", 80, 100), Window("weekly", 95, 100)))
    memory, alerts = decide(Memory(), both, LIMITS)
    assert [(alert.kind, alert.window.name) for alert in alerts] == [("warning", "five_hour"), ("critical", "weekly")]
    assert decide(memory, both, LIMITS)[1] == []


@pytest.mark.parametrize("code", ["login_required", "missing_credentials", "invalid_cookie"])
def test_the_end_of_a_session_is_told_once_until_there_is_a_new_one(code):
    assert told([good(1), failed(code), failed(code), good(1), failed(code)]) == [
        [],
        ["signed_out"],
        [],
        [],
        ["signed_out"],
    ]


def test_who_was_never_signed_in_is_not_told_that_it_has_ended():
    assert told([failed("missing_credentials")]) == [[]]


@pytest.mark.parametrize("code", ["network", "rate_limited", "api_error", "internal"])
def test_a_failure_of_another_kind_tells_nothing_and_forgets_nothing(code):
    assert told([good(80), failed(code), good(80), failed("login_required")]) == [["warning"], [], [], ["signed_out"]]


def test_what_is_remembered_survives_a_restart():
    memory, _ = decide(Memory(), good(95), LIMITS)
    again = Memory.from_data(memory.to_data())
    assert again == memory
    assert told([good(95)], again) == [[]]


@pytest.mark.parametrize(
    "data", [None, 5, [], {}, {"levels": 5}, {"levels": {"weekly": "x", "day": "ok"}, "signed_in": 1}]
)
def test_a_damaged_memory_is_none(data):
    assert Memory.from_data(data) == Memory()


@given(st.lists(st.floats(0, 130), max_size=60))
def test_nothing_is_told_twice_without_having_fallen_by_the_hysteresis_between(percents):
    limits = {"warning": 75, "critical": 90, "exhausted": 100}
    lowest: dict[str, float] = {}
    for percent, kinds in zip(percents, told(map(good, percents)), strict=True):
        lowest = {kind: min(percent, so_far) for kind, so_far in lowest.items()}
        for kind in limits.keys() & set(kinds):
            assert kind not in lowest or lowest[kind] < limits[kind] - 5 + 1e-9
            lowest[kind] = percent


@given(st.floats(0, 100), st.tuples(st.floats(1, 50), st.floats(50, 100)))
def test_a_level_is_one_of_the_four(percent, limits):
    assert level(percent, limits) in LEVELS
