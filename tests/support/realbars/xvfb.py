"""A screen for X11 bars: Xvfb, whose picture is a file, and clicks by xdotool."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from support.presence import need
from support.realbars.picture import Picture, plain, read_xwd
from support.waiting import until

if TYPE_CHECKING:
    from support.realbars.room import Room

BUTTONS = {"left": "1", "middle": "2", "right": "3", "up": "4", "down": "5"}


class Xvfb:
    """One X server with one screen, `size` pixels wide and high, white where nothing is drawn."""

    def __init__(self, room: Room, *, size: tuple[int, int] = (1400, 60)) -> None:
        need("Xvfb", "xdotool")
        self._room, self.size = room, size
        receiver, sender = os.pipe()
        self._frame = Path(mkdtemp(dir=room.folder))
        room.own(self._frame, 0o700)
        self._start(sender)
        os.close(sender)
        with os.fdopen(receiver) as answer:
            self.display = ":" + answer.readline().strip()
        self.empty = plain(size, "#ffffff")
        until(lambda: self.picture() == self.empty, "an empty screen")

    def _start(self, sender: int) -> None:
        width, height = self.size
        screen = ("-screen", "0", f"{width}x{height}x24", "-wr", "-fbdir", str(self._frame))
        where = ("-displayfd", str(sender), "-nolisten", "tcp", "-ac")
        self._room.start("Xvfb", *where, *screen, log="xvfb.log", keep=(sender,))

    def picture(self) -> Picture:
        """What the screen shows: Xvfb keeps it in a file in the format of a window dump."""
        return read_xwd((self._frame / "Xvfb_screen0").read_bytes())

    def move(self, x: int, y: int) -> None:
        """Put the pointer on a pixel."""
        self.xdotool("mousemove", str(x), str(y))

    def press(self, button: str) -> None:
        """Press `left`, `right` or `middle`, or turn the wheel `up` or `down`, where the pointer is."""
        self.xdotool("click", BUTTONS[button])

    def xdotool(self, *command: str) -> str:
        """Run one command of xdotool on this screen and return what it printed."""
        return self._room.run("xdotool", *command, environ={"DISPLAY": self.display}).decode()
