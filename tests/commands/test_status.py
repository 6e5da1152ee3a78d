"""`status`: the page for a person, as wide as their terminal."""

from __future__ import annotations

import re

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


PAST = {
    "spark": ",".join(map(str, range(0, 96, 4))),
    "flow.five_hour": f"900.0 {NOW + 5_400} {NOW + 600} 120",
    "session.ends_at": str(NOW + 7_200),
}


def view_of(snapshot=PRO, *, language="en", settings="", problem=None, **past):
    facts = compile_facts(snapshot, problem, load(f'language = "{language}"\n{settings}', {}))
    return View({**facts, **past}, NOW, {})


def lines_of(snapshot=PRO, *, columns=80, colorful=False, **more):
    return page(view_of(snapshot, **more), columns, colorful=colorful)


def windows_of(*, columns):
    return [line for line in lines_of(columns=columns) if set(line) & set("▰▱")]


def longest_bar(rows):
    return max(row.count("▰") + row.count("▱") for row in rows)


def plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize("past", [{}, PAST])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("columns", [80, 40])
def test_the_page_fits_the_terminal_but_for_the_address(language, columns, past):
    *lines, address = lines_of(columns=columns, language=language, **past)
    assert max(map(width, lines)) <= columns
    assert address == ADDRESS


def test_the_page_says_what_runs_out_first_and_when():
    lines = lines_of(**PAST)
    assert lines[1].split("  ")[0] == "5 hours"
    assert lines[2].strip().startswith("next 120 free up at ")
    assert lines[3].strip().startswith("→ runs out at ")
    assert "before the reset" in lines[6]
    assert "runs out first: Week" in lines
    assert any("▁▂▂" in line for line in lines)
    assert any(line.startswith("sign-in ends in 2 h") for line in lines)


def test_no_pace_is_shown_of_old_numbers():
    lines = lines_of(problem=Problem("network", "No.", "Look."), **PAST)
    assert not any("runs out" in line or "lasts" in line or "free up at" in line for line in lines)


def test_the_bars_are_as_long_as_there_is_room_and_where_there_is_none_the_table_stands_upright():
    widest = max(map(width, windows_of(columns=200)))
    cells = [longest_bar(windows_of(columns=widest - less)) for less in (0, 1, 10, 11, 14)]
    assert cells == [20, 10, 10, 6, 6]
    upright = lines_of(columns=widest - 15)
    assert [line for line in upright if line.startswith("Week")] == ["Week  99%"]
    assert longest_bar(upright) == 20


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("unbreakable one", 4, ["unbreakable", "one"]),
        ("", 4, [""]),
        ("请检查网络，再试。", 10, ["请检查网", "络，再试。"]),
        ("设置有误：config 第三行", 12, ["设置有误：", "config 第三", "行"]),
        ("预计（周六）用完", 6, ["预计", "（周", "六）用", "完"]),
    ],
)
def test_what_is_said_is_broken_between_words_and_between_chinese_characters(text, columns, lines):
    assert wrapped(text, columns) == lines


def test_colour_is_for_the_title_and_the_bars_and_only_where_it_is_asked_for():
    assert not any("\x1b" in line for line in lines_of())
    painted = lines_of(colorful=True)
    assert painted[0].startswith("\x1b[1m\x1b[38;2;")
    assert painted[0].endswith("\x1b[0m")
    bars = [line for line in painted if set(line) & set("▰▱")]
    assert all(re.search("\x1b\\[38;2;[0-9;]+m[▰▱]+\x1b\\[0m", line) for line in bars)
    assert not any("\x1b" in line for line in painted[1:] if line not in bars)
    assert list(map(plain, painted)) == lines_of()


@pytest.mark.parametrize("columns", [80, 40])
def test_each_bar_has_the_colour_of_its_own_worry_and_an_old_one_that_of_what_is_old(columns):
    def colors(**more):
        view = view_of(**more)
        bars = [line for line in page(view, columns, colorful=True) if set(line) & set("▰▱")]
        return [re.search("38;2;([0-9;]+)m", line)[1].split(";") for line in bars]

    fresh = [["0", "125", "178"], ["244", "124", "88"], ["0", "125", "178"]]
    assert colors() == fresh
    assert colors(settings='colors = {critical = "#010203"}')[1] == ["1", "2", "3"]
    assert colors(problem=Problem("network", "", "")) == [["143", "143", "143"]] * 3


def test_an_error_is_what_happened_and_what_to_do():
    failed = Snapshot(NOW, ADDRESS, error=Problem("login_required", "The session is over.", "Sign in again."))
    assert lines_of(failed)[1:] == ["The session is over.", "Sign in again.", ADDRESS]


def test_the_tries_are_told_where_there_was_more_than_one_or_none_succeeded():
    english = {"language": "en"}
    one = (Attempt("web", "intl", "ok"),)
    two = (Attempt("web", "intl", "login_required", "You need to log in."), Attempt("web", "cn", "ok"))
    assert attempts(Snapshot(NOW, ADDRESS, attempts=one), english) == []
    assert attempts(Snapshot(NOW, ADDRESS, attempts=two), english) == [
        "web · intl: login_required – You need to log in.",
        "web · cn: ok",
    ]
    failed = Snapshot(NOW, ADDRESS, attempts=one, error=Problem("network", "", ""))
    assert attempts(failed, english) == ["web · intl: ok"]


def test_the_tries_are_told_in_chinese_with_the_code_that_reports_have():
    two = (
        Attempt("web", "intl", "login_required", "You need to log in."),
        Attempt("api", "intl", "network", "x.example refused the connection"),
        Attempt("web", "cn", "ok"),
    )
    assert attempts(Snapshot(NOW, ADDRESS, attempts=two), view_of(language="zh").words) == [
        "web · intl: 控制台要求登录。（login_required）",
        "api · intl: 无法连接到服务端：x.example refused the connection（network）",
        "web · cn: 正常",
    ]


def test_a_terminal_gets_colour_and_its_width(visitor, in_a_terminal):
    done, seen = in_a_terminal(visitor, 40, "status")
    assert (done.code, done.err) == (0, "")
    assert "\x1b[1m" in seen
    assert re.search("\x1b\\[38;2;[0-9;]+m▰", seen)
    lines = plain(seen).replace("\r", "").splitlines()
    assert max(width(line) for line in lines[1:] if "://" not in line) <= 40


def test_no_color_means_none(visitor, in_a_terminal):
    _, seen = in_a_terminal(visitor, 80, "status", NO_COLOR="1")
    assert "\x1b" not in seen


def test_a_pipe_gets_no_colour_and_the_whole_table(visitor):
    done = visitor.run("status", env={"LANG": "zh_CN.UTF-8"})
    assert done.code == 0
    assert "\x1b" not in done.out
    assert "周" in done.out
    assert len(done.out.splitlines()) >= 9


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
