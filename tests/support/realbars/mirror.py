"""A second bar of the same kind and configuration that shows what it is told: the picture to compare with."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from support.waiting import LONGEST, settled, until

if TYPE_CHECKING:
    from support.realbars.picture import Picture
    from support.realbars.room import Room


TOOLTIP_DELAY = 0.6
"""Seconds: GTK shows a tooltip half a second after the pointer has come to rest; a style for hovering comes at once."""
TRIES = int(LONGEST / (2 * TOOLTIP_DELAY))


class Screen(Protocol):
    """Where a bar is drawn and touched. `empty` is its picture before anything is drawn on it."""

    size: tuple[int, int]
    empty: Picture

    def picture(self) -> Picture:
        """What it shows."""
        ...

    def move(self, x: int, y: int) -> None:
        """Put the pointer on a pixel."""
        ...

    def press(self, button: str) -> None:
        """Press a button, or turn the wheel, where the pointer is."""
        ...


class Raw(str):
    """A piece of expected text that is in the bar's own markup already; every other piece is plain text."""

    __slots__ = ()


class Feed:
    """The pipe out of which a mirror reads its lines: `command` prints them."""

    def __init__(self, room: Room, name: str) -> None:
        path = room.pipe(name)
        self.command = f"cat {path}"
        self._pipe = os.open(path, os.O_RDWR)  # read too, so that opening does not wait for the reader
        room.ending.callback(os.close, self._pipe)

    def say(self, line: str) -> None:
        """Make it the mirror's present line."""
        os.write(self._pipe, line.encode() + b"\n")


class Line(NamedTuple):
    """What a mirror is told: a line in its bar's grammar, and where the pointer rests while it is looked at."""

    text: str
    pointer: tuple[int, int] | None = None


class Mirror:
    """Draws lines on a screen of its own. `blank` is the line that makes the module disappear."""

    def __init__(self, screen: Screen, feed: Feed, blank: str) -> None:
        self._screen, self._feed, self._blank = screen, feed, blank
        self._known: dict[Line, Picture] = {}
        feed.say(blank)

    @cached_property
    def blank(self) -> Picture:
        """The bar without its module."""
        return first_paint(self._screen)

    def picture(self, line: Line) -> Picture:
        """The bar with this line in its module, at rest. Never what an earlier line left: it is blanked before."""
        if line.text == self._blank:
            return self.blank
        if line not in self._known:
            until(lambda: self._after(self._blank) == self.blank, "a blank mirror")
            until(lambda: self._after(line.text) != self.blank, f"the mirror to show {line.text}")
            label = settled(self._screen.picture)
            self._known[line] = self._hovered(line.pointer) if line.pointer else label
        return self._known[line]

    def _after(self, text: str) -> Picture:
        """What is drawn after that line. It is said again: of two that polybar reads at once, it draws the first."""
        self._feed.say(text)
        return self._screen.picture()

    def _hovered(self, point: tuple[int, int]) -> Picture:
        seen = hover(self._screen, point)
        leave(self._screen)
        return seen


def first_paint(screen: Screen) -> Picture:
    """The screen once something stands on it and rests."""
    until(lambda: screen.picture() != screen.empty, "the bar's first picture")
    return settled(screen.picture)


def hover(screen: Screen, point: tuple[int, int]) -> Picture:
    """Rest the pointer on a pixel until a tooltip has come up, and return the screen with it; else TimeoutError.

    GTK drops a tooltip that is due just when the last one's half second ends; then the pointer must stir once more.
    """
    leave(screen)
    before = settled(screen.picture)
    for _ in range(TRIES):
        screen.move(point[0] + 1, point[1])
        screen.move(*point)
        with suppress(TimeoutError):
            until(lambda: screen.picture() != before, "a tooltip", within=2 * TOOLTIP_DELAY)
            return settled(screen.picture, quiet=TOOLTIP_DELAY)
    raise TimeoutError("no tooltip comes up")


def leave(screen: Screen) -> None:
    """Put the pointer where no bar is: into the lower right corner."""
    width, height = screen.size
    screen.move(width - 1, height - 1)
