"""The record: what a refresh found is there afterwards, whatever happened to the file, and nobody else can read it."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from support.records import HOUR, MINUTE, NOW, entry

from codingplan_bar.commands.history import as_json
from codingplan_bar.commands.history.backtest import parsed
from codingplan_bar.errors import StorageFailure
from codingplan_bar.history import record as recording
from codingplan_bar.history import summary
from codingplan_bar.history.record import YEAR, Entry, Record, by_account, of_last_account
from codingplan_bar.model import Packs, Plan, Problem, Snapshot, Window
from codingplan_bar.words.en.doctor import DOCTOR as ENGLISH
from codingplan_bar.words.zh.doctor import DOCTOR as CHINESE

WEB = ("https://example.invalid/", "web", "intl")


@pytest.fixture
def record(tmp_path):
    return Record(tmp_path / "state/history.db")


def test_what_a_refresh_found_is_kept(record):
    windows = (Window("five_hour", 12.5, 6000), Window("monthly", 9, 90_000, NOW + 1))
    record.witness(Snapshot(NOW, *WEB, Plan("Pro"), windows))
    (found,) = record.since(0)
    assert (found.at, found.source, found.region, found.plan, found.windows) == (NOW, "web", "intl", "Pro", windows)


@pytest.mark.parametrize(
    "snapshot",
    [Snapshot(NOW, WEB[0], error=Problem("network", "down")), Snapshot(NOW, *WEB, Plan("Pro"))],
    ids=["an error", "a plan without counters"],
)
def test_what_holds_no_numbers_is_not_recorded(record, snapshot):
    record.witness(snapshot)
    assert not record.path.exists()


def test_it_is_the_users_alone_from_the_first_instant(record):
    before = os.umask(0)
    try:
        record.add(entry(NOW, 1))
    finally:
        os.umask(before)
    assert stat.S_IMODE(record.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(record.path.parent.stat().st_mode) == 0o700


def test_entries_come_in_their_order_and_from_an_instant_on(record):
    for at in (NOW, NOW - HOUR, NOW + HOUR):
        record.add(entry(at, 1))
    assert [each.at for each in record.since(NOW)] == [NOW, NOW + HOUR]


MONTH = YEAR // 12


def test_a_year_is_kept(record):
    year = [NOW - YEAR + place * MONTH for place in range(13)]
    for at in (NOW - YEAR - 1, *year):
        record.add(entry(at, 1))
    assert [each.at for each in record.since(0)] == year


@pytest.mark.parametrize("wrong", [NOW + 4 * YEAR, NOW + YEAR + 5, NOW + YEAR - MONTH, NOW - 20 * YEAR, 0])
def test_a_clock_that_is_years_off_deletes_nothing(record, wrong):
    year = [NOW - place * 7 * 24 * HOUR for place in range(52)]
    for at in sorted(year):
        record.add(entry(at, 1))
    for minute in range(0, 60, 5):
        record.add(entry(wrong + minute * MINUTE, 1))
    assert set(year) <= {each.at for each in record.since(0)}


def test_what_a_wrong_clock_recorded_of_the_future_is_not_the_present(record):
    for minute in range(-60, 5, 5):
        record.add(entry(NOW + minute * MINUTE, 60 + minute))
    before = summary.recent_facts(record, NOW + 1)
    record.add(entry(NOW + YEAR, 6000))
    assert summary.recent_facts(record, NOW + 1) == before


def test_it_does_not_grow_beyond_its_bound(record, monkeypatch):
    monkeypatch.setattr(recording, "MOST_ENTRIES", 10)
    for number in range(30):
        record.add(entry(NOW + number, number))
    assert [each.at for each in record.since(0)] == list(range(NOW + 15, NOW + 30)), "ten of three windows each"


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + bytes(200), b"\xff" * 5000])
def test_a_damaged_one_is_put_aside_and_begun_anew(record, content):
    record.path.parent.mkdir()
    record.path.write_bytes(content)
    assert record.since(0) == []
    record.add(entry(NOW, 1))
    assert len(record.since(0)) == 1
    assert record.path.with_name("history.db.unreadable").read_bytes() == content


HUGE = [2**63, 2**64 - 1, 10**300, 1e19, 1.7e308]


@pytest.mark.parametrize("total", HUGE)
def test_every_finite_number_is_recorded_and_read_again(record, total):
    record.add(entry(NOW, total, total))
    window = record.since(0)[0].window("five_hour")
    assert (window.used, window.total) == (pytest.approx(total), pytest.approx(total))
    assert summary.recent_facts(record, NOW)["spark"].endswith("100")


FAULTS = [
    sqlite3.OperationalError("database is locked"),
    sqlite3.DatabaseError("malformed"),
    sqlite3.IntegrityError("unique"),
    sqlite3.ProgrammingError("closed"),
    sqlite3.InterfaceError("binding"),
    sqlite3.NotSupportedError("no"),
    sqlite3.Warning("careful"),
    OverflowError("Python int too large to convert to SQLite INTEGER"),
    ValueError("embedded null character"),
    UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    OSError(28, "No space left on device"),
    OSError(5, "Input/output error"),
]


def opened_by(monkeypatch, record, connect):
    """Let `connect` open the record, and no other file: what measures the coverage keeps its own by the same module."""
    genuine = sqlite3.connect

    def either(where, **how):
        return connect(where, **how) if record.path.name in str(where) else genuine(where, **how)

    monkeypatch.setattr(sqlite3, "connect", either)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("place", ["connect", "execute"])
def test_whatever_fails_in_it_is_a_failure_to_store_and_nothing_else(record, monkeypatch, fault, place):
    class Connection(sqlite3.Connection):
        def execute(self, *_):
            raise fault

    def connect(*where, **how):
        if place == "connect":
            raise fault
        return genuine(*where, factory=Connection, **how)

    genuine = sqlite3.connect
    record.add(entry(NOW, 1))
    opened_by(monkeypatch, record, connect)
    with pytest.raises(StorageFailure, match=r"^Cannot write history\.db: "):
        record.add(entry(NOW + 1, 1))
    assert record.since(0) == []
    assert summary.recent_facts(record, NOW) == {"flow.five_hour": "- -"}
    assert record.trouble()


def test_a_full_disk_and_another_process_are_named(record, monkeypatch):
    record.add(entry(NOW, 1))
    assert record.trouble() == ""
    monkeypatch.setattr(recording, "PATIENCE", 0.05)
    with closing(sqlite3.connect(record.path)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        assert record.trouble() == "busy"
        with pytest.raises(StorageFailure, match="another process uses it"):
            record.add(entry(NOW + 1, 1))
    monkeypatch.undo()
    record.path.write_bytes(b"no database")
    assert record.trouble() == "damaged"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("SQLITE_FULL", "full"),
        ("SQLITE_READONLY_DBMOVED", "read-only"),
        ("SQLITE_CANTOPEN", "read-only"),
        ("SQLITE_BUSY_SNAPSHOT", "busy"),
        ("SQLITE_IOERR_WRITE", "other"),
    ],
)
def test_why_it_cannot_be_written_is_told_by_sqlites_own_word(record, monkeypatch, name, reason):
    record.add(entry(NOW, 1))
    fault = sqlite3.OperationalError("it failed")
    fault.sqlite_errorname = name

    def connect(*_, **__):
        raise fault

    opened_by(monkeypatch, record, connect)
    assert record.trouble() == reason
    assert ENGLISH[f"history.{reason}"]
    assert CHINESE[f"history.{reason}"]


def test_before_the_first_entry_nothing_is_tried(record):
    assert record.trouble() == ""
    assert not record.path.exists()


@pytest.mark.parametrize("instant", [-(10**300), 10**300])
def test_the_record_is_asked_from_any_instant_on(record, instant):
    record.add(entry(NOW, 1))
    assert len(record.since(instant)) == (instant < 0)


def test_a_newer_versions_is_left_as_it_is_and_said_to_be_so(record):
    record.add(entry(NOW, 1))
    with sqlite3.connect(record.path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    before = record.path.read_bytes()
    record.add(entry(NOW + 1, 1))
    assert record.since(0) == []
    assert record.trouble() == "newer"
    assert record.path.read_bytes() == before


VERSION_1 = (Path(__file__).parents[1] / "version_1/history.sql").read_text("utf-8")
"""What the version before wrote: four refreshes, one a window short, one of two, one without a name."""
OF_VERSION_1 = [
    Entry(
        NOW - 900,
        *("web", "intl", "Coding Plan Pro 编程"),
        (
            Window("five_hour", 52, 1000),
            Window("weekly", 800.5, 5000, NOW + 100_000),
            Window("monthly", 4000, 9000, NOW + 900_000),
        ),
    ),
    Entry(NOW - 600, "cli", "cn", "", (Window("weekly", 801, 5000, NOW + 100_000),)),
    Entry(NOW - 300, "token", "intl", "Lite", (Window("five_hour", 2.0**63, 2.0**64), Window("monthly", 4001, 9000))),
    Entry(NOW, "web", "intl", "Coding Plan Pro 编程", (Window("five_hour", 0, 1000, NOW + HOUR),)),
]


def made_by(record, script):
    record.path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(record.path)) as database:
        database.executescript(script)


def test_the_file_of_the_version_before_keeps_its_past(record):
    made_by(record, VERSION_1)
    record.path.chmod(0o400)
    assert record.since(0) == OF_VERSION_1, "it is read as it is, also where nothing can be written"
    record.path.chmod(0o600)
    assert record.trouble() == ""
    record.add(entry(NOW + 300, 5))
    assert record.since(0) == [*OF_VERSION_1, entry(NOW + 300, 5)]
    assert by_account(record.since(0))[-1][-1].at == NOW + 300


def test_a_file_of_the_version_before_with_one_more_window_is_read_for_what_is_known(record):
    script = VERSION_1.replace("weekly_used, weekly_total, weekly_resets_at", "daily_used, daily_total, x")
    made_by(record, script)
    expected = [tuple(window for window in each.windows if window.name != "weekly") for each in OF_VERSION_1]
    assert [each.windows for each in record.since(0)] == [windows for windows in expected if windows]


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE readings (at, number); INSERT INTO readings VALUES (1, 2); PRAGMA user_version = 2;",
        "CREATE TABLE readings (a); CREATE TABLE subjects (b);",
        "CREATE TABLE notes (a); PRAGMA user_version = 1;",
    ],
    ids=["ours with other columns", "before any version", "somebody else's"],
)
def test_a_file_of_other_columns_is_put_aside(record, script):
    made_by(record, script)
    before = record.path.read_bytes()
    assert record.since(0) == []
    record.add(entry(NOW, 1))
    assert record.since(0) == [entry(NOW, 1)]
    assert record.path.with_name("history.db.unreadable").read_bytes() == before


def test_of_other_columns_the_doctor_is_told(record):
    made_by(record, "CREATE TABLE readings (at, number); PRAGMA user_version = 2;")
    assert record.trouble() == "foreign"
    assert {"history.foreign", "history.newer"} <= ENGLISH.keys() & CHINESE.keys()


def test_windows_units_plans_and_accounts_are_recorded_as_they_are(record):
    entries = [
        Entry(NOW, "web", "cn", "Essential", (Window("monthly", 37.25, 100, NOW + 9, in_percent=True),), *of_credits),
        Entry(NOW, "web", "cn", "Pro", (Window("five_hour", 3, 9), Window("monthly", 1, 2)), account="b" * 32),
        Entry(NOW + 1, "api", "cn", "", (Window("weekly", 0, 100, in_percent=True),), *of_credits[:2]),
        Entry(NOW + 2, "web", "cn", "", (Window("monthly", 9, 9, NOW + 9),), *of_credits, Packs(3, 20)),
    ]
    for each in entries:
        record.add(each)
    assert record.since(0) == entries


of_credits = ("token-plan", "credits", "a" * 32)


def test_only_what_the_same_account_and_plan_read_at_that_instant_is_replaced(record):
    first, same, other = (entry(NOW, used) for used in (1, 2, 3))
    other = other._replace(kind="token-plan")
    for each in (first, other, same._replace(source="cli")):
        record.add(each)
    assert sorted(each.window("five_hour").used for each in record.since(0)) == [2, 3]


ACCOUNTS = [
    (["", "", ""], [0, 1, 2]),
    (["a", "a", "b"], [2]),
    (["a", "b", "a"], [0, 2]),
    (["a", "b", ""], [1, 2]),
    (["", "a", ""], [0, 1, 2]),
    (["", "a", "b", "", "b"], [2, 3, 4]),
]


@pytest.mark.parametrize(("names", "last"), ACCOUNTS)
def test_an_unknown_account_counts_as_the_last_one(names, last):
    entries = [entry(NOW + place, place)._replace(account=name or None) for place, name in enumerate(names)]
    assert of_last_account(entries) == [entries[place] for place in last]


def test_another_accounts_use_draws_no_spark_and_no_flow(record):
    for minute in range(0, 300, 5):
        record.add(entry(NOW - 600 * MINUTE + minute * MINUTE, 5000)._replace(account="a"))
        record.add(entry(NOW - 300 * MINUTE + minute * MINUTE, 60)._replace(account="b"))
    told = summary.recent_facts(record, NOW)
    assert set(told["spark"].split(",")) == {"-", "1"}


def test_what_somebody_wrote_into_it_is_no_entry(record):
    record.add(entry(NOW, 1))
    with sqlite3.connect(record.path) as database:
        database.executescript("""
            INSERT INTO subjects VALUES (7, 1, 2, x'ff', NULL, CAST(x'41ff42' AS TEXT), 6);
            INSERT INTO readings (at, subject, window, used, total) VALUES
                (1, 7, 'five_hour', 'x', -1), (2, 7, 'five_hour', 1e999, 5), (-5, 7, 'weekly', 1, 5),
                ('x', 7, 'y', 1, 5), (4, 8, 'weekly', 1, 5), (5, 7, 'yearly', 1, 5), (6, 7, CAST(x'ff' AS TEXT), 1, 5);
            INSERT INTO readings (at, subject, window, used, total, resets_at) VALUES (3, 7, 'weekly', 1, 5, 'x');
        """)
    database.close()
    assert [(each.at, each.windows) for each in record.since(0) if each.at < NOW] == [(3, (Window("weekly", 1, 5),))]


def test_a_link_in_its_place_is_not_written_through(record, tmp_path):
    record.path.parent.mkdir()
    target = tmp_path / "elsewhere"
    target.write_bytes(b"")
    record.path.symlink_to(target)
    record.add(entry(NOW, 1))
    assert target.read_bytes() == b""
    assert [each.at for each in record.since(0)] == [NOW]
    assert record.path.with_name("history.db.unreadable").is_symlink()


@pytest.mark.parametrize("place", ["/proc/nowhere/history.db", "/dev/null/history.db"])
def test_where_nothing_can_be_written_that_is_said(place):
    record = Record(Path(place))
    with pytest.raises(StorageFailure, match=r"^Cannot write history\.db: "):
        record.add(entry(NOW, 1))
    assert record.since(0) == []


def test_one_that_another_process_holds_is_waited_for_a_moment(record, monkeypatch):
    record.add(entry(NOW, 1))
    monkeypatch.setattr(recording, "PATIENCE", 0.05)
    holder = sqlite3.connect(record.path)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageFailure):
        record.add(entry(NOW + 1, 1))
    assert record.since(0) == []
    holder.close()
    assert len(record.since(0)) == 1


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
from support.records import NOW, entry
from codingplan_bar.history.record import Record
record = Record(Path({path!r}))
number = 0
while True:
    number += 1
    record.add(entry(NOW + number, number))
    if number == 5:
        print("writing", flush=True)
"""


def test_a_writer_that_is_killed_leaves_a_record_that_can_be_read_and_written(record, programs):
    here = str(Path(__file__).parents[1])
    for wait in (0.0, 0.003, 0.01, 0.03):
        program = KILLED.format(here=here, path=str(record.path))
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(wait)
            process.kill()
        found = record.since(0)
        assert len(found) >= 5
        record.add(entry(found[-1].at + 1, 1))
        assert len(record.since(0)) == len(found) + 1


def test_a_full_year_is_small_and_the_last_day_is_found_at_once(record):
    record.add(entry(NOW, 1))
    rows = [
        (NOW - 300 * n, 1, *window)
        for n in range(105_120, 0, -1)
        for window in (
            ("five_hour", n, 6000, None, None),
            ("monthly", n, 90_000, None, NOW),
            ("weekly", n, 45_000, None, NOW),
        )
    ]
    with sqlite3.connect(record.path) as database:
        database.executemany("INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    database.close()
    assert record.path.stat().st_size < 15_000_000
    began = time.process_time()
    told = summary.recent_facts(record, NOW)
    assert time.process_time() - began < 0.2
    assert "spark" in told


class TestTheLastDay:
    def test_each_hour_has_its_highest_percent(self):
        entries = [entry(NOW - HOUR - 1, 600), entry(NOW - HOUR - 2, 1200), entry(NOW - 1, 60)]
        assert summary.spark(entries, NOW) == ["-"] * 22 + ["20", "1"]

    def test_no_rounding_makes_a_nothing_or_an_all(self):
        entries = [
            entry(NOW - 1, 1),
            entry(NOW - HOUR - 1, 5999),
            entry(NOW - 2 * HOUR - 1, 0),
            entry(NOW - 3 * HOUR - 1, 9999),
        ]
        assert summary.spark(entries, NOW)[-4:] == ["100", "0", "99", "1"]

    def test_what_is_older_or_of_the_future_is_not_in_it(self):
        assert set(summary.spark([entry(NOW - 24 * HOUR - 1, 5), entry(NOW + MINUTE, 5)], NOW)) == {"-"}

    def test_without_a_record_there_is_no_line_and_no_flow(self, record):
        assert summary.recent_facts(record, NOW) == {"flow.five_hour": "- -"}

    def test_windows_without_the_five_hours_make_no_line(self, record):
        record.add(entry(NOW, None)._replace(at=NOW))
        assert "spark" not in summary.recent_facts(record, NOW)


def test_a_share_alone_stays_one_in_the_documents_for_scripts_and_back():
    windows = (Window("five_hour", 37.25, 100, NOW + HOUR, in_percent=True), Window("monthly", 3, 9))
    text = as_json([Entry(NOW, "web", "intl", "Pro", windows)])
    told = json.loads(text)["entries"][0]["windows"]
    assert (told["five_hour"]["used"], told["five_hour"]["total"], told["five_hour"]["used_percent"]) == (
        None,
        None,
        37.25,
    )
    assert (told["monthly"]["used"], told["monthly"]["total"]) == (3, 9)
    assert parsed(text.encode())[0].windows == windows


def test_packs_are_recorded_while_they_are_drawn_on(record):
    packs, month = Packs(3, 20), Window("monthly", 9, 9, NOW + 9)
    plan = Plan("Token Plan", None, "token-plan", packs)
    for at, window in ((NOW, month._replace(used=8)), (NOW + 1, month)):
        record.witness(Snapshot(at, "https://example.invalid/", "web", "cn", plan, (window,)))
    assert [entry.packs for entry in record.since(0)] == [None, packs]


@pytest.mark.parametrize("packs", ["'x', 20", "NULL, 20", "21, 20", "-1, 20", "1, NULL"])
def test_a_row_of_packs_that_somebody_has_spoilt_is_passed_over(record, packs):
    record.add(Entry(NOW, "web", "cn", "", (Window("monthly", 9, 9, NOW + 9),), *of_credits, Packs(3, 20)))
    with closing(sqlite3.connect(record.path)) as database, database:
        used, total = packs.split(", ")
        database.execute(f"UPDATE readings SET used = {used}, total = {total} WHERE window = 'packs'")
    (entry,) = record.since(0)
    assert (entry.packs, entry.windows) == (None, (Window("monthly", 9, 9, NOW + 9),))
