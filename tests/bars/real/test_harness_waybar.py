"""The harness's waybar: what it shows, and that a wrong picture is never taken for a right one."""

from __future__ import annotations

import json
import os

from realbars.account import borrowed, ordinary
from realbars.bus import start_bus
from realbars.mirror import Raw
from realbars.presence import need
from realbars.room import Room
from realbars.sway import Sway
from realbars.waiting import until
from realbars.waybar import Waybar

CSS = """
* { font-family: "DejaVu Sans Mono"; font-size: 13px; }
window#waybar { background: #101418; color: #e6e6e6; }
#custom-codingplan { padding: 0 8px; }
#custom-codingplan.critical { background: #c01c28; color: #ffffff; }
"""
CRITICAL = {"class": ["codingplan", "critical"]}


def config(**keys):
    module = {"exec": "cat answer.json", "return-type": "json", "interval": "once", "signal": 8, "format": "{}"}
    return {
        "height": 30,
        "modules-right": ["custom/codingplan", "custom/other"],
        "custom/codingplan": {**module, **keys},
        "custom/other": {"exec": "echo right", "interval": "once"},
    }


def answer(room, **fields):
    room.write("answer.json", json.dumps(fields))


def test_the_text_and_the_look_must_both_be_right(room, waybar):
    answer(room, text="5h 42% &amp; week &lt;7%", **CRITICAL)
    bar = waybar(config(), CSS)
    assert bar.shows("5h 42% & week <7%", **CRITICAL)
    assert not bar.shows("5h 42% & week <8%", **CRITICAL, within=0.2)
    assert not bar.shows("5h 42% & week <7%", within=0.2)
    assert not bar.shows(within=0.2)
    assert bar.complaints() == []


def test_a_refuted_claim_says_where_and_keeps_both_pictures(room, waybar, tmp_path):
    answer(room, text="one")
    verdict = waybar(config(), CSS).shows("two", within=0.2)
    assert "does not show two: Box(left=13" in repr(verdict)
    assert {path.name for path in tmp_path.glob("*.png")} == {"shown.png", "expected.png"}


def test_markup_that_breaks_is_not_taken_for_text(room, waybar):
    answer(room, text="A & <b>")
    bar = waybar(config(), CSS)
    assert not bar.shows("A & <b>", within=0.2)
    assert any("Failed to set text" in line for line in bar.complaints())


def test_markup_that_works_is_not_taken_for_text_but_for_markup(room, waybar):
    span = "<span foreground='#ff0000'>red</span>"
    answer(room, text=span)
    bar = waybar(config(), CSS)
    assert not bar.shows(span, within=0.2)
    assert bar.shows(Raw("<span foreground='#ff0000'>"), "red", Raw("</span>"))


def test_the_same_bar_shows_one_text_after_another_when_it_is_signalled(room, waybar):
    bar = waybar(config(), CSS)
    assert bar.shows()
    for text in ("one", "two", "one"):
        answer(room, text=text)
        bar.signal(8)
        assert bar.shows(text)
    assert not bar.shows("two", within=0.2)


def test_a_change_on_the_screen_is_noticed(room, waybar):
    room.pipe("feed.pipe")
    bar = waybar(config(exec="cat feed.pipe", interval=None), CSS)
    before = bar.settled()
    (room.folder / "feed.pipe").write_text('{"text": "now"}\n')
    assert bar.changed(before) != before
    assert bar.shows("now")


def test_every_button_and_the_wheel_reach_the_module(room, waybar):
    answer(room, text="click me")
    keys = {"on-click": "left", "on-click-right": "right", "on-click-middle": "middle", "on-scroll-up": "up"}
    keys["on-scroll-down"] = "down"
    bar = waybar(config(**{key: f"touch {name}" for key, name in keys.items()}), CSS)
    for name in keys.values():
        bar.click(name)
        until((room.folder / name).exists, f"the click {name}")


def test_a_click_beside_the_module_does_nothing(room, waybar):
    answer(room, text="click me")
    bar = waybar(config(**{"on-click": "touch left"}), CSS)
    bar.click(at=(20, 15))
    bar.click(at=bar.box().centre)
    until((room.folder / "left").exists, "the second click")


def test_the_tooltip_is_compared_too(room, waybar):
    answer(room, text="5h 42%", tooltip="Plan: &lt;Pro&gt;\n5h  ▰▰▱▱ 42%")
    bar = waybar(config(), CSS)
    assert bar.shows("5h 42%", tooltip="Plan: <Pro>\n5h  ▰▰▱▱ 42%")
    assert not bar.shows("5h 42%", tooltip="Plan: <Pro>\n5h  ▰▰▱▱ 43%", within=0.2)


def test_a_portrait_holds_the_bar_and_the_tooltip_alone(room, waybar, tmp_path):
    answer(room, text="5h 42%", tooltip="Plan: Pro")
    bar = waybar(config(), CSS)
    assert bar.shows("5h 42%")
    bar.portrait(tmp_path / "bar.png")
    with_tooltip = bar.hover()
    bar.portrait(tmp_path / "tooltip.png")
    heights = [int.from_bytes((tmp_path / name).read_bytes()[20:24]) for name in ("bar.png", "tooltip.png")]
    assert heights[0] == 30
    assert 30 < heights[1] < with_tooltip.height
    bar.leave()


def test_a_file_of_the_users_own_is_used_as_it_is_and_may_include_another(room, waybar):
    answer(room, text="from a file")
    module = json.dumps({"custom/codingplan": config()["custom/codingplan"]})
    fragment = room.write("fragment.jsonc", f"// a comment\n{module}")
    bar = waybar(f'{{"include": "{fragment}", /* more */ "height": 30, "modules-left": ["custom/codingplan"]}}', CSS)
    assert bar.shows("from a file")


def test_another_bar_can_follow_in_the_same_test(room, waybar):
    answer(room, text="first")
    first = waybar(config(), CSS)
    assert first.shows("first")
    first.end()
    assert not first.alive()
    answer(room, text="second")
    assert waybar(config(), CSS).shows("second")


def test_escaped_text_of_every_kind_is_recognised(room, waybar):
    bar = waybar(config(), CSS)
    for text in ("A & <b>x</b>", "%{A1:x:}y%{A}", "\N{ROCKET} max", "קלוד 42", "漢字", "L" * 100):
        answer(room, text=text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
        bar.signal(8)
        assert bar.shows(text)
        assert not bar.shows(text[:-1], within=0.1)


def test_it_works_too_where_root_must_borrow_an_account(tmp_path):
    need("waybar")
    quarters = Room(borrowed() if os.geteuid() == 0 else ordinary())
    try:
        answer(quarters, text="borrowed")
        screens, bus = (Sway(quarters), Sway(quarters)), start_bus(quarters)
        bar = Waybar(quarters, screens, config(**{"on-click": "touch left"}), CSS, bus=bus, evidence=tmp_path)
        assert bar.shows("borrowed")
        bar.click()
        until((quarters.folder / "left").exists, "the click")
        assert (quarters.folder / "left").stat().st_uid == quarters.account.owner
    finally:
        quarters.close()
