"""What the colours come to on a screen: measured on the pixels of real bars, dark and light.

Each state stands in a bar as a module of its own, with room around it, so that a run of columns in which anything is
drawn is one state. Thin strokes are anti-aliased: what counts is the pixel that stands out most.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from support.judging import printed
from support.machine import settled, until
from support.realbars.bar import hover
from support.realbars.picture_bars import WAYBAR_LOOK
from support.scenes import NO_PLAN, OFFLINE, SIGN_IN, Scene, answer, failure, running_out
from support.showroom.sheets import Panel
from support.vision import LEAST_CONTRAST, LEAST_DISTANCE, VISIONS, contrast, distance

from codingplan_bar.bars.signs_and_colors import CHIPS
from codingplan_bar.configure.machine import Machine
from codingplan_bar.looks import bar_themes

if TYPE_CHECKING:
    from pathlib import Path

    from support.realbars.room import Room
    from support.realbars.screens import Picture

ALONE = 'windows = ["weekly"]\n'
"""One window, so that all of the line is in its state."""
SCENES = {
    "runs_out": Scene(past=running_out(), settings=ALONE),
    "warning": Scene(answer(weekly=4_000), settings=ALONE),
    "critical": Scene(answer(weekly=4_700), settings=ALONE),
    "used_up": Scene(answer(weekly=5_000), settings=ALONE),
    "stale": Scene(problem=OFFLINE, later=601, settings=ALONE),
    "error": Scene(failure(NO_PLAN), settings=ALONE),
    "signed_out": Scene(failure(SIGN_IN), settings=ALONE),
}
LOOK_ALIKE = ({"runs_out", "warning"}, {"critical", "used_up"})
"""Of one colour: told apart by their signs and words."""
GROUND = "#101418"
"""That of `WAYBAR_LOOK`."""
GROUNDS = {
    "dark": ((GROUND, "#e6e6e6"), ("#2e3440", "#d8dee9")),
    "light": (("#ffffff", "#1e1e1e"), ("#e6e9ef", "#4c4f69")),
}
"""A bar's ground and its text."""
ROOM = 40
"""Pixels between two modules are more than this; none within one are."""
CASES = [(theme, *look) for theme, looks in GROUNDS.items() for look in looks]


def files(room: Room, bar: str, theme: str) -> dict[str, Path]:
    """What that bar is given for each state, as files."""
    made = {}
    for state, scene in SCENES.items():
        view = replace(scene, settings=f'theme = "{theme}"\n{scene.settings}').view()
        made[state] = room.write(f"{bar}-{state}", printed(bar, view))
    return made


def columns(picture: Picture) -> list[set[str]]:
    """The colours of each column of the picture."""
    pixels = picture.pixels
    step = picture.width * 3
    return [{f"#{pixels[at : at + 3].hex()}" for at in range(x * 3, len(pixels), step)} for x in range(picture.width)]


def words(picture: Picture, ground: str) -> list[Counter[str]]:
    """How often each colour is in each of the runs of columns in which something is drawn, from left to right."""
    found: list[tuple[int, int]] = []
    for x, colors in enumerate(columns(picture)):
        if colors != {ground}:
            is_new = not found or x - found[-1][1] > ROOM
            found[-1:] = [*found[-1:], (x, x)] if is_new else [(found[-1][0], x)]
    shown = []
    for left, right in found:
        rows = (picture.row(y)[left * 3 : (right + 1) * 3] for y in range(picture.height))
        shown.append(Counter(f"#{row[at : at + 3].hex()}" for row in rows for at in range(0, len(row), 3)))
    return shown


def judged(picture: Picture, ground: str) -> dict[str, str]:
    """Each state's colour on the screen. Fails where one cannot be read, or is taken for another."""
    shown = words(picture, ground)
    assert len(shown) == len(SCENES)
    colors = {}
    for state, counted in zip(SCENES, shown, strict=True):
        drawn = Counter({color: number for color, number in counted.items() if color != ground})
        behind = drawn.most_common(1)[0][0] if state in CHIPS else ground
        letters = max(drawn, key=lambda color: contrast(color, behind))
        assert contrast(letters, behind) >= LEAST_CONTRAST, state
        colors[state] = behind if state in CHIPS else letters
    near = {
        (one, other, vision): round(distance(colors[one], colors[other], vision), 1)
        for one, other in combinations(colors, 2)
        for vision in VISIONS
        if {one, other} not in LOOK_ALIKE
    }
    assert {pair: found for pair, found in near.items() if found < LEAST_DISTANCE} == {}
    return colors


@pytest.mark.parametrize(("theme", "ground", "text"), CASES)
def test_each_state_is_read_and_told_apart_on_waybar(theme, ground, text, room, sways):
    (screen, _), bus = sways
    shown = files(room, "waybar", theme)
    module = {"return-type": "json", "format": "{}", "interval": "once"}
    config = {"height": 30, "modules-left": [f"custom/{state}" for state in shown]}
    config |= {f"custom/{state}": {**module, "exec": f"cat {path}"} for state, path in shown.items()}
    look = WAYBAR_LOOK.replace(GROUND, ground).replace("#e6e6e6", text)
    room.write("contrast.json", json.dumps(config))
    room.write("contrast.css", f"{look}label {{ margin: 0 {ROOM * 5 // 8}px; }}\n")
    where = {**screen.environ, "GDK_BACKEND": "wayland", "DBUS_SESSION_BUS_ADDRESS": bus}
    room.start("waybar", "-c", "contrast.json", "-s", "contrast.css", log="bar.log", environ=where)
    judged(the_bar(screen, ground, len(SCENES)), ground)


@pytest.mark.parametrize(("theme", "ground", "text"), CASES)
def test_each_state_is_read_and_told_apart_on_polybar(theme, ground, text, room, xvfbs):
    screen = xvfbs[0]
    shown = files(room, "polybar", theme)
    names = {state: state.replace("_", "-") for state in shown}
    config = POLYBAR.format(ground=ground, text=text, names=" ".join(names.values()))
    config += "".join(MODULE.format(name=names[state], file=path, room=ROOM // 8) for state, path in shown.items())
    path = room.write("contrast.ini", config)
    room.start("polybar", "-c", str(path), "-l", "error", "main", log="bar.log", environ={"DISPLAY": screen.display})
    judged(the_bar(screen, ground, len(SCENES)), ground)


TIPS = ("a_week_that_runs_out", "used_up, five hours", "stale, by age", "ok")
TIP = """\
window#waybar label {{ min-width: {width}px; }}
tooltip {{ background: {ground}; border: none; border-radius: 0; }}
tooltip label {{ color: {text}; text-shadow: none; font-family: "DejaVu Sans"; font-size: 13px; }}
"""
WIDTH, THICKEST, DOT = 300, 8, 3
"""Pixels: of a module, of a bar's height, and of the height of `·`."""
SPACES = {False: 3, True: 6}
"""Pixels between two words, in English and in Chinese, whose characters have room around them."""


@pytest.mark.parametrize("chinese", [False, True], ids=["en", "zh"])
@pytest.mark.parametrize("name", ["catppuccin-mocha", "nord", "catppuccin-latte", "solarized-light", "light"])
def test_each_word_of_waybars_tooltip_is_read_the_paler_ones_too(name, chinese, room, sways, tmp_path):
    (screen, _), bus = sways
    panel = Panel(name, chinese=chinese, below="")
    ground = panel.theme.ground
    style = room.write("tips.css", WAYBAR_LOOK + TIP.format(width=WIDTH, ground=ground, text=panel.theme.text))
    look = bar_themes.waybar(style, Machine({"HOME": str(room.folder)}))
    config = {"height": 30, "modules-left": [f"custom/{number}" for number in range(len(TIPS))]}
    for number, case in enumerate(TIPS):
        path = room.write(f"{number}.json", panel.line("waybar", case, look) + "\n")
        config[f"custom/{number}"] = {"return-type": "json", "format": "xx", "interval": "once", "exec": f"cat {path}"}
    room.write("tips.json", json.dumps(config))
    where = {**screen.environ, "GDK_BACKEND": "wayland", "DBUS_SESSION_BUS_ADDRESS": bus}
    until(lambda: screen.picture() == screen.empty, "the bar before it to be gone")
    room.start("waybar", "-c", "tips.json", "-s", "tips.css", log="bar.log", environ=where)
    the_bar(screen, GROUND, len(TIPS))
    before = screen.picture()
    for number, case in enumerate(TIPS):
        seen = hover(screen, (number * WIDTH + WIDTH // 2, 15))
        tip = seen.crop(before.difference(seen))
        tip.save(tmp_path / f"{case}.png")
        ratios = ratios_of_words(tip, ground, SPACES[chinese])
        assert len(ratios) > 8, case
        assert {place: ratio for place, ratio in ratios.items() if ratio < LEAST_CONTRAST} == {}, case


def ratios_of_words(picture: Picture, ground: str, space: int) -> dict[tuple[int, int], float]:
    """The contrast of each word's strongest pixel, by its upper left corner; a bar is none, and no dot between two."""
    rows = map(picture.row, range(picture.height))
    pixels = [[f"#{row[at : at + 3].hex()}" for at in range(0, len(row), 3)] for row in rows]
    found = {}
    for top, bottom in runs([set(row) != {ground} for row in pixels], 1):
        line = pixels[top:bottom] if bottom - top > THICKEST else []
        for left, right in runs([{row[x] for row in line} - {ground} for x in range(picture.width)], space):
            drawn = [set(row[left:right]) - {ground} for row in line]
            if sum(map(bool, drawn)) > DOT:
                found[top, left] = max(contrast(color, ground) for colors in drawn for color in colors)
    return found


def runs(are_drawn: list[Any], gap: int) -> list[tuple[int, int]]:
    """Where something is drawn, from and to, parted by so much where nothing is."""
    found: list[tuple[int, int]] = []
    for place, is_drawn in enumerate(are_drawn):
        if is_drawn and found and place - found[-1][1] < gap:
            found[-1] = (found[-1][0], place + 1)
        elif is_drawn:
            found.append((place, place + 1))
    return found


POLYBAR = """\
[bar/main]
width = 100%
height = 30
background = {ground}
foreground = {text}
font-0 = DejaVu Sans Mono:size=10;2
modules-left = {names}
"""
MODULE = """\
[module/{name}]
type = custom/script
exec = cat {file}; exec sleep 1000
tail = true
format-padding = {room}
"""


def the_bar(screen, ground, modules):
    """The bar's own rows of the screen, once so many modules are in them and they rest."""
    height = 30

    def rows():
        picture = screen.picture()
        return picture._replace(height=height, pixels=picture.pixels[: picture.width * 3 * height])

    until(lambda: len(words(rows(), ground)) == modules, "all modules in the bar", within=60)
    return settled(rows)
