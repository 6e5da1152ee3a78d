"""The real i3status-rust with the files of integrations/i3status-rust, below swaybar."""

from __future__ import annotations

import html
import json
from functools import partial

import pytest
from support.presence import need
from support.realbars import i3status
from support.realbars.mirror import Raw
from support.showroom import bars
from support.showroom.bars import HEIGHT, hang
from support.showroom.exhibition import alike
from support.showroom.gallery import rows
from support.showroom.states import DASHBOARD, LIFE, OK, WARNING, WORST, click, presets, replace_watcher
from support.waiting import until

STATES = {
    "ok": "idle",
    "active": "info",
    "warning": "idle",
    "critical": "idle",
    "runs_out": "idle",
    "stale": "info",
    "error": "critical",
    "signed_out": "warning",
}


@pytest.fixture
def start(home, tmp_path):
    """start(fragment) -> Swaybar."""
    return partial(bars.i3status_rust, home, tmp_path)


def colours(bar):
    """The background and the foreground of the block."""
    block = bars.block(bar)
    return block.get("background", "#101418")[:7].lower(), block["color"][:7].lower()


def test_every_state_is_shown_in_its_colours_as_the_snapshot_changes(home, start):
    bar = start()
    assert bar.shows(OK.text)
    for moment in LIFE:
        moment.come(home)
        one_window_is_meant = STATES[moment.state] == "idle"  # of the rest the block has the colour
        assert bar.shows(moment.markup() if one_window_is_meant else moment.text), moment
        assert colours(bar) == i3status.STATES[STATES[moment.state]], moment
    assert bar.complaints() == []


def test_every_preset_is_shown_whole_in_both_languages(home, start):
    home.fetch(WORST)
    bar = start()
    for printed in presets(home, "i3status-rust"):
        assert bar.shows(Raw(json.loads(printed)["text"])), printed
        assert bar.box().left > 0


def test_a_narrow_bar_shows_the_window_that_counts_most(home, start):
    home.fetch(WARNING.mood)
    assert start(size=(160, 60)).shows(WARNING.markup(WARNING.short), field="short_text")


def test_clicks_open_the_console_and_ask_anew(home, start):
    bar = start()
    assert bar.shows(OK.text)
    click(home, bar)
    assert bar.shows(WARNING.markup())
    assert home.opened() == [DASHBOARD]


def test_the_polled_form_follows_a_signal_and_its_own_click_and_survives_a_command_that_fails(home, start):
    bar = start("codingplan-polled.toml")
    assert bar.shows(OK.text)
    home.fetch(WARNING.mood)
    bar.signal(4)
    assert bar.shows(WARNING.markup())
    home.console.answer_quota = OK.mood
    home.rest()
    bar.click("right")
    assert bar.shows(OK.text)
    home.install("exit 1")
    bar.signal(4)
    until(lambda: not bar.shows(OK.text, within=0), "what the block shows of a failure")
    home.install()
    assert bar.shows(OK.text)


def test_a_slow_start_and_a_killed_watcher_pass(home, start):
    home.install("sleep 1")
    bar = start()
    assert bar.shows(OK.text)
    replace_watcher(home, "i3status-rust")
    assert bar.shows(OK.text)


def test_every_hostile_name_is_text(room, gallery, tmp_path):
    need("i3status-rs")

    def hung(name, files):
        commands = []
        for number, row in enumerate(rows(files, 75)):
            config = room.write(f"{name}-{number}.toml", "".join(BLOCK.format(file) for file in row))
            commands.append(f"i3status-rs {config}")
        return hang(room, 14_000, commands)

    shown = hung("shown", gallery.shown("i3status-rust"))
    expected = hung("expected", gallery.expected("i3status-rust", lambda text: json.dumps({"text": html.escape(text)})))
    assert alike(shown, expected, gallery.texts, tmp_path, height=HEIGHT)
    assert not (room.folder / "pwned").exists()


BLOCK = """
[[block]]
block = "custom"
command = "cat {}"
json = true
interval = "once"
"""
