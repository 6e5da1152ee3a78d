"""Another program, run to its end: without a shell, no longer than it may take, and nothing of it stays behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from selectors import EVENT_READ, DefaultSelector
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Ending = Literal["exit", "deadline", "flood"]

LIMIT = 1024 * 1024
"""Bytes that a program may print on either stream."""

_PIECE = 64 * 1024
_TICK = 0.05
"""Seconds. Nothing wakes us when a program ends while another one holds its pipes, so that is looked for."""


class Finished(NamedTuple):
    """What a program printed, and how it ended: by itself, or killed for its time or for its output.

    `exit_code` is its own only where it ended by itself; it is negative for a signal.
    """

    ending: Ending
    exit_code: int
    stdout: bytes
    stderr: bytes


def run(command: Sequence[str], *, environ: Mapping[str, str], seconds: float, limit: int = LIMIT) -> Finished:
    """Run a program with no input, in the folder `/`, for at most `seconds`; `limit` bytes of each stream are kept.

    It has a session and a process group of its own: it cannot ask anything on a terminal, and the whole group is
    killed in the end, whether it goes well or not. Raises `OSError` where it cannot be started.
    """
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ,
        cwd="/",
        start_new_session=True,
    )
    with process:
        try:
            return _follow(process, started + seconds, limit)
        finally:
            _kill_group(process.pid)


def _follow(process: subprocess.Popen[bytes], end: float, limit: int) -> Finished:
    """Read both streams until the program has ended, or may go on no longer."""
    stdout, stderr = bytearray(), bytearray()
    with DefaultSelector() as selector:
        for stream, kept in ((process.stdout, stdout), (process.stderr, stderr)):
            selector.register(stream, EVENT_READ, kept)  # type: ignore[arg-type]  # both are pipes
        ending: Ending | None = None
        while ending is None:
            ending = _step(process, selector, end)
            if max(len(stdout), len(stderr)) > limit:
                ending = "flood"
    exit_code = 0 if process.returncode is None else process.returncode
    return Finished(ending, exit_code, bytes(stdout[:limit]), bytes(stderr[:limit]))


def _step(process: subprocess.Popen[bytes], selector: DefaultSelector, end: float) -> Ending | None:
    """Take what is there to read, or wait for it a little; how the program ended, None while it goes on."""
    left = end - time.monotonic()
    if left <= 0:
        return "deadline"
    if not selector.get_map():  # both streams are closed: only its end is missing
        return _awaited(process, left)
    has_ended = process.poll() is not None  # asked first: what it printed is then in the pipes
    ready = selector.select(0 if has_ended else min(left, _TICK))
    for key, _ in ready:
        piece = os.read(key.fd, _PIECE)
        key.data.extend(piece)
        if not piece:
            selector.unregister(key.fileobj)
    return "exit" if has_ended and not ready else None


def _awaited(process: subprocess.Popen[bytes], seconds: float) -> Ending:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return "deadline"
    return "exit"


def _kill_group(group: int) -> None:
    """Kill whoever is left of the group. macOS refuses where only the dead are.

    As long as one lives, the group's number is not given anew; and numbers are given in turn, so that of a group
    that has just ended is nobody's yet.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
