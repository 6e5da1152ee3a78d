"""The default colours are told apart by people who see no red, no green or no blue, and read on both grounds.

Colour vision deficiency is simulated as Machado, Oliveira and Fernandes have it (A Physiologically-based Model for
Simulation of Color Vision Deficiency, IEEE TVCG 15(6), 2009), severity 1.0, on linear RGB. Distances are CIE 1976
(ΔE*ab) under D65; contrast is WCAG 2's.
"""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.judging import printed
from support.scenes import Scene, answer

from codingplan_bar.bars.adapters import chip
from codingplan_bar.bars.adapters.ansi import sequence
from codingplan_bar.bars.tones import CHIPS, COLORS, ink
from codingplan_bar.commands.output import CALM
from codingplan_bar.facts import are_safe
from codingplan_bar.palette import STATES, THEMES, legible
from codingplan_bar.palette import contrast as palette_contrast

VISIONS = {
    "all three": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
D65 = (0.95047, 1.0, 1.08883)

GROUNDS = {
    "dark": ("#000000", "#1e1e2e", "#222222", "#282828", "#2e3440"),
    "light": ("#ffffff", "#eff1f5", "#eceff4", "#e6e9ef", "#eee8d5"),
}
"""Black and white, polybar's and i3status-rust's own, and those of widespread themes (Catppuccin, Gruvbox, Nord,
Solarized)."""
PLAIN = {"dark": "#d8dee9", "light": "#2e3440"}
"""What text without a colour looks like there: the state `ok` is told apart from it, too."""
LEAST_DISTANCE = 20
"""Ten times what is just noticed: told apart as small text, and from memory."""
LEAST_CONTRAST = 4.5
"""WCAG 2's for text."""

Triple = tuple[float, float, float]


def palette(ground: str) -> dict[str, str]:
    """A colour a hue: what runs out wears that of a warning, and is told by its sign and its day."""
    assert COLORS["runs_out"] == COLORS["warning"]
    return {state: shades[ground == "light"] for state, shades in COLORS.items() if state != "runs_out"}


def linear(color: str) -> Triple:
    channels = [value / 255 for value in bytes.fromhex(color[1:])]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def times(matrix: tuple[tuple[float, float, float], ...], vector: Triple) -> Triple:
    one, two, three = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return one, two, three


def seen(color: str, vision: str) -> Triple:
    red, green, blue = (min(max(channel, 0.0), 1.0) for channel in times(VISIONS[vision], linear(color)))
    return red, green, blue


def lab(light: Triple) -> Triple:
    ratios = [value / white for value, white in zip(times(TO_XYZ, light), D65, strict=True)]
    x, y, z = (ratio ** (1 / 3) if ratio > 216 / 24_389 else (24_389 / 27 * ratio + 16) / 116 for ratio in ratios)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: str, other: str, vision: str) -> float:
    pair = zip(lab(seen(one, vision)), lab(seen(other, vision)), strict=True)
    return sum((a - b) ** 2 for a, b in pair) ** 0.5


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(times(TO_XYZ, linear(color))[1] for color in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


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
        ({}, "1;38;2;242;184;58"),
        ({"COLORTERM": "truecolor", "TERM": "xterm-256color"}, "1;38;2;242;184;58"),
        ({"COLORTERM": "24bit", "COLORFGBG": "0;15"}, "1;38;2;136;91;0"),
        ({"COLORFGBG": "0;default;15"}, "1;38;2;136;91;0"),
        ({"COLORFGBG": "15;0"}, "1;38;2;242;184;58"),
        ({"COLORFGBG": "nonsense"}, "1;38;2;242;184;58"),
        ({"TERM": "xterm-256color"}, "1;38;5;215"),
        ({"TERM": "screen-256color", "COLORFGBG": "0;15"}, "1;38;5;94"),
        ({"TERM": "linux"}, "1;33"),
        ({"NO_COLOR": "1", "COLORTERM": "truecolor"}, ""),
    ],
)
def test_a_terminal_is_given_the_colours_that_it_has_for_the_ground_that_it_names(environ, look):
    scene = Scene(answer(weekly=3_750), environ=environ)
    expected = f"5h 21% · \x1b[{look}m! wk 75%\x1b[0m · mo 66%\n" if look else "5h 21% · ! wk 75% · mo 66%\n"
    assert printed("ansi", scene.view()) == expected


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
