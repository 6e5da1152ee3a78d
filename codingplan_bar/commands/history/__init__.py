"""`history`: the recorded past as a chart, as a picture, and as data for scripts."""

from __future__ import annotations

import csv
import gc
import io
import json
import os
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codingplan_bar import paths, storage
from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands import USAGE, output
from codingplan_bar.commands.history import chart
from codingplan_bar.commands.history.backtest import (
    WHOSE,
    Trial,
    UnreadableRecord,
    entries_of,
    utc_time,
    windows_as_json,
    windows_as_lines,
)
from codingplan_bar.commands.history.chart import series
from codingplan_bar.history.record import Entry, Record
from codingplan_bar.model import Window, two_digits
from codingplan_bar.plans import AUTO, SPANS
from codingplan_bar.refresh.store import Files
from codingplan_bar.settings.settings import of_user
from codingplan_bar.text import clean
from codingplan_bar.words import filled, table

FIELDS = ("used", "total", "used_percent", "resets_at")
PLAIN = Entry(0, "", "", "", ())
"""An entry of which no more is known than in the first version of these documents."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula; a text that begins so gets an apostrophe in front."""


def as_json(entries: Sequence[Entry]) -> str:
    """One document: `{"schema_version": 1, "entries": [{"at", "source", "region", "plan", "windows"}]}`.

    An entry has a `kind`, a `unit` and an `account` as well where these say more than requests of the Coding Plan.
    """
    return json.dumps({"schema_version": 1, "entries": [_document(entry) for entry in entries]}, ensure_ascii=False)


def as_csv(entries: Sequence[Entry]) -> str:
    """A head and a row an entry; a window that was not recorded has empty fields."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = [f"{name}_{field}" for name in SPANS for field in FIELDS]
    writer.writerow(["at", "source", "region", "plan", *columns, *WHOSE])
    for entry in entries:
        texts = [_harmless(each) for each in (entry.source, entry.region, entry.plan)]
        numbers = [_fields(entry.window(name)).get(field) for name in SPANS for field in FIELDS]
        whose = [_harmless(getattr(entry, name) or "") for name in WHOSE]
        writer.writerow([utc_time(entry.at), *texts, *numbers, *whose])
    return text.getvalue().removesuffix("\n")


def _document(entry: Entry) -> dict[str, Any]:
    windows = {window.name: _fields(window) for window in entry.windows}
    head = {"at": utc_time(entry.at), "source": entry.source, "region": entry.region, "plan": entry.plan}
    whose = {name: said for name in WHOSE if (said := getattr(entry, name)) != getattr(PLAIN, name)}
    return {**head, **whose, "windows": windows}


def _fields(window: Window | None) -> dict[str, Any]:
    if window is None:
        return {}
    amounts = (None, None) if window.in_percent else (window.used, window.total)
    values = (*amounts, two_digits(window.used_percent), utc_time(window.resets_at or None))
    return dict(zip(FIELDS, values, strict=True))


def _harmless(text: str) -> str:
    seen = next((char for char in text if unicodedata.category(char)[0] not in "CZ"), "")  # no control, no space
    begins = unicodedata.normalize("NFKC", seen).startswith(FORMULA)  # a full-width `＝` counts, too
    return f"'{text}" if begins or text.startswith(FORMULA) else text


DAY = 86_400
DAYS = 7.0
"""How many days are drawn if the command does not say."""


def words_of(language: str) -> Mapping[str, str]:
    """The words of this command."""
    return table(language, "commands", "HISTORY")


class Period:
    """What was recorded from `begin` to `end`, in seconds since 1970, and the user's words for it."""

    def __init__(self, entries: Sequence[Entry], begin: float, end: float, bars_words: Mapping[str, str]) -> None:
        """`bars_words` are those of the bars, for the user's language."""
        self.entries, self.begin, self.end = entries, begin, end
        self.bars_words = bars_words
        self.words = words_of(bars_words["language"])

    def take(self, entries: Sequence[Entry]) -> None:
        """Take these entries instead of the user's own; the period is theirs, then."""
        self.entries = entries
        if entries:
            self.begin, self.end = entries[0].at, entries[-1].at + 1


@dataclass(frozen=True, slots=True)
class HistoryOptions:
    """What the command line asks for, an option each; `from_` is a file that --json has printed."""

    json: bool = False
    csv: bool = False
    svg: str | None = None
    days: float | None = None
    windows: bool = False
    backtest: bool = False
    from_: str | None = None

    @property
    def reach(self) -> float:
        """How many days are looked at; 0 for all that is recorded."""
        is_whole = self.json or self.csv or self.windows or self.backtest
        return self.days or (0 if is_whole else DAYS)


def history(environ: Mapping[str, str] = os.environ, **options: Any) -> int:
    """Print the chart, or write what was asked for; 0, or 1 where nothing is recorded or it cannot be written.

    2 where the file that is named holds no record. An empty record is a document, too.
    """
    asked = HistoryOptions(**options)
    if asked.json and asked.csv:
        output.say(words_of(output.language_of(environ))["two kinds"])
        return USAGE
    with _without_searching_circles():
        try:
            span = _asked_for(asked, environ)
        except UnreadableRecord as error:
            words = words_of(output.language_of(environ))
            why = words[error.key].format(output.reason_told(str(error.detail), environ))
            output.say(words["unreadable"].format(clean(asked.from_ or "", 200), why))
            return USAGE
        if not span.entries and not (asked.json and asked.from_ is not None):
            output.say(_nothing(asked, span.words, environ))
            return 1
        return _put(span, asked, environ)


def _nothing(asked: HistoryOptions, words: Mapping[str, str], environ: Mapping[str, str]) -> str:
    """That there is no entry: in the file, in the days that were looked at, or at all."""
    if asked.from_ is not None:
        return filled(words["nothing in file"], clean(asked.from_, 200))
    is_anything = asked.reach and recorded(0, environ).entries
    return filled(words["nothing lately"], asked.reach) if is_anything else words["nothing"]


def _asked_for(asked: HistoryOptions, environ: Mapping[str, str]) -> Period:
    """The user's own record, or the named file's. Raises `UnreadableRecord`."""
    entries = None if asked.from_ is None else entries_of(asked.from_)
    span = recorded(asked.reach, environ)
    if entries is not None:
        span.take(entries)
    return span


@contextmanager
def _without_searching_circles() -> Iterator[None]:
    """A year is a million values without a circle: looking for some costs a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _put(span: Period, asked: HistoryOptions, environ: Mapping[str, str]) -> int:
    if asked.windows or asked.backtest:
        return put_judgement(span, windows=asked.windows, json=asked.json)
    if asked.json or asked.csv:
        return output.put(as_json(span.entries) if asked.json else as_csv(span.entries))
    span.entries = of_one_plan(span.entries, environ)
    if asked.svg:
        return put_picture(span, asked.svg)
    return output.put("\n".join(drawn(span, environ)))


def put_judgement(span: Period, *, windows: bool, json: bool) -> int:
    """Print how full past windows were, or how good the forecast has been."""
    if windows and json:
        return output.put(windows_as_json(span.entries))
    if windows:
        return output.put("\n".join(windows_as_lines(span.entries, span.end, span.words, span.bars_words)))
    trial = Trial(span.entries)
    return output.put(trial.as_json() if json else "\n".join(trial.verdict(span.words, span.bars_words)))


def of_one_plan(entries: Sequence[Entry], environ: Mapping[str, str]) -> Sequence[Entry]:
    """The entries of the plan that is shown, else of the last one: a line of a chart is about one plan."""
    kinds = {entry.kind for entry in entries}
    if len(kinds) < 2:
        return entries
    shown = Files(environ, of_user(environ).plan).shown_kind()
    kind = shown if shown in kinds else entries[-1].kind
    return [entry for entry in entries if entry.kind == kind]


def recorded(days: float, environ: Mapping[str, str]) -> Period:
    """The last so many days of the record, of the plan that the setting names; 0 for all of it."""
    end, settings = time.time(), of_user(environ)
    begin = end - max(days, 0) * DAY if days else 0
    past = Record(Files(environ).history).since(int(begin))
    entries = [entry for entry in past if entry.at <= end and settings.plan in (AUTO, entry.kind)]
    words = words_for(settings.language, environ)
    return Period(entries, begin or (entries[0].at if entries else 0), end, words)


def drawn(span: Period, environ: Mapping[str, str]) -> list[str]:
    """The chart's lines, as wide as the terminal."""
    columns, colorful = output.sheet(environ)
    canvas = chart.Chart(columns, span.begin, span.end, span.bars_words)
    blocks = [canvas.block(each, colorful=colorful) for each in series(span.entries)]
    return [*(line for block in blocks for line in block), canvas.footer()]


def put_picture(span: Period, path: str) -> int:
    """Write the picture to a file in one step, or for `-` to standard output; 0 or 1."""
    text = chart.svg(series(span.entries), span.begin, span.end, span.bars_words)
    if path == "-":
        return output.put(text)
    try:
        _replace(Path(path), text + "\n")
    except OSError as error:
        output.say(output.told("picture", clean(path, 200), output.reason_told(error.strerror or "")))
        return 1
    return output.put(span.words["written"].format(path))


def _replace(path: Path, text: str) -> None:
    """In one step, with the modes that are usual where the user names a place; no folder is made or changed.

    A link is not followed, and a device stays one. Raises OSError.
    """
    if not storage.is_fit(path):
        raise paths.Unfit("irregular", "it is no regular file")
    mask = os.umask(0o077)
    os.umask(mask)
    storage.put(path, text.encode(), durable=True, mode=0o666 & ~mask)
