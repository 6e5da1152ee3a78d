"""What wakes a watcher, in a process of its own: signals are a process's own business."""

from __future__ import annotations

import errno
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from codingplan_bar.bars.watch import Folders, clock_handle, folders_of

SLEEPER = """
import fcntl, sys, time
if sys.argv[1] == "deaf":
    for name in [name for name in dir(fcntl) if name.startswith(("F_NOTIFY", "DN_"))]:
        delattr(fcntl, name)
from codingplan_bar.bars import watch
from codingplan_bar.bars.watch import Alarm
if sys.argv[1] == "driven":
    import os
    os.set_blocking(0, False)
    watch.clock_handle = lambda: 0
if sys.argv[1] == "deaf":
    real, path = time.time, sys.argv[3] + ".leap"
    time.time = lambda: real() + 3600 * os.path.exists(path)
    import os
alarm = Alarm(output=1)
while not alarm.ended:
    alarm.watch(sys.argv[3:])
    print("watching", flush=True)
    began = time.monotonic()
    alarm.sleep(float(sys.argv[2]))
    print(f"{'asked' if alarm.told_to_print else 'woken'} {time.monotonic() - began:.2f}", flush=True)
"""


class Sleeper:
    def __init__(self, kind, seconds, *files):
        command = [sys.executable, "-P", "-c", SLEEPER, kind, str(seconds), *map(str, files)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.expect("watching")
        self.settle()

    def settle(self):
        """Let it be told of all that has happened, until it sleeps again."""
        while select.select([self.process.stdout], [], [], 0.3)[0]:
            self.expect("")

    def expect(self, word):
        assert select.select([self.process.stdout], [], [], 40)[0], "it sleeps on"
        line = self.process.stdout.readline().decode()
        assert line.startswith(word), line
        return float(line.split()[1]) if " " in line else 0.0


@pytest.fixture
def sleeper():
    started = []

    def start(*arguments):
        started.append(Sleeper(*arguments))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.wait()
        each.process.stdout.close()
        each.process.stdin.close()


@pytest.fixture
def path(tmp_path):
    (tmp_path / "folder").mkdir()
    return tmp_path / "folder/file"


def changes(path):
    """Each way in which a file changes."""
    yield path.write_text("made")
    yield path.write_text("written to")
    (path.parent.parent / "new").write_text("put in its place")
    yield (path.parent.parent / "new").replace(path)
    yield shutil.rmtree(path.parent)
    path.parent.mkdir()
    yield path.write_text("made again")


@pytest.mark.parametrize("kind", ["told", "deaf"])
def test_every_change_of_a_file_wakes_it_whether_the_kernel_tells_or_not(sleeper, path, kind, programs):
    sleeping = sleeper(kind, 30, path)
    for _ in changes(path):
        assert sleeping.expect("woken") < 10
        sleeping.expect("watching")
        sleeping.settle()


def test_a_file_whose_folders_are_all_missing_is_seen_when_they_come(sleeper, tmp_path, programs):
    path = tmp_path / "a/b/c/file"
    sleeping = sleeper("told", 30, path)
    for folder in (tmp_path / "a", tmp_path / "a/b", tmp_path / "a/b/c"):
        folder.mkdir()
        sleeping.expect("woken")
        sleeping.expect("watching")
        sleeping.settle()
    path.write_text("made")
    assert sleeping.expect("woken") < 10


@pytest.mark.parametrize("kind", ["told", "deaf"])
def test_it_wakes_when_the_time_is_over(sleeper, path, kind, programs):
    assert sleeper(kind, 1.5, path).expect("woken") == pytest.approx(1.5, abs=0.4)


def test_a_change_between_the_look_and_the_sleep_is_not_missed(path, programs):
    script = (
        "import sys, time; from codingplan_bar.bars.watch import Alarm; alarm = Alarm(output=1)\n"
        "alarm.watch(sys.argv[1:]); open(sys.argv[1], 'w').close(); time.sleep(0.2)\n"
        "began = time.monotonic(); alarm.sleep(20); print(time.monotonic() - began)"
    )
    command = [sys.executable, "-P", "-c", script, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert float(done.stdout) < 5


def test_a_clock_that_the_kernel_says_was_set_wakes_it_at_once(sleeper, path, programs):
    sleeping = sleeper("driven", 30, path)
    sleeping.process.stdin.write(b"set")
    assert sleeping.expect("woken") < 10


def test_where_no_kernel_says_so_a_leap_of_the_clock_is_seen_within_two_seconds(sleeper, path, programs):
    sleeping = sleeper("deaf", 30, path)
    path.with_name("file.leap").touch()
    began = time.monotonic()
    sleeping.expect("woken")
    assert time.monotonic() - began < 8


def says_that_the_clock_was_set(handle):
    """Somebody may set the machine's clock just then."""
    try:
        os.read(handle, 8)
    except OSError as error:
        return error.errno == errno.ECANCELED
    return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="timerfd is Linux's")
def test_on_linux_the_kernel_is_asked_to_say_when_the_clock_is_set_and_costs_no_wake_up():
    handle = clock_handle()
    try:
        info = Path(f"/proc/self/fdinfo/{handle}").read_text()
        assert "settime flags: 03\n" in info  # absolute, and cancelled when the clock is set
        assert "clockid: 0\n" in info
        assert not os.get_inheritable(handle)
        assert select.select([handle], [], [], 0.2)[0] == [] or says_that_the_clock_was_set(handle)
    finally:
        os.close(handle)


@pytest.fixture
def _deaf():
    """A process that is told of changes and has nobody who listens would end."""
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGIO, before)


@pytest.mark.usefixtures("_deaf")
def test_no_descriptor_is_left_over_however_often_folders_come_and_go(tmp_path, open_files):
    before = open_files()
    folders = Folders()
    path = tmp_path / "folder/file"
    for _ in range(20):
        path.parent.mkdir()
        folders.watch([str(path)])
        path.parent.rmdir()
        path.parent.mkdir()
        folders.watch([str(path)])  # another folder in its place
        path.parent.rmdir()
        folders.watch([str(path)])
    folders.watch([])
    assert open_files() <= before


def test_of_the_folder_above_only_the_names_count(tmp_path):
    (tmp_path / "folder").mkdir()
    found = folders_of([str(tmp_path / "folder/file")])
    assert found == {str(tmp_path / "folder"): True, str(tmp_path): False}


def test_a_link_is_watched_at_both_of_its_ends(tmp_path):
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    (tmp_path / "here/file").symlink_to(tmp_path / "there/file")
    assert set(folders_of([str(tmp_path / "here/file")])) == {str(tmp_path / name) for name in ("", "here", "there")}
