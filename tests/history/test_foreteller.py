"""What a refresh foretells and keeps, whatever the file holds; what the record of the last day tells."""

from __future__ import annotations

import json
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.records import DAY, HOUR, MINUTE, NOW, Person, Sliding, changed, entry, places, zone

from codingplan_bar.bars.view import View
from codingplan_bar.bars.windows import OutlookFact
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.history.backtest import backtest
from codingplan_bar.history.forecast import KEEP_OUT, SAY_OUT
from codingplan_bar.history.record import Entry, Record
from codingplan_bar.history.summary import LONGEST_GAP, MOST_ACCOUNTS, SPAN, Flow, Foreteller, flow, today
from codingplan_bar.model import Plan, Problem, Snapshot, Window
from codingplan_bar.refresh.refresh import ClientAnswer
from codingplan_bar.refresh.store import Files

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
    return Foreteller(path, record, zone).outlooks(snapshot(entry))


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
def refreshed(tmp_path, chinas_time):
    """Refresh as the commands do, with everything but the provider's answer; gives what is foretold in the bars."""
    environ = {"HOME": str(tmp_path), "CODINGPLAN_BAR_NOTIFICATIONS": "false"}

    def refresh(entry):
        made = open_refresher(environ)
        asker = made.asker._replace(ask=lambda _: ClientAnswer(snapshot(entry)), now=lambda: entry.at)
        made.asker = asker
        assert made.refresh("always").error is None
        return View(made.publish(), entry.at, environ)

    return refresh


WAVERS = Person("office", 0.95, 7, weeks=4).entries()[::2]
SAID, HELD = 195, range(196, 202)
"""The reading at which it is said, and those at which so little speaks for it that it would not be, by itself."""


def test_a_refresh_takes_back_what_the_bars_say_only_on_evidence(refreshed, tmp_path):
    """The same numbers say nothing where nothing was said before: what was said is kept between two processes."""
    files = Files({"HOME": str(tmp_path)})
    record = Record(files.history)
    for each in WAVERS[:SAID]:
        record.add(each)
    shown = [refreshed(WAVERS[place]) for place in (SAID, *HELD)]
    assert {view.state for view in shown} == {"runs_out"}
    likely = [OutlookFact(view.facts["outlook.weekly"]).probability for view in shown]
    assert [each >= SAY_OUT for each in likely[:2]] == [True, False]
    assert min(likely) >= KEEP_OUT
    files.rhythm.unlink()
    assert refreshed(WAVERS[HELD[-1]]._replace(at=WAVERS[HELD[-1]].at + 60)).state == "ok"


def test_what_was_kept_is_not_learned_again(path):
    record = Recorded(PAST)
    for each in NEW[:3]:
        refresh(path, record, each)
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
    assert teller.outlooks(snapshot(NEW[0]))
    assert teller.outlooks(snapshot(NEW[0])._replace(fetched_at=NEW[0].at + 1)) == {}
    assert teller.outlooks(Snapshot(NEW[0].at, URL, error=Problem("network", "down"))) == {}


def test_a_process_that_stays_tells_what_another_one_foretold(path):
    record = Recorded(PAST)
    stays = Foreteller(path, record, zone)
    assert stays.outlooks(snapshot(NEW[0])) == {}
    refresh(path, record, NEW[0])
    assert stays.outlooks(snapshot(NEW[0]))


def test_a_failed_refresh_and_one_without_numbers_foretell_nothing(path):
    record = Recorded(PAST)
    Foreteller(path, record, zone).witness(Snapshot(5, URL, error=Problem("network", "down")))
    Foreteller(path, record, zone).witness(Snapshot(5, URL, "web", "intl", Plan("Pro")))
    assert not path.exists()


def test_each_account_has_a_rhythm_of_its_own_and_the_oldest_is_forgotten(path):
    calm = [entry._replace(plan="Lite", windows=(entry.windows[0]._replace(used=5),)) for entry in PAST]
    record = Recorded(sorted([*PAST, *calm], key=lambda entry: entry.at))
    lasting = NEW[0]._replace(plan="Lite", windows=(NEW[0].windows[0]._replace(used=5),))
    busy = refresh(path, record, NEW[0])
    assert refresh(path, record, lasting._replace(at=lasting.at + 60))["outlook.weekly"].startswith("lasts")
    for number in range(MOST_ACCOUNTS):
        refresh(path, record, NEW[1]._replace(plan=str(number), at=NEW[1].at + number))
    assert [each["account"][2] for each in json.loads(path.read_text())["accounts"]] == ["3", "2", "1", "0"]
    assert busy["outlook.weekly"].split(" ")[4] != "0.005"


def test_an_account_that_is_not_named_is_the_one_before(path):
    record = Recorded(PAST)
    refresh(path, record, NEW[0])
    refresh(path, record, NEW[1]._replace(plan=""))
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
        for fact in told.outlooks(snapshot(SHORT[-2])).values():
            assert OutlookFact(fact).outlook in ("lasts", "runs_out", "used_up", "unknown")
        told.witness(snapshot(SHORT[-1]))
        assert set(told.outlooks(snapshot(SHORT[-1]))) == {"outlook.weekly"}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "5", "null", "[" * 100_000, '{"version": 1}', '{"version": 2, "accounts": []}']
)
def test_a_file_of_something_else_is_none(path, text):
    path.write_text(text)
    assert refresh(path, Recorded(PAST), NEW[0])["outlook.weekly"]


def test_a_clock_that_went_back_learns_again(path):
    record = Recorded(PAST)
    refresh(path, record, NEW[9])
    back = NEW[0]._replace(at=NEW[0].at - HOUR)
    assert refresh(path, Recorded(PAST), back) == refresh(path.with_name("other.json"), Recorded(PAST), back)


# What the record of the last day tells: what leaves the five hours, and what was spent today; or nothing.


GRID = range(NOW - 10 * HOUR, NOW + 1, 5 * MINUTE)
"""A refresh every five minutes for ten hours."""
SPENDING = st.dictionaries(st.sampled_from(GRID[61:]), st.integers(1, 400), max_size=60)
"""Requests at the refreshes' own times, in the last five hours: nothing was in the window at the beginning."""


def steady(rate, hours, *, total=6000):
    """Somebody who asks for as much every five minutes, after a night without any."""
    begin = NOW - int(hours * HOUR)
    return Sliding({at: rate / 12 for at in GRID if at > begin}).readings(GRID, total)


def test_the_next_to_leave_are_the_first_that_came():
    found = flow(steady(600, 2), NOW)
    assert (found.falls_at, found.falls) == (NOW - 2 * HOUR + 5 * MINUTE + SPAN, pytest.approx(50))


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [entry(NOW, 10)],
        [entry(at, None) for at in GRID],
        [entry(at, 500) for at in GRID],
        [entry(at, 500 + n) for n, at in enumerate(GRID)],
    ],
    ids=["no record", "one reading", "no such window", "never empty", "never empty and growing"],
)
def test_of_a_thin_record_nothing_is_told(entries):
    assert flow(entries, NOW) == Flow()


def test_an_old_reading_tells_nothing_of_now():
    entries = steady(600, 2)
    assert flow(entries, NOW + LONGEST_GAP).falls
    assert flow(entries, NOW + LONGEST_GAP + 1) == Flow()


def test_a_gap_in_which_something_was_spent_ends_what_is_known():
    entries = steady(600, 3)
    holed = [each for each in entries if not NOW - 2 * HOUR < each.at < NOW - HOUR]
    assert flow(holed, NOW) == Flow()


def test_a_gap_in_which_nothing_was_spent_does_no_harm():
    spent = Sliding({at: 50 for at in GRID if at > NOW - HOUR} | {NOW - 4 * HOUR: 70})
    entries = [each for each in spent.readings(GRID) if not NOW - 3 * HOUR < each.at < NOW - 2 * HOUR]
    found = flow(entries, NOW)
    assert (found.falls_at, found.falls) == (NOW - 4 * HOUR + SPAN, 70)


def test_another_total_ends_what_is_known():
    entries = steady(600, 2)
    entries[-20:] = [entry(each.at, each.windows[0].used, 12_000) for each in entries[-20:]]
    assert flow(entries, NOW) == Flow()


def test_a_window_with_a_reset_of_its_own_empties_then():
    resets = NOW + 2 * HOUR
    entries = [entry(at, (at - GRID[0]) / 36, total=1500, resets_at=resets) for at in GRID]
    assert flow(entries, NOW) == Flow(resets, 1000)


@given(SPENDING)
def test_what_is_told_is_what_happens(spent):
    """With nothing more spent from now on, the named requests leave at the named time, and no others before."""
    window = Sliding(spent)
    found = flow(window.readings(GRID), NOW)
    if not spent:
        assert found.falls_at is None
        return
    assert window.used(found.falls_at - 1) == window.used(NOW)
    assert window.used(NOW) - window.used(found.falls_at) == pytest.approx(found.falls)


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 9000)), max_size=120), st.floats(0, 1e5))
def test_any_record_gives_numbers_that_can_be(readings, later):
    entries = [entry(NOW - 300 * n, used, total) for n, (used, total) in enumerate(readings)][::-1]
    found = flow(entries, NOW + later)
    assert (found.falls_at is None) == (found.falls is None)
    assert len(found.fact().split(" ")) == 2


MIDNIGHT = 1_795_449_600
"""Tuesday, 2026-11-24, 00:00 where these tests are, eight hours east of Greenwich."""
MONDAY = MIDNIGHT - 24 * HOUR


def week(at, used, begins=MONDAY):
    return Entry(at, "web", "intl", "Pro", (Window("weekly", used, 1000, begins + 7 * 24 * HOUR),))


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([week(MIDNIGHT - HOUR, 100), week(MIDNIGHT + 8 * HOUR, 109), week(MIDNIGHT + 9 * HOUR, 130)], "3 15"),
        ([week(MIDNIGHT - 1800, 100), week(MIDNIGHT + 1800, 130)], "3 15"),
        ([week(MIDNIGHT - HOUR, 100), week(MIDNIGHT + HOUR, 100)], "0 15"),
        ([week(MIDNIGHT + HOUR, 10, MIDNIGHT), week(MIDNIGHT + 9 * HOUR, 50, MIDNIGHT)], "5 14.29"),
        (
            [week(MIDNIGHT - 1800, 900, MIDNIGHT - 156 * HOUR), week(MIDNIGHT + 1800, 940, MIDNIGHT - 156 * HOUR)],
            "4 10",
        ),
        ([week(MIDNIGHT - 6 * HOUR, 100), week(MIDNIGHT + 8 * HOUR, 130), week(MIDNIGHT + 9 * HOUR, 140)], ""),
        ([week(MIDNIGHT + 3 * HOUR, 900)], ""),
        ([week(MIDNIGHT - HOUR, 900)], ""),
        ([], ""),
    ],
    ids=[
        *("some", "in an hour", "none yet", "began today", "ends today", "of either day", "yesterday unknown"),
        *("today unknown", "nothing"),
    ],
)
def test_what_was_spent_today_is_told_beside_an_even_share_of_what_was_left_this_morning(entries, told, chinas_time):
    found = today(entries, "weekly", MIDNIGHT + 10 * HOUR)
    assert found == (f"{told} {MIDNIGHT + 24 * HOUR}" if told else "")


@pytest.mark.parametrize(("days", "told"), [(31, "30 "), (30, ""), (29, "")])
def test_what_was_used_of_a_month_before_today_is_not_known_where_it_may_have_begun_yesterday(days, told, chinas_time):
    """A month has up to 31 days: one that ends in 30 may be a day old."""
    monthly = Window("monthly", 300, 1000, MIDNIGHT + days * 24 * HOUR)
    found = today([week(MIDNIGHT + HOUR, 1)._replace(windows=(monthly,))], "monthly", MIDNIGHT + 2 * HOUR)
    assert found.startswith(told)
    assert bool(found) == bool(told)


@pytest.mark.parametrize(
    ("earlier", "unit", "told"),
    [
        (Window("weekly", 10, 100, MONDAY + 7 * 24 * HOUR, in_percent=True), "credits", "3 15"),
        (Window("weekly", 4_500, 45_000, MONDAY + 7 * 24 * HOUR), "requests", "3 15"),
        (Window("weekly", 100, 500, MONDAY + 7 * 24 * HOUR), "credits", "3 15"),
    ],
    ids=["percent", "another unit", "a smaller plan"],
)
def test_what_was_spent_today_is_counted_in_the_unit_of_now_and_a_larger_plan_keeps_its_amounts(
    earlier, unit, told, chinas_time
):
    now = week(MIDNIGHT + 9 * HOUR, 130)._replace(unit="credits")
    morning = week(MIDNIGHT + 8 * HOUR, 100)._replace(unit="credits")
    entries = [now._replace(at=MIDNIGHT - HOUR, windows=(earlier,), unit=unit), morning, now]
    assert today(entries, "weekly", MIDNIGHT + 10 * HOUR) == f"{told} {MIDNIGHT + 24 * HOUR}"
