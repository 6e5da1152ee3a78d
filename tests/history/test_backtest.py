"""`history --backtest` and `history --windows` as a person and a script use them, and what a file may hold."""

from __future__ import annotations

import csv
import gc
import io
import json
import os
import re
import subprocess
import sysconfig
import time
from pathlib import Path

import pytest
from support.records import DAY, HOUR, TOTAL, WEEK, Person, zone
from support.rows import for_each

from codingplan_bar.commands import history
from codingplan_bar.commands.history import backtest as judging
from codingplan_bar.history.backtest import Case, Said, backtest, past_windows, score
from codingplan_bar.history.forecast import Outlook
from codingplan_bar.history.record import Entry, Record
from codingplan_bar.model import Window

COMMAND = Path(sysconfig.get_path("scripts")) / "codingplan-bar"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
FIELDS = ["at", "window", "outlook", "runs_out_at", "earliest", "latest", "probability"]


@pytest.fixture(scope="module")
def entries():
    """An office week of 120 %, polled now and then, with the three windows of the plan."""
    made = []
    for entry in Person("office", 1.2, 3, weeks=4).entries()[::3]:
        week = entry.windows[0]
        month = Window("monthly", week.used, 90_000, entry.at // (30 * DAY) * 30 * DAY + 30 * DAY)
        made.append(Entry(entry.at, "web", "intl", "Pro", (Window("five_hour", 0, 6000), week, month)))
    return made


@pytest.fixture(scope="module")
def record(entries, tmp_path_factory):
    path = tmp_path_factory.mktemp("record") / "history.json"
    path.write_text(history.as_json(entries))
    return path


def run(*arguments, text=None, home="/nonexistent", **more):
    measured = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", "TZ": "Asia/Shanghai", **measured, **more}
    command = [str(COMMAND), "history", *map(str, arguments)]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False, input=text)


def document(*arguments, **more):
    done = run("--backtest", "--json", *arguments, **more)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_the_document_has_one_entry_for_each_record_and_window(record, entries, programs):
    found = document("--from", record)
    assert list(found) == ["forecasts", "score"]
    asked = [(each["at"], each["window"]) for each in found["forecasts"]]
    assert asked == [(history.utc_time(entry.at), window.name) for entry in entries for window in entry.windows]
    for each in found["forecasts"]:
        assert list(each) == FIELDS
        assert each["outlook"] in ("lasts", "runs_out", "used_up", "unknown")
        times = [each["runs_out_at"], each["earliest"], each["latest"]]
        assert all(map(TIME.fullmatch, times)) if each["outlook"] == "runs_out" else times == [None] * 3
        assert each["probability"] is None or 0 <= each["probability"] <= 1
    assert {each["outlook"] for each in found["forecasts"] if each["window"] == "weekly"} >= {"runs_out", "used_up"}


def test_standard_input_is_a_file_too(record, programs):
    assert document("--from", "-", text=record.read_text()) == document("--from", record)


def test_the_users_own_record_is_taken_where_no_file_is_named(entries, tmp_path, programs):
    record = Record(tmp_path / ".local/state/codingplan-bar/history.db")
    shift = int(time.time()) - entries[-1].at - HOUR
    recent = [Entry(each.at + shift, "web", "intl", "Pro", each.windows[:1]) for each in entries[-200:]]
    for each in recent:
        record.add(each)
    asked = [each["at"] for each in document(home=tmp_path)["forecasts"]]
    assert asked == [history.utc_time(each.at) for each in recent]


@pytest.mark.parametrize("kept", [1, 40, 333, 900])
def test_cutting_the_record_short_changes_nothing_that_was_said_before(entries, kept):
    assert list(backtest(entries[:kept], zone)) == list(backtest(entries, zone))[: kept * 3]


def test_the_verdict_is_a_few_lines_for_a_person(record, programs):
    said = run("--backtest", "--from", record).stdout
    assert [line.partition(": ")[0] for line in said.splitlines() if line[0] != " "] == ["5 hours", "Week", "Month"]
    assert "ran out" in said
    assert "False alarms" in said or "of them ran out" in said
    assert "{" not in said
    assert len(said.splitlines()) <= 15


def test_the_verdict_is_in_chinese_where_the_user_is(record, programs):
    said = run("--backtest", "--from", record, LANG="zh_CN.UTF-8").stdout
    assert "用完" in said
    assert not re.search(r"[a-z]{4}", said)


def test_each_past_window_is_told_with_how_full_it_was(record, entries, programs):
    lines = run("--windows", "--from", record).stdout.splitlines()
    weeks = past_windows(entries)["weekly"]
    told = [line for line in lines if line.startswith("Week")]
    assert len(told) == len(weeks) == 4
    assert all(f"{past.used_percent:.0f}%" in line for past, line in zip(weeks, told, strict=True))
    assert sum("used up" in line for line in told) == sum(past.full_at is not None for past in weeks) > 0


def test_past_windows_are_data_too(record, programs):
    found = json.loads(run("--windows", "--json", "--from", record).stdout)["windows"]
    assert {each["window"] for each in found} == {"weekly", "monthly"}
    assert all(0 <= each["used_percent"] <= 100 for each in found)
    assert {each["used_up_at"] is None for each in found if each["used_percent"] == 100} == {False}


def said(at, outlook, runs_out_at=None, width=HOUR, probability=0.5):
    at_out = (runs_out_at, runs_out_at - width, runs_out_at + width) if runs_out_at else (None, None, None)
    return Said(at, "weekly", Outlook(outlook, *at_out, probability, WEEK))


def test_the_score_counts_what_came():
    out, hours = 100 * HOUR, range(100)
    lasted = Case(None, [said(at * HOUR, "runs_out" if at < 20 else "lasts", WEEK, probability=0.0) for at in hours])
    ran_out = Case(out, [said(at * HOUR, "lasts", probability=1.0) for at in range(50)])
    ran_out.said += [said(at * HOUR, "runs_out", out - 2 * HOUR, probability=1.0) for at in range(50, 100)]
    found = score([lasted, ran_out])
    assert (found["windows"], found["ran_out"], found["windows_with_false_alarms"]) == (2, 1, 1)
    assert (found["false_alarms"], found["false_lasts"], found["unknown"]) == (0.2, 0.5, 0)
    assert (found["told_before"], found["told_a_day_before"], found["hours_before"]) == (1, 1, 50)
    assert (found["error_hours_on_the_last_day"], found["inside_the_range"], found["brier"]) == (2, 0, 0)
    assert found["flips"] == 1


def test_what_cannot_be_judged_is_not_judged():
    """A window of whose last half nothing is known, and one that is not over."""
    begin = 1_788_739_200
    early = [Entry(begin + hour * HOUR, "", "", "", (Window("weekly", 9, TOTAL, begin + WEEK),)) for hour in range(80)]
    late = [
        Entry(begin + WEEK + hour * HOUR, "", "", "", (Window("weekly", 9, TOTAL, begin + 2 * WEEK),))
        for hour in range(160)
    ]
    unseen, unfinished = past_windows([*early, *late])["weekly"]
    assert not unseen.is_judged(late[-1].at)
    assert not unfinished.is_judged(late[-1].at)
    assert unfinished.is_judged(begin + 2 * WEEK)


GOOD = {"at": "2026-11-24T16:30:05Z", "windows": {"weekly": {"used": 5, "total": 10, "resets_at": None}}}
USELESS = [
    *(None, True, 5, "text", [], {}, {"windows": {}}, {**GOOD, "at": None}, {**GOOD, "at": 5}, {**GOOD, "at": "now"}),
    *({**GOOD, "at": "2026-11-24"}, {**GOOD, "at": "1111-01-01T00:00:00Z"}, {**GOOD, "windows": [1]}),
    *({**GOOD, "windows": {"weekly": fields}} for fields in (None, [], {"used": 5}, {"used": -1, "total": 10})),
    *({**GOOD, "windows": {"weekly": {"used": used, "total": 10}}} for used in ("5", True, [], 10**400, float("nan"))),
    *({**GOOD, "windows": {"weekly": {"used": 5, "total": total}}} for total in (0, -1, float("inf"), 1e300)),
    {**GOOD, "windows": {"daily": {"used": 5, "total": 10}}},
    {**GOOD, "windows": {"weekly": {"used": 5, "total": 10, "resets_at": 7}}},
]


@for_each("useless", USELESS, ids=lambda value: json.dumps(value)[:60])
def test_what_is_no_entry_is_left_out(useless):
    text = json.dumps({"schema_version": 1, "entries": [useless, GOOD, useless]})
    assert [entry.windows[0].used for entry in judging.parsed(text.encode())] == [5]


def test_what_is_known_in_percent_alone_is_read_as_such():
    only = {"used": None, "total": None, "used_percent": 12.5, "resets_at": "2026-11-30T16:00:00Z"}
    text = json.dumps({"entries": [{**GOOD, "windows": {"monthly": only}}]})
    assert judging.parsed(text.encode())[0].windows[0].used_percent == 12.5


def test_entries_are_put_in_order_and_of_two_at_one_instant_one_counts():
    later = {**GOOD, "at": "2026-11-25T00:30:06+08:00"}
    found = judging.parsed(json.dumps({"entries": [later, GOOD, GOOD]}).encode())
    assert [entry.at for entry in found] == [1_795_537_805, 1_795_537_806]


OF_OTHERS = [
    Entry(1_795_537_805, "web", "intl", "Pro", (Window("weekly", 5, 10),)),
    Entry(1_795_537_805, "web", "intl", "Pro", (Window("weekly", 6, 10),), account="ab12"),
    Entry(1_795_537_805, "web", "intl", "", (Window("monthly", 12.5, 100, None, True),), "token-plan-team", "credits"),
    Entry(1_795_537_806, "web", "intl", "", (Window("weekly", 7, 100, None, True),), "token-plan", "credits", "ab12"),
    Entry(1_795_537_807, "web", "intl", "", (Window("weekly", 8, 10),), "a plan of tomorrow", "stones"),
]


def test_each_plan_and_account_is_named_and_read_again_also_at_one_instant():
    text = history.as_json(OF_OTHERS)
    assert judging.parsed(text.encode()) == OF_OTHERS
    first, *others = json.loads(text)["entries"]
    assert list(first) == ["at", "source", "region", "plan", "windows"]
    told = [[each.get(name) for name in ("kind", "unit", "account")] for each in others]
    assert told[1:3] == [["token-plan-team", "credits", None], ["token-plan", "credits", "ab12"]]


@pytest.mark.parametrize("value", [5, True, None, [], {}])
def test_a_plan_that_is_named_by_no_text_is_not_named(value):
    entry = {**GOOD, "kind": value, "unit": value, "account": value}
    (found,) = judging.parsed(json.dumps({"entries": [entry]}).encode())
    assert (found.kind, found.unit, found.account) == ("coding-plan", "requests", None)


def test_a_table_has_the_plan_and_the_account_behind_all_that_was_there_before():
    rows = list(csv.DictReader(io.StringIO(history.as_csv(OF_OTHERS))))
    assert list(rows[0])[:4] + list(rows[0])[-3:] == ["at", "source", "region", "plan", "kind", "unit", "account"]
    assert [row["kind"] for row in rows] == [entry.kind for entry in OF_OTHERS]
    assert [row["account"] for row in rows] == [entry.account or "" for entry in OF_OTHERS]
    (row,) = csv.DictReader(io.StringIO(history.as_csv([OF_OTHERS[0]._replace(kind="=1+1")])))
    assert row["kind"] == "'=1+1"


def test_a_zero_has_no_sign():
    body = {"entries": [{**GOOD, "windows": {"weekly": {"used": -0.0, "total": 10}}}]}
    assert str(judging.parsed(json.dumps(body).encode())[0].windows[0].used) == "0.0"


@pytest.mark.parametrize("was_enabled", [True, False])
def test_garbage_is_collected_afterwards_as_before(tmp_path, was_enabled):
    (gc.enable if was_enabled else gc.disable)()
    try:
        assert history.history({"HOME": str(tmp_path)}) == 1
        assert gc.isenabled() is was_enabled
    finally:
        gc.enable()


HOSTILE = {
    "nothing": b"",
    "no JSON": b"\x00\xff{",
    "half of it": b'{"entries": [{"at": "2026',
    "another thing": b'{"entries": {}}',
    "a list": b"[]",
    "a depth": b"[" * 200_000,
    "a long number": b'{"entries": [' + b"9" * 100_000 + b"]}",
    "a crowd": b'{"entries": [' + b"0," * 120_001 + b"0]}",
    "nothing of use": json.dumps({"entries": [5, {**GOOD, "windows": {"daily": {"used": 1, "total": 2}}}]}).encode(),
    "ages": json.dumps({"entries": [GOOD, {**GOOD, "at": "9999-01-01T00:00:00Z"}]}).encode(),
}


@pytest.mark.parametrize("body", list(HOSTILE.values()), ids=list(HOSTILE))
def test_a_hostile_file_ends_in_one_line(body, tmp_path, programs):
    path = tmp_path / "record.json"
    path.write_bytes(body)
    for more in ([], ["--json"]):
        done = run("--backtest", "--from", path, *more)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("body", list(HOSTILE.values()), ids=list(HOSTILE))
def test_why_it_is_no_record_is_said_in_chinese_to_who_reads_chinese(body, tmp_path, programs):
    path = tmp_path / "记录"
    path.write_bytes(body)
    said = run("--windows", "--from", path, LANG="zh_CN.UTF-8").stderr.partition("记录")[2]
    assert not re.search(r"[A-Za-z]{3}", re.sub(r"`[^`]*`|JSON|entries|MB", "", said))


EMPTY = {
    ("--backtest",): {"forecasts": [], "score": {}},
    ("--windows",): {"windows": []},
    (): {"schema_version": 1, "entries": []},
}


@pytest.mark.parametrize("asked", EMPTY)
def test_a_record_without_entries_is_a_document_without_any(asked, programs):
    done = run(*asked, "--json", "--from", "-", text='{"schema_version": 1, "entries": []}')
    assert (done.returncode, json.loads(done.stdout), done.stderr) == (0, EMPTY[asked], "")
    told = run(*asked, "--from", "-", text='{"entries": []}')
    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (1, "", 1)


@pytest.mark.parametrize("name", ["absent", ".", "\x1b[31m\nname"])
def test_a_file_that_cannot_be_read_ends_in_one_line(name, tmp_path, programs):
    done = run("--backtest", "--from", tmp_path / name)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "\x1b" not in done.stderr


def test_a_file_without_end_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(judging, "MOST_BYTES", 1_000_000)
    with pytest.raises(judging.UnreadableRecord, match="large"):
        judging.entries_of("/dev/zero")


def hostile_records():
    """Entries that this program would never write, each of its own kind."""
    at, reset = 1_788_739_200, 1_788_739_200 + WEEK
    yield [Entry(at + 60 * n, "", "", "", (Window("weekly", n * 97 % 50, 40, reset),)) for n in range(500)]
    yield [Entry(at + DAY * n, "", "", "", (Window("weekly", 5, 1e-9 + n, at + n),)) for n in range(300)]
    yield [Entry(at + HOUR * n, "", "", str(n % 7), (Window("monthly", 1e14, 9e14, 10**10),)) for n in range(300)]
    yield [Entry(at + HOUR * n, "", "", "", (Window("five_hour", n % 3 * 1e14, 9e14),)) for n in range(300)]
    yield [Entry(at + 9 * DAY * n, "", "", "", (Window("five_hour", 0, 1, at + 10**9),)) for n in range(100)]
    yield [Entry(at + HOUR * n, "", "", "", (Window("weekly", n * 1e299, 1e308, reset),)) for n in range(100)]
    yield [Entry(n, "", "", "", (Window("weekly", 0.0, 1e-300, 1 + n * 7),)) for n in range(300)]


@pytest.mark.parametrize("entries", list(hostile_records()))
def test_a_record_of_any_numbers_is_gone_through(entries):
    for each in backtest(entries, zone):
        assert each.outlook.probability is None or 0 <= each.outlook.probability <= 1
