"""The record for scripts: JSON and CSV, with times in UTC. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from codingplan_bar.fetch.history.entry import Entry
from codingplan_bar.model import SPANS, Window

FIELDS = ("used", "total", "used_percent", "resets_at")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula; a text that begins so gets an apostrophe in front."""


def as_json(entries: Sequence[Entry]) -> str:
    """One document: `{"schema_version": 1, "entries": [{"at", "source", "region", "plan", "windows"}]}`."""
    return json.dumps({"schema_version": 1, "entries": [_document(entry) for entry in entries]}, ensure_ascii=False)


def as_csv(entries: Sequence[Entry]) -> str:
    """A head and a row an entry; a window that was not recorded has empty fields."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["at", "source", "region", "plan", *(f"{name}_{field}" for name in SPANS for field in FIELDS)])
    for entry in entries:
        texts = [_harmless(each) for each in (entry.source, entry.region, entry.plan)]
        numbers = [_fields(entry.window(name)).get(field) for name in SPANS for field in FIELDS]
        writer.writerow([_time(entry.at), *texts, *numbers])
    return text.getvalue().removesuffix("\n")


def _document(entry: Entry) -> dict[str, Any]:
    windows = {window.name: _fields(window) for window in entry.windows}
    head = {"at": _time(entry.at), "source": entry.source, "region": entry.region, "plan": entry.plan}
    return {**head, "windows": windows}


def _fields(window: Window | None) -> dict[str, Any]:
    if window is None:
        return {}
    resets_at = _time(window.resets_at) if window.resets_at else None
    values = (window.used, window.total, round(window.used_percent, 2), resets_at)
    return dict(zip(FIELDS, values, strict=True))


def _time(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
