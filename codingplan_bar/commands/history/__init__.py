"""`history`: the recorded past as a chart, as a picture, and as data for scripts."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from codingplan_bar.commands import streams
from codingplan_bar.commands.desk import open_desk
from codingplan_bar.commands.history import chart, dump, picture
from codingplan_bar.commands.history.chinese import WORDS as CHINESE
from codingplan_bar.commands.history.english import WORDS as ENGLISH
from codingplan_bar.commands.history.series import series
from codingplan_bar.fetch.history.entry import Entry
from codingplan_bar.fetch.history.record import Record
from codingplan_bar.show.phrases import words_for

DAY = 86_400
DAYS = 7.0
"""How many days are drawn where nobody says."""


class Span:
    """What was recorded from `begin` to `end`, in seconds since 1970, and the user's words for it."""

    def __init__(self, entries: Sequence[Entry], begin: float, end: float, bars_words: Mapping[str, str]) -> None:
        """`bars_words` are those of the bars, for the user's language."""
        self.entries, self.begin, self.end = entries, begin, end
        self.bars_words = bars_words
        self.words = CHINESE if bars_words["language"] == "zh" else ENGLISH


def history(
    *, json: bool, csv: bool, svg: str | None, days: float | None, environ: Mapping[str, str] = os.environ
) -> int:
    """Print the chart, or write what was asked for; 0, or 1 where nothing is recorded or it cannot be written."""
    span = recorded(days or (0 if json or csv else DAYS), environ)
    if not span.entries:
        streams.say(span.words["nothing"])
        return 1
    if json or csv:
        return streams.put(dump.as_json(span.entries) if json else dump.as_csv(span.entries))
    if svg:
        return put_picture(span, svg)
    return streams.put("\n".join(drawn(span, environ)))


def recorded(days: float, environ: Mapping[str, str]) -> Span:
    """The last so many days of the record; 0 for all of it."""
    desk = open_desk(environ)
    end = time.time()
    begin = end - max(days, 0) * DAY if days else 0
    entries = [entry for entry in Record(desk.files.history).since(int(begin)) if entry.at <= end]
    words = words_for(desk.asker.settings["language"], environ)
    return Span(entries, begin or (entries[0].at if entries else 0), end, words)


def drawn(span: Span, environ: Mapping[str, str]) -> list[str]:
    """The chart's lines, as wide as the terminal."""
    columns, colorful = streams.sheet(environ)
    canvas = chart.Chart(columns, span.begin, span.end, span.bars_words)
    blocks = [canvas.block(each, colorful=colorful) for each in series(span.entries)]
    return [*(line for block in blocks for line in block), canvas.footer()]


def put_picture(span: Span, path: str) -> int:
    """Write the picture to a file in one step, or for `-` to standard output; 0 or 1."""
    text = picture.svg(series(span.entries), span.begin, span.end, span.bars_words)
    if path == "-":
        return streams.put(text)
    try:
        _replace(Path(path), text + "\n")
    except OSError as error:
        streams.say(f"{path} cannot be written: {os.strerror(error.errno or 0)}. Name another file.")
        return 1
    return streams.put(span.words["written"].format(path))


def _replace(path: Path, text: str) -> None:
    """In one step, with the modes that are usual where the user names a place; no folder is made or changed."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, "utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
