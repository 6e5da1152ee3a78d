"""The record: what a refresh found is there afterwards, whatever happened to the file, and nobody else can read it."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from making import HOUR, MINUTE, NOW, entry

from codingplan_bar.errors import StorageFailure
from codingplan_bar.fetch.history import past
from codingplan_bar.fetch.history import record as recording
from codingplan_bar.fetch.history.record import YEAR, Record
from codingplan_bar.model import Plan, Problem, Snapshot, Window

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


def test_a_year_is_kept(record):
    record.add(entry(NOW - YEAR, 1))
    record.add(entry(NOW - YEAR - 1, 1))
    record.add(entry(NOW, 1))
    assert [each.at for each in record.since(0)] == [NOW - YEAR, NOW]


def test_it_does_not_grow_beyond_its_bound(record, monkeypatch):
    monkeypatch.setattr(recording, "MOST_ENTRIES", 10)
    for number in range(30):
        record.add(entry(NOW + number, number))
    assert [each.at for each in record.since(0)] == list(range(NOW + 20, NOW + 30))


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + bytes(200), b"\xff" * 5000])
def test_a_damaged_one_is_put_aside_and_begun_anew(record, content):
    record.path.parent.mkdir()
    record.path.write_bytes(content)
    assert record.since(0) == []
    record.add(entry(NOW, 1))
    assert len(record.since(0)) == 1
    assert record.path.with_name("history.db.unreadable").read_bytes() == content


def test_a_newer_versions_is_left_as_it_is(record):
    record.add(entry(NOW, 1))
    with sqlite3.connect(record.path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    before = record.path.read_bytes()
    record.add(entry(NOW + 1, 1))
    assert record.since(0) == []
    assert record.path.read_bytes() == before


def test_what_somebody_wrote_into_it_is_no_entry(record):
    record.add(entry(NOW, 1))
    with sqlite3.connect(record.path) as database:
        database.execute("INSERT INTO refreshes (at, plan, five_hour_used, five_hour_total) VALUES (1, 2, 'x', -1)")
        database.execute("INSERT INTO refreshes (at, five_hour_used, five_hour_total) VALUES (2, 1e999, 5)")
        database.execute(
            "INSERT INTO refreshes (at, weekly_used, weekly_total, weekly_resets_at) VALUES (3, 1, 5, 'x')"
        )
    database.close()
    assert [(each.at, each.windows) for each in record.since(0) if each.at < NOW] == [(3, (Window("weekly", 1, 5),))]


def test_a_link_in_its_place_is_not_written_through(record, tmp_path):
    record.path.parent.mkdir()
    target = tmp_path / "elsewhere"
    target.write_bytes(b"")
    record.path.symlink_to(target)
    with pytest.raises(StorageFailure, match=r"history\.db"):
        record.add(entry(NOW, 1))
    assert target.read_bytes() == b""


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
from making import NOW, entry
from codingplan_bar.fetch.history.record import Record
record = Record(Path({path!r}))
number = 0
while True:
    number += 1
    record.add(entry(NOW + number, number))
    if number == 5:
        print("writing", flush=True)
"""


def test_a_writer_that_is_killed_leaves_a_record_that_can_be_read_and_written(record):
    here = str(Path(__file__).parent)
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
        (NOW - 300 * n, "web", "intl", "Pro", n, 6000, None, n, 45_000, NOW, n, 90_000, NOW) for n in range(1, 105_120)
    ]
    with sqlite3.connect(record.path) as database:
        database.executemany(f"INSERT INTO refreshes VALUES ({', '.join('?' * 13)})", rows)
    database.close()
    assert record.path.stat().st_size < 15_000_000
    began = time.process_time()
    told = past.facts(record, NOW)
    assert time.process_time() - began < 0.2
    assert "spark" in told


class TestTheLastDay:
    def test_each_hour_has_its_highest_percent(self):
        entries = [entry(NOW - HOUR - 1, 600), entry(NOW - HOUR - 2, 1200), entry(NOW - 1, 60)]
        assert past.spark(entries, NOW) == ["-"] * 22 + ["20", "1"]

    def test_no_rounding_makes_a_nothing_or_an_all(self):
        entries = [
            entry(NOW - 1, 1),
            entry(NOW - HOUR - 1, 5999),
            entry(NOW - 2 * HOUR - 1, 0),
            entry(NOW - 3 * HOUR - 1, 9999),
        ]
        assert past.spark(entries, NOW)[-4:] == ["100", "0", "99", "1"]

    def test_what_is_older_or_of_the_future_is_not_in_it(self):
        assert set(past.spark([entry(NOW - 24 * HOUR - 1, 5), entry(NOW + MINUTE, 5)], NOW)) == {"-"}

    def test_without_a_record_there_is_no_line_and_no_flow(self, record):
        assert past.facts(record, NOW) == {"flow.five_hour": "- - - -"}

    def test_windows_without_the_five_hours_make_no_line(self, record):
        record.add(replace(entry(NOW, None), at=NOW))
        assert "spark" not in past.facts(record, NOW)
