"""The copy of a store: whole, in memory, without a name; what lies beside it counts as SQLite would have it."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import time

import pytest
from support.handmade import CHROMIUM, FIREFOX, VISITED, elsewhere, signed_in, stranger
from support.machine import crowd

from codingplan_bar.browsers import sqlite_copy
from codingplan_bar.browsers.sqlite_copy import BESIDE, Parts
from codingplan_bar.browsers.verdicts import StoreProblem
from codingplan_bar.refresh.store import Files
from codingplan_bar.transport.request import Deadline

COUNT = "SELECT count(*) FROM cookies"


@pytest.fixture(params=["in memory", "unnamed"])
def way(request, monkeypatch):
    """The second is for a SQLite that cannot be given a database as bytes."""
    if request.param == "unnamed":
        monkeypatch.setattr(sqlite_copy, "CAN_DESERIALIZE", False)
    return request.param


def soon(seconds):
    """A deadline whose clock goes on by a hundredth of a second each time somebody looks at it, and ends after two."""
    return Deadline(seconds, (look / 100 for look in range(200)).__next__)


def counted(home, deadline=None, query=COUNT):
    (store,) = home.stores()
    with sqlite_copy.opened(store.path, deadline or Deadline(2.0)) as connection:
        return connection.execute(query).fetchone()[0]


def verdict(home, deadline=None, query=COUNT):
    with pytest.raises(StoreProblem) as raised:
        counted(home, deadline, query)
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
    read = sqlite_copy._read

    def read_meanwhile(path):
        content = read(path)
        os.utime(path)
        return content

    monkeypatch.setattr(sqlite_copy, "_read", read_meanwhile)
    assert verdict(home, soon(0.1)) == "busy"


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
    with pytest.raises(StoreProblem, match="broken"), sqlite_copy.opened(store.path, Deadline(2)):
        pass


@pytest.mark.usefixtures("way")
def test_a_store_of_another_size_altogether_is_not_copied(home):
    path = home.chromium(VISITED)
    os.truncate(path, sqlite_copy.LARGEST_STORE + 1)
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
    assert verdict(home, soon(1.0), query) == "too_slow"
    assert time.monotonic() - began < 4 * crowd()


@pytest.mark.usefixtures("way")
def test_a_value_of_gigabytes_is_refused(home):
    home.chromium(VISITED)
    assert verdict(home, query="SELECT zeroblob(500000000)") == "broken"


@pytest.mark.usefixtures("way")
def test_a_store_that_nobody_may_read_is_told(open_home):
    path = open_home.chromium(VISITED)
    with stranger(path):
        assert open_home.verdicts() == [("Chromium", "Default", "no_access")]
    with stranger(open_home.folder / CHROMIUM):
        assert open_home.verdicts() == [("Chromium", "Default", "no_access")]
    open_home.firefox(VISITED)
    with stranger(open_home.folder / FIREFOX):
        assert open_home.verdicts("firefox") == [("Firefox", "default", "no_access")]
    with stranger(open_home.folder):
        assert open_home.verdicts() == []


@pytest.mark.usefixtures("way")
def test_what_a_killed_process_has_left_goes_with_the_next_sweep(home):
    """Earlier versions had a copy there; where SQLite must have a name, it is an empty file for a moment."""
    old, young = (home.runtime / f"{sqlite_copy.PREFIX}{name}" for name in ("old", "young"))
    for folder in (old, young):
        folder.mkdir()
        (folder / "store").write_text("cookies")
    long_ago = time.time() - sqlite_copy.LEFT_BEHIND - 1
    os.utime(old, (long_ago, long_ago))
    Files(home.environ).sweep(time.time())
    assert home.left_behind() == [young]


@pytest.mark.usefixtures("way")
def test_nothing_of_anybody_elses_is_swept(home):
    precious = home.folder / "precious"
    precious.mkdir()
    os.utime(precious, (0, 0))
    link, file = home.runtime / f"{sqlite_copy.PREFIX}link", home.runtime / f"{sqlite_copy.PREFIX}file"
    link.symlink_to(precious)
    file.touch()
    os.utime(file, (0, 0))
    os.utime(link, (0, 0), follow_symlinks=False)
    Files(home.environ).sweep(time.time())
    assert precious.exists()
    assert sorted(home.left_behind()) == [file, link]


@pytest.mark.usefixtures("way")
def test_hosts_are_told_by_whole_labels(home):
    home.chromium(VISITED)
    query = "SELECT group_concat(is_provider(value)) FROM json_each('{}')"
    hosts = '[".aliyun.com", "aliyun.com", "x.ALIYUN.com", "evil-aliyun.com", ".aliyun.com.evil.net", "", null, 5]'
    assert counted(home, query=query.format(hosts)) == "1,1,1,0,0,0,0,0"


# What lies beside a database counts as SQLite itself would have it: SQLite is asked about the same three files.


LIMIT = 8 * 1024 * 1024
SPOILT = ("not at all", "cut", "a byte", "a tail of zeros", "emptied")


def by_sqlite(parts, folder):
    """The rows as SQLite reads the files, or its error."""
    for end, content in zip(BESIDE, parts, strict=True):
        path = folder / f"store{end}"
        path.unlink(missing_ok=True)
        if content:
            path.write_bytes(content)
    return rows_of(lambda: sqlite3.connect(folder / "store"))


def by_us(parts):
    def connected():
        connection, image = sqlite3.connect(":memory:"), sqlite_copy.whole(parts, Deadline(20), LIMIT)
        if image:
            connection.deserialize(image)
        return connection

    return rows_of(connected)


def rows_of(connect):
    with contextlib.closing(connect()) as connection:
        try:
            return connection.execute("SELECT i, b FROM t ORDER BY i, b").fetchall()
        except sqlite3.Error as error:
            return error.sqlite_errorcode


class Work:
    """A database that somebody works on, and that is looked at without asking."""

    def __init__(self, folder, chance, mode):
        self.path, self.chance = folder / "worked", chance
        self.connection = sqlite3.connect(self.path, isolation_level=None)
        size = chance.choice((512, 1024, 4096, 32768, 65536))
        for pragma in (f"page_size = {size}", f"journal_mode = {mode}", "cache_size = 2", "wal_autocheckpoint = 0"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute("CREATE TABLE t (i, b)")

    def transaction(self):
        self.connection.execute("BEGIN")
        for _ in range(self.chance.randrange(1, 6)):
            self.step()

    def step(self):
        number, length = self.chance.randrange(200), self.chance.randrange(3000)
        rows = [(number, self.chance.randbytes(length)) for _ in range(self.chance.randrange(1, 9))]
        statement = self.chance.choice(("INSERT", "INSERT", "DELETE", "UPDATE"))
        if statement == "INSERT":
            self.connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
        elif statement == "DELETE":
            self.connection.execute("DELETE FROM t WHERE i > ?", (number,))
        else:
            self.connection.execute("UPDATE t SET b = zeroblob(?) WHERE i < ?", (length, number))

    def parts(self):
        paths = [self.path.with_name(self.path.name + end) for end in BESIDE]
        return Parts(*(path.read_bytes() if path.exists() else b"" for path in paths))


def spoilt(content, how, chance):
    """As a machine that went down may leave it."""
    if not content or how == "not at all":
        return content
    at = chance.randrange(len(content))
    if how == "cut":
        return content[:at]
    if how == "emptied":
        return b"\0" * 28 + content[28:]
    changed = bytes((content[at] ^ 1 << chance.randrange(8),)) if how == "a byte" else bytes(len(content) - at)
    return content[:at] + changed + content[at + len(changed) :]


def worked(folder, chance, mode):
    """Some transactions, the last one unfinished; in a log, some of them on top of what was there before."""
    work = Work(folder, chance, mode)
    with contextlib.closing(work.connection):
        for _ in range(chance.randrange(1, 6)):
            work.transaction()
            work.connection.execute(chance.choice(("COMMIT", "COMMIT", "COMMIT", "ROLLBACK")))
            if chance.random() < 0.3:
                work.connection.execute(f"PRAGMA wal_checkpoint({chance.choice(('PASSIVE', 'FULL', 'RESTART'))})")
        if chance.random() < 0.8:
            work.transaction()
            for _ in range(12):
                work.step()
        parts = work.parts()
    work.path.unlink()
    return parts


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("mode", ["wal", "delete", "persist", "truncate"])
def test_the_rows_are_those_that_sqlite_sees(tmp_path, mode, how):
    seen = set()
    for seed in range(10):
        chance = random.Random(f"{mode} {how} {seed}")
        main, wal, journal = worked(tmp_path, chance, mode)
        parts = Parts(main, spoilt(wal, how, chance), spoilt(journal, how, chance))
        expected = by_sqlite(parts, tmp_path)
        assert by_us(parts) == expected, f"seed {seed}"
        seen.add(bool(wal or journal) and isinstance(expected, list) and by_sqlite(Parts(main), tmp_path) != expected)
    assert True in seen or how != "not at all" or mode == "truncate"  # the file beside made a difference


def test_both_orders_of_bytes_are_known(tmp_path):
    """SQLite writes the sums of a log in the order of the machine that made it."""
    parts = worked(tmp_path, random.Random(1), "wal")
    foreign = bytearray(parts.wal)
    foreign[3] ^= 1
    view, sums, size = memoryview(foreign), (0, 0), int.from_bytes(foreign[8:12])
    order = ">" if foreign[3] & 1 else "<"
    spans = [(0, 24, 24, 24)] + [(at, at + 8, at + 16, at + 24) for at in range(32, len(foreign), size + 24)]
    for begin, end, where, after in spans:
        sums = sqlite_copy._summed(view[begin:end], sums, order)
        if where > 24:
            sums = sqlite_copy._summed(view[after : after + size], sums, order)
        foreign[where : where + 8] = b"".join(each.to_bytes(4) for each in sums)
    swapped = Parts(parts.main, bytes(foreign))
    assert swapped != parts
    assert by_us(swapped) == by_sqlite(swapped, tmp_path) == by_us(parts) != by_us(Parts(parts.main))


def test_what_lies_beside_an_empty_file_is_of_a_former_one(tmp_path):
    parts = worked(tmp_path, random.Random(3), "wal")
    alone = Parts(b"", parts.wal)
    assert by_us(alone) == by_sqlite(alone, tmp_path) == sqlite3.SQLITE_ERROR


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_a_few_bytes_make_no_large_database(tmp_path, mode):
    main, wal, _ = worked(tmp_path, random.Random(2), "wal")
    if mode == "wal":
        huge, sums = bytearray(wal), sqlite_copy._summed(memoryview(wal)[:24], (0, 0), "<>"[wal[3] & 1])
        huge[36:40] = b"\xff" * 4
        size = int.from_bytes(wal[8:12])
        sums = sqlite_copy._summed(memoryview(huge)[32:40], sums, "<>"[wal[3] & 1])
        sums = sqlite_copy._summed(memoryview(huge)[56 : 56 + size], sums, "<>"[wal[3] & 1])
        huge[48:56] = b"".join(each.to_bytes(4) for each in sums)
        parts = Parts(main, bytes(huge))
    else:
        head = bytes.fromhex("d9d505f920a163d7") + b"\0" * 8 + b"\xff" * 4 + (512).to_bytes(4) + (4096).to_bytes(4)
        parts = Parts(main, b"", head.ljust(512, b"\0"))
    with pytest.raises(StoreProblem) as raised:
        sqlite_copy.whole(parts, Deadline(20), LIMIT)
    assert raised.value.verdict == "too_large"


def test_a_long_log_ends_with_the_time(tmp_path):
    parts = worked(tmp_path, random.Random(1), "wal")
    with pytest.raises(StoreProblem) as raised:
        sqlite_copy.whole(parts, Deadline(0), LIMIT)
    assert raised.value.verdict == "too_slow"
