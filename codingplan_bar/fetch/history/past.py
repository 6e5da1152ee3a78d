"""What of the past the bars show, as facts: the flow of the five hours, and the line of the last day."""

from __future__ import annotations

from collections.abc import Sequence

from codingplan_bar.fetch.history.entry import Entry
from codingplan_bar.fetch.history.flow import SPAN, flow
from codingplan_bar.fetch.history.record import Record

HOURS = 24
HOUR = 3600


def facts(record: Record, now: float) -> dict[str, str]:
    """`flow.five_hour` and `spark` as far as they are known at `now`; takes milliseconds."""
    entries = record.since(int(now) - HOURS * HOUR)
    told = {"flow.five_hour": flow([entry for entry in entries if entry.at >= now - 2 * SPAN], now).fact()}
    line = spark(entries, now)
    return told | ({"spark": ",".join(line)} if set(line) - {"-"} else {})


def spark(entries: Sequence[Entry], now: float) -> list[str]:
    """The highest used percent of the five-hour window in each of the last 24 hours, `-` where none was recorded."""
    highest: list[float | None] = [None] * HOURS
    for entry in entries:
        window, ago = entry.window("five_hour"), int((now - entry.at) // HOUR)
        if window and 0 <= ago < HOURS:
            highest[~ago] = max(highest[~ago] or 0.0, window.used_percent)
    return ["-" if percent is None else str(_whole(percent)) for percent in highest]


def _whole(percent: float) -> int:
    """No rounding makes a nothing or an all of what is none."""
    return round(percent) if percent in (0, 100) else min(max(round(percent), 1), 99)
