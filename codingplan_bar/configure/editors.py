"""What a bar's editor can do, and where each of them is found."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from codingplan_bar.configure.machine import Machine

EDITORS = {
    "waybar_style": "waybar:style",
    "waybar_style:dark": "waybar:dark",
    "waybar_style:light": "waybar:light",
    "i3status_rust": "panels.tables:i3status_rust",
    "i3blocks": "panels.i3blocks",
    "status_line:claude": "panels.status_line:claude",
    "status_line:qwen": "panels.status_line:qwen",
    "panels.starship": "panels.tables:starship",
}
"""Where an editor is that has another name: a module of this folder, or a value in it."""


class Editor(Protocol):
    """Who knows one file of one bar."""

    def place(self, machine: Machine) -> Path | None:
        """Which file of the user's it is, or None. Raises `LeftAlone` where it is not certain."""

    def changed(self, text: str, command: str) -> str:
        """The file's text with ours in it. Raises `LeftAlone`."""

    def taken(self, text: str) -> str:
        """The file's text without ours. Raises `LeftAlone`."""

    def unseen(self, text: str, path: Path, machine: Machine) -> str:
        """Why the bar would not show it with that text in that file: the name of the words for it, or nothing."""


class EditorOfSeveral(Protocol):
    """Who knows a file that may have several bars in it."""

    def bars(self, text: str) -> list[list[str]]:
        """The bars in a text, each by all of its names, the best first. Raises `LeftAlone`."""

    def started(self, machine: Machine) -> list[str]:
        """The names of those that run or that the desktop starts."""

    def bars_of(self, text: str) -> list[str]:
        """The names of the bars in which ours is, the first that of its own. Raises `LeftAlone`."""

    def changed(self, text: str, command: str, bars: Sequence[str]) -> str:
        """As an `Editor`'s, with the bars that come first. Raises `LeftAlone`."""


class EditorWithClick(Protocol):
    """Who knows a file whose bar can be clicked."""

    def pieces(self, text: str) -> list[tuple[int, int]]:
        """From where to where each piece of ours stands. Raises `LeftAlone`."""


class EditorWithPopup(Protocol):
    """Who knows a file that can give a key a popup."""

    def insist_on_key(self, key: str, text: str, machine: Machine) -> None:
        """Raises `LeftAlone` for a key that has a meaning by itself."""


def editor(name: str) -> Editor:
    """The editor of that name in `BARS`."""
    module, _, value = EDITORS.get(name, name).partition(":")
    found = import_module(f"codingplan_bar.configure.{module}")
    return cast("Editor", getattr(found, value) if value else found)
