"""The chart as a picture: SVG, one panel a window, legible on a light and on a dark ground. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from codingplan_bar.commands.history.chart import COLORS
from codingplan_bar.commands.history.series import Series
from codingplan_bar.show.phrases import clock

NAMESPACE = "http://www.w3.org/2000/svg"
WIDTH, HEIGHT = 760, 130
LEFT, TOP = 44, 34
PANEL = 90
"""Pixels: of the picture, of a window's part of it, of what is left free, of the drawn height."""

STYLE = """
text { font: 13px sans-serif; fill: #333; }
.scale { font-size: 11px; fill: #767676; }
.grid { stroke: #ccc; stroke-width: 1; }
.reset { stroke: #888; stroke-width: 1; stroke-dasharray: 2 3; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
@media (prefers-color-scheme: dark) { text { fill: #ddd; } .scale { fill: #999; } .grid { stroke: #444; } }
"""


def svg(drawn: Sequence[Series], begin: float, end: float, words: Mapping[str, str]) -> str:
    """The whole picture; `words` are the bars' own, `begin` and `end` in seconds since 1970."""
    panels = [_panel(each, number * HEIGHT, begin, end, words) for number, each in enumerate(drawn)]
    height = len(drawn) * HEIGHT + 24
    first, last = (escape(clock(instant, end, words)) for instant in (begin, end))
    return "\n".join(
        [
            f'<svg xmlns="{NAMESPACE}" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}">',
            f"<style>{STYLE}</style>",
            *panels,
            f'<text class="scale" x="{LEFT}" y="{height - 8}">{first}</text>',
            f'<text class="scale" x="{WIDTH - 8}" y="{height - 8}" text-anchor="end">{last}</text>',
            "</svg>",
        ]
    )


def _panel(drawn: Series, top: int, begin: float, end: float, words: Mapping[str, str]) -> str:
    base = top + TOP + PANEL

    def x(at: float) -> float:
        return LEFT + (at - begin) / (end - begin) * (WIDTH - LEFT - 8)

    grid = [_grid(base - share * PANEL / 100, share) for share in (0, 50, 100)]
    resets = [f'<path class="reset" d="M{x(at):.1f} {base}V{top + TOP}"/>' for at in drawn.resets if begin <= at <= end]
    lines = [_line([(x(at), base - percent * PANEL / 100) for at, percent in spell]) for spell in drawn.spells()]
    name = f"{words[drawn.window]} · {drawn.points[-1][1]:.0f} %"
    head = f'<text x="{LEFT}" y="{top + TOP - 12}">{escape(name)}</text>'
    color = COLORS[drawn.window]
    return "\n".join([head, *grid, *resets, *(line.format(color=color) for line in lines)])


def _grid(y: float, share: int) -> str:
    line = f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - 8}"/>'
    return line + f'<text class="scale" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{share}</text>'


def _line(points: list[tuple[float, float]]) -> str:
    """A spell as a line; a single point as a dot."""
    if len(points) == 1:
        return f'<circle cx="{points[0][0]:.1f}" cy="{points[0][1]:.1f}" r="2" fill="{{color}}"/>'
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline class="line" stroke="{{color}}" points="{path}"/>'
