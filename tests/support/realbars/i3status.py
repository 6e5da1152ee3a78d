"""i3status-rust as a producer for swaybar: the real program, or a runner of its custom blocks where it is absent."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from support.presence import need

if TYPE_CHECKING:
    from support.realbars.room import Room

STATES = {
    "idle": ("#101418", "#93a1a1"),
    "info": ("#101418", "#3584e4"),
    "good": ("#101418", "#33d17a"),
    "warning": ("#b58900", "#000000"),
    "critical": ("#c01c28", "#ffffff"),
}
"""Background and foreground of each state: the theme `states`, which the runner has built in."""


def real(room: Room, config: str) -> str:
    """The command that runs the real i3status-rs with this configuration (TOML)."""
    need("i3status-rs")
    return f"i3status-rs {_written(room, config)}"


def runner(room: Room, config: str) -> str:
    """The command that runs the `custom` blocks of this configuration (TOML) by block_runner's rules."""
    return f"{room.readable(Path(sys.executable))} {_copied(room, 'block_runner.py')} {_written(room, config)}"


def _written(room: Room, config: str) -> Path:
    colours = [f'{name}_bg = "{back}"\n{name}_fg = "{front}"\n' for name, (back, front) in STATES.items()]
    room.write(".config/i3status-rust/themes/states.toml", "".join(colours))
    return room.write("i3status.toml", config)


def _copied(room: Room, name: str) -> Path:
    """A file of this package where the bar's account can read it."""
    return room.write(name, Path(__file__).with_name(name).read_text(encoding="utf-8"))
