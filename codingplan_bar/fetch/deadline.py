"""One point in time for a whole refresh, and the way by which a call ends there, whatever it hangs in."""

from __future__ import annotations

import threading
import time
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from codingplan_bar.errors import InternalError, NetworkFailure

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


class Deadline:
    """A point in time, `seconds` from now on; the clock's zero does not matter, it only has to run steadily."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Start to count now."""
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def remaining(self) -> float:
        """Seconds that are left, never less than 0."""
        return max(0.0, self._end - self._clock())

    def missed(self) -> NetworkFailure:
        """The error of whoever did not make it."""
        return NetworkFailure(f"no answer within {self.seconds:g} s")


def run_within(deadline: Deadline, work: Callable[[], Result]) -> Result:
    """Give what `work` gives, or raise what it raises; at the deadline, raise `NetworkFailure` and leave it behind.

    The look-up of a name and a byte a second obey no time-out of a socket, so the work has a thread of its own.
    It is a daemon, which an exiting process does not wait for, and whatever it ends with goes to the queue alone.
    The caller's thread only waits, so an interrupt (SIGINT) reaches it at once.
    """
    if not deadline.remaining():
        raise deadline.missed()
    outcome: SimpleQueue[tuple[Result, None] | tuple[None, BaseException]] = SimpleQueue()
    _start(lambda: outcome.put(_outcome(work)))
    try:
        result, error = outcome.get(timeout=deadline.remaining())
    except Empty:
        raise deadline.missed() from None
    if error is not None:
        try:
            raise error
        finally:
            del error  # else it and this frame hold each other, and with them a body of 4 MiB, for longer than needed
    return result  # type: ignore[return-value]  # mypy does not follow a pair that is taken apart


def _start(target: Callable[[], None]) -> None:
    try:
        threading.Thread(target=target, name="codingplan-bar request", daemon=True).start()
    except RuntimeError:
        raise InternalError("this machine lets no further thread be started") from None


def _outcome(work: Callable[[], Result]) -> tuple[Result, None] | tuple[None, BaseException]:
    try:
        return work(), None
    except BaseException as error:  # noqa: BLE001 - raised again in the thread that asked
        return None, error
