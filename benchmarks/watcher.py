"""A watcher with nothing to do: how much of the processor, and how much memory."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from stage import COMMAND, Stage

TEN_MINUTES = 600


class Idle(NamedTuple):
    """`cpu_seconds` in ten minutes; memory in KiB, of the watcher and of a Python that only sleeps."""

    cpu_seconds: float
    peak: int
    sleeping: int


def idle(stage: Stage, span: float) -> Idle:
    """Watch a watcher for `span` seconds in which no refresh happens."""
    quiet = {**stage.plain, "CODINGPLAN_BAR_REFRESH_INTERVAL": "86400"}
    subprocess.run([COMMAND, "waybar"], env=quiet, stdout=subprocess.DEVNULL, check=True)
    bare = [sys.executable, "-c", "import time; time.sleep(1e6)"]
    with (
        subprocess.Popen([COMMAND, "waybar", "--watch"], env=quiet, stdout=subprocess.PIPE) as watcher,
        subprocess.Popen(bare, env=quiet) as sleeper,
    ):
        time.sleep(3)
        before = _cpu(watcher.pid)
        time.sleep(span)
        spent = _cpu(watcher.pid) - before
        found = Idle(spent * TEN_MINUTES / span, _peak(watcher.pid), _peak(sleeper.pid))
        watcher.terminate()
        sleeper.terminate()
    return found


def _cpu(process: int) -> float:
    """Seconds that a process has run so far, to the nanosecond."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def _peak(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
