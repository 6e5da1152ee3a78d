"""The harness's swaybar, with the real i3status-rust and with the runner of its blocks."""

from __future__ import annotations

import json

from realbars.i3status import STATES
from realbars.mirror import Raw
from realbars.waiting import until

CONFIG = """
[theme]
theme = "states"
[[block]]
block = "custom"
command = "cat $HOME/answer.json"
json = true
interval = "once"
signal = 4
hide_when_empty = true
[[block.click]]
button = "left"
cmd = "touch $HOME/left"
[[block.click]]
button = "right"
cmd = "touch $HOME/right"
"""


def answer(room, **fields):
    room.write("answer.json", json.dumps(fields))


def test_any_producer_of_the_protocol_is_shown(room, swaybar):
    line = '[{"full_text": "A &amp; B", "markup": "pango", "color": "#ff5555"}],'
    room.script("producer", f"#!/bin/sh\necho '{{\"version\": 1}}'\necho [\necho '{line}'\nexec sleep 1000\n")
    bar = swaybar("producer")
    assert bar.shows("A & B")
    assert not bar.shows("A & C", within=0.2)
    assert bar.blocks()[0]["color"] == "#ff5555"


def test_text_and_state_come_through_and_the_block_hides_when_empty(room, swaybar, i3status_rs):
    answer(room, text="5h 42% &amp; x", state="Warning")
    bar = swaybar(i3status_rs(CONFIG))
    assert bar.shows("5h 42% & x")
    assert not bar.shows("5h 42% & y", within=0.2)
    assert set(STATES["warning"]) <= bar.picture().colours()
    answer(room, text="now", state="critical")
    bar.signal(4)
    assert bar.shows("now")
    assert STATES["critical"][0] in bar.picture().colours()
    answer(room, text="")
    bar.signal(4)
    assert bar.shows()
    assert bar.complaints() == []


def test_both_buttons_reach_the_block(room, swaybar, i3status_rs):
    answer(room, text="click me")
    bar = swaybar(i3status_rs(CONFIG))
    for button in ("left", "right"):
        bar.click(button)
        until((room.folder / button).exists, f"the {button} click")


def test_a_narrow_bar_shows_the_short_text(room, swaybar, i3status_rs):
    answer(room, text="a long text that has no place here", short_text="5h 42%")
    bar = swaybar(i3status_rs(CONFIG), size=(200, 60))
    assert bar.shows("5h 42%", field="short_text")
    assert not bar.shows("5h 43%", field="short_text", within=0.2)


def test_an_answer_that_is_refused_shows_as_an_error(room, swaybar, i3status_rs):
    room.write("answer.json", '{"text": null}')
    bar = swaybar(i3status_rs(CONFIG))
    assert bar.shows("Invalid JSON")


def test_a_persistent_command_is_read_line_by_line(room, swaybar, i3status_rs):
    room.pipe("feed.pipe")
    command = 'command = "cat $HOME/feed.pipe"\npersistent = true'
    config = CONFIG.replace('command = "cat $HOME/answer.json"', command).replace('interval = "once"\nsignal = 4\n', "")
    bar = swaybar(i3status_rs(config))
    with (room.folder / "feed.pipe").open("w", buffering=1) as feed:
        for text in ("one", "two"):
            feed.write(json.dumps({"text": text}) + "\n")
            assert bar.shows(text)


def test_markup_is_not_taken_for_text(room, swaybar, i3status_rs):
    span = "<span foreground='#ff0000'>red</span>"
    answer(room, text=span)
    bar = swaybar(i3status_rs(CONFIG))
    assert bar.shows(Raw(span))
    assert not bar.shows(span, within=0.2)


def test_broken_markup_is_complained_of_since_swaybar_shows_it_raw(room, swaybar, i3status_rs):
    answer(room, text="A & <b")
    bar = swaybar(i3status_rs(CONFIG))
    assert bar.shows("A & <b")
    assert any("pango_parse_markup" in line for line in bar.complaints())
