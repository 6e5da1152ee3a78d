"""`status`: the snapshot for a person in a terminal."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from itertools import pairwise

from codingplan_bar.commands import document, painting, streams
from codingplan_bar.commands.desk import complain, open_desk
from codingplan_bar.model import Attempt, Snapshot
from codingplan_bar.show import faults, tooltip
from codingplan_bar.show.phrases import width
from codingplan_bar.show.rows import Row
from codingplan_bar.show.view import View

BARS = (20, 10, 6)
"""Cells of the windows' bars that are tried."""

OPENING, CLOSING = "（", "，。：；、！？）…"
"""Chinese marks that no line ends, and that none begins with."""


def status(environ: Mapping[str, str] = os.environ) -> int:
    """Print what is stored, asked for anew first where it is too old; 0 for a plan, 1 for an error."""
    desk = open_desk(environ)
    latest = desk.refresh("when due")
    complain(desk)
    columns, colorful = streams.sheet(environ)
    view = View(desk.publish(), time.time(), environ)
    lines = page(view, columns, colorful=colorful)
    tries = [line for told in attempts(latest, view.words) for line in wrapped(told, columns)]
    return streams.put("\n".join([*lines, *tries])) or document.exit_code(latest)


def page(view: View, columns: int, *, colorful: bool) -> list[str]:
    """The plan, its windows and what else there is to know, as lines; `columns` is how wide the terminal is."""
    title = f"{view.sign} {view.title}".strip()
    notes = [line for note in view.notes for line in wrapped(note, columns)]
    rows = windows(view, columns, colorful=colorful)
    return [painting.bold(title, view.color) if colorful else title, *rows, *notes, view.dashboard]


def windows(view: View, columns: int, *, colorful: bool) -> list[str]:
    """Each window's row with the longest bar that fits, or upright where none fits, and what becomes of it."""
    fitting = (cells for cells in BARS if all(width(line) <= columns for line in tooltip.table(view, cells)))
    cells = next(fitting, 0)
    heads = [[line] for line in tooltip.table(view, cells)] if cells else [_upright(row) for row in view.rows]
    margin = tooltip.indent(view) if cells else 2
    lines = []
    for row, head in zip(view.rows, heads, strict=True):
        bar = row.value(f"bar:{cells or BARS[0]}")
        shown = painting.painted(bar, painting.color_of(view, row)) if colorful else bar
        lines += [line.replace(bar, shown) for line in head]
        becomes = tooltip.prospects(row) if cells else filter(None, (row.value("reset"), row.value("pace")))
        lines += [" " * margin + line for told in becomes for line in wrapped(told, columns - margin)]
    return lines


def wrapped(text: str, columns: int) -> list[str]:
    """The text in lines of at most that many columns, as far as it can be broken."""
    lines = [""]
    for piece in _pieces(text):
        if not lines[-1] or width(lines[-1] + piece) <= columns:
            lines[-1] += piece
        else:
            lines.append(piece.lstrip())
    return [line.rstrip() for line in lines]


def _pieces(text: str) -> list[str]:
    """Text may be broken at its spaces and round each wide character, but before no mark that closes something."""
    pieces = [text[:1]]
    for before, char in pairwise(text):
        wide = width(char) == 2 or (width(before) == 2 and before not in OPENING)
        if char == " " or (wide and char not in CLOSING and before not in OPENING):
            pieces.append(char)
        else:
            pieces[-1] += char
    return pieces


def attempts(latest: Snapshot, words: Mapping[str, str]) -> list[str]:
    """How the last refresh got where it got, where that took more than one try or failed; `words` are the bars'."""
    if len(latest.attempts) < 2 and not latest.error:
        return []
    return [_attempt(attempt, words) for attempt in latest.attempts]


def _attempt(attempt: Attempt, words: Mapping[str, str]) -> str:
    """One try; in English the outcome's code is told, since the schema and the issues have it."""
    told = f"{attempt.source} · {attempt.region}: "
    if words["language"] == "en":
        return f"{told}{attempt.outcome}{' – ' if attempt.message else ''}{attempt.message}"
    if attempt.outcome == "ok":
        return f"{told}{words['ok']}"
    return f"{told}{faults.told(attempt.outcome, attempt.message, '', words)[0]}（{attempt.outcome}）"


def _upright(row: Row) -> list[str]:
    return [
        f"{row.value('label')}  {row.share}",
        "  " + row.value(f"bar:{BARS[0]}"),
        "  " + row.value("left_of"),
    ]
