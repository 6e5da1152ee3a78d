"""Measures everything once, in one run, and prints it as one table of ratios. Started by bench.py."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from stage import COMMAND, Stage, idle, interleaved, number_started, peak_memory
from support.console.console import Console

HERE = Path(__file__).parent
BARS = ("waybar", "polybar", "i3status-rust", "tmux", "swiftbar", "xbar")
BARE = [sys.executable, "-c", "pass"]
MODULE = ["/bin/bash", str(HERE / "shell_module.sh")]
FRUGAL = [*MODULE, "frugal"]
HERD = 60
Row = tuple[str, str, str]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="fewer rounds: to see whether it works")
    quick = parser.parse_args().quick
    with Console() as console, tempfile.TemporaryDirectory(prefix="codingplan-bar-bench-") as folder:
        stage = Stage(Path(folder), console)
        for environ in (stage.plain, stage.full):
            subprocess.run([COMMAND, "fetch"], env=environ, stdout=subprocess.DEVNULL, check=True)
        print("| figure | measured | aim |\n| --- | --- | --- |")
        for row in rows(stage, quick=quick):
            print(f"| {' | '.join(row)} |", flush=True)


def rows(stage: Stage, *, quick: bool) -> Iterator[Row]:
    """Each figure with its aim."""
    yield from times(stage, 5 if quick else 60)
    yield from colder_times(stage, 3 if quick else 15)
    yield from watching(stage, 5 if quick else 120)
    yield herd(stage, 1 if quick else 10)
    yield steady(stage)


def times(stage: Stage, rounds: int) -> Iterator[Row]:
    """The warm bars against bare Python and against modules of bash and jq."""
    commands = {"bare": (BARE, stage.plain), "module": (MODULE, stage.plain), "frugal": (FRUGAL, stage.plain)}
    for bar in BARS:
        commands[bar] = ([COMMAND, bar], stage.plain)
        commands[f"{bar}, every option"] = ([COMMAND, bar], stage.full)
    taken = interleaved(commands, rounds)
    for name, aim in (("", "≤ 1.15"), (", every option", "≤ 1.4")):
        figures = ", ".join(f"{bar} {taken[bar + name] / taken['bare']:.2f}" for bar in BARS)
        what = "the same with every display option set" if name else "a warm bar command ÷ `python -c pass`, time"
        yield what, figures, aim
    yield "a warm bar command ÷ `python -c pass`, peak memory", _memory(stage), "≤ 1.15"
    ours = statistics.median(taken[bar] for bar in BARS)
    started = number_started(MODULE, stage.plain)
    yield f"a bash, curl and jq module ({started} processes) ÷ ours, time", f"{taken['module'] / ours:.1f}", "≥ 10"
    started = number_started(FRUGAL, stage.plain)
    yield f"one that does all of it in one jq ({started} processes) ÷ ours", f"{taken['frugal'] / ours:.1f}", ""


def colder_times(stage: Stage, rounds: int) -> Iterator[Row]:
    """What happens behind the bars, once an interval."""
    commands = {
        "bare": (BARE, stage.plain),
        "cold": ([COMMAND, "refresh", "--background"], stage.plain),
        "fetch": ([COMMAND, "fetch"], stage.plain),
        "help": ([COMMAND, "--help"], stage.plain),
    }
    taken = interleaved(commands, rounds)
    words = {
        "cold": "a refresh in the background with nothing to do ÷ bare Python",
        "fetch": "a whole refresh over TLS, schema and all ÷ bare Python",
        "help": "`codingplan-bar --help` ÷ bare Python",
    }
    for name, what in words.items():
        yield what, f"{taken[name] / taken['bare']:.1f}", ""


def watching(stage: Stage, span: float) -> Iterator[Row]:
    """A watcher with nothing to do."""
    found = idle(stage, span)
    yield f"a watcher, CPU in 10 minutes (from {span:.0f} s)", f"{found.cpu_seconds:.3f} s", "≤ 0.1 s"
    yield "its peak memory ÷ a Python that sleeps", f"{found.peak / found.sleeping:.2f}", "≤ 1.3"


def herd(stage: Stage, rounds: int) -> Row:
    """Sixty bars at once on an expired snapshot, over and over."""
    asked, bad = [], 0
    for _ in range(rounds):
        stage.grow_old(400)
        started = [_start(stage, BARS[turn % len(BARS)]) for turn in range(HERD)]
        outputs = [(process.communicate()[0], process.returncode) for process in started]
        bad += sum(code != 0 or b"%" not in line for line, code in outputs)
        stage.wait_for_quiet()
        asked.append(stage.asked())
    figure = f"{', '.join(map(str, asked))}; {bad} bad lines"
    return f"{HERD} bar commands at once on an expired snapshot, requests a round", figure, "1; 0"


def steady(stage: Stage) -> Row:
    """A refresh like any other."""
    stage.console.forget()
    subprocess.run([COMMAND, "fetch"], env=stage.plain, stdout=subprocess.DEVNULL, check=True)
    return "requests in a steady refresh", str(len(stage.console.requests)), "1"


def _start(stage: Stage, bar: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([COMMAND, bar], env=stage.plain, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def _memory(stage: Stage) -> str:
    def median(measure: Callable[[], int]) -> float:
        return statistics.median(measure() for _ in range(5))

    bare = median(lambda: peak_memory(BARE, stage.plain))
    return ", ".join(f"{bar} {median(lambda b=bar: peak_memory([COMMAND, b], stage.plain)) / bare:.2f}" for bar in BARS)


if __name__ == "__main__":
    main()
