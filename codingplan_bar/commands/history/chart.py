"""The chart in a terminal: a block of rows a window, a column a stretch of time. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from codingplan_bar.commands.history.series import Series
from codingplan_bar.commands.painting import painted
from codingplan_bar.show.phrases import clock, padded, width

COLUMN = "▁▂▃▄▅▆▇█"
ROWS = 4
"""Rows of a block: 32 steps of about 3 percent."""
MARGIN = 5
"""Columns in front: a percentage, and the axis."""
COLORS = {"five_hour": "#0072b2", "weekly": "#e69f00", "monthly": "#009e73"}
"""Okabe and Ito's, which colour-blind people tell apart."""


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
        return [self._head(drawn), *lines, " " * (MARGIN - 1) + "└" + self._axis(drawn)]

    def footer(self) -> str:
        """The first and the last instant, below the axis."""
        first, last = (clock(instant, self.end, self.words) for instant in (self.begin, self.end))
        gap = self.columns - width(first) - width(last)
        return " " * MARGIN + padded(first, width(first) + max(gap, 1)) + last

    def _head(self, drawn: Series) -> str:
        at, percent = drawn.points[-1]
        when = clock(at, self.end, self.words)
        return f"{self.words[drawn.window]} · {percent:.0f} % ({when})"

    def _axis(self, drawn: Series) -> str:
        places = {int((at - self.begin) / (self.end - self.begin) * self.columns) for at in drawn.resets}
        return "".join("┴" if column in places else "─" for column in range(self.columns))


def _rows(percents: list[float | None]) -> list[str]:
    """The columns as rows, the highest first; any use at all shows, and nothing known is empty."""
    heights = [_height(percent) for percent in percents]
    return ["".join(_cell(height - 8 * row) for height in heights) for row in reversed(range(ROWS))]


def _height(percent: float | None) -> int:
    """Eighths of a row, 1 at the least where a number is known."""
    return 0 if percent is None else max(int(percent / 100 * ROWS * 8), 1)


def _cell(eighths: int) -> str:
    return COLUMN[min(eighths, 8) - 1] if eighths > 0 else " "
