"""A watcher as a bar starts it: it lives as long as the bar, says what is new, and lines of shell start it again."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest
from support.console import moods
from support.machine import crowd, until
from support.staging import Watching, certificate, console, home, is_line_of, shell

from codingplan_bar.bars import BARS

__all__ = ["certificate", "console", "home"]
"""Fixtures that are the same in other folders."""

BLOCKED = """
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
os.execv(sys.argv[1], sys.argv[1:])
"""


def switches(watching):
    """How often the kernel has let this process sleep so far."""
    status = Path(f"/proc/{watching.process.pid}/status").read_text()
    return int(status.split("voluntary_ctxt_switches:")[1].split()[0])


def settled(watching):
    """Let a watcher read all that it has been told of up to now."""
    before = -1
    while before != switches(watching):
        before = switches(watching)
        time.sleep(0.2)


@pytest.fixture
def start(home):
    """Starts watchers, each with its first line read; none outlives its test."""
    started = []

    def start(bar="text", *, first=True, **more):
        started.append(Watching(home, bar, **more))
        if first:
            assert started[-1].line()
        return started[-1]

    yield start
    for watching in started:
        watching.close()


@pytest.fixture
def fresh(home):
    """A home whose numbers are new, and at the beginning of a minute of their age."""
    home.run("refresh")
    return home


@pytest.mark.parametrize("bar", BARS)
def test_each_bar_gets_its_line_at_once_and_a_new_one_on_a_refresh(fresh, start, bar):
    watching = start(bar, first=False)
    first = watching.line()
    text = first if bar != "swiftbar" else first + "\n" + watching.line()
    assert text.startswith("~~~\n") is (bar == "swiftbar")
    assert is_line_of(bar, text.removeprefix("~~~\n").encode() + b"\n")
    fresh.age(10)
    assert watching.line()


OLD = re.compile(r"(?<!~)~ ")
"""The sign of old numbers, in front of a line; SwiftBar's stream has `~~~` between two."""
INTERVAL, LEFT = 300, 15
"""Seconds between two refreshes, and how long the numbers are still fresh when they stop coming."""


def test_every_bar_whose_refreshes_stop_goes_stale_by_itself_and_not_before(fresh, start):
    fresh.console.answer_quota = moods.server_error(503)
    due = int(time.time()) + LEFT
    fresh.age(2 * INTERVAL - LEFT)
    watchers = {bar: start(bar, first=False) for bar in BARS}
    for bar, watching in watchers.items():
        while (line := watching.line(60)) is not None and not OLD.search(line):
            """A line of numbers that are not old yet."""
        assert line is not None, bar
        assert time.time() >= due
    assert all(OLD.search(fresh.run(bar).stdout.decode()) for bar in BARS)


def test_a_refresh_by_any_process_is_shown_at_once_by_all(fresh, start):
    watchers = [start("text") for _ in range(3)]
    fresh.console.answer_quota = moods.counters(five_hour=(1, 2), weekly=None, monthly=None)
    assert fresh.run("fetch").returncode == 0
    assert [watching.line(5) for watching in watchers] == ["5h 50%"] * 3
    assert fresh.asked() == 2


def test_a_snapshot_that_another_program_has_put_there_is_shown(fresh, start):
    watching = start("json")
    document = {**fresh.stored, "windows": {}, "status": "active"}
    (fresh.cache / "new").write_text(json.dumps(document))
    (fresh.cache / "new").replace(fresh.cache / "snapshot.json")
    assert json.loads(watching.line())["state"] == "active"


def test_nothing_new_is_no_line_and_costs_no_time(fresh, start):
    watching = start("text")
    settled(watching)
    before = switches(watching)
    assert watching.line(3) is None
    assert switches(watching) - before <= 1
    assert watching.process.poll() is None


def test_a_signal_brings_the_line_again_at_once(fresh, start):
    watching = start("text", first=False)
    first = watching.line()
    for _ in range(3):
        watching.process.send_signal(signal.SIGUSR1)
        assert watching.line(5) == first


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_ends_it_silently_and_whoever_waits_sees_which(fresh, start, number):
    watching = start()
    watching.process.send_signal(number)
    assert watching.ends() == (-number, b"")


def test_whoever_ends_it_by_the_keyboard_wanted_that(fresh, start):
    watching = start()
    watching.process.send_signal(signal.SIGINT)
    assert watching.ends() == (0, b"")


def test_a_signal_ends_it_though_nobody_reads_what_it_wants_to_say(fresh, start):
    """The pipe is full, so that the watcher hangs in its print."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(writer, True)
    watching = start(first=False, stdout=writer)
    time.sleep(1)
    assert watching.process.poll() is None
    watching.process.terminate()
    assert watching.ends() == (-signal.SIGTERM, b"")
    os.close(reader)
    os.close(writer)


def test_a_hang_up_that_its_parent_ignores_is_ignored(fresh, start):
    watching = start(through=shell("trap '' HUP; exec \"$@\""))
    watching.process.send_signal(signal.SIGHUP)
    watching.process.send_signal(signal.SIGUSR1)
    assert watching.line(5)


def test_signals_that_its_parent_has_blocked_are_heard(fresh, start):
    watching = start(through=[sys.executable, "-c", BLOCKED])
    watching.process.send_signal(signal.SIGUSR1)
    assert watching.line(5)
    watching.process.terminate()
    assert watching.ends() == (-signal.SIGTERM, b"")


def test_a_bar_that_goes_away_ends_it_at_once_and_silently(fresh, start):
    watching = start()
    settled(watching)
    watching.process.stdout.close()
    began = time.monotonic()
    assert watching.ends() == (0, b"")
    assert time.monotonic() - began < 2 * crowd()


def test_a_bar_at_the_other_end_of_a_socket_that_goes_away_ends_it_too(fresh, programs):
    """tmux reads its jobs through one."""
    ours, theirs = socket.socketpair()
    watching = Watching(fresh, "tmux", stdout=theirs.fileno())
    theirs.close()
    ours.settimeout(20)
    assert ours.recv(4096).startswith(b"5h")
    ours.close()
    assert watching.ends() == (0, b"")
    watching.close()


def test_a_terminal_that_goes_away_ends_it_too(fresh, programs):
    ours, theirs = os.openpty()
    watching = Watching(fresh, "text", stdout=theirs, start_new_session=True)
    os.close(theirs)
    assert os.read(ours, 4096)
    os.close(ours)
    assert watching.ends() == (0, b"")
    watching.close()


def test_without_a_standard_output_there_is_no_bar(fresh, start):
    watching = start(first=False, through=shell('exec "$@" >&-'))
    assert watching.process.wait(20) == 0


def test_one_that_was_stopped_shows_what_is_new_when_it_goes_on(fresh, start):
    watching = start()
    watching.process.send_signal(signal.SIGSTOP)
    fresh.age(10)
    assert watching.line(0.5) is None
    watching.process.send_signal(signal.SIGCONT)
    assert watching.line(5) == "5h 10% · wk 20%"


def test_a_deleted_cache_does_not_end_it_and_is_asked_for_anew(fresh, start):
    watching = start("json")
    shutil.rmtree(fresh.cache)
    assert json.loads(watching.line())["snapshot"]["status"] == "ok"
    until(lambda: fresh.asked() == 2 and fresh.is_quiet(), "the second refresh")
    fresh.age(10)
    assert watching.line(5)


def test_a_cache_that_another_folder_is_put_in_the_place_of_is_watched_on(fresh, start):
    watching = start("json")
    settled(watching)
    fresh.cache.rename(fresh.cache.with_name("aside"))
    shutil.copytree(fresh.cache.with_name("aside"), fresh.cache)
    settled(watching)
    fresh.age(100)
    until(lambda: "20%" in (watching.line(5) or ""), "the new number")


def test_changed_settings_are_shown_at_once_though_there_was_no_folder_for_them(fresh, start):
    watching = start("text")
    fresh.configure('format = "minimal"')
    assert watching.line() == "mo 68%"
    fresh.configure('format = "minimal"\nshow = "remaining"')
    assert watching.line() == "mo 32% left"


def test_settings_behind_a_link_are_watched_where_they_are(fresh, start, tmp_path):
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / "dotfiles/plan.toml").write_text('format = "minimal"')
    fresh.config.parent.mkdir(parents=True)
    fresh.config.symlink_to(tmp_path / "dotfiles/plan.toml")
    watching = start("text")
    settled(watching)
    (tmp_path / "dotfiles/plan.toml").write_text('format = "compact"')
    assert watching.line().startswith("5h")


def test_wrong_settings_are_said_and_their_correction_is_shown(fresh, start):
    watching = start("json")
    fresh.configure("nonsense = 1")
    assert "nonsense" in watching.line()
    fresh.configure("")
    assert json.loads(watching.line())["state"] == "ok"


def test_with_nothing_stored_the_first_line_is_what_the_provider_says(home, start):
    assert start("text", first=False).line() == "5h 21% · wk 32% · mo 68%"
    assert home.asked() == 1


def test_several_watchers_on_an_empty_home_ask_once(home, start):
    watchers = [start("text", first=False) for _ in range(4)]
    assert len({watching.line() for watching in watchers}) == 1
    until(home.is_quiet, "the refresh to end")
    assert home.asked() == 1


def test_old_numbers_are_shown_as_old_and_then_asked_for(home, start):
    home.age(1000)
    watching = start("text", first=False)
    assert watching.line() == "~ 5h 10% · wk 20% (16 min ago)"
    assert watching.line() == "5h 21% · wk 32% · mo 68%"
    assert home.asked() == 1


def test_a_refresh_that_is_killed_is_not_the_end_of_it(home, start):
    """Its marker is still there, and its lock is not."""
    home.age(1000)
    marker = home.state / f"{home.facts.name}.asked"
    marker.touch()
    os.utime(marker, (time.time() - 40, time.time() - 40))
    watching = start("text")
    assert watching.line() == "5h 21% · wk 32% · mo 68%"


def spoil(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a file where a folder would be")


def test_where_nothing_can_be_stored_the_line_says_that_nobody_has_asked(home, start):
    spoil(home.folder / ".cache")
    spoil(home.folder / ".local")
    assert start("text", first=False).line() == "~ not asked yet"
    assert home.asked() == 0


def test_with_a_cache_that_cannot_be_written_the_next_place_serves(home, start):
    spoil(home.folder / ".cache")
    watching = start("text", first=False)
    assert watching.line() == "5h 21% · wk 32% · mo 68%"
    home.age(10)
    assert watching.line(5) == "5h 10% · wk 20%"


@pytest.mark.parametrize("content", [b"", b"codingplan-bar facts 1\nend\n", b"\xff" * 100])
def test_facts_that_are_not_as_they_should_be_are_made_anew(fresh, start, content):
    watching = start("text")
    fresh.facts.write_bytes(content)
    until(lambda: fresh.facts.read_bytes() != content, "other facts")
    fresh.age(10)
    assert watching.line(5) == "5h 10% · wk 20%"


def test_facts_whose_values_make_no_sense_are_made_anew(fresh, start):
    facts = fresh.facts
    text = facts.read_text()
    for wrong in ("interval x", "interval nan", "fetched_at 99999999999999999999", "due -"):
        key = wrong.split()[0]
        line = next(line for line in text.splitlines() if line.startswith(key + " "))
        facts.write_text(text.replace(line, wrong))
        watching = start("text", first=False)
        assert watching.line(), wrong
        watching.close()


# The lines of shell in integrations/ that start a watcher again, after whatever ended it alone.


INTEGRATIONS = Path(__file__).parents[2] / "integrations"
COMMAND = re.compile(r"^command=(until .*)$", re.MULTILINE)
LINES = {
    "i3blocks": COMMAND.search((INTEGRATIONS / "i3blocks/codingplan.conf").read_text())[1],
    "swiftbar": (INTEGRATIONS / "swiftbar/codingplan-stream.sh").read_text().splitlines()[-1],
}
ENDINGS = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL)


class Looped:
    """A bar's line of shell, and the watcher below it."""

    def __init__(self, home, line):
        environ = {**home.environ, "PATH": f"{sysconfig.get_path('scripts')}:/usr/bin:/bin"}
        self.shell = subprocess.Popen(["/bin/sh", "-c", line], env=environ, stdout=subprocess.PIPE, bufsize=0)
        self.shell.stdout.readline()

    def below(self):
        """The ids of what the shell waits for."""
        return {
            int(each) for each in Path(f"/proc/{self.shell.pid}/task/{self.shell.pid}/children").read_text().split()
        }

    def close(self):
        self.shell.kill()
        self.shell.wait()
        self.shell.stdout.close()


@pytest.fixture
def looped(home):
    home.run("refresh")
    started = []

    def start(line):
        started.append(Looped(home, line))
        return started[-1]

    yield start
    for each in started:
        each.close()


def is_watching(child):
    try:
        return b"--watch" in Path(f"/proc/{child}/cmdline").read_bytes()
    except OSError:
        return False


def test_each_line_waits_before_it_starts_another():
    assert all(
        line.startswith("until codingplan-bar ") and line.endswith("; do sleep 5; done") for line in LINES.values()
    )


@pytest.mark.parametrize("number", ENDINGS, ids=lambda number: number.name)
@pytest.mark.parametrize("bar", LINES)
def test_a_watcher_that_is_ended_alone_is_started_again(looped, bar, number):
    loop = looped(LINES[bar].replace("sleep 5", "sleep 0.2"))
    (first,) = loop.below()
    subprocess.run(["sh", "-c", f"kill -{int(number)} {first}"], check=True)
    until(lambda: any(map(is_watching, loop.below() - {first})), "another watcher")
    assert loop.shell.poll() is None


@pytest.mark.parametrize("bar", LINES)
def test_where_the_bar_has_gone_none_is_started_again(looped, bar):
    loop = looped(LINES[bar].replace("sleep 5", "sleep 0.2"))
    time.sleep(0.5)  # it sleeps by then
    loop.shell.stdout.close()
    assert loop.shell.wait(20) == 0
