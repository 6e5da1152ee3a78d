"""`status`: the page for a person, as wide as their terminal."""

from __future__ import annotations

import os
import pty
import struct
import termios
from fcntl import ioctl

import pytest

from codingplan_bar.commands.status import attempts, page, wrapped
from codingplan_bar.demo import moods
from codingplan_bar.fetch.compiling import compile_facts
from codingplan_bar.fetch.endpoints import Endpoints
from codingplan_bar.fetch.regions import INTL
from codingplan_bar.fetch.settings import load
from codingplan_bar.model import Attempt, Plan, Problem, Snapshot, Window
from codingplan_bar.show.phrases import width
from codingplan_bar.show.view import View

NOW = 1_795_400_000
ADDRESS = Endpoints().dashboard(INTL)
PRO = Snapshot(
    NOW - 60,
    ADDRESS,
    source="web",
    region="intl",
    plan=Plan("Coding Plan Pro", NOW + 900_000),
    windows=(
        Window("five_hour", 1_284, 6_000),
        Window("weekly", 44_999, 45_000, NOW + 400_000),
        Window("monthly", 61_200, 90_000, NOW + 900_000),
    ),
)


def lines_of(snapshot=PRO, *, columns=80, language="en", colorful=False):
    facts = compile_facts(snapshot, None, load(f'language = "{language}"', {}))
    return page(View(facts, NOW, {}), columns, colorful=colorful)


def windows_of(*, columns):
    return lines_of(columns=columns)[1:4]


def longest_bar(rows):
    return max(row.count("▰") + row.count("▱") for row in rows)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("columns", [80, 40])
def test_the_page_fits_the_terminal_but_for_the_address(language, columns):
    *lines, address = "\n".join(lines_of(columns=columns, language=language)).splitlines()
    assert max(map(width, lines)) <= columns
    assert address == ADDRESS


def test_the_bars_are_as_long_as_there_is_room_and_where_there_is_none_the_table_stands_upright():
    widest = max(map(width, windows_of(columns=200)))
    cells = [longest_bar(windows_of(columns=widest - less)) for less in (0, 1, 10, 11, 14)]
    assert cells == [20, 10, 10, 6, 6]
    assert all("\n" in row for row in windows_of(columns=widest - 15))


def test_what_is_said_is_broken_between_words():
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("unbreakable one", 4) == ["unbreakable", "one"]


def test_colour_is_for_the_title_alone_and_only_where_it_is_asked_for():
    assert not any("\x1b" in line for line in lines_of())
    painted = lines_of(colorful=True)
    assert painted[0].startswith("\x1b[1m\x1b[38;2;")
    assert painted[0].endswith("\x1b[0m")
    assert not any("\x1b" in line for line in painted[1:])


def test_an_error_is_what_happened_and_what_to_do():
    failed = Snapshot(NOW, ADDRESS, error=Problem("login_required", "The session is over.", "Sign in again."))
    assert lines_of(failed)[1:] == ["The session is over.", "Sign in again.", ADDRESS]


def test_the_tries_are_told_where_there_was_more_than_one_or_none_succeeded():
    one = (Attempt("web", "intl", "ok"),)
    two = (Attempt("web", "intl", "login_required", "You need to log in."), Attempt("web", "cn", "ok"))
    assert attempts(Snapshot(NOW, ADDRESS, attempts=one)) == []
    assert attempts(Snapshot(NOW, ADDRESS, attempts=two)) == [
        "web · intl: login_required – You need to log in.",
        "web · cn: ok",
    ]
    failed = Snapshot(NOW, ADDRESS, attempts=one, error=Problem("network", "", ""))
    assert attempts(failed) == ["web · intl: ok"]


def in_a_terminal(user, columns, **environ):
    """What `status` prints in a terminal of that width."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    done = user.run("status", stdout=theirs, env=environ)
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # the terminal's end, as Linux tells it
            break
        seen += piece
        if not piece:
            break
    os.close(ours)
    return done, seen.decode()


def test_a_terminal_gets_colour_and_its_width(visitor):
    done, seen = in_a_terminal(visitor, 40)
    assert (done.code, done.err) == (0, "")
    assert "\x1b[1m" in seen
    lines = seen.replace("\r", "").splitlines()
    assert max(width(line) for line in lines[1:] if "://" not in line) <= 40


def test_no_color_means_none(visitor):
    _, seen = in_a_terminal(visitor, 80, NO_COLOR="1")
    assert "\x1b" not in seen


def test_a_pipe_gets_no_colour_and_the_whole_table(visitor):
    done = visitor.run("status", env={"LANG": "zh_CN.UTF-8"})
    assert done.code == 0
    assert "\x1b" not in done.out
    assert "周" in done.out
    assert len(done.out.splitlines()) == 6


def test_what_is_fresh_is_not_asked_for_again(visitor, console):
    visitor.run("fetch")
    console.forget()
    assert visitor.run("status").code == 0
    assert not console.requests


def test_a_failed_refresh_keeps_the_numbers_and_tells_the_tries(visitor, console):
    visitor.run("fetch")
    console.answer_quota = moods.server_error(500)
    visitor.run("fetch")
    done = visitor.run("status")
    assert done.code == 1
    assert "of 6,000 left" in done.out
    assert "web · intl: api_error" in done.out
