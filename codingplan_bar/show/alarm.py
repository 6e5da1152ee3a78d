"""What wakes a watcher: a changed file, a signal, a reader that has gone, or the time.

On Linux the kernel says by a signal that a folder has changed (fcntl's F_NOTIFY); elsewhere, and where it cannot,
the files are looked at once a second.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

POLL_SECONDS = 1.0


class Alarm:
    """Sleeps, and wakes for a reason. `ended` is true once the bar has gone or asked this program to go."""

    def __init__(self, *, output: int, files: Sequence[str]) -> None:
        """Watch the file descriptor that is printed to, and the folders of the files."""
        self.ended = False
        self._folders = {os.path.dirname(path): -1 for path in files}
        self._woken, waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC) if hasattr(os, "pipe2") else _pipe()
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end)
        for number in (signal.SIGUSR1, signal.SIGIO, signal.SIGCHLD):
            signal.signal(number, _wake)
        self._poll = select.poll()
        self._poll.register(self._woken, select.POLLIN)
        self._poll.register(output, 0)
        self._output = output

    def sleep(self, seconds: float) -> None:
        """Until something has happened, at most that many seconds; shorter where the kernel says nothing of files."""
        told = [folder for folder in self._folders if not self._armed(folder)] == []
        longest = seconds if told else min(seconds, POLL_SECONDS)
        for descriptor, event in self._poll.poll(max(longest, 0) * 1000):
            if descriptor == self._output:
                self.ended = self.ended or bool(event)
            else:
                _drain(descriptor)

    def _armed(self, folder: str) -> bool:
        """Whether the kernel will say that something in the folder changes; it may have been made anew meanwhile."""
        handle = self._folders[folder]
        if handle >= 0 and _is_same(handle, folder):
            return True
        if handle >= 0:
            os.close(handle)
        self._folders[folder] = _notifying(folder)
        return self._folders[folder] >= 0

    def _end(self, *_: object) -> None:
        self.ended = True


def _notifying(folder: str) -> int:
    """A descriptor of the folder for which the kernel sends SIGIO on a change; -1 where it does not."""
    if not hasattr(fcntl, "F_NOTIFY"):
        return -1
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return -1
    try:
        changes = fcntl.DN_MODIFY | fcntl.DN_CREATE | fcntl.DN_DELETE | fcntl.DN_RENAME | fcntl.DN_MULTISHOT
        fcntl.fcntl(handle, fcntl.F_NOTIFY, changes)
    except OSError:
        os.close(handle)
        return -1
    return handle


def _is_same(handle: int, folder: str) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(folder))
    except OSError:
        return False


def _pipe() -> tuple[int, int]:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    return reader, writer


def _drain(descriptor: int) -> None:
    try:
        while os.read(descriptor, 512):
            pass
    except BlockingIOError:
        pass


def _wake(*_: object) -> None:
    """The signal has already been written to the pipe, and that is all that it is for."""
