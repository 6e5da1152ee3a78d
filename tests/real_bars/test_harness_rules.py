"""The harness's rules: what is skipped, what is waited for, and the small grammars that it reads."""

from __future__ import annotations

import itertools

import pytest
from support.presence import REQUIRE_ALL, need
from support.realbars.block_runner import blocks_of, read_block
from support.realbars.polybar import read_ini, write_ini
from support.realbars.tmux import Run, Style, read_runs
from support.realbars.waybar import read_jsonc
from support.waiting import settled, until


def test_a_test_goes_on_where_its_programs_are():
    need("sh", "cat")


def test_a_test_skips_with_the_way_to_get_what_is_absent(tmp_path):
    with pytest.raises(pytest.skip.Exception, match=r"^needs waybar: apt .* waybar; needs Xvfb: apt install xvfb$"):
        need("waybar", "Xvfb", environ={"PATH": str(tmp_path)})


def test_a_test_fails_where_everything_is_required(tmp_path):
    with pytest.raises(pytest.fail.Exception, match="needs swaybar: apt install sway"):
        need("swaybar", environ={"PATH": str(tmp_path), REQUIRE_ALL: "1"})


def test_waiting_ends_with_the_first_true_answer():
    answers = iter([None, "", "here"])
    assert until(lambda: next(answers), "an answer") == "here"


def test_waiting_in_vain_says_for_what():
    with pytest.raises(TimeoutError, match=r"after 0\.05 s still waiting for a bus"):
        until(lambda: False, "a bus", within=0.05)


def test_a_picture_is_settled_when_it_stays():
    seen = itertools.chain([1, 2, 3], itertools.repeat(4))
    assert settled(lambda: next(seen), quiet=0.05) == 4


def test_a_picture_that_never_rests_is_an_error():
    counter = itertools.count()
    with pytest.raises(TimeoutError, match="still changes"):
        settled(lambda: next(counter), within=0.05)


def test_waybars_comments_and_trailing_commas_are_read_over_but_not_in_strings():
    text = '{ // one\n "a": "http://x, ]", /* two */ "b": [1, 2,],\n}'
    assert read_jsonc(text) == {"a": "http://x, ]", "b": [1, 2]}


def test_polybars_sections_are_read_with_their_includes_and_written_back(tmp_path):
    (tmp_path / "more.ini").write_text("; a comment\n[module/a]\nexec = a=b\n")
    text = f"[bar/main]\nwidth = 100%\ninclude-file = {tmp_path}/more.ini\n[module/a]\ntail = true\n"
    sections = read_ini(text)
    assert sections == {"bar/main": {"width": "100%"}, "module/a": {"exec": "a=b", "tail": "true"}}
    assert read_ini(write_ini(sections)) == sections


def test_a_terminals_row_is_read_as_runs_of_one_style():
    row = "\x1b[31m\x1b[1m5h\x1b[0m \x1b[38;2;255;136;0m\x1b[48;5;236m7%\x1b[39;49m\x1b[94mx\x1b[22my"
    orange, blue = Style("#ff8800", "colour236"), Style("brightblue")
    bold_red = Style("red", None, frozenset({"bold"}))
    assert read_runs(row) == [Run("5h", bold_red), Run(" ", Style()), Run("7%", orange), Run("xy", blue)]


@pytest.mark.parametrize(
    "output",
    [
        '{"text": null}',
        '{"text": 42}',
        '{"state": "error"}',
        '{"state": "CRITICAL"}',
        '{"text": "a", "text": "b"}',
        '{"text": "a"}\n{"text": "b"}',
        '{"text": "a",}',
        '{"percent": NaN}',
        '{"text": "\\ud800"}',
        "42",
        "",
    ],
)
def test_the_block_runner_refuses_what_serde_refuses(output):
    with pytest.raises((ValueError, AttributeError, TypeError)):
        read_block(output, is_json=True)


def test_the_block_runner_passes_over_what_it_does_not_know():
    given = read_block('{"text": "a", "short_text": null, "state": "Warning", "more": [1]}', is_json=True)
    assert given == {"text": "a", "state": "Warning"}
    assert blocks_of(given)[0]["full_text"] == " a "
