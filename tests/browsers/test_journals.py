"""What lies beside a database counts as SQLite itself would have it: SQLite is asked about the same three files."""

from __future__ import annotations

import contextlib
import random
import sqlite3

import pytest

from codingplan_bar.browsers import copies
from codingplan_bar.browsers.copies import BESIDE, Parts
from codingplan_bar.browsers.problems import StoreProblem
from codingplan_bar.transport.request import Deadline

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
        connection, image = sqlite3.connect(":memory:"), copies.whole(parts, Deadline(20), LIMIT)
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
        sums = copies._summed(view[begin:end], sums, order)
        if where > 24:
            sums = copies._summed(view[after : after + size], sums, order)
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
        huge, sums = bytearray(wal), copies._summed(memoryview(wal)[:24], (0, 0), "<>"[wal[3] & 1])
        huge[36:40] = b"\xff" * 4
        size = int.from_bytes(wal[8:12])
        sums = copies._summed(memoryview(huge)[32:40], sums, "<>"[wal[3] & 1])
        sums = copies._summed(memoryview(huge)[56 : 56 + size], sums, "<>"[wal[3] & 1])
        huge[48:56] = b"".join(each.to_bytes(4) for each in sums)
        parts = Parts(main, bytes(huge))
    else:
        head = bytes.fromhex("d9d505f920a163d7") + b"\0" * 8 + b"\xff" * 4 + (512).to_bytes(4) + (4096).to_bytes(4)
        parts = Parts(main, b"", head.ljust(512, b"\0"))
    with pytest.raises(StoreProblem) as raised:
        copies.whole(parts, Deadline(20), LIMIT)
    assert raised.value.verdict == "too_large"


def test_a_long_log_ends_with_the_time(tmp_path):
    parts = worked(tmp_path, random.Random(1), "wal")
    with pytest.raises(StoreProblem) as raised:
        copies.whole(parts, Deadline(0), LIMIT)
    assert raised.value.verdict == "too_slow"
