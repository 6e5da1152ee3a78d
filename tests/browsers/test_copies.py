"""The private copy: whole, for the user's eyes only, and gone afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import stat
import tempfile
import threading
import time
from pathlib import Path

import pytest
from handmade.cookies import VISITED, signed_in
from handmade.elsewhere import elsewhere
from handmade.home import CHROMIUM, FIREFOX, Home
from handmade.stranger import stranger

from codingplan_bar.fetch.browsers import copies
from codingplan_bar.fetch.browsers.verdicts import StoreProblem
from codingplan_bar.fetch.deadline import Deadline

COUNT = "SELECT count(*) FROM cookies"


def counted(home, seconds=2.0, query=COUNT):
    (store,) = home.stores()
    with copies.opened(store, home.environ, Deadline(seconds)) as connection:
        return connection.execute(query).fetchone()[0]


def verdict(home, seconds=2.0, query=COUNT):
    with pytest.raises(StoreProblem) as raised:
        counted(home, seconds, query)
    assert home.left_behind() == []
    return raised.value.verdict


def test_a_copy_is_the_users_alone_whatever_the_umask_says(home):
    home.firefox(signed_in())
    (store,) = home.stores()
    before = os.umask(0)
    try:
        with copies.copied(store, home.environ, Deadline(2)) as copy:
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (copy.parent, *copy.parent.iterdir())}
            assert modes.pop(copy.parent.name) == 0o700
            assert set(modes.values()) == {0o600}
    finally:
        os.umask(before)
    assert home.left_behind() == []


def test_it_is_gone_whatever_happens_meanwhile(home):
    home.chromium(VISITED)
    (store,) = home.stores()
    with pytest.raises(ZeroDivisionError), copies.copied(store, home.environ, Deadline(2)):
        _ = 1 / 0
    assert home.left_behind() == []


def test_without_a_place_in_memory_it_lies_where_temporary_files_do(home):
    home.chromium(VISITED)
    (store,) = home.stores()
    for runtime in ("", "relative", "/nonexistent"):
        home.environ["XDG_RUNTIME_DIR"] = runtime
        with copies.copied(store, home.environ, Deadline(2)) as copy:
            assert copy.parent.parent == Path(tempfile.gettempdir())
    assert not copy.parent.exists()


def test_the_original_is_not_touched(home):
    path = home.chromium(VISITED)
    before = path.read_bytes(), path.stat().st_mtime_ns, sorted(path.parent.iterdir())
    assert counted(home) == 2
    assert (path.read_bytes(), path.stat().st_mtime_ns, sorted(path.parent.iterdir())) == before


def test_what_has_been_written_to_the_wal_is_seen(home):
    path = home.chromium(VISITED, journal="wal")
    with elsewhere(path, "PRAGMA wal_autocheckpoint = 0", f"DELETE FROM cookies WHERE host_key = '{VISITED[0].host}'"):
        assert path.with_name("Cookies-wal").stat().st_size > 0
        assert counted(home) == 1


def test_another_process_may_hold_the_lock(home):
    path = home.chromium(VISITED)
    began = time.monotonic()
    with elsewhere(path, "BEGIN EXCLUSIVE"):
        assert counted(home) == 2
    assert time.monotonic() - began < 2


def test_what_is_half_written_is_undone_in_the_copy(home, tmp_path):
    path = home.chromium([*VISITED, *signed_in()] * 500)
    with elsewhere(path, "PRAGMA cache_size = 2", "BEGIN", "DELETE FROM cookies WHERE name <> 'none'"):
        alone = shutil.copy(path, tmp_path / "alone")
        with contextlib.closing(sqlite3.connect(alone)) as connection, pytest.raises(sqlite3.DatabaseError):
            connection.execute(COUNT)
        assert counted(home) == 3000


def test_a_store_that_is_written_all_the_time_is_busy(home):
    path = home.chromium(VISITED)
    ended = threading.Event()

    def write():
        while not ended.wait(0.002):
            os.utime(path)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert verdict(home, 0.3) == "busy"
    finally:
        ended.set()
        writer.join()


def test_a_file_of_the_future_is_not_waited_for(home):
    path = home.chromium(VISITED)
    os.utime(path, (time.time() + 86_400,) * 2)
    assert counted(home) == 2


def test_what_is_no_database_is_broken(home):
    path = home.chromium(VISITED)
    path.write_bytes(b"this is not a database" * 100)
    assert verdict(home) == "broken"


def test_a_damaged_database_is_broken(home):
    path = home.chromium([*VISITED, *signed_in()] * 50)
    content = bytearray(path.read_bytes())
    content[5_000:-100] = b"\xa5" * (len(content) - 5_100)
    path.write_bytes(content)
    assert verdict(home, query="SELECT group_concat(host_key) FROM cookies") == "broken"


def test_a_store_that_goes_away_is_broken(home):
    path = home.chromium(VISITED)
    (store,) = home.stores()
    path.unlink()
    with pytest.raises(StoreProblem, match="broken"), copies.opened(store, home.environ, Deadline(2)):
        pass


def test_a_store_of_another_size_altogether_is_not_copied(home):
    path = home.chromium(VISITED)
    os.truncate(path, copies.LARGEST_STORE + 1)
    assert verdict(home) == "too_large"


@pytest.mark.parametrize(
    "query",
    [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
        "SELECT count(*) FROM cookies a, cookies b, cookies c, cookies d, cookies e, cookies f, cookies g, cookies h",
    ],
)
def test_no_query_takes_longer_than_it_may(home, query):
    home.chromium(VISITED * 20)
    began = time.monotonic()
    assert verdict(home, 0.3, query) == "too_slow"
    assert time.monotonic() - began < 1.5


def test_a_value_of_gigabytes_is_refused(home):
    home.chromium(VISITED)
    assert verdict(home, query="SELECT zeroblob(500000000)") == "broken"


def test_a_store_that_nobody_may_read_is_told(tmp_path):
    folder = Path(tempfile.mkdtemp(prefix="cb-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        home = Home(folder)
        home.folder.chmod(0o755)
        home.environ["XDG_RUNTIME_DIR"] = ""
        path = home.chromium(VISITED)
        with stranger(path):
            assert home.verdicts() == [("Chromium", "Default", "no_access")]
        with stranger(home.folder / CHROMIUM):
            assert home.verdicts() == [("Chromium", "Default", "no_access")]
        home.firefox(VISITED)
        with stranger(home.folder / FIREFOX):
            assert home.verdicts("firefox") == [("Firefox", "default", "no_access")]
        with stranger(home.folder):
            assert home.verdicts() == []
    finally:
        shutil.rmtree(folder)


def test_what_a_killed_process_has_left_goes_with_the_next_search(home):
    old, young = (home.runtime / f"{copies.PREFIX}{name}" for name in ("old", "young"))
    for folder in (old, young):
        folder.mkdir()
        (folder / "store").write_text("cookies")
    long_ago = time.time() - copies.LEFT_BEHIND - 1
    os.utime(old, (long_ago, long_ago))
    copies.sweep(home.environ, time.time())
    assert home.left_behind() == [young]


def test_nothing_of_anybody_elses_is_swept(home):
    precious = home.folder / "precious"
    precious.mkdir()
    os.utime(precious, (0, 0))
    link, file = home.runtime / f"{copies.PREFIX}link", home.runtime / f"{copies.PREFIX}file"
    link.symlink_to(precious)
    file.touch()
    os.utime(file, (0, 0))
    os.utime(link, (0, 0), follow_symlinks=False)
    copies.sweep(home.environ, time.time())
    assert precious.exists()
    assert sorted(home.left_behind()) == [file, link]


def test_hosts_are_told_by_whole_labels(home):
    home.chromium(VISITED)
    query = "SELECT group_concat(is_provider(value)) FROM json_each('{}')"
    hosts = '[".aliyun.com", "aliyun.com", "x.ALIYUN.com", "evil-aliyun.com", ".aliyun.com.evil.net", "", null, 5]'
    assert counted(home, query=query.format(hosts)) == "1,1,1,0,0,0,0,0"
