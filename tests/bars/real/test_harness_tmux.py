"""The harness's tmux: its status row as text and as styles, for several clients."""

from __future__ import annotations

import time

from realbars.sgr import Run, Style
from realbars.waiting import until

CONFIG = """
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
    bar = tmux(CONFIG, columns=60)
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
    bar = tmux(CONFIG)
    assert bar.shows("one")
    assert repr(bar.shows("two", within=0.1)) == "<shows 'one', not 'two'>"


def test_formats_that_are_let_through_are_not_taken_for_text(room, tmux):
    room.write("answer", "#{session_name}\n")
    bar = tmux(CONFIG)
    assert bar.shows("main")
    assert not bar.shows("#{session_name}", within=0.2)


def test_each_client_has_a_row_of_its_own_width(room, tmux):
    room.write("answer", "x" * 50 + "\n")
    bar = tmux(CONFIG, columns=80)
    second = bar.attach(30)
    assert bar.shows("x" * 50)
    assert bar.shows("x" * 30, client=second)
    bar.resize(70, client=second)
    assert bar.shows("x" * 50, client=second)
    assert (room.folder / "runs").read_text().count("run") >= 2


def test_a_refresh_runs_the_command_again(room, tmux):
    room.write("answer", "one\n")
    bar = tmux(CONFIG)
    assert bar.shows("one")
    room.write("answer", "two\n")
    time.sleep(1)  # tmux starts a command once a second at most
    bar.refresh()
    assert bar.changed("one") == "two"


def test_a_click_on_the_row_reaches_tmux(room, tmux):
    room.write("answer", "click me\n")
    bar = tmux(CONFIG, columns=80)
    assert bar.shows("click me")
    bar.click(75)
    until((room.folder / "clicked").exists, "the click")


def test_commands_and_options_of_the_server_can_be_asked(tmux):
    bar = tmux(CONFIG)
    assert bar.command("show-options", "-gv", "status-right-length").strip() == "100"
