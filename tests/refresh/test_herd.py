"""Many bars at once, two plans in two bars, and a fetcher that is killed: one question, whole documents."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import threading
import time

import pytest
from support.console import moods
from support.console.account import TokenPlan
from support.copies import Copies
from support.machine import crowd, until
from support.staging import is_line_of, shell

from codingplan_bar import facts, snapshot
from codingplan_bar.bars import BARS
from codingplan_bar.refresh import schedule

HERD = 60
ROUNDS = int(os.environ.get("CODINGPLAN_BAR_TEST_ROUNDS", "3"))


def started_at_once(home, commands):
    """Start them all, then wait for all; gives each with its result."""
    processes = [(command, home.start(*command)) for command in commands]
    results = []
    for command, process in processes:
        out, error = process.communicate(timeout=60)
        results.append((command, process.returncode, out, error))
    return results


def bars(number):
    kinds = list(BARS)
    return [[kinds[turn % len(kinds)]] for turn in range(number)]


def check_lines(results):
    for (bar, *_), code, out, error in results:
        assert (code, error) == (0, b"")
        assert is_line_of(bar, out), (bar, out)


def test_sixty_bars_on_an_expired_snapshot_ask_once_a_round(home):
    for _ in range(ROUNDS):
        home.age(400)
        home.console.forget()
        check_lines(started_at_once(home, bars(HERD)))
        until(lambda: home.asked() and home.is_quiet(), "one refresh")
        assert home.asked() == 1
        assert home.console.refusals == []


def test_the_numbers_of_the_herds_one_question_are_what_all_show_next(home):
    home.age(400)
    started_at_once(home, bars(6))
    until(lambda: home.stored["windows"]["weekly"]["used"] != 20 and home.is_quiet(), "new numbers")
    assert b"wk 32%" in home.run("text").stdout
    assert home.asked() == 1


def test_bars_that_start_on_an_empty_home_ask_once_together(home):
    check_lines(started_at_once(home, bars(8)))
    assert home.asked() == 1


def test_bars_users_and_background_refreshes_together_ask_once(home):
    home.age(400)
    began = time.monotonic()
    results = started_at_once(home, [*bars(6), *[["refresh"]] * 2, *[["refresh", "--background"]] * 2])
    assert {code for _, code, _, _ in results} == {0}
    until(home.is_quiet, "the refresh to end")
    assert 1 <= home.asked() <= 1 + (time.monotonic() - began) // 5  # a machine that is too busy starts them apart


def test_bars_with_display_settings_of_their_own_share_the_question(home):
    home.age(400)
    settings = [{"CODINGPLAN_BAR_ICONS": name} for name in ("none", "nerd", "emoji")] * 2
    processes = [home.start("text", environ=each) for each in settings]
    signs = {process.communicate(timeout=60)[0].split(b"5h")[0].decode() for process in processes}
    assert signs == {"", "\uf0e4 ", "🟢 "}
    until(lambda: home.asked() and home.is_quiet(), "one refresh")
    assert home.asked() == 1


def test_a_steady_refresh_is_one_request(home):
    home.run("refresh")
    for _ in range(3):
        home.console.forget()
        home.run("fetch")
        assert [request.method for request in home.console.requests] == ["POST"]


def test_two_refreshes_within_five_seconds_are_one_and_fetch_always_asks(home):
    for command, expected in (("refresh", 1), ("refresh", 1), ("fetch", 2), ("refresh", 2), ("fetch", 3)):
        assert home.run(command).returncode == 0
        assert home.asked() == expected


def test_a_refresh_prints_nothing(home):
    done = home.run("refresh")
    assert (done.stdout, done.stderr) == (b"", b"")


@pytest.mark.parametrize(("stream", "closed"), [("stdin", "<&-"), ("stdout", ">&-"), ("stderr", "2>&-")])
def test_a_bar_whose_standard_stream_is_closed_ends_in_good_order(home, stream, closed):
    for _ in range(2):
        done = home.run("waybar", through=shell(f'exec "$@" {closed}'))
        assert (done.returncode, done.stderr) == (0, b"")
        assert (done.stdout == b"") is (stream == "stdout")
        assert not any(b"text" in path.read_bytes() for path in home.state.iterdir())


@pytest.mark.parametrize("cold", [True, False])
def test_a_bar_that_has_gone_before_its_line_came_is_no_error(home, cold):
    if not cold:
        home.run("waybar")
    with home.start("waybar") as process:
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == b""


def test_where_nothing_can_be_stored_no_bar_asks(home):
    for folder in (".cache", ".local"):
        (home.folder / folder).write_text("a file where a folder would be")
    for _ in range(2):
        done = home.run("text")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"~ not asked yet\n", b"")
    assert home.asked() == 0


def test_where_the_bars_own_file_is_in_the_way_they_show_new_numbers_all_the_same(home):
    home.age(400)
    home.facts.unlink()
    (home.facts / "in the way").mkdir(parents=True)
    assert home.run("text").stdout == b"5h 21% \xc2\xb7 wk 32% \xc2\xb7 mo 68%\n"
    assert home.run("text").stdout == b"5h 21% \xc2\xb7 wk 32% \xc2\xb7 mo 68%\n"
    assert home.asked() == 1


def test_fetch_says_what_kept_it_from_storing_and_prints_the_document_all_the_same(home):
    (home.cache.parent).mkdir()
    home.cache.write_text("in the way")
    (home.folder / ".local").write_text("in the way")
    done = home.run("fetch")
    assert done.returncode == 0
    assert b'"status":"ok"' in done.stdout
    assert b"Cannot write" in done.stderr
    assert str(home.folder).encode() not in done.stderr


# A fetcher that is killed: at random moments, and at every single step that it takes.


KILLS = int(os.environ.get("CODINGPLAN_BAR_TEST_KILLS", "200"))
MOST_STEPS = 200


class Reader:
    """Reads every document over and over, as bars do; keeps what could not be read."""

    def __init__(self, home):
        self.kinds = {
            home.cache / "snapshot.json": snapshot.loads,
            home.facts: self._facts,
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


# Two plans in two bars at once, end to end: the installed command on one home, each bar with its own plan.


NAMES = {"coding": "Coding Plan Pro", "token": "Token Plan Essential"}
QUOTA, USAGE = "queryCodingPlanInstanceInfoV2", "usage"
BESIDE = ["subscription", "quota-config", "summary"]
"""What is asked of a Token Plan that is new, beside its shares."""


@pytest.fixture
def both(home):
    """A home whose account has both plans."""
    home.console.token_plan = TokenPlan()
    yield home
    assert home.console.refusals == []


def asked(home):
    """What was asked of the plans since the last time."""
    names = [each.query.get("api", "") for each in home.console.requests if each.path == "/data/api.json"]
    home.console.forget()
    return sorted(name.rpartition("/")[2].rpartition(".")[2] for name in names)


def shown(line):
    """What a line for waybar says in all."""
    said = json.loads(line)
    return f"{said['text']}\n{said['tooltip']}"


@contextlib.contextmanager
def watchers(home):
    """A watcher for each plan, as waybar starts them; gives the file with what each prints."""
    files = {plan: home.folder / f"{plan}.out" for plan in NAMES}
    with contextlib.ExitStack() as stack:
        for plan, path in files.items():
            out = stack.enter_context(path.open("wb"))
            process = stack.enter_context(home.start("waybar", "--watch", "--plan", plan, stdout=out))
            stack.callback(process.terminate)
        yield files


def test_two_watchers_show_their_own_plans_by_the_requests_that_each_plan_takes(both):
    with watchers(both) as files:
        for plan, name in NAMES.items():
            until(lambda plan=plan, name=name: name in files[plan].read_text(), f"{name} in its bar")
        until(both.is_quiet, "the refreshes to end")
        assert asked(both) == sorted([QUOTA, USAGE, *BESIDE])
        before = {plan: path.read_text().count("\n") for plan, path in files.items()}
        both.console.token_plan = TokenPlan(shares={"1Month": 0.5})
        assert [both.run("fetch", "--plan", plan).returncode for plan in NAMES] == [0, 0]
        assert asked(both) == sorted([QUOTA, USAGE])
        until(lambda: all(path.read_text().count("\n") > before[plan] for plan, path in files.items()), "a line more")
        lines = {plan: list(map(shown, path.read_text().splitlines())) for plan, path in files.items()}
    assert "50%" in lines["token"][-1]
    for plan, name in NAMES.items():
        (other,) = set(NAMES.values()) - {name}
        assert name in lines[plan][-1]
        assert not any(other in line for line in lines[plan])


def test_two_plain_commands_show_their_own_plans_and_ask_no_more_while_the_numbers_are_fresh(both):
    for _ in range(2):
        for plan, name in NAMES.items():
            assert name in shown(both.run("waybar", "--plan", plan).stdout)
    assert asked(both) == sorted([QUOTA, USAGE, *BESIDE])


def test_a_429_of_one_plan_is_respected_by_both_commands(both):
    for plan in NAMES:
        both.run("waybar", "--plan", plan)
    both.console.answer_quota = moods.rate_limited(3_000)
    asked(both)
    both.run("fetch", "--plan", "coding")
    assert asked(both) == [QUOTA]
    for plan in NAMES:
        both.run("refresh", "--plan", plan)
    assert asked(both) == []
