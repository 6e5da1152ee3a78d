"""Asks for a refresh by starting a process of its own: the warm wing never imports what asks the provider."""

from __future__ import annotations

import os

from codingplan_bar.show.view import PROGRAM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENCE = 30


def start(folder: str, now: float, environ: Mapping[str, str]) -> int | None:
    """Start one refresh in the background, unless one was started within the last half minute.

    Gives its process id, or None. That the provider is asked only once is the refresh's own lock's business; this
    only spares the machine a process for each of many bars.
    """
    if not _first(folder + "/refresh.asked", now):
        return None
    try:
        return _spawn([*PROGRAM, "refresh", "--background"], environ)
    except OSError:
        return None


def reap() -> None:
    """Let go of the refreshes that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _first(marker: str, now: float) -> bool:
    try:
        os.close(os.open(marker, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return _grew_old(marker, now)
    except OSError:
        return True
    return True


def _grew_old(marker: str, now: float) -> bool:
    try:
        if 0 <= now - os.stat(marker).st_mtime < PATIENCE:
            return False
        os.utime(marker)
    except OSError:
        return False  # another one has just dealt with it
    return True


def _spawn(command: list[str], environ: Mapping[str, str]) -> int:
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    try:
        return os.posix_spawn(command[0], command, environ, file_actions=quiet, setsid=True)
    except NotImplementedError:
        return os.posix_spawn(command[0], command, environ, file_actions=quiet, setpgroup=0)
