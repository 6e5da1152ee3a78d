"""What is sent and what comes back, with no library in it; and the deadline of all requests of one refresh."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Literal, TypeVar

from codingplan_bar.errors import CodingPlanError, InternalError, NetworkFailure


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `query` and `form` are encoded by whoever sends it; `body` is sent as it is.

    At most one of `form` and `body` is set. A header's value is text of any script; it is sent as UTF-8.
    """

    method: Literal["GET", "POST"]
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer: its headers with lower-case names, its body decoded (gzip, deflate) and whole."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


Send = Callable[[Request], Answer]
"""Sends one request within the refresh's deadline. Raises `NetworkFailure`, `BadResponse` or `ConfigError`."""


# One point in time for a whole refresh, and the way by which a call ends there, whatever it hangs in.

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
        return NetworkFailure("deadline", seconds=f"{self.seconds:g}")


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
        raise InternalError("program.threads") from None


def _outcome(work: Callable[[], Result]) -> tuple[Result, None] | tuple[None, BaseException]:
    try:
        return work(), None
    except CodingPlanError as error:
        return None, error.with_traceback(None)  # its frames hold a body of 4 MiB, and a refresh keeps its errors
    except BaseException as error:  # noqa: BLE001 - raised again in the thread that asked
        return None, error
