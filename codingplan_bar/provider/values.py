"""JSON text to values, and one value to a number, an instant, a flag or a name. None where it is invalid."""

from __future__ import annotations

import json
import math
import re
import sys
from collections import deque
from contextlib import suppress
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from codingplan_bar.errors import BadResponse, EmptySuccess
from codingplan_bar.model import LAST_INSTANT
from codingplan_bar.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from codingplan_bar.model import Instant, Number


# Bytes to JSON values, with every JSON text inside a JSON text opened: the gateway wraps its payload so.

MAX_LEVELS = 100
MAX_VALUES = 100_000
"""A real answer holds about fifty; a crowd of small values costs fifty times the memory of its text."""

MAX_DIGITS = 400
"""A whole number of more digits is beyond every float, and slow to read."""

Container: TypeAlias = dict[str, object] | list[object]
_OPENS = re.compile(r"\s*[{\[]")


def decode(body: bytes | str) -> object:
    """Return the JSON value of an answer, each string that itself is a JSON object or list replaced by it.

    The charset is one of JSON's own (UTF-8, -16, -32, with or without a byte order mark), else GBK, in which an old
    gateway may answer. Bytes that belong to none of them become U+FFFD, so that they do not cost the numbers beside.

    Raises `EmptySuccess` where there is nothing at all, and `BadResponse` where it is not JSON, is nested more than
    100 levels deep, or holds more than 100,000 values (what was opened counts in both).
    """
    for text in _texts_of(body):
        if not text.strip():
            raise EmptySuccess("answer.empty")
        reader = _Reader()
        try:
            holder: list[object] = [reader.parse(text)]
        except ValueError:
            continue
        reader.open_all(holder)
        return holder[0]
    raise BadResponse("answer.no_json")


def _texts_of(body: bytes | str) -> Iterator[str]:
    """Yield the text that the bytes can be, the likeliest first. What is whole UTF-8 is nothing else."""
    if isinstance(body, str):
        yield body.removeprefix("\ufeff")
        return
    own = json.detect_encoding(body)
    for charset, errors in ((own, "strict"), ("gb18030", "strict"), (own, "replace")):
        with suppress(UnicodeDecodeError):
            yield body.decode(charset, errors).removeprefix("\ufeff")
            if charset == own:
                return


class _Reader:
    """Parses the texts of one answer, until they hold too much together."""

    def __init__(self) -> None:
        self.values_left = MAX_VALUES

    def parse(self, text: str) -> object:
        """Return the value of one JSON text. Raises `ValueError` for another text, `BadResponse` beyond a bound."""
        self.values_left -= sum(map(text.count, "[{,"))
        if self.values_left < 0:
            raise BadResponse("answer.values", limit=MAX_VALUES)
        try:
            return _DECODER.decode(text)
        except RecursionError:
            raise _too_deep() from None

    def open_all(self, holder: list[object]) -> None:
        """Open every string below `holder`, in place, so that no text is kept beside its value."""
        pending: list[tuple[Container, int]] = [(holder, 0)]
        while pending:
            container, level = pending.pop()
            if level > MAX_LEVELS:
                raise _too_deep()
            for place, value in _places(container):
                opened = self._opened(value)
                container[place] = opened  # type: ignore[index]  # the place is one of this container
                if isinstance(opened, dict | list):
                    pending.append((opened, level + 1))

    def _opened(self, value: object) -> object:
        if not isinstance(value, str) or not _OPENS.match(value):
            return value
        try:
            return self.parse(value)
        except ValueError:
            return value


def _places(container: Container) -> list[tuple[str, object]] | list[tuple[int, object]]:
    return list(container.items()) if isinstance(container, dict) else list(enumerate(container))


def _too_deep() -> BadResponse:
    return BadResponse("answer.levels", limit=MAX_LEVELS)


def _whole(digits: str) -> int | float:
    """Read a whole number without Python's own limit on digits, which is an error of its own."""
    if len(digits) <= MAX_DIGITS:
        return int(digits)
    return -math.inf if digits.startswith("-") else math.inf


_DECODER = json.JSONDecoder(parse_int=_whole)


# Walking a JSON value from the outside in, with no recursion: how deep it is may be the sender's choice.

Frame: TypeAlias = dict[str, object]
"""One JSON object of the answer."""

_Read = TypeVar("_Read")


def objects(root: object, *, skip: Iterable[Frame] = ()) -> list[Frame]:
    """Return each object at or below `root`, the outer before the inner, but nothing of the objects in `skip`."""
    skipped = {id(frame) for frame in skip}
    pending: deque[object] = deque([root])
    found: list[Frame] = []
    while pending:
        value = pending.popleft()
        if isinstance(value, dict) and id(value) not in skipped:
            found.append(value)
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    return found


def first(frame: Frame, names: Sequence[str], read: Callable[[object], _Read | None]) -> _Read | None:
    """Return what `read` makes of the first field of `names` that it can read, else None."""
    for name in names:
        value = read(frame[name]) if name in frame else None
        if value is not None:
            return value
    return None


# One field's value to a number, an instant, a flag or a name: None for any other text.

CHINA = timezone(timedelta(hours=8))
"""Where the provider's days, weeks and months begin; a time that names no zone is of it."""
MILLISECONDS_FROM = 10**12
"""An epoch time from here on counts milliseconds: as seconds it would lie in the year 33658."""

_COMPACT = re.compile(r"20[0-9]{12}")
"""`yyyyMMddHHmmss` in digits alone: as milliseconds it would lie beyond the year 2600."""

FIRST_INSTANT = 10**9
"""In the year 2001: no plan, session or window of the provider's is as old, so a smaller number is not its time."""

LONGEST_WRITTEN = 64
NAME_LIMIT = 64
EXACT_BELOW = 2**53

LONGEST_NUMBER = 1_200
"""Characters; the widest float takes 309 digits, and half as many more where they are grouped."""

_LAST_SECOND = time(23, 59, 59)
_DIGITS = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_GROUPED = re.compile(r"([+-]?[0-9]{1,3})((?:(?P<gap>[, '’_])[0-9]{3})(?:(?P=gap)[0-9]{3})*)(\.[0-9]+)?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９，．＋－＇", "0123456789,.+-'")


def number(value: object) -> Number | None:
    """Return a finite number, also from a text that is one; a boolean is not one. Whole floats become ints.

    A text may group its digits in threes, by one comma, space, apostrophe or underscore everywhere, and have them in
    full width; a word behind them makes it no number.
    """
    if isinstance(value, str):
        value = _number_written(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not -sys.float_info.max <= value <= sys.float_info.max:
        return None
    return int(value) if abs(value) < EXACT_BELOW and value == int(value) else value


def _number_written(text: str) -> Number | None:
    if len(text) > LONGEST_NUMBER:
        return None
    text = "".join(" " if char.isspace() else char for char in text.translate(_FULL_WIDTH))
    if grouped := _GROUPED.fullmatch(text):
        text = grouped[1] + grouped[2].replace(grouped["gap"], "") + (grouped[4] or "")
    if not _DIGITS.fullmatch(text):
        return None
    return float(text) if {".", "e", "E"} & set(text) else int(text)


def instant(value: object) -> Instant | None:
    """Return a time in whole seconds since 1970, of the years 2001 to 9999.

    It may be written as epoch seconds, epoch milliseconds (10¹² and more), ISO 8601 (`yyyyMMdd` too),
    `yyyyMMddHHmmss` or `yyyy-MM-dd[ HH:mm[:ss]]`; where a date names no zone, it is China's time, UTC+8.
    """
    seconds = number(value)
    if seconds is None or seconds < FIRST_INSTANT:
        seconds = _instant_written(value)
    elif _COMPACT.fullmatch(digits := str(seconds)):
        seconds = _instant_written(f"{digits[:8]}T{digits[8:]}")
    elif seconds >= MILLISECONDS_FROM:
        seconds //= 1000
    if seconds is None or not FIRST_INSTANT <= seconds < LAST_INSTANT + 1:
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


def end(value: object) -> Instant | None:
    """Return the end of a subscription as an instant: service ends at 23:59:59 of a day that comes without a time."""
    day = _day_written(value)
    return instant(value) if day is None else instant(datetime.combine(day, _LAST_SECOND).isoformat())


def _day_written(value: object) -> date | None:
    if not isinstance(value, str) or len(value) > LONGEST_WRITTEN:
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        return None


def flag(value: object) -> bool | None:
    """Return a boolean, also from the words true and false."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower()[:LONGEST_WRITTEN])
    return value if isinstance(value, bool) else None


def name(value: object) -> str | None:
    """Return a text as a clean name of at most 64 characters, None where nothing of it can be shown."""
    return next(iter(names((value,))), None)


def names(values: Iterable[object]) -> list[str]:
    """Return the clean names among some values."""
    return [cleaned for value in values if isinstance(value, str) and (cleaned := clean(value, NAME_LIMIT))]


def identifier(value: object) -> str | None:
    """Return a whole number or a name as text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else name(value)
