"""What runs on this machine for this user, and what its programs say: by that a bar's configuration is found."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from codingplan_bar.commands.setup.bars.machine import Machine
from codingplan_bar.fetch.circumstances import without_secrets

PATIENCE = 2.0
"""Seconds for a program that is asked something."""


def machine(environ: Mapping[str, str]) -> Machine:
    """The machine as the bars' modules ask for it."""
    return Machine(environ, said=said, running=running(environ.get("HOME", "")))


def said(command: list[str]) -> str | None:
    """What a program prints; None where there is none, it fails, or takes longer than two seconds."""
    environ = without_secrets(os.environ)
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True, env=environ)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace")


def running(home: str) -> list[list[str]]:
    """The words of each process of this user, but for those that were given another home, with files of its own."""
    return _in_proc(Path("/proc"), home) if sys.platform == "linux" else _by_ps()


def _in_proc(folder: Path, home: str) -> list[list[str]]:
    found = []
    for path in folder.glob("[0-9]*"):
        try:
            if path.stat().st_uid == os.getuid() and _home(path) == home:
                found.append(_texts(path / "cmdline"))
        except OSError:
            continue  # it has just ended, or nobody may look into it
    return [words for words in found if words[0]]


def _home(process: Path) -> str:
    variables = _texts(process / "environ")
    return next((each.removeprefix("HOME=") for each in variables if each.startswith("HOME=")), "")


def _texts(path: Path) -> list[str]:
    return path.read_bytes().decode("utf-8", "surrogateescape").rstrip("\0").split("\0")


def _by_ps() -> list[list[str]]:
    lines = (said(["ps", "-x", "-o", "command="]) or "").splitlines()
    return [line.split() for line in lines if line.strip()]
