"""tmux's status row, read cell by cell: a private tmux whose clients live in the panes of another private tmux."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.presence import need

from .sgr import Run, read_runs
from .verdict import Verdict
from .waiting import until

if TYPE_CHECKING:
    from .room import Room

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

    def shows(self, text: str, *, client: int = 0, within: float = 5.0) -> Verdict:
        """Whether a client's lowest row holds exactly this text, spaces at the ends aside, now or `within` seconds."""
        try:
            until(lambda: self.row(client) == text.strip(), text, within=within)
        except TimeoutError:
            return Verdict(yes=False, reason=f"shows {self.row(client)!r}, not {text!r}")
        return Verdict(yes=True, reason=f"shows {text!r}")

    def changed(self, since: str, *, client: int = 0, within: float = 10.0) -> str:
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
