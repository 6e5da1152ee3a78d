"""`history` as a person and a script use it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sysconfig
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from support.records import HOUR, MINUTE, Sliding, entry

from codingplan_bar.bars import phrases
from codingplan_bar.bars.phrases import width
from codingplan_bar.commands import history
from codingplan_bar.commands.history import chart
from codingplan_bar.commands.history.chart import COLORS, Chart, series
from codingplan_bar.history.record import Entry, Record
from codingplan_bar.model import Window
from codingplan_bar.words.en import WORDS as ENGLISH
from codingplan_bar.words.zh import WORDS as CHINESE

COMMAND = Path(sysconfig.get_path("scripts")) / "codingplan-bar"
NOW = 1_795_400_400
BEGIN = NOW - 7 * 24 * HOUR


def week_of(now):
    """A reading every quarter of an hour for a week, with a day of which nothing is known, and one reset."""
    times = range(now - 7 * 24 * HOUR, now, 15 * MINUTE)
    spent = Sliding({at: 40 for at in times if at // HOUR % 24 > 8})
    reset = now - 5 * 24 * HOUR
    for at in times:
        if not 3 * 24 * HOUR < now - at < 4 * 24 * HOUR:
            made = entry(at, spent.used(at), resets_at=None, weekly=(at - reset) % 400_000 // 10)
            windows = tuple(
                each.__class__(each.name, each.used, each.total, reset + (7 * 24 * HOUR if at >= reset else 0))
                if each.name == "weekly"
                else each
                for each in made.windows
            )
            yield made.__class__(at, "web", "intl", "Pro", windows)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    record = Record(home / ".local/state/codingplan-bar/history.db")
    for each in week_of(int(time.time())):
        record.add(each)
    return home


def run(home, *arguments, **more):
    measured = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", "TZ": "Asia/Shanghai", **measured, **more}
    command = [str(COMMAND), "history", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)


def test_a_pipe_gets_a_chart_without_colour(home, programs):
    done = run(home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert max(map(width, done.stdout.splitlines())) <= 100
    assert "┴" in done.stdout
    assert done.stdout.startswith("5 hours · ")


def test_in_chinese_the_windows_have_their_chinese_names(home, programs):
    assert "5 小时 · " in run(home, LANG="zh_CN.UTF-8").stdout


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_in_a_terminal_it_is_as_wide_as_the_pane(home, columns, programs):
    if not shutil.which("tmux"):
        absent = pytest.fail if os.environ.get("CODINGPLAN_BAR_REQUIRE_ALL") == "1" else pytest.skip
        absent("needs tmux")
    socket = f"history-{os.getpid()}-{columns}"
    tmux = ["tmux", "-L", socket, "-f", "/dev/null"]
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "screen-256color", "LC_ALL": "C.UTF-8"}
    shown = f"{COMMAND} history; echo DONE; sleep 60"
    start = ["new-session", "-d", "-x", str(columns), "-y", "40", shown]
    subprocess.run([*tmux, *start], env=environ, check=True)
    try:
        text = ""
        end = time.monotonic() + 20
        while "DONE" not in text and time.monotonic() < end:
            time.sleep(0.1)
            capture = [*tmux, "capture-pane", "-p", "-e"]
            text = subprocess.run(capture, env=environ, capture_output=True, text=True, check=True).stdout
    finally:
        subprocess.run([*tmux, "kill-server"], env=environ, check=True)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).split("DONE")[0].splitlines()
    assert [width(line) for line in lines if line.startswith("    └")] == [columns, columns]
    assert len(lines) == 2 * 6 + 1
    assert "\x1b[" in text


def test_the_last_instants_number_stands_in_the_last_column():
    (drawn,) = [each for each in series([entry(BEGIN, 0), entry(NOW - 1, 6000)]) if each.window == "five_hour"]
    assert drawn.columns(BEGIN, NOW, 50) == [0.0, *[None] * 48, 100.0]


def test_a_time_of_which_nothing_is_known_is_empty():
    entries = [entry(NOW - HOUR, 3000), entry(NOW - HOUR + 10 * MINUTE, 3000), entry(NOW - 1, 3000)]
    (drawn,) = [each for each in series(entries) if each.window == "five_hour"]
    known = [percent is not None for percent in drawn.columns(NOW - HOUR, NOW, 60)]
    assert known == [True] * 11 + [False] * 48 + [True]
    assert [len(spell) for spell in drawn.spells()] == [2, 1]


def test_each_reset_that_was_named_and_has_passed_is_marked_once():
    reset = NOW - HOUR
    entries = [entry(NOW - 2 * HOUR, 1, resets_at=reset), entry(NOW - HOUR + 9, 0, resets_at=NOW + HOUR)]
    (drawn,) = [each for each in series(entries) if each.window == "five_hour"]
    assert drawn.resets == (reset,)
    axis = Chart(65, NOW - 2 * HOUR, NOW, ENGLISH).block(drawn, colorful=False)[-1]
    assert axis.index("┴") == 5 + 30


def test_any_use_at_all_shows_and_full_is_the_whole_height():
    drawn = next(each for each in series([entry(NOW - 1, 1), entry(NOW, 6000)]) if each.window == "five_hour")
    rows = Chart(25, NOW - 20, NOW + 0.5, ENGLISH).block(drawn, colorful=False)[1:5]
    assert [row[-1] for row in rows] == ["█"] * 4
    assert chart._height(0.01) == 1


def test_the_scale_ends_in_the_column_where_the_axis_begins():
    for each in series(list(week_of(NOW))):
        _, *rows, axis = Chart(60, BEGIN, NOW, ENGLISH).block(each, colorful=False)
        assert {row.index("┤") for row in rows} == {axis.index("└")}


def test_a_terminal_of_any_width_gets_a_chart():
    for columns in (1, 10, 40, 500):
        for words in (ENGLISH, CHINESE):
            canvas = Chart(columns, BEGIN, NOW, words)
            for each in series(list(week_of(NOW))):
                assert len(canvas.block(each, colorful=False)) == 6
            assert canvas.footer()


def test_json_has_every_entry_with_its_numbers_in_utc(home, programs):
    found = json.loads(run(home, "--json").stdout)
    assert found["schema_version"] == 1
    assert len(found["entries"]) > 500
    last = found["entries"][-1]
    assert set(last) == {"at", "source", "region", "plan", "windows"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", last["at"])
    assert set(last["windows"]["weekly"]) == {"used", "total", "used_percent", "resets_at"}


def test_days_cut_it(home, programs):
    assert 80 < len(json.loads(run(home, "--json", "--days", "1").stdout)["entries"]) <= 97


def test_csv_has_the_same_rows(home, programs):
    rows = list(csv.DictReader(io.StringIO(run(home, "--csv").stdout)))
    entries = json.loads(run(home, "--json").stdout)["entries"]
    assert [row["at"] for row in rows] == [each["at"] for each in entries]
    assert float(rows[-1]["five_hour_used"]) == entries[-1]["windows"]["five_hour"]["used"]


@pytest.mark.parametrize(
    "plan",
    [
        "=1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(1)",
        "﹢1",
        " =1",
        "\u3000＝1",
        "\t1",
        "-2",
        "\u200b=1",
        "\ufeff＝1",
        " " * 9 + "=1",
        "\xad+1",
        "\u202e@x",
    ],
)
def test_no_text_in_a_table_is_a_formula(plan):
    """Spreadsheets take full-width signs for the plain ones, and look behind white space and what is not seen."""
    [row] = csv.DictReader(io.StringIO(history.as_csv([entry(NOW, 1, plan=plan)])))
    assert row["plan"] == f"'{plan}"


def test_a_picture_is_written_whole_and_replaces_what_was_there(home, tmp_path, programs):
    target = tmp_path / "history.svg"
    target.write_text("before")
    done = run(home, "--svg", str(target))
    assert (done.returncode, done.stderr) == (0, "")
    root = ET.fromstring(target.read_text())
    assert root.tag.endswith("svg")
    assert [path.name for path in tmp_path.iterdir()] == ["history.svg"]
    assert ET.fromstring(run(home, "--svg", "-").stdout).tag == root.tag


@pytest.mark.parametrize(
    "make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("victim")], ids=["pipe", "folder", "link"]
)
def test_a_picture_takes_the_place_of_a_regular_file_alone(home, tmp_path, make, programs):
    (tmp_path / "victim").write_text("as it was")
    make(tmp_path / "x.svg")
    before = (tmp_path / "x.svg").lstat()
    done = run(home, "--svg", str(tmp_path / "x.svg"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "cannot be written: it is no regular file. Name another file." in done.stderr
    assert (tmp_path / "x.svg").lstat().st_ino == before.st_ino
    assert (tmp_path / "victim").read_text() == "as it was"


def test_no_link_that_was_planted_beside_a_picture_is_written_through(tmp_path, monkeypatch):
    """The old name was the picture's with the process's number in it, which anybody could foresee."""
    monkeypatch.setattr(os, "umask", lambda _: 0o027)
    (tmp_path / "victim").write_text("as it was")
    (tmp_path / f".x.svg.{os.getpid()}.tmp").symlink_to("victim")
    history._replace(tmp_path / "x.svg", "<svg/>")
    assert (tmp_path / "victim").read_text() == "as it was"
    assert (tmp_path / "x.svg").read_text() == "<svg/>"
    assert (tmp_path / "x.svg").lstat().st_mode & 0o777 == 0o640
    assert len(list(tmp_path.iterdir())) == 3


def test_a_picture_that_cannot_be_written_is_told(home, programs):
    done = run(home, "--svg", "/proc/nowhere/x.svg")
    assert (done.returncode, done.stdout) == (1, "")
    assert "/proc/nowhere/x.svg cannot be written: " in done.stderr


def test_a_picture_has_a_line_for_each_spell_and_escapes_its_words():
    words = {**ENGLISH, "five_hour": "<5 & hours>"}
    drawn = series(list(week_of(NOW)))
    root = ET.fromstring(chart.svg(drawn, BEGIN, NOW, words))
    lines = root.findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == sum(len(each.spells()) for each in drawn)
    assert {line.get("stroke") for line in lines} <= set(COLORS.values())
    assert any("<5 & hours>" in (text.text or "") for text in root.iter())


@pytest.mark.parametrize("used", [0.3, 7, 99.6, 100])
def test_chart_and_picture_name_the_last_number_as_the_bars_do_and_when_it_was_read(used):
    """It may be of days ago: the machine has slept, or the provider could not be reached."""
    at = NOW - 2 * 86_400
    drawn = series([Entry(at, "web", "intl", "Pro", (Window("weekly", used, 100),))])
    told = f"{phrases.percent(used)} ({phrases.clock(at, NOW, ENGLISH)})"
    root = ET.fromstring(chart.svg(drawn, BEGIN, NOW, ENGLISH))
    heads = [next(text.text for text in root.iter("{http://www.w3.org/2000/svg}text"))]
    heads += Chart(80, BEGIN, NOW, ENGLISH).block(drawn[0], colorful=False)[:1]
    assert all(head.endswith(told) for head in heads), heads


def test_a_picture_has_a_name_and_a_scale_for_each_window_in_turn_and_the_dates_below_them_all():
    root = ET.fromstring(chart.svg(series(list(week_of(NOW))), BEGIN, NOW, ENGLISH))
    *windows, first, last = (float(text.get("y")) for text in root.iter("{http://www.w3.org/2000/svg}text"))
    name, nothing, half, full = (windows[place::4] for place in range(4))
    downwards = [y for window in zip(name, full, half, nothing, strict=True) for y in window]
    assert downwards == sorted(set(downwards))
    assert downwards[-1] < first == last < float(root.get("height"))


def test_without_a_record_there_is_one_line_and_exit_code_1(tmp_path, programs):
    for arguments in ((), ("--days", "2.5"), ("--json",), ("--windows",)):
        done = run(tmp_path, *arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert "nothing is recorded yet. See why: " in done.stderr
    Record(tmp_path / ".local/state/codingplan-bar/history.db").add(entry(int(time.time()) - 9 * 86_400, 1))
    for arguments, days in (((), 7), (("--days", "2.5"), 2.5)):
        assert f"no numbers were recorded in the last {days} days." in run(tmp_path, *arguments).stderr


def test_two_kinds_of_output_at_once_are_refused(tmp_path, programs):
    done = run(tmp_path, "--json", "--csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--json and --csv exclude each other" in done.stderr


def work_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_whole_year_is_drawn_in_the_time_of_a_short_bare_loop(tmp_path, programs):
    record = Record(tmp_path / ".local/state/codingplan-bar/history.db")
    now = int(time.time())
    record.add(entry(now, 1))
    rows = [
        (now - 300 * n, 1, *window)
        for n in range(1, 105_000)
        for window in (("five_hour", n % 900, 6000, None, None), ("weekly", n % 9000, 45_000, None, now))
    ]
    database = sqlite3.connect(record.path)
    with database:
        database.executemany("INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    database.close()
    drawn, began = work_of_children(), time.process_time()
    assert run(tmp_path, "--days", "366").returncode == 0
    for _turn in range(10_000_000):
        pass
    ended = time.process_time()
    assert work_of_children() - drawn < 30 * (ended - began)


TOKEN = ("token-plan", "credits", "a" * 32)


@pytest.fixture
def two_plans(tmp_path):
    """The record of somebody with two plans, a reading a day of each."""
    record, now = Record(tmp_path / ".local/state/codingplan-bar/history.db"), int(time.time())
    for days in (3, 2):
        at = now - days * 24 * HOUR
        month = Window("monthly", 10 * days, 100, now - 24 * HOUR)
        record.add(Entry(at, "web", "intl", "Pro", (month,)))
        record.add(Entry(at + 1, "web", "intl", "Token Plan", (month,), *TOKEN))
    return {"HOME": str(tmp_path), "LANG": "en_US.UTF-8"}


@pytest.mark.parametrize(
    ("plan", "kinds"),
    [
        ("auto", {"coding-plan", "token-plan"}),
        ("coding", {"coding-plan"}),
        ("token", {"token-plan"}),
        ("team", set()),
    ],
)
def test_a_plan_that_is_named_is_all_that_is_told_of(two_plans, plan, kinds):
    told = history.recorded(0, {**two_plans, "CODINGPLAN_BAR_PLAN": plan}).entries
    assert {entry.kind for entry in told} == kinds


def test_past_windows_name_their_plan_where_there_are_several(two_plans, capfd):
    history.history(two_plans, windows=True)
    lines = capfd.readouterr().out.splitlines()
    assert [line.partition(" · ")[0] for line in lines] == ["Coding Plan", "Token Plan"]
    history.history({**two_plans, "CODINGPLAN_BAR_PLAN": "token"}, windows=True)
    (line,) = capfd.readouterr().out.splitlines()
    assert "Token Plan" not in line
    history.history(two_plans, windows=True, json=True)
    found = json.loads(capfd.readouterr().out)["windows"]
    assert [each["kind"] for each in found] == ["coding-plan", "token-plan"]


@pytest.mark.parametrize(
    ("used", "told", "as_data"),
    [(99_999, "99%", 99.99), (1, "<1%", 0.01), (99_600, "99%", 99.6), (100_000, "100%", 100), (0, "0%", 0)],
)
def test_a_share_that_is_neither_nothing_nor_all_is_not_rounded_to_it(tmp_path, capfd, used, told, as_data):
    now = int(time.time())
    week = Window("weekly", used, 100_000, now - HOUR)
    Record(tmp_path / ".local/state/codingplan-bar/history.db").add(
        Entry(now - 2 * HOUR, "web", "intl", "Pro", (week,))
    )
    environ = {"HOME": str(tmp_path), "LANG": "en_US.UTF-8"}
    history.history(environ)
    assert f"Week · {told} (" in capfd.readouterr().out
    history.history(environ, windows=True)
    assert f": {told}" in capfd.readouterr().out
    for shape in ({"json": True}, {"json": True, "windows": True}):
        history.history(environ, **shape)
        found = json.loads(capfd.readouterr().out)
        said = found["windows"][0] if "windows" in found else found["entries"][0]["windows"]["weekly"]
        assert said["used_percent"] == as_data
