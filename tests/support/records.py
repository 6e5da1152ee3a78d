"""Entries of a record, a window that really slides, and a JSON document with one of its places changed."""

from __future__ import annotations

from codingplan_bar.history.record import Entry
from codingplan_bar.model import Window

NOW = 1_795_400_400
MINUTE, HOUR = 60, 3600


def entry(at, used, total=6000, resets_at=None, **more):
    windows = (Window("five_hour", used, total, resets_at),) if used is not None else ()
    week = (Window("weekly", more.pop("weekly", 100), 45_000, at + 100_000),)
    return Entry(at, "web", "intl", more.pop("plan", "Pro"), windows + week)


class Sliding:
    """What was asked for at which minute; `used` is what the provider would count."""

    def __init__(self, spent):
        self.spent = spent

    def used(self, at):
        return sum(number for when, number in self.spent.items() if at - 5 * HOUR < when <= at)

    def readings(self, times, total=6000):
        return [entry(at, self.used(at), total) for at in times]


def places(document, path=()):
    """Every place of a document."""
    yield path
    inner = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in inner:
        yield from places(value, (*path, key))


def changed(document, path, value):
    """The document with another value at that place."""
    if not path:
        return value
    copied = dict(document) if isinstance(document, dict) else list(document)
    copied[path[0]] = changed(document[path[0]], path[1:], value)
    return copied
