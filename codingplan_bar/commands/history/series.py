"""The record as lines to draw: a percent for each stretch of time, where one was known, and the resets. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from codingplan_bar.fetch.history.entry import Entry
from codingplan_bar.model import SPANS, WindowName

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
        for (at, percent), until in zip(self.points, self._ends(end), strict=True):
            first, last = int((at - begin) // width), int((until - begin) // width)
            for column in range(max(first, 0), min(last, number - 1) + 1):
                highest[column] = max(highest[column] or 0.0, percent)
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
