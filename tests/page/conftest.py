"""The installed page in a terminal of our own; its user's home asks a console on loopback."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time

import pyte
import pytest
from support.staging import Home, certificate, command, console

__all__ = ["certificate", "console"]
"""Fixtures that are the same in other folders."""

# A terminal: a program runs in it as in a window, and what it shows is read off pyte's screen.

LONGEST = 60.0
"""Seconds for anything that is waited for."""


ADOPTING = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
"""Makes the terminal that of the session, then becomes the program: without it, Ctrl-C would be no signal."""


class Screen(pyte.Screen):
    """pyte's, which knows no private report: tmux 3.8 asks whether the terminal is dark by one."""

    def report_device_status(self, mode, *, private=False):
        if not private:
            super().report_device_status(mode)


class Terminal:
    """A pseudo terminal of so many columns and rows, with one program in it that leads the session."""

    def __init__(self, command, environ, columns=80, rows=24):
        self.ours, self.theirs = pty.openpty()
        self.sent = b""
        self.resize(columns, rows, signal=False)
        self.before = termios.tcgetattr(self.theirs)
        streams = dict.fromkeys(("stdin", "stdout", "stderr"), self.theirs)
        adopting = [sys.executable, "-I", "-S", "-c", ADOPTING]
        self.process = subprocess.Popen([*adopting, *command], env=environ, start_new_session=True, **streams)

    def resize(self, columns, rows, *, signal=True):
        """Another size, of which the kernel tells the program."""
        if not signal:
            self.screen = Screen(columns, rows)
            self._stream = pyte.ByteStream(self.screen)
        else:
            self.screen.resize(rows, columns)
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys):
        """Press keys."""
        os.write(self.ours, keys.encode())

    def read(self, seconds=0.05):
        """Take what the program sends within that time."""
        while select.select([self.ours], [], [], seconds)[0]:
            try:
                piece = os.read(self.ours, 65_536)
            except OSError:  # the terminal's end, as Linux tells it
                return
            self.sent += piece
            self._stream.feed(re.sub(rb"\x1b\[\?1049[hl]", b"", piece))
            seconds = 0

    @property
    def lines(self):
        """What stands on the screen now."""
        self.read()
        return [line.rstrip() for line in self.screen.display]

    def shows(self, *texts, seconds=LONGEST):
        """Wait until all of these texts stand on the screen."""
        end = time.monotonic() + seconds
        while not all(text in "\n".join(self.lines) for text in texts):
            assert time.monotonic() < end, f"{texts} in\n" + "\n".join(self.lines)
            has_more = self.process.poll() is None or select.select([self.ours], [], [], 0)[0]
            assert has_more, self.sent
        return True

    def lacks(self, *texts, seconds=LONGEST):
        """Wait until none of these texts stands on the screen."""
        end = time.monotonic() + seconds
        while any(text in "\n".join(self.lines) for text in texts):
            assert time.monotonic() < end, "\n".join(self.lines)
        return True

    def ends(self):
        """Wait for the program's end; its exit code."""
        end = time.monotonic() + LONGEST
        while self.process.poll() is None:
            assert time.monotonic() < end, "\n".join(self.lines)
            self.read()
        self.read()
        return self.process.returncode

    def is_as_before(self):
        """Whether keys are read as before, the first screen is back, and the cursor is seen and wraps."""
        assert termios.tcgetattr(self.theirs) == self.before
        modes = dict(re.findall(rb"\x1b\[\?(\d+)([hl])", self.sent))
        assert modes == {b"1049": b"l", b"25": b"h", b"7": b"h"}
        assert self.sent.rindex(b"\x1b[0m") > self.sent.rindex(b"\x1b[2K")
        return True

    def close(self):
        """End the program, whatever it does, and the terminal."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for handle in (self.ours, self.theirs):
            if handle >= 0:
                os.close(handle)
        self.ours = self.theirs = -1


@pytest.fixture
def home(tmp_path, console, programs):
    """A home whose numbers are new."""
    folder = tmp_path / "home"
    folder.mkdir()
    home = Home(folder, console)
    home.environ |= {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    home.run("refresh")
    return home


@pytest.fixture
def terminal(home):
    """Opens terminals in which a program runs; none outlives its test."""
    terminals = []

    def terminal(words, columns=80, rows=24, **environ):
        terminals.append(Terminal(words, {**home.environ, **environ}, columns, rows))
        return terminals[-1]

    yield terminal
    for each in terminals:
        each.close()


@pytest.fixture
def opened(terminal):
    """Opens terminals with the page, or another command."""

    def opened(*arguments, through=(), **more):
        return terminal([*through, command(), *(arguments or ("status", "--watch"))], **more)

    return opened


@pytest.fixture
def page(opened):
    """One that shows the page already."""
    terminal = opened()
    assert terminal.shows("5 hours", "q close")
    return terminal
