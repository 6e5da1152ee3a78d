"""An environment as bare as a bar's: a desktop that starts a bar has read no shell's profile."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from codingplan_bar.fetch import child
from codingplan_bar.fetch.child import Finished

NAME = "codingplan-bar"
PATH = "/usr/bin:/bin:/usr/sbin:/sbin" if sys.platform == "darwin" else "/usr/local/bin:/usr/bin:/bin"
"""Of macOS' launchd, and of a Linux desktop."""
KEPT = ("HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "XDG_RUNTIME_DIR")
PLACES = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
"""Kept, since a desktop that is set up that way hands them on."""
PATIENCE = 15.0
"""Seconds. With something stored a bar's command takes a tenth of one; with nothing it asks first, bounded in time."""


class Ran(NamedTuple):
    """What came of a command, and the seconds that it took."""

    finished: Finished
    seconds: float

    @property
    def is_good(self) -> bool:
        """Whether a bar would show it: something printed, and nothing said on standard error."""
        ending, code, printed, complained = self.finished
        return ending == "exit" and code == 0 and bool(printed.strip()) and not complained


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What is left of the user's environment in a bar."""
    kept = {name: environ[name] for name in (*KEPT, *PLACES) if name in environ}
    return {**kept, "PATH": PATH}


def run(command: Sequence[str], environ: Mapping[str, str]) -> Ran | None:
    """Run a command as a bar does, without a shell, and wait for its end; None where it cannot be started."""
    began = time.monotonic()
    try:
        finished = child.run(command, environ=environment(environ), seconds=PATIENCE)
    except (OSError, ValueError):
        return None
    return Ran(finished, time.monotonic() - began)
