"""Bytes to JSON values, with every JSON text inside a JSON text opened: the gateway wraps its payload so."""

from __future__ import annotations

import json
import math
import re
from typing import TypeAlias

from codingplan_bar.errors import BadResponse, EmptySuccess

MAX_LEVELS = 100
MAX_VALUES = 100_000
"""A real answer holds about fifty; a crowd of small values costs fifty times the memory of its text."""

MAX_DIGITS = 400
"""A whole number of more digits is beyond every float, and slow to read."""

Container: TypeAlias = dict[str, object] | list[object]
_OPENS = re.compile(r"\s*[{\[]")


def decode(body: bytes | str) -> object:
    """Return the JSON value of an answer, each string that itself is a JSON object or list replaced by it.

    The charset is one of JSON's own (UTF-8, -16, -32, with or without a byte order mark). Bytes that do not belong
    to it become U+FFFD, so that a text in another charset does not cost the numbers beside it.

    Raises `EmptySuccess` where there is nothing at all, and `BadResponse` where it is no JSON, is nested more than
    100 levels deep, or holds more than 100,000 values (what was opened counts in both).
    """
    text = _text_of(body)
    if not text.strip():
        raise EmptySuccess("The answer is empty.")
    reader = _Reader()
    try:
        holder: list[object] = [reader.parse(text)]
    except ValueError:
        raise BadResponse("The answer is no JSON.") from None
    reader.open_all(holder)
    return holder[0]


def _text_of(body: bytes | str) -> str:
    if isinstance(body, bytes):
        body = body.decode(json.detect_encoding(body), errors="replace")
    return body.removeprefix("\ufeff")


class _Reader:
    """Parses the texts of one answer, until they hold too much together."""

    def __init__(self) -> None:
        self.values_left = MAX_VALUES

    def parse(self, text: str) -> object:
        """Return the value of one JSON text. Raises `ValueError` where it is none, `BadResponse` beyond a bound."""
        self.values_left -= sum(map(text.count, "[{,"))
        if self.values_left < 0:
            raise BadResponse(f"The answer holds more than {MAX_VALUES} values.")
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
    return BadResponse(f"The answer is nested more than {MAX_LEVELS} levels deep.")


def _whole(digits: str) -> int | float:
    """Read a whole number without Python's own limit on digits, which is an error of its own."""
    if len(digits) <= MAX_DIGITS:
        return int(digits)
    return -math.inf if digits.startswith("-") else math.inf


_DECODER = json.JSONDecoder(parse_int=_whole)
