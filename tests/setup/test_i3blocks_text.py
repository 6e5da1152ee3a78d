"""i3blocks' configuration gets one section more at its end, and nothing else of it changes by a byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from codingplan_bar.commands.setup.bars.closing_block import LeftAlone, taken
from codingplan_bar.commands.setup.bars.i3blocks import changed

COMMAND = "/home/me/.local/bin/codingplan-bar"
FILES = sorted((Path(__file__).parent / "configurations" / "i3blocks").glob("*.conf"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_what_was_there_stays_to_the_byte_and_twice_is_once(path):
    text = path.read_bytes().decode()
    written = changed(text, COMMAND)
    assert written.startswith(text)
    assert "[codingplan]\ncommand=case $BLOCK_BUTTON in 1) /home/me/.local/bin/codingplan-bar open;;" in written
    assert changed(written, COMMAND) == written
    assert taken(written) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[time\ncommand=date\n", "not understood"),
        ("[time]\n  no property\n", "not understood"),
        ("[mine]\ncommand=codingplan-bar i3blocks\n", "already there"),
        ("[codingplan]\ncommand=~/bin/other\n", "already there"),
    ],
)
def test_what_is_not_understood_for_certain_or_has_it_already_is_left_alone(text, reason):
    with pytest.raises(LeftAlone, match=reason):
        changed(text, COMMAND)
