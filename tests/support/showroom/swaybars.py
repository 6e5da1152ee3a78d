"""Several swaybars on one screen, one below the other, each fed by a program of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.presence import need
from support.realbars.sway import Sway
from support.waiting import until

if TYPE_CHECKING:
    from support.realbars.room import Room

HEIGHT = 30
"""Of a bar, in pixels."""
BAR = """\
bar {{
  id row-{number}
  swaybar_command true
  position top
  height {height}
  font pango:DejaVu Sans Mono 10
  workspace_buttons no
  tray_output none
  status_command {command}
}}
"""


def hang(room: Room, width: int, commands: list[str]) -> Sway:
    """A screen with a bar for each command that writes i3bar's protocol."""
    need("swaybar")
    bars = [BAR.format(number=number, height=HEIGHT, command=command) for number, command in enumerate(commands)]
    screen = Sway(room, size=(width, HEIGHT * len(commands)), more="".join(bars))
    for number in range(len(commands)):
        room.start("swaybar", "-b", f"row-{number}", log=f"row-{number}.log", environ=screen.environ)
        middle = HEIGHT * number + HEIGHT // 2
        until(lambda y=middle: screen.picture().row(y) != screen.empty.row(y), "a bar below the one before")
    return screen
