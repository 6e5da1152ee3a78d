"""The plan beside its windows: credits, extra packs, a team, and the end of the plan, as every bar says them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.judging import printed
from support.scenes import CREDITS, ESSENTIAL, FETCHED, MONTH_END, Scene, answer, token_answer, with_packs

from codingplan_bar.alerts.decide import Memory, Notices, decide
from codingplan_bar.bars import BARS, tooltip
from codingplan_bar.bars.view import View
from codingplan_bar.bars.watch import until_next_change
from codingplan_bar.facts import level
from codingplan_bar.model import Plan, Window
from codingplan_bar.refresh.compile import compile_facts
from codingplan_bar.settings.settings import load
from codingplan_bar.settings.templates import PRESETS
from codingplan_bar.words import amount

DAY = 86_400
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


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("form", FORMATS)
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
    snapshot = answer(plan=replace(PRO, expires_at=FETCHED + left))
    view = scene(snapshot, settings=f"plan_alert = {days}", later=0).view()
    assert ("The plan ends in" in below(view), "plan ends" in view.text) == (below_the_line, in_the_line)


@pytest.mark.parametrize("left", [8 * DAY, 7 * DAY, DAY, 3_600, -60])
@pytest.mark.parametrize(("language", "told"), [("en", "The plan renews itself in"), ("zh", "自动续费")])
def test_a_plan_that_renews_itself_says_so_in_the_place_of_an_end(left, language, told):
    snapshot, settings = answer(plan=replace(PRO, expires_at=FETCHED + left)), load(f'language = "{language}"', {})
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
        (replace(ESSENTIAL, name="Token Plan Lite", expires_at=FETCHED + DAY), "Renew it or choose another", "续费"),
    ],
)
@pytest.mark.parametrize("later", [60, DAY + 60], ids=["before", "after"])
def test_the_hint_says_where_to_go_and_that_a_small_coding_plan_cannot_be_renewed(plan, hint, chinese, later):
    assert hint in below(scene(answer(plan=plan), later=later).view())
    assert chinese in below(scene(answer(plan=plan), later=later, settings='language = "zh"').view())


@pytest.mark.parametrize("before", [7 * DAY, DAY, 0])
def test_a_watcher_looks_again_when_the_end_begins_to_be_told(before):
    facts = scene(answer(plan=replace(PRO, expires_at=FETCHED + 7 * DAY + 25))).facts | MOMENT
    now = int(facts["expires_at"]) - before - 5
    later = facts | {"fetched_at": str(now - 4), "made_at": str(now - 4), "due": str(now + 290)}
    assert until_next_change(later, now) <= 5.1
