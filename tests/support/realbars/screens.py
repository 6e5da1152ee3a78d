"""Screens for bars, for Wayland and for X11: their pictures as plain pixels, and clicks on them."""

from __future__ import annotations

import os
import socket
import struct
import time
import zlib
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, NamedTuple

from support.machine import LONGEST, need, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.realbars.room import Room


class Box(NamedTuple):
    """A rectangle in pixels; right and bottom lie outside of it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def centre(self) -> tuple[int, int]:
        """The pixel in its middle."""
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2


class Picture(NamedTuple):
    """Width and height in pixels, and three bytes (red, green, blue) for each, row by row. Equal means every pixel."""

    width: int
    height: int
    pixels: bytes

    def row(self, y: int) -> bytes:
        """The bytes of one row."""
        return self.pixels[y * self.width * 3 : (y + 1) * self.width * 3]

    def crop(self, box: Box) -> Picture:
        """The part of it inside the box."""
        rows = (self.row(y)[box.left * 3 : box.right * 3] for y in range(box.top, box.bottom))
        return Picture(box.right - box.left, box.bottom - box.top, b"".join(rows))

    def difference(self, other: Picture) -> Box | None:
        """The smallest box that holds every pixel in which the two differ; None if there is none."""
        if self[:2] != other[:2]:
            return Box(0, 0, max(self.width, other.width), max(self.height, other.height))
        rows = [y for y in range(self.height) if self.row(y) != other.row(y)]
        if not rows:
            return None
        columns = [
            at // 3
            for y in rows
            for at, (mine, theirs) in enumerate(zip(self.row(y), other.row(y), strict=True))
            if mine != theirs
        ]
        return Box(min(columns), rows[0], max(columns) + 1, rows[-1] + 1)

    def colours(self) -> set[str]:
        """Every colour in it, as #rrggbb."""
        channels = (self.pixels[at::3] for at in range(3))
        return {f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in set(zip(*channels, strict=True))}

    def save(self, path: Path) -> None:
        """Write it as a PNG file (https://www.w3.org/TR/png/: filter type 0 in front of each row)."""
        rows = b"".join(b"\0" + self.row(y) for y in range(self.height))
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        parts = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(rows, 1)), _chunk(b"IEND", b""))
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


def plain(size: tuple[int, int], colour: str) -> Picture:
    """A picture of one colour, given as #rrggbb."""
    width, height = size
    return Picture(width, height, bytes.fromhex(colour[1:]) * width * height)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def read_ppm(data: bytes) -> Picture:
    """A picture from binary PPM (magic P6, one byte a channel), as grim writes it."""
    magic, width, height, depth = data.split(maxsplit=4)[:4]
    if (magic, depth) != (b"P6", b"255"):
        raise ValueError(f"not a PPM file that we read: {data[:20]!r}")
    size = int(width) * int(height) * 3
    return Picture(int(width), int(height), data[-size:])


def read_xwd(data: bytes) -> Picture:
    """A picture from an X window dump (X11/XWDFile.h) of 32 bits a pixel, blue first, as Xvfb keeps its screen in."""
    header = struct.unpack_from(">25I", data)
    size, width, height, bits, line, colours = header[0], header[4], header[5], header[11], header[12], header[19]
    if bits != 32 or line != width * 4:
        raise ValueError(f"not an X window dump that we read: {bits} bits a pixel, {line} bytes a row")
    raw = data[size + colours * 12 :][: line * height]
    pixels = bytearray(width * height * 3)
    pixels[0::3], pixels[1::3], pixels[2::3] = raw[2::4], raw[1::4], raw[0::4]
    return Picture(width, height, bytes(pixels))


# For Wayland: sway without a graphics card, pictures by grim, clicks by a virtual pointer.
#
# Words on the wire are 32 bits in the machine's order; a message is object, size << 16 | opcode, arguments
# (https://wayland.freedesktop.org/docs/html/ch04.html; opcodes from wlr-virtual-pointer-unstable-v1.xml).


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


# For X11: Xvfb, whose picture is a file, and clicks by xdotool.


X_BUTTONS = {"left": "1", "middle": "2", "right": "3", "up": "4", "down": "5"}


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
        self.xdotool("click", X_BUTTONS[button])

    def xdotool(self, *command: str) -> str:
        """Run one command of xdotool on this screen and return what it printed."""
        return self._room.run("xdotool", *command, environ={"DISPLAY": self.display}).decode()
