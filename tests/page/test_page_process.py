"""The installed page in a terminal: what it draws, what each key does, and that it leaves the terminal as it was."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from pathlib import Path

import pytest
from support.console import moods
from support.hostile import SHORT
from support.machine import until
from support.staging import command

from codingplan_bar.bars.phrases import width
from codingplan_bar.bars.signs_and_colors import COLORS
from codingplan_bar.commands.live_page.drawing import THIN
from codingplan_bar.commands.output import MIDDLE
from codingplan_bar.themes import legible

CRASHING = """
import sys
from codingplan_bar.commands.live_page import Page
draws, drawn = Page._show, []
def show(self, now):
    drawn.append(now)
    if len(drawn) > 1:
        raise ZeroDivisionError
    draws(self, now)
Page._show = show
from codingplan_bar.dispatch import run
sys.exit(run(["status", "--watch"]))
"""
BROWSER = '#!/bin/sh\nprintf "%s" "$*" >"$HOME/opened"\n'


def test_it_draws_the_page_and_keeps_still(page):
    assert page.shows("5 hours", "Week", "Month", "updated just now", "r refresh")
    assert page.screen.cursor.hidden
    before = len(page.sent)
    page.read(1)
    assert len(page.sent) == before


def test_a_new_snapshot_is_drawn_at_once_and_only_the_rows_that_changed(home, page):
    home.console.answer_quota = moods.counters(five_hour=(1, 2))
    before = len(page.sent)
    home.run("fetch")
    assert page.shows("50%", "Month", "q close")
    assert page.sent.count(b"\x1b[2J") == 1
    assert b"5 hours" in page.sent[before:]
    assert not [still for still in (b"Month", b"q close") if still in page.sent[before:]]


def test_a_window_that_the_provider_sends_no_longer_is_not_on_the_page(home, page):
    home.console.answer_quota = moods.counters(five_hour=(1, 2), weekly=(1, 4), monthly=None)
    home.run("fetch")
    assert page.shows("50%", "25%")
    assert page.lacks("Month")


def test_a_snapshot_that_another_program_has_put_there_is_drawn(home, page):
    document = {**home.stored, "windows": {}, "status": "active"}
    (home.cache / "new").write_text(json.dumps(document))
    (home.cache / "new").replace(home.cache / "snapshot.json")
    assert page.shows("The plan is active")


def test_the_key_r_asks_once_and_says_so_where_it_was_asked_a_moment_ago(home, page):
    asked = home.asked()
    waiting = home.state / "waiting.json"
    waiting.write_text(json.dumps({**json.loads(waiting.read_text()), "asked_at": time.time() - 60}))
    home.console.answer_quota = moods.counters(five_hour=(3, 4), weekly=None, monthly=None)
    page.type("r")
    assert page.shows("75%", "r refresh")
    assert "Refreshing …".encode() in page.sent  # it may have stood there for less than a look
    assert home.asked() == asked + 1
    page.type("r")
    assert page.shows("the last request was a moment ago")
    assert home.asked() == asked + 1


def test_the_key_o_opens_the_console_as_a_click_does(home, opened, tmp_path):
    browser = tmp_path / "browser"
    browser.write_text(BROWSER)
    browser.chmod(0o755)
    page = opened(BROWSER=str(browser))
    assert page.shows("o open the console")
    page.type("o")
    given = home.folder / "opened"
    address = until(lambda: given.exists() and given.read_text(), "the browser")
    assert address.startswith("https://modelstudio.console.alibabacloud.com/")
    assert page.shows("o open the console")


def test_where_no_browser_can_be_started_the_page_names_the_address_whole(page):
    page.type("o")
    assert page.shows("no browser could be started")
    told = "".join(line.strip() for line in page.lines)
    assert "https://modelstudio.console.alibabacloud.com/ap-southeast-1/?tab=globalset#/efm/coding_plan" in told


def test_the_key_tab_shows_the_next_plan_where_several_are_known(home, opened):
    (home.state / "plans.json").write_text(json.dumps({"known": {}, "looked": {}, "found": {"token-plan": 1}}))
    page = opened()
    assert page.shows("Tab next plan", "Coding Plan")
    first = page.lines
    page.type("\t")
    assert page.shows("Token Plan")
    until(lambda: page.lines[0] != first[0], "another first line")
    page.type("\t")
    assert page.shows("5 hours", "Week", "Month")


def test_the_key_tab_does_nothing_where_one_plan_is_known(page):
    assert "Tab" not in "\n".join(page.lines)
    before = page.lines
    page.type("\t")
    page.read(1)
    assert page.lines == before


def test_the_key_h_shows_the_history_and_the_arrows_scroll_it(opened):
    page = opened(rows=12)
    assert page.shows("q close")
    page.type("h")
    assert page.shows("The last 7 days", "↑ ↓ scroll", "100 ┤", seconds=30)  # not with the next minute
    page.type("\x1b[B\x1b[B")
    until(lambda: "The last 7 days" not in page.lines[0], "the history to scroll")
    page.type("\x1b[5~")
    assert page.shows("The last 7 days")
    page.type("h")
    assert page.shows("h history")


def test_the_question_mark_shows_the_keys_and_esc_goes_back_before_it_ends(page):
    page.type("?")
    assert page.shows("ask the server now", "open the console in a browser", "Esc back")
    page.type("\x1b")
    assert page.shows("h history")
    page.type("\x1b")
    assert page.ends() == 0
    assert page.is_as_before()


WHITE, DARK = b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\", b"\x1b]11;rgb:1e1e/1e1e/2e2e\x07"


@pytest.mark.parametrize(("answer", "place"), [(WHITE, 1), (DARK, 0), (b"", None)])
def test_the_terminal_says_whether_its_ground_is_light_and_the_colours_follow(opened, answer, place):
    page = opened(COLORTERM="truecolor")
    assert page.shows("5 hours", "q close")
    assert page.sent.count(b"\x1b]11;?\x1b\\") == 1
    expected = MIDDLE["signed_out"] if place is None else COLORS["signed_out"][place]
    os.write(page.ours, answer)
    ground = {WHITE: "#ffffff", DARK: "#1e1e2e"}.get(answer)
    grey = _letters(legible(COLORS["stale"][place], ground, THIN)) if ground else b""
    wanted = [_letters(expected), grey + b"r refresh"]
    until(lambda: page.read() or all(each in page.sent for each in wanted), "its colours")
    page.type("q")
    assert page.ends() == 0
    assert page.is_as_before()


def _letters(color):
    return "\x1b[38;2;{};{};{}m".format(*bytes.fromhex(color[1:])).encode()


@pytest.mark.parametrize("environ", [{"COLORFGBG": "15;0"}, {"NO_COLOR": "1"}, {"TERM": "linux"}])
def test_a_terminal_that_has_said_it_or_would_print_the_question_is_not_asked(opened, environ):
    terminal = opened(**environ)
    assert terminal.shows("5 hours")
    assert b"]11;" not in terminal.sent


def test_an_answer_that_comes_after_the_end_does_not_reach_the_shell(page):
    page.type("q")
    os.write(page.ours, WHITE)
    assert page.ends() == 0
    assert not select.select([page.theirs], [], [], 0.2)[0]


def test_a_key_that_means_nothing_and_a_terminals_answer_change_nothing(page):
    before = page.lines
    page.type("xyz\x1b[1;5C\x1b]11;rgb:0000/0000/0000\x07\x1bq\x13")
    page.read(1)
    assert page.lines == before


@pytest.mark.parametrize("keys", ["q", "Q", "\x1b", "\x03", "\x1c"], ids=["q", "Q", "esc", "ctrl-c", "ctrl-backslash"])
def test_each_key_that_ends_it_leaves_the_terminal_as_it_was(page, keys):
    page.type(keys)
    assert page.ends() == 0
    assert page.is_as_before()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_each_signal_that_ends_it_leaves_the_terminal_as_it_was(page, number):
    page.process.send_signal(number)
    assert page.ends() == 0
    assert page.is_as_before()


def test_signals_that_come_one_upon_the_other_leave_the_terminal_as_it_was(page):
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT) * 5:
        if page.process.poll() is None:
            page.process.send_signal(number)
    assert page.ends() == 0
    assert page.is_as_before()


def test_an_error_that_nobody_foresaw_leaves_the_terminal_as_it_was_and_is_told(home, opened):
    terminal = opened("unused", through=(sys.executable, "-c", CRASHING))
    assert terminal.shows("5 hours")
    terminal.type("?")
    assert terminal.ends() == 1
    assert terminal.is_as_before()
    assert b"ZeroDivisionError" in terminal.sent


def test_a_terminal_that_goes_away_ends_it(page):
    os.close(page.ours)
    os.close(page.theirs)
    page.ours = page.theirs = -1
    assert page.process.wait(60) == 0


def test_ctrl_z_gives_the_shell_its_terminal_and_fg_brings_the_page_back(home, opened):
    shell = opened("unused", through=("/bin/bash", "--norc", "--noprofile", "-i", "-c", "exec bash --norc -i"))
    shell.type(f"PS1='ready> '; {command()} status --watch\r")
    assert shell.shows("5 hours", "q close")
    shell.type("\x1a")
    assert shell.shows("Stopped", "ready>")
    assert b"\x1b[?1049l" in shell.sent
    shell.type("fg\r")
    assert shell.shows("q close")
    shell.type("q")
    until(lambda: shell.read() or shell.sent.count(b"\x1b[?1049l") == 2, "the second page's end")
    shell.type("exit 0\r")
    shell.ends()


def test_ctrl_z_stops_nobody_where_no_shell_could_bring_it_back(page):
    page.type("\x1a")
    page.type("?")
    assert page.shows("Esc back")


@pytest.mark.parametrize(("columns", "rows"), [(40, 24), (20, 10), (20, 3), (5, 2), (1, 1), (200, 60)])
def test_another_size_is_drawn_anew_and_fits(page, columns, rows):
    before = len(page.sent)
    page.resize(columns, rows)
    until(lambda: page.read() or b"\x1b[1;1H" in page.sent[before:], "the page drawn again")
    assert max(map(width, page.lines)) <= columns
    page.resize(80, 24)
    assert page.shows("5 hours", "q close", "updated")


def test_chinese_is_drawn_and_its_keys_are_heard(home, opened):
    page = opened(LANG="zh_CN.UTF-8")
    assert page.shows("每 5 小时", "r 刷新", "q 退出")
    page.type("？")
    assert page.shows("立即向服务端查询")


def test_hostile_texts_of_a_snapshot_reach_the_terminal_as_text(home, opened):
    plain = [text for text in SHORT if text.strip()]
    for text in (plain[0], "\x1b]0;title\x07\x1b[2J\x9b31m", "a\nb\rc\x08\x7f", max(plain, key=len)):
        stored = home.stored
        stored["plan"]["name"] = text
        (home.cache / "new").write_text(json.dumps(stored))
        (home.cache / "new").replace(home.cache / "snapshot.json")
        page = opened()
        assert page.shows("5 hours")
        told = page.sent.decode().split("\x1b[2J", 1)[1]
        for sequence in ("\x1b]", "\x1b[2J", "\x9b", "\x08", "\x7f", "\r", "\n", "\a"):
            assert sequence not in told


@pytest.mark.parametrize("name", ["stdin", "stdout"])
def test_without_a_terminal_it_says_so_and_exits_with_2(home, opened, name):
    redirected = {"stdin": '"$@" </dev/null', "stdout": '"$@" >/dev/null'}[name]
    terminal = opened(through=("/bin/sh", "-c", redirected, "sh"))
    assert terminal.ends() == 2
    told = b"codingplan-bar: status --watch needs a terminal. Run it in one, or leave --watch out."
    assert terminal.sent.split() == told.split()
    assert max(map(len, terminal.sent.splitlines())) <= 80


def test_a_terminal_that_can_only_print_is_none(opened):
    terminal = opened(TERM="dumb")
    assert terminal.ends() == 2
    assert b"needs a terminal" in terminal.sent
    assert b"\x1b" not in terminal.sent


def test_it_sleeps_while_nothing_changes(page):
    def used():
        fields = Path(f"/proc/{page.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    page.read(1)
    before = used()
    page.read(5)
    assert used() - before <= 0.05
