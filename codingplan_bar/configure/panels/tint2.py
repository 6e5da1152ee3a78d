"""tint2: an executor at the end of its configuration, and one more `E` among its panel_items.

The letters stand for the executors in their order: the second `E` shows the second `execp = new`. So ours, which is the
last, needs a letter behind those of the user's own, and nothing is put where the letters do not fit the executors.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from codingplan_bar.configure.block import ABSENT, BEGINS, RUNS, Block, LeftAlone, fragment, line_of, without
from codingplan_bar.configure.machine import Machine

PROGRAM = "tint2"
FILE = "pango/tint2.conf"
KEY = re.compile(r"^[ \t]*(?P<key>\w+)[ \t]*=[ \t]*(?P<value>[^\r\n]*?)[ \t]*(?=\r?$)", re.MULTILINE)
BEFORE = re.compile(r"[SBC]")
"""Tray, battery and clock stand at the end: without an executor of the user's ours comes before them."""


def place(machine: Machine) -> Path | None:
    """The file of a running tint2, else of one that the desktop starts, else the user's own, or None.

    Raises `LeftAlone`.
    """
    return machine.file_read_by(PROGRAM, [machine.settings / "tint2/tint2rc"])


def shown(command: str) -> str:
    """The executor, with the command at its absolute path."""
    return fragment(FILE, command)


BLOCK = Block(
    forms=lambda command, _: [shown(command)],
    begins=r"^[ \t]*(?!execp_)\w+[ \t]*=",
    ours=rf"(?m:^[ \t]*execp_command[ \t]*=.*{RUNS.pattern})",
    nameless=True,
)


def changed(text: str, command: str) -> str:
    """The configuration with our executor and a letter for it, and nothing else changed. Raises `LeftAlone`."""
    executors = _executors(text)
    if not BLOCK.is_in(text) and (ours := _running(executors)):
        raise LeftAlone("already there", line_of(text, executors[ours[0]].begins))
    after = BLOCK.put(text, shown(command), newline="\r\n" if "\r\n" in text else "\n")
    if not BLOCK.is_in(text) and (items := _items(text)) and len(_letters(items)) != len(executors):
        raise LeftAlone("letters", line_of(text, items.start()))
    return _checked(text, _with_letter(after))


def taken(text: str) -> str:
    """The configuration without our executors and their letters. Raises `LeftAlone`."""
    if not BLOCK.is_in(text):
        return text
    executors, items = _executors(text), _items(text)
    letters = _letters(items) if items else []
    ours = {letters[number] for number in _ours(text) if number < len(letters) <= len(executors)}
    if not ours and len(letters) == len(executors) + 1:
        ours = {letters[-1]}  # of an executor of ours that the user has taken out
    return _checked(text, BLOCK.taken(without(text, [(at, at + 1) for at in ours])))


def unseen(text: str, _path: Path, _machine: Machine) -> str:
    """Why tint2 would not show it: no executor runs our command, or no letter stands for that."""
    ours, items = _running(_executors(text)), _items(text)
    if not ours:
        return ABSENT
    return "" if items and min(ours) < len(_letters(items)) else "no letter"


class Executor(NamedTuple):
    """Where an executor begins, and its command."""

    begins: int
    command: str = ""


def _executors(text: str) -> list[Executor]:
    """The executors of a configuration, in their order."""
    found: list[Executor] = []
    for match in KEY.finditer(text):
        if match["key"] == "execp":
            found.append(Executor(match.start()))
        elif match["key"] == "execp_command" and found:
            found[-1] = found[-1]._replace(command=match["value"])
    return found


def _running(executors: list[Executor]) -> list[int]:
    """The numbers of those that run our command."""
    return [number for number, executor in enumerate(executors) if RUNS.search(executor.command)]


def _ours(text: str) -> list[int]:
    """The numbers of those, and of what stands in the place of ours."""
    executors, places = _executors(text), BLOCK.pieces(text)
    begins = [executor.begins for executor in executors]
    between = [number for number, at in enumerate(begins) if any(first <= at < last for first, last in places)]
    return sorted({*_running(executors), *between})


def _items(text: str) -> re.Match[str] | None:
    """The line of the panel's items; of several the last counts."""
    return next((match for match in reversed(list(KEY.finditer(text))) if match["key"] == "panel_items"), None)


def _letters(items: re.Match[str]) -> list[int]:
    """Where the letters of the executors stand."""
    return [items.start("value") + at for at, letter in enumerate(items["value"]) if letter == "E"]


def _with_letter(text: str) -> str:
    """The text with a letter for our executor. Raises `LeftAlone`."""
    executors, items = _executors(text), _items(text)
    if items is None:
        raise LeftAlone("no items")
    letters, ours = _letters(items), _ours(text)
    if not ours:  # what is between the markers is no executor any more
        raise LeftAlone("torn", line_of(text, text.index(BEGINS)))
    if ours[0] < len(letters) <= len(executors):
        return text
    if len(letters) != len(executors) - 1:
        raise LeftAlone("letters", line_of(text, items.start()))
    place_of = _place_of_letter(ours[0], letters, items)
    return f"{text[:place_of]}E{text[place_of:]}"


def _place_of_letter(number: int, letters: list[int], items: re.Match[str]) -> int:
    """Where the letter of the executor of that number belongs: behind the letters of those before it."""
    if number:
        return letters[number - 1] + 1
    if letters:
        return letters[0]
    before = BEFORE.search(items["value"])
    return items.start("value") + before.start() if before else items.end("value")


def _checked(before: str, after: str) -> str:
    """The text as it is to be. Raises `LeftAlone` where a key of the user's is lost or becomes another executor's."""
    if _theirs(before) != _theirs(after):
        raise LeftAlone("not understood")
    return after


def _theirs(text: str) -> list[tuple[int, str, str]]:
    """What each key says, with the number of the user's executor that it is of; ours and the letters aside."""
    ours, number, said = _ours(text), -1, []
    for match in KEY.finditer(text):
        key, value, owner = match["key"], match["value"], -1
        if key == "execp":
            number += 1
        if key.startswith("execp"):
            if number in ours:
                continue
            owner = number - sum(each < number for each in ours)
        if key == "panel_items":
            value = value.replace("E", "")
        said.append((owner, key, value))
    return said
