"""The harness's polybar: what it shows, what its tags do, and what a click does."""

from __future__ import annotations

from realbars.mirror import Raw
from realbars.polybar import PLAIN
from realbars.waiting import until

RED, DONE = Raw("%{F#ff5555}"), Raw("%{F-}")


def config(*keys):
    usual = ("type = custom/script", "exec = cat answer", "interval = 0.2")
    return PLAIN + "\n".join(["[module/codingplan]", *usual, *keys])


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
    assert polybar(PLAIN + f"include-file = {file}\n").shows("included")


def test_it_is_drawn_in_the_configured_colours(room, polybar):
    room.write("answer", "x\n")
    bar = polybar(config("format-background = #c01c28", "format-padding = 2"))
    assert bar.shows("x")
    assert "#c01c28" in bar.picture().colours()
    assert bar.box().bottom - bar.box().top == 30
