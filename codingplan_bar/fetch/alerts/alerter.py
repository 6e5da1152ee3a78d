"""The witness of each refresh: decides, remembers, and starts what tells. What was remembered is told at most once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from codingplan_bar import store
from codingplan_bar.fetch.alerts.crossings import Alert, Memory, decide
from codingplan_bar.fetch.circumstances import without_secrets
from codingplan_bar.fetch.settings import Settings
from codingplan_bar.model import Snapshot

TELLER = (sys.executable, "-P", "-m", "codingplan_bar", "alert")
Start = Callable[[str, Mapping[str, str]], None]


def start(text: str, environ: Mapping[str, str]) -> None:
    """Start the process that tells, with the facts on its standard input, and do not wait for it."""
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            TELLER, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, env=environ, start_new_session=True
        )
    except OSError:
        return
    if process.stdin:
        try:
            process.stdin.write(text.encode())
            process.stdin.close()
        except OSError:
            pass  # it has ended already
    process.returncode = 0  # it is left alone, of which Popen would warn


class Alerter:
    """Keeps what has been told in one file. Nothing is started where nobody wants to be told."""

    def __init__(self, path: Path, settings: Settings, environ: Mapping[str, str], start: Start = start) -> None:
        """`start` is what tells; it is given an environment without secrets."""
        self.path, self.settings, self.start = path, settings, start
        self.environ = without_secrets(environ)

    def witness(self, latest: Snapshot) -> None:
        """Tell what a fresh answer is worth telling. Raises `StorageFailure`: what cannot be remembered is not told."""
        before = self._memory()
        memory, alerts = decide(before, latest, self.settings["thresholds"])
        if memory != before:
            store.replace(self.path, json.dumps(memory.to_data()))
        if alerts and (self.settings["notifications"] or self.settings["on_threshold"]):
            self.start(json.dumps(self._order(latest, alerts)), self.environ)

    def _memory(self) -> Memory:
        try:
            return Memory.from_data(json.loads(store.read(self.path) or "{}"))
        except (ValueError, RecursionError):
            return Memory()

    def _order(self, latest: Snapshot, alerts: list[Alert]) -> dict[str, Any]:
        return {
            "alerts": [alert.facts() for alert in alerts],
            "command": list(self.settings["on_threshold"]),
            "notifications": self.settings["notifications"],
            "language": self.settings["language"],
            "dashboard_url": latest.dashboard_url,
        }
