"""tmux's status row, read cell by cell: a private tmux whose clients live in the panes of another private tmux.

A row's styles are read as SGR escape sequences (ECMA-48, 8.3.117), as runs of one style.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from support.machine import LONGEST, need, until
from support.realbars.bar import Verdict

SEQUENCE = re.compile(r"\x1b\[([0-9;:]*)m")
NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
MARKS = {1: "bold", 2: "dim", 3: "italics", 4: "underscore", 5: "blink", 7: "reverse", 8: "hidden", 9: "strikethrough"}
ENDS = {22: {"bold", "dim"}, **{20 + code: {mark} for code, mark in MARKS.items() if code > 2}}


class Style(NamedTuple):
    """Colours in tmux's words (`red`, `brightred`, `colour208`, `#ff5555`; None: the terminal's own) and marks."""

    colour: str | None = None
    background: str | None = None
    marks: frozenset[str] = frozenset()


class Run(NamedTuple):
    """Text in one style."""

    text: str
    style: Style


def read_runs(row: str) -> list[Run]:
    """The runs of a row that contains escape sequences; neighbours differ in style."""
    parts = SEQUENCE.split(row)
    style, pairs = Style(), [(Style(), parts[0])]
    for codes, text in zip(parts[1::2], parts[2::2], strict=True):
        style = _applied(style, [int(code or 0) for code in re.split("[;:]", codes)])
        pairs.append((style, text))
    filled = [(one, text) for one, text in pairs if text]
    return [Run("".join(text for _, text in group), one) for one, group in groupby(filled, lambda pair: pair[0])]


def _applied(style: Style, codes: list[int]) -> Style:
    while codes:
        code = codes.pop(0)
        if code in (38, 48):
            style = _painted(style, code, _long_colour(codes))
        elif code == 0:
            style = Style()
        elif code in MARKS:
            style = style._replace(marks=style.marks | {MARKS[code]})
        elif code in ENDS:
            style = style._replace(marks=style.marks - ENDS[code])
        else:
            style = _painted(style, code, _short_colour(code))
    return style


def _painted(style: Style, code: int, colour: str | None) -> Style:
    if code // 10 in (4, 10):
        return style._replace(background=colour)
    return style._replace(colour=colour)


def _short_colour(code: int) -> str | None:
    """30-37, 40-47 and their bright kin 90-97, 100-107; 39 and 49 are the terminal's own."""
    if code % 10 == 9 and code < 90:
        return None
    return ("bright" if code >= 90 else "") + NAMES[code % 10]


def _long_colour(codes: list[int]) -> str:
    """What follows 38 or 48: 5 and a number, or 2 and red, green, blue."""
    if codes.pop(0) == 5:
        return f"colour{codes.pop(0)}"
    red, green, blue = (codes.pop(0) for _ in range(3))
    return f"#{red:02x}{green:02x}{blue:02x}"


if TYPE_CHECKING:
    from support.realbars.room import Room

ROWS = 6
IDLE = "exec sleep 86400"
"""What runs in tmux's window: nothing that prints."""


class Tmux:
    """A tmux server with this configuration and a client; `pid` is the server's."""

    def __init__(self, room: Room, config: str, *, columns: int = 120) -> None:
        need("tmux")
        self._room = room
        self.pid = self._serve("inner", config)
        self._serve("outer", "set -g default-terminal screen-256color\nset -g status off\n")
        self._clients = 0
        self.attach(columns)

    def attach(self, columns: int = 120) -> int:
        """Attach one more client, `columns` wide, to the same session, and return its number (the first has 0)."""
        number, self._clients = self._clients, self._clients + 1
        inner = f"tmux -u -2 -T RGB -S {self._socket('inner')} new-session -A -s main '{IDLE}'"
        size = ("-x", str(columns), "-y", str(ROWS))
        self._tmux("outer", "new-session", "-d", "-s", str(number), *size, f"exec env -u TMUX {inner}")
        until(lambda: self._attached() == self._clients, f"tmux's client {number}")
        return number

    def command(self, *words: str) -> str:
        """Run a command of tmux in the server and return what it printed."""
        return self._tmux("inner", *words)

    def row(self, client: int = 0) -> str:
        """The lowest row of a client as plain text, without the spaces at its ends."""
        return self._captured(client).strip()

    def runs(self, client: int = 0) -> list[Run]:
        """The lowest row of a client with its styles, every cell of it."""
        return read_runs(self._captured(client, "-e", "-N"))

    def shows(self, text: str, *, client: int = 0, within: float = LONGEST) -> Verdict:
        """Whether a client's lowest row holds exactly this text, spaces at the ends aside, now or `within` seconds."""
        try:
            until(lambda: self.row(client) == text.strip(), text, within=within)
        except TimeoutError:
            return Verdict(yes=False, reason=f"shows {self.row(client)!r}, not {text!r}")
        return Verdict(yes=True, reason=f"shows {text!r}")

    def changed(self, since: str, *, client: int = 0, within: float = LONGEST) -> str:
        """Wait until the row is another than `since`, and return it."""
        until(lambda: self.row(client) != since, "a changed row", within=within)
        return self.row(client)

    def refresh(self, client: int = 0) -> None:
        """Have one client's status drawn anew, its commands run again (refresh-client -S)."""
        self.command("refresh-client", "-S", "-t", self._terminal(client))

    def resize(self, columns: int, client: int = 0) -> None:
        """Make one client's terminal wider or narrower."""
        self._tmux("outer", "resize-window", "-t", f"{client}:", "-x", str(columns))

    def click(self, column: int, button: str = "left", client: int = 0) -> None:
        """Press and release a mouse button on a cell of the lowest row (columns count from 0); needs `mouse on`."""
        code = {"left": 0, "middle": 1, "right": 2}[button]
        for kind in "Mm":
            self._tmux("outer", "send-keys", "-t", f"{client}:", "-l", f"\x1b[<{code};{column + 1};{ROWS}{kind}")

    def _serve(self, name: str, config: str) -> int:
        path = self._room.write(f"{name}.conf", config)
        server = self._room.start("tmux", "-D", "-f", str(path), "-S", self._socket(name), log=f"{name}.log")
        until(lambda: self._answers(name), f"the {name} tmux")
        return server.pid

    def _attached(self) -> int:
        try:
            return self.command("list-clients").count("\n")
        except OSError:  # there is no session yet
            return 0

    def _answers(self, name: str) -> bool:
        try:
            self._tmux(name, "start-server")
        except OSError:
            return False
        return True

    def _captured(self, client: int, *options: str) -> str:
        lowest = ("-S", str(ROWS - 1), "-E", str(ROWS - 1))
        return self._tmux("outer", "capture-pane", "-p", *options, *lowest, "-t", f"{client}:").rstrip("\n")

    def _terminal(self, client: int) -> str:
        return self._tmux("outer", "display-message", "-p", "-t", f"{client}:", "#{pane_tty}").strip()

    def _socket(self, name: str) -> str:
        return str(self._room.runtime / f"{name}.socket")

    def _tmux(self, name: str, *words: str) -> str:
        return self._room.run("tmux", "-u", "-N", "-S", self._socket(name), *words).decode()
