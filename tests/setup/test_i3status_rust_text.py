"""i3status-rust's configuration gets one block more, and nothing else of it changes by a byte."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar.commands.setup.bars.closing_block import LeftAlone, taken
from codingplan_bar.commands.setup.bars.i3status_rust import changed

COMMAND = "/home/me/.local/bin/codingplan-bar"
FILES = sorted((Path(__file__).parent / "configurations" / "i3status_rust").glob("*.toml"))
TEXTS = [path.read_bytes().decode() for path in FILES]
everyone = pytest.mark.parametrize("text", TEXTS, ids=[path.stem for path in FILES])


def parsed(text):
    return tomllib.loads(text.removeprefix("\ufeff"))


@everyone
def test_there_is_exactly_one_block_more_the_last(text):
    before, after = parsed(text), parsed(changed(text, COMMAND))
    *blocks, ours = after["block"]
    assert {**after, "block": blocks} == {"block": [], **before}
    assert ours["command"] == f"{COMMAND} i3status-rust --watch"
    assert {click["button"]: click["cmd"] for click in ours["click"]} == {
        "left": f"{COMMAND} open",
        "right": f"{COMMAND} refresh",
    }


@everyone
def test_what_was_there_stays_to_the_byte_and_twice_is_once(text):
    written = changed(text, COMMAND)
    assert written.startswith(text)
    assert changed(written, COMMAND) == written
    assert taken(written) == text


@everyone
def test_the_lines_end_as_the_others_do(text):
    if "\r\n" in text:
        assert changed(text, COMMAND).count("\n") == changed(text, COMMAND).count("\r\n")
    else:
        assert "\r" not in changed(text, COMMAND)


def test_another_command_takes_the_place_of_the_first_even_where_the_user_has_moved_the_block():
    written = changed('[[block]]\nblock = "time"\n', COMMAND)
    moved = taken(written).join([written.removeprefix(taken(written)), ""])
    assert parsed(moved)["block"][0]["command"].startswith(COMMAND)
    elsewhere = changed(moved, "/opt/bin/codingplan-bar")
    assert elsewhere == moved.replace(COMMAND, "/opt/bin/codingplan-bar")
    assert changed(elsewhere, COMMAND) == moved


@pytest.mark.parametrize("path", ["/a b/x", "/it's/x", '/"q"/x', "/back\\slash/x", "/$HOME/x", "/中文/x"])
def test_any_path_is_one_word_of_the_shell(path):
    import shlex

    ours = parsed(changed("", path))["block"][0]
    assert shlex.split(ours["command"]) == [path, "i3status-rust", "--watch"]


@pytest.mark.parametrize(
    "text",
    [
        "[[block]\n",
        'block = "time"\n',
        'block = [{ block = "time" }]\n',
        "[block]\nblock = 'time'\n",
        "x = '''open\n",
        "# >>> codingplan-bar >>>\n[[block]]\n",
        "# <<< codingplan-bar <<<\n# >>> codingplan-bar >>>\n",
        '[[block]]\nblock = "custom"\ncommand = "codingplan-bar i3status-rust"\njson = true\n',
        "[[block]]\nblock = 'custom'\ncommand = \"'/a b/codingplan-bar' i3status-rust --watch\"\n",
    ],
)
def test_what_is_not_understood_for_certain_or_has_it_already_is_left_alone(text):
    with pytest.raises(LeftAlone):
        changed(text, COMMAND)


def test_markers_within_a_table_that_would_tear_it_are_left_alone():
    written = changed("", COMMAND)
    torn = f'[[block]]\nblock = "time"\n{written}interval = 5\n'
    with pytest.raises(LeftAlone):
        changed(torn, "/opt/bin/codingplan-bar")


LINES = st.text(st.sampled_from("ab=[]#\"' \t\r\n\ufeff中"), max_size=30).map(lambda text: text + "\n")


@given(text=st.sampled_from(TEXTS), above=LINES, below=LINES)
def test_what_the_user_changes_outside_of_the_block_survives_the_undo(text, above, below):
    whole = below if text.endswith("\n") or not text else "\n" + below
    assert taken(above + changed(text, COMMAND) + whole) == above + text + whole
