"""How worried a bar is, how each window tells it in words, and that every voice says the same."""

from __future__ import annotations

import json
import re
from itertools import product

import pytest
from support.judging import printed
from support.rows import for_each
from support.scenes import ACTIVE, FETCHED, MONDAY, OFFLINE, Scene, answer, every_error, failure

from codingplan_bar.alerts.decide import Memory, Notices, decide
from codingplan_bar.bars import tooltip
from codingplan_bar.bars.adapters.json import render
from codingplan_bar.bars.signs_and_colors import COLORS, SIGNS, pieces
from codingplan_bar.bars.windows import Row, is_fact
from codingplan_bar.commands.output import CALM, filled_part
from codingplan_bar.facts import LEVELS, SIGNED_OUT, STATES, level
from codingplan_bar.history.forecast import Foretold, Outlook
from codingplan_bar.words.en import WORDS as ENGLISH
from codingplan_bar.words.zh import WORDS as CHINESE

INTERVAL = 300


@pytest.mark.parametrize(
    ("used", "state"),
    [
        (0, "ok"),
        (749, "ok"),
        (750, "warning"),
        (899, "warning"),
        (900, "critical"),
        (1_000, "critical"),
        (5_000, "critical"),
    ],
)
def test_the_state_is_that_of_the_share_used_each_threshold_included(used, state):
    assert Scene(answer(used, 0, 0)).view().state == state


@for_each("threshold", range(1, 101))
def test_a_threshold_of_whole_percents_is_reached_to_the_request(threshold):
    settings = f"thresholds = [{threshold}, 100]"
    reached, before = (Scene(answer(10 * threshold - missing, 0, 0), settings=settings) for missing in (0, 1))
    assert reached.view().state in {"warning", "critical"}
    assert before.view().state == "ok"


def test_an_exhausted_week_is_not_hidden_behind_idle_five_hours():
    view = Scene(answer(0, 5_000, 0)).view()
    assert (view.state, view.binding.name, view.percentage) == ("critical", "weekly", 100)


def test_only_the_windows_that_are_shown_worry():
    assert Scene(answer(0, 5_000, 0), settings='windows = ["five_hour"]').view().state == "ok"


def test_counting_down_worries_as_counting_up_does():
    assert Scene(answer(950, 0, 0), settings='show = "remaining"').view().state == "critical"


@pytest.mark.parametrize(
    ("later", "state"), [(-60, "ok"), (-61, "stale"), (2 * INTERVAL, "ok"), (2 * INTERVAL + 1, "stale")]
)
def test_numbers_are_stale_after_two_intervals_and_where_the_clock_went_back(later, state):
    assert Scene(later=later).view().state == state


def test_a_long_interval_keeps_no_number_alive_that_its_window_has_outlived():
    five_hours_alone = answer()._replace(windows=answer().windows[:1])
    view = Scene(five_hours_alone, later=6 * 3_600).view(interval="86400")
    assert (view.state, view.percentage) == ("stale", None)


@pytest.mark.parametrize("problem", every_error(), ids=lambda problem: problem.code)
def test_a_failure_makes_no_number_older_but_may_ask_for_a_sign_in(problem):
    is_signed_out = problem.code in SIGNED_OUT
    for later, state in ((2 * INTERVAL, "critical"), (2 * INTERVAL + 1, "stale")):
        view = Scene(answer(five_hour=1_000), problem, later=later).view()
        assert view.state == ("signed_out" if is_signed_out else state)
        assert any(problem.message in note for note in tooltip.note_lines(view))
        assert json.loads(render(view))["problem"]["code"] == problem.code
    assert Scene(ACTIVE, problem).view().state == ("signed_out" if is_signed_out else "active")


@pytest.mark.parametrize("problem", every_error(), ids=lambda problem: problem.code)
def test_a_failure_without_numbers_is_an_error_asks_for_a_sign_in_or_is_one_that_nobody_has_asked_yet(problem):
    view = Scene(failure(problem), later=10**6).view()
    others = {"not_asked": "stale", **dict.fromkeys(SIGNED_OUT, "signed_out")}
    assert view.state == others.get(problem.code, "error")
    assert (view.percentage, view.binding, view.rows) == (None, None, [])


def test_a_plan_without_counters_is_active_until_it_is_old():
    assert Scene(ACTIVE).view().state == "active"
    assert Scene(ACTIVE, later=3_600).view().state == "stale"
    assert Scene(ACTIVE, OFFLINE).view().state == "active"


def test_every_state_is_told_by_a_sign_and_by_no_colour_alone():
    assert set(SIGNS["nerd"]) == set(SIGNS["emoji"]) == {*STATES, "used_up"}
    assert set(COLORS) == set(STATES) - {"ok", "active"}
    assert set(SIGNS["none"]) == {*COLORS, "used_up"}
    for signs in SIGNS.values():
        told = {signs[tone] for tone in (*COLORS, "used_up")}
        assert len(told) == len(COLORS) + 1


# One window in words.


HOUR, DAY = 3_600, 86_400
THRESHOLDS = {"warning": "75", "critical": "90"}


def row(window: str = "210 1000 -", *, name: str = "five_hour", now: float = FETCHED + 60, show: str = "used") -> Row:
    facts = {f"window.{name}": window, "fetched_at": str(FETCHED), "show": show, **THRESHOLDS}
    return Row(name, facts, now, ENGLISH, is_fresh=False)


def test_the_five_hours_slide_and_have_no_countdown():
    assert row().value("reset") == "frees up within 5 h"
    assert row().value("reset_in") == row().value("reset_at") == ""


def test_the_five_hours_have_a_countdown_where_the_provider_names_a_time():
    counted = row(f"210 1000 {FETCHED + 2 * HOUR}", now=FETCHED)
    assert counted.value("reset") == "resets in 2 h (02:30)"


def test_a_fixed_window_without_a_reset_says_nothing_of_one():
    assert row("1 2 -", name="weekly").value("reset") == ""


def test_a_window_counts_down_to_its_reset():
    last_minute = row(f"210 5000 {MONDAY}", name="weekly", now=MONDAY - 30)
    assert last_minute.value("reset") == "resets in <1 min (Mon 00:00)"
    assert last_minute.value("percent") == "4%"


@pytest.mark.parametrize(
    ("name", "window", "end"),
    [
        ("weekly", f"5000 5000 {MONDAY}", MONDAY),
        ("weekly", "5000 5000 -", FETCHED + 7 * DAY),
        ("monthly", "5000 5000 -", FETCHED + 30 * DAY),
        ("five_hour", "1000 1000 -", FETCHED + 5 * HOUR),
        ("five_hour", f"1000 1000 {FETCHED + HOUR}", FETCHED + HOUR),
    ],
)
def test_a_number_is_known_until_its_window_is_reset_or_over_and_not_a_second_longer(name, window, end):
    before, after = row(window, name=name, now=end - 1), row(window, name=name, now=end)
    assert (before.percent, before.value("left_percent")) == (100, "0%")
    assert after.percent is None
    numbers = ("percent", "share", "used", "left", "left_of", "used_percent", "left_percent", "reset_in", "reset_at")
    assert {after.value(number) for number in numbers} == {"?"}
    assert after.value("reset").startswith("unknown since ")


def test_since_when_a_number_is_not_known_is_told_by_the_clock():
    assert row(name="weekly", window=f"1 2 {MONDAY}", now=MONDAY + 60).value("reset") == "unknown since 00:00"
    assert row(name="weekly", window=f"1 2 {MONDAY}", now=MONDAY + DAY).value("reset") == "unknown since Mon 00:00"


def test_an_unknown_number_has_neither_an_empty_nor_a_full_bar():
    unknown = row(now=FETCHED + DAY)
    assert unknown.value("bar") == "·" * 10
    assert row(now=FETCHED + DAY, show="remaining").value("bar:3") == "···"


def test_what_is_total_stays_known():
    assert row(now=FETCHED + DAY).value("total") == "1,000"


@pytest.mark.parametrize(
    ("window", "percent", "used", "left"),
    [
        ("0 1000 -", "0%", "0", "1,000"),
        ("1 90000 -", "<1%", "1", "89,999"),
        ("89999 90000 -", "99%", "89,999", "1"),
        ("1200 1000 -", "100%", "1,200", "0"),
        ("-5 1000 -", "0%", "0", "1,000"),
        ("0.5 1000 -", "<1%", "0.5", "999.5"),
        ("500000000000 1000000000000 -", "50%", "500,000,000,000", "500,000,000,000"),
        ("12 18446744073709551615 -", "<1%", "12", "no limit"),
        ("1e+300 1.5e+300 -", "67%", "1e+300", "no limit"),
        ("1.79e+308 1.79e+308 -", "100%", "1.79e+308", "no limit"),
    ],
)
def test_extreme_numbers_are_told_as_they_are(window, percent, used, left):
    found = row(window)
    assert found.value("percent") == percent
    assert (found.value("used"), found.value("left")) == (used, left)


def test_counting_down_turns_percent_and_bar_and_says_so():
    left = row("210 1000 -", show="remaining")
    assert (left.value("percent"), left.value("share"), left.value("bar:5")) == ("79%", "79% left", "▰▰▰▱▱")
    assert (left.value("used_percent"), left.value("left_percent"), left.value("used")) == ("21%", "79%", "210")
    assert left.percent == 21


def test_counting_down_nothing_is_left_only_at_the_end():
    assert row("999.9 1000 -", show="remaining").value("share") == "<1% left"
    assert row("0.1 1000 -", show="remaining").value("share") == "99% left"
    assert row("1000 1000 -", show="remaining").value("share") == "0% left"
    assert row("0 1000 -", show="remaining").value("bar") == "▰" * 10


@pytest.mark.parametrize(
    ("argument", "cells"),
    [
        ("bar", 10),
        ("bar:", 10),
        ("bar:1", 1),
        ("bar:40", 40),
        ("bar:41", 40),
        ("bar:0", 1),
        ("bar:x", 10),
        ("bar:²", 10),
    ],
)
def test_a_bar_has_as_many_cells_as_asked_for_within_reason(argument, cells):
    assert len(row().value(argument)) == cells
    assert is_fact(argument)


HUGE = [10**12 + 1, 2**63, 2**64 - 1, 10**300, 1e19, 1.7e308]


@pytest.mark.parametrize("total", HUGE)
@pytest.mark.parametrize(("words", "no_limit"), [(ENGLISH, "no limit"), (CHINESE, "不限量")])
def test_a_total_that_is_nobodys_quota_is_no_limit_and_its_share_is_shown(total, words, no_limit):
    facts = {"window.weekly": f"{total // 4 if isinstance(total, int) else total / 4} {total} -", "show": "used"}
    found = Row("weekly", {**facts, "fetched_at": str(FETCHED), **THRESHOLDS}, FETCHED, words, is_fresh=False)
    assert found.value("percent") == "25%"
    assert {found.value(fact) for fact in ("left", "total", "left_of")} == {no_limit}


@pytest.mark.parametrize("name", ["", "nonsense", "percent:3", "Percent", "bars"])
def test_a_fact_that_there_is_not_is_no_fact(name):
    assert not is_fact(name)
    with pytest.raises(KeyError):
        row().value(name)


# One judgement: for each share used and each outlook, every voice says the same; no two disagree.


AT = FETCHED + 86_400
OUTLOOKS = {
    "nothing": None,
    "unknown": Foretold(Outlook("unknown", probability=0.5)),
    "lasts": Foretold(Outlook("lasts", probability=0.05)),
    "runs_out": Foretold(Outlook("runs_out", AT, AT - 3_600, AT + 3_600, 0.9)),
}
SHARES = {
    0: "ok",
    40: "ok",
    74.98: "ok",
    75: "warning",
    89.98: "warning",
    90: "critical",
    99.98: "critical",
    100: "critical",
}
SAID = {
    (percent, outlook): "runs_out" if by_use == "ok" and outlook == "runs_out" else by_use
    for (percent, by_use), outlook in product(SHARES.items(), OUTLOOKS)
}
"""The level that is expected of each combination: what is used comes before what is foretold."""


def scene(percent, outlook, **more):
    told = OUTLOOKS[outlook]
    return Scene(answer(0, percent * 50, 0), past={"outlook.weekly": told.fact()} if told else {}, **more)


def voices(percent, outlook):
    """The level that each voice says, by the voice's name."""
    view, emoji = scene(percent, outlook).view(), scene(percent, outlook, settings='icons = "emoji"').view()
    chinese = scene(percent, outlook, settings='language = "zh"').view()
    waybar, document = json.loads(printed("waybar", view)), json.loads(printed("json", view))
    mark = next((tone for tone, _ in pieces(view.line) if tone), "ok")
    told = "critical" if mark == "used_up" else mark
    by_color = {shades[0]: state for state, shades in COLORS.items()} | {"": "ok", CALM: "ok"}
    by_color[COLORS["warning"][0]] = told if told in {"warning", "runs_out"} else "warning"  # one colour, two signs
    line = printed("polybar", view)
    colors = re.findall("#[0-9a-f]{6}", line)
    return {
        "state": view.state,
        "sign": meant(SIGNS["none"], view.text.split(" · ")[1]),
        "emoji": meant(SIGNS["emoji"], emoji.text.split(" · ")[1]),
        "mark": told,
        "word": {word: state for state, word in ENGLISH.items() if state in LEVELS}[view.title.split(" · ")[1]],
        "word in Chinese": {word: state for state, word in CHINESE.items() if state in LEVELS}[chinese.word],
        "class": waybar["class"][1],
        "icon": waybar["alt"],
        "colour of polybar": by_color[colors[0] if colors else ""],
        "colour of the row": by_color[filled(view)],
        "colour on light": view.state if view.color_on_light == COLORS.get(view.state, ("", ""))[1] else "",
        "i3status-rust": view.state if view.color in printed("i3status-rust", view) else "",
        "json": document["state"],
        "json, the row": next(row["level"] for row in document["rows"] if row["window"] == "weekly"),
        "alert": alerted(percent, outlook),
    }


def filled(view):
    """The colour of the week's bar in `status`, on a dark ground."""
    view.environ = {"COLORFGBG": "15;0"}
    told = filled_part(view, view.row("weekly"), "▰")
    return "#" + bytes(map(int, re.search(r"38;2;(\d+);(\d+);(\d+)m", told).groups())).hex()


def meant(signs, text):
    """The state whose sign the window's text begins with; that of ok may be none."""
    found = next((state for state, sign in signs.items() if text.startswith(sign + " ")), "ok")
    return "critical" if found == "used_up" else found


def alerted(percent, outlook):
    """The highest level that is told of a window that was calm before."""
    foretold = {"weekly": OUTLOOKS[outlook]} if OUTLOOKS[outlook] else {}
    _, alerts = decide(Memory(), answer(0, percent * 50, 0), Notices((75, 90)), foretold)
    kinds = ["critical" if alert.kind == "exhausted" else alert.kind for alert in alerts]
    return max(kinds, key=LEVELS.index, default="ok")


@for_each(("percent", "outlook"), SAID)
def test_every_voice_says_the_same(percent, outlook):
    said = voices(percent, outlook)
    assert said == dict.fromkeys(said, SAID[percent, outlook])


@for_each("one", SAID)
@for_each("other", SAID)
def test_the_state_of_two_windows_is_the_higher_level(one, other):
    (first, first_outlook), (second, second_outlook) = one, other
    told = {"outlook.weekly": OUTLOOKS[first_outlook], "outlook.monthly": OUTLOOKS[second_outlook]}
    past = {name: each.fact() for name, each in told.items() if each}
    view = Scene(answer(0, first * 50, second * 100), past=past).view()
    assert view.state == max(SAID[one], SAID[other], key=LEVELS.index)


@for_each("threshold", range(1, 101))
def test_the_bar_and_the_alert_cross_a_threshold_at_the_same_request(threshold):
    for used, total in (
        (threshold, 100),
        (threshold * 10, 1_000),
        (threshold * 10 - 1, 1_000),
        (threshold * 70, 7_000),
    ):
        share = Scene(answer(0, used * 5_000 / total, 0), settings=f"thresholds = [{threshold}, 100]").view()
        snapshot = answer(0, used * 5_000 / total, 0)
        _, alerts = decide(Memory(), snapshot, Notices((threshold, 100)))
        kinds = ["critical" if alert.kind == "exhausted" else alert.kind for alert in alerts]
        assert (kinds or ["ok"]) == [share.state]
        assert share.state == level(used, total, "", (threshold, 100))


@for_each(("percent", "outlook"), SAID)
def test_what_is_old_is_stale_in_every_voice_and_a_failure_alone_changes_no_level(percent, outlook):
    old, failed = scene(percent, outlook, later=601), scene(percent, outlook, problem=OFFLINE)
    assert {old.view().state, json.loads(printed("waybar", old.view()))["alt"]} == {"stale"}
    assert {row["level"] for row in json.loads(printed("json", old.view()))["rows"]} == {None}
    assert failed.view().state == SAID[percent, outlook]
