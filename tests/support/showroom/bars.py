"""Each bar, started at home as its page says: the files copied where it tells, its own words for the configuration."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from support.machine import need, until
from support.realbars.bar import Raw
from support.realbars.picture_bars import POLYBAR_LOOK, WAYBAR_LOOK, Polybar, Swaybar, Waybar, real_i3status
from support.realbars.screens import Sway
from support.realbars.tmux import Tmux
from support.showroom.home import ROOT, snippets
from support.showroom.states import COLORS, Moment

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from support.realbars.room import Room
    from support.realbars.screens import Xvfb
    from support.showroom.home import Home

TMUX_LOOK = """
set -g status-left ''
set -g window-status-format ''
set -g window-status-current-format ''
set -g status-style 'fg=default,bg=default'
set -g status-interval 1
"""


def shortened(room: Room, name: str) -> None:
    """Name the home's files by `~`, as the pages do; the harness itself needs them whole."""
    text = (room.folder / name).read_text(encoding="utf-8")
    room.write(name, text.replace(f"{room.folder}/.config", "~/.config"))


class WaybarAtHome(Waybar):
    """The harness's, with a configuration that names its files by `~`."""

    def _start(self, config: str, screen: Sway, log: str) -> None:
        shortened(self.room, config)
        super()._start(config, screen, log)


class PolybarAtHome(Polybar):
    """The harness's, with a configuration that names its files by `~`."""

    def _start(self, config: str, screen: Xvfb, log: str) -> None:
        shortened(self.room, config)
        super()._start(config, screen, log)


class TmuxAtHome(Tmux):
    """The harness's, with a keyboard and all rows."""

    def press(self, *keys: str) -> None:
        """Press keys in the first client."""
        self._tmux("outer", "send-keys", "-t", "0:", *keys)

    def screen(self) -> str:
        """All rows of the first client."""
        return self._tmux("outer", "capture-pane", "-p", "-t", "0:")


def waybar(home: Home, screens: tuple[Sway, Sway], fragment: str = "codingplan.jsonc", **more: Any) -> WaybarAtHome:
    """waybar with the fragment included and the style imported. `interval` in seconds."""
    interval = ('"interval": 60', f'"interval": {more.pop("interval", 60)}')
    home.copied(f"waybar/{fragment}", ".config/waybar/codingplan.jsonc", interval)
    home.copied("waybar/codingplan.css", "codingplan.css")
    (words,) = snippets("waybar", "jsonc")
    config = words.replace(', "clock"', "").replace("~", str(home.room.folder))
    css = f'@import "codingplan.css";\n{WAYBAR_LOOK}'
    return WaybarAtHome(home.room, screens, f'{{"height": 30, {config}}}', css, **more)


def polybar(home: Home, screens: tuple[Xvfb, Xvfb], fragment: str = "codingplan.ini", **more: Any) -> PolybarAtHome:
    """polybar with the fragment included; `interval` in seconds."""
    interval = ("interval = 20", f"interval = {more.pop('interval', 20)}")
    home.copied(f"polybar/{fragment}", ".config/polybar/codingplan.ini", interval)
    (words,) = snippets("polybar", "ini")
    included = words.replace("codingplan date", "codingplan").replace("~", str(home.room.folder))
    look = "\n".join(line for line in POLYBAR_LOOK.split("\n") if line not in included)
    return PolybarAtHome(home.room, screens, f"{included}\n{look}", **more)


def tagged(moment: Moment) -> tuple[str, ...]:
    """What polybar shows in a state, with the tags of its colours."""
    return tuple(piece for text, state in moment.parts() for piece in _tagged(text, state))


def _tagged(text: str, state: str) -> tuple[str, ...]:
    color = COLORS.get(state)
    if state == "critical":
        return Raw(f"%{{B{color} F#000000}}"), f" {text} ", Raw("%{F- B-}")
    return (Raw(f"%{{F{color}}}"), text, Raw("%{F-}")) if color else (text,)


def i3status_rust(home: Home, evidence: Path, fragment: str = "codingplan.toml", **more: Any) -> Swaybar:
    """The real i3status-rust below swaybar, its block in a configuration of the user's own, once it shows something."""
    block = home.copied(f"i3status-rust/{fragment}", fragment).read_text(encoding="utf-8")
    producer = real_i3status(home.room, f'[theme]\ntheme = "states"\n{block}')
    return begun(Swaybar(home.room, producer, evidence=evidence, **more))


def i3blocks(home: Home, evidence: Path, fragment: str = "codingplan.conf", **more: Any) -> Swaybar:
    """i3blocks below swaybar, its block all that there is in the configuration, once it shows something."""
    need("i3blocks")
    config = home.copied(f"i3blocks/{fragment}", "i3blocks.conf")
    return begun(Swaybar(home.room, f"i3blocks -c {config}", evidence=evidence, **more))


def begun(bar: Swaybar) -> Swaybar:
    """The bar, once it has a block that says something."""
    until(lambda: block(bar), "the first block")
    return bar


def block(bar: Swaybar) -> dict[str, Any]:
    """The block that has a text; an empty one where there is none yet."""
    return next((one for one in bar.blocks() if one["full_text"].strip()), {})


def tmux_by_hand(home: Home, more: str = "", **options: Any) -> TmuxAtHome:
    """tmux as the page tells without a plugin manager; `more` are lines of the user's own."""
    lines = home.copied("tmux/codingplan.conf", "codingplan.conf").read_text(encoding="utf-8")
    return TmuxAtHome(home.room, TMUX_LOOK + lines.replace(" | %H:%M", "") + more, **options)


def tmux_by_plugin(home: Home, config: str, *, folder: str = "codingplan-bar", **options: Any) -> TmuxAtHome:
    """tmux with the repository's own plugin file, run as TPM does it; `config` are the user's own lines."""
    checkout = home.room.folder / ".tmux/plugins" / folder
    shutil.copytree(ROOT / "integrations/tmux", checkout / "integrations/tmux")
    shutil.copy(ROOT / "codingplan.tmux", checkout, follow_symlinks=False)
    home.room.script(
        "run-plugins", '#!/bin/sh\nfor file in ~/.tmux/plugins/*/*.tmux; do "$file" >/dev/null 2>&1; done\n'
    )
    return TmuxAtHome(home.room, f"{TMUX_LOOK}{config}\nrun-shell run-plugins\n", **options)


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
