"""A screen for Wayland bars: sway without a graphics card, pictures by grim, clicks by a virtual pointer.

Words on the wire are 32 bits in the machine's order; a message is object, size << 16 | opcode, arguments
(https://wayland.freedesktop.org/docs/html/ch04.html; opcodes from wlr-virtual-pointer-unstable-v1.xml).
"""

from __future__ import annotations

import socket
import struct
import time
from typing import TYPE_CHECKING

from support.presence import need
from support.realbars.picture import Picture, plain, read_ppm
from support.waiting import LONGEST, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.realbars.room import Room

MANAGER = "zwlr_virtual_pointer_manager_v1"
BUTTONS = {"left": 0x110, "right": 0x111, "middle": 0x112}  # linux/input-event-codes.h
SCROLLS = {"up": -15, "down": 15}  # one notch of a wheel, in the units of wl_pointer.axis
DISPLAY = 1
MOVE_TO, BUTTON, AXIS, FRAME, AXIS_SOURCE, AXIS_DISCRETE = 1, 2, 3, 4, 5, 7


class Pointer:
    """A pointer on the compositor that listens on `path`; it exists until it is closed."""

    def __init__(self, path: str, size: tuple[int, int]) -> None:
        self._size = size
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(LONGEST)
        self._socket.connect(path)
        self._last, self._received = DISPLAY, b""
        registry = self._new()
        self._send(DISPLAY, 1, registry)  # wl_display.get_registry
        name = self._manager_name(registry)
        manager = self._new()
        self._send(registry, 0, name, _text(MANAGER), 2, manager)  # wl_registry.bind
        self._pointer = self._new()
        self._send(manager, 0, 0, self._pointer)  # create_virtual_pointer on the default seat
        self._answered()

    def move(self, x: int, y: int) -> None:
        """Put the pointer on a pixel of the screen."""
        self._act(MOVE_TO, x, y, *self._size)

    def press(self, button: str) -> None:
        """Press and release `left`, `right` or `middle`, or turn the wheel a notch `up` or `down`."""
        if button in BUTTONS:
            self._act(BUTTON, BUTTONS[button], 1)
            self._act(BUTTON, BUTTONS[button], 0)
        else:
            self._scroll(SCROLLS[button])

    def close(self) -> None:
        """Take the pointer away."""
        self._socket.close()

    def _scroll(self, distance: int) -> None:
        self._send(self._pointer, AXIS_SOURCE, 0)
        self._act(AXIS_DISCRETE, 0, distance << 8, 1 if distance > 0 else -1)  # axis 0: vertical; wl_fixed is 24.8

    def _new(self) -> int:
        """The next object's number: a client must leave no gap."""
        self._last += 1
        return self._last

    def _act(self, opcode: int, *arguments: int) -> None:
        milliseconds = int(time.monotonic() * 1000) & 0xFFFFFFFF
        self._send(self._pointer, opcode, milliseconds, *arguments)
        self._send(self._pointer, FRAME)
        self._answered()

    def _send(self, target: int, opcode: int, *arguments: int | bytes) -> None:
        words = (one if isinstance(one, bytes) else struct.pack("=I", one & 0xFFFFFFFF) for one in arguments)
        body = b"".join(words)
        self._socket.sendall(struct.pack("=II", target, (8 + len(body)) << 16 | opcode) + body)

    def _answered(self) -> list[tuple[int, int, bytes]]:
        """Wait until the compositor has done all that was asked (wl_display.sync); return what it said meanwhile."""
        callback = self._new()
        self._send(DISPLAY, 0, callback)
        said: list[tuple[int, int, bytes]] = []
        for message in self._messages():
            if message[0] == callback:
                return said
            if message[:2] == (DISPLAY, 0):
                raise OSError(f"the compositor refused: {message[2]!r}")
            said.append(message)
        raise AssertionError

    def _messages(self) -> Iterator[tuple[int, int, bytes]]:
        while True:
            header = self._take(8)
            target, word = struct.unpack("=II", header)
            yield target, word & 0xFFFF, self._take((word >> 16) - 8)

    def _take(self, count: int) -> bytes:
        while len(self._received) < count:
            if not (more := self._socket.recv(65_536)):
                raise OSError("the compositor closed the connection")
            self._received += more
        taken, self._received = self._received[:count], self._received[count:]
        return taken

    def _manager_name(self, registry: int) -> int:
        for target, opcode, body in self._answered():
            name, length = map(int, struct.unpack_from("=II", body))
            if (target, opcode) == (registry, 0) and body[8 : 7 + length] == MANAGER.encode():
                return name
        raise OSError("the compositor knows no virtual pointers")


def _text(value: str) -> bytes:
    data = value.encode() + b"\0"
    return struct.pack("=I", len(data)) + data + b"\0" * (-len(data) % 4)


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
