"""swaybar with i3status-rust, polybar under Xvfb, and waybar on a headless sway: each a bar with its mirror."""

from __future__ import annotations

import html
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support.machine import need, until
from support.realbars.bar import Feed, Mirror, PictureBar, Raw
from support.realbars.screens import Sway

if TYPE_CHECKING:
    from support.realbars.room import Room
    from support.realbars.screens import Xvfb


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


# i3status-rust as a producer for swaybar: the real program, or a runner of its custom blocks where it is absent.


STATE_COLOURS = {
    "idle": ("#101418", "#93a1a1"),
    "info": ("#101418", "#3584e4"),
    "good": ("#101418", "#33d17a"),
    "warning": ("#b58900", "#000000"),
    "critical": ("#c01c28", "#ffffff"),
}
"""Background and foreground of each state: the theme `states`, which the runner has built in."""


def real_i3status(room: Room, config: str) -> str:
    """The command that runs the real i3status-rs with this configuration (TOML)."""
    need("i3status-rs")
    return f"i3status-rs {_written(room, config)}"


def i3status_runner(room: Room, config: str) -> str:
    """The command that runs the `custom` blocks of this configuration (TOML) by block_runner's rules."""
    return f"{room.readable(Path(sys.executable))} {_copied(room, 'block_runner.py')} {_written(room, config)}"


def _written(room: Room, config: str) -> Path:
    colours = [f'{name}_bg = "{back}"\n{name}_fg = "{front}"\n' for name, (back, front) in STATE_COLOURS.items()]
    room.write(".config/i3status-rust/themes/states.toml", "".join(colours))
    return room.write("i3status.toml", config)


def _copied(room: Room, name: str) -> Path:
    """A file of this package where the bar's account can read it."""
    return room.write(name, Path(__file__).with_name(name).read_text(encoding="utf-8"))


# polybar under Xvfb, with its mirror under another, and its own ini form, read and written.


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


POLYBAR_LOOK = """\
[bar/main]
width = 100%
height = 30
background = #101418
foreground = #e6e6e6
font-0 = DejaVu Sans Mono:size=10;2
modules-right = codingplan
"""
"""The bar of a test that brings only its module."""

POLYBAR_OWN_KEYS = ("exec", "exec-if", "tail", "interval", "interval-fail", "interval-if", "format-fail", "label-fail")
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
        module = {key: value for key, value in self._config[self._module].items() if key not in POLYBAR_OWN_KEYS}
        module |= {"type": "custom/script", "exec": feed.command, "tail": "true", "label": "%output%"}
        self.room.write("mirror.ini", write_ini({**self._config, self._module: module}))
        self._start("mirror.ini", screen, "mirror.log")
        return Mirror(screen, feed, "")

    def _line(self, pieces: tuple[str, ...], look: dict[str, Any]) -> str:
        """One line of polybar's format tags; it has no look but the tags themselves, given as Raw pieces."""
        if look:
            raise TypeError(f"polybar has no {', '.join(look)}")
        return "".join(piece if isinstance(piece, Raw) else piece.replace("%{", "%\u200b{") for piece in pieces)


# waybar on a headless sway, with its mirror on another.


WAYBAR_LOOK = """\
* { font-family: "DejaVu Sans Mono"; font-size: 13px; border-radius: 0; }
window#waybar { background: #101418; color: #e6e6e6; }
"""
JSONC = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
TRAILING_COMMA = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[]}])')
WAYBAR_OWN_KEYS = ("exec-if", "interval", "restart-interval", "signal", "escape", "format-icons")
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
        css: str = WAYBAR_LOOK,
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
        module = {key: value for key, value in self._config[self._module].items() if key not in WAYBAR_OWN_KEYS}
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
