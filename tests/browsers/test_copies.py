"""The copy of a store: whole, in memory, and without a name."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path

import pytest
from support.handmade.files import elsewhere, stranger
from support.handmade.home import CHROMIUM, FIREFOX, VISITED, Home, signed_in
from support.machine import crowd

from codingplan_bar.browsers import copies
from codingplan_bar.browsers.problems import StoreProblem
from codingplan_bar.transport.request import Deadline

COUNT = "SELECT count(*) FROM cookies"


@pytest.fixture(params=["in memory", "unnamed"])
def way(request, monkeypatch):
    """The second is for a SQLite that cannot be given a database as bytes."""
    if request.param == "unnamed":
        monkeypatch.setattr(copies, "CAN_DESERIALIZE", False)
    return request.param


def counted(home, seconds=2.0, query=COUNT):
    (store,) = home.stores()
    with copies.opened(store.path, Deadline(seconds)) as connection:
        return connection.execute(query).fetchone()[0]


def verdict(home, seconds=2.0, query=COUNT):
    with pytest.raises(StoreProblem) as raised:
        counted(home, seconds, query)
    assert home.left_behind() == []
    return raised.value.verdict


@pytest.mark.usefixtures("way")
def test_the_original_is_not_touched(home):
    path = home.chromium(VISITED)
    before = path.read_bytes(), path.stat().st_mtime_ns, sorted(path.parent.iterdir())
    assert counted(home) == 2
    assert (path.read_bytes(), path.stat().st_mtime_ns, sorted(path.parent.iterdir())) == before


@pytest.mark.usefixtures("way")
def test_what_has_been_written_to_the_wal_is_seen(home, programs):
    path = home.chromium(VISITED, journal="wal")
    with elsewhere(path, "PRAGMA wal_autocheckpoint = 0", f"DELETE FROM cookies WHERE host_key = '{VISITED[0].host}'"):
        assert path.with_name("Cookies-wal").stat().st_size > 0
        assert counted(home) == 1


@pytest.mark.usefixtures("way")
def test_another_process_may_hold_the_lock(home, programs):
    path = home.chromium(VISITED)
    began = time.monotonic()
    with elsewhere(path, "BEGIN EXCLUSIVE"):
        assert counted(home) == 2
    assert time.monotonic() - began < 2 * crowd()


@pytest.mark.usefixtures("way")
def test_what_is_half_written_is_undone_in_the_copy(home, tmp_path, programs):
    path = home.chromium([*VISITED, *signed_in()] * 500)
    with elsewhere(path, "PRAGMA cache_size = 2", "BEGIN", "DELETE FROM cookies WHERE name <> 'none'"):
        alone = shutil.copy(path, tmp_path / "alone")
        with contextlib.closing(sqlite3.connect(alone)) as connection, pytest.raises(sqlite3.DatabaseError):
            connection.execute(COUNT)
        assert counted(home) == 3000


@pytest.mark.usefixtures("way")
def test_a_store_that_is_written_all_the_time_is_busy(home, monkeypatch):
    home.chromium(VISITED)
    read = copies._read

    def read_meanwhile(path):
        content = read(path)
        os.utime(path)
        return content

    monkeypatch.setattr(copies, "_read", read_meanwhile)
    assert verdict(home, 0.3) == "busy"


@pytest.mark.usefixtures("way")
def test_a_file_of_the_future_is_not_waited_for(home):
    path = home.chromium(VISITED)
    os.utime(path, (time.time() + 86_400,) * 2)
    assert counted(home) == 2


@pytest.mark.usefixtures("way")
def test_what_is_no_database_is_broken(home):
    path = home.chromium(VISITED)
    path.write_bytes(b"this is not a database" * 100)
    assert verdict(home) == "broken"


@pytest.mark.usefixtures("way")
def test_a_damaged_database_is_broken(home):
    path = home.chromium([*VISITED, *signed_in()] * 50)
    content = bytearray(path.read_bytes())
    content[5_000:-100] = b"\xa5" * (len(content) - 5_100)
    path.write_bytes(content)
    assert verdict(home, query="SELECT group_concat(host_key) FROM cookies") == "broken"


@pytest.mark.usefixtures("way")
def test_a_store_that_goes_away_is_broken(home):
    path = home.chromium(VISITED)
    (store,) = home.stores()
    path.unlink()
    with pytest.raises(StoreProblem, match="broken"), copies.opened(store.path, Deadline(2)):
        pass


@pytest.mark.usefixtures("way")
def test_a_store_of_another_size_altogether_is_not_copied(home):
    path = home.chromium(VISITED)
    os.truncate(path, copies.LARGEST_STORE + 1)
    assert verdict(home) == "too_large"


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    "query",
    [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
        "SELECT count(*) FROM cookies a, cookies b, cookies c, cookies d, cookies e, cookies f, cookies g, cookies h",
    ],
)
def test_no_query_takes_longer_than_it_may(home, query):
    os.utime(home.chromium(VISITED * 20), (0, 0))
    began = time.monotonic()
    assert verdict(home, 1.0, query) == "too_slow"
    assert time.monotonic() - began < 4 * crowd()


@pytest.mark.usefixtures("way")
def test_a_value_of_gigabytes_is_refused(home):
    home.chromium(VISITED)
    assert verdict(home, query="SELECT zeroblob(500000000)") == "broken"


@pytest.mark.usefixtures("way")
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


@pytest.mark.usefixtures("way")
def test_what_a_killed_process_has_left_goes_with_the_next_sweep(home):
    """Earlier versions had a copy there; where SQLite must have a name, it is an empty file for a moment."""
    old, young = (home.runtime / f"{copies.PREFIX}{name}" for name in ("old", "young"))
    for folder in (old, young):
        folder.mkdir()
        (folder / "store").write_text("cookies")
    long_ago = time.time() - copies.LEFT_BEHIND - 1
    os.utime(old, (long_ago, long_ago))
    copies.sweep(home.environ, time.time())
    assert home.left_behind() == [young]


@pytest.mark.usefixtures("way")
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


@pytest.mark.usefixtures("way")
def test_hosts_are_told_by_whole_labels(home):
    home.chromium(VISITED)
    query = "SELECT group_concat(is_provider(value)) FROM json_each('{}')"
    hosts = '[".aliyun.com", "aliyun.com", "x.ALIYUN.com", "evil-aliyun.com", ".aliyun.com.evil.net", "", null, 5]'
    assert counted(home, query=query.format(hosts)) == "1,1,1,0,0,0,0,0"
