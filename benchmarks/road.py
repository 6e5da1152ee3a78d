"""How far a reader walks: the files of the package that a command goes through, and how often it changes file.

    python benchmarks/road.py

Counted by `sys.setprofile`, a call at a time, without the calls by which a module is imported. The provider is the
demo's, in this process, and the home an empty folder: nothing is asked, nothing of the user's is read.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import codingplan_bar
from codingplan_bar.commands.demo import empty_home
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.commands.setup import setup
from codingplan_bar.demo_provider import provider

PACKAGE = str(Path(codingplan_bar.__file__).parent) + os.sep
WANTED = {"fetch": (42, 300), "setup waybar --write": (20, 40)}


class Walk:
    """The files in the order in which they are entered; one after the other counts once."""

    def __init__(self) -> None:
        """Nothing is entered yet."""
        self.files: list[str] = []

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        """What `sys.setprofile` tells."""
        name = frame.f_code.co_filename
        inside = name.startswith(PACKAGE) and frame.f_code.co_name != "<module>"
        if event == "call" and inside and (not self.files or self.files[-1] != name):
            self.files.append(name)


def fetch(environ: dict[str, str]) -> None:
    """A first refresh, with nothing stored."""
    open_refresher(environ, transport=lambda _: provider(time.time)).refresh("always")


def setup_waybar(environ: dict[str, str]) -> None:
    """Put the module into a small configuration."""
    config = Path(environ["HOME"]) / ".config/waybar/config.jsonc"
    config.parent.mkdir(parents=True)
    config.write_text('{\n  "modules-right": ["clock"]\n}\n')
    before, silent = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    try:
        setup("waybar", write=True, undo=False, environ=environ)
    finally:
        os.dup2(before, 1)


def walked(does: Callable[[dict[str, str]], None], environ: dict[str, str]) -> Walk:
    """The second of two walks in homes alike: by then all is imported.

    It begins in a second of its own, since what has the same text as before is decoded once.
    """
    time.sleep(1 - time.time() % 1)
    walk = Walk()
    sys.setprofile(walk)
    try:
        does(environ)
    finally:
        sys.setprofile(None)
    return walk


def main() -> None:
    """Print a row a command."""
    sys.stdout.write(f"{'command':22} {'files':>6} {'changes':>8}   wanted\n")
    for name, does in (("fetch", fetch), ("setup waybar --write", setup_waybar)):
        for _ in range(2):
            with tempfile.TemporaryDirectory() as home:
                plain = {"HOME": home, "PATH": os.defpath}
                walk = walked(does, empty_home(plain, home) if does is fetch else plain)
        files, changes = WANTED[name]
        sys.stdout.write(f"{name:22} {len(set(walk.files)):6} {len(walk.files):8}   ≤ {files}, ≤ {changes}\n")


if __name__ == "__main__":
    main()
