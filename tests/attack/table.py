"""`make attack`: every attack on the program, harder than CI tries it, and one table of what was tried and what held.

    python tests/attack/table.py [--write] [TRIED ...]

With `--write` each row that was tried takes its place in SECURITY.md; `TRIED` is the beginning of a row's name, and
without one all are tried. Needs the package installed with its extra `test`, for the Python that runs this. Ends with 1
where something gave way.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from amounts import amounts

TESTS = Path(__file__).parent.parent
PAGE = TESTS.parent / "SECURITY.md"
HEAD, LINE = "| tried | how much | tests that held | gave way | s |", "| --- | --- | --- | --- | --- |"


class Attack(NamedTuple):
    """One row: what is tried, how much of it by its name in `amounts`, and by which tests."""

    tried: str
    amount: str
    tests: tuple[str, ...]


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
    Attack("hostile texts in the real bars", "real", ("real_bars",)),
    Attack("secrets planted, each command and failure", "secrets", ("attack/test_secrets.py",)),
    Attack("connections of each command", "hosts", ("attack/test_hosts.py",)),
    Attack("faults of the machine", "machine", ("attack/test_machine_faults.py", "commands/test_machine.py")),
    Attack("signals, and bars without patience", "stops", ("attack/test_stopped.py",)),
    Attack("signals at any moment of an import", "strikes", ("browsers/test_signals.py",)),
    Attack("special files in the place of ours", "files", ("commands/test_special_files.py", "store")),
    Attack("shared folders, in which another user has written", "shared", ("attack/test_shared_folders.py",)),
    Attack("options and settings that are no number", "numbers", ("commands/test_numbers.py",)),
    Attack("foreign pages in the place of each answer", "pages", ("provider/asking/test_strangers.py",)),
    Attack("faults of the provider and the way to it", "faults", ("transport",)),
    Attack("herds, and fetchers that are killed", "kills", ("refresh", "watch")),
    Attack("nearly good bytes for each reader", "fuzz", ("fuzz",)),
)


class Outcome(NamedTuple):
    """How many tests held, gave way, and could not be tried here."""

    held: int
    failed: int
    skipped: int
    seconds: float


def outcome(attack: Attack) -> Outcome:
    """Run the tests of one row."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
        began = time.monotonic()
        subprocess.run([*command, *attack.tests], cwd=TESTS, stdout=sys.stderr, check=False)
        suite = ET.parse(report).getroot().find("testsuite")
    numbers = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
    failed = numbers["failures"] + numbers["errors"]
    held = numbers["tests"] - failed - numbers["skipped"]
    return Outcome(held, failed, numbers["skipped"], time.monotonic() - began)


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


def main() -> int:
    """Run the rows, print the table."""
    wanted = tuple(word for word in sys.argv[1:] if word != "--write")
    attacks = [each for each in ATTACKS if each.tried.startswith(wanted or "")]
    os.environ |= HARDER  # what is counted is what is tried
    counted, gave_way = amounts(HARDER), False
    print(f"{HEAD}\n{LINE}")
    for attack in attacks:
        found = outcome(attack)
        gave_way = gave_way or bool(found.failed or not found.held)
        row = f"| {attack.tried} | {counted[attack.amount]} | {found.held:,} | {found.failed} | {found.seconds:.0f} |"
        print(row, f"({found.skipped} not to be tried here)" if found.skipped else "", flush=True)
        if "--write" in sys.argv:
            PAGE.write_text(written(PAGE.read_text("utf-8"), row), "utf-8")
    return int(gave_way)


if __name__ == "__main__":
    sys.exit(main())
