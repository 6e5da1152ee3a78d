"""waybar on a headless sway, with its mirror on another."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support.presence import need
from support.realbars.bar import PictureBar
from support.realbars.mirror import Feed, Mirror, Raw

if TYPE_CHECKING:
    from support.realbars.room import Room
    from support.realbars.sway import Sway

PLAIN = """\
* { font-family: "DejaVu Sans Mono"; font-size: 13px; border-radius: 0; }
window#waybar { background: #101418; color: #e6e6e6; }
"""
JSONC = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
TRAILING_COMMA = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[]}])')
OWN_KEYS = ("exec-if", "interval", "restart-interval", "signal", "escape", "format-icons")
"""What says when and how the module's command runs: the mirror's module has its own command."""


def read_jsonc(text: str) -> Any:
    """The value of a JSON text in which comments and trailing commas may stand, as in waybar's configuration."""
    for unwanted in (JSONC, TRAILING_COMMA):
        text = unwanted.sub(lambda found: found[1] or "", text)
    return json.loads(text)


class Waybar(PictureBar):
    """A running waybar. The configuration is a dictionary, or a file's own text, which is used as it is."""

    trouble = re.compile(r"\[(error|critical)\]|-(WARNING|CRITICAL)")

    def __init__(
        self,
        room: Room,
        screens: tuple[Sway, Sway],
        config: dict[str, Any] | str,
        css: str = PLAIN,
        *,
        module: str = "custom/codingplan",
        bus: str,
        evidence: Path,
    ) -> None:
        need("waybar")
        super().__init__(room, screens[0], evidence)
        self._module, self._bus = module, bus
        text = config if isinstance(config, str) else json.dumps({"height": 30, **config})
        self._config = _with_includes(read_jsonc(text))
        room.write("waybar.css", css)
        room.write("waybar.json", text)
        self._start("waybar.json", screens[0], "bar.log")
        self.mirror = self._mirrored(screens[1])
        self._painted()

    def _start(self, config: str, screen: Sway, log: str) -> None:
        where = {**screen.environ, "GDK_BACKEND": "wayland", "DBUS_SESSION_BUS_ADDRESS": self._bus}
        self._run("waybar", "-c", config, "-s", "waybar.css", log=log, environ=where)

    def _mirrored(self, screen: Sway) -> Mirror:
        feed = Feed(self.room, "mirror.pipe")
        module = {key: value for key, value in self._config[self._module].items() if key not in OWN_KEYS}
        module |= {"exec": feed.command, "return-type": "json", "format": "{}"}
        self.room.write("mirror.json", json.dumps({**self._config, self._module: module}))
        self._start("mirror.json", screen, "mirror.log")
        return Mirror(screen, feed, json.dumps({"text": ""}))

    def _line(self, pieces: tuple[str, ...], look: dict[str, Any]) -> str:
        """One line of JSON for return-type json: `look` may hold class (a list), tooltip (plain or Raw)."""
        tooltip = look.get("tooltip")
        fields = {**look, "text": _markup(pieces)} | ({"tooltip": _markup((tooltip,))} if tooltip else {})
        return json_line(fields)


def json_line(fields: dict[str, Any]) -> str:
    """JSON whose backslashes waybar shows as they are: from 0.12 on it rewrites `\\x` before it reads the line."""
    return json.dumps(fields).replace("\\\\", "\\u005c")


def _markup(pieces: tuple[str, ...]) -> str:
    """Pango markup that shows plain text as it is (GLib's g_markup_escape_text does the same)."""
    return "".join(piece if isinstance(piece, Raw) else html.escape(piece) for piece in pieces)


def _with_includes(config: dict[str, Any]) -> dict[str, Any]:
    """The configuration with the files that it includes merged in; what stands in it itself wins."""
    names = config.get("include", [])
    for name in [names] if isinstance(names, str) else names:
        config = _merged(config, _with_includes(read_jsonc(Path(name).read_text(encoding="utf-8"))))
    return {key: value for key, value in config.items() if key != "include"}


def _merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    both = {key: _merged(first[key], second[key]) for key in first.keys() & second if isinstance(second[key], dict)}
    return {**second, **first, **both}
