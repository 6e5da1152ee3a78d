"""The block at the end of a text: put there once, and taken out without a trace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar.commands.setup.bars.closing_block import BEGINS, ENDS, LeftAlone, put, taken

TEXTS = st.text(st.sampled_from("ab#>< \t\r\n\ufeff\x0c\u2028中"), max_size=40)
NEWLINES = st.sampled_from(["\n", "\r\n"])


@given(text=TEXTS, newline=NEWLINES)
def test_what_is_put_is_taken_to_the_byte_and_twice_is_once(text, newline):
    written = put(text, "x\ny\n", newline=newline)
    assert written.startswith(text)
    assert put(written, "x\ny\n", newline=newline) == written
    assert taken(written) == text
    assert taken(text) == text


@given(text=TEXTS, newline=NEWLINES)
def test_other_lines_take_the_place_of_the_first(text, newline):
    written = put(put(text, "x\n", newline=newline), "y\nz\n", newline=newline)
    assert written == put(text, "y\nz\n", newline=newline)


@pytest.mark.parametrize(
    "text",
    [
        f"{BEGINS}\nx\n",
        f"x\n{ENDS}\n",
        f"{ENDS}\n{BEGINS}\n",
        f"{BEGINS}\n{ENDS}\n{BEGINS}\n{ENDS}\n",
        f"{BEGINS}\n{BEGINS}\n{ENDS}\n",
    ],
)
def test_markers_that_are_no_one_block_are_nobodys(text):
    for change in (taken, lambda text: put(text, "x\n")):
        with pytest.raises(LeftAlone, match="torn"):
            change(text)


def test_a_line_that_only_speaks_of_the_markers_is_the_users():
    text = f"# see {BEGINS}\n  {ENDS}\n"
    assert taken(put(text, "x\n")) == text
