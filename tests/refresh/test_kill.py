"""A fetcher that is killed: at random moments, and at every single step that it takes."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time

import pytest
from support.copies import Copies
from support.machine import crowd
from support.staging import is_line_of

from codingplan_bar import facts, snapshot
from codingplan_bar.refresh import schedule

KILLS = int(os.environ.get("CODINGPLAN_BAR_TEST_KILLS", "200"))
MOST_STEPS = 200


class Reader:
    """Reads every document over and over, as bars do; keeps what could not be read."""

    def __init__(self, home):
        self.kinds = {
            home.cache / "snapshot.json": snapshot.loads,
            home.cache / "bar.txt": self._facts,
            home.state / "waiting.json": lambda text: json.loads(text) and schedule.loads(text),
            home.state / "session.json": json.loads,
        }
        self.looks = 0
        self.torn = []
        self.seen = set()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()

    def _run(self):
        while not self._done.is_set():
            for path, read in self.kinds.items():
                self._look(path, read)
            time.sleep(0.003)

    def _look(self, path, read):
        self.looks += 1
        text = path.read_text("utf-8")
        try:
            read(text)
        except ValueError as error:
            self.torn.append((path.name, text, error))
        self.seen.add((path.name, hash(text)))

    @staticmethod
    def _facts(text):
        if facts.loads(text) is None:
            raise ValueError("half of the facts")


@pytest.fixture
def victims(home):
    assert home.run("fetch").returncode == 0
    environ = {name: value for name, value in home.environ.items() if not name.startswith("COVERAGE")}
    victims = Copies("refresh", environ)
    yield victims
    victims.close()


def seconds_of_one(victims):
    began = time.monotonic()
    victims.start()
    assert victims.ended() == 0
    return time.monotonic() - began


def half_written(home):
    return {path for folder in (home.cache, home.state) for path in folder.glob(".*.tmp")}


def is_in_order(home):
    """Whether the next refresh finds nothing in its way, and soon."""
    began = time.monotonic()
    done = home.run("fetch")
    return (
        done.returncode == 0 and json.loads(done.stdout)["status"] == "ok" and time.monotonic() - began < 15 * crowd()
    )


def test_a_fetcher_that_is_killed_at_any_moment_leaves_whole_documents_and_no_lock(home, victims):
    whole = min(seconds_of_one(victims) for _ in range(3))
    killed = tries = 0
    with Reader(home) as reader:
        while killed < KILLS:
            tries += 1
            assert tries < 10 * KILLS
            victim = victims.start()
            time.sleep(random.uniform(0, whole))
            os.kill(victim, signal.SIGKILL)
            killed += victims.ended() == -signal.SIGKILL
    assert reader.torn == []
    assert reader.looks > KILLS
    assert len({text for name, text in reader.seen if name == "snapshot.json"}) > 1
    assert is_in_order(home)


def test_a_fetcher_that_is_killed_before_any_one_of_its_steps_leaves_whole_documents_and_no_lock(home, victims):
    """Nor does it spoil what a bar shows; and what it left half-written is swept away by the next one."""
    left = set()
    with Reader(home) as reader:
        for step in range(1, MOST_STEPS):
            victims.start(signal.SIGKILL, step)
            if victims.ended() != -signal.SIGKILL:
                break
            left |= half_written(home)
            if step % 10 == 0:
                shown = home.run("text")
                assert (shown.returncode, shown.stderr) == (0, b"")
                assert is_line_of("text", shown.stdout)
    assert reader.torn == []
    assert 20 < step < MOST_STEPS - 1
    assert left
    assert is_in_order(home)
    assert half_written(home) == set()


def test_a_fetcher_that_is_stopped_holds_up_no_bar(home):
    home.age(400)
    home.console.answer_quota = lambda _: time.sleep(3) or home.console.count(_)
    with home.start("refresh", "--background") as stopped:
        while not home.asked():
            time.sleep(0.01)
        stopped.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        assert home.run("text").stdout == b"5h 10% \xc2\xb7 wk 20%\n"
        assert time.monotonic() - began < 5 * crowd()
        stopped.send_signal(signal.SIGCONT)
        assert stopped.wait(30) == 0
