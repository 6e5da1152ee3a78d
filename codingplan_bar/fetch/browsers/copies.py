"""A private copy of a store, read and removed at once: the browser's own file is neither locked nor changed.

A running Firefox locks its file and writes to a second one; a program that asked SQLite for the original would be
turned away, or be in the browser's way.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from codingplan_bar.fetch.browsers.stores import BESIDE, Store
from codingplan_bar.fetch.browsers.verdicts import StoreProblem, Verdict
from codingplan_bar.fetch.deadline import Deadline
from codingplan_bar.fetch.regions import is_provider_domain

PREFIX = "codingplan-bar-import-"
COPY = "store"
LARGEST_STORE = 128 * 1024 * 1024
"""Bytes; a store with 5,000 cookies has three million."""
LEFT_BEHIND = 300
"""Seconds after which a private folder is that of a process which was killed; a live one takes two."""
QUIET = 0.02
"""Seconds without a write before a copy: file times are no finer than that of the kernel's own clock, 4 to 10 ms."""
LONGEST_VALUE = 1 << 16
"""Bytes; a browser stores four thousand."""
MOST_ROWS = 2_000
"""Of the provider's domains; a browser keeps fewer than two hundred a domain."""


@contextlib.contextmanager
def private_folder(environ: Mapping[str, str]) -> Iterator[Path]:
    """A folder of mode 0700 for as long as it is needed; in memory where the session has such a place."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=_place(environ), ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def sweep(environ: Mapping[str, str], now: float) -> None:
    """Remove what processes that were killed have left. `now` in seconds since 1970."""
    for place in {_place(environ), tempfile.gettempdir()}:
        for folder in Path(place).glob(PREFIX + "*"):
            with contextlib.suppress(OSError):
                state = folder.lstat()
                own = stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid()
                if own and state.st_mtime < now - LEFT_BEHIND:
                    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def copied(store: Store, environ: Mapping[str, str], deadline: Deadline) -> Iterator[Path]:
    """The path of a copy of the store, which is as whole as a moment without a write. Raises `StoreProblem`."""
    with contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(private_folder(environ))
            _copy_whole(store, folder, deadline)
        except OSError as error:
            raise StoreProblem(_verdict(error)) from None
        yield folder / COPY


@contextlib.contextmanager
def opened(store: Store, environ: Mapping[str, str], deadline: Deadline) -> Iterator[sqlite3.Connection]:
    """A connection to a copy of the store. `is_provider(host)` is a function of its SQL.

    Raises `StoreProblem` for whatever keeps it from being read, also while the caller reads.
    """
    with copied(store, environ, deadline) as copy:
        try:
            with contextlib.closing(_connected(copy, deadline)) as connection:
                yield connection
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", None)
            raise StoreProblem("too_slow" if code == sqlite3.SQLITE_INTERRUPT else "broken") from None
        except UnicodeDecodeError:  # sqlite3 has read a name that is no text, and stumbles over it in its own message
            raise StoreProblem("broken") from None


def _place(environ: Mapping[str, str]) -> str:
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    usable = runtime.startswith("/") and os.access(runtime, os.W_OK | os.X_OK)
    return runtime if usable else tempfile.gettempdir()


def _copy_whole(store: Store, folder: Path, deadline: Deadline) -> None:
    """Copy the store with what lies beside it; again, if the browser has written meanwhile."""
    while deadline.remaining():
        begun, before = time.time(), _writes(store)
        for end in BESIDE:
            _copy(store.path.with_name(store.path.name + end), folder / f"{COPY}{end}", required=not end)
        quiet_for = begun - max(before, default=(0.0, 0))[0]
        if _writes(store) == before and not 0 <= quiet_for < QUIET:
            return
        time.sleep(QUIET)
    raise StoreProblem("busy")


def _writes(store: Store) -> list[tuple[float, int]]:
    """When each of the files was written, with its size."""
    states = []
    for end in BESIDE:
        with contextlib.suppress(FileNotFoundError):
            state = store.path.with_name(store.path.name + end).stat()
            states.append((state.st_mtime, state.st_size))
    return states


def _copy(original: Path, copy: Path, *, required: bool) -> None:
    copy.unlink(missing_ok=True)
    try:
        source = os.open(original, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        if required:
            raise
        return
    with os.fdopen(source, "rb") as reading, os.fdopen(_created(copy), "wb") as writing:
        state = os.fstat(source)
        if not stat.S_ISREG(state.st_mode) or state.st_size > LARGEST_STORE:
            raise StoreProblem("too_large" if stat.S_ISREG(state.st_mode) else "broken")
        shutil.copyfileobj(reading, writing)


def _created(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def _connected(copy: Path, deadline: Deadline) -> sqlite3.Connection:
    """The copy, with bounds to what a malicious one could make SQLite do."""
    connection = sqlite3.connect(copy)
    connection.text_factory = lambda value: value.decode("utf-8", "surrogateescape")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 256 * LONGEST_VALUE)
    connection.set_progress_handler(lambda: not deadline.remaining(), 10_000)
    connection.create_function("is_provider", 1, _is_provider, deterministic=True)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _is_provider(host: object) -> bool:
    return isinstance(host, str) and is_provider_domain(host.removeprefix("."))


def _verdict(error: OSError) -> Verdict:
    if isinstance(error, PermissionError):
        return "no_access"
    return "too_large" if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else "broken"
