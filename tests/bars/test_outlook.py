"""What is foretold of the windows, and what the plan has beside them: packs, a team, its end."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.judging import printed
from support.rows import for_each
from support.scenes import (
    ACTIVE,
    CREDITS,
    ESSENTIAL,
    FETCHED,
    LASTS,
    MONDAY,
    MONTH_END,
    OFFLINE,
    SIGN_IN,
    Scene,
    answer,
    running_out,
    token_answer,
    with_packs,
)

from codingplan_bar.alerts.decide import Memory, Notices, decide
from codingplan_bar.bars import BARS, tooltip
from codingplan_bar.bars.view import View
from codingplan_bar.bars.watch import until_next_change
from codingplan_bar.bars.windows import OutlookFact
from codingplan_bar.facts import level
from codingplan_bar.model import Plan, Window
from codingplan_bar.refresh.snapshot_to_facts import compile_facts, month_before
from codingplan_bar.settings.settings import load
from codingplan_bar.settings.templates import PRESETS
from codingplan_bar.settings.templates import compile_template as compiled
from codingplan_bar.words import amount

MINUTE, HOUR, DAY = 60, 3_600, 86_400
WEEK = 7 * DAY


def flow(falls_at: object = "-", falls: object = "-") -> dict[str, str]:
    return {"flow.five_hour": f"{falls_at} {falls}"}


def row(scene: Scene, name: str, **facts: str):
    return scene.view(**facts).row(name)


def asked(ago_of_the_week: float, **used: float) -> Scene:
    """An answer of that many seconds after the week began."""
    return Scene(answer(**used)._replace(fetched_at=int(MONDAY - WEEK + ago_of_the_week)), later=0)


def test_what_runs_out_says_when_and_how_long_before_the_reset():
    soon = row(asked(6 * DAY, weekly=4_700), "weekly", **running_out(MONDAY - DAY + 9 * HOUR + 11 * MINUTE))
    assert soon.pace() == "runs out at 09:11, 14 h 49 min before the reset"
    assert (soon.outlook, soon.value("runs_out"), soon.value("early")) == ("runs_out", "09:11", "14 h 49 min")
    assert soon.value("runs_out_in") == "9 h 11 min"


def test_what_runs_out_in_more_than_a_day_says_the_day_alone():
    told = running_out(MONDAY - 2 * DAY)
    assert row(asked(3 * DAY, weekly=3_000), "weekly", **told).pace() == "runs out on Sat, 2 d before the reset"
    month = answer(monthly=5_000)._replace(fetched_at=MONTH_END - 20 * DAY)
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
    last_hour = Scene(answer(1_000, 5_000)._replace(fetched_at=MONDAY - HOUR), later=0)
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


# The plan beside its windows: credits, extra packs, a team, and the end of the plan, as every bar says them.


FORMATS = (*PRESETS, "{monthly.percent}", "{word}", "")
MOMENT = {"made_at": str(FETCHED), "due": str(FETCHED + 300)}


def scene(snapshot, **more):
    return Scene(snapshot, **more)


def below(view):
    """All that stands below the line, in one text."""
    return "\n".join(tooltip.lines(view))


# Rounding is for words alone.


@given(st.floats(0, 1), st.integers(1, 10**9))
def test_credits_are_rounded_and_a_part_is_neither_nothing_nor_all(share, total):
    number = share * total
    said = amount(number, total)
    shown = 0.5 if said == "<1" else float(said.replace(",", ""))
    assert abs(shown - number) <= 1
    assert (said == "0") == (number == 0)
    assert (shown == total) == (number == total)


def test_the_document_keeps_what_the_words_round():
    view = scene(token_answer(Window("monthly", 0.3725 * CREDITS, CREDITS, MONTH_END))).view()
    assert view.row("monthly").value("left_of") == "16,001 of 25,500 credits left"
    assert json.loads(view.document)["windows"]["monthly"]["used"] == 0.3725 * CREDITS


# At 100 % with a pack left.

SHARES = (0, 10, 74.9, 75, 89.9, 90, 99.9)


@for_each("share", SHARES)
@for_each("form", FORMATS)
def test_the_state_of_a_used_up_month_is_that_of_the_packs_used_share_and_the_line_says_so(share, form):
    snapshot = with_packs(20_000 * (1 - share / 100))
    view = scene(snapshot, settings=f'format = "{form}"').view()
    assert view.state == level(share, 100, "", (75, 90))
    for bar in set(BARS) - {"json"}:
        # A bar that stands upright has no room for words: its tooltip says it in a sentence.
        told = "pack is in use" if (bar, form) == ("waybar", "vertical") else "pack in use"
        assert told in printed(bar, view), bar
    for line in (view.text, view.short):
        assert "pack in use" in line


@pytest.mark.parametrize("share", SHARES)
def test_the_alerts_of_the_packs_cross_the_thresholds_where_the_bar_does(share):
    snapshot = with_packs(20_000 * (1 - share / 100))
    _, alerts = decide(Memory(), snapshot, Notices((75, 90)))
    kinds = [alert.kind for alert in alerts]
    assert kinds == ["pack", *({"ok": []}.get(scene(snapshot).view().state, [scene(snapshot).view().state]))]


@pytest.mark.parametrize(
    ("remaining", "used", "state", "says"),
    [
        (0, CREDITS, "critical", False),
        (13_250, CREDITS - 1, "critical", False),
        (13_250, 0.8 * CREDITS, "warning", False),
        (13_250, CREDITS, "ok", True),
        (1, CREDITS, "critical", True),
    ],
)
def test_a_pack_counts_once_the_window_is_used_up_and_as_long_as_something_is_left(remaining, used, state, says):
    view = scene(with_packs(remaining, used=used)).view()
    assert (view.state, "pack in use" in view.text) == (state, says)
    document = json.loads(printed("json", view))
    assert document["plan"]["packs"] == {"remaining": remaining, "total": 20_000, "in_use": says}
    assert document["plan"]["unit"] == "credits"


def test_what_packs_go_on_after_is_not_said_to_come_back():
    assert "back" in scene(with_packs(0)).view().text
    assert "back" not in scene(with_packs(5)).view().text


def test_old_numbers_say_of_no_pack_that_it_is_in_use():
    view = scene(with_packs(), later=2 * 3_600).view()
    assert (view.state, "in use" in view.text, "in use" in below(view)) == ("stale", False, False)


# Whose the numbers are, and in what they count.


def test_a_teams_sum_says_that_it_is_no_seats_in_every_bar_that_has_room():
    team = token_answer(Window("monthly", 1, 4, MONTH_END), plan=Plan(None, None, "token-plan-team"))
    view = scene(team).view()
    for bar in ("waybar", "swiftbar", "xbar", "argos", "json"):
        assert "of the team, not of your seat" in printed(bar, view)
    assert "of the team" not in below(scene(token_answer()).view())
    assert "团队" in below(scene(team, settings='language = "zh"').view())


@pytest.mark.parametrize(("language", "unit", "of_requests"), [("en", "credits", "requests"), ("zh", "Credits", "次")])
def test_a_template_can_name_the_unit_and_the_packs(language, unit, of_requests):
    told = f'language = "{language}"\nformat = "{{unit}}[ {{packs}}]"'
    with_some = scene(with_packs(5, 10, used=1), settings=told).view().text
    assert with_some.startswith(f"{unit} ")
    assert {"5", "10", unit} <= set(with_some.split())
    assert scene(answer(), settings=told).view().text == of_requests


def test_a_share_alone_has_no_amount_anywhere():
    view = scene(token_answer(Window("monthly", 37.25, 100, MONTH_END, in_percent=True))).view()
    assert [view.row("monthly").value(fact) for fact in ("used", "left", "total", "left_of")] == [""] * 4
    assert "credits" not in printed("swiftbar", view)


# The end of the plan.

PRO, LITE = Plan("Coding Plan Pro", FETCHED + DAY), Plan("Coding Plan Lite", FETCHED + DAY)


@pytest.mark.parametrize(
    ("left", "days", "below_the_line", "in_the_line"),
    [
        (8 * DAY, "[7, 1]", False, False),
        (7 * DAY, "[7, 1]", True, False),
        (2 * DAY, "[7, 1]", True, False),
        (DAY, "[7, 1]", True, True),
        (3_600, "[7, 1]", True, True),
        (2 * DAY, "1", False, False),
        (20 * DAY, "30", True, False),
        (3_600, "0", False, False),
        (3_600, "[]", False, False),
    ],
)
def test_the_end_is_told_within_the_days_of_the_setting_and_on_the_last_day_in_the_line(
    left, days, below_the_line, in_the_line
):
    snapshot = answer(plan=PRO._replace(expires_at=FETCHED + left))
    view = scene(snapshot, settings=f"plan_alert = {days}", later=0).view()
    assert ("The plan ends in" in below(view), "plan ends" in view.text) == (below_the_line, in_the_line)


@pytest.mark.parametrize("left", [8 * DAY, 7 * DAY, DAY, 3_600, -60])
@pytest.mark.parametrize(("language", "told"), [("en", "The plan renews itself in"), ("zh", "自动续费")])
def test_a_plan_that_renews_itself_says_so_in_the_place_of_an_end(left, language, told):
    snapshot, settings = answer(plan=PRO._replace(expires_at=FETCHED + left)), load(f'language = "{language}"', {})
    view = View(compile_facts(snapshot, None, settings, renews=True), FETCHED, {})
    said = below(view) + view.text
    assert (told in said) == (0 < left <= 7 * DAY)
    assert not any(word in said for word in ("ends", "ended", "到期", "Renew it"))
    assert view.state == "ok"


@pytest.mark.parametrize(
    ("plan", "hint", "chinese"),
    [
        (LITE, "can no longer be renewed. Choose a Token Plan in the console.", "无法续费"),
        (PRO, "Renew it or choose another plan in the console.", "请在控制台续费"),
        (ESSENTIAL._replace(name="Token Plan Lite", expires_at=FETCHED + DAY), "Renew it or choose another", "续费"),
    ],
)
@pytest.mark.parametrize("later", [60, DAY + 60], ids=["before", "after"])
def test_the_hint_says_where_to_go_and_that_a_small_coding_plan_cannot_be_renewed(plan, hint, chinese, later):
    assert hint in below(scene(answer(plan=plan), later=later).view())
    assert chinese in below(scene(answer(plan=plan), later=later, settings='language = "zh"').view())


@pytest.mark.parametrize("before", [7 * DAY, DAY, 0])
def test_a_watcher_looks_again_when_the_end_begins_to_be_told(before):
    facts = scene(answer(plan=PRO._replace(expires_at=FETCHED + 7 * DAY + 25))).facts | MOMENT
    now = int(facts["expires_at"]) - before - 5
    later = facts | {"fetched_at": str(now - 4), "made_at": str(now - 4), "due": str(now + 290)}
    assert until_next_change(later, now) <= 5.1
