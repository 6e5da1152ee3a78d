"""`make attack`: every attack on the program, harder than CI tries it, and one table of what was tried and what held.

    python tests/attack/table.py [--write | --also] [TRIED ...]

With `--write` each row that was tried takes its place in SECURITY.md; with `--also` the figures there stay, and this
Python is put behind those on which the row has held. `TRIED` is the beginning of a row's name, and without one all are
tried. Needs the package installed with its extra `test`, for the Python that runs this. Ends with 1 where something
gave way; what did is named on standard error.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

TESTS = Path(__file__).parent.parent
PAGE = TESTS.parent / "SECURITY.md"
HEAD = "| tried | how much | tests that held | gave way | s | Python |"
LINE = "| --- | --- | --- | --- | --- | --- |"


class Attack(NamedTuple):
    """One row: what is tried, how much of it by its name in `amounts`, by which tests, and by how many processes.

    What starts a crowd by itself, or measures one, has the machine alone.
    """

    tried: str
    amount: str
    tests: tuple[str, ...]
    at_once: int = 2


HARDER = {
    "CODINGPLAN_BAR_TEST_FAULTS": "all",
    "CODINGPLAN_BAR_TEST_ROUNDS": "10",
    "CODINGPLAN_BAR_TEST_KILLS": "2000",
    "CODINGPLAN_BAR_TEST_FUZZ": "20000",
    "CODINGPLAN_BAR_TEST_STRIKES": "200",
    "CODINGPLAN_BAR_TEST_TABLES": "all",
    "HYPOTHESIS_PROFILE": "searching",
}
ATTACKS = (
    Attack("hostile texts against each bar's grammar", "texts", ("bars", "properties")),
    Attack("hostile texts in the real bars", "real", ("real_bars",), at_once=1),
    Attack("secrets planted, each command and failure", "secrets", ("attack/test_secrets.py",)),
    Attack("connections of each command", "hosts", ("attack/test_hosts.py",)),
    Attack("faults of the machine", "machine", ("attack/test_machine_faults.py", "commands/test_machine.py")),
    Attack("signals, and bars without patience", "stops", ("attack/test_stopped.py",)),
    Attack("signals at any moment of an import", "strikes", ("browsers/test_signals.py",)),
    Attack("special files in the place of ours", "files", ("commands/test_special_files.py", "store")),
    Attack("shared folders, in which another user has written", "shared", ("attack/test_shared_folders.py",)),
    Attack("options and settings that are no number", "numbers", ("commands/test_usage.py",)),
    Attack("foreign pages in the place of each answer", "pages", ("provider/asking/test_strangers.py",)),
    Attack("faults of the provider and the way to it", "faults", ("transport",)),
    Attack("herds, and fetchers that are killed", "kills", ("refresh", "watch"), at_once=1),
    Attack("nearly good bytes for each reader", "fuzz", ("fuzz",)),
)


REAL_BARS = ("waybar", "polybar", "i3status-rust", "tmux", "i3blocks", "the menus' shells")


def amounts(harder: dict[str, str]) -> dict[str, str]:
    """For each row of the table; `harder` is what makes the tests try more."""
    sys.path[:0] = [str(TESTS / place) for place in (".", "attack", "browsers", "commands", "fuzz")]
    from support.grammar.judge import BARS
    from support.hostile import HOSTILE
    from support.household import command_lines
    from support.http.faults import FAULTS, PAGES, STRANGERS
    from targets import TARGETS
    from test_machine_faults import COMMANDS
    from test_secrets import ASKING, FAILURES
    from test_shared_folders import FORGED, READING
    from test_signals import SIGNALS
    from test_special_files import KINDS, PLACES
    from test_stopped import NOTHING_STORED, SHORT_OF_PATIENCE, WHOLE
    from test_usage import GOOD, NO_NUMBERS, SETTINGS

    lines = command_lines()
    numbers = (harder[f"CODINGPLAN_BAR_TEST_{name}"] for name in ("KILLS", "ROUNDS", "FUZZ", "STRIKES"))
    kills, rounds, executions, strikes = numbers
    return {
        "texts": f"{len(HOSTILE)} texts × {len(BARS)} bars, in text and tooltip, and at random around them",
        "real": f"{len(HOSTILE)} texts × {len(REAL_BARS)} programs",
        "secrets": f"{len(lines)} command lines, {len(ASKING)} commands × {len(FAILURES)} failures; printed, files, "
        "arguments, environments, connections",
        "hosts": f"{len(lines)} command lines",
        "machine": f"{len(COMMANDS)} commands × each fault",
        "stops": f"{len(WHOLE)} signals × commands × moments, {len(SHORT_OF_PATIENCE)} bars × times of patience, "
        f"{len(NOTHING_STORED)} other commands × times",
        "strikes": f"{len(SIGNALS)} signals at each step of an import, and {strikes} at random moments",
        "files": f"{len(PLACES)} places × {len(KINDS)} kinds",
        "shared": f"{len(FORGED)} files × {len(READING)} commands",
        "numbers": f"{len(GOOD) + len(SETTINGS)} options and settings × {len(NO_NUMBERS)} values",
        "pages": f"{len(STRANGERS) + len(PAGES)} pages × 6 requests",
        "faults": f"{len(FAULTS)} faults × 3 roads",
        "kills": f"{kills} kills, {rounds} rounds of 60 bars",
        "fuzz": f"{int(executions):,} texts × {len(TARGETS)} readers",
    }


class Outcome(NamedTuple):
    """How many tests held, gave way, and could not be tried here; the names of those that gave way."""

    held: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0
    names: tuple[str, ...] = ()


def outcome(attack: Attack) -> Outcome:
    """Run the tests of one row."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
        command += ["-n", str(attack.at_once), "--dist", "load"] if attack.at_once > 1 else []
        began = time.monotonic()
        subprocess.run([*command, *attack.tests], cwd=TESTS, stdout=sys.stderr, check=False)
        return judged(ET.parse(report), time.monotonic() - began)


def judged(report: ET.ElementTree, seconds: float) -> Outcome:
    """What the report of a run says, in JUnit's form."""
    cases = list(report.iter("testcase"))
    wrong = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    names = tuple(f"{case.get('classname', '')}::{case.get('name', '')}" for case in wrong)
    return Outcome(len(cases) - len(wrong) - len(skipped), len(wrong), len(skipped), seconds, names)


def written(page: str, row: str) -> str:
    """The page with the row in the place of the one of that name, else below the last one. Raises ValueError."""
    lines = page.split("\n")
    name = row.split(" | ", maxsplit=1)[0]
    place = next((number for number, line in enumerate(lines) if line.split(" | ")[0] == name), None)
    if place is None:
        place = lines.index("", lines.index(HEAD))
        lines.insert(place, row)
    lines[place] = row
    return "\n".join(lines)


def row_of(attack: Attack, amount: str, found: Outcome, python: str) -> str:
    """One row of the table."""
    return f"| {attack.tried} | {amount} | {found.held:,} | {found.failed} | {found.seconds:.0f} | {python} |"


def held_on(page: str, attack: Attack, python: str) -> str:
    """The page with the Python behind those on which that row has held. Raises StopIteration without the row."""
    row = next(line for line in page.split("\n") if line.startswith(f"| {attack.tried} | "))
    pythons = row.removesuffix(" |").rpartition(" | ")[2].split(", ")
    return page if python in pythons else page.replace(row, f"{row.removesuffix(' |')}, {python} |")


def main() -> int:
    """Run the rows, print the table."""
    chosen = {"--write", "--also"}.intersection(sys.argv)
    wanted = tuple(word for word in sys.argv[1:] if word not in chosen)
    attacks = [each for each in ATTACKS if each.tried.startswith(wanted or "")]
    os.environ |= HARDER  # what is counted is what is tried
    counted, gave_way, python = amounts(HARDER), False, platform.python_version()
    print(f"{HEAD}\n{LINE}")
    for attack in attacks:
        found = outcome(attack)
        fails = bool(found.failed or not found.held)
        gave_way = gave_way or fails
        row = row_of(attack, counted[attack.amount], found, python)
        print(row, f"({found.skipped} not to be tried here)" if found.skipped else "", flush=True)
        print(*found.names, sep="\n", file=sys.stderr, flush=True)
        if "--write" in chosen:
            PAGE.write_text(written(PAGE.read_text("utf-8"), row), "utf-8")
        elif chosen and not fails:
            PAGE.write_text(held_on(PAGE.read_text("utf-8"), attack, python), "utf-8")
    return int(gave_way)


if __name__ == "__main__":
    sys.exit(main())
