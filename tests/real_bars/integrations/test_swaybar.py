"""i3blocks and the real i3status-rust, with the files of their integrations, below swaybar."""

from __future__ import annotations

import html
import json
from functools import partial

import pytest
from support.machine import need, until
from support.realbars.bar import Raw
from support.realbars.picture_bars import STATE_COLOURS, Swaybar
from support.showroom import bars
from support.showroom.bars import HEIGHT, hang
from support.showroom.gallery import alike, rows
from support.showroom.states import (
    DASHBOARD,
    LIFE,
    OK,
    WARNING,
    WORST,
    click,
    click_for_the_page,
    presets,
    replace_watcher,
    set_up_for_the_page,
)


@pytest.fixture
def i3blocks(home, tmp_path):
    """i3blocks(fragment) -> Swaybar."""
    return partial(bars.i3blocks, home, tmp_path)


@pytest.fixture
def i3status_rust(home, tmp_path):
    """i3status_rust(fragment) -> Swaybar."""
    return partial(bars.i3status_rust, home, tmp_path)


@pytest.fixture(params=["i3blocks", "i3status-rust"])
def bar(request):
    """The one and the other."""
    return request.param


@pytest.fixture
def start(bar, request):
    """start(**how) -> Swaybar."""
    return request.getfixturevalue(bar.replace("-", "_"))


TEXT = {"i3blocks": "full_text", "i3status-rust": "text"}
"""The name of the text in what each is given."""


def is_asked_by_a_right_click(home, bar):
    """The provider's new numbers are shown after it."""
    home.console.answer_quota = OK.mood
    home.rest()
    bar.click("right")
    assert bar.shows(OK.text)


def test_every_preset_is_shown_whole_in_both_languages(home, bar, start):
    home.fetch(WORST)
    shown = start()
    for printed in presets(home, bar):
        assert shown.shows(Raw(json.loads(printed)[TEXT[bar]])), printed
        assert shown.box().left > 0


def test_a_narrow_bar_shows_the_window_that_counts_most(home, start):
    home.fetch(WARNING.mood)
    assert start(size=(160, 60)).shows(WARNING.markup(WARNING.short), field="short_text")


def test_i3blocks_shows_every_state_in_its_colour_as_the_snapshot_changes(home, i3blocks):
    bar = i3blocks()
    assert bar.shows(OK.text)
    for moment in LIFE:
        moment.come(home)
        assert bar.shows(moment.markup()), moment
    assert bar.complaints() == []


RUST_BLOCK = '[[block]]\nblock = "custom"\ncommand = "echo"\ninterval = "once"\n'
USERS_OWN = {
    "i3blocks": ("i3blocks", ".config/i3blocks/config", "i3blocks -c {}", "[time]\ncommand=echo\n"),
    "i3status-rust": ("i3status-rs", ".config/i3status-rust/config.toml", "i3status-rs {}", RUST_BLOCK),
}


def test_a_click_that_setup_has_written_shows_the_page_and_another_closes_it(home, bar, tmp_path):
    program, config, command, text = USERS_OWN[bar]
    need(program)
    path = set_up_for_the_page(home, bar, config, text)
    shown = bars.begun(Swaybar(home.room, command.format(path), evidence=tmp_path))
    until(lambda: OK.text in bars.block(shown).get("full_text", ""), "the numbers")
    click_for_the_page(home, shown)


def test_a_watcher_of_i3blocks_that_is_killed_comes_back_by_itself(home, i3blocks):
    bar = i3blocks()
    replace_watcher(home, "i3blocks")
    home.fetch(WARNING.mood)
    assert bar.shows(WARNING.markup())


def test_the_polled_form_in_i3blocks_follows_a_signal_and_clicks_and_survives_a_failing_command(home, i3blocks):
    bar = i3blocks("codingplan-polled.conf")
    assert bar.shows(OK.text)
    home.fetch(WARNING.mood)
    bar.signal(10)
    assert bar.shows(WARNING.markup())
    bar.click("left")
    until(home.opened, "the browser")
    until(lambda: not any("BLOCK_BUTTON" in line for line in home.room.alive().values()), "the first click's end")
    assert home.opened() == [DASHBOARD]
    is_asked_by_a_right_click(home, bar)
    home.install("exit 1")
    bar.signal(10)
    home.install()
    bar.signal(10)
    assert bar.shows(OK.text)


def test_every_hostile_name_is_text_in_i3blocks_though_the_users_own_blocks_are_markup(room, gallery, tmp_path):
    need("i3blocks")
    is_old = room.run("i3blocks", "-V").startswith(b"i3blocks 1.4")
    known = [number for number, text in enumerate(gallery.texts) if not (is_old and KNOWN_WRONG & set(text))]
    texts, files = ([things[number] for number in known] for things in (gallery.texts, gallery.shown("i3blocks")))

    def hung(name, scripts):
        return hang(room, 14_000, [f"sh {room.write(f'{name}-{n}.sh', text)}" for n, text in enumerate(scripts)])

    configs = [MARKUP + "".join(BLOCK.format(file, file.name) for file in row) for row in rows(files, 75)]
    blocks = [room.write(f"i3blocks-{number}.conf", text) for number, text in enumerate(configs)]
    screen = hung("shown", [f"exec i3blocks -c {file}" for file in blocks])
    lines = [json.dumps([{"full_text": text} for text in row]) for row in rows(texts, 75)]
    expected = hung("expected", [PROTOCOL.format(line) for line in lines])
    assert alike(screen, expected, texts, tmp_path, height=HEIGHT)
    assert not (room.folder / "pwned").exists()


KNOWN_WRONG = set('"\\')
"""i3blocks 1.4 knows no escapes in JSON: a text ends at its first quote, and a backslash is shown as it is written."""
PROTOCOL = """\
cat <<'END'
{{"version":1}}
[{},
END
exec sleep 1000
"""
MARKUP = "markup=pango\n"
BLOCK = """
[{1}]
command=cat {0}
interval=once
format=json
"""


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


def colours(bar):
    """The background and the foreground of the block."""
    block = bars.block(bar)
    return block.get("background", "#101418")[:7].lower(), block["color"][:7].lower()


def test_i3status_rust_shows_every_state_in_its_colours_as_the_snapshot_changes(home, i3status_rust):
    bar = i3status_rust()
    assert bar.shows(OK.text)
    for moment in LIFE:
        moment.come(home)
        one_window_is_meant = STATES[moment.state] == "idle"  # of the rest the block has the colour
        assert bar.shows(moment.markup() if one_window_is_meant else moment.text), moment
        assert colours(bar) == STATE_COLOURS[STATES[moment.state]], moment
    assert bar.complaints() == []


def test_clicks_in_i3status_rust_open_the_console_and_ask_anew(home, i3status_rust):
    bar = i3status_rust()
    assert bar.shows(OK.text)
    click(home, bar)
    assert bar.shows(WARNING.markup())
    assert home.opened() == [DASHBOARD]


def test_the_polled_form_in_i3status_rust_follows_a_signal_and_a_click_and_survives_a_failing_command(
    home, i3status_rust
):
    bar = i3status_rust("codingplan-polled.toml")
    assert bar.shows(OK.text)
    home.fetch(WARNING.mood)
    bar.signal(4)
    assert bar.shows(WARNING.markup())
    is_asked_by_a_right_click(home, bar)
    home.install("exit 1")
    bar.signal(4)
    until(lambda: not bar.shows(OK.text, within=0), "what the block shows of a failure")
    home.install()
    assert bar.shows(OK.text)


def test_a_slow_start_and_a_killed_watcher_pass_in_i3status_rust(home, i3status_rust):
    home.install("sleep 1")
    bar = i3status_rust()
    assert bar.shows(OK.text)
    replace_watcher(home, "i3status-rust")
    assert bar.shows(OK.text)


def test_every_hostile_name_is_text_in_i3status_rust(room, gallery, tmp_path):
    need("i3status-rs")

    def hung(name, files):
        commands = []
        for number, row in enumerate(rows(files, 75)):
            config = room.write(f"{name}-{number}.toml", "".join(TABLE.format(file) for file in row))
            commands.append(f"i3status-rs {config}")
        return hang(room, 14_000, commands)

    shown = hung("shown", gallery.shown("i3status-rust"))
    expected = hung("expected", gallery.expected("i3status-rust", lambda text: json.dumps({"text": html.escape(text)})))
    assert alike(shown, expected, gallery.texts, tmp_path, height=HEIGHT)
    assert not (room.folder / "pwned").exists()


TABLE = """
[[block]]
block = "custom"
command = "cat {}"
json = true
interval = "once"
"""
