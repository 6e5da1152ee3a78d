"""The menu bars' clicks run this very program, wherever it lies, and nothing where its path cannot be written."""

from __future__ import annotations

import shlex

import pytest
from support.grammar import menus
from support.judging import CLICKS, printed
from support.scenes import Scene, token_answer

from codingplan_bar.bars import tooltip
from codingplan_bar.model import Problem

REST = ("-P", "-m", "codingplan_bar")
READERS = {"swiftbar": menus.read_swiftbar, "xbar": menus.read_xbar, "argos": menus.read_argos}
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
    assert clicks == [[program, *REST, *what] for what in CLICKS]


@pytest.mark.parametrize("bar", READERS)
def test_a_click_of_a_bar_that_was_asked_for_a_plan_goes_on_with_it(bar):
    environ = {"CODINGPLAN_BAR_PLAN": "token"}
    view = Scene(token_answer(), environ=environ).view(asked="token-plan")
    menu = READERS[bar](printed(bar, view).encode())
    clicks = [shlex.split(action.command) for item in menu.items for action in item.actions if action.kind == "run"]
    of_the_plan = ["--plan", "token-plan"]
    assert [click[4:] for click in clicks] == [
        ["refresh", "--click", *of_the_plan],
        ["copy", *of_the_plan],
        ["preferences"],
    ]


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


@pytest.mark.parametrize("bar", READERS)
def test_a_row_with_what_went_wrong_can_be_clicked_and_so_is_not_grey(bar):
    wrong = Problem("network", "The console could not be reached.", "Check the network.")
    menu = READERS[bar](printed(bar, Scene(problem=wrong).view()).encode())
    rows = [item for item in menu.items if "reached" in item.text or "Check the network" in item.text]
    assert [[action.kind for action in row.actions] for row in rows] == [["open"], ["open"]]


@pytest.mark.parametrize("bar", READERS)
def test_a_row_that_wants_something_of_its_owner_can_be_clicked_and_opens_where_it_is_done(bar):
    view = Scene(settings='thresholds = "none"').view()
    view = view.changed(facts={**view.facts, "session.moved": "yes", "session.ends_at": str(int(view.now) + 3_600)})
    menu = READERS[bar](printed(bar, view).encode())
    wanting = {*tooltip.session_lines(view), *tooltip.fault_lines(view)}
    clicks = {item.text: [action.command for action in item.actions] for item in menu.items if item.text in wanting}
    assert len(wanting) == len(clicks) == 3
    assert all([address] == [view.dashboard] for address, *_ in (clicks[line] for line in tooltip.session_lines(view)))
    assert "preferences" in clicks[tooltip.fault_lines(view)[0]][0]


@pytest.mark.parametrize("bar", READERS)
def test_a_row_about_settings_that_cannot_be_read_opens_them(bar):
    wrong = Problem("config", "The settings cannot be read.", "Correct them.")
    menu = READERS[bar](printed(bar, Scene(problem=wrong).view()).encode())
    rows = [item for item in menu.items if "cannot be read" in item.text or "Correct them" in item.text]
    assert all("preferences" in row.actions[0].command for row in rows)
    assert len(rows) == 2
