"""One field's value to a number, an instant, a flag or a name: None wherever it is none."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from codingplan_bar.text import clean

if TYPE_CHECKING:
    from codingplan_bar.model import Instant, Number

CHINA = timezone(timedelta(hours=8))
MILLISECONDS_FROM = 10**12
"""An epoch time from here on counts milliseconds: as seconds it would lie in the year 33658."""

LAST_INSTANT = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())
LONGEST_WRITTEN = 64
NAME_LIMIT = 64
EXACT_BELOW = 2**53

_DIGITS = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def number(value: object) -> Number | None:
    """Return a finite number, also from a text that is one; a boolean is none. Whole floats become ints."""
    if isinstance(value, str):
        value = _number_written(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not -sys.float_info.max <= value <= sys.float_info.max:
        return None
    return int(value) if abs(value) < EXACT_BELOW and value == int(value) else value


def _number_written(text: str) -> Number | None:
    if len(text) > LONGEST_WRITTEN or not _DIGITS.fullmatch(text):
        return None
    return float(text) if {".", "e", "E"} & set(text) else int(text)


def instant(value: object) -> Instant | None:
    """Return a time in whole seconds since 1970, later than 0 and not past the year 9999.

    It may be written as epoch seconds, epoch milliseconds (10¹² and more), ISO 8601 or `yyyy-MM-dd[ HH:mm[:ss]]`;
    where a date names no zone, it is China's time, UTC+8.
    """
    seconds = number(value)
    if seconds is None:
        seconds = _instant_written(value)
    elif seconds >= MILLISECONDS_FROM:
        seconds //= 1000
    if seconds is None or not 1 <= seconds < LAST_INSTANT + 1:
        return None
    return int(seconds)


def _instant_written(value: object) -> float | None:
    if not isinstance(value, str) or len(value) > LONGEST_WRITTEN:
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).timestamp()


def flag(value: object) -> bool | None:
    """Return a boolean, also from the words true and false."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower()[:LONGEST_WRITTEN])
    return value if isinstance(value, bool) else None


def name(value: object) -> str | None:
    """Return a text as a clean name of at most 64 characters, None where nothing of it can be shown."""
    return (clean(value, NAME_LIMIT) or None) if isinstance(value, str) else None
