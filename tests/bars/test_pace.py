"""What is foretold: what lasts, what runs out and when, until when that is said, and which window stops its owner."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from support.scenes import ACTIVE, FETCHED, LASTS, MONDAY, MONTH_END, OFFLINE, SIGN_IN, Scene, answer, running_out

from codingplan_bar.bars import tooltip
from codingplan_bar.bars.row import OutlookFact
from codingplan_bar.refresh.compile import month_before
from codingplan_bar.settings.templates import compile_template as compiled

MINUTE, HOUR, DAY = 60, 3_600, 86_400
WEEK = 7 * DAY


def flow(falls_at: object = "-", falls: object = "-") -> dict[str, str]:
    return {"flow.five_hour": f"{falls_at} {falls}"}


def row(scene: Scene, name: str, **facts: str):
    return scene.view(**facts).row(name)


def asked(ago_of_the_week: float, **used: float) -> Scene:
    """An answer of that many seconds after the week began."""
    return Scene(replace(answer(**used), fetched_at=int(MONDAY - WEEK + ago_of_the_week)), later=0)


def test_what_runs_out_says_when_and_how_long_before_the_reset():
    soon = row(asked(6 * DAY, weekly=4_700), "weekly", **running_out(MONDAY - DAY + 9 * HOUR + 11 * MINUTE))
    assert soon.pace() == "runs out at 09:11, 14 h 49 min before the reset"
    assert (soon.outlook, soon.value("runs_out"), soon.value("early")) == ("runs_out", "09:11", "14 h 49 min")
    assert soon.value("runs_out_in") == "9 h 11 min"


def test_what_runs_out_in_more_than_a_day_says_the_day_alone():
    told = running_out(MONDAY - 2 * DAY)
    assert row(asked(3 * DAY, weekly=3_000), "weekly", **told).pace() == "runs out on Sat, 2 d before the reset"
    month = replace(answer(monthly=5_000), fetched_at=MONTH_END - 20 * DAY)
    told = running_out(MONTH_END - 10 * DAY, "monthly")
    assert row(Scene(month, later=0), "monthly", **told).pace() == "runs out on Nov 25, 10 d before the reset"


def test_what_lasts_says_so():
    lasting = row(Scene(), "weekly", **LASTS)
    assert (lasting.outlook, lasting.pace(), lasting.value("runs_out")) == ("lasts", "lasts", "")


def test_what_is_used_up_says_so_and_no_forecast():
    gone = row(Scene(answer(weekly=5_100)), "weekly", **running_out())
    assert (gone.outlook, gone.pace(), gone.runs_out) == ("used_up", "used up", None)


def test_where_nothing_is_foretold_nothing_is_said_however_fast_it_went():
    view = asked(DAY, weekly=3_000).view()
    assert {each.value(fact) for each in view.rows for fact in ("pace", "runs_out", "early", "lapse")} == {""}
    assert view.state == "ok"


@pytest.mark.parametrize(
    "scene",
    [
        Scene(answer(weekly=4_000), problem=OFFLINE, later=601),
        Scene(answer(weekly=4_000), problem=SIGN_IN),
        Scene(answer(weekly=4_000), later=601),
        Scene(answer(weekly=4_000), later=-61),
        Scene(answer(weekly=5_000), later=601),
    ],
)
def test_nothing_is_said_of_numbers_that_are_not_fresh(scene):
    view = scene.view(**flow(FETCHED + HOUR, 5), **running_out(), **{"today.weekly": f"3 14 {FETCHED + DAY}"})
    told = ("pace", "runs_out", "early", "frees", "today", "lapse")
    assert {each.value(fact) for each in view.rows for fact in told} == {""}
    assert "out" not in view.value("outlook").split()


def test_a_failure_takes_no_forecast_away():
    assert row(Scene(problem=OFFLINE), "weekly", **running_out()).outlook == "runs_out"


def test_a_forecast_that_time_has_overtaken_is_now_and_nothing_after_the_last_instant_that_was_told():
    at = FETCHED + 60
    said = running_out(at, latest=at + 120)
    now, over = (Scene(later=later).view(**said) for later in (180, 181))
    assert (now.row("weekly").runs_out, now.state) == (now.now, "runs_out")
    assert (over.row("weekly").outlook, over.row("weekly").pace(), over.state) == ("", "", "ok")


def test_what_would_run_out_after_its_reset_is_not_said_to_run_out():
    assert row(Scene(), "weekly", **running_out(MONDAY, latest=MONDAY + 5)).outlook == ""


def test_the_five_hours_are_foretold_too_and_say_what_falls_out():
    filling = row(Scene(), "five_hour", **flow(FETCHED + HOUR, 120), **running_out(FETCHED + 2 * HOUR, "five_hour"))
    assert filling.pace() == "runs out at 02:30"
    assert filling.value("reset") == "next 120 free up at 01:30"


def test_what_will_lapse_is_told_in_the_tooltip_on_the_last_day_alone():
    lapsing = {"outlook.weekly": "lasts - - - 0.02 900"}
    told = {days: asked(days * DAY).view(**lapsing) for days in (5, 6.5)}
    assert [view.value("weekly.lapse") for view in told.values()] == [
        "18% will lapse unused in 2 d",
        "18% will lapse unused in 12 h",
    ]
    assert ["lapse" in "\n".join(tooltip.lines(view)) for view in told.values()] == [False, True]
    assert Scene().view(**{"outlook.weekly": "lasts - - - 0.02 20"}).value("weekly.lapse") == ""
    assert Scene().view(**running_out()).value("weekly.lapse") == ""


def test_what_was_spent_today_is_told_until_midnight():
    spent = {"today.weekly": f"3 14.2 {FETCHED + 130}"}
    assert Scene().view(**spent).value("weekly.today") == "3% used today (even share 14%)"
    assert "Week: 3% used today (even share 14%)" in tooltip.note_lines(Scene().view(**spent))
    assert Scene(later=130).view(**spent).value("weekly.today") == ""


@pytest.mark.parametrize("fact", ["", "3", "3 14", "a b c", "- - -", "nan 1 9e9", "1 2 3 4"])
def test_a_day_that_cannot_be_read_says_nothing(fact):
    assert Scene().view(**{"today.weekly": fact}).value("weekly.today") == ""


def test_what_has_fallen_out_since_is_said_no_more():
    fallen = row(Scene(later=121), "five_hour", **flow(FETCHED + 120, 7))
    assert fallen.value("reset") == "frees up within 5 h"


@pytest.mark.parametrize(
    "fact",
    [
        *("", "-", "1 2 3", "lasts", "runs_out", "runs_out - - - - -", "runs_out a b c d e", "runs_out nan 1 2 3 4"),
        *("runs_out -1 1 2 1 1", "runs_out 1e99 1 2 1 1", "runs_out 1 2 3 4 5 6", "used_up 1 2 3 4 5"),
    ],
)
def test_a_forecast_that_cannot_be_read_says_nothing(fact):
    assert row(Scene(), "weekly", **{"outlook.weekly": fact}).runs_out is None
    assert OutlookFact(fact).runs_out_at is None or fact.startswith("used_up")


def test_what_runs_out_soonest_binds_and_not_what_is_used_most():
    both = running_out() | running_out(FETCHED + 3 * DAY, "monthly")
    view = Scene(answer(weekly=3_000)).view(**both)
    assert (view.binding.name, view.most_used.name) == ("weekly", "monthly")
    view = Scene(answer(weekly=3_000)).view(**both, **running_out(FETCHED + HOUR, "five_hour"))
    assert (view.binding.name, view.text) == ("five_hour", "» 5h 21% out 01:30 · » wk 60% · » mo 66%")


def test_the_percentage_stays_that_of_the_most_used_and_the_state_is_the_highest():
    view = Scene(answer(weekly=3_000, monthly=9_300)).view(format=compiled("minimal"), **running_out())
    assert (view.binding.name, view.state, view.percentage) == ("weekly", "critical", 93)
    assert view.text == view.short == "» wk 60% out Sat · !! mo 93%"


def test_a_worry_that_is_the_binding_windows_own_is_said_once():
    assert Scene(answer(weekly=4_000)).view().short == "! wk 80%"
    assert Scene(answer(weekly=2_000)).view(**running_out()).short == "» wk 40% out Sat"


def test_all_that_is_used_up_is_named_and_not_the_last_alone():
    view = Scene(answer(weekly=5_000, monthly=10_000)).view()
    assert view.short == "× wk 100% · × mo 100% back Dec 5 00:00"
    assert tooltip.lines(view)[0] == "× Week, Month used up until Dec 5 00:00"
    chinese = Scene(answer(weekly=5_000, monthly=10_000), settings='language = "zh"').view()
    assert tooltip.lines(chinese)[0] == "× 每周、每月额度已用完，12月5日 00:00 恢复"


def test_where_none_runs_out_the_most_used_binds():
    view = Scene(answer(five_hour=0, weekly=100, monthly=200)).view()
    assert (view.binding.name, view.value("binding.label"), view.value("binding.percent")) == ("weekly", "Week", "2%")


def test_an_exhausted_window_is_never_hidden_behind_one_that_runs_out_or_is_idle():
    used_up = Scene(answer(five_hour=0, weekly=0, monthly=10_000))
    assert used_up.view(**running_out(FETCHED + HOUR, "five_hour")).binding.name == "monthly"
    assert Scene(answer(five_hour=0, weekly=5_000)).view().text == "5h 0% · × wk 100% back Mon 00:00 · mo 66%"


def test_of_several_exhausted_windows_the_one_binds_that_is_free_again_last():
    assert Scene(answer(1_000, 5_000, 10_000)).view().binding.name == "monthly"
    assert Scene(answer(1_000, 5_000)).view().binding.name == "weekly"
    last_hour = Scene(replace(answer(1_000, 5_000), fetched_at=MONDAY - HOUR), later=0)
    assert last_hour.view().binding.name == "five_hour"
    assert last_hour.view(**flow(MONDAY - MINUTE, 3)).binding.name == "weekly"


def test_an_exhausted_window_binds_when_its_numbers_are_old_too():
    assert Scene(answer(0, 5_000), problem=OFFLINE, later=DAY).view().binding.name == "weekly"


def test_exhausted_five_hours_are_back_when_the_next_fall_out_and_where_that_is_not_known_nothing_is_said():
    full = Scene(answer(five_hour=1_000))
    assert full.view(**flow(FETCHED + HOUR, 60)).value("outlook") == "5h back 01:30"
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
