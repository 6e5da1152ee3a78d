"""`status`: the snapshot for a person in a terminal."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from typing import TextIO

from codingplan_bar.commands.desk import complain, open_desk
from codingplan_bar.commands.fetch import exit_code
from codingplan_bar.model import Snapshot
from codingplan_bar.show.view import View, aligned

RESET = "\x1b[0m"
BOLD = "\x1b[1m"
NARROW = 60


def status(out: TextIO, environ: Mapping[str, str] = os.environ) -> int:
    """Print what is stored, asked for anew first where it is too old; 0 for a plan, 1 for an error."""
    desk = open_desk(environ)
    latest = desk.refresh("when due")
    complain(desk)
    facts = desk.publish()
    view = View(facts, time.time(), environ)
    colorful = out.isatty() and not environ.get("NO_COLOR")
    columns = shutil.get_terminal_size().columns if out.isatty() else 100
    out.write("\n".join([*page(view, columns, colorful=colorful), *attempts(latest)]) + "\n")
    return exit_code(latest)


def page(view: View, columns: int, *, colorful: bool) -> list[str]:
    """The plan, its windows and what else there is to know, as lines; `columns` is how wide the terminal is."""
    title = f"{view.sign} {view.title}".strip()
    lines = [_painted(title, view.color, colorful=colorful)]
    if columns < NARROW:
        for row in view.rows:
            lines += [f"{row.value('label')}  {row.share}", f"  {row.value('bar:20')}"]
            lines += [f"  {text}" for text in (row.value("left_of"), row.value("reset")) if text]
    else:
        lines += aligned(view.table)
    return [*lines, *view.notes, view.dashboard]


def attempts(latest: Snapshot | None) -> list[str]:
    """How the last refresh got where it got, where that took more than one try or failed."""
    tried = latest.attempts if latest else ()
    if len(tried) < 2 and not (latest and latest.error):
        return []
    return [f"{a.source} · {a.region}: {a.outcome}{' – ' if a.message else ''}{a.message}" for a in tried]


def _painted(text: str, color: str, *, colorful: bool) -> str:
    if not colorful:
        return text
    paint = "\x1b[38;2;{};{};{}m".format(*bytes.fromhex(color[1:])) if color else ""
    return f"{BOLD}{paint}{text}{RESET}"
