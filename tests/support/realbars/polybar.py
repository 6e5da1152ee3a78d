"""polybar under Xvfb, with its mirror under another, and its own ini form, read and written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support.presence import need
from support.realbars.bar import PictureBar
from support.realbars.mirror import Feed, Mirror, Raw

Sections = dict[str, dict[str, str]]


def read_ini(text: str) -> Sections:
    """Sections with their keys, in order; included files are read where they are named (`include-file`)."""
    sections: Sections = {}
    _read_into(sections, "", text)
    return sections


def write_ini(sections: Sections) -> str:
    """The text of an ini file with these sections."""
    parts = []
    for name, keys in sections.items():
        parts += [f"[{name}]", *(f"{key} = {value}" for key, value in keys.items()), ""]
    return "\n".join(parts)


def _read_into(sections: Sections, section: str, text: str) -> None:
    for line in (raw.strip() for raw in text.split("\n")):
        if not line or line[0] in ";#":
            continue
        if line.startswith("["):
            section = line.strip("[]")
            sections.setdefault(section, {})
            continue
        key, value = (part.strip() for part in line.split("=", 1))
        if key == "include-file":
            _read_into(sections, section, Path(value).read_text(encoding="utf-8"))
        else:
            sections[section][key] = value


if TYPE_CHECKING:
    from support.realbars.room import Room
    from support.realbars.xvfb import Xvfb

PLAIN = """\
[bar/main]
width = 100%
height = 30
background = #101418
foreground = #e6e6e6
font-0 = DejaVu Sans Mono:size=10;2
modules-right = codingplan
"""
"""The bar of a test that brings only its module."""

OWN_KEYS = ("exec", "exec-if", "tail", "interval", "interval-fail", "interval-if", "format-fail", "label-fail")
"""What says when and how the module's command runs: the mirror's module has its own command."""


class Polybar(PictureBar):
    """A running polybar; `config` is its configuration file's own text, which is used as it is."""

    trouble = re.compile(r"polybar\|(error|warn): +(?! |No monitor specified|Dropping unmatched character \u200b)")

    def __init__(
        self,
        room: Room,
        screens: tuple[Xvfb, Xvfb],
        config: str,
        *,
        bar: str = "main",
        module: str = "codingplan",
        evidence: Path,
    ) -> None:
        need("polybar")
        super().__init__(room, screens[0], evidence)
        self._bar, self._module = bar, f"module/{module}"
        self._config = read_ini(config)
        room.write("polybar.ini", config)
        self._start("polybar.ini", screens[0], "bar.log")
        self.mirror = self._mirrored(screens[1])
        self._painted()

    def _start(self, config: str, screen: Xvfb, log: str) -> None:
        command = ("polybar", "-c", config, "-l", "warning", self._bar)
        self._run(*command, log=log, environ={"DISPLAY": screen.display})

    def _mirrored(self, screen: Xvfb) -> Mirror:
        feed = Feed(self.room, "mirror.pipe")
        module = {key: value for key, value in self._config[self._module].items() if key not in OWN_KEYS}
        module |= {"type": "custom/script", "exec": feed.command, "tail": "true", "label": "%output%"}
        self.room.write("mirror.ini", write_ini({**self._config, self._module: module}))
        self._start("mirror.ini", screen, "mirror.log")
        return Mirror(screen, feed, "")

    def _line(self, pieces: tuple[str, ...], look: dict[str, Any]) -> str:
        """One line of polybar's format tags; it has no look but the tags themselves, given as Raw pieces."""
        if look:
            raise TypeError(f"polybar has no {', '.join(look)}")
        return "".join(piece if isinstance(piece, Raw) else piece.replace("%{", "%\u200b{") for piece in pieces)
