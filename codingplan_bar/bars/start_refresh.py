"""Asks for a refresh by starting a process of its own: the warm road never imports what asks the provider."""

import os
import time

from codingplan_bar import facts, paths
from codingplan_bar.bars.view import PROGRAM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PATIENCE = 30
SHORTEST_PAUSE = 2.0
LONGEST_PAUSE = 300.0


def start(now: float, environ: "Mapping[str, str]") -> int | None:
    """Start one refresh in the background, unless one was started for these facts within the last half minute.

    Gives its process id, or None. That the provider is asked only once is the refresh's own lock's business; this
    only spares the machine a process for each of many bars.
    """
    marker = facts.marker_name(facts.bar_environment(environ))
    path = f"{paths.lasting_folder(environ)}/{marker}"
    if not _is_first(path, now):
        return None
    child = spawn(["refresh", "--background"], environ)
    if child is None:
        _forget(path)
    return child


def spawn(arguments: list[str], environ: "Mapping[str, str]", *, prints: bool = False) -> int | None:
    """Run this program once more, in a session of its own; it `prints` to the bar, or says nothing.

    Gives its process id; None where the machine lets no process be started.
    """
    silent = (0, 2) if prints else (0, 1, 2)
    actions = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in silent]
    command = [*PROGRAM, *arguments]
    try:
        try:
            return os.posix_spawn(command[0], command, environ, file_actions=actions, setsid=True)
        except NotImplementedError:  # macOS
            return os.posix_spawn(command[0], command, environ, file_actions=actions, setpgroup=0)
    except OSError:
        return None


class BackgroundRefresher:
    """The refreshes of one watcher: the longer apart, the more of them in a row brought nothing.

    Where even the first one leaves nothing to show, nothing can be stored: then the bar's plain command prints, which
    says so.
    """

    def __init__(self, environ: "Mapping[str, str]", clock: "Callable[[], float]" = time.monotonic) -> None:
        """`clock` gives seconds that run steadily."""
        self.environ = environ
        self.clock = clock
        self._child: int | None = None
        self._pause = SHORTEST_PAUSE
        self._next = 0.0

    def helped(self) -> None:
        """There is nothing to ask for: the next refresh may start at once."""
        self._pause = SHORTEST_PAUSE
        self._next = 0.0

    def ask(self, now: float) -> float:
        """Start a refresh, if it is time for one; gives the seconds until it is time for the next."""
        if self.clock() >= self._next:
            self._child = start(now, self.environ) or self._child
            self._next = self.clock() + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        return self._next - self.clock()

    def has_ended(self) -> bool:
        """Whether a refresh that this one started has come to its end since this was last asked."""
        ended = self._child in reap()
        if ended:
            self._child = None
        return ended


def reap() -> set[int]:
    """Let go of the processes that have ended; gives their ids."""
    ended = set()
    try:
        while (child := os.waitpid(-1, os.WNOHANG)[0]) > 0:
            ended.add(child)
    except ChildProcessError:
        pass
    return ended


def _is_first(marker: str, now: float) -> bool:
    try:
        os.makedirs(os.path.dirname(marker), 0o700, exist_ok=True)
        os.close(os.open(marker, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return _has_grown_old(marker, now)
    except OSError:
        return True
    return True


def _forget(marker: str) -> None:
    try:
        os.unlink(marker)
    except OSError:
        return  # it grows old by itself


def _has_grown_old(marker: str, now: float) -> bool:
    """Whether whoever made the marker has been killed; the marker is this process's from now on."""
    try:
        if 0 <= now - os.stat(marker).st_mtime < PATIENCE:
            return False
        os.utime(marker)
    except FileNotFoundError:
        return False  # another one has just dealt with it
    except OSError:
        return True  # it is somebody else's, who may not keep this user from asking
    return True
