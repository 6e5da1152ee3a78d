"""`make attack`: every attack on the program, harder than CI tries it, and one table of what was tried and what held.

    python tests/attack/table.py

Needs the package installed with its extra `test`, for the Python that runs this. Ends with 1 where something gave way.
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

TESTS = Path(__file__).parent.parent


class Attack(NamedTuple):
    """One row: what is tried, by which tests, and what makes them try harder."""

    tried: str
    tests: tuple[str, ...]
    harder: dict[str, str] = {}  # noqa: RUF012 - nobody changes it


ATTACKS = (
    Attack("hostile texts against each bar's grammar", ("bars", "--ignore=bars/real", "show", "properties")),
    Attack("hostile texts in the real bars", ("bars/real",)),
    Attack("secrets planted, each command and failure", ("attack/test_secrets.py",)),
    Attack("connections of each command", ("attack/test_hosts.py",)),
    Attack("faults of the machine", ("attack/test_machine_faults.py", "commands/test_machine.py")),
    Attack(
        "faults of the provider and the way to it",
        ("fetch/http_faults",),
        {"CODINGPLAN_BAR_TEST_FAULTS": "all"},
    ),
    Attack(
        "herds, and fetchers that are killed",
        ("refresh", "watch"),
        {"CODINGPLAN_BAR_TEST_ROUNDS": "10", "CODINGPLAN_BAR_TEST_KILLS": "2000"},
    ),
    Attack("nearly good bytes for each reader", ("fuzz",), {"CODINGPLAN_BAR_TEST_FUZZ": "20000"}),
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
        subprocess.run(
            [*command, *attack.tests], cwd=TESTS, env={**os.environ, **attack.harder}, stdout=sys.stderr, check=False
        )
        suite = ET.parse(report).getroot().find("testsuite")
    numbers = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
    failed = numbers["failures"] + numbers["errors"]
    held = numbers["tests"] - failed - numbers["skipped"]
    return Outcome(held, failed, numbers["skipped"], time.monotonic() - began)


def main() -> int:
    """Run all rows, print the table."""
    rows = [(attack, outcome(attack)) for attack in ATTACKS]
    print("| tried | held | gave way | not to be tried here | s |", "| --- | --- | --- | --- | --- |", sep="\n")
    for attack, found in rows:
        print(f"| {attack.tried} | {found.held:,} | {found.failed} | {found.skipped} | {found.seconds:.0f} |")
    return int(any(found.failed or not found.held for _, found in rows))


if __name__ == "__main__":
    sys.exit(main())
