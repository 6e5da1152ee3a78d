"""Files of ours: locked by the kernel, and replaced in one step; half of one is never seen."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import stat
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from codingplan_bar import paths
from codingplan_bar.errors import StorageFailure

# A file that is put in the place of another one in one step; half of it is never to be seen, and never stays behind.
#
# It has no name before it is whole, where the system allows that (Linux, on most file systems). Then it needs one for a
# moment, since nothing but a name can take the place of a name. Elsewhere it has one from the beginning. A signal that
# would end this process waits until that is over; after SIGKILL, the next sweep knows it by the free lock.

ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
"""What a person, a terminal or a system sends to a process that is to end."""
LEFT_BEHIND = 600.0
"""Seconds after which a half-written file is that of a killed process also where the file system has no locks."""
_OPEN = os.O_WRONLY | os.O_CLOEXEC


def put(path: Path, content: bytes, *, durable: bool, mode: int = 0o600) -> None:
    """Put `content` at `path`, with that mode; where it is `durable`, it is on the disk first. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}.tmp")
    with ending_put_off():
        try:
            try:
                _named_at_last(temporary, path, content, durable=durable, mode=mode)
            except (OSError, AttributeError):  # no such file system, no /proc, no such system
                _named_at_once(temporary, path, content, durable=durable, mode=mode)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def sweep(folder: Path) -> None:
    """Remove what killed processes have left half-written."""
    for path in folder.glob(".*.tmp"):
        with contextlib.suppress(OSError):
            _remove_if_nobodys(path)


def sweep_folders(place: Path, prefix: str, before: float) -> None:
    """Remove the user's own folders of that prefix that are older: killed processes have left them.

    `before` in seconds since 1970.
    """
    for path in place.glob(prefix + "*"):
        with contextlib.suppress(OSError):
            state = path.lstat()
            is_own = stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid()
            if is_own and state.st_mtime < before:
                shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def ending_put_off() -> Iterator[None]:
    """A signal that ends this process does so after the block, whichever thread it reaches."""
    if threading.current_thread() is not threading.main_thread():  # no other thread may set a handler
        yield
        return
    came: list[int] = []
    before = {}
    try:
        for number in ENDING:
            before[number] = signal.signal(number, lambda number, _: came.append(number))
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for each in came:
            signal.raise_signal(each)


def _named_at_last(temporary: Path, path: Path, content: bytes, *, durable: bool, mode: int) -> None:
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        handle = os.open(".", _OPEN | os.O_TMPFILE, 0o600, dir_fd=folder)
        with _filled(handle, content, durable=durable, mode=mode):
            _lock(handle)
            # with a folder's handle, which an absolute path has no use for, Python lets the link be followed
            os.link(f"/proc/self/fd/{handle}", temporary, src_dir_fd=folder, follow_symlinks=True)
            temporary.replace(path)
    finally:
        os.close(folder)


def _named_at_once(temporary: Path, path: Path, content: bytes, *, durable: bool, mode: int) -> None:
    temporary.unlink(missing_ok=True)
    with _filled(_made(temporary), content, durable=durable, mode=mode):
        temporary.replace(path)


def _made(temporary: Path) -> int:
    while True:
        handle = os.open(temporary, _OPEN | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        _lock(handle)
        if os.fstat(handle).st_nlink:
            return handle
        os.close(handle)  # a sweep came between the two


@contextlib.contextmanager
def _filled(handle: int, content: bytes, *, durable: bool, mode: int) -> Iterator[None]:
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, mode)  # whatever the umask took away
        file.write(content)
        file.flush()
        if durable:
            os.fsync(handle)
        yield


def _lock(handle: int) -> None:
    with contextlib.suppress(OSError):  # a file system without locks
        fcntl.flock(handle, fcntl.LOCK_EX)


def _remove_if_nobodys(path: Path) -> None:
    """Its writer holds a lock on it as long as it lives; the lock goes with the process, however that ends."""
    if path.lstat().st_mtime < time.time() - LEFT_BEHIND:
        path.unlink()
        return
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    finally:
        os.close(handle)


# The files: replaced in one step, locked by the kernel, readable by the user alone.

MADE = "made-folders"
"""In a folder of ours: which folders above it were made for it."""
LOOK_AGAIN = 0.05
"""Seconds between two tries for a lock. The kernel itself has no wait that ends."""


def replace(path: Path, text: str, *, durable: bool = True) -> None:
    """Put `text` at `path` in one step, mode 0600: whoever reads gets the old or the new, whole.

    The text is on the disk before its name is, unless it is not `durable`: then a power failure may leave an empty
    file. Raises `StorageFailure`.
    """
    try:
        make_folder(path.parent)
        put(path, text.encode("utf-8", "replace"), durable=durable)  # half a surrogate pair is no text
        if durable:
            _settle(path.parent)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageFailure("storage", where=str(path), file=path.name, reason=reason) from error


def make_folder(folder: Path) -> None:
    """The folder with those above it; the last one is the user's own, mode 0700, also if it was there before.

    Those above it that are new are noted in it, for whoever removes it. Raises OSError.
    """
    above = [each for each in folder.parents if not os.path.exists(each)]
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
        with contextlib.suppress(OSError):  # a full disk is told where something that matters is written
            if above:
                put(folder / MADE, noted(above), durable=False)
    except FileExistsError:
        found = folder.lstat().st_mode
        if not stat.S_ISDIR(found) or not found & 0o077:
            return  # a link leads to a folder that the user has put elsewhere: its mode is the user's business
    with contextlib.suppress(PermissionError):
        folder.chmod(0o700)


def noted(above: Iterable[Path]) -> bytes:
    """What `MADE` says of these folders, the nearest first."""
    return "".join(f"{each}\n" for each in above).encode("utf-8", "surrogateescape")


def made_for(folder: Path) -> list[Path]:
    """The folders above one of ours that were made for it, the nearest first; none where that is not known."""
    named = [Path(line) for line in (paths.read(folder / MADE) or "").splitlines()]
    return [each for each in named if each in folder.parents]


def leave(folder: Path) -> None:
    """Remove one of our folders where nothing is kept in it, and those above it that were made for it, if empty."""
    made = made_for(folder)
    with contextlib.suppress(OSError):
        if {each.name for each in folder.iterdir()} <= {MADE}:
            (folder / MADE).unlink(missing_ok=True)
            for each in (folder, *made):
                each.rmdir()


def put_aside(path: Path) -> None:
    """What cannot be read keeps its content under another name, for whoever wants to look."""
    with contextlib.suppress(OSError):
        path.replace(path.with_name(path.name + ".unreadable"))


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


def is_fit(path: Path) -> bool:
    """Whether one of this program's files can be there: it is one already, the user's own, or the place is free."""
    try:
        found = path.lstat()
    except OSError:
        return True
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid()


def _opened(path: Path) -> int | None:
    try:
        make_folder(path.parent)
        if not is_fit(path):
            put_aside(path)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
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


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    except OSError:
        pass  # some file systems cannot; the rename itself has happened
    finally:
        os.close(handle)
