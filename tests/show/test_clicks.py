"""The menu bars' clicks run this very program, wherever it lies, and nothing where its path cannot be written."""

from __future__ import annotations

import shlex

import pytest
from grammar import argos, swiftbar, xbar
from judging import printed
from scenes import Scene

REST = ("-P", "-m", "codingplan_bar")
READERS = {"swiftbar": swiftbar.read, "xbar": xbar.read, "argos": argos.read}
PLAIN = [
    "/usr/bin/python3",
    "/opt/my tools/python3",
    "/home/x/it's here/python3",
    "/opt/编程/python3",
    '/a"b/python3',
    "/a$HOME`x`/p",
]
IMPOSSIBLE = ["/a\"b'c/python3", "/a\\b/python3", "/a\nb/python3", "/a\u2028b/python3", "/a\udcffb/python3"]


def commands(bar: str, program: str) -> list[str]:
    view = Scene().view()
    view.program = (program, *REST)
    menu = READERS[bar](printed(bar, view).encode("utf-8", "replace"))
    assert menu.errors == ()
    assert not menu.dead
    return [action.command for item in menu.items for action in item.actions if action.kind == "run"]


@pytest.mark.parametrize("program", PLAIN)
@pytest.mark.parametrize("bar", READERS)
def test_a_click_runs_this_program_whatever_its_path(bar, program):
    clicks = [shlex.split(command) for command in commands(bar, program)]
    assert clicks == [[program, *REST, what] for what in ("refresh", "copy", "preferences")]


@pytest.mark.parametrize("program", IMPOSSIBLE)
@pytest.mark.parametrize("bar", ["swiftbar", "xbar"])
def test_a_path_that_no_quotes_can_hold_makes_no_click_and_no_harm(bar, program):
    assert commands(bar, program) == []


def test_argos_can_write_any_path_of_one_line():
    for program in IMPOSSIBLE:
        clicks = [shlex.split(command)[0] for command in commands("argos", program)]
        assert clicks == ([program] * 3 if program.isprintable() else [])


@pytest.mark.parametrize(
    "address", ["https://a.example/x y", "https://a.example/'\"", 'https://a.example/" bash=x', "https://a\nb"]
)
@pytest.mark.parametrize("bar", READERS)
def test_an_address_that_was_tampered_with_opens_nothing_else(bar, address):
    view = Scene().view()
    view.dashboard = address
    menu = READERS[bar](printed(bar, view).encode())
    opened = [action.command for item in menu.items for action in item.actions if action.kind == "open"]
    assert opened in ([], [address])
    assert len([item for item in menu.items if item.actions]) == 3 + len(opened)
