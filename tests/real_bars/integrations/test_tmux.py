"""tmux with the files of integrations/tmux: the two lines, and the plugin as TPM runs it."""

from __future__ import annotations

import re
from functools import partial

import pytest
from support.machine import until
from support.showroom import bars
from support.showroom.gallery import rows
from support.showroom.home import snippets
from support.showroom.states import COLORS, DASHBOARD, FORMATS, LIFE, OK, WARNING, WORST, replace_watcher

ODD = """it's a "dir" & #{x} #(y) %H $HOME (1, }"""
"""A folder's name with all that means something to tmux or a shell."""
EDGE = "¦"
"""What stands between two names, and in none of them."""


@pytest.fixture
def two_lines(home):
    """two_lines(more) -> TmuxAtHome."""
    return partial(bars.tmux_by_hand, home)


@pytest.fixture
def plugin(home):
    """plugin(config) -> TmuxAtHome."""
    return partial(bars.tmux_by_plugin, home, folder=ODD)


def drawn(bar):
    """What is drawn, in pieces of one look: each with the colour of its letters or, of a chip, of its ground."""
    runs = [
        (run.text.strip(" "), run.style.background or run.style.colour) for run in bar.runs() if run.text.strip(" ·")
    ]
    return [(text.strip(" ·"), color) for text, color in runs if text.strip(" ·")]


def expected(moment):
    """The same, from its text."""
    pieces = [(text.strip(" ·"), COLORS.get(state)) for text, state in moment.parts() if text.strip(" ·")]
    joined = [pieces[0]]
    for text, color in pieces[1:]:
        if color == joined[-1][1]:
            joined[-1] = (f"{joined[-1][0]} · {text}", color)
        else:
            joined.append((text, color))
    return joined


def option(bar, name):
    return bar.command("show-options", "-gv", name).rstrip("\n")


def test_every_state_is_shown_in_its_colour_as_the_snapshot_changes(home, two_lines):
    bar = two_lines()
    assert bar.shows(OK.text)
    for moment in LIFE:
        moment.come(home)
        until(lambda moment=moment: drawn(bar) == expected(moment), f"{expected(moment)}")


def test_a_line_is_drawn_at_once_however_rarely_the_status_line_is(home, two_lines):
    bar = two_lines("set -g status-interval 60\n")
    assert bar.shows(OK.text)
    home.fetch(WARNING.mood)
    assert bar.shows(WARNING.text)


def test_every_preset_is_shown_whole_in_both_languages(home, plugin):
    home.fetch(WORST)
    bar = plugin("set -g status-right '#{codingplan}'", columns=160)
    for settings in FORMATS:
        home.configure(settings)
        text = home.view()["text"].split()
        until(lambda text=text: bar.row().split() == text, f"{text}")  # a chip has a space at each end


def test_the_pages_key_bindings_ask_anew_and_open_the_console(home, two_lines):
    home.room.environ["BROWSER"] = "xdg-open"  # tmux has no screen on which the desktop would choose one
    (keys,) = (text for text in snippets("tmux", "tmux") if "bind" in text)
    bar = two_lines(keys)
    assert bar.shows(OK.text)
    home.console.answer_quota = WARNING.mood
    home.rest()
    bar.press("C-b", "u")
    assert bar.shows(WARNING.text)
    bar.press("C-b", "U")
    until(home.opened, "the browser")
    assert home.opened() == [DASHBOARD]


def test_each_placeholder_becomes_its_window_wherever_it_stands(home, plugin):
    home.fetch(OK.mood)
    bar = plugin(
        "set -g status-left '#{codingplan_5h}|#{codingplan_week}|#S|'\n"
        "set -g status-right '#{codingplan_month}|#{codingplan_month}|#{codingplan}|100%%|#{codingplan_year}'"
    )
    row = ["5h 21%|wk 32%|main|", f"mo 68%|mo 68%|{OK.text}|100%|"]
    until(lambda: re.split(" {3,}", bar.row()) == row, f"{row}")


def test_a_line_of_the_users_own_format_is_filled_too(home, plugin):
    bar = plugin("set -g status-format[0] 'mine: #{codingplan_week}'")
    assert bar.shows("mine: wk 32%")


def test_the_length_is_raised_as_far_as_it_must_be_and_never_lowered(home, plugin):
    bar = plugin(
        "set -g status-right '#{codingplan_5h} %H:%M'\n"
        "set -g status-left '#{codingplan}'\n"
        "set -g status-left-length 200"
    )
    assert option(bar, "status-right-length") == "70"
    assert option(bar, "status-left-length") == "200"
    filled = option(bar, "status-right")
    bar.command("run-shell", "run-plugins")
    assert option(bar, "status-right-length") == "70"
    assert option(bar, "status-right") == filled


def test_without_a_placeholder_nothing_is_changed(home, plugin):
    bar = plugin("set -g status-right 'mine'")
    assert option(bar, "status-right-length") == "40"
    assert bar.shows("mine")


def test_the_command_may_lie_anywhere_and_not_stay(home, plugin):
    home.fetch(OK.mood)
    folder = home.room.folder / ODD
    folder.mkdir()
    (folder / "codingplan-bar").symlink_to(home.installed.command)
    (home.room.bin / "codingplan-bar").unlink()
    path = str(folder / "codingplan-bar")
    bar = plugin("set -g @codingplan_watch off\nset -g status-right '#{codingplan}'")
    bar.command("set-option", "-g", "@codingplan_command", path)
    bar.command("set-option", "-g", "status-right", "#{codingplan}")
    bar.command("run-shell", "run-plugins")
    assert bar.shows(OK.text)
    assert home.running("tmux", "--watch") == []


@pytest.mark.parametrize("placeholder", [False, True])
def test_a_narrow_client_has_room_for_the_window_that_stops_first_alone(home, placeholder):
    home.fetch(WARNING.mood)
    right = "#{codingplan} %%" if placeholder else "%%"
    home.room.write(".tmux.conf", f"{bars.TMUX_LOOK}set -g status-right '{right}'\n")
    home.room.run("codingplan-bar", "setup", "tmux", "--write")
    text = (home.room.folder / ".tmux.conf").read_text("utf-8")
    bar = bars.TmuxAtHome(home.room, text, columns=80)
    until(lambda: WARNING.short in bar.screen(), "the short form")
    assert WARNING.text not in bar.screen()
    bar.resize(100)
    until(lambda: WARNING.text in bar.screen(), "all windows")
    bar.resize(99)
    until(lambda: WARNING.text not in bar.screen() and WARNING.short in bar.screen(), "the short form again")
    assert "fewer than 100 columns" in home.room.run("codingplan-bar", "doctor", "--offline", "--all").decode()


def test_two_clients_each_follow_and_no_redraw_starts_a_command_again(home, two_lines):
    home.install('echo "$@" >>~/runs')
    bar = two_lines()
    second = bar.attach(100)
    assert bar.shows(OK.text)
    assert bar.shows(OK.text, client=second)
    for number in range(20):
        bar.command("rename-window", str(number))
    home.fetch(WARNING.mood)
    assert bar.shows(WARNING.text)
    assert bar.shows(WARNING.text, client=second)
    assert (home.room.folder / "runs").read_text().split("\n").count("tmux --watch") == 2


def test_a_slow_start_and_a_killed_watcher_pass(home, two_lines):
    home.install("sleep 1")
    bar = two_lines()
    assert bar.shows(OK.text)
    replace_watcher(home, "tmux")
    home.fetch(WARNING.mood)
    assert bar.shows(WARNING.text)


def test_every_hostile_name_is_text(room, gallery):
    room.script("exhibit", f"#!/bin/sh\nexec cat {gallery.shown('tmux')[0].parent}/$1\n")
    gallery.expected("tmux", lambda text: text.replace("#", "##") + " " * text.endswith("#"))
    numbers = rows(range(len(gallery.texts)), 45)
    bar = bars.TmuxAtHome(room, f"{bars.TMUX_LOOK}set -g status {len(numbers)}\n", columns=1_400)
    assert not any(EDGE in text for text in gallery.texts)

    def hang(title, ending):
        """What stands in the fields once each command has printed: tmux draws a row anew once a second at most."""
        for row, names in enumerate(numbers):
            commands = "".join(f"{EDGE}#(exhibit {name}{ending})" for name in names)
            bar.command("set-option", "-g", f"status-format[{row}]", f"{title}{commands}{EDGE}")

        def fields():
            cut = [line.split(EDGE) for line in bar.screen().split("\n")]
            texts = [as_drawn(text) for first, *texts in cut if first == title for text in texts[:-1]]
            is_whole = len(texts) == len(gallery.texts) and all(texts)
            return texts if is_whole and not any("not ready" in text for text in texts) else None

        return until(fields, "every name in its field")

    expected = hang("expected", ".expected")
    assert hang("shown", "") == expected
    for text, drawn in zip(gallery.texts, expected, strict=True):
        assert not text.isascii() or as_drawn(text) == drawn.strip()
    assert not (room.folder / "pwned").exists()


def as_drawn(text):
    """tmux draws two hashes in a row as one."""
    return re.sub("#+", "#", text)
