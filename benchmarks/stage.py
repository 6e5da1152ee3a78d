"""What is measured on: a home, a console on loopback, this program installed; and how: processes under the clock."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from support.console.console import Console

from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.model import Snapshot
from codingplan_bar.refresh.refresh import ClientAnswer, Refresher

COMMAND = str(Path(sys.executable).parent / "codingplan-bar")
EVERY_OPTION = {
    "WINDOWS": "monthly,weekly,five_hour",
    "SHOW": "remaining",
    "FORMAT": "{sign} [{plan} · ]{bars}[ · {binding.reset_in}][ · {age}]",
    "TOOLTIP_FORMAT": "{plan} {word}\n{windows}\n{weekly.label} {weekly.bar:20} {weekly.left_of} {weekly.reset}\n{age}",
    "THRESHOLDS": "50,80",
    "ICONS": "emoji",
    "LANGUAGE": "zh",
    "COLORS": "ok=#98c379,warning=#e5c07b,critical=#e06c75,stale=#5c6370",
    "REFRESH_INTERVAL": "3600",
}


class Stage:
    """One user's home, whose provider is the console."""

    def __init__(self, folder: Path, console: Console) -> None:
        """Nothing is stored yet."""
        self.folder = folder
        self.console = console
        inherited = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        self.plain = {**inherited, "HOME": str(folder), "CODEXBAR_CONFIG": f"{folder}/none", **console.environment}
        self.full = {**self.plain, **{f"CODINGPLAN_BAR_{name}": value for name, value in EVERY_OPTION.items()}}

    def grow_old(self, seconds: float) -> None:
        """Let the stored numbers be that old, as if nobody had asked since."""
        then = time.time() - seconds
        refresher = open_refresher(self.plain)
        stored = refresher.files.load().snapshot
        if stored is None:
            raise RuntimeError("nothing is stored yet")
        old: Snapshot = stored._replace(fetched_at=int(then))
        Refresher(refresher.files, refresher.asker._replace(ask=lambda _: ClientAnswer(old), now=lambda: then)).refresh(
            "always"
        )
        self.console.forget()

    def asked(self) -> int:
        """How often the console was asked for the quota."""
        return sum(request.path == "/data/api.json" for request in self.console.requests)

    def wait_for_quiet(self) -> None:
        """Wait until no refresh is under way in the background."""
        while list((self.folder / ".local/state/codingplan-bar").glob("*.asked")):
            time.sleep(0.02)


Command = Sequence[str]
SILENT = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]


def seconds(command: Command, environ: Mapping[str, str]) -> float:
    """How long one whole process takes, from its start to its end."""
    began = time.perf_counter()
    child = os.posix_spawn(command[0], command, environ, file_actions=SILENT)
    status = os.waitpid(child, 0)[1]
    if status:
        raise RuntimeError(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - began


def interleaved(commands: Mapping[str, tuple[Command, Mapping[str, str]]], rounds: int) -> dict[str, float]:
    """The median of each, all of them once a round, so that a busy machine is busy for all alike."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, (command, environ) in commands.items():
            times[name].append(seconds(command, environ))
    return {name: statistics.median(each) for name, each in times.items()}


def peak_memory(command: Command, environ: Mapping[str, str]) -> int:
    """The most memory that a process had, in KiB.

    By way of GNU time, which is small: the kernel counts what the parent had before the program took its place.
    """
    timed = ["/usr/bin/time", "-f", "%M", *command]
    done = subprocess.run(timed, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True, text=True)
    return int(done.stderr.split()[-1])


def number_started(command: Command, environ: Mapping[str, str]) -> int:
    """How many processes a command starts, itself included, going by how far the kernel's count moves on.

    The least of several looks: others start processes as well.
    """
    counts = []
    for _ in range(9):
        before = _forks()
        seconds(command, environ)
        counts.append(_forks() - before)
    return min(counts)


def _forks() -> int:
    with open("/proc/stat") as file:  # noqa: PTH123
        return next(int(line.split()[1]) for line in file if line.startswith("processes "))


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
