"""What a refresh foretells and keeps: what the backtest says, refresh by refresh, whatever the file holds."""

from __future__ import annotations

import json
import stat
import time
from dataclasses import replace

import pytest
from support.records import DAY, HOUR, Person, changed, places, zone

from codingplan_bar.bars.row import OutlookFact
from codingplan_bar.bars.view import View
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.history.backtest import backtest
from codingplan_bar.history.forecast import KEEP_OUT, SAY_OUT
from codingplan_bar.history.foreteller import MOST_ACCOUNTS, Foreteller
from codingplan_bar.history.record import Record
from codingplan_bar.model import Plan, Problem, Snapshot
from codingplan_bar.refresh.files import Files
from codingplan_bar.refresh.refresh import ClientAnswer

URL = "https://example.invalid/"
ENTRIES = Person("office", 1.2, 0, weeks=4).entries()[::2]
PAST, NEW = ENTRIES[:-200], ENTRIES[-200:]


class Recorded(Record):
    """A record in memory: what has been witnessed so far."""

    def __init__(self, entries):
        self.entries = list(entries)
        self.asked_since = []

    def since(self, instant):
        self.asked_since.append(instant)
        return [entry for entry in self.entries if entry.at >= instant]


def snapshot(entry):
    return Snapshot(entry.at, URL, "web", "intl", Plan(entry.plan), entry.windows)


def refresh(path, record, entry):
    """One refresh by a process of its own; gives what the bars are told."""
    record.entries.append(entry)
    Foreteller(path, record, zone).witness(snapshot(entry))
    return Foreteller(path, record, zone).facts(snapshot(entry))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "rhythm.json"


def test_refreshes_foretell_what_the_backtest_says_and_take_nothing_back_that_it_does_not(path):
    record = Recorded(PAST)
    first, *_ = expected = [said.outlook for said in backtest(ENTRIES, zone)][-len(NEW) :]
    told = [OutlookFact(refresh(path, record, entry)["outlook.weekly"]) for entry in NEW]
    assert {said.outlook for said in expected} >= {"runs_out", "used_up"}
    said = [(each.outlook, each.runs_out_at, each.earliest, each.latest, each.probability) for each in told]
    assert said[1:] == [(e.outlook, e.runs_out_at, e.earliest, e.latest, e.probability) for e in expected[1:]]
    assert told[0].probability == first.probability


@pytest.fixture
def refreshed(tmp_path, monkeypatch):
    """Refresh as the commands do, with everything but the provider's answer; gives what is foretold in the bars."""
    monkeypatch.setenv("TZ", "CST-8")
    time.tzset()
    environ = {"HOME": str(tmp_path), "CODINGPLAN_BAR_NOTIFICATIONS": "false"}

    def refresh(entry):
        made = open_refresher(environ)
        asker = replace(made.asker, ask=lambda _: ClientAnswer(snapshot(entry)), now=lambda: entry.at)
        made.asker = asker
        assert made.refresh("always").error is None
        return View(made.publish(), entry.at, environ)

    yield refresh
    monkeypatch.undo()
    time.tzset()


WAVERS = Person("office", 0.95, 7, weeks=4).entries()[::2]
SAID, HELD = 195, range(196, 202)
"""The reading at which it is said, and those at which so little speaks for it that it would not be, by itself."""


def test_a_refresh_takes_back_what_the_bars_say_only_on_evidence(refreshed, tmp_path):
    """The same numbers say nothing where nothing was said before: what was said is kept between two processes."""
    files = Files({"HOME": str(tmp_path)})
    record = Record(files.history)
    for entry in WAVERS[:SAID]:
        record.add(entry)
    shown = [refreshed(WAVERS[place]) for place in (SAID, *HELD)]
    assert {view.state for view in shown} == {"runs_out"}
    likely = [OutlookFact(view.facts["outlook.weekly"]).probability for view in shown]
    assert [each >= SAY_OUT for each in likely[:2]] == [True, False]
    assert min(likely) >= KEEP_OUT
    files.rhythm.unlink()
    assert refreshed(replace(WAVERS[HELD[-1]], at=WAVERS[HELD[-1]].at + 60)).state == "ok"


def test_what_was_kept_is_not_learned_again(path):
    record = Recorded(PAST)
    for entry in NEW[:3]:
        refresh(path, record, entry)
    assert record.asked_since == [NEW[0].at - 70 * DAY, NEW[0].at + 1, NEW[1].at + 1]


def test_readings_that_another_version_recorded_in_between_are_taken_in(path):
    whole, holed = Recorded(PAST), Recorded(PAST)
    refresh(path, holed, NEW[0])
    holed.entries += NEW[1:50]
    told = refresh(path, holed, NEW[50])
    path.unlink()
    whole.entries += NEW[:50]
    assert told == refresh(path, whole, NEW[50])


def test_only_its_owner_can_read_it(path):
    refresh(path, Recorded(PAST), NEW[0])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_told_of_other_numbers_than_the_last(path):
    record = Recorded(PAST)
    refresh(path, record, NEW[0])
    teller = Foreteller(path, record, zone)
    assert teller.facts(snapshot(NEW[0]))
    assert teller.facts(replace(snapshot(NEW[0]), fetched_at=NEW[0].at + 1)) == {}
    assert teller.facts(Snapshot(NEW[0].at, URL, error=Problem("network", "down"))) == {}


def test_a_process_that_stays_tells_what_another_one_foretold(path):
    record = Recorded(PAST)
    stays = Foreteller(path, record, zone)
    assert stays.facts(snapshot(NEW[0])) == {}
    refresh(path, record, NEW[0])
    assert stays.facts(snapshot(NEW[0]))


def test_a_failed_refresh_and_one_without_numbers_foretell_nothing(path):
    record = Recorded(PAST)
    Foreteller(path, record, zone).witness(Snapshot(5, URL, error=Problem("network", "down")))
    Foreteller(path, record, zone).witness(Snapshot(5, URL, "web", "intl", Plan("Pro")))
    assert not path.exists()


def test_each_account_has_a_rhythm_of_its_own_and_the_oldest_is_forgotten(path):
    calm = [replace(entry, plan="Lite", windows=(replace(entry.windows[0], used=5),)) for entry in PAST]
    record = Recorded(sorted([*PAST, *calm], key=lambda entry: entry.at))
    lasting = replace(NEW[0], plan="Lite", windows=(replace(NEW[0].windows[0], used=5),))
    busy = refresh(path, record, NEW[0])
    assert refresh(path, record, replace(lasting, at=lasting.at + 60))["outlook.weekly"].startswith("lasts")
    for number in range(MOST_ACCOUNTS):
        refresh(path, record, replace(NEW[1], plan=str(number), at=NEW[1].at + number))
    assert [each["account"][2] for each in json.loads(path.read_text())["accounts"]] == ["3", "2", "1", "0"]
    assert busy["outlook.weekly"].split(" ")[4] != "0.005"


def test_an_account_that_is_not_named_is_the_one_before(path):
    record = Recorded(PAST)
    refresh(path, record, NEW[0])
    refresh(path, record, replace(NEW[1], plan=""))
    assert [each["account"] for each in json.loads(path.read_text())["accounts"]] == [["coding-plan", "", "Pro"]]


SHORT = ENTRIES[:60]


@pytest.mark.parametrize("value", [None, "x", [], {}, -5, 1e300, float("nan"), True, [[]], 7, 10**30])
def test_a_file_that_somebody_changed_is_worth_what_it_can_be_and_ends_no_refresh(path, value):
    record = Recorded(SHORT[:-2])
    refresh(path, record, SHORT[-2])
    good = json.loads(path.read_text())
    for place in [place for place in places(good) if len(place) < 5 or place[-1] in (0, 17, 48)]:
        path.write_text(json.dumps(changed(good, place, value)))
        told = Foreteller(path, Recorded(SHORT[:-1]), zone)
        for fact in told.facts(snapshot(SHORT[-2])).values():
            assert OutlookFact(fact).outlook in ("lasts", "runs_out", "used_up", "unknown")
        told.witness(snapshot(SHORT[-1]))
        assert set(told.facts(snapshot(SHORT[-1]))) == {"outlook.weekly"}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "5", "null", "[" * 100_000, '{"version": 1}', '{"version": 2, "accounts": []}']
)
def test_a_file_of_something_else_is_none(path, text):
    path.write_text(text)
    assert refresh(path, Recorded(PAST), NEW[0])["outlook.weekly"]


def test_a_clock_that_went_back_learns_again(path):
    record = Recorded(PAST)
    refresh(path, record, NEW[9])
    back = replace(NEW[0], at=NEW[0].at - HOUR)
    assert refresh(path, Recorded(PAST), back) == refresh(path.with_name("other.json"), Recorded(PAST), back)
