"""A process that asks each address of its argument once, and tells what came of it and how much memory it took."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from codingplan_bar.errors import CodingPlanError
from codingplan_bar.transport.http import Transport
from codingplan_bar.transport.request import Deadline, Request


def outcome(url: str, within: float) -> str:
    try:
        return str(Transport(Deadline(within))(Request("GET", url)).status)
    except CodingPlanError as error:
        return f"{error.code}: {error}"
    except KeyboardInterrupt:
        return "interrupted"


def peak_mebibytes() -> float:
    """Linux hands the peak of the parent down in `ru_maxrss`, so there it is read where it is the process's own."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    arguments = json.loads(sys.argv[1])
    before = peak_mebibytes()
    tell("asking")
    start = time.monotonic()
    outcomes = [outcome(url, arguments.get("within", 5.0)) for url in arguments["urls"]]
    seconds = time.monotonic() - start
    tell(json.dumps({"outcomes": outcomes, "seconds": seconds, "before": before, "peak": peak_mebibytes()}))


main()
