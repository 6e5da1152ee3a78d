"""What a terminal sends, as keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar.commands.page.screen import keys_in


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        (b"r", ["r"]),
        (b"R?q", ["r", "?", "q"]),
        ("？".encode(), ["?"]),
        (b"\t", ["tab"]),
        (b"\x1b", ["esc"]),
        (b"\x1b\x1b", ["esc", "esc"]),
        (b"\x1b[A\x1bOB\x1b[6~", ["up", "down", "page down"]),
        (b"\x1bq", []),
        (b"\x1b[1;5A", []),
        (b"\x1b[200~q\x1b[201~", ["q"]),
        (b"\x1b]11;rgb:0000/0000/0000\x07r", ["r"]),
        (b"\x1bP>|xterm(379)\x1b\\r", ["r"]),
        (b"\x1b[?64;1;2c", []),
        (b"\xff\xfer", ["r"]),
        (b"\x03", ["q"]),
    ],
)
def test_what_a_terminal_sends_is_a_key_or_nothing(typed, keys):
    assert list(keys_in(typed)) == keys


@given(st.binary(max_size=200))
def test_nothing_that_is_sent_breaks_it(typed):
    assert all(keys_in(typed))


@given(st.from_regex(rb"\A\x1b\[[0-?]{0,8}[ -/]{0,2}[@-~]\Z"))
def test_no_sequence_closes_the_page(typed):
    assert not {"q", "esc"} & set(keys_in(typed))
