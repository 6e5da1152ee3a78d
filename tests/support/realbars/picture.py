"""Pictures of a screen as plain pixels: read from PPM and XWD, compared, cut, written as PNG."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


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
