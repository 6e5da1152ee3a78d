"""The forecast's rules, one by one: what it learns of and what not, when it speaks and when it takes back."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from support.records import DAY, DESK, EAST, HOUR, IDLE, MONDAY, TOTAL, WEEK, changed, places, zone

from codingplan_bar.history import forecast
from codingplan_bar.history.backtest import backtest
from codingplan_bar.history.forecast import SAY_LASTS, SAY_OUT, Outlook, foretell
from codingplan_bar.history.learned_rhythm import learn, pack, unpack
from codingplan_bar.history.record import Entry, by_account
from codingplan_bar.model import Packs, Window

POLL = 900
OFFICE = [DESK] * 5 + [IDLE] * 2


def lived(share, weeks=4.0, shape=OFFICE, leaves_out=lambda at: False, reset=MONDAY):
    """The record of somebody who works the same each week, without any chance; what is left out was still worked."""
    each_hour = share * TOTAL / sum(map(sum, shape))
    used, at, ends, found = 0.0, reset, reset + WEEK, []
    while at < reset + weeks * WEEK:
        if at >= ends:
            ends, used = ends + WEEK, 0.0
        if not leaves_out(at):
            found.append(Entry(at, "web", "intl", "Pro", (Window("weekly", int(used), TOTAL, ends),)))
        hour = (at - MONDAY) // HOUR
        used = min(used + shape[hour // 24 % 7][hour % 24] * each_hour * POLL / HOUR, TOTAL)
        at += POLL
    return found


def week_of(entries, at=None, where=zone):
    """What an ordinary week costs, as a share of the total, as learned from the entries."""
    last = entries[-1].at if at is None else at
    return learn(entries, last, where).habits["weekly"].week((last + where(last)) // DAY).total / TOTAL


def outlooks(entries, where=zone):
    return [said.outlook for said in backtest(entries, where)]


def at_the_end(entries, **changed):
    """What is foretold at the last entry, with its window changed."""
    last = entries[-1]
    window = last.windows[0]._replace(**changed)
    return foretell(learn(entries, last.at, zone), window, last.at, None)


@pytest.mark.parametrize("seconds", [1, 60, 3_600])
def test_a_jump_of_a_user_who_was_hardly_watched_foretells_nothing(seconds):
    ends = MONDAY + WEEK
    entries = [
        Entry(ends - 2 * DAY - before, "web", "intl", "Pro", (Window("weekly", used, TOTAL, ends),))
        for before, used in ((seconds, 0.1 * TOTAL), (0, 0.89 * TOTAL))
    ]
    assert at_the_end(entries).outlook == "unknown"


def test_what_was_lived_is_what_is_expected():
    assert week_of(lived(0.8)) == pytest.approx(0.8, abs=0.02)


def test_hours_are_those_of_the_users_own_zone():
    entries = lived(0.8)
    rates = learn(entries, entries[-1].at, zone).habits["weekly"].week((entries[-1].at + EAST) // DAY).rates
    by_day = [sum(rates[day * 24 + 9 : day * 24 + 22]) for day in range(7)]
    assert min(by_day[:5]) > 0.15 * 0.8 * TOTAL
    assert sum(by_day) == pytest.approx(sum(rates), rel=0.05)


def test_a_gap_in_which_the_machine_slept_is_not_rest():
    """The record lacks whole days, over the resets too: the week is as it is."""
    asleep = lived(0.8, leaves_out=lambda at: 2 * WEEK - 3 * DAY < at - MONDAY < 2 * WEEK + 2 * DAY)
    assert week_of(asleep) == pytest.approx(0.8, abs=0.08)
    weeks_asleep = lived(0.8, weeks=6, leaves_out=lambda at: WEEK + DAY < at - MONDAY < 4 * WEEK + DAY)
    assert week_of(weeks_asleep) == pytest.approx(0.8, abs=0.12)


def test_the_time_after_a_window_was_used_up_is_not_rest():
    """Who needs 150 % stands still from Thursday on, and would not."""
    assert week_of(lived(1.5, weeks=5)) > 1.2


def test_with_an_extra_pack_the_work_goes_on_after_a_window_is_used_up():
    """Of five hours in a used-up month it is known what was spent, and that nothing was; without a pack it is not."""
    full = Window("monthly", 100, 100, MONDAY + 30 * DAY)
    hours = [Window("five_hour", 0 if at < 13 else at - 12, 1_000, MONDAY + 15 * HOUR) for at in range(11, 15)]
    for packs in (Packs(5, 20), None):
        entries = [
            Entry(MONDAY + (11 + hour) * HOUR, "web", "cn", "", (window, full), *CREDITS, packs)
            for hour, window in enumerate(hours)
        ]
        day = learn(entries, MONDAY + DAY, lambda _: 0).habits["five_hour"].days
        known = {hour for each in day.values() for hour, seconds in enumerate(each.known) if seconds}
        assert bool(known) == (packs is not None)


CREDITS = ("token-plan", "credits", "a" * 32)


def test_a_holiday_is_no_working_week():
    entries = lived(0.8, weeks=6)
    away = range(MONDAY + 3 * WEEK, MONDAY + 4 * WEEK)
    idle = [
        Entry(entry.at, "web", "intl", "Pro", (entry.windows[0]._replace(used=0),)) if entry.at in away else entry
        for entry in entries
    ]
    assert week_of(idle) == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize(("share", "said"), [(0.3, "lasts"), (0.8, "lasts"), (1.3, "runs_out")])
def test_from_the_second_week_on_it_is_said_what_comes(share, said):
    entries = lived(share, weeks=3)
    later = [each.outlook for each in outlooks(entries)[len(entries) // 2 :]]
    assert later.count(said) + later.count("used_up") > 0.95 * len(later)


def test_the_first_week_is_cautious():
    """The straight line says "out" of an office week of 80 % from Monday noon on."""
    assert "runs_out" not in {each.outlook for each in outlooks(lived(0.8, weeks=1))}


def told_in_time(entries):
    """Whether "runs out" is said from a day ahead on, without a break."""
    full = next(place for place, entry in enumerate(entries) if entry.windows[0].used >= TOTAL)
    late = range(full - DAY // POLL, full)
    return {said.outlook for said in outlooks(entries[:full])[late.start :]} == {"runs_out"}


@pytest.mark.parametrize("share", [1.1, 1.2])
def test_in_the_first_week_days_that_are_alike_make_it_surer(share):
    assert told_in_time(lived(share, weeks=1, shape=[[1.0] * 24] * 7, reset=MONDAY + 2 * DAY))


def test_in_the_first_week_days_that_differ_make_it_less_sure():
    """Of two users who have used as much by Saturday, one worked on two days alone."""
    alike, odd = ([shape] * 5 + [IDLE] * 2 for shape in (DESK, IDLE))
    odd[1] = odd[2] = DESK
    steady, sprints = (
        learn(entries, entries[-1].at, zone).habits["weekly"].week((entries[-1].at + EAST) // DAY)
        for entries in (lived(0.8, weeks=0.75, shape=shape) for shape in (alike, odd))
    )
    assert sprints.variance > 2 * steady.variance
    assert sprints.drift > 2 * steady.drift


@pytest.mark.parametrize("share", [0.8, 1.2])
def test_an_idle_weekend_in_the_first_week_says_little_of_the_working_days(share):
    """Who begins on a Friday, and is foretold on Monday morning."""
    assert week_of(lived(share, weeks=3.2 / 7, reset=MONDAY + 4 * DAY)) > 0.65 * share


def test_an_instant_has_a_range_around_it_and_both_lie_ahead():
    for entry, said in zip(entries := lived(1.2, weeks=3), outlooks(entries), strict=True):
        if said.outlook == "runs_out":
            assert entry.at <= said.earliest <= said.runs_out_at <= said.latest <= entry.windows[0].resets_at
            assert 0 < said.probability <= 1
        else:
            assert (said.runs_out_at, said.earliest, said.latest) == (None, None, None)


@pytest.mark.parametrize(
    ("whole", "shown", "said"),
    [
        (SAY_OUT, 0.72, "runs_out"),
        (SAY_OUT - 0.0004, 0.72, "unknown"),
        (SAY_LASTS, 0.14, "lasts"),
        (SAY_LASTS + 0.0004, 0.14, "unknown"),
        (0.00001, 0.005, "lasts"),
        (0.99999, 0.995, "runs_out"),
        (0.0, 0.005, "lasts"),
        (1.0, 0.995, "runs_out"),
    ],
)
def test_a_probability_is_rounded_after_it_has_spoken_and_is_never_certain_before_the_end(
    monkeypatch, whole, shown, said
):
    """Three digits are told; what is said goes by all of them. Only a window that is used up is certain."""
    made = SimpleNamespace(whole=whole, when=lambda share: MONDAY + 3 * WEEK + int(share * DAY))
    monkeypatch.setattr(forecast, "Fixed", lambda *_: made)
    found = at_the_end(lived(0.8, weeks=3))
    assert (found.outlook, found.probability) == (said, shown)


def test_the_range_holds_the_instant_of_a_user_without_chance():
    entries = lived(1.2, weeks=5)
    out = next(entry.at for entry in entries if entry.at > MONDAY + 4 * WEEK and entry.windows[0].used == TOTAL)
    last_day = [
        said
        for entry, said in zip(entries, outlooks(entries), strict=True)
        if out - DAY < entry.at < out and said.outlook == "runs_out"
    ]
    assert sum(said.earliest <= out <= said.latest for said in last_day) > 0.9 * len(last_day) > 0
    assert max(abs(said.runs_out_at - out) for said in last_day) < 3 * HOUR


def test_uncertainty_comes_from_how_much_the_past_varied():
    steady = lived(0.8, weeks=5)
    used, ends, odd = 0.0, 0, []
    for before, entry in zip([steady[0], *steady], steady, strict=False):
        window = entry.windows[0]
        if window.resets_at != ends:
            ends, used = window.resets_at, 0.0
        else:
            grown = window.used - before.windows[0].used
            used += grown * (0.2 if entry.at // DAY % 2 else 1.8)
        odd.append(entry._replace(windows=(window._replace(used=int(used)),)))
    day = (steady[-1].at + EAST) // DAY
    assert (
        learn(odd, odd[-1].at, zone).habits["weekly"].week(day).variance
        > 2 * learn(steady, steady[-1].at, zone).habits["weekly"].week(day).variance
    )


def test_what_was_said_is_taken_back_only_on_evidence():
    """Between the threshold to say and the one to take back, what is said depends on what was said."""
    entries = lived(0.8, weeks=3.4)
    now, window, rhythm = entries[-1].at, entries[-1].windows[0], learn(entries, entries[-1].at, zone)
    differing = 0
    for used in range(int(window.used), TOTAL, 200):
        asked = window._replace(used=used)
        after = {
            before: foretell(rhythm, asked, now, Outlook(before, until=window.resets_at)).outlook
            for before in ("lasts", "runs_out", "unknown")
        }
        differing += len(set(after.values())) > 1
        assert after["unknown"] in ("unknown", after["runs_out"], after["lasts"])
        assert (after["lasts"], after["runs_out"]) != ("runs_out", "lasts")
    assert differing > 5


def test_what_was_said_of_one_window_says_nothing_of_the_next():
    entries = lived(0.8, weeks=3.4)
    now, window, rhythm = entries[-1].at, entries[-1].windows[0], learn(entries, entries[-1].at, zone)
    for used in range(int(window.used), TOTAL, 200):
        asked = window._replace(used=used)
        of_another = Outlook("runs_out", until=window.resets_at - WEEK)
        assert foretell(rhythm, asked, now, of_another) == foretell(rhythm, asked, now, None)


def test_used_up_is_used_up():
    assert at_the_end(lived(0.8), used=TOTAL).outlook == "used_up"
    assert at_the_end(lived(0.8), used=TOTAL + 5).outlook == "used_up"


def test_nothing_is_said_of_a_window_whose_reset_has_passed_or_that_was_never_seen():
    entries = lived(0.8)
    assert at_the_end(entries, resets_at=entries[-1].at).outlook == "unknown"
    assert at_the_end(entries, name="monthly").outlook == "unknown"


def test_each_account_is_learned_by_itself():
    calm, busy = lived(0.3), [entry._replace(at=entry.at + 60, plan="Lite") for entry in lived(0.9)]
    mixed = sorted([*calm, *busy], key=lambda entry: entry.at)
    parts = by_account(mixed)
    assert parts == [calm, busy]
    assert [week_of(part) for part in parts] == pytest.approx([0.3, 0.9], abs=0.02)


def test_an_entry_that_names_no_account_goes_with_the_one_before_it():
    entries = [entry._replace(plan="") if place % 5 == 4 else entry for place, entry in enumerate(lived(0.8, weeks=1))]
    assert by_account(entries) == [entries]


def test_the_fingerprint_of_an_account_and_the_kind_of_the_plan_tell_entries_apart():
    whose = [{"account": "a"}, {"account": "b"}, {"kind": "token-plan", "account": "a"}]
    entries = [entry._replace(**whose[place % 3]) for place, entry in enumerate(lived(0.8, weeks=1))]
    assert [len(part) for part in by_account(entries)] == [224, 224, 224]


def sliding(an_hour, hours=8, total=6000, begin=9):
    """A day whose five hours were empty before `begin`, and are drawn on evenly from then on for so many hours."""
    spent, found = [], []
    for minute in range(0, 20 * 60, 10):
        now = MONDAY + minute * 60
        hour = minute / 60
        spent.append(an_hour / 6 if begin <= hour < begin + hours else 0.0)
        used = min(sum(spent[-30:]), total)
        found.append(Entry(now, "web", "intl", "Pro", (Window("five_hour", round(used), total),)))
    return found


def test_five_hours_that_are_drawn_on_too_fast_run_out():
    entries = sliding(2000)
    said = outlooks(entries)
    full = next(place for place, entry in enumerate(entries) if entry.windows[0].used >= 6000)
    before = [each.outlook for each in said[:full]]
    assert before[-1] == "runs_out"
    assert "runs_out" in before[full - 6 :]
    assert said[full].outlook == "used_up"


def test_five_hours_of_which_as_much_leaves_as_comes_in_last():
    """A hundred an hour for twelve hours stay at five hundred."""
    assert {each.outlook for each in outlooks(sliding(100, hours=12))[100:]} == {"lasts"}


def test_the_forecast_of_the_past_says_what_the_forecast_says():
    """The refresh will learn and foretell; `history --backtest` does the same entry by entry."""
    entries = lived(1.1, weeks=3.5)
    before = None
    for count, said in enumerate(outlooks(entries), 1):
        if count % 97 == 0:
            last = entries[count - 1]
            assert foretell(learn(entries[:count], last.at, zone), last.windows[0], last.at, before) == said
        before = said


def remembered(rhythm):
    return unpack(json.loads(json.dumps(pack(rhythm))), zone)


def test_a_rhythm_that_was_kept_says_what_one_learned_anew_says():
    """The refresh keeps it, and takes in one entry more each time."""
    entries = [
        entry._replace(windows=(*entry.windows, sliding(300)[place % 120].windows[0]))
        for place, entry in enumerate(lived(1.1, weeks=3.5))
    ]
    half = len(entries) // 2
    rhythm = remembered(learn(entries[:half], entries[half].at, zone))
    for place, entry in enumerate(entries[half:], half):
        if place % 97 == 0:
            rhythm = remembered(rhythm)
        rhythm.add(entry)
    anew = learn(entries, entries[-1].at, zone)
    assert pack(rhythm) == pack(anew)
    for window in entries[-1].windows:
        assert foretell(rhythm, window, entries[-1].at, None) == foretell(anew, window, entries[-1].at, None)


@pytest.mark.parametrize("value", [None, "x", [], {}, -5, 1e300, float("nan"), True, [[]], 7])
def test_what_was_kept_and_changed_by_somebody_is_a_rhythm_or_none(value):
    entries = lived(0.8, weeks=1.2)
    packed = pack(learn(entries, entries[-1].at, zone))
    later = entries[-1]._replace(at=entries[-1].at + POLL)
    for path in list(places(packed))[::7]:
        rhythm = unpack(changed(packed, path, value), zone)
        if rhythm:
            rhythm.add(later)
            assert foretell(rhythm, later.windows[0], later.at, None).outlook in ("lasts", "runs_out", "unknown")


@pytest.mark.parametrize("total", [0, 1e-300])
def test_a_kept_window_too_small_to_count_in_shares_of_it_is_none(total):
    entries = lived(0.8, weeks=1.2)
    packed = pack(learn(entries, entries[-1].at, zone))
    packed["habits"]["weekly"]["last"][2] = total
    assert unpack(packed, zone) is None
