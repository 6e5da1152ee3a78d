"""The pictures of docs/looks.md: their colours, measured on their pixels, and their sizes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from support.showroom.sheets import GAP, PANELS, SCENES

from codingplan_bar.commands.page.drawing import GRAPHIC
from codingplan_bar.palette import LEAST, contrast

FOLDER = Path(__file__).parents[2] / "docs/pictures"
BARS = ("waybar", "polybar", "tmux", "i3status-rust", "i3blocks")
LARGEST, LARGEST_IN_ALL = 150_000, 1_200_000
LEAST_ROW = 16
CELL, GAP_OF_WORDS, THICKEST = 17, 9, 5
"""Pixels of a terminal's row, between two words at the least, and of a bar's height at the most."""


def rows(bar, panel, *, whole=False):
    """The rows of a panel, each as the colours in it, or `whole`: those that begin with the palette's ground."""
    with Image.open(FOLDER / f"{bar}.png") as picture:
        seen = picture.convert("RGB")
    width = (seen.width - 3 * GAP) // 2
    left = GAP + PANELS.index(panel) % 2 * (width + GAP)
    pixels = seen.crop((left, 0, left + width, seen.height)).tobytes()
    lines = [pixels[at : at + 3 * width] for at in range(0, len(pixels), 3 * width)]
    ground = bytes.fromhex(panel.theme.ground[1:])
    kept = [line for line in lines if line.startswith(4 * ground)]
    return kept if whole else [{line[at : at + 3] for at in range(0, len(line), 3)} for line in kept]


def hexed(pixel):
    return "#" + pixel.hex()


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
@pytest.mark.parametrize("bar", BARS)
def test_each_state_has_a_line_and_its_strongest_pixel_stands_out(bar, panel):
    found = rows(bar, panel)
    assert len(found) >= LEAST_ROW * len(SCENES)
    height = len(found) // len(SCENES)
    ground = panel.theme.ground
    weak = {}
    for number, name in enumerate(SCENES):
        band = {pixel for row in found[number * height : (number + 1) * height] for pixel in row}
        strongest = max(contrast(hexed(pixel), ground) for pixel in band)
        if strongest < LEAST:
            weak[name] = round(strongest, 2)
    assert weak == {}


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
@pytest.mark.parametrize("bar", ["waybar", "tmux", "i3blocks"])
def test_each_colour_of_the_palette_is_drawn_and_stands_out(bar, panel):
    """In bold letters, which have pixels of the whole colour; what is old is drawn with thin strokes."""
    drawn = {pixel for row in rows(bar, panel) for pixel in row}
    low = {}
    for state, color in panel.colors.items():
        wanted = bytes.fromhex(color[1:])
        near = min(drawn, key=lambda pixel: sum((a - b) ** 2 for a, b in zip(pixel, wanted, strict=True)))
        ratio = contrast(hexed(near), panel.theme.ground)
        if ratio < LEAST or max(abs(a - b) for a, b in zip(near, wanted, strict=True)) > 24:
            low[state] = (color, hexed(near), round(ratio, 2))
    assert low == {}


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
@pytest.mark.parametrize("page", ["status", "page"])
def test_the_states_colour_is_drawn_on_a_terminal_page_and_stands_out(page, panel):
    """Each panel shows one state; old numbers and a pack in use have no colour of their own.

    `status` asks no terminal for its ground: its colours fill bars, and a sign's ground, alone.
    """
    least = GRAPHIC if page == "status" else LEAST
    drawn = {pixel for row in rows(page, panel) for pixel in row}
    assert max(contrast(hexed(pixel), panel.theme.ground) for pixel in drawn) >= LEAST
    colorful = [pixel for pixel in drawn if max(pixel) - min(pixel) > 60]
    strongest = max((contrast(hexed(pixel), panel.theme.ground) for pixel in colorful), default=least)
    assert strongest >= least


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
@pytest.mark.parametrize("page", ["status", "page", "history"])
def test_each_word_of_a_terminal_page_stands_out_the_secondary_ones_too(page, panel):
    found = words(page, panel)
    assert len(found) > 5
    assert {place: ratio for place, ratio in found.items() if ratio < (GRAPHIC if page == "history" else LEAST)} == {}


def words(page, panel):
    """The contrast of each word's strongest pixel, by its row of the page and its first column; bars are none."""
    told = {}
    lines, ground = rows(page, panel, whole=True), bytes.fromhex(panel.theme.ground[1:])
    for row in range(len(lines) // CELL):
        band = [[line[at : at + 3] for at in range(0, len(line), 3)] for line in lines[row * CELL : (row + 1) * CELL]]
        for left, right in spans([any(line[x] != ground for line in band) for x in range(len(band[0]))]):
            drawn = [set(line[left:right]) - {ground} for line in band]
            if sum(map(bool, drawn)) > THICKEST:
                told[row, left] = max(contrast(hexed(pixel), panel.theme.ground) for line in drawn for pixel in line)
    return told


def spans(drawn):
    """Where something is drawn, as pairs of columns with a gap of a whole character between them."""
    found = []
    for x, is_drawn in enumerate(drawn):
        if is_drawn:
            found[-1:] = (
                [*found[-1:], (x, x + 1)] if not found or x - found[-1][1] > GAP_OF_WORDS else [(found[-1][0], x + 1)]
            )
    return found


def test_the_pictures_are_few_and_small():
    sizes = [(FOLDER / f"{bar}.png").stat().st_size for bar in (*BARS, "status", "page", "history")]
    assert max(sizes) < LARGEST
    assert sum(sizes) < LARGEST_IN_ALL
