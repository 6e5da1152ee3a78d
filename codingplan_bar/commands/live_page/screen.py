"""The terminal: its other screen, its keys, and how it is given back. The only file that knows termios."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import termios
import time
from collections.abc import Callable, Iterator, Sequence

from codingplan_bar.bars.watch import hear
from codingplan_bar.commands.live_page.drawing import Size
from codingplan_bar.storage import ENDING

ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J"
"""xterm's other screen (ctlseqs), no cursor, and no line goes on in the next row; all of it cleared."""
LEAVE = "\x1b[0m\x1b[H\x1b[J\x1b[?7h\x1b[?25h\x1b[?1049l"
"""The same back. Cleared first: a console without another screen would keep the page."""
ASK_GROUND = "\x1b]11;?\x1b\\"
"""What colour the ground has (xterm's ctlseqs, OSC 11); a terminal that does not know it says nothing."""
GROUND = re.compile(rb"\x1b\]11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})")
NEVER_ASKED = ("linux", "eterm")
"""Terminals that print such a question, or a part of it (by TERM)."""
ANSWER_WITHIN = 0.3
"""Seconds for an answer that is still under way when the page ends: it must not reach the shell."""
PATIENCE = 1.0
"""Seconds that a terminal which takes nothing any longer may hold up the end."""
REST_OF_A_KEY = 0.05
"""Seconds within which the rest of a key comes that begins with ESC; alone it is Esc."""
USUAL = Size(80, 24)
"""Where a terminal does not know how large it is."""

GONE = (EOFError, OSError, termios.error)
"""What is raised where the terminal has gone."""


def is_there(term: str | None) -> bool:
    """Whether standard input and output are a terminal that can put a text anywhere; `term` is TERM."""
    return os.isatty(0) and os.isatty(1) and term != "dumb"


class FirstSignal:
    """Ends the program in good order at the first of the signals that end it; the ones after it change nothing."""

    def __init__(self) -> None:
        """None has come."""
        self.has_begun = False

    def end(self, *_: object) -> None:
        """The handler of each."""
        if not self.has_begun:
            self.has_begun = True
            raise SystemExit(0)


class Screen:
    """The terminal while the page is shown: taken over for some work, and given back however that ends."""

    def __init__(self) -> None:
        """Remember how it is; nothing is changed yet. Raises one of `GONE`."""
        self._before = termios.tcgetattr(0)
        self.ground = ""
        """The colour that the terminal has said its ground has; empty before its answer, or without one."""
        self._asked_at: float | None = None
        self._shown: list[str] = []
        self._size = USUAL
        self._is_lost = True

    def ask_ground(self, term: str) -> None:
        """Ask for the ground's colour: the answer comes among the keys, whenever it does."""
        if not term.startswith(NEVER_ASKED):
            self._asked_at = time.monotonic()

    def lend(self, work: Callable[[], None]) -> None:
        """Do some work that draws. The signals that end it count once, so that none keeps what was taken."""
        ending = FirstSignal()
        hear(ENDING, ending.end)
        signal.signal(signal.SIGTSTP, self._stop)
        signal.signal(signal.SIGCONT, self._lose)
        signal.signal(signal.SIGWINCH, lambda *_: None)  # it wakes who sleeps
        try:
            try:
                work()
            finally:
                ending.has_begun = True
        finally:
            with contextlib.suppress(OSError, termios.error):
                self._await_answer()
            self._give_back()

    def _lose(self, *_: object) -> None:
        self._is_lost = True

    def _take(self) -> None:
        """Each key at once and none of them shown; Ctrl-C and Ctrl-Z stay signals, Ctrl-S stops nothing."""
        raw = [*self._before[:6], list(self._before[6])]
        raw[0] &= ~termios.IXON
        raw[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
        raw[6][termios.VMIN], raw[6][termios.VTIME] = 1, 0
        termios.tcsetattr(0, termios.TCSADRAIN, raw)
        is_asked = self._asked_at is not None and not self.ground
        _put(ASK_GROUND + ENTER if is_asked else ENTER)
        self._shown, self._is_lost = [], False

    def _give_back(self) -> None:
        """As it was. A terminal that has gone, or takes nothing, is left alone."""
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(0, termios.TCSANOW, self._before)
        with contextlib.suppress(OSError):
            if select.select([], [1], [], PATIENCE)[1]:
                _put(LEAVE)

    def _await_answer(self) -> None:
        """Take an answer that is under way, and throw it away. Raises OSError, termios.error."""
        asked, self._asked_at = self._asked_at, None
        if asked is None or self.ground or time.monotonic() - asked > PATIENCE:
            return
        if select.select([0], [], [], ANSWER_WITHIN)[0]:
            termios.tcflush(0, termios.TCIFLUSH)

    def _stop(self, *_: object) -> None:
        """Ctrl-Z: the shell has its terminal until it lets this go on. Without such a shell the kernel stops none."""
        self._give_back()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._stop)
        self._lose()

    @property
    def size(self) -> Size:
        """How large it is now."""
        try:
            columns, rows = os.get_terminal_size(1)
        except OSError:
            columns = rows = 0
        return Size(columns or USUAL.columns, rows or USUAL.rows)

    def draw(self, lines: Sequence[str], size: Size) -> None:
        """Show these lines, which are ready for a terminal: in one write, and only those that have changed."""
        if self._is_lost:
            self._take()
        lines = [*lines[: size.rows], *[""] * (size.rows - len(lines))]
        old = self._shown if size == self._size and self._shown else [None] * size.rows
        rows = enumerate(zip(lines, old, strict=True), 1)
        moves = [f"\x1b[{row};1H\x1b[2K{line}" for row, (line, before) in rows if line != before]
        self._shown, self._size = lines, size
        if moves:
            _put("".join(moves))

    def pressed(self) -> Iterator[str]:
        """The keys that were pressed. Raises EOFError where the terminal has gone."""
        typed = os.read(0, 1024)
        if not typed:
            raise EOFError
        while (
            re.search(rb"\x1b(?:[\[O][0-9;?]*|\][^\x07\x1b]*)?\Z", typed)
            and select.select([0], [], [], REST_OF_A_KEY)[0]
        ):
            typed += os.read(0, 1024)
        if told := GROUND.search(typed):
            self.ground = hexed(told.groups())
        return keys_in(typed)


def hexed(channels: Sequence[bytes]) -> str:
    """The channels, each 1 to 4 hexadecimal digits, as `#rrggbb`."""
    return "#" + "".join(f"{round(int(each, 16) * 255 / (16 ** len(each) - 1)):02x}" for each in channels)


NAMED = {
    "\x1b[A": "up",
    "\x1bOA": "up",
    "\x1b[B": "down",
    "\x1bOB": "down",
    "\x1b[5~": "page up",
    "\x1b[6~": "page down",
    "\t": "tab",
    "\x1b": "esc",
    "\x03": "q",
    "\x04": "q",
    "？": "?",
}
"""Keys that are not their own letter: what xterm sends, and what a Chinese keyboard does."""
SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1bO.|\x1b[\]PX^_].*?(?:\x07|\x1b\\|\Z)|\x1b[^\x1b]|.", re.DOTALL)
"""A key that is a sequence (ECMA-48, 5.4), an answer of a terminal, Alt with a key, or one key."""


def keys_in(typed: bytes) -> Iterator[str]:
    """The keys in what a terminal sent: a letter in lower case, or a name."""
    for each in SEQUENCE.findall(typed.decode("utf-8", "ignore")):
        name = NAMED.get(each, "" if each.startswith("\x1b") else each.lower())
        if name:
            yield name


def _put(text: str) -> None:
    """All of it, however slowly the terminal takes it. Raises OSError where it has gone."""
    left = memoryview(text.encode("utf-8", "replace"))
    while left:
        try:
            left = left[os.write(1, left) :]
        except BlockingIOError:
            select.select([], [1], [])
