"""An environment as bare as a bar's: a desktop that starts a bar has read no shell's profile."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NAME = "codingplan-bar"
PATH = "/usr/bin:/bin:/usr/sbin:/sbin" if sys.platform == "darwin" else "/usr/local/bin:/usr/bin:/bin"
"""Of macOS' launchd, and of a Linux desktop."""
KEPT = ("HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "XDG_RUNTIME_DIR")
PLACES = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
"""Kept, since a desktop that is set up that way hands them on."""
PATIENCE = 15.0
"""Seconds. With something stored a bar's command takes a tenth of one; with nothing it asks first, bounded in time."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a command: `code` is None where it could not be started, or was killed for its time."""

    code: int | None
    printed: str = ""
    complained: str = ""
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        """Whether a bar would show it: something printed, and nothing said on standard error."""
        return self.code == 0 and bool(self.printed.strip()) and not self.complained


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What is left of the user's environment in a bar."""
    kept = {name: environ[name] for name in (*KEPT, *PLACES) if name in environ}
    return {**kept, "PATH": PATH}


def run(command: Sequence[str], environ: Mapping[str, str], *, patience: float = PATIENCE) -> Ran:
    """Run a command as a bar does, without a shell, and wait for its end."""
    began = time.monotonic()
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=patience, check=False, env=_in_full(environ)
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return Ran(None, seconds=time.monotonic() - began)
    out, err = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    return Ran(done.returncode, out, err, time.monotonic() - began)


def _in_full(environ: Mapping[str, str]) -> dict[str, str]:
    """The bare environment, with what measures the tests."""
    measured = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    return {**environment(environ), **measured}
