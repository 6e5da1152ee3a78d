"""`history --backtest` and `--windows`: the record or a file of it is read, and the forecast is judged by it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeGuard

from codingplan_bar.bars.phrases import clock, percent
from codingplan_bar.commands.history.chart import label
from codingplan_bar.history.backtest import Case, PastWindow, Said, backtest, cases, past_windows, score
from codingplan_bar.history.learned_rhythm import LARGEST, local_zone
from codingplan_bar.history.record import MOST_ENTRIES, Entry, by_account
from codingplan_bar.model import Instant, Window, WindowName, two_digits
from codingplan_bar.plans import PLANS, SPANS, PlanKind
from codingplan_bar.snapshot import TIME_FORMAT

# What `history --json` has printed, read again: anybody may have written it, so what is wrong is left out.

MOST_BYTES = 128 * 1024 * 1024
"""A year of one entry in five minutes is 40 MB."""
MOST_DAYS = 3 * 366
NAMES: tuple[WindowName, ...] = tuple(SPANS)


class UnreadableRecord(ValueError):
    """A file that is not a record; `key` says why, with a `detail` where there is one, by the words of `history`."""

    def __init__(self, key: str, detail: object = "") -> None:
        """Nothing of the file is in it."""
        super().__init__(key, detail)
        self.key, self.detail = key, detail


def entries_of(path: str) -> list[Entry]:
    """The entries in a file, `-` for standard input, as `parsed` gives them. Raises `UnreadableRecord`."""
    try:
        with sys.stdin.buffer if path == "-" else Path(path).open("rb") as file:
            body = file.read(MOST_BYTES + 1)
    except (OSError, ValueError, AttributeError) as error:
        raise UnreadableRecord("unreadable.closed", getattr(error, "strerror", None) or "no such file") from None
    if len(body) > MOST_BYTES:
        raise UnreadableRecord("unreadable.large", MOST_BYTES // 1024 // 1024)
    return parsed(body)


def parsed(body: bytes) -> list[Entry]:
    """The entries in a text, the oldest first; one an instant, plan and account, as the record itself keeps them.

    Raises `UnreadableRecord`, also where there are some and none can be used.
    """
    listed = _listed(body)
    known = {(entry.at, entry.kind, entry.account): entry for entry in map(_entry, listed) if entry}
    found = sorted(known.values(), key=lambda entry: entry.at)
    if listed and not found:
        raise UnreadableRecord("unreadable.useless")
    if found and found[-1].at - found[0].at > MOST_DAYS * 86_400:
        raise UnreadableRecord("unreadable.long", MOST_DAYS)
    return found


def _listed(body: bytes) -> list[Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableRecord("unreadable.no_json") from None
    listed = document.get("entries") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise UnreadableRecord("unreadable.no_list")
    if len(listed) > MOST_ENTRIES:
        raise UnreadableRecord("unreadable.many", MOST_ENTRIES)
    return listed


def _entry(fields: Any) -> Entry | None:
    """One entry; None where its instant or every window of it is unusable."""
    if not isinstance(fields, dict) or not isinstance(fields.get("windows"), dict):
        return None
    at = _instant(fields.get("at"))
    windows = tuple(filter(None, (_window(name, fields["windows"].get(name)) for name in NAMES)))
    if at is None or not windows:
        return None
    source, region, plan = (each if isinstance(each := fields.get(key), str) else "" for key in _TEXTS)
    own = ((name, fields.get(name)) for name in WHOSE)
    whose: dict[str, Any] = {name: each for name, each in own if isinstance(each, str)}
    return Entry(at, source, region, plan, windows, **whose)


_TEXTS = ("source", "region", "plan")
WHOSE = ("kind", "unit", "account")
"""Which plan it was, what it counts and whose it is; each is missing where it is as an `Entry` has it by itself."""


def _window(name: WindowName, fields: Any) -> Window | None:
    """One window; where only the percentage is known, it is counted in percents."""
    if not isinstance(fields, dict):
        return None
    used, total = fields.get("used"), fields.get("total")
    in_percent = used is None or total is None
    if in_percent:
        used, total = fields.get("used_percent"), 100
    if not _is_number(used) or not _is_number(total) or total == 0:
        return None
    resets_at = fields.get("resets_at")
    instant = _instant(resets_at)
    if instant is None and resets_at is not None:
        return None
    return Window(name, used + 0, total, instant, in_percent)  # -0.0 + 0 is 0.0, which has no sign


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < LARGEST


@lru_cache(4096)
def _parsed_time(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
        return int(moment.timestamp()) if moment.tzinfo and moment.year >= 1970 else None
    except (ValueError, OverflowError):
        return None


def _instant(value: Any) -> int | None:
    return _parsed_time(value) if isinstance(value, str) and len(value) <= 40 else None


# `history --backtest`, `history --windows`: how good the forecast has been, how full past windows were.

DAY = 24.0


class Trial:
    """All that would have been said, and of which past windows: gone through once."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """`entries` of one or more accounts, the oldest first."""
        self.said: list[Said] = []
        self.cases: dict[str, list[Case]] = {}
        for of_one in by_account(entries):
            said = list(backtest(of_one, local_zone))
            self.said += said
            for name, listed in cases(of_one, said).items():
                self.cases.setdefault(name, []).extend(listed)
        self.said.sort(key=lambda each: each.at)

    def as_json(self) -> str:
        """One document: `{"forecasts": [...], "score": {WINDOW: {...}}}`."""
        document = {"forecasts": [_document(each) for each in self.said], "score": self.scores()}
        return json.dumps(document, allow_nan=False)

    def scores(self) -> dict[str, dict[str, Any]]:
        """How good it was, for each window of which anything can be judged."""
        return {name: score(self.cases[name]) for name in SPANS if name in self.cases}

    def verdict(self, words: Mapping[str, str], bars_words: Mapping[str, str]) -> list[str]:
        """The same for a person: a few lines a window."""
        found = [
            line
            for name, each in self.scores().items()
            for line in _verdict(name, label(name, bars_words), each, words)
        ]
        return found or [words["nothing_judged"]]


def _document(said: Said) -> dict[str, Any]:
    outlook = said.outlook
    return {
        "at": utc_time(said.at),
        "window": said.window,
        "outlook": outlook.outlook,
        "runs_out_at": utc_time(outlook.runs_out_at),
        "earliest": utc_time(outlook.earliest),
        "latest": utc_time(outlook.latest),
        "probability": outlook.probability,
    }


@lru_cache(4096)
def utc_time(instant: Instant | None) -> str | None:
    """An instant as these documents write it; None stays None."""
    return None if instant is None else time.strftime(TIME_FORMAT, time.gmtime(instant))


def _verdict(name: str, label: str, found: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    """Only what was measured is said."""
    lasted = found["windows"] - found["ran_out"]
    known = {name: value for name, value in found.items() if value is not None}
    known |= {name: f"{known[name]:.1%}" for name in _SHARES if name in known}
    known |= {"label": label, "lasted": lasted, "before": _span(found["hours_before"], words)}
    of_its_kind = "_sliding" if SPANS[name].kind == "rolling" else ""
    lines = [words[f"judged{of_its_kind}"].format(**known)]
    lines += [words[f"alarms{of_its_kind}"].format(**known)] if lasted else []
    lines += [words[f"told{of_its_kind}"].format(**known)] if found["ran_out"] else []
    if found["error_hours_on_the_last_day"] is not None:
        lines.append(words[f"exact{of_its_kind}"].format(**known))
    return [*lines, words["silent"].format(**known)]


_SHARES = ("false_alarms", "inside_the_range", "false_lasts", "unknown")


def _span(hours: float | None, words: Mapping[str, str]) -> str:
    if hours is None:
        return "–"
    if hours < 10:
        return words["few_hours"].format(hours)
    return words["days"].format(hours / DAY) if hours >= 2 * DAY else words["hours"].format(hours)


def windows_as_json(entries: Sequence[Entry]) -> str:
    """The past windows: `{"windows": [{"kind", "window", "ends", "last_read", "used_percent", "used_up_at"}]}`.

    `kind` is the plan's.
    """
    found = [
        {
            "kind": kind,
            "window": past.window,
            "ends": utc_time(past.ends),
            "last_read": utc_time(past.last),
            "used_percent": two_digits(past.used_percent),
            "used_up_at": utc_time(past.full_at),
        }
        for kind, past in _all(entries)
    ]
    return json.dumps({"windows": found})


def windows_as_lines(
    entries: Sequence[Entry], now: float, words: Mapping[str, str], bars_words: Mapping[str, str]
) -> list[str]:
    """A line a window: how full it was at its last reading, and when it was used up; of several plans also which."""
    lines, found = [], _all(entries)
    is_of_several = len({kind for kind, _ in found}) > 1
    for kind, past in found:
        ends, full = clock(past.ends, now, bars_words), past.full_at
        known = past.is_judged(int(now))
        line = words["window" if known else "window_so_far"].format(
            label(past.window, bars_words), ends, percent(past.used_percent)
        )
        line = f"{PLANS[kind].title} · {line}" if is_of_several else line
        lines.append(line + (words["used_up"].format(clock(full, now, bars_words)) if full else ""))
    return lines or [words["no_window"]]


def _all(entries: Sequence[Entry]) -> list[tuple[PlanKind, PastWindow]]:
    """Each past window with its plan, plan by plan, the shortest first."""
    found = []
    for of_one in by_account(entries):
        for windows in past_windows(of_one).values():
            found += [(of_one[0].kind, past) for past in windows]
    plans, names = list(PLANS), list(SPANS)
    return sorted(found, key=lambda each: (plans.index(each[0]), names.index(each[1].window), each[1].ends))
