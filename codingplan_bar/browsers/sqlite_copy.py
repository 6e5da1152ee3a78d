"""Copies of a browser's store in memory, as SQLite would read them with their journals; none has a name."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import struct
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from codingplan_bar import paths as places
from codingplan_bar.browsers.verdicts import StoreProblem, Verdict
from codingplan_bar.regions import is_provider_domain
from codingplan_bar.transport.request import Deadline

# What SQLite does to a database that it finds in the middle of things, done in memory, where nothing has a name.
#
# SQLite itself does it by names alone: it looks for `-journal` and `-wal` beside a file. The formats are those of
# <https://www.sqlite.org/fileformat2.html>, sections 3 and 4; what counts as sound is as its pager.c and wal.c have it.

PAGE_SIZES = frozenset(1 << power for power in range(9, 17))
SECTOR_SIZES = frozenset(1 << power for power in range(5, 17))

_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
_AS_MANY_AS_THERE_ARE = 0xFFFF_FFFF
_WAL_MAGIC, _WAL_VERSION = 0x377F_0682, 3_007_000
_WAL_HEADER, _FRAME_HEADER = 32, 24
_WORD = 0xFFFF_FFFF


class Parts(NamedTuple):
    """The bytes of a store's three files, in the order of `sqlite_copy.BESIDE`; empty where there is no such file."""

    main: bytes
    wal: bytes = b""
    journal: bytes = b""


class Frame(NamedTuple):
    """One page of a write-ahead log; `pages` is the size of the database with it, 0 inside of a transaction."""

    number: int
    pages: int
    page: memoryview


def whole(parts: Parts, deadline: Deadline, limit: int) -> bytearray:
    """The database as whoever opened the three files would see it. Raises `StoreProblem`.

    What has begun is undone, what has been committed is there. `limit` is the largest one in bytes.
    """
    image = bytearray(parts.main)
    if image:  # beside an empty file, whatever lies there is of a former one
        _undo(image, parts.journal, limit)
        _apply(image, parts.wal, deadline, limit)
        image[18:20] = b"\1\1"  # what has no name has no write-ahead log either
    return image


def _undo(image: bytearray, journal: bytes, limit: int) -> None:
    """Put the pages back that an unfinished transaction has changed."""
    if len(journal) < 28:
        return
    sector, size = struct.unpack_from(">II", journal, 20)
    if sector not in SECTOR_SIZES or size not in PAGE_SIZES:
        return
    at = 0
    while at + sector <= len(journal) and journal.startswith(_JOURNAL_MAGIC, at):
        count, nonce, pages = struct.unpack_from(">III", journal, at + 8)
        if not at:
            _resize(image, pages * size, limit)
        at += sector
        if count == _AS_MANY_AS_THERE_ARE:
            count = (len(journal) - at) // (size + 8)
        for _ in range(count):
            if not _put_back(image, memoryview(journal)[at : at + size + 8], nonce):
                return
            at += size + 8
        at += -at % sector


def _put_back(image: bytearray, record: memoryview, nonce: int) -> bool:
    """One page of a journal; False where the record is not sound, and with it all that follow."""
    size = len(record) - 8
    if size not in PAGE_SIZES:
        return False
    number, page = int.from_bytes(record[:4]), record[4:-4]
    total = nonce + sum(page[size - 200 : 0 : -200])
    if not number or total & _WORD != int.from_bytes(record[-4:]):
        return False
    if number * size <= len(image):
        image[(number - 1) * size : number * size] = page
    return True


def _apply(image: bytearray, wal: bytes, deadline: Deadline, limit: int) -> None:
    """Put in the pages of each transaction that has been committed."""
    committed: dict[int, memoryview] = {}
    pending: dict[int, memoryview] = {}
    pages = 0
    for frame in _frames(wal):
        pending[frame.number] = frame.page
        if frame.pages:
            committed |= pending
            pending, pages = {}, frame.pages
        if not deadline.remaining():
            raise StoreProblem("too_slow")
    size = max(map(len, committed.values()), default=0)  # they are all of one size
    if committed:
        _resize(image, pages * size, limit)
    for number, page in committed.items():
        if number <= pages:
            image[(number - 1) * size : number * size] = page


def _frames(wal: bytes) -> Iterator[Frame]:
    """The sound frames of a log. What follows the first other one is of an earlier round, or torn."""
    if len(wal) < _WAL_HEADER:
        return
    magic, version, size = struct.unpack_from(">III", wal)
    order = ">" if magic & 1 else "<"
    view = memoryview(wal)
    sums = _summed(view[:24], (0, 0), order)
    known = magic & ~1 == _WAL_MAGIC and version == _WAL_VERSION and size in PAGE_SIZES
    if not known or sums != struct.unpack_from(">II", wal, 24):
        return
    for at in range(_WAL_HEADER, len(wal) - _FRAME_HEADER - size + 1, _FRAME_HEADER + size):
        number, pages = struct.unpack_from(">II", wal, at)
        page = view[at + _FRAME_HEADER : at + _FRAME_HEADER + size]
        sums = _summed(page, _summed(view[at : at + 8], sums, order), order)
        same_round = wal[at + 8 : at + 16] == wal[16:24]
        if not number or not same_round or sums != struct.unpack_from(">II", wal, at + 16):
            return
        yield Frame(number, pages, page)


def _summed(data: memoryview, sums: tuple[int, int], order: str) -> tuple[int, int]:
    """The two running checksums after these bytes, a multiple of eight; `order` is that of a word's bytes."""
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = first + even + second & _WORD
        second = second + odd + first & _WORD
    return first, second


def _resize(image: bytearray, size: int, limit: int) -> None:
    """Cut the database to its size, or fill it up."""
    if size > limit:
        raise StoreProblem("too_large")
    del image[size:]
    image.extend(bytes(size - len(image)))


# A copy of a store in memory, where no other user can see it, whatever becomes of this process.
#
# It has no name on any disk at any moment, so no signal can leave it there. The browser's own file is neither locked
# nor
# changed: a running Firefox locks its file and writes to a second one, and a program that asked SQLite for the original
# would be turned away, or be in the browser's way.

BESIDE = ("", "-wal", "-journal")
"""Endings of a store's files: SQLite keeps in the second what has been written lately, in the third what to undo."""
PREFIX = f"{places.NAME}-import-"
LARGEST_STORE = 32 * 1024 * 1024
"""Bytes of all its files; a store with 5,000 cookies has three million."""
LEFT_BEHIND = 300
"""Seconds after which what has our name in a folder for temporary files is that of a process which was killed."""
QUIET = 0.02
"""Seconds without a write before a copy: file times are no finer than that of the kernel's own clock, 4 to 10 ms."""
LONGEST_VALUE = 1 << 16
"""Bytes; a browser stores four thousand."""
MOST_ROWS = 2_000
"""Of the provider's domains; a browser keeps fewer than two hundred a domain."""

CAN_DESERIALIZE = hasattr(sqlite3.Connection, "deserialize")
"""SQLite before 3.36 is mostly built without it, as on RHEL 9."""


def content(path: Path, deadline: Deadline) -> Parts:
    """The bytes of the store's files, as whole as a moment without a write. Raises `StoreProblem`."""
    try:
        return _content(path, deadline)
    except OSError as error:
        raise StoreProblem(_verdict(error)) from None


@contextlib.contextmanager
def opened(path: Path, deadline: Deadline) -> Iterator[sqlite3.Connection]:
    """A connection to a copy of the store. `is_provider(host)` is a function of its SQL.

    Raises `StoreProblem` for whatever keeps it from being read, also while the caller reads.
    """
    image = whole(content(path, deadline), deadline, LARGEST_STORE)
    try:
        with contextlib.closing(_connected(image)) as connection:
            _bound(connection, deadline)
            yield connection
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        raise StoreProblem("too_slow" if code == sqlite3.SQLITE_INTERRUPT else "broken") from None
    except UnicodeDecodeError:  # sqlite3 has read a name that is no text, and stumbles over it in its own message
        raise StoreProblem("broken") from None


def _place(environ: Mapping[str, str]) -> str:
    """The user's own folder for such things, in memory, where the session has one."""
    runtime = places.named(environ, "XDG_RUNTIME_DIR")
    return runtime if runtime and os.access(runtime, os.W_OK | os.X_OK) else tempfile.gettempdir()


def _content(path: Path, deadline: Deadline) -> Parts:
    """Read the store with what lies beside it; again, if the browser has written meanwhile."""
    paths = [path.with_name(path.name + end) for end in BESIDE]
    while deadline.remaining():
        begun, before = time.time(), _writes(paths)
        if sum(size for _, size in before) > LARGEST_STORE:
            raise StoreProblem("too_large")
        main, *beside = paths
        parts = Parts(_read(main), *(_read_if_there(each) for each in beside))
        quiet_for = begun - max(before, default=(0.0, 0))[0]
        if _writes(paths) == before and not 0 <= quiet_for < QUIET:
            return parts
        time.sleep(QUIET)
    raise StoreProblem("busy")


def _writes(paths: list[Path]) -> list[tuple[float, int]]:
    """When each of the files was written, with its size."""
    states = []
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            state = path.stat()
            states.append((state.st_mtime, state.st_size))
    return states


def _read_if_there(path: Path) -> bytes:
    try:
        return _read(path)
    except FileNotFoundError:
        return b""


def _read(path: Path) -> bytes:
    try:
        return places.content(path, LARGEST_STORE)
    except places.Unfit as unfit:
        raise StoreProblem("too_large" if unfit.reason == "too long" else "broken") from None


def _connected(image: bytearray) -> sqlite3.Connection:
    if not image:
        return sqlite3.connect(":memory:")
    if not CAN_DESERIALIZE:
        return _unnamed(image)
    connection = sqlite3.connect(":memory:")
    connection.deserialize(image)
    return connection


def _unnamed(image: bytearray) -> sqlite3.Connection:
    """A connection to a file that has lost its name, and its folder, before anything is in it."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=_place(os.environ)) as folder:
        path = Path(folder) / "store"
        file = path.open("xb")
        connection = sqlite3.connect(path)
    with file:
        file.write(image)
    return connection


def _bound(connection: sqlite3.Connection, deadline: Deadline) -> None:
    """Set bounds to what a malicious store could make SQLite do; nothing of it goes to SQLite's own temporary files."""
    connection.text_factory = lambda value: value.decode("utf-8", "surrogateescape")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 256 * LONGEST_VALUE)
    connection.set_progress_handler(lambda: not deadline.remaining(), 10_000)
    connection.create_function("is_provider", 1, _is_provider, deterministic=True)
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA trusted_schema = OFF")


def _is_provider(host: object) -> bool:
    return isinstance(host, str) and is_provider_domain(host.removeprefix("."))


def _verdict(error: OSError) -> Verdict:
    if isinstance(error, PermissionError):
        return "no_access"
    return "too_large" if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else "broken"
