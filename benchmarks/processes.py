"""Processes under the clock: how long they take, and how much memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence

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
