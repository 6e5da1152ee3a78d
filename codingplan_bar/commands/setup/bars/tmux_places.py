"""Which file of the user's a tmux reads last: the one whose words about the status line stand."""

from __future__ import annotations

from pathlib import Path

from codingplan_bar.commands.setup.bars.machine import Machine

READ = ["tmux", "display-message", "-p", "#{config_files}"]
"""What a running tmux (3.2 and later) says that it has read, in order, with commas between."""


def place(machine: Machine) -> Path:
    """The file. Where no tmux runs, the last of its default places that is there, else `~/.tmux.conf`, new."""
    read = [Path(name) for name in (machine.said(READ) or "").strip().split(",") if name.startswith("/")]
    own = [path for path in read if path.is_file() and not path.is_relative_to("/etc")]
    return (own or [path for path in defaults(machine) if path.is_file()] or defaults(machine)[:1])[-1]


def defaults(machine: Machine) -> list[Path]:
    """Where tmux looks for the user's configuration; 3.1 and later read each that is there, in this order."""
    return [machine.home / ".tmux.conf", machine.settings / "tmux/tmux.conf", machine.home / ".config/tmux/tmux.conf"]
