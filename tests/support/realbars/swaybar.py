"""swaybar, the reader of i3bar's protocol that ships with sway, fed by any program that writes it."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

from support.presence import need
from support.realbars.bar import PictureBar
from support.realbars.mirror import Feed, Mirror, Raw
from support.realbars.sway import Sway
from support.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from support.realbars.room import Room

BAR = """\
bar real {{
  swaybar_command true
  position top
  height 30
  font pango:DejaVu Sans Mono 10
  workspace_buttons no
  tray_output none
  colors {{
    background #101418
    statusline #e6e6e6
  }}
  {more}
  status_command {command}
}}
"""
STATUS = """\
#!/bin/sh
sh -c 'echo $$ >status.pid; exec {producer}' | tee status.lines
"""
BLANK = "[],"
UNSEEN = ("", "<span/>")
"""The text of blocks that i3status-rust writes for order's sake only."""


class Swaybar(PictureBar):
    """A swaybar whose status command is `producer` (a shell's words, without single quotes).

    It has a sway of its own, which would start it too early itself (hence `swaybar_command true`); `more` goes into
    sway's `bar`. Without pieces `shows` means no block at all.
    """

    trouble = re.compile(r"\[ERROR\]")

    def __init__(
        self, room: Room, producer: str, *, more: str = "", size: tuple[int, int] = (1400, 60), evidence: Path
    ) -> None:
        need("swaybar")
        command = room.script("status", STATUS.format(producer=producer))
        screen = Sway(room, size=size, more=BAR.format(more=more, command=command))
        super().__init__(room, screen, evidence)
        self._more = more
        self._start(screen, "bar.log")
        self.mirror = self._mirrored()
        self._painted()

    @property
    def pid(self) -> int:
        """The producer's process, not swaybar's: that is whom signals are for."""
        number = self.room.folder / "status.pid"
        until(lambda: number.exists() and number.read_text(), "the status command")
        return int(number.read_text())

    def blocks(self) -> list[dict[str, Any]]:
        """The blocks of the last status line that the producer wrote; none before the first."""
        lines = (self.room.folder / "status.lines").read_text(encoding="utf-8").split("\n")[2:-1]
        return json.loads(lines[-1].strip(",")) if lines else []

    def _start(self, screen: Sway, log: str) -> None:
        self._run("swaybar", "-b", "real", log=log, environ=screen.environ)

    def _mirrored(self) -> Mirror:
        feed = Feed(self.room, "mirror.pipe")
        bar = BAR.format(more=self._more, command=feed.command)
        screen = Sway(self.room, size=self.screen.size, more=bar)
        feed.say('{"version": 1, "click_events": true}\n[')
        self._start(screen, "mirror.log")
        return Mirror(screen, feed, BLANK)

    def _line(self, pieces: tuple[str, ...], look: dict[str, Any]) -> str:
        """The producer's present line with the expected text in the block that is meant, in all else as it is.

        `look` may hold block (which one of those that have a text, from 0) and field (full_text, or short_text
        where the bar is narrow). The format's own spaces around the text are kept.
        """
        place, field = look.get("block", 0), look.get("field", "full_text")
        blocks = self.blocks()
        seen = [block for block in blocks if block.get(field, "").strip() not in UNSEEN]
        if place >= len(seen):
            return BLANK
        was = seen[place][field]
        text = "".join(piece if isinstance(piece, Raw) else html.escape(piece) for piece in pieces)
        seen[place][field] = was.replace(was.strip(), text)
        return json.dumps(blocks) + ","
