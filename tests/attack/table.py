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

from amounts import amounts

TESTS = Path(__file__).parent.parent


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
}
ATTACKS = (
    Attack("hostile texts against each bar's grammar", "texts", ("bars", "--ignore=bars/real", "show", "properties")),
    Attack("hostile texts in the real bars", "real", ("bars/real",)),
    Attack("secrets planted, each command and failure", "secrets", ("attack/test_secrets.py",)),
    Attack("connections of each command", "hosts", ("attack/test_hosts.py",)),
    Attack("faults of the machine", "machine", ("attack/test_machine_faults.py", "commands/test_machine.py")),
    Attack("faults of the provider and the way to it", "faults", ("fetch/http_faults",)),
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
        subprocess.run(
            [*command, *attack.tests], cwd=TESTS, env={**os.environ, **HARDER}, stdout=sys.stderr, check=False
        )
        suite = ET.parse(report).getroot().find("testsuite")
    numbers = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
    failed = numbers["failures"] + numbers["errors"]
    held = numbers["tests"] - failed - numbers["skipped"]
    return Outcome(held, failed, numbers["skipped"], time.monotonic() - began)


def main() -> int:
    """Run all rows, print the table."""
    counted = amounts(HARDER)
    rows = [(attack, outcome(attack)) for attack in ATTACKS]
    print("| tried | how much | tests that held | gave way | not to be tried here | s |")
    print("| --- | --- | --- | --- | --- | --- |")
    for attack, found in rows:
        numbers = f"{found.held:,} | {found.failed} | {found.skipped} | {found.seconds:.0f}"
        print(f"| {attack.tried} | {counted[attack.amount]} | {numbers} |")
    return int(any(found.failed or not found.held for _, found in rows))


if __name__ == "__main__":
    sys.exit(main())
