"""A screen for Wayland bars: sway without a graphics card, pictures by grim, clicks by a virtual pointer."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from support.presence import need

from .picture import Picture, plain, read_ppm
from .pointer import Pointer
from .waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from .room import Room

WALLPAPER = "#1e2430"
"""A colour that no bar is likely to have: where it is not, something has been drawn."""

HEADLESS = {
    "WLR_BACKENDS": "headless",
    "WLR_RENDERER": "pixman",  # no graphics card
    "WLR_LIBINPUT_NO_DEVICES": "1",  # no mouse or keyboard, and no error for it
}
CONFIG = """\
output * resolution {width}x{height} bg {wallpaper} solid_color
seat * xcursor_theme Adwaita
xwayland disable
{more}
"""


class Sway:
    """One compositor with one screen, `size` pixels wide and high; `more` goes into its configuration.

    `environ` is what a program must know to appear on it.
    """

    def __init__(self, room: Room, *, size: tuple[int, int] = (1400, 360), more: str = "") -> None:
        need("sway", "swaybg", "grim")
        self._room, self.size = room, size
        cursors = _unseen_cursor(room)
        before = self._sockets()
        config = CONFIG.format(width=size[0], height=size[1], wallpaper=WALLPAPER, more=more)
        path = room.write(f"sway-{len(before)}.conf", config)
        number = room.start("sway", "-c", str(path), log=f"{path.stem}.log", environ={**HEADLESS, **cursors}).pid
        display = str(until(lambda: self._sockets() - before, "sway's socket").pop())
        control = until(lambda: next(room.runtime.glob(f"sway-ipc.*.{number}.sock"), None), "sway's other socket")
        self.environ = {"WAYLAND_DISPLAY": display, "SWAYSOCK": str(control), **cursors}
        self.pointer = Pointer(display, size)
        room.ending.callback(self.pointer.close)
        self.empty = plain(size, WALLPAPER)
        until(lambda: self.picture() == self.empty, "sway's wallpaper")

    def picture(self) -> Picture:
        """What the screen shows."""
        return read_ppm(self._room.run("grim", "-t", "ppm", "-", environ=self.environ))

    def move(self, x: int, y: int) -> None:
        """Put the pointer, which is not drawn, on a pixel."""
        self.pointer.move(x, y)

    def press(self, button: str) -> None:
        """Press `left`, `right` or `middle`, or turn the wheel `up` or `down`, where the pointer is."""
        self.pointer.press(button)

    def _sockets(self) -> set[Path]:
        return {path for path in self._room.runtime.glob("wayland-*") if path.suffix != ".lock"}


def _unseen_cursor(room: Room) -> dict[str, str]:
    """Put a cursor theme into the room whose only cursor is one transparent pixel (file format: Xcursor(3)).

    Returns what programs must know of it. It goes by the name of the theme that GTK takes unless it is told otherwise.
    """
    header = (16, 0x10000, 1, 0xFFFD0002, 1, 28)
    image = (36, 0xFFFD0002, 1, 1, 1, 1, 0, 0, 0, 0)
    cursor = b"Xcur" + struct.pack("<16I", *header, *image)
    folder = room.folder / ".icons/Adwaita/cursors"
    room.write(".icons/Adwaita/index.theme", "[Icon Theme]\nName=Adwaita\n")
    folder.mkdir(exist_ok=True)
    for name in ("default", "left_ptr"):
        (folder / name).write_bytes(cursor)
    return {"XCURSOR_PATH": str(folder.parent.parent), "XCURSOR_THEME": "Adwaita"}
