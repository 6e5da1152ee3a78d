"""SwiftBar (macOS): a plugin file in the folder that its user has chosen."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from codingplan_bar.commands.setup.bars import plugin_file
from codingplan_bar.commands.setup.bars.machine import Machine

CHOSEN = ["defaults", "read", "com.ameba.SwiftBar", "PluginDirectory"]

changed = partial(plugin_file.changed, "swiftbar")
taken = plugin_file.taken


def place(machine: Machine) -> Path | None:
    """The file; None where no folder has been chosen yet, or this is no Mac."""
    folder = (machine.said(CHOSEN) or "").strip()
    if folder.startswith("~/"):
        folder = str(machine.home / folder[2:])
    return Path(folder, plugin_file.NAME) if folder.startswith("/") else None
