"""Files that are replaced in one step, and a lock that goes with its process."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from support.machine import crowd

from codingplan_bar import paths, storage
from codingplan_bar.errors import StorageFailure

HOLDER = """
import sys, time
from pathlib import Path
from codingplan_bar import storage as store
with store.lock(Path(sys.argv[1])) as held:
    print(held, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder/file.json"


@pytest.fixture
def holder(path):
    """Another process that holds the lock."""
    command = [sys.executable, "-P", "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "True\n"
        yield process
        process.kill()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def mode(path):
    return path.stat().st_mode & 0o777


def test_what_was_written_is_read(path):
    storage.replace(path, "日本 text\n")
    assert paths.read(path) == "日本 text\n"


@pytest.mark.parametrize("durable", [True, False])
def test_nothing_but_the_file_is_left_behind(path, durable):
    for text in ("one", "two"):
        storage.replace(path, text, durable=durable)
    assert (names(path.parent), paths.read(path)) == (["file.json"], "two")


@pytest.mark.parametrize("durable", [True, False])
def test_no_descriptor_is_left_over_however_often_a_file_is_written(path, durable, open_files):
    before = open_files()
    for _ in range(3):
        storage.replace(path, "text", durable=durable)
    assert open_files() <= before


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_file_and_folder_are_the_users_alone_whatever_the_umask(path, umask):
    before = os.umask(umask)
    try:
        storage.make_folder(path.parent)
        storage.replace(path, "text")
    finally:
        os.umask(before)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_a_folder_that_others_could_read_becomes_the_users_alone(path):
    path.parent.mkdir(mode=0o755)
    storage.replace(path, "text")
    assert mode(path.parent) == 0o700


def test_a_folder_that_the_user_has_put_elsewhere_keeps_its_mode(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere").chmod(0o755)
    (tmp_path / "link").symlink_to("elsewhere")
    storage.replace(tmp_path / "link/file.json", "text")
    assert mode(tmp_path / "elsewhere") == 0o755


def test_half_a_surrogate_pair_is_written_as_a_question_mark(path):
    storage.replace(path, "a\ud800b")
    assert paths.read(path) == "a?b"


def test_a_reader_never_sees_a_part(path):
    texts = {letter * 200_000 for letter in "abc"}
    storage.replace(path, min(texts))
    seen, done = [], threading.Event()

    def look():
        while not done.is_set():
            seen.append(paths.read(path))

    reader = threading.Thread(target=look)
    reader.start()
    end = time.monotonic() + 30
    rounds = 0
    while rounds < 20 or (len(set(seen)) < 2 and time.monotonic() < end):  # a busy machine may let it wait for its turn
        for text in texts:
            storage.replace(path, text, durable=False)
        rounds += 1
    done.set()
    reader.join()
    assert set(seen) <= texts
    assert len(set(seen)) > 1


def test_a_disk_that_is_full_leaves_the_old_text_and_no_rubbish(path, monkeypatch, programs):
    """A file-size limit stands for the full disk: the kernel refuses the write in the same place."""
    storage.replace(path, "old")
    script = (
        "import resource, signal, sys; from pathlib import Path; from codingplan_bar import errors, storage as store\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: store.replace(Path(sys.argv[1]), 'n' * 5000)\n"
        "except errors.StorageFailure as error: print(error, error.where)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == f"Cannot write file.json: File too large. {path}\n"
    assert (names(path.parent), paths.read(path)) == (["file.json"], "old")


def test_a_place_that_cannot_be_written_is_told_by_its_name(tmp_path):
    (tmp_path / "folder").write_text("a file where the folder would be")
    with pytest.raises(StorageFailure, match=r"Cannot write file\.json: ") as caught:
        storage.replace(tmp_path / "folder/file.json", "text")
    assert caught.value.where == str(tmp_path / "folder/file.json")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x80" * 10])
def test_what_is_no_text_reads_as_nothing(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    assert paths.read(tmp_path / "file") is None


def test_what_is_not_there_reads_as_nothing(tmp_path):
    assert paths.read(tmp_path / "file") is None
    assert paths.read(tmp_path) is None


def test_a_secret_is_read_from_a_file_of_ones_own_alone(path, monkeypatch):
    storage.replace(path, "text")
    link = path.with_name("link")
    link.symlink_to(path)
    assert (paths.read(path), paths.read(link)) == ("text", None)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert paths.read(path) is None


def test_a_secret_is_read_from_no_pipe_and_no_folder(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert [paths.read(tmp_path / name) for name in ("pipe", ".", "none")] == [None] * 3


def test_what_is_put_aside_keeps_its_content(path):
    storage.replace(path, "rubbish")
    storage.put_aside(path)
    assert paths.read(path.with_name("file.json.unreadable")) == "rubbish"
    storage.put_aside(path)
    assert names(path.parent) == ["file.json.unreadable"]


def test_a_lock_is_held_by_one_process_alone(path, holder, programs):
    with storage.lock(path) as held:
        assert not held


def test_a_lock_goes_with_a_process_that_is_killed(path, holder, programs):
    holder.kill()
    with storage.lock(path, patience=10) as held:
        assert held


def test_a_lock_is_waited_for_as_long_as_it_is_worth(path, holder, programs):
    began = time.monotonic()
    with storage.lock(path, patience=0.2) as held:
        assert not held
    assert 0.2 <= time.monotonic() - began < 5 * crowd()


def test_a_lock_is_free_after_an_error(path):
    with pytest.raises(ZeroDivisionError), storage.lock(path):
        raise ZeroDivisionError
    with storage.lock(path) as held:
        assert held


def test_where_no_lock_can_be_had_the_work_goes_on(tmp_path):
    (tmp_path / "folder").write_text("a file where the folder would be")
    with storage.lock(tmp_path / "folder/refresh.lock") as held:
        assert held


def test_a_lock_is_no_way_to_another_file(tmp_path):
    (tmp_path / "refresh.lock").symlink_to(tmp_path / "other")
    with storage.lock(tmp_path / "refresh.lock") as held:
        assert held
    assert not (tmp_path / "other").exists()


# A file takes the place of another in one step: no signal leaves half of it, nor a second name of a whole one.

WRITER = """
import os, signal, sys
from pathlib import Path
from codingplan_bar import storage as whole_file

number, step, way, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
if way == "named":
    whole_file._named_at_last = whole_file._named_at_once

def strike(event, arguments):
    global step
    if event.startswith(("open", "os.", "fcntl.")):
        step -= 1
        if not step:
            os.kill(os.getpid(), number)

sys.addaudithook(strike)
whole_file.put(Path(folder) / "secret", b"new", durable=True)
step = 0
print("done")
"""
MOST_STEPS = 40
GENTLE = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


def written(folder, number, step, way):
    """How a writer ended that got a signal before one of its steps, and whether there was such a step."""
    command = [sys.executable, "-c", WRITER, str(int(number)), str(step), way, str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, timeout=60)
    return done.returncode, bool(done.stdout)


@pytest.fixture(params=["unnamed", "named"])
def way(request):
    """With no name before the file is whole, and as where the system cannot do that."""
    return request.param


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "secret").write_text("old")
    return tmp_path


@pytest.mark.parametrize("number", GENTLE, ids=lambda number: number.name)
def test_no_signal_leaves_anything_but_the_file(folder, way, number, programs):
    for step in range(1, MOST_STEPS):
        _, reached_the_end = written(folder, number, step, way)
        assert names(folder) == ["secret"]
        assert (folder / "secret").read_text() in {"old", "new"}
        if reached_the_end:
            break
    assert 4 < step < MOST_STEPS - 1


@pytest.mark.parametrize("number", GENTLE, ids=lambda number: number.name)
def test_a_signal_that_waited_is_obeyed_then(folder, way, number, programs):
    returncode, _ = written(folder, number, 3, way)
    assert returncode == (-number if number != signal.SIGINT else -signal.SIGINT)
    assert (folder / "secret").read_text() == "new"


def test_what_a_kill_leaves_goes_with_the_next_sweep_whatever_its_age(folder, way, programs):
    left = 0
    for step in range(1, MOST_STEPS):
        _, reached_the_end = written(folder, signal.SIGKILL, step, way)
        assert (folder / "secret").read_text() in {"old", "new"}
        left += len(names(folder)) - 1
        storage.sweep(folder)
        assert names(folder) == ["secret"]
        if reached_the_end:
            break
    assert 4 < step < MOST_STEPS - 1
    assert left >= 1


def test_nothing_has_a_name_before_it_is_whole(folder, monkeypatch):
    seen = []

    def fsync(handle, really=os.fsync):
        seen.append(names(folder))
        really(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    storage.put(folder / "secret", b"new", durable=True)
    assert seen == [["secret"]]
    assert (folder / "secret").read_bytes() == b"new"


def test_what_somebody_is_writing_is_left_alone(folder):
    path = folder / ".secret.1.ab.tmp"
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        storage.sweep(folder)
        assert path.exists()
    storage.sweep(folder)
    assert names(folder) == ["secret"]


def test_a_sweep_takes_old_files_also_where_there_are_no_locks(folder, monkeypatch):
    def flock(*_):
        raise OSError("no locks")

    monkeypatch.setattr(fcntl, "flock", flock)
    storage.put(folder / "secret", b"new", durable=True)
    for name, age in (("old", storage.LEFT_BEHIND + 1), ("new", 1)):
        path = folder / f".{name}.json.1.ab.tmp"
        path.write_text("half")
        os.utime(path, (time.time() - age,) * 2)
    storage.sweep(folder)
    storage.sweep(folder / "missing")
    assert names(folder) == [".new.json.1.ab.tmp", "secret"]


def test_a_sweep_follows_no_link_and_waits_for_no_pipe(folder):
    os.mkfifo(folder / ".pipe.tmp")
    (folder / ".link.tmp").symlink_to("secret")
    (folder / ".folder.tmp").mkdir()
    began = time.monotonic()
    storage.sweep(folder)
    assert time.monotonic() - began < 5 * crowd()
    assert names(folder) == [".folder.tmp", ".link.tmp", "secret"]


def test_a_sweep_between_two_steps_of_a_writer_costs_it_nothing(folder, monkeypatch):
    """Its new file has a name for a moment before it has a lock."""
    lock, swept = storage._lock, []

    def late(handle):
        if not swept:
            swept.append(True)
            storage.sweep(folder)
        lock(handle)

    monkeypatch.setattr(storage, "_lock", late)
    monkeypatch.setattr(storage, "_named_at_last", storage._named_at_once)
    storage.put(folder / "secret", b"new", durable=True)
    assert swept
    assert (names(folder), Path(folder / "secret").read_bytes()) == (["secret"], b"new")
