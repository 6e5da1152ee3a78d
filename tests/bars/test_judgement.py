"""One judgement: for each share used and each outlook, every voice says the same; no two disagree."""

from __future__ import annotations

import json
import re
from itertools import product

import pytest
from support.judging import printed
from support.scenes import FETCHED, OFFLINE, Scene, answer

from codingplan_bar.alerts.decide import Memory, Notices, decide
from codingplan_bar.bars.tones import COLORS, SIGNS, pieces
from codingplan_bar.commands.output import CALM, filled_part
from codingplan_bar.facts import LEVELS, level
from codingplan_bar.history.forecast import Outlook
from codingplan_bar.history.foreteller import Foretold
from codingplan_bar.words.en import WORDS as ENGLISH
from codingplan_bar.words.zh import WORDS as CHINESE

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


@pytest.mark.parametrize(("percent", "outlook"), SAID)
def test_every_voice_says_the_same(percent, outlook):
    said = voices(percent, outlook)
    assert said == dict.fromkeys(said, SAID[percent, outlook])


@pytest.mark.parametrize("one", SAID)
@pytest.mark.parametrize("other", SAID)
def test_the_state_of_two_windows_is_the_higher_level(one, other):
    (first, first_outlook), (second, second_outlook) = one, other
    told = {"outlook.weekly": OUTLOOKS[first_outlook], "outlook.monthly": OUTLOOKS[second_outlook]}
    past = {name: each.fact() for name, each in told.items() if each}
    view = Scene(answer(0, first * 50, second * 100), past=past).view()
    assert view.state == max(SAID[one], SAID[other], key=LEVELS.index)


@pytest.mark.parametrize("threshold", range(1, 101))
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


@pytest.mark.parametrize(("percent", "outlook"), SAID)
def test_what_is_old_is_stale_in_every_voice_and_a_failure_alone_changes_no_level(percent, outlook):
    old, failed = scene(percent, outlook, later=601), scene(percent, outlook, problem=OFFLINE)
    assert {old.view().state, json.loads(printed("waybar", old.view()))["alt"]} == {"stale"}
    assert {row["level"] for row in json.loads(printed("json", old.view()))["rows"]} == {None}
    assert failed.view().state == SAID[percent, outlook]
