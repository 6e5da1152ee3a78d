"""Laws of finding an answer in what was printed."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codingplan_bar.fetch.child import Finished
from codingplan_bar.fetch.tool.printed import answer_in, is_certain, version_in

ANSWERS = st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.integers(), st.text(max_size=9)), max_size=4)
NOISE = st.lists(
    st.text(st.characters(exclude_characters="\x1b\n")).filter(lambda line: "{" not in line[:40].lstrip()[:1])
)
PIECES = st.lists(st.sampled_from([b"{", b"}", b"\n", b'"', b"error", b":", b"\x1b[", b"[", b"\xff", b"1", b",", b" "]))


def printed(stdout=b"", stderr=b"", code=0):
    return Finished("exit", code, stdout, stderr)


@settings(max_examples=50, deadline=None)
@given(ANSWERS, NOISE, NOISE, st.sampled_from([None, 2]))
def test_an_object_is_found_between_any_other_lines(answer, before, behind, indent):
    text = "\n".join([*before, json.dumps(answer, indent=indent), *behind])
    assert answer_in(printed(text.encode("utf-8", "replace"))) == reread(answer)


def reread(answer):
    """As it is read: a text that is itself an object or a list is opened."""
    return {key: opened(value) for key, value in answer.items()}


def opened(value):
    try:
        inner = json.loads(value) if isinstance(value, str) and value.lstrip()[:1] in ("{", "[") else value
    except ValueError:
        return value
    return inner


@settings(max_examples=50, deadline=None)
@given(PIECES.map(b"".join), PIECES.map(b"".join), st.integers(-9, 9))
def test_no_output_at_all_is_too_strange(stdout, stderr, code):
    answer = answer_in(printed(stdout, stderr, code))
    assert answer is None or isinstance(answer, dict)
    assert is_certain(answer, code) in (True, False)


@pytest.mark.parametrize(
    "piece", [b"{\n", b'{"a":\n', b"\x1b]", b"\x1b[", b" ", b"[", b"{", b'{"a":[1,1,1,1,\n', b"Error: \n"]
)
def test_a_mebibyte_of_anything_is_looked_through_in_no_time(piece):
    stream = piece * (1024 * 1024 // len(piece))
    start = time.monotonic()
    answer_in(printed(stream, stream, 0))
    answer_in(printed(stream, stream, 1))
    assert time.monotonic() - start < 4


VERSIONS = {
    b"bl 1.15.1\n": (1, 15, 1),
    b"\x1b[1mbl 2.0.1\x1b[0m\n": (2, 0, 1),
    b"notice\nbl 10.20.30-beta.1\n": (10, 20, 30),
    b"bailian-cli/2.1.0 linux": (2, 1, 0),
    b"bl version 7": None,
    b"bl 7": None,
    b"1.15.1": None,
    b"xbl 1.15.1": None,
    b"bl 99999.1.1": None,
    b"": None,
}


@pytest.mark.parametrize(("stdout", "version"), VERSIONS.items())
def test_a_version_is_the_tools_own_line(stdout, version):
    assert version_in(printed(stdout)) == version
    assert version_in(printed(stdout, code=1)) is None
