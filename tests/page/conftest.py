"""The installed page in a terminal of our own; its user's home asks a console on loopback."""

from __future__ import annotations

import pytest
from support.staging import Home, certificate, command, console
from support.terminal import Terminal

__all__ = ["certificate", "console"]
"""Fixtures that are the same in other folders."""


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
def opened(home):
    """Opens terminals with the page, or another command; none outlives its test."""
    terminals = []

    def opened(*arguments, through=(), columns=80, rows=24, **environ):
        words = [*through, command(), *(arguments or ("status", "--watch"))]
        terminals.append(Terminal(words, {**home.environ, **environ}, columns, rows))
        return terminals[-1]

    yield opened
    for each in terminals:
        each.close()


@pytest.fixture
def page(opened):
    """One that shows the page already."""
    terminal = opened()
    assert terminal.shows("5 hours", "q close")
    return terminal
