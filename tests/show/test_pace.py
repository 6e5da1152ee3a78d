"""Pace: what lasts, what runs out and when, and which window stops its owner first."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from scenes import ACTIVE, FETCHED, MONDAY, MONTH_END, OFFLINE, SIGN_IN, Scene, answer

from codingplan_bar.fetch.compiling import month_before
from codingplan_bar.fetch.templates import compile_template as compiled
from codingplan_bar.show.pace import NEVER, Flow, full_at

MINUTE, HOUR, DAY = 60, 3_600, 86_400
WEEK = 7 * DAY
FIVE_HOURS = replace(answer(), windows=answer().windows[:1])


def flow(rate: object = "-", full: object = "-", falls_at: object = "-", falls: object = "-") -> dict[str, str]:
    return {"flow.five_hour": f"{rate} {full} {falls_at} {falls}"}


def row(scene: Scene, name: str, **facts: str):
    return scene.view(**facts).row(name)


def asked(ago_of_the_week: float, **used: float) -> Scene:
    """An answer of that many seconds after the week began."""
    return Scene(replace(answer(**used), fetched_at=int(MONDAY - WEEK + ago_of_the_week)), later=0)


def test_a_window_is_full_when_the_rest_goes_as_what_is_past():
    assert full_at(0.5, start=0, end=1_000, asked=250) == 500
    assert full_at(0.25, start=0, end=1_000, asked=250) == 1_000
    assert full_at(0.1, start=0, end=1_000, asked=250) == 2_500
    assert full_at(0, start=0, end=1_000, asked=250) == NEVER


@pytest.mark.parametrize("asked_at", [-1, 0, 29, 1_000, 1_001])
def test_nothing_is_foretold_in_the_first_3_percent_nor_outside_of_the_window(asked_at):
    assert full_at(0.5, start=0, end=1_000, asked=asked_at) is None
    assert full_at(0.5, start=0, end=1_000, asked=30) is not None


def test_what_runs_out_says_when_and_how_long_before_the_reset():
    soon = row(asked(6 * DAY, weekly=4_700), "weekly")
    assert soon.pace() == "runs out at 09:11, 14 h 48 min before the reset"
    assert (soon.outlook, soon.value("runs_out"), soon.value("early")) == ("runs_out", "09:11", "14 h 48 min")
    assert soon.value("runs_out_in") == "9 h 11 min"


def test_what_runs_out_in_more_than_a_day_says_the_day_alone():
    assert row(asked(3 * DAY, weekly=3_000), "weekly").pace() == "runs out on Sat, 2 d before the reset"
    month = replace(answer(monthly=5_000), fetched_at=MONTH_END - 20 * DAY)
    assert row(Scene(month, later=0), "monthly").pace() == "runs out on Nov 25, 10 d before the reset"


def test_what_lasts_says_so():
    lasting = row(Scene(), "weekly")
    assert (lasting.outlook, lasting.pace(), lasting.value("runs_out")) == ("lasts", "lasts", "")
    assert row(Scene(answer(weekly=0)), "weekly").pace() == "lasts"


def test_what_is_used_up_says_so_and_no_forecast():
    gone = row(Scene(answer(weekly=5_100)), "weekly")
    assert (gone.outlook, gone.pace(), gone.runs_out) == ("used_up", "used up", None)


@pytest.mark.parametrize(
    "scene",
    [
        Scene(answer(weekly=4_000), problem=OFFLINE),
        Scene(answer(weekly=4_000), problem=SIGN_IN),
        Scene(answer(weekly=4_000), later=601),
        Scene(answer(weekly=4_000), later=-61),
        Scene(answer(weekly=5_000), later=601),
    ],
)
def test_nothing_is_said_of_numbers_that_are_not_fresh(scene):
    view = scene.view(**flow(10.0, FETCHED + HOUR, FETCHED + HOUR, 5))
    assert {each.value(fact) for each in view.rows for fact in ("pace", "runs_out", "early", "frees")} == {""}
    assert "out" not in view.value("outlook").split()


def test_a_window_without_a_reset_has_no_pace():
    endless = replace(answer(), windows=tuple(replace(window, resets_at=None) for window in answer().windows))
    assert [each.pace() for each in Scene(endless).view().rows] == ["", "", ""]


def test_a_forecast_that_time_has_overtaken_is_now():
    view = Scene(replace(answer(weekly=4_999), fetched_at=MONDAY - DAY), later=300).view()
    assert view.row("weekly").runs_out == view.now


def test_the_five_hours_go_by_the_recorded_past():
    filling = row(Scene(), "five_hour", **flow(390.0, FETCHED + 2 * HOUR, FETCHED + HOUR, 120))
    assert filling.pace() == "runs out at 02:30"
    assert filling.value("reset") == "next 120 free up at 01:30"
    assert row(Scene(), "five_hour", **flow(20.0, "-", FETCHED + HOUR, 120)).pace() == "lasts"
    assert row(Scene(), "five_hour").pace() == ""


def test_what_has_fallen_out_since_is_said_no_more():
    fallen = row(Scene(later=121), "five_hour", **flow(20.0, "-", FETCHED + 120, 7))
    assert fallen.value("reset") == "frees up within 5 h"


def test_five_hours_with_a_reset_run_out_only_before_it():
    counted = replace(FIVE_HOURS, windows=(replace(FIVE_HOURS.windows[0], resets_at=FETCHED + HOUR),))
    assert row(Scene(counted), "five_hour", **flow(1.0, FETCHED + 2 * HOUR)).pace() == "lasts"
    early = row(Scene(counted), "five_hour", **flow(1.0, FETCHED + HOUR - 600))
    assert early.pace() == "runs out at 01:20, 10 min before the reset"


@pytest.mark.parametrize(
    "fact", ["", "-", "1 2 3", "a b c d", "- - - -", "nan - - -", "-1 - - -", "1e99 - - -", "1 2 3 4 5"]
)
def test_a_past_that_cannot_be_read_says_nothing(fact):
    assert (Flow(fact).full_at, Flow(fact).falls) == (None, None)


def test_what_runs_out_soonest_binds_and_not_what_is_used_most():
    view = asked(3 * DAY, weekly=3_000, monthly=6_600).view()
    assert (view.binding.name, view.most_used.name) == ("weekly", "monthly")
    view = asked(3 * DAY, weekly=3_000).view(**flow(900.0, MONDAY - WEEK + 3 * DAY + HOUR))
    assert (view.binding.name, view.text) == ("five_hour", "5h 21% · wk 60% · mo 66% · 5h out 01:00")


def test_the_state_the_sign_and_the_percentage_stay_those_of_the_most_used():
    windows = (*answer(monthly=9_300).windows[::2], replace(answer(weekly=3_000).windows[1], resets_at=MONDAY + WEEK))
    snapshot = replace(answer(), fetched_at=MONTH_END - DAY, windows=windows)
    view = Scene(snapshot).view(format=compiled("minimal"))
    assert (view.binding.name, view.state, view.percentage) == ("weekly", "critical", 93)
    assert view.text == view.short == "!! wk 60% · mo 93%"


def test_a_worry_that_is_the_binding_windows_own_is_said_once():
    assert Scene(answer(weekly=4_000)).view().short == "! wk 80%"
    assert asked(2 * DAY, weekly=2_000).view().short == "wk 40%"


def test_where_none_runs_out_the_most_used_binds():
    view = Scene(answer(five_hour=0, weekly=100, monthly=200)).view()
    assert (view.binding.name, view.value("binding.label"), view.value("binding.percent")) == ("weekly", "Week", "2%")


def test_an_exhausted_window_is_never_hidden_behind_one_that_runs_out_or_is_idle():
    used_up = Scene(answer(five_hour=0, weekly=0, monthly=10_000))
    assert used_up.view(**flow(900.0, FETCHED + HOUR)).binding.name == "monthly"
    assert Scene(answer(five_hour=0, weekly=5_000)).view().text == "!! 5h 0% · wk 100% · mo 66% · wk back Mon 00:00"


def test_of_several_exhausted_windows_the_one_binds_that_is_free_again_last():
    assert Scene(answer(1_000, 5_000, 10_000)).view().binding.name == "monthly"
    assert Scene(answer(1_000, 5_000)).view().binding.name == "weekly"
    last_hour = Scene(replace(answer(1_000, 5_000), fetched_at=MONDAY - HOUR), later=0)
    assert last_hour.view().binding.name == "five_hour"
    assert last_hour.view(**flow(1.0, "-", MONDAY - MINUTE, 3)).binding.name == "weekly"


def test_an_exhausted_window_binds_when_its_numbers_are_old_too():
    assert Scene(answer(0, 5_000), problem=OFFLINE, later=DAY).view().binding.name == "weekly"


def test_exhausted_five_hours_are_back_when_the_next_fall_out_and_where_that_is_not_known_nothing_is_said():
    full = Scene(answer(five_hour=1_000))
    assert full.view(**flow(200.0, FETCHED, FETCHED + HOUR, 60)).value("outlook") == "5h back 01:30"
    assert full.view().value("outlook") == ""


def test_how_much_of_a_window_is_over_is_told_where_it_has_a_beginning_and_an_end():
    view = asked(WEEK / 2).view()
    assert [view.value(f"{name}.elapsed") for name in ("five_hour", "weekly", "monthly")] == ["", "50%", "72%"]
    assert Scene(ACTIVE).view().value("weekly.elapsed") == ""


def test_the_week_begins_seven_days_before_its_reset_and_the_month_a_calendar_month_before_in_china():
    assert Scene().facts["start.weekly"] == str(MONDAY - WEEK)
    assert Scene().facts["start.monthly"] == str(MONTH_END - 30 * DAY)
    assert "start.five_hour" not in Scene().facts


@pytest.mark.parametrize(
    ("end", "start"),
    [
        ("2026-12-05 00:00", "2026-11-05 00:00"),
        ("2026-03-01 00:00", "2026-02-01 00:00"),
        ("2026-03-31 00:00", "2026-02-28 00:00"),
        ("2028-03-30 08:15", "2028-02-29 08:15"),
        ("2027-01-31 00:00", "2026-12-31 00:00"),
    ],
)
def test_a_month_before_is_the_same_day_of_the_calendar_or_the_last_one(end, start):
    assert month_before(china(end)) == china(start)


def china(text: str) -> int:
    """The instant of a date and time of day in China, where these tests are."""
    return int(time.mktime(time.strptime(text, "%Y-%m-%d %H:%M")))
