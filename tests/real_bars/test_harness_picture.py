"""The harness's pictures: reading, comparing, cutting, writing."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.realbars.picture import Box, Picture, plain, read_ppm, read_xwd

RED, BLUE = b"\xff\x00\x00", b"\x00\x00\xff"


def test_a_ppm_file_is_read_pixel_by_pixel():
    assert read_ppm(b"P6\n2 1\n255\n" + RED + BLUE) == Picture(2, 1, RED + BLUE)


def test_pixels_that_look_like_spaces_are_kept():
    assert read_ppm(b"P6\n1 2\n255\n" + b"\n \t" * 2).pixels == b"\n \t" * 2


def test_another_kind_of_file_is_refused():
    with pytest.raises(ValueError, match="not a PPM"):
        read_ppm(b"P5\n2 1\n255\n12")


def xwd(bits=32):
    words = [104, 7, 2, 24, 2, 1, 0, 0, 32, 0, 32, bits, 8, 4, 0, 0, 0, 8, 256, 1, 2, 1, 0, 0, 0]
    return struct.pack(">25I", *words) + b"dump" + b"\0" * 12 + b"\x00\x00\xff\x00" + b"\xff\x00\x00\x00"


def test_a_window_dump_is_read_with_its_colour_table_passed_over():
    assert read_xwd(xwd()) == Picture(2, 1, RED + BLUE)


def test_a_window_dump_of_another_depth_is_refused():
    with pytest.raises(ValueError, match="16 bits"):
        read_xwd(xwd(bits=16))


@given(st.integers(0, 8), st.integers(0, 4), st.integers(1, 5), st.integers(1, 3))
def test_the_difference_is_the_box_that_was_painted(left, top, width, height):
    before = plain((14, 8), "#101418")
    painted = [before.row(y) for y in range(8)]
    for y in range(top, top + height):
        painted[y] = painted[y][: left * 3] + RED * width + painted[y][(left + width) * 3 :]
    after = Picture(14, 8, b"".join(painted))
    box = Box(left, top, left + width, top + height)
    assert before.difference(after) == box
    assert after.crop(box) == plain((width, height), "#ff0000")


def test_equal_pictures_have_no_difference():
    assert plain((3, 2), "#123456").difference(plain((3, 2), "#123456")) is None


def test_pictures_of_two_sizes_differ_everywhere():
    assert plain((3, 2), "#000000").difference(plain((2, 4), "#000000")) == Box(0, 0, 3, 4)


def test_the_colours_are_each_named_once():
    assert Picture(3, 1, RED + BLUE + RED).colours() == {"#ff0000", "#0000ff"}


def test_the_saved_png_holds_the_same_pixels(tmp_path):
    Picture(2, 1, RED + BLUE).save(tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (2, 1)
    start = data.index(b"IDAT")
    (length,) = struct.unpack(">I", data[start - 4 : start])
    assert zlib.decompress(data[start + 4 : start + 4 + length]) == b"\0" + RED + BLUE
