"""What is shown, in words, whatever the bar."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace

import pytest
from support.rows import for_each
from support.scenes import (
    ACTIVE,
    CASES,
    DASHBOARD,
    FETCHED,
    LASTS,
    MONDAY,
    NO_PLAN,
    OFFLINE,
    PLAN,
    SIGN_IN,
    Scene,
    answer,
    failure,
    running_out,
)

from codingplan_bar.bars import tooltip
from codingplan_bar.bars.phrases import aligned, width
from codingplan_bar.bars.signs_and_colors import pieces
from codingplan_bar.bars.template import NAMED
from codingplan_bar.bars.watch import NOT_AS_THEY_SHOULD_BE
from codingplan_bar.facts import LEVELS
from codingplan_bar.model import Plan, Problem
from codingplan_bar.settings.templates import PRESETS
from codingplan_bar.settings.templates import compile_template as compiled
from codingplan_bar.words.en.errors import ERRORS

HOUR, DAY = 3_600, 86_400
PAST = {"spark": "0,16,99,100", "made_at": str(FETCHED), "session.ends_at": str(FETCHED + 120 + 5 * HOUR)}
FIVE_HOURS_ALONE = answer()._replace(windows=answer().windows[:1])


def line(scene: Scene, template: str = "compact") -> str:
    return scene.view(format=compiled(template)).text


def test_the_line_names_each_window():
    assert line(Scene()) == "5h 21% · wk 28% · mo 66%"


def test_a_worrying_line_has_a_sign_whatever_the_user_wrote():
    assert line(Scene(answer(five_hour=750)), "{plan}") == "! Coding Plan Pro"
    assert line(Scene(answer(five_hour=900)), "{plan}") == "!! Coding Plan Pro"


def test_the_sign_stands_where_the_user_put_it_and_only_there():
    warning = Scene(answer(five_hour=750))
    assert line(warning, "{five_hour.percent}[ {sign}]") == "75% !"
    assert line(Scene(), "{five_hour.percent}[ {sign}]") == "21%"


def test_a_word_of_the_user_between_two_placeholders_is_no_placeholder():
    assert line(Scene(answer(five_hour=750)), "{five_hour.percent}sign{weekly.percent}!") == "! 75%sign28%!"


def test_a_sign_that_the_template_leaves_out_is_said_all_the_same():
    assert line(Scene(FIVE_HOURS_ALONE, later=660), "x[{sign}{monthly.percent}]") == "~ x (11 min ago)"


def test_an_old_number_says_how_old_it_is_whatever_the_user_wrote():
    assert line(Scene(later=2 * HOUR), "{five_hour.percent}") == "~ 21% (2 h ago)"
    assert line(Scene(problem=OFFLINE, later=601), "{five_hour.percent}") == "~ 21% (10 min ago)"
    assert line(Scene(problem=OFFLINE, later=600), "{five_hour.percent}") == "21%"


def test_a_sign_in_is_asked_for_whatever_the_user_wrote():
    assert line(Scene(problem=SIGN_IN, later=HOUR), "{five_hour.percent}") == "? 21% (1 h ago) · sign in"
    assert line(Scene(ACTIVE, SIGN_IN, later=HOUR)) == "? Coding Plan Pro active (1 h ago) · sign in"
    assert line(Scene(failure(SIGN_IN))) == "? sign in"


def test_where_a_header_is_not_valid_that_is_said_and_no_sign_in_is_asked_for():
    wrong = Problem("invalid_cookie", "It is empty.", "Copy it again.")
    assert line(Scene(problem=wrong, later=HOUR), "{five_hour.percent}") == "? 21% (1 h ago) · bad cookie"
    assert tooltip.lines(Scene(failure(wrong)).view()) == ["? It is empty.", "Copy it again."]


def ending(seconds, **more):
    """A plan whose end is so many seconds after the provider was asked."""
    return Scene(answer(plan=Plan("Coding Plan Pro", FETCHED + seconds)), **more)


@pytest.mark.parametrize("scene", [ending(60), ending(60, problem=OFFLINE), ending(60, later=60)])
def test_from_its_end_on_a_plan_is_none_whatever_its_last_numbers_were(scene):
    view = scene.view()
    assert (view.state, view.text, view.percentage) == ("error", "x no plan", None)
    assert view.problem[0] == "The plan ended on Nov 25."
    assert tooltip.note_lines(view)[1] == view.problem[1] == ERRORS["plan.renew"]
    chinese = replace(scene, settings='language = "zh"').view()
    assert chinese.problem == ("套餐已于11月25日到期。", "请在控制台续费，或选购其他套餐。")


@pytest.mark.parametrize(
    ("scene", "more"),
    [(ending(60, later=59), " · plan ends 00:31"), (ending(0, later=60), ""), (ending(-5, later=60), "")],
)
def test_only_an_end_that_lay_ahead_when_the_provider_was_asked_counts_as_time_goes_on(scene, more):
    assert scene.view().text == f"5h 21% · wk 28% · mo 66%{more}"


def test_a_clock_that_went_back_makes_no_number_new():
    view = Scene(later=-DAY).view()
    assert view.text == "~ 5h 21% · wk 28% · mo 66% (the clock went back)"
    assert view.age is None
    assert tooltip.note_lines(view)[0] == "Coding Plan Pro · the clock went back"


def test_a_clock_that_is_a_little_behind_is_no_reason_to_doubt():
    view = Scene(later=-59).view()
    assert (view.state, view.age, view.ago()) == ("ok", 0, "just now")


def test_a_window_that_was_reset_since_is_a_question_in_the_line_and_says_since_when_in_the_tooltip():
    view = Scene(answer()._replace(fetched_at=MONDAY - 60), later=120).view()
    assert view.text == "5h 21% · wk ? · mo 66%"
    assert tooltip.lines(view)[6:8] == ["Week  ?  unknown since 00:00", "··········"]
    assert view.binding.name == "monthly"


def test_where_nothing_is_known_any_more_nothing_is_said_but_since_when():
    view = Scene(later=35 * DAY).view(format=compiled("full"))
    assert view.text == "~ Coding Plan Pro · 5h ? · wk ? · mo ? · unknown since Nov 25 05:30 (35 d ago)"
    assert view.short == "~ 5h ? (35 d ago)"
    assert (view.binding, view.percentage) == (None, None)


@for_each("preset", PRESETS)
@for_each("scene", [Scene(), Scene(later=35 * DAY), Scene(ACTIVE), Scene(failure(NO_PLAN))])
def test_no_preset_is_ever_blank(preset, scene):
    assert line(scene, preset).strip("~x! ")


@pytest.mark.parametrize("template", ["", "   ", "[{message}]", "[{monthly.percent}]", "\n"])
def test_a_template_with_nothing_to_say_gives_way_to_all_windows(template):
    assert line(Scene(FIVE_HOURS_ALONE), template) == "5h 21%"


def test_a_new_line_in_the_line_is_a_space():
    assert line(Scene(), "{plan}\n{weekly.percent}") == "Coding Plan Pro 28%"


@for_each("name", ["nonsense", "weekly.nonsense", "yearly.percent", "binding.nonsense", "weekly.percent:3", ""])
@for_each("scene", [Scene(), Scene(ACTIVE), Scene(FIVE_HOURS_ALONE), Scene(later=35 * DAY)])
def test_an_unknown_placeholder_shows_its_name_in_every_state(name, scene):
    assert tooltip.lines(scene.view(tooltip_format=compiled("{" + name + "}"))) == ["{" + name + "}"]


def test_what_an_absent_window_has_to_say_is_nothing():
    view = Scene(FIVE_HOURS_ALONE).view(tooltip_format=compiled("a[ {monthly.percent}][ {monthly.bar:5}]b"))
    assert tooltip.lines(view) == ["ab"]


def test_a_plan_without_counters_says_so_and_shows_no_number():
    view = Scene(ACTIVE).view(tooltip_format=compiled("{binding.percent}{windows}{bars}{weekly.bar}"))
    assert view.text == view.short == "Coding Plan Pro active"
    assert tooltip.lines(view) == [""]
    assert tooltip.note_lines(view)[0] == "The plan is active, but the server sent no counters."
    assert "%" not in "".join(tooltip.lines(Scene(ACTIVE).view()))


@pytest.mark.parametrize("scene", [Scene(failure(OFFLINE)), Scene(failure(SIGN_IN), later=DAY)])
def test_an_error_without_numbers_shows_none_and_says_what_to_do(scene):
    view = scene.view()
    problem = scene.snapshot.error
    assert not set("%0123456789") & set(view.text)
    assert tooltip.note_lines(view) == [problem.message, problem.hint]


def test_an_error_that_nobody_knows_is_an_error():
    assert Scene(failure(OFFLINE)).view(**{"problem.code": "of_tomorrow"}).text == "x error"


def test_a_failure_after_numbers_is_told_below_them():
    assert tooltip.note_lines(Scene(problem=OFFLINE, later=HOUR).view()) == [
        "Coding Plan Pro · updated 1 h ago",
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
    assert line(Scene(answer(plan=Plan())), "[{plan} · ]{weekly.percent}") == "28%"


def test_windows_are_shown_in_the_users_order():
    names = [row.name for row in Scene(settings='windows = ["monthly", "five_hour"]').view().rows]
    assert names == ["monthly", "five_hour"]


def test_where_none_of_the_users_windows_is_there_those_that_are_there_are_shown_by_name():
    scene = Scene(FIVE_HOURS_ALONE, settings='windows = ["monthly", "weekly"]')
    assert line(scene) == "5h 21%"
    assert scene.view().state == "ok"


def test_counting_down_is_said_in_every_line():
    down = Scene(settings='show = "remaining"')
    assert line(down) == "5h 79% left · wk 72% left · mo 34% left"
    assert line(down, "bars") == "5h ▰▰▰▱▱ 79% left  wk ▰▰▰▱▱ 72% left  mo ▰▱▱▱▱ 34% left"
    assert line(down, "minimal") == down.view().short == "mo 34% left"
    assert down.view().percentage == 66


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
    view = Scene(answer(five_hour=900), problem=SIGN_IN, settings='icons = "emoji"').view(**PAST)
    assert {name: view.value(name) for name in NAMED} == {
        "plan": "Coding Plan Pro",
        "source": "web",
        "region": "intl",
        "message": SIGN_IN.message,
        "hint": SIGN_IN.hint,
        "windows": "5h 90% · wk 28% · mo 66%",
        "bars": "5h ▰▰▰▰▱ 90%  wk ▰▱▱▱▱ 28%  mo ▰▰▰▱▱ 66%",
        "brief": "5h 90%",
        "upright": "5h\n90\n\nwk\n28\n\nmo\n66",
        "outlook": "",
        "next": "5h frees up within 5 h",
        "spark": "·" * 20 + "▁▂▇█",
        "unit": "requests",
        "packs": "",
        "age": "2 min ago",
        "expires": "ends Jan 1, 2027",
        "session": "sign-in ends in 5 h (05:32)",
        "state": "signed_out",
        "word": "sign in",
        "sign": "🔑",
    }


def test_what_comes_next_is_that_the_binding_window_runs_out_or_else_is_reset():
    assert Scene().view().value("next") == "mo resets in 9 d 23 h"
    soon = Scene(answer(weekly=4_000)).view(**running_out(FETCHED + 12 * HOUR))
    assert soon.value("next") == soon.value("outlook") == "wk out 12:30"
    assert Scene(answer(weekly=5_000)).view().value("next") == "wk resets in 4 d 23 h"
    assert Scene(ACTIVE).view().value("next") == ""


def test_the_presets_say_when_something_runs_out_and_nothing_of_it_where_all_lasts():
    short, lasting = Scene(answer(weekly=2_000), past=running_out()), Scene(past=LASTS)
    assert line(short, "compact") == "5h 21% · » wk 40% out Sat · mo 66%"
    assert line(short, "full") == "Coding Plan Pro · 5h 21% · » wk 40% · mo 66% · wk out Sat"
    assert line(short, "bars").endswith("» wk ▰▰▱▱▱ 40% out Sat  mo ▰▰▰▱▱ 66%")
    assert line(short, "minimal") == "» wk 40% out Sat"
    assert line(lasting, "full") == "Coding Plan Pro · 5h 21% · wk 28% · mo 66% · mo resets in 9 d 23 h"
    assert line(lasting, "minimal") == "mo 66%"


def spark(fact: str, name: str = "spark", *, later: float = 120, made_at: int = FETCHED) -> str:
    return Scene(later=later).view(spark=fact, made_at=str(made_at)).value(name)


def test_a_column_of_the_last_day_is_lowest_only_for_nothing_and_highest_only_for_all():
    assert spark("-,0,1,16,17,50,99,100,101", "spark:9") == "·▁▂▂▃▅▇██"


def test_the_last_day_has_an_hour_a_column_and_may_be_cut_to_the_last_of_them():
    day = ",".join(["50"] * 23 + ["0"])
    assert spark(day) == "▅" * 23 + "▁"
    assert [spark(day, f"spark:{hours}") for hours in (1, 3, 24)] == ["▁", "▅▅▁", "▅" * 23 + "▁"]
    assert [len(spark(day, f"spark:{hours}")) for hours in ("", "0", "99", "x")] == [24, 1, 24, 24]


def test_hours_since_the_facts_were_made_are_not_known():
    day = ",".join(["50"] * 24)
    assert spark(day, later=3 * HOUR + 60) == "▅" * 21 + "···"
    assert spark(day, later=40 * DAY) == ""


@pytest.mark.parametrize("fact", ["", "-", ",".join("-" * 24), "x,y", "²,③"])
def test_a_past_of_which_nothing_is_recorded_is_no_line_of_dots(fact):
    assert spark(fact) == ""
    assert not any("24 h" in note for note in tooltip.note_lines(Scene().view(spark=fact)))


def test_the_end_of_a_sign_in_is_said_on_its_last_day():
    ends = FETCHED + 120 + 30 * HOUR
    facts = {"session.ends_at": str(ends), "session.origin": "Firefox"}
    assert Scene().view(**facts).value("session") == "sign-in ends in 1 d 6 h (Thu 06:32)"
    assert not any("sign-in" in note for note in tooltip.note_lines(Scene().view(**facts)))
    said = tooltip.note_lines(Scene().view(**facts | {"session.ends_at": str(FETCHED + 5 * HOUR)}))
    assert said[-1] == "sign-in ends in 4 h 58 min (05:30) · Firefox"


@pytest.mark.parametrize("ends", ["", "soon", "-1", "1.5", "²", "9" * 30, str(FETCHED), str(FETCHED + 120)])
def test_a_sign_in_that_is_over_or_of_no_known_end_says_nothing(ends):
    view = Scene().view(**{"session.ends_at": ends})
    assert (view.value("session"), tooltip.note_lines(view)[-1][:7]) == ("", "Coding ")


def test_who_is_signed_out_already_is_not_told_when_that_will_be():
    assert not any("sign-in ends" in note for note in tooltip.note_lines(Scene(problem=SIGN_IN).view(**PAST)))


def test_the_tooltip_names_the_window_that_binds_and_why():
    def first(scene, **facts):
        view = scene.view(**facts)
        assert view.state not in LEVELS or tooltip.note_lines(view)[0] in tooltip.lines(view)[0]
        return tooltip.lines(view)[0]

    lasting = {f"outlook.{name}": LASTS["outlook.weekly"] for name in ("five_hour", "weekly", "monthly")}
    assert first(Scene()) == "Most used: Month, 66%"
    assert first(Scene(settings='show = "remaining"')) == "Least left: Month, 34%"
    assert first(Scene(), **lasting) == "Lasts until every reset"
    assert first(Scene(FIVE_HOURS_ALONE), **lasting) == "Lasts until its reset"
    assert first(Scene(answer(weekly=4_000)), **running_out()) == "! Week runs out on Sat, 2 d before the reset"
    assert first(Scene(answer(weekly=4_000)), **LASTS) == "! Week 80% used, lasts until its reset"
    assert first(Scene(answer(weekly=4_700)), **LASTS) == "!! Week 94% used, 300 left"
    assert first(Scene(answer(weekly=5_000))) == "× Week used up until Mon 00:00"
    assert first(Scene(answer(five_hour=1_000))) == "× 5 hours used up"
    sliding = {"flow.five_hour": f"{FETCHED + HOUR} 60"}
    assert first(Scene(answer(five_hour=1_000)), **sliding) == "× 5 hours used up, 60 free up at 01:30"
    assert first(Scene(later=2 * HOUR)) == "~ Numbers of 2 h ago"
    assert first(Scene(problem=SIGN_IN, later=HOUR)) == "? Sign in to the console"
    assert first(Scene(failure(NO_PLAN))) == f"x {NO_PLAN.message}"
    assert first(Scene(ACTIVE)) == "Coding Plan Pro active"


@pytest.mark.parametrize("show", ["used", "remaining"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_row_counts_what_is_used_or_what_is_left_and_never_one_of_each(show, language):
    words = {"en": {"used": " used", "remaining": " left"}, "zh": {"used": "已用", "remaining": "剩余"}}[language]
    other = words[{"used": "remaining", "remaining": "used"}[show]]
    view = Scene(answer(weekly=4_600), settings=f'show = "{show}"\nlanguage = "{language}"').view()
    head = next(line for line in tooltip.lines(view) if line.startswith(view.row("weekly").value("label")))
    percent, amount = {"used": ("92%", "4,600"), "remaining": ("8%", "400")}[show]
    assert [text in head for text in (percent, amount, words[show], other)] == [True, True, True, False]
    bar = tooltip.lines(view)[tooltip.lines(view).index(head) + 1]
    assert bar.count("▰") == {"used": 9, "remaining": 1}[show]


@pytest.mark.parametrize("template", ["{weekly.line}|{monthly.line}", "{windows}", "{bars}", "{brief}"])
def test_in_a_template_the_window_that_worries_is_marked_and_no_other(template):
    worrying = {
        tone: text for tone, text in pieces(Scene(answer(weekly=3_750)).view(format=compiled(template)).line) if tone
    }
    assert list(worrying) == ["warning"]
    assert worrying["warning"].startswith("! wk ")
    assert "mo" not in worrying["warning"]


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{windows}", "5h 21% · » wk 40% out Sat · mo 66%"),
        ("{windows}[ · {outlook}]", "5h 21% · » wk 40% · mo 66% · wk out Sat"),
        ("{sign} {windows}", "» 5h 21% · wk 40% out Sat · mo 66%"),
        ("{weekly.line}[ ({weekly.pace})]", "» wk 40% (runs out on Sat, 2 d before the reset)"),
        ("{weekly.percent}", "» 40%"),
    ],
)
def test_what_a_template_says_itself_is_not_said_by_its_windows_again(template, line):
    assert Scene(answer(weekly=2_000), past=running_out()).view(format=compiled(template)).text == line


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "scene", [Scene(), Scene(answer(weekly=2_000, monthly=9_350)), Scene(answer(weekly=5_000)), Scene(later=40 * DAY)]
)
def test_the_tooltips_rows_are_at_most_64_columns_wide(scene, language):
    pro = tuple(window._replace(used=window.used * 9, total=window.total * 9) for window in scene.snapshot.windows)
    view = replace(scene, snapshot=scene.snapshot._replace(windows=pro), settings=f'language = "{language}"').view(
        **PAST
    )
    assert max(map(width, tooltip.lines(view))) <= 64


def test_the_dashboard_and_the_document_are_those_of_the_snapshot():
    view = Scene().view()
    assert view.dashboard == DASHBOARD
    assert view.document.startswith('{"schema_version":2,')


A_HOLE = re.compile(r"[:：,，]\s*[.。,，]|[:：]\s*$|\(\s*\)|（\s*）|``|\bNone\b")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_sentence_has_a_hole_whatever_fact_another_version_has_left_empty(language):
    """What cannot be shown without a fact raises what makes the facts anew."""
    wrong = "theme = 'drak'"
    for scene in (*(each for each in CASES.values() if "tooltip_format" not in each.settings), Scene(settings=wrong)):
        for name in scene.facts:
            with contextlib.suppress(*NOT_AS_THEY_SHOULD_BE):
                view = scene.view(**{"language": language, name: ""})
                lines = [*tooltip.lines(view), *tooltip.note_lines(view), view.text, view.short, view.title]
                assert not [line for line in lines if A_HOLE.search(line)], name
