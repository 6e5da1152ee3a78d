"""`status`: the page for a person, as wide as their terminal."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3

import pytest
from support.console import moods

from codingplan_bar.bars import BARS
from codingplan_bar.bars.phrases import width
from codingplan_bar.bars.signs_and_colors import COLORS, ink
from codingplan_bar.bars.view import View
from codingplan_bar.commands import status
from codingplan_bar.commands.output import MIDDLE, wrapped
from codingplan_bar.commands.status import page
from codingplan_bar.model import Attempt, Plan, Problem, Snapshot, Window
from codingplan_bar.provider.addresses import Endpoints
from codingplan_bar.refresh.snapshot_to_facts import compile_facts
from codingplan_bar.regions import INTL
from codingplan_bar.settings.settings import load
from codingplan_bar.snapshot import document_of
from codingplan_bar.themes import LEAST, contrast

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
    "flow.five_hour": f"{NOW + 600} 120",
    "outlook.five_hour": f"runs_out {NOW + 5_400} {NOW + 3_600} {NOW + 9_000} 0.9 -",
    "outlook.weekly": f"runs_out {NOW + 900} {NOW + 600} {NOW + 1_800} 0.99 0",
    "session.ends_at": str(NOW + 7_200),
}


def view_of(snapshot=PRO, *, language="en", settings="", problem=None, later=0, environ=None, **past):
    facts = compile_facts(snapshot, problem, load(f'language = "{language}"\n{settings}', {}))
    return View({**facts, **past}, NOW + later, environ or {})


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
    assert address == {"en": "Open the console: ", "zh": "打开控制台："}[language] + ADDRESS


def test_the_page_says_what_runs_out_first_and_when():
    lines = lines_of(**PAST)
    assert lines[1].split("  ")[0] == "5 hours"
    assert lines[2].strip().startswith("next 120 free up at ")
    assert lines[3].strip().startswith("→ runs out at ")
    assert "before the reset" in lines[6]
    assert lines[0].startswith("!! Week runs out at ")
    assert any("▁▂▂" in line for line in lines)
    assert any(line.startswith("sign-in ends in 2 h") for line in lines)


def test_no_pace_is_shown_of_old_numbers():
    lines = lines_of(problem=Problem("network", "No.", "Look."), later=541, **PAST)
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
    painted = lines_of(colorful=True, environ={"COLORFGBG": "15;0"})
    assert painted[0].startswith("\x1b[1;38;2;242;125;108m!! Week")
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

    dark = {"COLORFGBG": "15;0"}
    fresh = [["0", "125", "178"], ["242", "125", "108"], ["0", "125", "178"]]
    assert colors(environ=dark) == fresh
    assert colors(settings='colors = {critical = "#010203"}')[1] == ["1", "2", "3"]
    assert colors(problem=Problem("network", "", ""), environ=dark) == fresh
    assert colors(later=541, environ=dark) == [["156", "156", "156"]] * 3
    middle = _numbers(MIDDLE["critical"]), _numbers(MIDDLE["stale"])
    assert (colors()[1], colors(later=541)[1]) == middle


def _numbers(color):
    return [str(channel) for channel in bytes.fromhex(color[1:])]


@pytest.mark.parametrize("environ", [{}, {"TERM": "xterm-256color"}, {"TERM": "xterm"}])
@pytest.mark.parametrize("state", ["critical", "runs_out", "stale"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_the_ground_is_not_known_the_headline_is_in_the_terminals_own_letters_behind_its_sign(
    state, language, environ
):
    more = {"runs_out": PAST, "critical": {}, "stale": {"later": 541}}[state]
    head = lines_of(colorful=True, language=language, environ=environ, **more)[0]
    chip, rest = re.fullmatch("(?:\x1b\\[1;([0-9;]+)m\\S+\x1b\\[0m)?\x1b\\[1m([^\x1b]+)\x1b\\[0m", head).groups()
    assert plain(head) == lines_of(language=language, **more)[0]
    assert rest.startswith(" ") is bool(chip)
    assert bool(chip) is (environ != {"TERM": "xterm"})


@pytest.mark.parametrize("state", MIDDLE)
def test_the_sign_on_its_own_ground_is_read_whatever_is_behind(state):
    assert contrast(ink(MIDDLE[state]), MIDDLE[state]) >= LEAST


@pytest.mark.parametrize(("ground", "place"), [("0;15", 1), ("15;0", 0)])
def test_where_the_ground_is_known_the_headline_has_the_states_colour_for_it(ground, place):
    head = lines_of(colorful=True, environ={"COLORFGBG": ground})[0]
    assert head.startswith("\x1b[1;38;2;" + ";".join(_numbers(COLORS["critical"][place])) + "m!! ")


def test_an_error_is_what_happened_and_what_to_do():
    failed = Snapshot(NOW, ADDRESS, error=Problem("login_required", "The session is over.", "Sign in again."))
    assert lines_of(failed)[1:] == ["The session is over.", "Sign in again.", f"Open the console: {ADDRESS}"]


def attempts(latest, words):
    return status.attempts(document_of(latest)["attempts"], latest.error.code if latest.error else "", words)


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


def test_the_tries_stand_below_a_heading_in_words_and_what_is_said_above_is_not_among_them():
    two = [
        {"source": "web", "region": "intl", "outcome": "no_plan", "message": "", "plan": "coding-plan"},
        {"source": "api", "region": "intl", "outcome": "network", "message": "No route.", "plan": "coding-plan"},
    ]
    view = View(view_of().facts | {"problem.code": "network", "problem.message": "No route."}, NOW, {})
    assert status._tries(two, "network", view) == ["Also tried:", "web · intl: This account has no Coding Plan."]
    assert status._tries(two[:1], "no_plan", view)[0] == "Tried:"


def test_a_wrong_setting_that_limits_is_told_once_and_whole(visitor):
    visitor.configure('browsers = ["firefx"]\n')
    out = " ".join(visitor.run("status").out.split())
    assert out.count("has an unknown browser") == out.count("Did you mean firefox?") == 1
    assert out.startswith("x A setting is wrong.")


LEFT_OUT = "Left out: five_hour (used is not a finite number), weekly (total is missing), monthly (total is 0)."


def test_what_an_answer_left_out_is_told_though_it_was_the_only_try():
    told = Snapshot(NOW, ADDRESS, attempts=(Attempt("web", "cn", "ok", LEFT_OUT),))
    assert attempts(told, {"language": "en"}) == [f"web · cn: ok – {LEFT_OUT}"]
    (chinese,) = attempts(told, view_of(language="zh").words)
    assert (
        chinese == "web · cn：正常，未采用：每 5 小时（已用数不是有限的数字）、每周（缺少总额度）、每月（总额度为 0）。"
    )


def test_what_the_provider_says_and_cannot_be_read_is_named_by_the_commands(visitor, console):
    console.answer_quota = moods.counters(five_hour=("431次", 6000), weekly=(1, 100), monthly=(5, 0))
    attempt = visitor.run("fetch").document["attempts"][-1]
    assert attempt["outcome"] == "ok"
    assert attempt["message"] == "Left out: five_hour (used is not a finite number), monthly (total is 0)."
    assert attempt["message"] in visitor.run("status").out
    assert "未采用" in visitor.run("status", env={"LANG": "zh_CN.UTF-8"}).out


def test_the_tries_are_told_in_chinese_with_the_code_that_reports_have():
    two = (
        Attempt("web", "intl", "login_required", "You need to log in."),
        Attempt("api", "intl", "network", "x.example refused the connection."),
        Attempt("web", "cn", "ok"),
    )
    assert attempts(Snapshot(NOW, ADDRESS, attempts=two), view_of(language="zh").words) == [
        "web · intl：尚未登录控制台，或登录已失效。（login_required）",
        "api · intl：x.example 拒绝连接。（network）",
        "web · cn：正常",
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


@pytest.mark.parametrize("total", [10**12 + 1, 2**63, 2**64 - 1, 10**300, 1.7e308])
def test_any_finite_number_is_shown_in_every_bar_and_recorded_and_no_limit_has_an_amount(visitor, console, total):
    console.answer_quota = moods.counters(five_hour=(12, total), weekly=(total // 2, total), monthly=None)
    assert visitor.run("fetch").document["windows"]["weekly"]["total"] == total
    stated = visitor.run("status")
    assert (stated.code, stated.err) == (0, "")
    assert "5 hours  ▰" in stated.out
    assert stated.out.count("no limit") == 2
    assert visitor.run("guard").code == 0
    amount = {str(total), f"{total:,}", f"{total:,.10g}"}
    for bar in BARS:
        shown = visitor.run(bar).out.partition('"snapshot":')[0]
        assert "<1%" in json.dumps(shown).replace("&lt;", "<") or "<1%" in shown
        assert not any(text in shown for text in amount)
    for arguments in ((), ("--csv",), ("--svg", "-"), ("--json",)):
        assert visitor.run("history", *arguments).code == 0
    assert json.loads(visitor.run("history", "--json").out)["entries"][0]["windows"]["weekly"]["used_percent"] == 50


@pytest.mark.parametrize("spoilt", ["locked", "a link", "damaged", "a folder"])
def test_the_history_never_decides_whether_a_refresh_succeeded(visitor, spoilt, tmp_path):
    visitor.run("fetch")
    with contextlib.ExitStack() as held:
        spoil_history(visitor.state / "history.db", spoilt, tmp_path, held)
        done = visitor.run("fetch")
    assert (done.code, done.document["status"]) == (0, "ok")
    assert ("history.db: another process uses it" in done.err) is (spoilt == "locked")
    assert visitor.run("status").code == 0


def test_the_trouble_of_the_history_is_told_by_the_doctor_and_stands_in_nobodys_way(visitor, tmp_path):
    visitor.run("fetch")
    with contextlib.ExitStack() as held:
        spoil_history(visitor.state / "history.db", "locked", tmp_path, held)
        done = visitor.run("doctor", "--json", "--offline")
    found = [check for check in json.loads(done.out)["checks"] if "history.db: another process" in check["text"]]
    assert [(check["name"], check["verdict"]) for check in found] == [("history", "note")]


def spoil_history(database, spoilt, tmp_path, held):
    if spoilt == "locked":
        holder = held.enter_context(contextlib.closing(sqlite3.connect(database)))
        holder.execute("BEGIN EXCLUSIVE")
    elif spoilt == "damaged":
        database.write_bytes(b"no database")
    else:
        database.unlink()
        database.mkdir() if spoilt == "a folder" else database.symlink_to(tmp_path / "nowhere")


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
    assert "of 6,000 used" in done.out
    assert "api_error" not in done.out


def test_status_ends_with_1_once_the_plan_that_it_shows_is_over(capfd, monkeypatch):
    over = compile_facts(PRO._replace(plan=Plan("Coding Plan Pro", NOW + 60)), None, load("", {}))
    monkeypatch.setattr(status, "stored", lambda _: status.LatestFacts(over))
    for now, code in ((NOW + 59, 0), (NOW + 60, 1)):
        monkeypatch.setattr(status.time, "time", lambda now=now: float(now))
        assert status.status(environ={}) == code
        assert ("The plan ended on" in capfd.readouterr().out) is bool(code)
