"""polybar with the files of integrations/polybar, started as their page says."""

from __future__ import annotations

from functools import partial
from itertools import accumulate

import pytest
from support.machine import until
from support.realbars.bar import Raw
from support.realbars.picture_bars import POLYBAR_LOOK, Polybar
from support.realbars.screens import Xvfb
from support.showroom import bars
from support.showroom.gallery import alike, rows
from support.showroom.states import (
    COLORS,
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

HEIGHT = 30
"""Of a bar, in pixels."""
CHARACTER = 8
ROW_LENGTH = 75
"""How many names stand in one bar."""

MODULE = """\
[module/{}]
type = custom/script
exec = cat {}; exec sleep 1000
tail = true
format-padding = 1
"""
UNSEEN_TICK = """\
[module/tick]
type = internal/date
date = %S
label-foreground = #101418
"""


@pytest.fixture
def start(home, xvfbs, tmp_path):
    """start(fragment) -> PolybarAtHome."""
    return partial(bars.polybar, home, xvfbs, evidence=tmp_path)


def test_every_state_is_shown_in_its_colour_as_the_snapshot_changes(home, start):
    bar = start()
    assert bar.shows(OK.text)
    for moment in LIFE:
        moment.come(home)
        assert bar.shows(*bars.tagged(moment)), moment
    assert bar.complaints() == []


def test_what_setup_has_written_is_shown(home, xvfbs, tmp_path):
    config = home.room.write(
        ".config/polybar/config.ini", POLYBAR_LOOK.replace("modules-right = codingplan", "modules-right =")
    )
    home.room.run("codingplan-bar", "setup", "polybar", "--write")
    bar = Polybar(home.room, xvfbs, config.read_text("utf-8"), evidence=tmp_path)
    home.fetch(OK.mood)
    assert bar.shows(OK.text)
    assert bar.complaints() == []


def test_a_click_that_setup_has_written_shows_the_page_and_another_closes_it(home, xvfbs, tmp_path):
    text = POLYBAR_LOOK.replace("modules-right = codingplan", "modules-right =")
    config = set_up_for_the_page(home, "polybar", ".config/polybar/config.ini", text)
    bar = Polybar(home.room, xvfbs, config.read_text("utf-8"), evidence=tmp_path)
    assert bar.shows(OK.text)
    click_for_the_page(home, bar)


@pytest.mark.parametrize("more", ["", "font-1 = Noto Sans CJK SC:size=10;2\n"])
def test_to_somebody_who_reads_chinese_it_leaves_out_no_word_whatever_its_fonts(home, xvfbs, tmp_path, more):
    home.room.environ |= {"LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"}
    text = POLYBAR_LOOK.replace("modules-right = codingplan", f"{more}modules-right =")
    config = home.room.write(".config/polybar/config.ini", text)
    told = home.room.run("codingplan-bar", "setup", "polybar", "--write").decode()
    assert ("polybar 的字体没有中文" in told) is (not more)
    home.fetch(OK.mood)
    bar = Polybar(home.room, xvfbs, config.read_text("utf-8"), evidence=tmp_path)
    assert bar.shows(OK.text.replace("wk", "周").replace("mo", "月") if more else OK.text)
    bar.portrait(tmp_path / "polybar.png")
    assert "Dropping unmatched character" not in bar.log()


def test_every_preset_is_shown_whole_in_both_languages(home, start):
    home.fetch(WORST)
    bar = start()
    for text in presets(home, "polybar"):
        assert f"%{{B{COLORS['critical']} F#000000}}" in text
        assert bar.shows(Raw(text)), text
        assert bar.box().left > 0


def test_clicks_open_the_console_and_ask_anew(home, start):
    bar = start()
    assert bar.shows(OK.text)
    click(home, bar)
    assert bar.shows(*bars.tagged(WARNING))
    assert home.opened() == [DASHBOARD]


def test_the_polled_form_asks_again_by_itself_and_survives_a_command_that_fails(home, start):
    bar = start("codingplan-polled.ini", interval=1)
    assert bar.shows(OK.text)
    home.console.answer_quota = WARNING.mood
    home.rest()
    bar.click("right")
    assert bar.shows(*bars.tagged(WARNING))
    home.install("touch failed; exit 1")
    until((home.room.folder / "failed").exists, "a command that fails")
    looks = ((), bars.tagged(WARNING))  # from 3.7 on the last text stays
    until(lambda: any(bar.shows(*look, within=0) for look in looks), "one of the two")
    home.install()
    home.rest()
    home.fetch(OK.mood)
    assert bar.shows(OK.text)


def test_a_slow_start_and_a_killed_watcher_leave_the_bar_alive_and_pass(home, start):
    home.install("until [ -e go ]; do sleep 0.1; done")
    bar = start()
    assert bar.shows()
    home.room.write("go", "")
    assert bar.shows(OK.text)
    replace_watcher(home, "polybar")
    home.fetch(WARNING.mood)
    assert bar.shows(*bars.tagged(WARNING))


def test_every_hostile_name_is_text_and_does_nothing_when_it_is_clicked(room, gallery, tmp_path):
    started = []

    def hung(name, files):
        exhibits = rows(files, ROW_LENGTH)
        screen = Xvfb(room, size=(13000, HEIGHT * len(exhibits)))
        for number, row in enumerate(exhibits):
            config = room.write(f"{name}-{number}.ini", bar_of(row, number))
            command = ("polybar", "-c", str(config), "-l", "error", "main")
            started.append(room.start(*command, log=f"{config.stem}.log", environ={"DISPLAY": screen.display}))
        return screen

    shown = hung("shown", gallery.shown("polybar"))
    expected = hung("expected", gallery.expected("polybar", lambda text: text.replace("%{", "% {")))
    assert alike(shown, expected, gallery.texts, tmp_path, height=HEIGHT)
    places = middles(gallery.texts[:ROW_LENGTH], "pwned")
    assert len(places) > 5
    shown.xdotool(*(word for x in places for word in ("mousemove", str(x), str(HEIGHT // 2), "click", "1")))
    assert not (room.folder / "pwned").exists()
    for process in started:
        process.kill()  # each would take a second to end by itself


def bar_of(row, number):
    """A bar with a module for each file. polybar 3.6 may lose what many commands print at once, until it draws anew."""
    names = " ".join(file.name.replace(".", "-") for file in row)
    bar = POLYBAR_LOOK.replace(
        "modules-right = codingplan", f"modules-left = {names}\nmodules-right = tick\noffset-y = {number * HEIGHT}"
    )
    return bar + UNSEEN_TICK + "".join(MODULE.format(file.name.replace(".", "-"), file) for file in row)


def middles(texts, piece):
    """Where in a row the texts with this piece are: each character is as wide as the next, with a space around all."""
    ends = list(accumulate(CHARACTER * (len(text.replace("%{", "% {")) + 2) for text in texts))
    return [(start + end) // 2 for start, end, text in zip([0, *ends], ends, texts, strict=False) if piece in text]
