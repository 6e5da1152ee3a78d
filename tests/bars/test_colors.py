"""The default colours are told apart by people who see no red, no green or no blue, and read on both grounds.

How that is measured stands in `support.vision`; on the pixels of real bars it is measured in real_bars/.
"""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.judging import printed
from support.scenes import SIGN_IN, Scene, answer, failure
from support.vision import LEAST_CONTRAST, LEAST_DISTANCE, VISIONS, contrast, distance, lab, linear, seen

from codingplan_bar.bars.adapters import chip
from codingplan_bar.bars.adapters.ansi import SIXTEEN_CHIPS, sequence
from codingplan_bar.bars.signs_and_colors import CHIPS, COLORS, ink
from codingplan_bar.commands.output import CALM, headlined
from codingplan_bar.facts import are_safe
from codingplan_bar.themes import STATES, THEMES, legible
from codingplan_bar.themes import contrast as palette_contrast

GROUNDS = {
    "dark": ("#000000", "#1e1e2e", "#222222", "#282828", "#2e3440"),
    "light": ("#ffffff", "#eff1f5", "#eceff4", "#e6e9ef", "#eee8d5"),
}
"""Black and white, polybar's and i3status-rust's own, and those of widespread themes (Catppuccin, Gruvbox, Nord,
Solarized)."""
PLAIN = {"dark": "#d8dee9", "light": "#2e3440"}
"""What text without a colour looks like there: the state `ok` is told apart from it, too."""


def palette(ground: str) -> dict[str, str]:
    """A colour a hue: what runs out wears that of a warning, and is told by its sign and its day."""
    assert COLORS["runs_out"] == COLORS["warning"]
    return {state: shades[ground == "light"] for state, shades in COLORS.items() if state != "runs_out"}


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_each_two_colours_are_told_apart_whatever_is_not_seen(ground, vision):
    colors = palette(ground) | {"plain": PLAIN[ground]}
    near = {
        (one, other): round(distance(colors[one], colors[other], vision), 1) for one, other in combinations(colors, 2)
    }
    assert {pair: found for pair, found in near.items() if found < LEAST_DISTANCE} == {}


@pytest.mark.parametrize("ground", GROUNDS)
def test_each_colour_stands_out_from_its_ground(ground):
    low = {
        (state, behind): round(contrast(color, behind), 2)
        for state, color in palette(ground).items()
        for behind in GROUNDS[ground]
        if contrast(color, behind) < LEAST_CONTRAST
    }
    assert low == {}


@pytest.mark.parametrize("tone", CHIPS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_letters_of_a_chip_stand_out_from_its_own_ground(ground, tone):
    color = COLORS["critical"][ground == "light"]
    assert contrast(ink(color), color) >= LEAST_CONTRAST
    assert all(chip(shade, tone) == ink(shade) for shade in COLORS["critical"])


@given(st.integers(0, 2**24 - 1))
def test_a_chip_of_any_colour_has_letters_that_can_be_read(number):
    color = f"#{number:06x}"
    assert contrast(ink(color), color) >= LEAST_CONTRAST


@pytest.mark.parametrize("tone", COLORS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_nearest_of_256_colours_is_still_read(ground, tone):
    number = int(sequence(palette(ground).get(tone, COLORS[tone][ground == "light"]), "stale", 256).rpartition(";")[2])
    levels = (0, 95, 135, 175, 215, 255)
    cube = [levels[(number - 16) // step % 6] for step in (36, 6, 1)] if number < 232 else [8 + 10 * (number - 232)] * 3
    black_or_white = {"dark": "#000000", "light": "#ffffff"}[ground]
    assert contrast("#{:02x}{:02x}{:02x}".format(*cube), black_or_white) >= LEAST_CONTRAST


@pytest.mark.parametrize("name", THEMES)
def test_a_themes_colours_are_read_on_its_ground_and_keep_their_hues(name):
    theme = THEMES[name]
    shown = theme.readable()
    assert {state: color for state, color in shown.items() if contrast(color, theme.ground) < LEAST_CONTRAST} == {}
    for state, own in zip(STATES, theme.colors, strict=True):
        assert shown[state] == own or contrast(own, theme.ground) < LEAST_CONTRAST
    assert contrast(theme.text, theme.ground) >= LEAST_CONTRAST


@pytest.mark.parametrize("name", THEMES)
def test_a_themes_warning_is_told_from_what_is_critical_by_whoever_sees_no_red_green_or_blue_or_by_the_chip(name):
    shown = THEMES[name].readable()
    assert min(distance(shown["warning"], shown["critical"], vision) for vision in VISIONS) > 3  # seen; the chip tells
    assert chip(shown["critical"], "critical")
    assert not chip(shown["warning"], "warning")


@given(st.integers(0, 2**24 - 1), st.integers(0, 2**24 - 1))
def test_any_colour_is_moved_until_it_is_read_on_any_ground(color, ground):
    color, ground = f"#{color:06x}", f"#{ground:06x}"
    found = legible(color, ground)
    assert contrast(found, ground) >= LEAST_CONTRAST
    assert found == color or contrast(color, ground) < LEAST_CONTRAST
    assert palette_contrast(color, ground) == pytest.approx(contrast(color, ground), rel=1e-3)


@pytest.mark.parametrize("name", ["light", *THEMES])
def test_a_theme_is_what_a_bar_shows_and_a_menu_that_knows_its_ground_keeps_its_own_pair(name):
    view = Scene(answer(weekly=3_750), settings=f'theme = "{name}"').view()
    color = COLORS["warning"][1] if name == "light" else THEMES[name].readable()["warning"]
    assert view.color == color
    assert color in printed("waybar", view)
    assert color in printed("polybar", view)
    assert f"color={COLORS['warning'][1]},{COLORS['warning'][0]}" in printed("swiftbar", view)
    is_light = name == "light" or THEMES[name].is_light
    assert ("background='#000000'" in printed("waybar", view)) == is_light  # the tick
    own = Scene(answer(weekly=3_750), settings=f'theme = "{name}"\ncolors.warning = "#123456"').view()
    assert own.color == "#123456"


@pytest.mark.parametrize("value", ["red", "#12345", "#1234567", "'/><b>", "%{A1:x:}"])
def test_a_theme_in_the_facts_that_is_no_colour_is_no_theme(value):
    facts = Scene(settings='theme = "nord"').facts
    assert are_safe(facts)
    assert not are_safe({**facts, "theme.warning": value})


@pytest.mark.parametrize(
    ("environ", "look"),
    [
        ({}, "1;38;2;0;0;0;48;2;242;184;58"),
        ({"COLORTERM": "truecolor", "TERM": "xterm-256color"}, "1;38;2;0;0;0;48;2;242;184;58"),
        ({"COLORTERM": "24bit", "COLORFGBG": "0;15"}, "1;38;2;136;91;0"),
        ({"COLORFGBG": "0;default;15"}, "1;38;2;136;91;0"),
        ({"COLORFGBG": "15;0"}, "1;38;2;242;184;58"),
        ({"COLORFGBG": "nonsense"}, "1;38;2;0;0;0;48;2;242;184;58"),
        ({"TERM": "xterm-256color"}, "1;38;5;16;48;5;215"),
        ({"TERM": "xterm-256color", "COLORFGBG": "15;0"}, "1;38;5;215"),
        ({"TERM": "screen-256color", "COLORFGBG": "0;15"}, "1;38;5;94"),
        ({"TERM": "linux"}, "30;43"),
        ({"TERM": "linux", "COLORFGBG": "15;0"}, "1;33"),
        ({"TERM": "xterm", "COLORFGBG": "0;15"}, "30;43"),
        ({"NO_COLOR": "1", "COLORTERM": "truecolor"}, ""),
    ],
)
def test_a_terminal_is_given_the_colours_that_it_has_for_the_ground_that_it_names(environ, look):
    scene = Scene(answer(weekly=3_750), environ=environ)
    expected = f"5h 21% · \x1b[{look}m! wk 75%\x1b[0m · mo 66%\n" if look else "5h 21% · ! wk 75% · mo 66%\n"
    assert printed("ansi", scene.view()) == expected


@pytest.mark.parametrize(
    "chosen", ['theme = "dark"', 'theme = "nord"', 'theme = "light"', 'colors.warning = "#f2b83a"']
)
def test_a_ground_or_a_colour_that_its_user_chose_needs_no_chip_in_a_terminal_that_says_nothing(chosen):
    view = Scene(answer(weekly=3_750), settings=chosen).view()
    red, green, blue = bytes.fromhex(view.color[1:])
    assert f"\x1b[1;38;2;{red};{green};{blue}m! wk 75%" in printed("ansi", view)


@pytest.mark.parametrize(("ground", "look"), [("15;0", "\x1b[1;36m"), ("0;15", "\x1b[1;34m"), ("", "\x1b[1m")])
def test_a_headline_of_sixteen_colours_is_in_one_that_is_read_there(ground, look):
    view = Scene(failure(SIGN_IN), environ={"TERM": "xterm", "COLORFGBG": ground}).view()
    assert headlined(view, ["? Sign in."], "signed_out") == [f"{look}? Sign in.\x1b[0m"]


SIXTEEN = {
    "xterm": {"30": "#000000", "41": "#cd0000", "43": "#cdcd00", "45": "#cd00cd", "46": "#00cdcd", "97": "#ffffff"},
    "VGA": {"30": "#000000", "41": "#aa0000", "43": "#aa5500", "45": "#aa00aa", "46": "#00aaaa", "97": "#ffffff"},
    "Windows": {"30": "#0c0c0c", "41": "#c50f1f", "43": "#c19c00", "45": "#881798", "46": "#3a96dd", "97": "#f2f2f2"},
    "macOS": {"30": "#000000", "41": "#990000", "43": "#999900", "45": "#b200b2", "46": "#00a6b2", "97": "#e5e5e5"},
}
"""What terminals show for these numbers by default: https://en.wikipedia.org/wiki/ANSI_escape_code."""


@pytest.mark.parametrize("terminal", SIXTEEN)
@pytest.mark.parametrize("look", sorted(set(SIXTEEN_CHIPS.values())))
def test_a_chip_of_sixteen_colours_is_read_in_widespread_terminals(terminal, look):
    letters, ground = map(SIXTEEN[terminal].get, look.split(";"))
    assert contrast(letters, ground) >= 3.5


def test_a_light_theme_is_not_shown_in_a_terminal_that_says_it_is_dark():
    scene = Scene(answer(weekly=3_750), environ={"COLORFGBG": "15;0"}, settings='theme = "light"')
    assert "38;2;242;184;58" in printed("ansi", scene.view())


def test_the_calm_bar_of_a_terminal_stands_out_from_black_and_white_and_from_what_worries():
    assert min(contrast(CALM, "#000000"), contrast(CALM, "#ffffff")) >= 3  # WCAG 2's for what is drawn
    worries = [COLORS[state][0] for state in ("warning", "critical", "stale")]
    assert min(distance(CALM, color, vision) for color in worries for vision in VISIONS) >= LEAST_DISTANCE


def test_the_simulation_is_the_published_one_where_it_is_known():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert lab(linear("#ffffff")) == pytest.approx((100, 0, 0), abs=0.02)
    red, green = (seen(color, "deuteranopia") for color in ("#ff0000", "#00ff00"))
    assert red == pytest.approx((0.367322, 0.280085, 0), abs=1e-6)
    assert green == pytest.approx((0.860646, 0.672501, 0.042940))


def test_red_and_green_of_one_lightness_would_not_pass():
    assert distance("#b05050", "#7a7a3a", "deuteranopia") < LEAST_DISTANCE < distance("#b05050", "#7a7a3a", "all three")
