"""What every real bar that is judged by its picture can do: show, be compared, be clicked, be signalled.

What is shown is read by comparison. Beside each bar stands a second one of the same kind and configuration, its mirror,
that is told to show the expected text, escaped here for its grammar; if the two pictures agree in every pixel, the bar
shows that text in that look. tmux's row is read cell by cell instead.

A bar's commands run in the test's `room`: its folder is their home and working directory, its `bin` comes first on
their PATH, its `environ` is all that they know.
"""

from __future__ import annotations

import os
import re
import signal
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from support.machine import LONGEST, settled, until
from support.realbars.room import end
from support.realbars.screens import Box

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from support.realbars.room import Room
    from support.realbars.screens import Picture


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


@dataclass(frozen=True)
class Verdict:
    """Whether a bar shows what was expected; true or false, and its repr says why, for a failed assertion."""

    yes: bool
    reason: str

    def __bool__(self) -> bool:
        """The verdict."""
        return self.yes

    def __repr__(self) -> str:
        """The reason."""
        return f"<{self.reason}>"


class PictureBar:
    """A bar on a screen and its mirror. A kind of bar adds how the two are started, and its grammar (`_line`)."""

    mirror: Mirror
    trouble = re.compile("error")

    def __init__(self, room: Room, screen: Screen, evidence: Path) -> None:
        self.room, self.screen, self._evidence = room, screen, evidence
        self._processes: list[subprocess.Popen[bytes]] = []
        leave(screen)
        until(lambda: screen.picture() == screen.empty, "the bar before it to be gone")

    def picture(self) -> Picture:
        """What its screen shows now."""
        return self.screen.picture()

    def settled(self) -> Picture:
        """What its screen shows once it rests."""
        return settled(self.picture)

    def changed(self, since: Picture, *, within: float = LONGEST) -> Picture:
        """Wait until the screen shows something else than `since`, and return the first such picture."""
        until(lambda: self.picture() != since, "a changed picture", within=within)
        return self.picture()

    def shows(self, *pieces: str, within: float = LONGEST, tooltip: str | None = None, **look: Any) -> Verdict:
        """Whether the module shows exactly this, pixel by pixel, now or `within` seconds; no pieces: nothing at all.

        A piece is plain text, or markup if it is `Raw`. `look` is what else the bar's grammar has, such as waybar's
        classes. With `tooltip` the pointer is put on the module and the whole screen is compared.
        """
        if not pieces:
            return self._judge(lambda: self.mirror.blank, within, "nothing")
        verdict = self._judge(lambda: self.mirror.picture(Line(self._line(pieces, look))), within, "".join(pieces))
        if not verdict or tooltip is None:
            return verdict
        return self._tooltip(self._line(pieces, {**look, "tooltip": tooltip}), within, tooltip)

    def box(self) -> Box:
        """Where the module is, once there is one: all that would be different without it. ValueError for no height."""
        until(lambda: self.mirror.blank.difference(self.screen.picture()), "a module")
        return self._box_in(self.settled())

    def click(self, button: str = "left", at: tuple[int, int] | None = None) -> None:
        """Press `left`, `right` or `middle`, or turn the wheel `up` or `down`, on the module or on a pixel."""
        self.screen.move(*(at or self.box().centre))
        self.screen.press(button)
        leave(self.screen)

    def hover(self) -> Picture:
        """Rest the pointer on the module, and return the screen once a tooltip stands on it."""
        return hover(self.screen, self.box().centre)

    def leave(self) -> None:
        """Take the pointer off the bar."""
        leave(self.screen)

    def signal(self, number: int) -> None:
        """Send SIGRTMIN+number to this bar and no other."""
        os.kill(self.pid, signal.SIGRTMIN + number)

    @property
    def pid(self) -> int:
        """The process that signals go to."""
        return self._processes[0].pid

    def alive(self) -> bool:
        """Whether the bar still runs."""
        return self._processes[0].poll() is None

    def end(self) -> None:
        """End the bar and its mirror, so that another can be started in this test."""
        for process in self._processes:
            end(process)

    def complaints(self) -> list[str]:
        """The lines of its log that speak of something wrong; pixels cannot tell bad markup that is shown raw."""
        return [line for line in self.log().split("\n") if self.trouble.search(line)]

    def portrait(self, path: Path) -> None:
        """Save a picture of the bar alone (and of its tooltip, if there is one) as a PNG file, for a page."""
        seen = self.settled()
        seen.crop(self.screen.empty.difference(seen) or Box(0, 0, *self.screen.size)).save(path)

    def log(self) -> str:
        """What the bar and its commands wrote to standard error and output."""
        return (self.room.folder / "bar.log").read_text(encoding="utf-8", errors="replace")

    def _run(self, *command: str, log: str, environ: dict[str, str]) -> None:
        self._processes.append(self.room.start(*command, log=log, environ=environ))

    def _line(self, pieces: tuple[str, ...], look: dict[str, Any]) -> str:
        raise NotImplementedError

    def _box_in(self, picture: Picture) -> Box:
        box = self.mirror.blank.difference(picture)
        if box is None:
            raise ValueError("the bar shows no module")
        if box.right - box.left == picture.width:
            raise ValueError("without its module the bar is not the same: give it a height")
        return box

    def _painted(self) -> None:
        try:
            first_paint(self.screen)
        except TimeoutError as error:
            raise TimeoutError(f"{error}; its log: {self.log()}") from None

    def _tooltip(self, line: str, within: float, what: str) -> Verdict:
        centre = self.box().centre
        try:
            hover(self.screen, centre)
            return self._judge(lambda: self.mirror.picture(Line(line, centre)), within, what)
        except TimeoutError as error:
            return Verdict(yes=False, reason=f"does not show {what}: {error}")
        finally:
            leave(self.screen)

    def _judge(self, expected: Callable[[], Picture], within: float, what: str) -> Verdict:
        expected()  # the mirror's time is not the bar's
        try:
            until(lambda: self.picture() == expected(), what, within=within)
        except TimeoutError:
            return self._refuted(expected(), what)
        return Verdict(yes=True, reason=f"shows {what}")

    def _refuted(self, expected: Picture, what: str) -> Verdict:
        shown = self.picture()
        shown.save(self._evidence / "shown.png")
        expected.save(self._evidence / "expected.png")
        where = shown.difference(expected)
        return Verdict(yes=False, reason=f"does not show {what}: {where}; see {self._evidence}/shown.png, expected.png")
