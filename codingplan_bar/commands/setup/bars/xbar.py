"""xbar (macOS): a plugin file in the one folder that it reads."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from codingplan_bar.commands.setup.bars import plugin_file
from codingplan_bar.commands.setup.bars.machine import Machine

changed = partial(plugin_file.changed, "xbar")
taken = plugin_file.taken


def place(machine: Machine) -> Path | None:
    """The file; None where there is no xbar: it makes the folder when it first runs."""
    folder = machine.home / "Library/Application Support/xbar/plugins"
    return folder / plugin_file.NAME if folder.is_dir() else None
