"""Installs this checkout into an environment of its own, made by a recent pip, and measures it there.

    python3 benchmarks/bench.py [--quick]

Prints one table of ratios, as Markdown. Needs bash, curl, jq and GNU time (Debian: jq curl time); the standard
library is enough to start it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
NEEDED = ("bash", "curl", "jq", "/usr/bin/time")


def main() -> int:
    """Measure, or say what is missing; gives the exit code."""
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        print(f"Not installed: {', '.join(missing)}. On Debian: apt install bash curl jq time", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="codingplan-bar-bench-") as folder:
        python = _installed(Path(folder))
        environ = {**os.environ, "PYTHONPATH": str(REPOSITORY / "tests")}  # the console is the tests'
        command = [python, Path(__file__).parent / "table.py", *sys.argv[1:]]
        return subprocess.run(command, check=False, env=environ).returncode


def _installed(folder: Path) -> Path:
    """A virtual environment with the wheel of this checkout in it; gives its Python."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv/bin/python"
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--upgrade", "pip"], check=True)
    subprocess.run([*pip, REPOSITORY], check=True)
    return python


if __name__ == "__main__":
    sys.exit(main())
