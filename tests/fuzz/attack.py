"""The long run: atheris on every target, side by side, each for its share of the time. `make fuzz` starts it.

    python tests/fuzz/attack.py MINUTES [TARGET ...]

What made a reader fail is left as a file in `fuzz/TARGET/`; the corpus that was found stays there too, and is where
the next run begins. Ends with 1 where a reader failed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
FOUND = Path("fuzz")
WORDS = re.compile(rb"stat::number_of_executed_units:\s*(\d+)")


def fuzz(name: str) -> None:
    """Fuzz one target in this process, until its time is over."""
    import atheris

    with atheris.instrument_imports(include=["codingplan_bar"]):
        from targets import TARGETS
    target, folder = TARGETS[name], FOUND / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (folder / f"seed-{number}").write_bytes(seed)
    seconds = os.environ["FUZZ_SECONDS"]
    flags = [f"-max_total_time={seconds}", f"-artifact_prefix={folder}/failed-", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *flags, "-max_len=65536", "-rss_limit_mb=1024", str(folder)], target.run)
    atheris.Fuzz()


def attack(name: str, seconds: float) -> tuple[str, int, int]:
    """One target in a process of its own; gives its name, how often it was run, and its exit code."""
    environ = {**os.environ, "FUZZ_SECONDS": str(int(seconds))}
    done = subprocess.run([sys.executable, __file__, "--target", name], env=environ, capture_output=True, check=False)
    if done.returncode:
        sys.stderr.buffer.write(done.stderr[-4000:])
    found = WORDS.search(done.stderr)
    return name, int(found[1]) if found else 0, done.returncode


def main(arguments: list[str]) -> int:
    """Share the minutes among the targets; print a table."""
    from targets import TARGETS

    minutes, names = float(arguments[0]), arguments[1:] or list(TARGETS)
    workers = os.cpu_count() or 1
    seconds = minutes * 60 * min(workers, len(names)) / len(names)
    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(lambda name: attack(name, seconds), names))
    print("| reader | executions | held |", "| --- | --- | --- |", sep="\n")
    for name, executions, code in results:
        print(f"| {name} | {executions:,} | {'no' if code else 'yes'} |")
    return int(any(code for _, _, code in results))


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    if sys.argv[1:2] == ["--target"]:
        fuzz(sys.argv[2])
    else:
        sys.exit(main(sys.argv[1:]))
