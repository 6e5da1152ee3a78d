"""The counters: where they lie in an answer, and the windows that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codingplan_bar.fetch.reading.tree import Frame, first, objects
from codingplan_bar.fetch.reading.values import instant, number
from codingplan_bar.model import SPANS, Instant, Window, WindowName

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LEAST_AHEAD = 60
"""Seconds. The rolling window's "next refresh" is the server's own clock; nearer than this, it is no reset."""

QUOTAS = ("codingPlanQuotaInfo", "coding_plan_quota_info")


class Counter(NamedTuple):
    """The fields of one window: each is a row of names that mean the same."""

    used: tuple[str, ...]
    total: tuple[str, ...]
    reset: tuple[str, ...]


COUNTERS: dict[WindowName, Counter] = {
    "five_hour": Counter(
        ("per5HourUsedQuota", "perFiveHourUsedQuota"),
        ("per5HourTotalQuota", "perFiveHourTotalQuota"),
        ("per5HourQuotaNextRefreshTime", "perFiveHourQuotaNextRefreshTime"),
    ),
    "weekly": Counter(("perWeekUsedQuota",), ("perWeekTotalQuota",), ("perWeekQuotaNextRefreshTime",)),
    "monthly": Counter(
        ("perBillMonthUsedQuota", "perMonthUsedQuota"),
        ("perBillMonthTotalQuota", "perMonthTotalQuota"),
        ("perBillMonthQuotaNextRefreshTime", "perMonthQuotaNextRefreshTime"),
    ),
}
FIELDS = frozenset(name for counter in COUNTERS.values() for row in counter for name in row)


def windows_in(scopes: Iterable[object], *, now: Instant) -> tuple[Window, ...]:
    """Return the windows of the first object that makes any, one scope after another, each from the outside in."""
    found = (windows_of(quota, now=now) for scope in scopes for quota in _quotas(scope))
    return next(filter(None, found), ())


def windows_of(quota: Frame, *, now: Instant) -> tuple[Window, ...]:
    """Return the windows that one object of counters makes, the shortest first."""
    windows = (window_of(name, quota, counter, now=now) for name, counter in COUNTERS.items())
    return tuple(filter(None, windows))


def window_of(name: WindowName, quota: Frame, counter: Counter, *, now: Instant) -> Window | None:
    """Return one window, None unless both its numbers are there and its total is more than 0.

    A negative use is none. A reset that is not ahead of `now` (the rolling window: by a minute) is no reset.
    """
    used, total = first(quota, counter.used, number), first(quota, counter.total, number)
    if used is None or total is None or total <= 0:
        return None
    reset = first(quota, counter.reset, instant)
    least = LEAST_AHEAD if SPANS[name].kind == "rolling" else 1
    return Window(name, max(used, 0), total, reset if reset is not None and reset - now >= least else None)


def _quotas(scope: object) -> Iterator[Frame]:
    """Yield the objects that are named as counters, then those that hold one of their fields."""
    for frame in objects(scope):
        yield from (value for key in QUOTAS if isinstance(value := frame.get(key), dict))
    yield from (frame for frame in objects(scope) if not FIELDS.isdisjoint(frame))
