"""The files: replaced in one step, locked by the kernel, readable by the user alone."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from codingplan_bar.errors import StorageFailure

READ_LIMIT = 4 * 1024 * 1024
LEFT_BEHIND = 600.0
"""Seconds after which a half-written file is that of a process which was killed; a live one takes milliseconds."""
LOOK_AGAIN = 0.05
"""Seconds between two tries for a lock. The kernel itself has no wait that ends."""


def read(path: Path) -> str | None:
    """The text of a file; None where there is none, or none that can be read. At most 4 MiB."""
    try:
        with path.open("rb") as file:
            return file.read(READ_LIMIT).decode("utf-8")
    except (OSError, ValueError):
        return None


def read_own(path: Path) -> str | None:
    """The same of a regular file that is the user's own and no link: nobody else's word is taken for a secret."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(handle)
            is_own = stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid()
            return file.read(READ_LIMIT).decode("utf-8") if is_own else None
    except (OSError, ValueError):
        return None


def replace(path: Path, text: str, *, durable: bool = True) -> None:
    """Put `text` at `path` in one step, mode 0600: whoever reads gets the old or the new, whole.

    The text is on the disk before its name is, unless it is not `durable`: then a power failure may leave an empty
    file. Raises `StorageFailure`.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}.tmp")
    try:
        make_folder(path.parent)
        try:
            _write(temporary, text, durable=durable)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        if durable:
            _settle(path.parent)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageFailure(f"Cannot write {path.name}: {reason}.", where=str(path)) from error


def make_folder(folder: Path) -> None:
    """The folder with those above it; the last one is the user's own, mode 0700, also if it was there before.

    Raises OSError.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat().st_mode
        if not stat.S_ISDIR(found) or not found & 0o077:
            return  # a link leads to a folder that the user has put elsewhere: its mode is the user's business
    with contextlib.suppress(PermissionError):
        folder.chmod(0o700)


def put_aside(path: Path) -> None:
    """What cannot be read keeps its content under another name, for whoever wants to look."""
    with contextlib.suppress(OSError):
        path.replace(path.with_name(path.name + ".unreadable"))


def sweep(folder: Path, now: float) -> None:
    """Remove what killed processes have left half-written; `now` in seconds since 1970."""
    for path in folder.glob(".*.tmp"):
        with contextlib.suppress(OSError):
            if path.lstat().st_mtime < now - LEFT_BEHIND:
                path.unlink()


@contextlib.contextmanager
def lock(path: Path, *, patience: float = 0.0) -> Iterator[bool]:
    """Hold the lock of that name, waiting at most `patience` seconds for it; gives whether it is held.

    It goes with the process, however that ends. Where no lock can be had at all (a folder that cannot be written, a
    file system without locks), the work goes on without one.
    """
    handle = _opened(path)
    try:
        yield handle is None or _locked(handle, patience)
    finally:
        if handle is not None:
            os.close(handle)


def _opened(path: Path) -> int | None:
    try:
        make_folder(path.parent)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError:
        return None


def _locked(handle: int, patience: float) -> bool:
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(LOOK_AGAIN)
        except OSError:
            return True
        else:
            return True


def _write(path: Path, text: str, *, durable: bool) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, 0o600)  # whatever the umask took away
        file.write(text.encode("utf-8", "replace"))  # half a surrogate pair is no text
        file.flush()
        if durable:
            os.fsync(handle)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    except OSError:
        pass  # some file systems cannot; the rename itself has happened
    finally:
        os.close(handle)
