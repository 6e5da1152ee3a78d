"""`status`: the snapshot for a person in a terminal."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from codingplan_bar.commands import document, streams
from codingplan_bar.commands.desk import complain, open_desk
from codingplan_bar.model import Snapshot
from codingplan_bar.show.phrases import width
from codingplan_bar.show.rows import Row
from codingplan_bar.show.view import View, aligned

RESET = "\x1b[0m"
BOLD = "\x1b[1m"
OF_A_PIPE = 100
"""Columns of what is no terminal."""

BARS = (20, 10, 6)
"""Cells of the windows' bars that are tried."""


def status(environ: Mapping[str, str] = os.environ) -> int:
    """Print what is stored, asked for anew first where it is too old; 0 for a plan, 1 for an error."""
    desk = open_desk(environ)
    latest = desk.refresh("when due")
    complain(desk)
    columns = streams.columns()
    view = View(desk.publish(), time.time(), environ)
    lines = page(view, columns or OF_A_PIPE, colorful=bool(columns) and not environ.get("NO_COLOR"))
    return streams.put("\n".join([*lines, *attempts(latest)])) or document.exit_code(latest)


def page(view: View, columns: int, *, colorful: bool) -> list[str]:
    """The plan, its windows and what else there is to know, as lines; `columns` is how wide the terminal is."""
    title = f"{view.sign} {view.title}".strip()
    notes = [line for note in view.notes for line in wrapped(note, columns)]
    return [_painted(title, view.color) if colorful else title, *windows(view, columns), *notes, view.dashboard]


def windows(view: View, columns: int) -> list[str]:
    """The table with the longest bars that fit, or its columns one below the other where none fit."""
    for cells in BARS:
        lines = aligned([[row.value("label"), row.value(f"bar:{cells}"), row.share, *_rest(row)] for row in view.rows])
        if all(width(line) <= columns for line in lines):
            return lines
    below = [[f"{row.value('label')}  {row.share}", row.value("bar:20"), *_rest(row)] for row in view.rows]
    return ["\n  ".join(fact for fact in facts if fact) for facts in below]


def wrapped(text: str, columns: int) -> list[str]:
    """The text in lines that are broken between words, as far as it has any."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        lines[-1:] = [longer] if width(longer) <= columns else [*filter(None, lines[-1:]), word]
    return lines


def attempts(latest: Snapshot) -> list[str]:
    """How the last refresh got where it got, where that took more than one try or failed."""
    if len(latest.attempts) < 2 and not latest.error:
        return []
    return [f"{a.source} · {a.region}: {a.outcome}{' – ' if a.message else ''}{a.message}" for a in latest.attempts]


def _rest(row: Row) -> list[str]:
    return [row.value("left_of"), row.value("reset")]


def _painted(text: str, color: str) -> str:
    paint = "\x1b[38;2;{};{};{}m".format(*bytes.fromhex(color[1:])) if color else ""
    return f"{BOLD}{paint}{text}{RESET}"
