"""What each bar is given beside the text: classes, states, colours, and nothing that it does not know."""

from __future__ import annotations

import json
import re

import pytest
from grammar import argos, i3status_rust, polybar, swiftbar, tmux, waybar, xbar
from judging import printed
from scenes import ACTIVE, NO_PLAN, OFFLINE, SIGN_IN, Scene, answer, failure

from codingplan_bar.fetch.setting_values import STATES

OF_EACH_STATE = {
    "ok": Scene(),
    "warning": Scene(answer(five_hour=800)),
    "critical": Scene(answer(five_hour=950)),
    "active": Scene(ACTIVE),
    "stale": Scene(problem=OFFLINE),
    "error": Scene(failure(NO_PLAN)),
    "signed_out": Scene(failure(SIGN_IN)),
}
UNKNOWN = Scene(later=40 * 86_400)


def output(bar: str, scene: Scene) -> bytes:
    return printed(bar, scene.view()).encode()


def test_there_is_a_scene_of_each_state():
    assert {state: scene.view().state for state, scene in OF_EACH_STATE.items()} == {state: state for state in STATES}


@pytest.mark.parametrize("state", STATES)
def test_waybar_has_the_state_as_a_class_and_to_pick_an_icon_by(state):
    module = waybar.read(output("waybar", OF_EACH_STATE[state]))
    assert module.classes[:2] == ("codingplan", state)
    assert module.alt == state


def test_waybar_has_the_binding_window_as_a_class_and_its_share_as_a_whole_number():
    assert waybar.read(output("waybar", Scene())).classes[2] == "monthly"
    assert json.loads(output("waybar", Scene()))["percentage"] == 66
    assert json.loads(output("waybar", Scene(answer(weekly=4_999.9))))["percentage"] == 99


@pytest.mark.parametrize("scene", [UNKNOWN, OF_EACH_STATE["active"], OF_EACH_STATE["error"]])
def test_no_bar_is_given_a_percentage_that_nobody_knows(scene):
    assert "percentage" not in json.loads(output("waybar", scene))
    assert json.loads(output("json", scene))["percentage"] is None
    assert len(waybar.read(output("waybar", scene)).classes) == 2


def test_waybars_tooltip_is_a_table_of_one_width():
    assert waybar.read(output("waybar", Scene())).tooltip.text.split("\n") == Scene().view().tooltip
    assert waybar.read(output("waybar", Scene())).tooltip.styles == {"tt"}


@pytest.mark.parametrize("state", STATES)
def test_i3status_rust_has_one_of_its_five_words_for_each_state_and_a_short_text(state):
    block = i3status_rust.read(output("i3status-rust", OF_EACH_STATE[state]))
    worried = {"ok": "Idle", "active": "Info", "stale": "Info", "warning": "Warning", "signed_out": "Warning"}
    assert block.state == worried.get(state, "Critical")
    assert block.short_text.text == OF_EACH_STATE[state].view().short


@pytest.mark.parametrize("state", STATES)
def test_a_line_is_coloured_as_a_whole_or_not_at_all(state):
    view = OF_EACH_STATE[state].view()
    label, status = (
        polybar.read(output("polybar", OF_EACH_STATE[state])),
        tmux.read(output("tmux", OF_EACH_STATE[state])),
    )
    color = view.color
    assert [(run.text, run.styles) for run in label.runs] == [(view.text, (f"F={color}",) if color else ())]
    assert status.runs[0].styles == ((f"fg={color}",) if color else ())


@pytest.mark.parametrize(
    ("environ", "ground"),
    [
        ({}, "dark"),
        ({"XBARDarkMode": "true"}, "dark"),
        ({"XBARDarkMode": "false"}, "light"),
        ({"BitBarDarkMode": "false"}, "light"),
    ],
)
def test_xbar_is_given_the_colour_for_its_ground(environ, ground):
    view = Scene(answer(five_hour=950), environ=environ).view()
    color = view.color if ground == "dark" else view.color_on_light
    assert xbar.read(printed("xbar", view).encode()).bar[0].parameter("color") == color


def test_swiftbar_is_given_both_colours_the_light_one_first():
    view = OF_EACH_STATE["critical"].view()
    item = swiftbar.read(output("swiftbar", OF_EACH_STATE["critical"])).bar[0]
    assert item.parameter("color") == f"{view.color_on_light},{view.color}"


@pytest.mark.parametrize(("bar", "read"), [("swiftbar", swiftbar.read), ("xbar", xbar.read), ("argos", argos.read)])
def test_a_menu_has_a_row_a_window_with_its_details_below_it(bar, read):
    menu = read(output(bar, Scene()))
    rows = [item.text for item in menu.items if item.level == 0][1:4]
    assert [re.split("  +", row)[0] for row in rows] == ["5 hours", "Week", "Month"]
    details = [item.text for item in menu.items if item.level == 1]
    assert details[:3] == ["used: 210", "left: 790", "total: 1,000"]
    assert details[6] == "resets: Mon 00:00"


@pytest.mark.parametrize(("bar", "read"), [("swiftbar", swiftbar.read), ("xbar", xbar.read), ("argos", argos.read)])
def test_a_menu_ends_with_what_can_be_done(bar, read):
    for scene, first in ((Scene(), "Open the console"), (Scene(problem=SIGN_IN), "Sign in to the console")):
        done = [item for item in read(output(bar, scene)).items if item.actions]
        assert [item.text for item in done] == [first, "Refresh now", "Copy as JSON", "Edit the settings"]
        assert [action.kind for action in done[0].actions] == ["open"]
        assert {action.kind for item in done[1:] for action in item.actions} == {"run", "refresh"}


@pytest.mark.parametrize("no_color", ["1", "x"])
def test_a_terminal_is_given_no_colour_where_that_is_asked_for(no_color):
    scene = Scene(answer(five_hour=950), environ={"NO_COLOR": no_color})
    assert printed("ansi", scene.view()) == scene.view().text + "\n"


def test_the_view_as_json_says_of_a_window_that_its_number_is_not_known():
    rows = json.loads(output("json", UNKNOWN))["rows"]
    assert [(row["known"], row["used_percent"], row["share"]) for row in rows] == [(False, None, "?")] * 3


def test_the_view_as_json_has_an_age_unless_the_clock_went_back():
    assert json.loads(output("json", Scene(later=125.9)))["age_seconds"] == 125
    assert json.loads(output("json", Scene(later=-3_600)))["age_seconds"] is None
