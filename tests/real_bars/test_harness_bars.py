"""The harness's polybar: what it shows, what its tags do, and what a click does."""

from __future__ import annotations

import json
import os
import time

from support.machine import need, until
from support.realbars.bar import Raw
from support.realbars.picture_bars import POLYBAR_LOOK, STATE_COLOURS, Waybar
from support.realbars.room import Room, borrowed, ordinary, start_bus
from support.realbars.screens import Sway
from support.realbars.tmux import Run, Style

RED, DONE = Raw("%{F#ff5555}"), Raw("%{F-}")


def config(*keys):
    usual = ("type = custom/script", "exec = cat answer", "interval = 0.2")
    return POLYBAR_LOOK + "\n".join(["[module/codingplan]", *usual, *keys])


def test_the_text_and_its_colours_must_both_be_right(room, polybar):
    room.write("answer", "%{F#ff5555}5h 42%%{F-} 100% & <b>\n")
    bar = polybar(config())
    assert bar.shows(RED, "5h 42%", DONE, " 100% & <b>")
    assert not bar.shows("5h 42% 100% & <b>", within=0.2)
    assert not bar.shows(RED, "5h 43%", DONE, " 100% & <b>", within=0.2)
    assert bar.complaints() == []


def test_the_label_follows_its_command_and_hides_with_an_empty_line(room, polybar):
    bar = polybar(config())
    for text in ("one", "two", "one"):
        room.write("answer", text + "\n")
        assert bar.shows(text)
    room.write("answer", "\n")
    assert bar.shows()
    assert not bar.shows("one", within=0.2)


def test_a_label_that_streams_is_seen_to_change(room, polybar):
    room.pipe("feed.pipe")
    bar = polybar(config("tail = true").replace("cat answer", "cat feed.pipe").replace("interval = 0.2\n", ""))
    before = bar.settled()
    (room.folder / "feed.pipe").write_text("now\n")
    assert bar.changed(before) != before
    assert bar.shows("now")


def test_every_button_and_the_wheel_reach_the_module(room, polybar):
    room.write("answer", "click me\n")
    keys = {"click-left": "left", "click-right": "right", "click-middle": "middle", "scroll-up": "up"}
    keys["scroll-down"] = "down"
    bar = polybar(config(*(f"{key} = touch {name}" for key, name in keys.items())))
    for name in keys.values():
        bar.click(name)
        until((room.folder / name).exists, f"the click {name}")


def test_a_tag_that_is_let_through_is_live_and_is_not_taken_for_text(room, polybar):
    hostile = "%{A1:touch pwned:}x%{A}"
    room.write("answer", hostile + "\n")
    bar = polybar(config())
    assert not bar.shows(hostile, within=0.2)
    assert bar.shows("x")
    bar.click()
    until((room.folder / "pwned").exists, "the hostile action")


def test_escaped_text_of_every_kind_is_recognised_and_is_dead(room, polybar):
    bar = polybar(config())
    for text in ("%{A1:touch pwned:}x%{A}", "%{F#f00}RED", "p %{Zbad} q", "42% %H:%M %%", "{icon} {}"):
        room.write("answer", text.replace("%{", "%\N{ZERO WIDTH SPACE}{") + "\n")
        assert bar.shows(text)
        bar.click()
    assert not (room.folder / "pwned").exists()


def test_a_tag_that_polybar_does_not_know_is_complained_of(room, polybar):
    room.write("answer", "p %{Zbad} q\n")
    bar = polybar(config())
    until(bar.complaints, "a complaint")
    assert not bar.shows("p %{Zbad} q", within=0.2)


def test_a_module_of_the_users_own_file_can_be_included(room, polybar):
    room.write("answer", "included\n")
    file = room.write("module.ini", "[module/codingplan]\ntype = custom/script\nexec = cat answer\ninterval = 1\n")
    assert polybar(POLYBAR_LOOK + f"include-file = {file}\n").shows("included")


def test_it_is_drawn_in_the_configured_colours(room, polybar):
    room.write("answer", "x\n")
    bar = polybar(config("format-background = #c01c28", "format-padding = 2"))
    assert bar.shows("x")
    assert "#c01c28" in bar.picture().colours()
    assert bar.box().bottom - bar.box().top == 30


# The harness's swaybar, with the real i3status-rust and with the runner of its blocks.

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
    assert set(STATE_COLOURS["warning"]) <= bar.picture().colours()
    answer(room, text="now", state="critical")
    bar.signal(4)
    assert bar.shows("now")
    assert STATE_COLOURS["critical"][0] in bar.picture().colours()
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


# The harness's waybar: what it shows, and that a wrong picture is never taken for a right one.

CSS = """
* { font-family: "DejaVu Sans Mono"; font-size: 13px; }
window#waybar { background: #101418; color: #e6e6e6; }
#custom-codingplan { padding: 0 8px; }
#custom-codingplan.critical { background: #c01c28; color: #ffffff; }
"""
CRITICAL = {"class": ["codingplan", "critical"]}


def config_of_waybar(**keys):
    module = {"exec": "cat answer.json", "return-type": "json", "interval": "once", "signal": 8, "format": "{}"}
    return {
        "height": 30,
        "modules-right": ["custom/codingplan", "custom/other"],
        "custom/codingplan": {**module, **keys},
        "custom/other": {"exec": "echo right", "interval": "once"},
    }


def test_the_text_and_the_look_must_both_be_right(room, waybar):
    answer(room, text="5h 42% &amp; week &lt;7%", **CRITICAL)
    bar = waybar(config_of_waybar(), CSS)
    assert bar.shows("5h 42% & week <7%", **CRITICAL)
    assert not bar.shows("5h 42% & week <8%", **CRITICAL, within=0.2)
    assert not bar.shows("5h 42% & week <7%", within=0.2)
    assert not bar.shows(within=0.2)
    assert bar.complaints() == []


def test_a_refuted_claim_says_where_and_keeps_both_pictures(room, waybar, tmp_path):
    answer(room, text="one")
    verdict = waybar(config_of_waybar(), CSS).shows("two", within=0.2)
    assert "does not show two: Box(left=13" in repr(verdict)
    assert {path.name for path in tmp_path.glob("*.png")} == {"shown.png", "expected.png"}


def test_markup_that_breaks_is_not_taken_for_text(room, waybar):
    answer(room, text="A & <b>")
    bar = waybar(config_of_waybar(), CSS)
    assert not bar.shows("A & <b>", within=0.2)
    assert any("Failed to set text" in line for line in bar.complaints())


def test_markup_that_works_is_not_taken_for_text_but_for_markup(room, waybar):
    span = "<span foreground='#ff0000'>red</span>"
    answer(room, text=span)
    bar = waybar(config_of_waybar(), CSS)
    assert not bar.shows(span, within=0.2)
    assert bar.shows(Raw("<span foreground='#ff0000'>"), "red", Raw("</span>"))


def test_the_same_bar_shows_one_text_after_another_when_it_is_signalled(room, waybar):
    bar = waybar(config_of_waybar(), CSS)
    assert bar.shows()
    for text in ("one", "two", "one"):
        answer(room, text=text)
        bar.signal(8)
        assert bar.shows(text)
    assert not bar.shows("two", within=0.2)


def test_a_change_on_the_screen_is_noticed(room, waybar):
    room.pipe("feed.pipe")
    bar = waybar(config_of_waybar(exec="cat feed.pipe", interval=None), CSS)
    before = bar.settled()
    (room.folder / "feed.pipe").write_text('{"text": "now"}\n')
    assert bar.changed(before) != before
    assert bar.shows("now")


def test_every_button_and_the_wheel_reach_the_module_of_waybar(room, waybar):
    answer(room, text="click me")
    keys = {"on-click": "left", "on-click-right": "right", "on-click-middle": "middle", "on-scroll-up": "up"}
    keys["on-scroll-down"] = "down"
    bar = waybar(config_of_waybar(**{key: f"touch {name}" for key, name in keys.items()}), CSS)
    for name in keys.values():
        bar.click(name)
        until((room.folder / name).exists, f"the click {name}")


def test_a_click_beside_the_module_does_nothing(room, waybar):
    answer(room, text="click me")
    bar = waybar(config_of_waybar(**{"on-click": "touch left"}), CSS)
    bar.click(at=(20, 15))
    bar.click(at=bar.box().centre)
    until((room.folder / "left").exists, "the second click")


def test_the_tooltip_is_compared_too(room, waybar):
    answer(room, text="5h 42%", tooltip="Plan: &lt;Pro&gt;\n5h  ▰▰▱▱ 42%")
    bar = waybar(config_of_waybar(), CSS)
    assert bar.shows("5h 42%", tooltip="Plan: <Pro>\n5h  ▰▰▱▱ 42%")
    assert not bar.shows("5h 42%", tooltip="Plan: <Pro>\n5h  ▰▰▱▱ 43%", within=0.2)


def test_a_portrait_holds_the_bar_and_the_tooltip_alone(room, waybar, tmp_path):
    answer(room, text="5h 42%", tooltip="Plan: Pro")
    bar = waybar(config_of_waybar(), CSS)
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
    module = json.dumps({"custom/codingplan": config_of_waybar()["custom/codingplan"]})
    fragment = room.write("fragment.jsonc", f"// a comment\n{module}")
    bar = waybar(f'{{"include": "{fragment}", /* more */ "height": 30, "modules-left": ["custom/codingplan"]}}', CSS)
    assert bar.shows("from a file")


def test_another_bar_can_follow_in_the_same_test(room, waybar):
    answer(room, text="first")
    first = waybar(config_of_waybar(), CSS)
    assert first.shows("first")
    first.end()
    assert not first.alive()
    answer(room, text="second")
    assert waybar(config_of_waybar(), CSS).shows("second")


def test_escaped_text_of_every_kind_is_recognised(room, waybar):
    bar = waybar(config_of_waybar(), CSS)
    for text in ("A & <b>x</b>", "%{A1:x:}y%{A}", "\N{ROCKET} max", "קלוד 42", "漢字", "L" * 100):
        answer(room, text=text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
        bar.signal(8)
        assert bar.shows(text)
        assert not bar.shows(text[:-1], within=0.1)


def test_it_works_too_where_root_must_borrow_an_account(tmp_path, programs):
    need("waybar")
    quarters = Room(borrowed() if os.geteuid() == 0 else ordinary())
    try:
        answer(quarters, text="borrowed")
        screens, bus = (Sway(quarters), Sway(quarters)), start_bus(quarters)
        bar = Waybar(quarters, screens, config_of_waybar(**{"on-click": "touch left"}), CSS, bus=bus, evidence=tmp_path)
        assert bar.shows("borrowed")
        bar.click()
        until((quarters.folder / "left").exists, "the click")
        assert (quarters.folder / "left").stat().st_uid == quarters.account.owner
    finally:
        quarters.close()


# The harness's tmux: its status row as text and as styles, for several clients.

CONFIG_OF_TMUX = """
set -g status-style 'fg=default,bg=default'
set -g status-interval 60
set -g status-left ''
set -g window-status-format ''
set -g window-status-current-format ''
set -g status-right-length 100
set -g mouse on
bind -n MouseDown1StatusRight run-shell 'touch clicked'
set -g status-right '#(echo run >>runs; cat answer)'
"""


def test_the_row_is_read_as_text_and_as_styles(room, tmux):
    room.write("answer", "#[fg=red,bold]5h 42%#[default] ## 漢字 #[fg=#ff8800]7%\n")
    bar = tmux(CONFIG_OF_TMUX, columns=60)
    assert bar.shows("5h 42% # 漢字 7%")
    assert not bar.shows("5h 43% # 漢字 7%", within=0.2)
    blank, *runs = bar.runs()
    assert runs == [
        Run("5h 42%", Style("red", None, frozenset({"bold"}))),
        Run(" # 漢字 ", Style()),
        Run("7%", Style("#ff8800")),
    ]
    assert len(blank.text) == 60 - len("5h 42% # 漢字 7%") - 2  # two characters are two columns wide


def test_a_refuted_claim_says_what_is_shown(room, tmux):
    room.write("answer", "one\n")
    bar = tmux(CONFIG_OF_TMUX)
    assert bar.shows("one")
    assert repr(bar.shows("two", within=0.1)) == "<shows 'one', not 'two'>"


def test_formats_that_are_let_through_are_not_taken_for_text(room, tmux):
    room.write("answer", "#{session_name}\n")
    bar = tmux(CONFIG_OF_TMUX)
    assert bar.shows("main")
    assert not bar.shows("#{session_name}", within=0.2)


def test_each_client_has_a_row_of_its_own_width(room, tmux):
    room.write("answer", "x" * 50 + "\n")
    bar = tmux(CONFIG_OF_TMUX, columns=80)
    second = bar.attach(30)
    assert bar.shows("x" * 50)
    assert bar.shows("x" * 30, client=second)
    bar.resize(70, client=second)
    assert bar.shows("x" * 50, client=second)
    assert (room.folder / "runs").read_text().count("run") >= 2


def test_a_refresh_runs_the_command_again(room, tmux):
    room.write("answer", "one\n")
    bar = tmux(CONFIG_OF_TMUX)
    assert bar.shows("one")
    room.write("answer", "two\n")
    time.sleep(1)  # tmux starts a command once a second at most
    bar.refresh()
    assert bar.changed("one") == "two"


def test_a_click_on_the_row_reaches_tmux(room, tmux):
    room.write("answer", "click me\n")
    bar = tmux(CONFIG_OF_TMUX, columns=80)
    assert bar.shows("click me")
    bar.click(75)
    until((room.folder / "clicked").exists, "the click")


def test_commands_and_options_of_the_server_can_be_asked(tmux):
    bar = tmux(CONFIG_OF_TMUX)
    assert bar.command("show-options", "-gv", "status-right-length").strip() == "100"
