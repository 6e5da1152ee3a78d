"""An upgrade from version 1: what it stored is shown and goes on, beside watchers of either version."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from support.world import NOW, World

from codingplan_bar import bars, facts
from codingplan_bar.bars.view import View
from codingplan_bar.bars.watch import Watcher, until_next_change
from codingplan_bar.model import Plan, Snapshot, Window
from codingplan_bar.refresh.compile import compile_facts
from codingplan_bar.settings.settings import Settings
from codingplan_bar.snapshot import loads

LEFT = Path(__file__).parent / "version_1"
OLD_FACTS = (LEFT / "bar.txt").read_text("utf-8")
OLD_SNAPSHOTS = (LEFT / "snapshots.jsonl").read_text("utf-8").splitlines()
ADDED = ("title", "kind", "unit", "window_names", "length.", "plan_alert", "renewal")


@pytest.fixture
def world(tmp_path):
    return World(tmp_path, environ={"TZ": "UTC"})


@pytest.mark.parametrize("bar", bars.BARS)
def test_the_facts_of_version_1_are_shown_as_those_of_this_version(bar):
    old = facts.loads(OLD_FACTS)
    past = {name: old[name] for name in ("made_at", "due", "flow.five_hour", "spark")}
    new = compile_facts(loads(OLD_SNAPSHOTS[0]), None, Settings(plan_alert=())) | past
    del new["kind"]  # of the old facts it is unknown, as is how early the end of the plan is told
    shown = [
        bars.render(bar, each, 1_795_400_060, {"TZ": "UTC"}) for each in (old, new | {"document": old["document"]})
    ]
    assert shown[0] == shown[1]
    assert "16" in shown[0]


def test_a_template_still_knows_an_absent_window_from_one_that_there_is_not():
    old = facts.loads(OLD_FACTS)
    del old["window.weekly"]
    view = View(old, 1_795_400_060, {})
    assert view.value("weekly.percent") == ""
    with pytest.raises(KeyError):
        view.value("yearly.percent")


class NoRefresher:
    """Starts nothing."""

    def ask(self, _):
        return 60.0

    def helped(self):
        pass

    def has_ended(self):
        return False


def test_a_running_bar_goes_on_through_an_upgrade_without_a_blank(world, monkeypatch):
    printed = []
    monkeypatch.setattr(bars, "write", printed.append)
    world.refresh()
    files, known = world.refresher().files, world.facts
    before = {name: fact for name, fact in known.items() if not name.startswith(ADDED)}
    files.facts.write_text(facts.dumps(before))
    watcher = Watcher("text", world.refresher().files.environ, NoRefresher())
    watcher.step(NOW + 1)
    world.refresh("always")
    watcher.step(NOW + 61, again=True)
    assert printed == ["wk 1%", "wk 2%"]


def test_a_stored_snapshot_of_version_1_is_shown_without_asking(world):
    old = json.loads(OLD_SNAPSHOTS[0])
    files = world.refresher().files
    files.folder.mkdir(parents=True)
    files.snapshot.write_text(OLD_SNAPSHOTS[0] + "\n")
    world.now = 1_795_400_060.0
    compiled = world.refresher().publish()
    assert world.asked == 0
    assert compiled["window.weekly"] == f"{old['windows']['weekly']['used']} 5000 1795900000"
    world.refresh()
    assert world.asked == 0, "its age counts as before"


HALF = Snapshot(
    int(NOW),
    "https://example.invalid/",
    "web",
    "intl",
    Plan("Pro", None, "token-plan"),
    (Window("five_hour", 37.25, 100, int(NOW) + 60, in_percent=True), Window("monthly", 3, 9)),
)


def test_a_watcher_of_version_1_can_read_the_facts_of_this_version():
    """It knows one first line, and of `window.NAME` three words: two amounts and a reset."""
    told = compile_facts(replace(HALF, error=None), None, Settings())
    text = facts.dumps(told)
    assert text.splitlines()[0] == OLD_FACTS.splitlines()[0]
    amounts = {name: fact.split(" ") for name, fact in told.items() if name.startswith("window.")}
    assert amounts == {"window.monthly": ["3", "9", "-"]}, "a share is no amount"
    old = facts.loads(OLD_FACTS)
    assert {name for name in old if not name.startswith(("window.", "start.", "flow.", "spark"))} <= {
        *told,
        *("environment", "inputs", "made_at", "due"),
    }


def test_a_share_alone_is_shown_without_an_amount():
    told = compile_facts(HALF, None, Settings()) | {"made_at": str(int(NOW)), "due": str(int(NOW) + 300)}
    view = View(told, NOW + 1, {"TZ": "UTC"})
    values = [view.value(f"five_hour.{name}") for name in ("percent", "used", "left", "total", "left_of")]
    assert values == ["37%", "", "", "", ""]
    assert view.value("monthly.left_of") == "6 of 9 credits left"
    assert until_next_change(told, NOW + 1) <= 60.05
