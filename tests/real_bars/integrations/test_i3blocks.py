"""i3blocks with the files of integrations/i3blocks, below swaybar."""

from __future__ import annotations

import json
from functools import partial

import pytest
from support.presence import need
from support.realbars.mirror import Raw
from support.showroom import bars
from support.showroom.bars import HEIGHT, hang
from support.showroom.exhibition import alike
from support.showroom.gallery import rows
from support.showroom.states import DASHBOARD, LIFE, OK, WARNING, WORST, presets, replace_watcher
from support.waiting import until


@pytest.fixture
def start(home, tmp_path):
    """start(fragment) -> Swaybar."""
    return partial(bars.i3blocks, home, tmp_path)


def test_every_state_is_shown_in_its_colour_as_the_snapshot_changes(home, start):
    bar = start()
    assert bar.shows(OK.text)
    for moment in LIFE:
        moment.come(home)
        assert bar.shows(moment.markup()), moment
    assert bar.complaints() == []


def test_every_preset_is_shown_whole_in_both_languages(home, start):
    home.fetch(WORST)
    bar = start()
    for printed in presets(home, "i3blocks"):
        assert bar.shows(Raw(json.loads(printed)["full_text"])), printed
        assert bar.box().left > 0


def test_a_narrow_bar_shows_the_window_that_counts_most(home, start):
    home.fetch(WARNING.mood)
    assert start(size=(160, 60)).shows(WARNING.markup(WARNING.short), field="short_text")


def test_a_killed_watcher_comes_back_by_itself(home, start):
    bar = start()
    replace_watcher(home, "i3blocks")
    home.fetch(WARNING.mood)
    assert bar.shows(WARNING.markup())


def test_the_polled_form_follows_a_signal_and_clicks_and_survives_a_command_that_fails(home, start):
    bar = start("codingplan-polled.conf")
    assert bar.shows(OK.text)
    home.fetch(WARNING.mood)
    bar.signal(10)
    assert bar.shows(WARNING.markup())
    bar.click("left")
    until(home.opened, "the browser")
    until(lambda: not any("BLOCK_BUTTON" in line for line in home.room.alive().values()), "the first click's end")
    assert home.opened() == [DASHBOARD]
    home.console.answer_quota = OK.mood
    home.rest()
    bar.click("right")
    assert bar.shows(OK.text)
    home.install("exit 1")
    bar.signal(10)
    home.install()
    bar.signal(10)
    assert bar.shows(OK.text)


def test_every_hostile_name_is_text_though_the_users_own_blocks_are_markup(room, gallery, tmp_path):
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
