"""What a watcher does each time that it wakes, with the clock and the refresher made up."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.scenes import CASES, LAST_DAY, Scene

import codingplan_bar
from codingplan_bar import bars
from codingplan_bar.bars.start_refresh import LONGEST_PAUSE, BackgroundRefresher, spawn, start
from codingplan_bar.bars.watch import LONGEST_SLEEP, Watcher, until_next_change
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.model import Plan, Snapshot, Window
from codingplan_bar.refresh.refresh import ClientAnswer, Refresher

NOW = 1_795_400_000.0


@dataclass
class Refreshes:
    """A refresher that only counts."""

    asked: list = field(default_factory=list)
    helps: int = 0
    ended: bool = False
    pause: float = 7.0

    def ask(self, now):
        self.asked.append(now)
        return self.pause

    def helped(self):
        self.helps += 1

    def has_ended(self):
        return self.ended


@dataclass
class Stage:
    """A home, and what is stored in it at a time of the test's own."""

    environ: dict

    def store(self, now, *, used=20, resets_at=None):
        windows = (Window("weekly", used, 100, resets_at),)
        latest = Snapshot(int(now), "https://example.invalid/", "web", "intl", Plan("Pro"), windows)
        refresher = open_refresher(self.environ)
        Refresher(
            refresher.files, refresher.asker._replace(ask=lambda _: ClientAnswer(latest), now=lambda: now)
        ).refresh("always")


@pytest.fixture
def stage(tmp_path):
    return Stage({"HOME": str(tmp_path), "TZ": "UTC"})


@pytest.fixture
def refreshes():
    return Refreshes()


@pytest.fixture
def watcher(stage, refreshes):
    return Watcher("text", stage.environ, refreshes)


@pytest.fixture
def printed(capfd):
    def printed():
        return capfd.readouterr().out.splitlines()

    return printed


def test_a_line_is_printed_once_however_often_it_is_looked(stage, watcher, printed):
    stage.store(NOW)
    for seconds in range(50):
        watcher.step(NOW + seconds)
    assert printed() == ["wk 20%"]


def test_what_is_new_is_printed(stage, watcher, printed):
    for used in (20, 20, 21):
        stage.store(NOW, used=used)
        watcher.step(NOW)
    assert printed() == ["wk 20%", "wk 21%"]


def test_a_signal_prints_the_line_in_any_case(stage, watcher, printed):
    stage.store(NOW)
    watcher.step(NOW)
    watcher.step(NOW, again=True)
    assert printed() == ["wk 20%"] * 2


def test_fresh_numbers_ask_for_nothing(stage, watcher, refreshes):
    stage.store(NOW)
    watcher.step(NOW + 299)
    assert (refreshes.asked, refreshes.helps) == ([], 1)


def test_numbers_that_are_due_are_shown_and_asked_for(stage, watcher, refreshes, printed):
    stage.store(NOW)
    pause = watcher.step(NOW + 301)
    assert printed() == ["wk 20%"]
    assert refreshes.asked == [NOW + 301]
    assert pause == refreshes.pause


def test_a_clock_that_was_set_back_is_a_reason_to_ask(stage, watcher, refreshes):
    stage.store(NOW)
    watcher.step(NOW - 86_400)
    assert refreshes.asked == [NOW - 86_400]


def test_after_a_sleep_the_numbers_are_old_at_once(stage, watcher, refreshes, printed):
    stage.store(NOW)
    watcher.step(NOW)
    watcher.step(NOW + 8 * 3_600)
    assert printed() == ["wk 20%", "~ wk 20% (8 h ago)"]
    assert refreshes.asked


def test_the_age_counts_minutes_and_not_seconds(stage, watcher, printed):
    stage.store(NOW)
    for second in range(600, 1200):
        watcher.step(NOW + second)
    assert printed() == ["wk 20%", *(f"~ wk 20% ({minute} min ago)" for minute in range(10, 20))]


def test_between_two_changes_it_sleeps(stage, watcher):
    stage.store(NOW, resets_at=int(NOW) + 90_017)
    assert watcher.step(NOW + 1) == pytest.approx(16, abs=0.1)
    assert watcher.step(NOW + 17.1) == pytest.approx(43, abs=0.1)


def test_with_nothing_stored_nothing_is_printed_and_it_is_asked_for(watcher, refreshes, printed):
    assert watcher.step(NOW) == refreshes.pause
    assert (printed(), refreshes.asked) == ([], [NOW])


def test_numbers_that_are_gone_stay_on_the_screen(stage, watcher, refreshes, printed):
    stage.store(NOW)
    watcher.step(NOW)
    for path in open_refresher(stage.environ).files.folder.iterdir():
        path.unlink()
    watcher.step(NOW + 700)
    assert printed() == ["wk 20%", "~ wk 20% (11 min ago)"]
    assert refreshes.asked == [NOW + 700]


def test_facts_that_make_no_sense_are_asked_for_anew_while_the_old_line_goes_on(stage, watcher, refreshes, printed):
    stage.store(NOW)
    watcher.step(NOW)
    path = open_refresher(stage.environ).files.facts
    path.write_text(path.read_text().replace("interval 300", "interval nan"))
    assert watcher.step(NOW + 700) > 1
    assert printed() == ["wk 20%", "~ wk 20% (11 min ago)"]
    assert len(refreshes.asked) == 1


def test_changed_settings_are_asked_for_while_the_old_line_stays(stage, watcher, refreshes, printed, tmp_path):
    stage.store(NOW)
    watcher.step(NOW)
    (tmp_path / ".config/codingplan-bar").mkdir(parents=True)
    (tmp_path / ".config/codingplan-bar/config.toml").write_text('icons = "emoji"')
    watcher.step(NOW + 1)
    assert (printed(), len(refreshes.asked)) == (["wk 20%"], 1)


def test_swiftbar_is_told_where_each_print_begins(stage, refreshes, printed):
    watcher = Watcher("swiftbar", stage.environ, refreshes)
    for used in (20, 21):
        stage.store(NOW, used=used)
        watcher.step(NOW)
    assert printed().count("~~~") == 2
    assert printed() == []


@pytest.mark.parametrize("bar", ["tmux", "polybar"])
def test_what_may_miss_a_line_is_told_it_once_more_a_second_later(stage, refreshes, printed, bar):
    watcher = Watcher(bar, stage.environ, refreshes)
    stage.store(NOW)
    assert watcher.step(NOW) < 1.2
    line = printed()
    assert watcher.step(NOW + 0.5) < 0.7
    assert printed() == []
    assert watcher.step(NOW + 1.2) > 5
    assert printed() == line
    watcher.step(NOW + 3)
    assert printed() == []


def test_a_user_who_has_travelled_sees_the_time_of_the_new_place(stage, refreshes, printed, monkeypatch, local_time):
    local_time("UTC0")
    watcher = Watcher("json", stage.environ, refreshes)
    stage.store(NOW, resets_at=int(NOW) + 7_200)
    watcher.step(NOW)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    watcher.step(NOW + 61)
    first, second = printed()
    assert "(04:13)" in first
    assert "(12:13)" in second


@given(
    st.floats(-100_000, 1_000_000),
    st.integers(60, 86_400),
    st.lists(st.integers(-10_000, 3_000_000), max_size=3),
    st.integers(-1000, 100_000),
)
def test_it_always_sleeps_a_while_and_never_longer_than_a_minute(age, interval, resets, due):
    facts = {"fetched_at": str(int(NOW - age)), "interval": str(interval), "due": str(int(NOW + due))}
    windows = {f"window.{number}": f"1 2 {int(NOW) + reset}" for number, reset in enumerate(resets)}
    pause = until_next_change({**facts, "made_at": facts["fetched_at"], **windows, "window.x": "1 2 -"}, NOW)
    assert 0 < pause <= LONGEST_SLEEP + 0.05
    if 0 < due < 60:
        assert pause <= due + 0.05


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("flow.five_hour", "{} 5"),
        ("outlook.weekly", "runs_out {} 1 99999999999 0.9 -"),
        ("outlook.five_hour", "runs_out 1 1 {} 0.9 -"),
        ("today.monthly", "3 14 {}"),
    ],
)
def test_what_was_foretold_is_looked_at_again_when_it_is_past(stage, name, fact):
    stage.store(NOW)
    facts = open_refresher(stage.environ).publish() | {"due": str(int(NOW) + 300), "made_at": str(int(NOW) - 9)}
    assert until_next_change({**facts, name: fact.format(int(NOW) + 7)}, NOW) == pytest.approx(7.05)
    assert until_next_change({**facts, name: fact.format(int(NOW) - 7)}, NOW) > 7.05


def test_the_end_of_the_plan_is_looked_at_when_it_comes(stage):
    stage.store(NOW)
    facts = open_refresher(stage.environ).publish() | {"due": str(int(NOW) + 300), "made_at": str(int(NOW) - 9)}
    assert until_next_change({**facts, "expires_at": str(int(NOW) + 7)}, NOW) == pytest.approx(7.05)


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def starts(monkeypatch):
    """Which programs would have been started."""
    seen = []
    monkeypatch.setattr(os, "posix_spawn", lambda *command, **_: seen.append(command[1][-2:]) or 4_000_000)
    return seen


@pytest.fixture
def state(tmp_path):
    """The folder for what must last, as the first refresh has left it."""
    folder = tmp_path / ".local/state/codingplan-bar"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def environ(tmp_path):
    return {"HOME": str(tmp_path)}


@pytest.mark.usefixtures("state")
def test_of_many_bars_one_starts_the_refresh(environ, starts):
    for _ in range(5):
        start(time.time(), environ)
    assert starts == [["refresh", "--background"]]


@pytest.mark.usefixtures("state")
def test_bars_with_other_display_settings_start_one_of_their_own(environ, starts):
    for icons in ("none", "nerd", "none"):
        start(time.time(), {**environ, "CODINGPLAN_BAR_ICONS": icons})
    assert len(starts) == 2


@pytest.mark.parametrize("age", [31, -100, 10**6])
def test_a_marker_that_a_killed_refresh_left_or_that_lies_in_the_future_is_nobodys(state, environ, starts, age):
    (state / "bar.txt.asked").touch()
    os.utime(state / "bar.txt.asked", (time.time() - age, time.time() - age))
    for _ in range(3):
        start(time.time(), environ)
    assert len(starts) == 1


def test_a_marker_of_somebody_else_keeps_no_bar_from_asking(state, environ, starts, monkeypatch):
    """In a folder that others may write: its time lies where it never grows old, and only its owner may change it."""

    def refuse(_):
        raise PermissionError

    (state / "bar.txt.asked").touch()
    os.utime(state / "bar.txt.asked", (time.time() + 10**6, time.time() + 10**6))
    monkeypatch.setattr(os, "utime", refuse)
    start(time.time(), environ)
    assert len(starts) == 1


def test_where_no_marker_can_be_made_the_refresh_is_started_all_the_same(tmp_path, starts):
    (tmp_path / "file").touch()
    assert start(time.time(), {"HOME": str(tmp_path / "file")}) == 4_000_000


@pytest.mark.parametrize(("prints", "numbers"), [(False, [0, 1, 2]), (True, [0, 2])])
def test_what_runs_in_the_background_reads_and_complains_nowhere_and_prints_where_it_is_to(
    monkeypatch, prints, numbers
):
    actions = []
    monkeypatch.setattr(os, "posix_spawn", lambda *_, file_actions, **__: actions.extend(file_actions))
    spawn([], {}, prints=prints)
    assert [(number, path) for _, number, path, *_ in actions] == [(number, os.devnull) for number in numbers]


def test_a_machine_that_lets_no_process_be_started_is_no_error(environ, monkeypatch):
    def refuse(*_, **__):
        raise BlockingIOError

    monkeypatch.setattr(os, "posix_spawn", refuse)
    assert start(time.time(), environ) is None


def test_refreshes_that_bring_nothing_are_further_and_further_apart(environ, starts):
    clock = Clock()
    refresher = BackgroundRefresher(environ, clock)
    times = []
    for _ in range(3000):
        before = len(starts)
        refresher.ask(NOW)
        times += [clock.now - 1000] if len(starts) > before else []
        clock.now += 1
    assert times[:5] == [0, 2, 6, 14, 30]
    assert max(later - earlier for earlier, later in pairwise(times)) == LONGEST_PAUSE


def test_a_refresh_that_helped_lets_the_next_one_start_at_once(environ, starts):
    refresher = BackgroundRefresher(environ, Clock())
    for _ in range(3):
        refresher.ask(NOW)
        refresher.helped()
    assert len(starts) == 3


def test_a_refresher_knows_of_its_own_process_alone_when_it_has_ended(environ, programs):
    refresher = BackgroundRefresher(environ)
    other = os.posix_spawn("/bin/true", ["true"], {})
    refresher.ask(time.time())
    assert refresher._child != other
    seen = [refresher.has_ended()]
    while not seen[-1]:
        time.sleep(0.02)
        seen.append(refresher.has_ended())
    assert not refresher.has_ended()


UPGRADED = """
import json, shutil, sys
site, bar, given = *sys.argv[1:], json.load(sys.stdin)
sys.path.insert(0, site)
from codingplan_bar import bars
from codingplan_bar.bars import watch
watch.stand_by(bar)
shutil.rmtree(site)
json.dump([bars.render(bar, facts, now, {}) for facts, now in given], sys.stdout)
"""
"""A watcher's own process, whose package is gone by the time that there is something to say."""
OVER = [Scene(LAST_DAY, later=2 * 86_400, settings=f'language = "{name}"') for name in ("en", "zh")]


@pytest.mark.parametrize("bar", bars.BARS)
def test_a_running_watcher_says_all_that_there_is_to_say_while_its_files_are_replaced(bar, tmp_path, programs):
    shutil.copytree(Path(codingplan_bar.__file__).parent, tmp_path / "codingplan_bar")
    given = [(scene.facts, scene.snapshot.fetched_at + scene.later) for scene in (*CASES.values(), *OVER)]
    done = subprocess.run(
        [sys.executable, "-c", UPGRADED, str(tmp_path), bar],
        check=True,
        cwd="/",
        input=json.dumps(given),
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout) == [bars.render(bar, facts, now, {}) for facts, now in given]
    assert all(scene.view().facts["problem.code"] == "no_plan" for scene in OVER)
