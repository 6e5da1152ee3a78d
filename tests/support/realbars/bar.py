"""What every bar that is judged by its picture can do: show, be compared, be clicked, be signalled."""

from __future__ import annotations

import os
import re
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from support.realbars.mirror import Line, Mirror, Screen, first_paint, hover, leave
from support.realbars.picture import Box
from support.realbars.room import end
from support.waiting import LONGEST, settled, until


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


if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from support.realbars.picture import Picture
    from support.realbars.room import Room


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
