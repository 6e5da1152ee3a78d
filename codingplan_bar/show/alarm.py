"""What wakes a watcher: a changed file, a signal, a reader that has gone, or the time.

On Linux the kernel says that files have changed; elsewhere, and where it cannot, they are looked at once a second.
"""

from __future__ import annotations

import os
import select
import signal
import time

from codingplan_bar import facts
from codingplan_bar.show.folders import Folders

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

POLL_SECONDS = 1.0
LAST_ONES = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
WAKING = (signal.SIGUSR1, signal.SIGIO, signal.SIGCHLD)


class Alarm:
    """Sleeps, and wakes for a reason. `ended` is true once the bar has gone; `asked` after SIGUSR1.

    SIGTERM, SIGINT and SIGHUP raise SystemExit, so that nothing that waits holds them up.
    """

    def __init__(self, *, output: int) -> None:
        """Watch the file descriptor that is printed to, and hear signals from now on."""
        self.ended = False
        self.asked = False
        self._output = output
        self._files: Sequence[str] = ()
        self._states = ""
        self._told = False
        self._folders = Folders()
        self._woken, waker = _pipe()
        self._poll = select.poll()
        self._poll.register(self._woken, select.POLLIN)
        self._poll.register(output, 0)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        _hear()

    def watch(self, files: Sequence[str]) -> None:
        """From now on, wake when one of these files changes: to be called before they are looked at."""
        self._told = self._folders.watch(files)
        self._files = files
        self._states = "" if self._told else facts.inputs(*files)

    def sleep(self, seconds: float) -> None:
        """Until something has happened, at most that many seconds."""
        self.asked = False
        end = time.monotonic() + seconds
        while True:
            left = max(end - time.monotonic(), 0.0)
            if self._happens(left if self._told else min(left, POLL_SECONDS)) or not left:
                return
            if not self._told and facts.inputs(*self._files) != self._states:
                return

    def _happens(self, seconds: float) -> bool:
        """Wait for a signal or the reader's end; whether one came in that time."""
        events = self._poll.poll(seconds * 1000)
        for descriptor, _ in events:
            if descriptor == self._output:
                self.ended = True
            else:
                self.asked = signal.SIGUSR1 in _drained(descriptor)
        return bool(events)


def _hear() -> None:
    """Take every signal that counts, also those that whoever started this has blocked; an ignored hang-up stays so."""
    for number in LAST_ONES:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)
    for number in WAKING:
        signal.signal(number, _wake)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {*LAST_ONES, *WAKING})


def _end(*_: object) -> None:
    raise SystemExit(0)


def _wake(*_: object) -> None:
    """The signal has already been written to the pipe, and that is all that it is for."""


def _pipe() -> tuple[int, int]:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    return reader, writer


def _drained(descriptor: int) -> bytes:
    """All that the pipe holds: a byte a signal."""
    held = b""
    try:
        while more := os.read(descriptor, 512):
            held += more
    except BlockingIOError:
        pass
    return held
