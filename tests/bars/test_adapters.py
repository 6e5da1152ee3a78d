"""What each bar prints in every case, as files to read, and what it is given beside the text."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace

import pytest
from support.grammar import json_bars, menus, pango, polybar, tmux
from support.judging import CLICKS, printed
from support.rows import for_each
from support.scenes import ACTIVE, NO_PLAN, OFFLINE, SIGN_IN, Scene, answer, failure, running_out, token_answer

from codingplan_bar.bars import BARS, tooltip
from codingplan_bar.bars.phrases import width
from codingplan_bar.bars.signs_and_colors import SIGNS
from codingplan_bar.facts import STATES
from codingplan_bar.model import Problem
from codingplan_bar.settings.templates import compile_template

OF_EACH_STATE = {
    "ok": Scene(),
    "runs_out": Scene(past=running_out()),
    "warning": Scene(answer(five_hour=800)),
    "critical": Scene(answer(five_hour=950)),
    "active": Scene(ACTIVE),
    "stale": Scene(problem=OFFLINE, later=601),
    "error": Scene(failure(NO_PLAN)),
    "signed_out": Scene(failure(SIGN_IN)),
}
UNKNOWN = Scene(later=35 * 86_400)


def output(bar: str, scene: Scene) -> bytes:
    return printed(bar, scene.view()).encode()


def test_there_is_a_scene_of_each_state():
    assert {state: scene.view().state for state, scene in OF_EACH_STATE.items()} == {state: state for state in STATES}


@pytest.mark.parametrize("state", STATES)
def test_waybar_has_the_state_as_a_class_and_to_pick_an_icon_by(state):
    module = json_bars.read_waybar(output("waybar", OF_EACH_STATE[state]))
    assert module.classes[:2] == ("codingplan", state)
    assert module.alt == state


def test_waybar_has_the_binding_window_as_a_class_and_its_share_as_a_whole_number():
    assert json_bars.read_waybar(output("waybar", Scene())).classes[2] == "monthly"
    assert json.loads(output("waybar", Scene()))["percentage"] == 66
    assert json.loads(output("waybar", Scene(answer(weekly=4_999.9))))["percentage"] == 99


@pytest.mark.parametrize("scene", [UNKNOWN, OF_EACH_STATE["active"], OF_EACH_STATE["error"]])
def test_no_bar_is_given_a_percentage_that_nobody_knows(scene):
    assert "percentage" not in json.loads(output("waybar", scene))
    assert json.loads(output("json", scene))["percentage"] is None
    assert len(json_bars.read_waybar(output("waybar", scene)).classes) == 2


@pytest.mark.parametrize("state", STATES)
def test_waybars_tooltip_says_the_tooltips_lines_and_draws_their_bars(state):
    found = json_bars.read_waybar(output("waybar", OF_EACH_STATE[state])).tooltip
    lines = ["" if set(line) <= set("▰▱·") else line for line in tooltip.lines(OF_EACH_STATE[state].view())]
    assert [line.strip("\u2060\u200a") for line in found.text.split("\n")] == lines


def stretches(scene):
    """The drawn bars of waybar's tooltip: each as its stretches of pixels, with their grounds."""
    bars = [[]]
    for run in json_bars.read_waybar(output("waybar", scene)).tooltip.runs:
        look = dict(style.split("=") for style in run.styles)
        if run.text == "\u2060":
            bars[-1].append((int(look["letter_spacing"]) // 1024, look.get("background", "")))
        elif bars[-1] and run.text != "\u200a":
            bars.append([])
    return bars[:-1]


@pytest.mark.parametrize("show", ["used", "remaining"])
@pytest.mark.parametrize("used", [0, 1, 1_400, 2_000, 3_750, 4_999, 5_000])
def test_a_drawn_bar_has_240_pixels_as_many_filled_as_are_counted_and_a_tick_where_the_clock_stands(used, show):
    scene = Scene(answer(weekly=used), settings=f'show = "{show}"')
    row = scene.view().row("weekly")
    bar = stretches(scene)[1]
    assert sum(pixels for pixels, _ in bar) == 240
    tick = next(place for place, (_, ground) in enumerate(bar) if ground == "#ffffff")
    over = sum(pixels for pixels, _ in bar[:tick]) + 1
    assert abs(over / 240 - (1 - row.clock if show == "remaining" else row.clock)) < 0.02
    filled = sum(pixels for pixels, ground in bar if ground not in {"", "#8c8c8c", "#ffffff"})
    assert abs(filled - row.shown_percent * 2.4) <= 5
    assert (filled == 0) == (row.shown_percent == 0)
    assert any(ground == "#8c8c8c" for _, ground in bar) == (row.shown_percent < 100)


def test_what_slides_or_is_not_known_has_no_tick():
    assert [any(ground == "#ffffff" for _, ground in bar) for bar in stretches(Scene())] == [False, True, True]
    assert stretches(UNKNOWN) == [[(240, "#8c8c8c")]] * 3


@pytest.mark.parametrize("state", STATES)
def test_i3status_rust_has_one_of_its_five_words_for_each_state_and_a_short_text(state):
    block = json_bars.read_i3status_rust(output("i3status-rust", OF_EACH_STATE[state]))
    worried = {"active": "Info", "stale": "Info", "signed_out": "Warning", "error": "Critical"}
    assert block.state == worried.get(state, "Idle")  # one window of several that worries has the colour, not the block
    assert " ".join(block.short_text.text.split()) == OF_EACH_STATE[state].view().short


@pytest.mark.parametrize(("used", "state"), [(700, "Idle"), (800, "Warning"), (950, "Critical")])
def test_i3status_rusts_block_has_the_state_where_all_of_the_line_is_meant(used, state):
    block = json_bars.read_i3status_rust(
        output("i3status-rust", Scene(answer(five_hour=used), settings='windows = ["five_hour"]'))
    )
    assert (block.state, block.text.styles) == (state, frozenset())


def upright(scene: Scene) -> list[list[str]]:
    """What a vertical waybar draws: the lines of each window, or of what stands in front of them."""
    text = json_bars.read_waybar(printed("waybar", scene.view(format=compile_template("vertical"))).encode()).text.text
    return [part.replace("\u00a0", "").split("\n") for part in text.split("\n\n")]


def test_a_vertical_waybar_has_each_number_below_its_name_and_the_sign_in_front_of_the_number():
    assert upright(Scene()) == [["5h", "21"], ["wk", "28"], ["mo", "66"]]
    assert upright(OF_EACH_STATE["runs_out"])[1] == ["wk", "»28"]
    assert upright(OF_EACH_STATE["critical"])[0] == ["5h", "!!95"]
    assert upright(OF_EACH_STATE["stale"]) == [["~", "5h", "21"], ["wk", "28"], ["mo", "66"]]
    assert [upright(OF_EACH_STATE[state]) for state in ("error", "signed_out")] == [[["x"]], [["?"]]]
    assert upright(OF_EACH_STATE["active"]) == [["active"]]


@pytest.mark.parametrize("state", STATES)
def test_a_vertical_waybars_lines_are_a_few_letters_wide_in_both_languages(state):
    for language in ("en", "zh"):
        scene = replace(OF_EACH_STATE[state], settings=f'language = "{language}"')
        assert max(width(line) for part in upright(scene) for line in part) <= 6


@pytest.mark.parametrize("bar", [bar for bar in BARS if bar not in {"waybar", "json", "swiftbar", "xbar", "argos"}])
def test_what_is_upright_on_waybar_is_one_line_elsewhere(bar):
    shown = printed(bar, Scene().view(format=compile_template("vertical"))).removesuffix("\n")
    assert "5h 21 · wk 28 · mo 66" in shown
    assert "\n" not in shown


def test_behind_a_colour_polybar_goes_back_to_the_modules_own_look_where_the_settings_name_it():
    own = 'colors = { background = "#2e3440", foreground = "#d8dee9" }'
    for state, behind in (("critical", "%{F#d8dee9 B#2e3440}"), ("warning", "%{F#d8dee9}")):
        line = output("polybar", replace(OF_EACH_STATE[state], settings=own)).decode()
        assert f"{behind} · wk 28% · mo 66%" in line
        last = polybar.read(line.encode()).runs[-1]
        assert "F=#d8dee9" in last.styles
        assert ("B=#2e3440" in last.styles) == (state == "critical")
    assert output("polybar", OF_EACH_STATE["critical"]).decode().count("%{F- B-}") == 1


@for_each("state", STATES)
@for_each("bar", ["waybar", "polybar", "tmux", "i3blocks", "pango", "argos", "ansi"])
def test_the_window_that_worries_has_its_colour_and_the_others_have_the_bars_own(bar, state):
    view = OF_EACH_STATE[state].view()
    told = [
        (text.strip(), bool(view.color) and view.color in look)
        for text, look in painted(bar, OF_EACH_STATE[state])
        if text.strip(" ·")
    ]
    if state in {"ok", "active"}:
        assert told == [(view.text, False)]
    elif state in {"runs_out", "warning", "critical"}:
        culprit = next(text for text, is_colored in told if is_colored)
        assert culprit.startswith(SIGNS["none"][state] + " ")
        assert [text for text, is_colored in told if is_colored] == [culprit]
        assert len(re.findall(r"\d+%", culprit)) == 1
    else:
        assert all(is_colored for _, is_colored in told)


def painted(bar, scene):
    """The stretches of a bar's line, each with how it is drawn, as one text."""
    shown = output(bar, scene)
    if bar == "ansi":
        parts = re.findall("\x1b\\[([0-9;]+)m([^\x1b]*)|([^\x1b]+)", shown.decode().strip())
        return [(text or bare, "#" + bytes(map(int, _last(look))).hex() if text else "") for look, text, bare in parts]
    runs = {
        "waybar": lambda: json_bars.read_waybar(shown).text.runs,
        "polybar": lambda: polybar.read(shown).runs,
        "tmux": lambda: latest(tmux.read(shown, length=400).runs),
        "i3blocks": lambda: pango.parse(json.loads(shown)["full_text"]).runs,
        "pango": lambda: pango.parse(shown.decode().strip()).runs,
        "argos": lambda: pango.parse(shown.decode().partition(" | ")[0]).runs,
    }[bar]()
    return [(run.text, " ".join(run.styles)) for run in runs]


def _last(look):
    return look.split(";")[-3:]


def latest(runs):
    """tmux's runs with the styles since the last `default` alone."""
    for run in runs:
        styles = run.styles[-list(reversed(run.styles)).index("default") :] if "default" in run.styles else run.styles
        yield tmux.Run(run.text, () if run.styles and run.styles[-1] == "default" else styles)


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
    assert menus.read_xbar(printed("xbar", view).encode()).bar[0].parameter("color") == color


def test_swiftbar_is_given_both_colours_the_light_one_first():
    view = OF_EACH_STATE["critical"].view()
    item = menus.read_swiftbar(output("swiftbar", OF_EACH_STATE["critical"])).bar[0]
    assert item.parameter("color") == f"{view.color_on_light},{view.color}"


def test_swiftbar_has_a_gauge_the_sentence_that_binds_and_what_comes_of_a_window_as_its_badge():
    menu = menus.read_swiftbar(output("swiftbar", OF_EACH_STATE["runs_out"]))
    assert (menu.bar[0].parameter("sfimage"), menu.errors) == ("gauge", ())
    assert menu.bar[0].parameter("tooltip") == "Week runs out on Sat, 2 d before the reset"
    badges = {item.text.split()[0]: item.parameter("badge", "") for item in menu.items if item.level == 0 and item.text}
    assert {name: badge for name, badge in badges.items() if badge} == {"Week": "out Sat"}
    old = menus.read_swiftbar(output("swiftbar", OF_EACH_STATE["stale"]))
    assert "tooltip" not in dict(old.bar[0].parameters)  # what went wrong is told in the menu, as text


@pytest.mark.parametrize(
    ("bar", "read"), [("swiftbar", menus.read_swiftbar), ("xbar", menus.read_xbar), ("argos", menus.read_argos)]
)
def test_a_menu_has_a_row_a_window_with_its_details_below_it(bar, read):
    menu = read(output(bar, Scene()))
    rows = [item.text for item in menu.items if item.level == 0][1:4]
    assert [re.split("  +", row)[0] for row in rows] == ["5 hours", "Week", "Month"]
    details = [item.text for item in menu.items if item.level == 1]
    assert details[:3] == ["used: 210", "left: 790", "total: 1,000"]
    assert details[6] == "resets: Mon 00:00"


@pytest.mark.parametrize(
    ("bar", "read"), [("swiftbar", menus.read_swiftbar), ("xbar", menus.read_xbar), ("argos", menus.read_argos)]
)
def test_a_menu_ends_with_what_can_be_done(bar, read):
    for scene, first in ((Scene(), "Open the console"), (Scene(problem=SIGN_IN), "Sign in to the console")):
        done = [item for item in read(output(bar, scene)).items if item.actions][-4:]
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


# The menu bars' clicks run this very program, wherever it lies, and nothing where its path cannot be written.


REST = ("-P", "-m", "codingplan_bar")
READERS = {"swiftbar": menus.read_swiftbar, "xbar": menus.read_xbar, "argos": menus.read_argos}
PLAIN = [
    "/usr/bin/python3",
    "/opt/my tools/python3",
    "/home/x/it's here/python3",
    "/opt/编程/python3",
    '/a"b/python3',
    "/a$HOME`x`/p",
]
IMPOSSIBLE = ["/a\"b'c/python3", "/a\\b/python3", "/a\nb/python3", "/a\u2028b/python3", "/a\udcffb/python3"]


def commands(bar: str, program: str) -> list[str]:
    view = Scene().view()
    view.program = (program, *REST)
    menu = READERS[bar](printed(bar, view).encode("utf-8", "replace"))
    assert menu.errors == ()
    assert not menu.dead
    return [action.command for item in menu.items for action in item.actions if action.kind == "run"]


@pytest.mark.parametrize("program", PLAIN)
@pytest.mark.parametrize("bar", READERS)
def test_a_click_runs_this_program_whatever_its_path(bar, program):
    clicks = [shlex.split(command) for command in commands(bar, program)]
    assert clicks == [[program, *REST, *what] for what in CLICKS]


@pytest.mark.parametrize("bar", READERS)
def test_a_click_of_a_bar_that_was_asked_for_a_plan_goes_on_with_it(bar):
    environ = {"CODINGPLAN_BAR_PLAN": "token"}
    view = Scene(token_answer(), environ=environ).view(asked="token-plan")
    menu = READERS[bar](printed(bar, view).encode())
    clicks = [shlex.split(action.command) for item in menu.items for action in item.actions if action.kind == "run"]
    of_the_plan = ["--plan", "token-plan"]
    assert [click[4:] for click in clicks] == [
        ["refresh", "--click", *of_the_plan],
        ["copy", *of_the_plan],
        ["preferences"],
    ]


@pytest.mark.parametrize("program", IMPOSSIBLE)
@pytest.mark.parametrize("bar", ["swiftbar", "xbar"])
def test_a_path_that_no_quotes_can_hold_makes_no_click_and_no_harm(bar, program):
    assert commands(bar, program) == []


def test_argos_can_write_any_path_of_one_line():
    for program in IMPOSSIBLE:
        clicks = [shlex.split(command)[0] for command in commands("argos", program)]
        assert clicks == ([program] * 3 if program.isprintable() else [])


@pytest.mark.parametrize(
    "address", ["https://a.example/x y", "https://a.example/'\"", 'https://a.example/" bash=x', "https://a\nb"]
)
@pytest.mark.parametrize("bar", READERS)
def test_an_address_that_was_tampered_with_opens_nothing_else(bar, address):
    view = Scene().view()
    view.dashboard = address
    menu = READERS[bar](printed(bar, view).encode())
    opened = [action.command for item in menu.items for action in item.actions if action.kind == "open"]
    assert opened in ([], [address])
    assert len([item for item in menu.items if item.actions]) == 3 + len(opened)


@pytest.mark.parametrize("bar", READERS)
def test_a_row_with_what_went_wrong_can_be_clicked_and_so_is_not_grey(bar):
    wrong = Problem("network", "The console could not be reached.", "Check the network.")
    menu = READERS[bar](printed(bar, Scene(problem=wrong).view()).encode())
    rows = [item for item in menu.items if "reached" in item.text or "Check the network" in item.text]
    assert [[action.kind for action in row.actions] for row in rows] == [["open"], ["open"]]


@pytest.mark.parametrize("bar", READERS)
def test_a_row_that_wants_something_of_its_owner_can_be_clicked_and_opens_where_it_is_done(bar):
    view = Scene(settings='thresholds = "none"').view()
    view = view.changed(facts={**view.facts, "session.moved": "yes", "session.ends_at": str(int(view.now) + 3_600)})
    menu = READERS[bar](printed(bar, view).encode())
    wanting = {*tooltip.session_lines(view), *tooltip.fault_lines(view)}
    clicks = {item.text: [action.command for action in item.actions] for item in menu.items if item.text in wanting}
    assert len(wanting) == len(clicks) == 3
    assert all([address] == [view.dashboard] for address, *_ in (clicks[line] for line in tooltip.session_lines(view)))
    assert "preferences" in clicks[tooltip.fault_lines(view)[0]][0]


@pytest.mark.parametrize("bar", READERS)
def test_a_row_about_settings_that_cannot_be_read_opens_them(bar):
    wrong = Problem("config", "The settings cannot be read.", "Correct them.")
    menu = READERS[bar](printed(bar, Scene(problem=wrong).view()).encode())
    rows = [item for item in menu.items if "cannot be read" in item.text or "Correct them" in item.text]
    assert all("preferences" in row.actions[0].command for row in rows)
    assert len(rows) == 2
