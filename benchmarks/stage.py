"""A home, a console on loopback, and this program installed: what the measurements are made on."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from support.console.console import Console

from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.model import Snapshot
from codingplan_bar.refresh.refresh import ClientAnswer, Refresher

COMMAND = str(Path(sys.executable).parent / "codingplan-bar")
EVERY_OPTION = {
    "WINDOWS": "monthly,weekly,five_hour",
    "SHOW": "remaining",
    "FORMAT": "{sign} [{plan} · ]{bars}[ · {binding.reset_in}][ · {age}]",
    "TOOLTIP_FORMAT": "{plan} {word}\n{windows}\n{weekly.label} {weekly.bar:20} {weekly.left_of} {weekly.reset}\n{age}",
    "THRESHOLDS": "50,80",
    "ICONS": "emoji",
    "LANGUAGE": "zh",
    "COLORS": "ok=#98c379,warning=#e5c07b,critical=#e06c75,stale=#5c6370",
    "REFRESH_INTERVAL": "3600",
}


class Stage:
    """One user's home, whose provider is the console."""

    def __init__(self, folder: Path, console: Console) -> None:
        """Nothing is stored yet."""
        self.folder = folder
        self.console = console
        inherited = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        self.plain = {**inherited, "HOME": str(folder), "CODEXBAR_CONFIG": f"{folder}/none", **console.environment}
        self.full = {**self.plain, **{f"CODINGPLAN_BAR_{name}": value for name, value in EVERY_OPTION.items()}}

    def grow_old(self, seconds: float) -> None:
        """Let the stored numbers be that old, as if nobody had asked since."""
        then = time.time() - seconds
        refresher = open_refresher(self.plain)
        stored = refresher.files.load().snapshot
        if stored is None:
            raise RuntimeError("nothing is stored yet")
        old: Snapshot = replace(stored, fetched_at=int(then))
        Refresher(refresher.files, replace(refresher.asker, ask=lambda _: ClientAnswer(old), now=lambda: then)).refresh(
            "always"
        )
        self.console.forget()

    def asked(self) -> int:
        """How often the console was asked for the quota."""
        return sum(request.path == "/data/api.json" for request in self.console.requests)

    def wait_for_quiet(self) -> None:
        """Wait until no refresh is under way in the background."""
        while list((self.folder / ".local/state/codingplan-bar").glob("*.asked")):
            time.sleep(0.02)
