"""The recorded past as lines, as a chart for the terminal, and as an SVG picture. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import cycle, pairwise

from codingplan_bar.bars.phrases import clock, padded, percent, width, window_label
from codingplan_bar.commands.output import painted
from codingplan_bar.history.record import Entry
from codingplan_bar.model import WindowName
from codingplan_bar.plans import SPANS

HOLDS = 20 * 60
"""Seconds for which a number holds until the next one: beyond that nothing was known, and no line is drawn."""


@dataclass(frozen=True, slots=True)
class Series:
    """One window: its `points` in time, percents of 0 to 100, and the instants at which it was `reset`."""

    window: WindowName
    points: tuple[tuple[int, float], ...]
    resets: tuple[int, ...]

    def columns(self, begin: float, end: float, number: int) -> list[float | None]:
        """The highest percent in each of so many stretches of equal length; None where nothing was known."""
        width = (end - begin) / number
        highest: list[float | None] = [None] * number
        for (at, used), until in zip(self.points, self._ends(end), strict=True):
            first, last = int((at - begin) // width), int((until - begin) // width)
            for column in range(max(first, 0), min(last, number - 1) + 1):
                highest[column] = max(highest[column] or 0.0, used)
        return highest

    def spells(self) -> list[list[tuple[int, float]]]:
        """The points in groups between which nothing was known."""
        groups: list[list[tuple[int, float]]] = []
        for point in self.points:
            if not groups or point[0] - groups[-1][-1][0] > HOLDS:
                groups.append([])
            groups[-1].append(point)
        return groups

    def _ends(self, end: float) -> list[float]:
        """Until when each number holds: the next one, where that is near, else its own instant."""
        instants = [at for at, _ in self.points]
        ends = [later - 1 if later - at <= HOLDS else at for at, later in pairwise(instants)]
        return [*ends, min(instants[-1], end)] if instants else []


def label(name: WindowName, words: Mapping[str, str]) -> str:
    """A window's name in the bars' words."""
    return window_label(name, SPANS[name].minutes * 60, words)


def heading(drawn: Series, end: float, words: Mapping[str, str]) -> str:
    """A window's name with its last number, and when that was read."""
    at, used = drawn.points[-1]
    return f"{label(drawn.window, words)} · {percent(used)} ({clock(at, end, words)})"


def series(entries: Sequence[Entry]) -> list[Series]:
    """Each window that was ever recorded, in the order of their lengths."""
    found = []
    for name in SPANS:
        pairs = [(entry.at, window) for entry in entries if (window := entry.window(name))]
        if pairs:
            points = tuple((at, window.used_percent) for at, window in pairs)
            found.append(Series(name, points, _resets([(at, window.resets_at) for at, window in pairs])))
    return found


def _resets(named: Sequence[tuple[int, int | None]]) -> tuple[int, ...]:
    """The resets that were named before and had passed by the next entry."""
    passed = (reset for (_, reset), (at, later) in pairwise(named) if reset and reset <= at and later != reset)
    return tuple(dict.fromkeys(passed))


COLUMN = "▁▂▃▄▅▆▇█"
ROWS = 4
"""Rows of a block: 32 steps of about 3 percent."""
MARGIN = 5
"""Columns in front: a percentage, and the axis."""
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7")
"""Okabe and Ito's, which colour-blind people tell apart."""
COLORS = dict(zip(SPANS, cycle(PALETTE), strict=False))
"""A colour a window, the shortest first."""


class Chart:
    """How wide it is, from when to when, and in which words; `words` are the bars' own."""

    def __init__(self, columns: int, begin: float, end: float, words: Mapping[str, str]) -> None:
        """`begin` and `end` in seconds since 1970."""
        self.columns = max(columns - MARGIN, 10)
        self.begin, self.end = begin, end
        self.words = words

    def block(self, drawn: Series, *, colorful: bool) -> list[str]:
        """One window: its name with the last number, the rows, and the axis with the resets."""
        percents = drawn.columns(self.begin, self.end, self.columns)
        color = COLORS[drawn.window] if colorful else ""
        rows = [painted(row, color).rstrip() for row in _rows(percents)]
        scale = ["100", *[""] * (ROWS - 2), "0"]
        lines = [f"{label:>{MARGIN - 2}} ┤{row}" for label, row in zip(scale, rows, strict=True)]
        return [heading(drawn, self.end, self.words), *lines, " " * (MARGIN - 1) + "└" + self._axis(drawn)]

    def footer(self) -> str:
        """The first and the last instant, below the axis."""
        first, last = (clock(instant, self.end, self.words) for instant in (self.begin, self.end))
        gap = self.columns - width(first) - width(last)
        return " " * MARGIN + padded(first, width(first) + max(gap, 1)) + last

    def _axis(self, drawn: Series) -> str:
        places = {int((at - self.begin) / (self.end - self.begin) * self.columns) for at in drawn.resets}
        return "".join("┴" if column in places else "─" for column in range(self.columns))


def _rows(percents: list[float | None]) -> list[str]:
    """The columns as rows, the highest first; any use at all shows, and nothing known is empty."""
    heights = [_height(each) for each in percents]
    return ["".join(_cell(height - 8 * row) for height in heights) for row in reversed(range(ROWS))]


def _height(used: float | None) -> int:
    """Eighths of a row, 1 at the least where a number is known."""
    return 0 if used is None else max(int(used / 100 * ROWS * 8), 1)


def _cell(eighths: int) -> str:
    return COLUMN[min(eighths, 8) - 1] if eighths > 0 else " "


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
    lines = [_line([(x(at), base - used * PANEL / 100) for at, used in spell]) for spell in drawn.spells()]
    head = f'<text x="{LEFT}" y="{top + TOP - 12}">{escape(heading(drawn, end, words))}</text>'
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
