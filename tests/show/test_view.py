"""What is shown, in words, whatever the bar."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scenes import ACTIVE, DASHBOARD, FETCHED, MONDAY, NO_PLAN, OFFLINE, PLAN, SIGN_IN, Scene, answer, failure

from codingplan_bar.fetch.templates import PRESETS
from codingplan_bar.fetch.templates import compile_template as compiled
from codingplan_bar.model import Plan
from codingplan_bar.show.phrases import width
from codingplan_bar.show.view import aligned

HOUR, DAY = 3_600, 86_400
FIVE_HOURS_ALONE = replace(answer(), windows=answer().windows[:1])


def line(scene: Scene, template: str = "compact") -> str:
    return scene.view(format=compiled(template)).text


def test_the_line_names_each_window():
    assert line(Scene()) == "5h 21% · wk 32% · mo 68%"


def test_a_worrying_line_has_a_sign_whatever_the_user_wrote():
    assert line(Scene(answer(five_hour=750)), "{plan}") == "! Coding Plan Pro"
    assert line(Scene(answer(five_hour=900)), "{plan}") == "!! Coding Plan Pro"


def test_the_sign_stands_where_the_user_put_it_and_only_there():
    warning = Scene(answer(five_hour=750))
    assert line(warning, "{five_hour.percent}[ {sign}]") == "75% !"
    assert line(Scene(), "{five_hour.percent}[ {sign}]") == "21%"


def test_a_sign_that_the_template_leaves_out_is_said_all_the_same():
    assert line(Scene(FIVE_HOURS_ALONE, OFFLINE), "x[{sign}{monthly.percent}]") == "~ x (2 min ago)"


def test_an_old_number_says_how_old_it_is_whatever_the_user_wrote():
    assert line(Scene(later=2 * HOUR), "{five_hour.percent}") == "~ 21% (2 h ago)"
    assert line(Scene(problem=OFFLINE, later=30), "{five_hour.percent}") == "~ 21% (just now)"


def test_a_sign_in_is_asked_for_whatever_the_user_wrote():
    assert line(Scene(problem=SIGN_IN, later=HOUR), "{five_hour.percent}") == "? 21% · sign in (1 h ago)"
    assert line(Scene(ACTIVE, SIGN_IN, later=HOUR)) == "? Coding Plan Pro active · sign in (1 h ago)"
    assert line(Scene(failure(SIGN_IN))) == "? sign in"


def test_a_clock_that_went_back_makes_no_number_new():
    view = Scene(later=-DAY).view()
    assert view.text == "~ 5h 21% · wk 32% · mo 68% (the clock went back)"
    assert view.age is None
    assert view.notes[0].startswith("the clock went back · web")


def test_a_clock_that_is_a_little_behind_is_no_reason_to_doubt():
    view = Scene(later=-59).view()
    assert (view.state, view.age, view.ago()) == ("ok", 0, "just now")


def test_a_window_that_was_reset_since_is_a_question_in_the_line_and_says_since_when_in_the_tooltip():
    view = Scene(replace(answer(), fetched_at=MONDAY - 60), later=120).view()
    assert view.text == "5h 21% · wk ? · mo 68%"
    assert "unknown since 00:00" in view.tooltip[2]
    assert view.binding.name == "monthly"


def test_where_nothing_is_known_any_more_nothing_is_said_but_since_when():
    view = Scene(later=40 * DAY).view(format=compiled("full"))
    assert view.text == "~ Coding Plan Pro · 5h ? · wk ? · mo ? · unknown since Nov 25, 2026 05:30 (40 d ago)"
    assert view.short == "~ ? (40 d ago)"
    assert (view.binding, view.percentage) == (None, None)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("scene", [Scene(), Scene(later=40 * DAY), Scene(ACTIVE), Scene(failure(NO_PLAN))])
def test_no_preset_is_ever_blank(preset, scene):
    assert line(scene, preset).strip("~x! ")


@pytest.mark.parametrize("template", ["", "   ", "[{message}]", "[{monthly.percent}]", "\n"])
def test_a_template_with_nothing_to_say_gives_way_to_all_windows(template):
    assert line(Scene(FIVE_HOURS_ALONE), template) == "5h 21%"


def test_a_new_line_in_the_line_is_a_space():
    assert line(Scene(), "{plan}\n{weekly.percent}") == "Coding Plan Pro 32%"


@pytest.mark.parametrize(
    "name", ["nonsense", "weekly.nonsense", "yearly.percent", "binding.nonsense", "weekly.percent:3", ""]
)
@pytest.mark.parametrize("scene", [Scene(), Scene(ACTIVE), Scene(FIVE_HOURS_ALONE), Scene(later=40 * DAY)])
def test_an_unknown_placeholder_shows_its_name_in_every_state(name, scene):
    assert scene.view(tooltip_format=compiled("{" + name + "}")).tooltip == ["{" + name + "}"]


def test_what_an_absent_window_has_to_say_is_nothing():
    view = Scene(FIVE_HOURS_ALONE).view(tooltip_format=compiled("a[ {monthly.percent}][ {monthly.bar:5}]b"))
    assert view.tooltip == ["ab"]


def test_a_plan_without_counters_says_so_and_shows_no_number():
    view = Scene(ACTIVE).view(tooltip_format=compiled("{binding.percent}{windows}{bars}{weekly.bar}"))
    assert view.text == view.short == "Coding Plan Pro active"
    assert view.tooltip == [""]
    assert view.notes[0] == "The plan is active; the provider gives no counters for it."
    assert "%" not in "".join(Scene(ACTIVE).view().tooltip)


@pytest.mark.parametrize("scene", [Scene(failure(OFFLINE)), Scene(failure(SIGN_IN), later=DAY)])
def test_an_error_without_numbers_shows_none_and_says_what_to_do(scene):
    view = scene.view()
    problem = scene.snapshot.error
    assert not set("%0123456789") & set(view.text)
    assert view.notes == [problem.message, problem.hint]


def test_an_error_that_nobody_knows_is_an_error():
    assert Scene(failure(OFFLINE)).view(**{"problem.code": "of_tomorrow"}).text == "x error"


def test_a_failure_after_numbers_is_told_below_them():
    assert Scene(problem=OFFLINE, later=HOUR).view().notes == [
        "updated 1 h ago · web · intl · ends Jan 1, 2027",
        f"Refresh failed: {OFFLINE.message}",
        OFFLINE.hint,
    ]


def test_a_plan_that_is_over_has_ended():
    later = PLAN.expires_at - FETCHED
    assert Scene(later=later - 1).view().ends() == "ends Jan 1, 2027"
    assert Scene(later=later).view().ends() == "ended Jan 1"
    assert Scene(answer(plan=Plan("Pro"))).view().ends() == ""


def test_a_plan_without_a_name_is_called_by_what_it_is():
    assert Scene(answer(plan=Plan())).view().title == "Coding Plan · ok"
    assert line(Scene(answer(plan=Plan())), "[{plan} · ]{weekly.percent}") == "32%"


def test_windows_are_shown_in_the_users_order():
    names = [row.name for row in Scene(settings='windows = ["monthly", "five_hour"]').view().rows]
    assert names == ["monthly", "five_hour"]


def test_where_none_of_the_users_windows_is_there_those_that_are_there_are_shown_by_name():
    scene = Scene(FIVE_HOURS_ALONE, settings='windows = ["monthly", "weekly"]')
    assert line(scene) == "5h 21%"
    assert scene.view().state == "ok"


def test_counting_down_is_said_in_every_line():
    down = Scene(settings='show = "remaining"')
    assert line(down) == "5h 79% · wk 68% · mo 32% left"
    assert line(down, "bars").endswith("mo ▰▱▱▱▱ 32% left")
    assert line(down, "minimal") == down.view().short == "32% left"
    assert down.view().percentage == 68


def test_the_binding_window_is_the_most_used_one_that_is_known():
    view = Scene(answer(five_hour=0, weekly=100, monthly=200)).view()
    assert (view.binding.name, view.value("binding.label"), view.value("binding.percent")) == ("weekly", "Week", "2%")


def test_a_table_has_columns_of_one_width_in_both_languages():
    for language in ("en", "zh"):
        lines = aligned(Scene(settings=f'language = "{language}"').view().table)
        assert len(lines) == 3
        assert len({width(line[: line.index("▰")]) for line in lines}) == 1


def test_the_users_own_colours_come_before_ours():
    view = Scene(answer(five_hour=950), settings='[colors]\ncritical = "#123456"').view()
    assert view.color == view.color_on_light == "#123456"
    assert Scene().view().color == ""


def test_all_that_a_template_can_name_is_there():
    names = [
        "plan",
        "source",
        "region",
        "message",
        "hint",
        "age",
        "expires",
        "state",
        "word",
        "sign",
        "windows",
        "bars",
    ]
    view = Scene(answer(five_hour=900), problem=SIGN_IN, settings='icons = "emoji"').view()
    assert [view.value(name) for name in names] == [
        "Coding Plan Pro",
        "web",
        "intl",
        SIGN_IN.message,
        SIGN_IN.hint,
        "2 min ago",
        "ends Jan 1, 2027",
        "signed_out",
        "sign in",
        "🔑",
        "5h 90% · wk 32% · mo 68%",
        "5h ▰▰▰▰▱ 90%  wk ▰▱▱▱▱ 32%  mo ▰▰▰▱▱ 68%",
    ]


def test_the_dashboard_and_the_document_are_those_of_the_snapshot():
    view = Scene().view()
    assert view.dashboard == DASHBOARD
    assert view.document.startswith('{"schema_version":1,')
