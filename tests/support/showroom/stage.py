"""All that the scripts need to show the real bars outside of a test: screens, a console, a home."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, Self

from support.console.console import Console
from support.realbars.room import Room, start_bus
from support.realbars.sway import Sway
from support.realbars.xvfb import Xvfb
from support.showroom.home import Home
from support.showroom.installation import Installation

from codingplan_bar.demo import Usage

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any


class Stage:
    """Used with `with`: whatever was started ends with it."""

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        self.hall = self.room()
        self.console = self._stack.enter_context(Console())
        self.console.usage = Usage(step=0, resets_in=16 * 3_600)
        self.installation = Installation(self.hall.account)
        self._stack.callback(self.installation.remove)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def room(self) -> Room:
        """A new room."""
        made = Room()
        self._stack.callback(made.close)
        return made

    def home(self) -> Home:
        """A new home, of somebody who has never asked the console yet."""
        self.console.answer_quota = self.console.count
        return Home(self.room(), self.console, self.installation)

    @cached_property
    def wayland(self) -> tuple[Sway, Sway]:
        """Two screens for waybar."""
        return Sway(self.hall), Sway(self.hall)

    @cached_property
    def x11(self) -> tuple[Xvfb, Xvfb]:
        """Two screens for polybar."""
        return Xvfb(self.hall), Xvfb(self.hall)

    def for_waybar(self, evidence: Path) -> dict[str, Any]:
        """What the harness's waybar needs besides its screens."""
        return {"bus": self._bus, "evidence": evidence}

    @cached_property
    def _bus(self) -> str:
        return start_bus(self.hall)
