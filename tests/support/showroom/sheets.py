"""Sheets: every state of a bar in six palettes and two languages, as the real bar draws them, on one picture.

A panel is one palette. Ours are chosen by `theme`; the well-known ones stand in the user's own configuration, from
which they are read as `setup` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont
from support.scenes import CASES

from codingplan_bar import bars, themes
from codingplan_bar.themes import OURS, THEMES, Look, Theme

if TYPE_CHECKING:
    from pathlib import Path

    from support.realbars.screens import Picture
    from support.scenes import Scene

SCENES = (
    *("ok", "a_week_that_runs_out", "warning", "critical", "used_up, five hours", "token_plan_month_only"),
    *("token_plan_packs", "active", "stale, by age", "signed_out, with numbers", "error, no plan"),
    "a_plan_that_ends_within_a_day",
)
"""The cases of the golden files that a sheet shows, from above: each state, used up, the Token Plan, its packs."""
NAMES = {
    "catppuccin": ("yellow", "red", "mauve", "blue", "overlay2"),
    "gruvbox": ("yellow", "red", "purple", "blue", "gray"),
}
"""What the palettes' own files call the colours, in the order of `themes.STATES`."""
GAP, TITLE = 14, 24
BETWEEN = "#d4d6da"
SHADES = 34
"""Of a panel that a file of 256 colours keeps, beside the palette's own."""


@dataclass(frozen=True)
class Panel:
    """A palette in one language, and the scene whose tooltip or page is shown below the lines."""

    name: str
    chinese: bool
    below: str

    @property
    def is_ours(self) -> bool:
        """Whether it is one of ours, chosen by its name."""
        return self.name in OURS

    @property
    def theme(self) -> Theme:
        """Its ground, its text and its colours."""
        return {**OURS, **THEMES}[self.name]

    @property
    def named(self) -> dict[str, str]:
        """The colours as the user's own file names them."""
        names = NAMES[self.name.partition("-")[0]]
        return {"base": self.theme.ground, "text": self.theme.text, **dict(zip(names, self.theme.colors, strict=True))}

    def scene(self, name: str) -> Scene:
        """The scene in the panel's language."""
        found = CASES[name]
        return replace(found, settings=found.settings + '\nlanguage = "zh"') if self.chinese else found

    def printed(self, bar: str, look: Look) -> list[str]:
        """What a bar's command prints in each state; `look` is what was read of its configuration."""
        return [self.line(bar, name, look) for name in SCENES]

    def line(self, bar: str, name: str, look: Look) -> str:
        """The same in one of them."""
        scene = self.scene(name)
        return bars.render(bar, {**scene.facts, **self.facts(look)}, scene.snapshot.fetched_at + scene.later, {})

    @property
    def colors(self) -> dict[str, str]:
        """The colour of each state, as the bar shows it."""
        return self.theme.readable() if self.is_ours else self.theme.readable(themes.OWN_LEAST)

    def facts(self, look: Look) -> dict[str, str]:
        """The facts of its colours."""
        if self.is_ours:
            return themes.facts(self.name)
        told = [themes.own_facts(place, theme) for place, theme in look.themes.items()]
        return {name: fact for facts in told for name, fact in facts.items()}


PANELS = (
    Panel("dark", chinese=False, below="a_week_that_runs_out"),
    Panel("light", chinese=False, below="used_up, five hours"),
    Panel("catppuccin-mocha", chinese=False, below="token_plan_packs"),
    Panel("catppuccin-latte", chinese=False, below="warning"),
    Panel("gruvbox", chinese=True, below="a_week_that_runs_out"),
    Panel("gruvbox-light", chinese=True, below="stale, by age"),
)


def rows_of(picture: Picture, height: int, count: int) -> list[bytes]:
    """So many rows of that height, from above, each as its pixels."""
    return [b"".join(picture.row(y) for y in range(n * height, (n + 1) * height)) for n in range(count)]


def is_written(row: bytes) -> bool:
    """Whether something stands on it: it has more than two colours, as letters with soft edges have."""
    return len({row[at : at + 3] for at in range(0, len(row), 3)}) > 3


def sheet(panels: Mapping[Panel, Image.Image], path: Path) -> None:
    """Two panels side by side, each below its name, as a PNG file of few bytes."""
    pictures = list(panels.items())
    pairs = [pictures[at : at + 2] for at in range(0, len(pictures), 2)]
    width = max(picture.width for picture in panels.values())
    heights = [max(picture.height for _, picture in pair) + TITLE + GAP for pair in pairs]
    whole = Image.new("RGB", (2 * width + 3 * GAP, sum(heights) + GAP), BETWEEN)
    pen, font = ImageDraw.Draw(whole), ImageFont.load_default(size=14)
    top = GAP
    for pair, height in zip(pairs, heights, strict=True):
        for column, (panel, picture) in enumerate(pair):
            left = GAP + column * (width + GAP)
            pen.text((left, top), panel.name, "#202226", font=font)
            whole.paste(picture, (left, top + TITLE))
        top += height
    indexed(whole, panels).save(path, optimize=True)


def portrait(picture: Image.Image, path: Path) -> None:
    """The first panel alone, for the bar's own page."""
    indexed(picture, {PANELS[0]: picture}).save(path, optimize=True)


def indexed(whole: Image.Image, panels: Mapping[Panel, Image.Image]) -> Image.Image:
    """The same in at most 256 colours: each panel's own and its most frequent ones stay as they are."""
    kept = [rgb for _, rgb in most(whole)[:4]]
    for panel, picture in panels.items():
        own = {bytes.fromhex(color[1:]) for color in (*panel.colors.values(), panel.theme.text)}
        seen = [rgb for _, rgb in most(picture)]
        kept += [rgb for rgb in seen if bytes(rgb) in own] + [rgb for rgb in seen if bytes(rgb) not in own][:SHADES]
    kept = list(dict.fromkeys(kept))[:256]
    nearest = {rgb: min(range(len(kept)), key=partial(distance, rgb, kept)) for _, rgb in most(whole)}
    image = Image.frombytes("P", whole.size, bytes(map(nearest.__getitem__, whole.getdata())))
    image.putpalette([channel for rgb in kept for channel in rgb])
    return image


def most(picture: Image.Image) -> list[tuple[int, tuple[int, int, int]]]:
    """The colours, the most frequent first."""
    return sorted(picture.getcolors(2**24), reverse=True)


def distance(rgb: tuple[int, int, int], kept: list[tuple[int, int, int]], place: int) -> int:
    """How far a colour is from one of those."""
    return sum((one - other) ** 2 for one, other in zip(rgb, kept[place], strict=True))


def image(picture: Picture) -> Image.Image:
    """The same pixels."""
    return Image.frombytes("RGB", picture[:2], picture.pixels)


def stacked(pieces: list[Image.Image], ground: str) -> Image.Image:
    """One below the other, at the right end, on that ground."""
    width = max(piece.width for piece in pieces)
    whole = Image.new("RGB", (width, sum(piece.height for piece in pieces)), ground)
    top = 0
    for piece in pieces:
        whole.paste(piece, (width - piece.width, top))
        top += piece.height
    return whole
