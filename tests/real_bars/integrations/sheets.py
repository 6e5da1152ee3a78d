"""Makes docs/pictures, and the first panel of each beside its bar's page, from the real bars.

Run it as `python tests/real_bars/integrations/sheets.py [NAME …]`.
Needs what the tests need, and foot for tmux and the terminal page. Each state comes from the golden files' cases; what
the bar is given is what its command prints, in the colours that are read from the configuration that the bar has.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[2]))

from support.machine import need, settled, until
from support.realbars.bar import hover
from support.realbars.room import Room, end, start_bus
from support.realbars.screens import Box, Sway, Xvfb
from support.records import DAY, Person
from support.showroom.home import ROOT
from support.showroom.sheets import BETWEEN, PANELS, SCENES, image, is_written, portrait, rows_of, sheet, stacked

from codingplan_bar import themes
from codingplan_bar.bars.view import View
from codingplan_bar.commands import status
from codingplan_bar.commands.history import chart
from codingplan_bar.commands.live_page import drawing
from codingplan_bar.configure.machine import Machine
from codingplan_bar.looks import bar_themes
from codingplan_bar.themes import Look
from codingplan_bar.words.en.commands import PAGE as ENGLISH
from codingplan_bar.words.zh.commands import PAGE as CHINESE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PIL import Image
    from support.realbars.screens import Picture
    from support.showroom.sheets import Panel

FOLDER = ROOT / "docs/pictures"
BESIDE = {"status": "ansi/status.png"}
ROW = 28
WIDTH = 470
PATIENCE = 90.0
"""Seconds for a bar to be drawn: the machine may be busy."""
QUIET = Machine({"HOME": "/nonexistent"})
FONT = "DejaVu Sans Mono"
TERMINAL = ("foot", "-c", "/dev/null", "-o", f"font={FONT}:size=10", "-o", "csd.preferred=none", "-o", "pad=0x0")
TERMINAL += ("-o", "term=xterm-256color")


def main() -> None:
    """Make all of them, or those that are named."""
    makers = {"waybar": Waybars, "polybar": Polybars, "tmux": Tmuxes, "i3blocks": Blocks, "status": Pages}
    makers |= {"i3status-rust": RustBlocks, "page": Watches, "history": Pasts}
    for name in sys.argv[1:] or makers:
        room = Room()
        try:
            maker = makers[name](room)
            panels = {panel: maker.panel(panel) for panel in PANELS}
            sheet(panels, FOLDER / f"{name}.png")
            if name not in {"page", "history"}:
                portrait(panels[PANELS[0]], ROOT / "integrations" / BESIDE.get(name, f"{name}/{name}.png"))
        finally:
            room.close()
        print(f"{name}: {(FOLDER / f'{name}.png').stat().st_size} bytes")  # noqa: T201


def drawn(look: Callable[[], Picture], height: int, count: int, *, quiet: float = 1.0) -> Picture:
    """The screen once something stands on each row, and it rests."""
    until(lambda: all(map(is_written, rows_of(look(), height, count))), "something on each row", within=PATIENCE)
    return settled(look, quiet=quiet, within=PATIENCE)


class Waybars:
    """One waybar with a bar a state, and a tooltip below them."""

    def __init__(self, room: Room) -> None:
        need("waybar")
        self.room, self.screen, self.bus = room, Sway(room, size=(WIDTH, ROW * len(SCENES) + 240)), start_bus(room)

    def panel(self, panel: Panel) -> Image.Image:
        """Every state, and the tooltip of one."""
        style = self.room.write("style.css", self.style(panel))
        look = bar_themes.waybar(style, QUIET)
        for number, line in enumerate(panel.printed("waybar", look)):
            self.room.write(f"{number}.json", line + "\n")
        module = {"return-type": "json", "interval": "once", "format": "{}"}
        rows = [{**module, "exec": f"cat {self.room.folder}/{number}.json"} for number in range(len(SCENES))]
        config = [
            {"height": ROW, "modules-right": ["custom/codingplan"], "custom/codingplan": row} for row in rows[::-1]
        ]
        self.room.write("waybar.json", json.dumps(config))
        where = {**self.screen.environ, "GDK_BACKEND": "wayland", "DBUS_SESSION_BUS_ADDRESS": self.bus}
        self.screen.move(0, self.screen.size[1] - 1)
        bar = self.room.start("waybar", "-c", "waybar.json", "-s", "style.css", log="waybar.log", environ=where)
        seen = drawn(self.screen.picture, ROW, len(SCENES))
        below = self.tooltip(seen, SCENES.index(panel.below))
        end(bar)
        until(lambda: self.screen.picture() == self.screen.empty, "the bar to be gone", within=PATIENCE)
        lines = seen.crop(Box(0, 0, seen.width, ROW * len(SCENES)))
        return stacked([image(lines), below], BETWEEN)

    def style(self, panel: Panel) -> str:
        """The user's own style: ours has none but a ground; the others import the palette's file."""
        if panel.is_ours:
            ground, text, first = panel.theme.ground, panel.theme.text, ""
        else:
            lines = (f"@define-color {name} {color};\n" for name, color in panel.named.items())
            self.room.write("palette.css", "".join(lines))
            ground, text, first = "@base", "@text", '@import "palette.css";\n'
        tip = f"tooltip {{ background: {ground}; border: 1px solid {text}; }}"
        tip += f" tooltip label {{ color: {text}; text-shadow: none; }}"
        rule = f"window#waybar {{ background: {ground}; color: {text}; }}"
        ours = (ROOT / "integrations/waybar/codingplan.css").read_text("utf-8")
        return f'{first}* {{ font-family: "DejaVu Sans"; font-size: 13px; }}\n{rule}\n{tip}\n{ours}'

    def tooltip(self, before: Picture, row: int) -> Image.Image:
        """What stands on the screen once the pointer rests on a row, and did not before."""
        hovered = hover(self.screen, (self.screen.size[0] - 60, row * ROW + ROW // 2))
        box = before.difference(hovered)
        if box is None:
            raise RuntimeError("no tooltip")
        self.screen.move(0, self.screen.size[1] - 1)
        return image(hovered.crop(box))


class Polybars:
    """A polybar a state, one below the other."""

    def __init__(self, room: Room) -> None:
        need("polybar")
        self.room, self.screen = room, Xvfb(room, size=(WIDTH, ROW * len(SCENES)))

    def panel(self, panel: Panel) -> Image.Image:
        """Every state."""
        path = self.room.write("config.ini", self.config(panel))
        look = bar_themes.polybar(path, QUIET)
        for number, line in enumerate(panel.printed("polybar", look)):
            self.room.write(f"{number}.txt", line + "\n")
        where = {"DISPLAY": self.screen.display}
        command = ("polybar", "-c", str(path), "-l", "error")
        running = [
            self.room.start(*command, str(number), log=f"{number}.log", environ=where) for number in range(len(SCENES))
        ]
        seen = drawn(self.screen.picture, ROW, len(SCENES))
        for each in running:
            end(each)
        until(lambda: self.screen.picture() == self.screen.empty, "the bars to be gone", within=PATIENCE)
        return image(seen)

    def config(self, panel: Panel) -> str:
        """Every bar, each with the module of one state; the colours by their names, as people have them.

        polybar 3.6 never draws what a command says just while it draws a bar first: it comes later.
        """
        named = {"base": panel.theme.ground, "text": panel.theme.text} if panel.is_ours else panel.named
        colors = "".join(f"{name} = {color}\n" for name, color in named.items())
        every = "background = ${colors.base}\nforeground = ${colors.text}\noverride-redirect = true\nwidth = 100%\n"
        every += f"height = {ROW}\nfont-0 = {FONT}:size=10;3\nfont-1 = Noto Sans CJK SC:size=10;3\npadding-right = 1\n"
        rows = (
            f"[bar/{n}]\n{every}offset-y = {n * ROW}\nmodules-right = m{n}\n"
            f"[module/m{n}]\ntype = custom/script\nexec = sleep 3; cat {self.room.folder}/{n}.txt\ninterval = 3600\n"
            for n in range(len(SCENES))
        )
        return f"[colors]\n{colors}{''.join(rows)}"


class Tmuxes:
    """tmux in foot, five states at once as the five lines that a status line can have."""

    LINES = 5

    def __init__(self, room: Room) -> None:
        need("tmux", "foot")
        self.room = room

    def panel(self, panel: Panel) -> Image.Image:
        """Every state."""
        config = self.config(panel)
        path = self.room.write("tmux.conf", config)
        look = bar_themes.tmux(path, QUIET)
        printed = panel.printed("tmux", look)
        pieces = [self.shown(panel, config, printed[at : at + self.LINES]) for at in range(0, len(printed), self.LINES)]
        return stacked(pieces, panel.theme.ground)

    def shown(self, panel: Panel, config: str, lines: list[str]) -> Image.Image:
        """Some states, one a line."""
        formats = []
        for number, line in enumerate(lines):
            file = self.room.write(f"{number}.txt", line + "\n")
            formats.append(f"set -g status-format[{number}] '#[align=right]#(cat {file}) '")
        count = f"set -g status {'on' if len(lines) == 1 else len(lines)}\nset -g status-interval 1\n"
        self.room.write("tmux.conf", config + count + "\n".join(formats) + "\n")
        command = ("tmux", "-u", "-2", "-f", str(self.room.folder / "tmux.conf"), "-S", str(self.room.runtime / "t"))
        try:
            return in_foot(self.room, panel, (*command, "new", "exec sleep 1000"), len(lines), from_below=len(lines))
        finally:
            self.room.run(*command, "kill-server")

    def config(self, panel: Panel) -> str:
        """The user's own status style: by the options that catppuccin's and other plugins set."""
        style = f"set -g status-style 'bg={panel.theme.ground},fg={panel.theme.text}'\n"
        true = "set -ga terminal-overrides ',*:RGB'\nset -g default-terminal tmux-256color\n"
        if panel.is_ours:
            return true + style
        return true + "".join(f"set -g @thm_{name} '{color}'\n" for name, color in panel.named.items()) + style


MORE = "json = true\ninterval = 3600\n"
CELL = 17
"""Pixels of a row of foot's in that font."""


def in_foot(
    room: Room, panel: Panel, command: tuple[str, ...], rows: int, *, from_below: int = 0, columns: int = 58
) -> Image.Image:
    """What a program shows in a terminal of the panel's colours: so many rows, or so many of the last ones."""
    screen = Sway(room, size=(columns * 8, (rows + (1 if from_below else 0)) * CELL), more="default_border none")
    ground, text = panel.theme.ground[1:], panel.theme.text[1:]
    colors = [f"colors.background={ground}", f"colors.foreground={text}", f"cursor.color={ground} {ground}"]
    options = [word for color in colors for word in ("-o", color)]
    running = room.start(*TERMINAL, *options, *command, log="foot.log", environ=screen.environ)
    top = CELL if from_below else 0
    below = Box(0, top, screen.size[0], screen.size[1])
    seen = drawn(lambda: screen.picture().crop(below), CELL, from_below or 1, quiet=2.0)
    end(running)
    return image(seen)


class Pages:
    """`status` in a terminal."""

    def __init__(self, room: Room) -> None:
        need("foot")
        self.room = room

    def panel(self, panel: Panel) -> Image.Image:
        """The page of one state."""
        scene = panel.scene(panel.below)
        view = View({**scene.facts, **themes.facts(panel.name)}, scene.snapshot.fetched_at + scene.later, {})
        lines = status.page(view, 60, colorful=True)[:-1]
        text = "\n".join(["$ codingplan-bar status", *lines])
        page = self.room.write("page.txt", text)
        script = self.room.script("page", f"#!/bin/sh\ncat {page}; exec sleep 1000\n")
        return in_foot(self.room, panel, (str(script),), len(lines) + 2, columns=62)


class Watches(Pages):
    """`status --watch`, as it stands in a window of its own."""

    SIZE = drawing.Size(64, 19)

    def panel(self, panel: Panel) -> Image.Image:
        """The page of one state, in a terminal that has said which ground it has."""
        scene = panel.scene(panel.below)
        facts = {**scene.facts, **themes.facts(panel.name)}
        view = View(facts, scene.snapshot.fetched_at + scene.later, {"COLORTERM": "truecolor"})
        words = CHINESE if panel.chinese else ENGLISH
        foot, shown = self.page(view, words)
        shown += [""] * (self.SIZE.rows - len(shown) - 2) + drawing.footer(foot, self.SIZE)
        told = "\n".join(drawing.painted(view, line, self.SIZE, panel.theme.ground) for line in shown)
        page = self.room.write("page.txt", told)
        script = self.room.script("page", f"#!/bin/sh\nprintf '\\033[?25l'; cat {page}; exec sleep 1000\n")
        return in_foot(self.room, panel, (str(script),), self.SIZE.rows + 1, columns=self.SIZE.columns)

    def page(self, view: View, words: Mapping[str, str]) -> tuple[drawing.Foot, list[str]]:
        """What stands below, and above it."""
        foot = drawing.Foot([(key, words[key]) for key in ("r", "o", "h", "?", "q")], ("o",))
        return foot, drawing.lines(view, self.SIZE, foot, words)


class Pasts(Watches):
    """The same after the key h: a week of somebody who works in the evenings."""

    SIZE = drawing.Size(64, 20)
    PEOPLE = (Person("evenings", 0.7, 3, window="five_hour"), Person("evenings", 0.9, 3))

    def page(self, view: View, words: Mapping[str, str]) -> tuple[drawing.Foot, list[str]]:
        """What stands below, and above it."""
        foot = drawing.Foot([("Esc", words["back"]), ("q", words["q"])])
        entries = sorted((entry for each in self.PEOPLE for entry in each.entries()), key=lambda entry: entry.at)
        end = entries[-1].at - 3 * DAY
        series = chart.series([entry for entry in entries if end - 7 * DAY <= entry.at < end])
        canvas = chart.Chart(self.SIZE.inner, end - 7 * DAY, end, view.words)
        return foot, drawing.past(series, canvas, self.SIZE, words)


class Swaybars:
    """A swaybar a state, one below the other, each with a status command of its own."""

    def __init__(self, room: Room) -> None:
        need("sway", "swaybar")
        self.room = room

    def panel(self, panel: Panel) -> Image.Image:
        """Every state."""
        facts = Look((), {self.bar: panel.theme})
        for number, line in enumerate(panel.printed(self.bar, facts)):
            self.room.write(f"{number}.txt", line + "\n")
        bars_of = "\n".join(self.block(panel, number) for number in range(len(SCENES)))
        screen = Sway(self.room, size=(WIDTH, 26 * len(SCENES)), more=bars_of)
        for count, number in enumerate(reversed(range(len(SCENES))), 1):  # in turn: each comes above those before it
            self.room.start("swaybar", "-b", f"b{number}", log=f"bar{number}.log", environ=screen.environ)
            drawn(screen.picture, 26, count, quiet=0.1)
        return image(drawn(screen.picture, 26, len(SCENES)))

    def block(self, panel: Panel, number: int) -> str:
        """sway's words for the bar of one state."""
        colors = f"colors {{\nbackground {panel.theme.ground}\nstatusline {panel.theme.text}\n}}"
        what = "swaybar_command true\nworkspace_buttons no\ntray_output none\nposition top\nheight 26\n"
        command = self.command(panel, number)
        return f"bar {{\nid b{number}\n{what}font pango:{FONT} 10\n{colors}\nstatus_command {command}\n}}"


class Blocks(Swaybars):
    """i3blocks."""

    bar = "i3blocks"

    def command(self, _: Panel, number: int) -> str:
        """Its command: a configuration with one block."""
        block = f"[codingplan]\ncommand=cat {self.room.folder}/{number}.txt\nformat=json\nmarkup=pango\ninterval=once\n"
        return f"i3blocks -c {self.room.write(f'{number}.conf', block)}"


class RustBlocks(Swaybars):
    """i3status-rust."""

    bar = "i3status-rust"

    def command(self, panel: Panel, number: int) -> str:
        """Its command: a configuration with one block, and the palette as a theme of the user's."""
        states = ("idle", "info", "good", "warning", "critical")
        theme = "".join(f'{s}_bg = "{panel.theme.ground}"\n{s}_fg = "{panel.theme.text}"\n' for s in states[:3])
        for state in states[3:]:
            theme += f'{state}_bg = "{panel.colors[state]}"\n{state}_fg = "{panel.theme.ground}"\n'
        self.room.write(".config/i3status-rust/themes/own.toml", theme + 'separator = ""\n')
        block = (
            f'[theme]\ntheme = "own"\n[[block]]\nblock = "custom"\ncommand = "cat {self.room.folder}/{number}.txt"\n'
        )
        return f"i3status-rs {self.room.write(f'{number}.toml', block + MORE)}"


if __name__ == "__main__":
    main()
