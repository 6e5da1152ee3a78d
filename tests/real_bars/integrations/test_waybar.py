"""waybar with the files of integrations/waybar, started as their page says."""

from __future__ import annotations

import html
import json
import os
import re
import signal
from functools import partial

import pytest
from support.machine import need, until
from support.realbars.bar import Raw
from support.realbars.picture_bars import WAYBAR_LOOK, Waybar, json_line
from support.realbars.screens import Sway
from support.showroom import bars
from support.showroom.gallery import alike, rows
from support.showroom.states import COLORS, DASHBOARD, LIFE, OK, WARNING, WORST, click, presets

MODULE = {"return-type": "json", "format": "{}", "interval": "once"}


@pytest.fixture
def start(home, sways, tmp_path):
    """start(fragment) -> WaybarAtHome."""
    screens, bus = sways
    return partial(bars.waybar, home, screens, bus=bus, evidence=tmp_path)


def look(moment):
    return {"class": moment.classes}


def test_every_state_is_shown_with_its_look_as_the_snapshot_changes(home, start):
    bar = start()
    assert bar.shows(OK.text, **look(OK))
    for moment in LIFE:
        moment.come(home)
        assert bar.shows(moment.markup(), **look(moment)), moment
    assert bar.complaints() == []


def test_what_setup_has_written_is_shown(home, sways, tmp_path):
    config = home.room.write(".config/waybar/config", SOMEBODYS)
    home.room.write(".config/waybar/style.css", WAYBAR_LOOK)
    home.room.run("codingplan-bar", "setup", "waybar", "--write")
    style = (home.room.folder / ".config/waybar/style.css").read_text("utf-8")
    screens, bus = sways
    bar = Waybar(home.room, screens, config.read_text("utf-8"), style, bus=bus, evidence=tmp_path)
    home.fetch(WARNING.mood)
    assert bar.shows(WARNING.markup(), **look(WARNING))
    assert bar.complaints() == []


def test_on_two_screens_both_show_it_and_the_provider_is_asked_once(home, sways, tmp_path):
    (_, mirror), bus = sways
    screen = Sway(home.room)
    bar = bars.waybar(home, (screen, mirror), bus=bus, evidence=tmp_path)
    assert bar.shows(OK.text)
    home.room.run("swaymsg", "create_output", environ=screen.environ)
    second = max(names(home.room, screen))
    home.room.run("swaymsg", "output", second, "resolution", "1400x360", environ=screen.environ)
    until(lambda: len(home.running("waybar", "--watch")) == 2, "a process for each screen")
    before = until(lambda: alike_on_both(home.room, screen, second), "the same on both")
    home.console.forget()
    home.fetch(WARNING.mood)
    until(lambda: alike_on_both(home.room, screen, second) not in {None, before}, "the same new line on both")
    assert [request.method for request in home.console.requests].count("POST") == 1


def names(room, screen):
    found = json.loads(room.run("swaymsg", "-r", "-t", "get_outputs", environ=screen.environ))
    return [output["name"] for output in found]


def alike_on_both(room, screen, second):
    """What both screens show, None where they differ."""
    first, other = (room.run("grim", "-t", "ppm", "-o", name, "-", environ=screen.environ) for name in (FIRST, second))
    return first if first == other else None


FIRST = "HEADLESS-1"
SOMEBODYS = """\
// as somebody has it
{
    "height": 24, // pixels
    "modules-left": [],
    "modules-right": [/* nothing yet */]
}
"""


def test_every_preset_is_shown_whole_in_both_languages(home, start):
    home.fetch(WORST)
    bar = start()
    for line in map(json.loads, presets(home, "waybar")):
        assert f"background='{COLORS['critical']}'" in line["text"]
        assert bar.shows(Raw(line["text"]), **{"class": line["class"]}), line
        assert bar.box().left > 0
    assert bar.complaints() == []


def test_pointing_tells_more_and_clicks_open_the_console_and_ask_anew(home, start):
    home.fetch(OK.mood)
    bar = start()
    tooltip = json.loads(home.room.run("codingplan-bar", "waybar"))["tooltip"]
    bars_apart = (line for line in home.view()["tooltip"] if not line or set(line) - set("▰▱·"))
    assert [line for line in words(tooltip) if line] == [line for line in bars_apart if line]
    assert bar.shows(OK.text, **look(OK), tooltip=Raw(tooltip))
    click(home, bar)
    assert bar.shows(WARNING.markup(), **look(WARNING))
    assert home.opened() == [DASHBOARD]


def words(markup):
    """The lines of a tooltip, without its markup and what its bars are drawn with."""
    return html.unescape(re.sub("<[^>]*>|[\u2060\u200a]", "", markup)).split("\n")


def test_the_polled_form_follows_a_signal_and_its_own_click_and_hides_while_its_command_fails(home, start):
    bar = start("codingplan-polled.jsonc")
    home.signals_stay_with(bar.pid)
    assert bar.shows(OK.text, **look(OK))
    home.fetch(WARNING.mood)
    bar.signal(9)
    assert bar.shows(WARNING.markup(), **look(WARNING))
    home.install("exit 1")
    bar.signal(9)
    assert bar.shows()
    home.install()
    bar.signal(9)
    assert bar.shows(WARNING.markup(), **look(WARNING))
    home.console.answer_quota = OK.mood
    home.rest()
    bar.click("right")
    assert bar.shows(OK.text, **look(OK))


def test_a_slow_start_and_a_killed_watcher_leave_the_bar_alive_and_pass(home, start):
    home.install("until [ -e go ]; do sleep 0.1; done")
    bar = start()
    assert bar.shows()
    home.room.write("go", "")
    assert bar.shows(OK.text, **look(OK))
    (watcher,) = home.running("waybar", "--watch")
    (home.room.folder / "go").unlink()
    os.kill(watcher, signal.SIGKILL)
    assert bar.shows()
    home.room.write("go", "")
    assert bar.shows(OK.text, **look(OK))


def test_every_hostile_name_is_text(room, sways, gallery, tmp_path):
    def hung(name, files):
        bars = [
            {
                "height": 24,
                "modules-left": [f"custom/{file.name}" for file in row],
                **{f"custom/{file.name}": {"exec": f"cat {file}", **MODULE} for file in row},
            }
            for row in rows(files, 75)
        ]
        screen = Sway(room, size=(13000, 80))
        room.write(name, json.dumps(bars))
        environ = {**screen.environ, "GDK_BACKEND": "wayland", "DBUS_SESSION_BUS_ADDRESS": sways[1]}
        room.start("waybar", "-c", name, "-s", "waybar.css", log=f"{name}.log", environ=environ)
        return screen

    room.write("waybar.css", WAYBAR_LOOK + "label { padding: 0 6px; }")
    shown = hung("shown.json", gallery.shown("waybar"))
    expected = hung("expected.json", gallery.expected("waybar", lambda text: json_line({"text": html.escape(text)})))
    assert alike(shown, expected, gallery.texts, tmp_path, height=24)
    assert not (room.folder / "pwned").exists()


def test_a_click_that_setup_has_written_shows_the_page_in_a_floating_window_and_another_closes_it(
    home, sways, tmp_path
):
    need("foot")
    config = home.room.write(".config/waybar/config", SOMEBODYS)
    home.room.write(".config/waybar/style.css", WAYBAR_LOOK)
    home.fetch()
    home.room.environ["TERMINAL"] = "foot"
    words = ("codingplan-bar", "setup", "waybar", "--write", "--click", "page")
    told = home.room.run(*words).decode()
    assert "A click shows the page in foot." in told
    rule = 'for_window [app_id="^codingplan-bar$"] floating enable'
    screens = [Sway(home.room, size=(1000, 600), more=rule) for _ in range(2)]
    bar = Waybar(home.room, screens, config.read_text("utf-8"), WAYBAR_LOOK, bus=sways[1], evidence=tmp_path)
    module = bar.box().centre
    bar.click(at=module)

    def windows():
        tree = json.loads(home.room.run("swaymsg", "-t", "get_tree", environ=screens[0].environ))
        spaces = [space for output in tree["nodes"] for space in output["nodes"]]
        return [window for space in spaces for window in space["floating_nodes"]]

    until(windows, "a floating window")
    assert [(each["app_id"], each["name"]) for each in windows()] == [("codingplan-bar", "Coding Plan")]
    until(lambda: not home.running("status", "--window"), "the first click's end")
    until(lambda: home.running("status", "--watch", "--window"), "the page in it")
    bar.click(at=module)
    until(lambda: not windows(), "no window after a second click")
