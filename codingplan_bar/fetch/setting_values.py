"""How the value of a setting is read: from TOML it has a type, from the environment it is text.

Each reader takes either and gives the checked value. Raises ValueError, in words that end a sentence "KEY: …";
no message holds the value of a text, which may be a secret.
"""

from __future__ import annotations

import difflib
import math
import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from codingplan_bar.fetch.browsers import catalogue

STATES = ("ok", "warning", "critical", "active", "stale", "error", "signed_out")
TEXT_LIMIT = 64 * 1024


def choice(*words: str) -> Callable[[Any], str]:
    """A reader of one of the words."""

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return str(value)

    return read


def some_of(*words: str) -> Callable[[Any], tuple[str, ...]]:
    """A reader of a list of the words: at least one, each at most once."""

    def read(value: Any) -> tuple[str, ...]:
        found = names(value)
        if not found or len(set(found)) < len(found) or not set(found) <= set(words):
            raise ValueError(f"must be a list of some of {', '.join(words)}, each once")
        return found

    return read


def number(lowest: float, highest: float) -> Callable[[Any], int | float]:
    """A reader of a number in those bounds, both included."""

    def read(value: Any) -> int | float:
        found = _number(value)
        if not lowest <= found <= highest:
            raise ValueError(f"must be from {lowest} to {highest}")
        return int(found) if found.is_integer() else found

    return read


def switch(value: Any) -> bool:
    """True or false; from the environment also 1/0, yes/no, on/off."""
    words = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
    found = value if isinstance(value, bool) else words.get(value.lower()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("must be true or false")
    return found


def text(value: Any) -> str:
    """A text of at most 64 Ki characters; of several lines too, as a pasted command is."""
    if not isinstance(value, str):
        raise ValueError("must be a text in quotes")
    if len(value) > TEXT_LIMIT:
        raise ValueError(f"must be at most {TEXT_LIMIT} characters long")
    return value


def program(value: Any) -> str:
    """The path of a program, absolute or below `~/`; empty for the one on the PATH."""
    if not isinstance(value, str) or not (value == "" or value.startswith(("/", "~/"))):
        raise ValueError("must be an absolute path, or one that begins with ~/")
    return value


def names(value: Any) -> tuple[str, ...]:
    """A list of words; from the environment with commas between them."""
    items = [item.strip() for item in value.split(",")] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise ValueError("must be a list of words")
    return tuple(item for item in items if item)


def browsers(value: Any) -> tuple[str, ...]:
    """A list of browsers by the names of docs/browsers.md."""
    items = names(value)
    for place, item in enumerate(items, start=1):
        if catalogue.unknown([item]):
            known = ", ".join(browser.name for browser in catalogue.BROWSERS[:8])
            raise ValueError(f"number {place} is no browser that is known ({known} and others are)")
    return items


def arguments(value: Any) -> tuple[str, ...]:
    """A command as a list of arguments, or as one text that is split as a shell would, and run without one."""
    items = shlex.split(value) if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) and "\0" not in item for item in items):
        raise ValueError("must be a list of arguments")
    if items and not items[0].strip():
        raise ValueError("must begin with a command")
    return tuple(items)


def thresholds(value: Any) -> tuple[float, float]:
    """The percentages of `warning` and `critical`: 0 < warning ≤ critical ≤ 100."""
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, list) or len(items) != 2:
        raise ValueError("must be two percentages, for warning and critical")
    warning, critical = (_number(item) for item in items)
    if not 0 < warning <= critical <= 100:
        raise ValueError("must be two percentages, the first not above the second")
    return warning, critical


def colors(value: Any) -> Mapping[str, str]:
    """A colour a state; from the environment as `ok=#98c379,error=#e06c75`."""
    table = dict(pair.split("=", 1) for pair in names(value) if "=" in pair) if isinstance(value, str) else value
    if not isinstance(table, dict) or not set(table) <= set(STATES):
        raise ValueError(f"must be a table with colours of some of {', '.join(STATES)}")
    if not all(isinstance(color, str) and re.fullmatch("#[0-9a-fA-F]{6}", color) for color in table.values()):
        raise ValueError("a colour is written #rrggbb")
    return MappingProxyType(dict(table))


def nearest(name: str, known: Iterable[str]) -> str:
    """What to do about a name that is not known."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean {close[0]!r}?" if close else f"The settings are: {', '.join(known)}."


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("must be a number")
    try:
        found = float(value)
    except (ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise ValueError("must be a number")
    return found
