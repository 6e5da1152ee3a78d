"""A session bus of the room's own, on which nothing is started by being asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.presence import need
from support.waiting import until

if TYPE_CHECKING:
    from .room import Room

CONFIG = """\
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def start_bus(room: Room) -> str:
    """Start a message bus in the room and return its address (for DBUS_SESSION_BUS_ADDRESS)."""
    need("dbus-daemon")
    path = room.runtime / "bus"
    config = room.write("bus.conf", CONFIG.format(path=path))
    room.start("dbus-daemon", f"--config-file={config}", "--nofork", log="bus.log")
    until(path.exists, "the message bus")
    return f"unix:path={path}"
