"""Mozilla's compressed JSON, also where it is none."""

from __future__ import annotations

import os

import lz4.block
import pytest
from hypothesis import given
from hypothesis import strategies as some
from support.handmade.browser_stores import compressed

from codingplan_bar.browsers import firefox

GOOD = compressed({"cookies": [1, 2, 3], "text": "x" * 1000})


@pytest.fixture
def file(tmp_path):
    return tmp_path / "session.jsonlz4"


def loaded(file, content):
    file.write_bytes(content)
    return firefox.load(file)


def test_a_session_is_read(file):
    assert loaded(file, GOOD)["cookies"] == [1, 2, 3]


def test_where_there_is_no_file_there_is_nothing(file):
    assert firefox.load(file) is None
    file.mkdir()
    assert firefox.load(file) is None


def test_a_pipe_is_not_waited_for(file):
    os.mkfifo(file)
    assert firefox.load(file) is None


@pytest.mark.parametrize("length", range(len(GOOD)))
def test_a_file_that_ends_too_early_is_nothing(file, length):
    assert loaded(file, GOOD[:length]) is None


@pytest.mark.parametrize("claim", [0, 1, 500, 1 << 20, 1 << 30, 0xFFFFFFFF])
def test_a_length_that_is_not_true_is_nothing(file, claim):
    assert loaded(file, GOOD[:8] + claim.to_bytes(4, "little") + GOOD[12:]) in (None, firefox.load(file))
    assert claim >= 1030 or firefox.load(file) is None


def test_a_bomb_is_not_unpacked(file):
    text = b" " * (firefox.LARGEST_TEXT + 1)
    bomb = b"mozLz40\0" + len(text).to_bytes(4, "little") + lz4.block.compress(text, store_size=False)
    assert len(bomb) < firefox.LARGEST_FILE
    assert loaded(file, bomb) is None


def test_a_file_of_another_size_altogether_is_not_read(file):
    file.touch()
    os.truncate(file, firefox.LARGEST_FILE + 1)
    assert firefox.load(file) is None


def test_a_deep_document_is_nothing(file):
    text = b"[" * 200_000
    deep = b"mozLz40\0" + len(text).to_bytes(4, "little") + lz4.block.compress(text, store_size=False)
    assert loaded(file, deep) is None


@given(some.binary(max_size=200))
def test_no_bytes_make_the_reader_fail(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("any") / "file"
    assert loaded(file, content) is None
    assert loaded(file, b"mozLz40\0" + content) is None or content
