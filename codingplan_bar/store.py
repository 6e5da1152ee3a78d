"""The files: replaced in one step, locked by the kernel, readable by the user alone."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from codingplan_bar.errors import StorageFailure

READ_LIMIT = 4 * 1024 * 1024


def read(path: Path) -> str | None:
    """The text of a file; None where there is none, or none that can be read. At most 4 MiB."""
    try:
        with path.open("rb") as file:
            return file.read(READ_LIMIT).decode("utf-8")
    except (OSError, ValueError):
        return None


def replace(path: Path, text: str) -> None:
    """Put `text` at `path` in one step, mode 0600: whoever reads gets the old or the new, whole.

    The text is on the disk before its name is. Raises `StorageFailure`.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        make_folder(path.parent)
        try:
            _write(temporary, text)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _settle(path.parent)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageFailure(f"Cannot write {path.name}: {reason}.", where=str(path)) from error


def make_folder(folder: Path) -> None:
    """The folder with those above it; the last one is the user's own, mode 0700. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)  # whatever the umask took away


def put_aside(path: Path) -> None:
    """What cannot be read keeps its content under another name, for whoever wants to look."""
    with contextlib.suppress(OSError):
        path.replace(path.with_name(path.name + ".unreadable"))


@contextlib.contextmanager
def lock(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock of that name; gives whether it is held. It goes with the process, however that ends.

    Where no lock can be had at all (a folder that cannot be written), the work goes on without one.
    """
    try:
        make_folder(path.parent)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError:
        yield True
        return
    try:
        yield _locked(handle, wait=wait)
    finally:
        os.close(handle)


def _locked(handle: int, *, wait: bool) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, 0o600)  # whatever the umask took away
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(handle)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    except OSError:
        pass  # some file systems cannot; the rename itself has happened
    finally:
        os.close(handle)
