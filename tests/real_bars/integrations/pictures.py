"""Makes the pictures of the pages of integrations/ from the real bars: run it with the tests' interpreter.

Needs what the tests need, and foot for those of tmux and of a terminal. Each shows some states, one below the other.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[2]))

from PIL import Image, ImageOps
from support.presence import need
from support.realbars.picture import Box, Picture
from support.realbars.sway import Sway
from support.showroom import bars
from support.showroom.installation import ROOT
from support.showroom.stage import Stage
from support.showroom.states import CRITICAL, OK, SIGNED_OUT, WARNING
from support.waiting import settled, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.realbars.bar import PictureBar, Verdict
    from support.showroom.home import Home
    from support.showroom.states import Moment

SHOWN = (WARNING, CRITICAL, OK, SIGNED_OUT)
MARGIN = 12
FRAME = 6
COLOURS = 256
WIDTH = 460
FONT = "DejaVu Sans Mono:size=10"
TERMINAL = ("foot", "-c", "/dev/null", "-o", f"font={FONT}", "-o", "csd.preferred=none", "-o", "pad=0x0")
TERMINAL_COLOURS = ("-o", "colors.background=101418", "-o", "colors.foreground=e6e6e6")
TMUX_STYLE = "set -g status-style 'fg=#e6e6e6,bg=#101418'\nset -g pane-border-style 'fg=#101418'\n"


def main() -> None:
    """Make all of them, or those that are named."""
    makers = {"waybar": waybar, "polybar": polybar, "i3status-rust": i3status_rust, "i3blocks": i3blocks}
    makers |= {"tmux": tmux, "ansi/status": terminal}
    for name in sys.argv[1:] or makers:
        folder, _, file = name.partition("/")
        path = ROOT / "integrations" / folder / f"{file or folder}.png"
        with Stage() as stage, tempfile.TemporaryDirectory() as evidence:
            save(makers[name](stage, Path(evidence)), path)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")  # noqa: T201


def waybar(stage: Stage, evidence: Path) -> Picture:
    """The states, and below them the tooltip of one."""
    home = stage.home()
    bar = bars.waybar(home, stage.wayland, **stage.for_waybar(evidence))
    states = life(home, bar, lambda moment: bar.shows(moment.markup(), **{"class": moment.classes}))
    OK.come(home)
    hovered = bar.hover()
    box = bar.screen.empty.difference(hovered)
    tooltip = Box(tooltip_left(hovered, bar.screen.empty, box), box.top, box.right, box.bottom)
    return stacked([*states, hovered.crop(tooltip)])


def tooltip_left(picture: Picture, empty: Picture, box: Box) -> int:
    """Where the tooltip begins: below the bar, the first pixel that is not the wallpaper's."""
    below = Box(box.left, 40, box.right, box.bottom)
    return below.left + empty.crop(below).difference(picture.crop(below)).left - MARGIN


def polybar(stage: Stage, evidence: Path) -> Picture:
    """The states."""
    home = stage.home()
    bar = bars.polybar(home, stage.x11, evidence=evidence)
    return stacked(life(home, bar, lambda moment: bar.shows(*bars.tagged(moment))))


def i3status_rust(stage: Stage, evidence: Path) -> Picture:
    """The states."""
    home = stage.home()
    bar = bars.i3status_rust(home, evidence)
    whole = ("signed_out", "stale", "error")  # of these the block has the colour, and not the text
    return stacked(life(home, bar, lambda moment: bar.shows(moment.text if moment.state in whole else moment.markup())))


def i3blocks(stage: Stage, evidence: Path) -> Picture:
    """The states."""
    home = stage.home()
    bar = bars.i3blocks(home, evidence)
    return stacked(life(home, bar, lambda moment: bar.shows(moment.markup())))


def life(home: Home, bar: PictureBar, shows: Callable[[Moment], Verdict]) -> list[Picture]:
    """The right end of the bar in each state, once it `shows` it."""
    seen = []
    for moment in SHOWN:
        moment.come(home)
        if not (verdict := shows(moment)):
            raise RuntimeError(f"{verdict!r}")
        picture = bar.settled()
        seen.append(picture.crop(Box(picture.width - WIDTH, 0, picture.width, 30)))
    return seen


def tmux(stage: Stage, _: Path) -> Picture:
    """The status line in each state, as a terminal draws it."""
    need("foot")
    home = stage.home()
    bar = bars.tmux_by_hand(home, TMUX_STYLE)
    screen = Sway(home.room, size=(560, 68), more="default_border none")
    command = (*TERMINAL, *TERMINAL_COLOURS, "tmux", "-u", "-S", str(home.room.runtime / "inner.socket"), "attach")
    home.room.start(*command, log="foot.log", environ=screen.environ)
    seen = []
    for moment in SHOWN:
        moment.come(home)
        until(lambda text=moment.text: bar.row() == text, moment.text)
        seen.append(settled(screen.picture, quiet=0.5))
    return stacked([picture.crop(Box(120, picture.height - 17, picture.width, picture.height)) for picture in seen])


def terminal(stage: Stage, _: Path) -> Picture:
    """What `codingplan-bar status` prints."""
    need("foot")
    home = stage.home()
    home.fetch(WARNING.mood)
    screen = Sway(home.room, size=(840, 208), more="default_border none")
    script = home.room.script(
        "shown", "#!/bin/sh\nprintf '$ codingplan-bar status\\n'; codingplan-bar status; exec sleep 100\n"
    )
    home.room.start(
        *TERMINAL,
        *TERMINAL_COLOURS,
        "-o",
        "cursor.color=101418 101418",
        str(script),
        log="foot.log",
        environ=screen.environ,
    )
    until(lambda: len(screen.picture().colours()) > 10, "the terminal")
    return settled(screen.picture, quiet=1.0)


def stacked(pictures: list[Picture]) -> Picture:
    """One below the other, each at the right end of what is as wide as the widest."""
    width = max(picture.width for picture in pictures)
    rows = b"".join(widened(picture, y, width) for picture in pictures for y in range(picture.height))
    return Picture(width, sum(picture.height for picture in pictures), rows)


def widened(picture: Picture, y: int, width: int) -> bytes:
    """A row with as many pixels like its first one in front as it is too short."""
    return picture.row(y)[:3] * (width - picture.width) + picture.row(y)


def save(picture: Picture, path: Path) -> None:
    """Write it as a PNG file of few colours and few bytes, with a frame of its first pixel's colour."""
    seen = Image.frombytes("RGB", picture[:2], picture.pixels)
    framed = ImageOps.expand(seen, border=FRAME, fill=tuple(picture.pixels[:3]))
    framed.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
