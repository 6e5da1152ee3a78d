"""Files that are replaced in one step, and a lock that goes with its process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest

from codingplan_bar import store
from codingplan_bar.errors import StorageFailure

HOLDER = """
import sys, time
from pathlib import Path
from codingplan_bar import store
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
    store.replace(path, "日本 text\n")
    assert store.read(path) == "日本 text\n"


@pytest.mark.parametrize("durable", [True, False])
def test_nothing_but_the_file_is_left_behind(path, durable):
    for text in ("one", "two"):
        store.replace(path, text, durable=durable)
    assert (names(path.parent), store.read(path)) == (["file.json"], "two")


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_file_and_folder_are_the_users_alone_whatever_the_umask(path, umask):
    before = os.umask(umask)
    try:
        store.make_folder(path.parent)
        store.replace(path, "text")
    finally:
        os.umask(before)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_a_folder_that_others_could_read_becomes_the_users_alone(path):
    path.parent.mkdir(mode=0o755)
    store.replace(path, "text")
    assert mode(path.parent) == 0o700


def test_a_folder_that_the_user_has_put_elsewhere_keeps_its_mode(tmp_path):
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (tmp_path / "link").symlink_to("elsewhere")
    store.replace(tmp_path / "link/file.json", "text")
    assert mode(tmp_path / "elsewhere") == 0o755


def test_half_a_surrogate_pair_is_written_as_a_question_mark(path):
    store.replace(path, "a\ud800b")
    assert store.read(path) == "a?b"


def test_a_reader_never_sees_a_part(path):
    texts = {letter * 200_000 for letter in "abc"}
    store.replace(path, min(texts))
    seen, done = [], threading.Event()

    def look():
        while not done.is_set():
            seen.append(store.read(path))

    reader = threading.Thread(target=look)
    reader.start()
    for _ in range(20):
        for text in texts:
            store.replace(path, text, durable=False)
    done.set()
    reader.join()
    assert set(seen) <= texts
    assert len(set(seen)) > 1


def test_a_disk_that_is_full_leaves_the_old_text_and_no_rubbish(path, monkeypatch):
    """A file-size limit stands for the full disk: the kernel refuses the write in the same place."""
    store.replace(path, "old")
    script = (
        "import resource, signal, sys; from pathlib import Path; from codingplan_bar import errors, store\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: store.replace(Path(sys.argv[1]), 'n' * 5000)\n"
        "except errors.StorageFailure as error: print(error, error.where)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == f"Cannot write file.json: File too large. {path}\n"
    assert (names(path.parent), store.read(path)) == (["file.json"], "old")


def test_a_place_that_cannot_be_written_is_told_by_its_name(tmp_path):
    (tmp_path / "folder").write_text("a file where the folder would be")
    with pytest.raises(StorageFailure, match=r"Cannot write file\.json: ") as caught:
        store.replace(tmp_path / "folder/file.json", "text")
    assert caught.value.where == str(tmp_path / "folder/file.json")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x80" * 10])
def test_what_is_no_text_reads_as_nothing(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    assert store.read(tmp_path / "file") is None


def test_what_is_not_there_reads_as_nothing(tmp_path):
    assert store.read(tmp_path / "file") is None
    assert store.read(tmp_path) is None


def test_a_secret_is_read_from_a_file_of_ones_own_alone(path, monkeypatch):
    store.replace(path, "text")
    link = path.with_name("link")
    link.symlink_to(path)
    assert (store.read_own(path), store.read_own(link)) == ("text", None)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert store.read_own(path) is None


def test_a_secret_is_read_from_no_pipe_and_no_folder(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert [store.read_own(tmp_path / name) for name in ("pipe", ".", "none")] == [None] * 3


def test_what_is_put_aside_keeps_its_content(path):
    store.replace(path, "rubbish")
    store.put_aside(path)
    assert store.read(path.with_name("file.json.unreadable")) == "rubbish"
    store.put_aside(path)
    assert names(path.parent) == ["file.json.unreadable"]


def test_what_killed_processes_left_is_swept_away_and_nothing_else(tmp_path):
    now = time.time()
    for name, age in (("old", 601), ("new", 1)):
        path = tmp_path / f".{name}.json.1.ab.tmp"
        path.write_text("half")
        os.utime(path, (now - age, now - age))
    (tmp_path / "snapshot.json").write_text("whole")
    os.utime(tmp_path / "snapshot.json", (0, 0))
    store.sweep(tmp_path, now)
    store.sweep(tmp_path / "missing", now)
    assert names(tmp_path) == [".new.json.1.ab.tmp", "snapshot.json"]


def test_a_lock_is_held_by_one_process_alone(path, holder):
    with store.lock(path) as held:
        assert not held


def test_a_lock_goes_with_a_process_that_is_killed(path, holder):
    holder.kill()
    with store.lock(path, patience=10) as held:
        assert held


def test_a_lock_is_waited_for_as_long_as_it_is_worth(path, holder):
    began = time.monotonic()
    with store.lock(path, patience=0.2) as held:
        assert not held
    assert 0.2 <= time.monotonic() - began < 5


def test_a_lock_is_free_after_an_error(path):
    with pytest.raises(ZeroDivisionError), store.lock(path):
        raise ZeroDivisionError
    with store.lock(path) as held:
        assert held


def test_where_no_lock_can_be_had_the_work_goes_on(tmp_path):
    (tmp_path / "folder").write_text("a file where the folder would be")
    with store.lock(tmp_path / "folder/refresh.lock") as held:
        assert held


def test_a_lock_is_no_way_to_another_file(tmp_path):
    (tmp_path / "refresh.lock").symlink_to(tmp_path / "other")
    with store.lock(tmp_path / "refresh.lock") as held:
        assert held
    assert not (tmp_path / "other").exists()
