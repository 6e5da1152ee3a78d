"""The payload: which subscription is meant, and the windows that its counters make."""

from __future__ import annotations

import time
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from codingplan_bar.errors import NoPlan
from codingplan_bar.model import Instant, Number, Plan, Window
from codingplan_bar.plans import CODING_PLAN, Fields, Product, Span
from codingplan_bar.provider.envelope import LISTINGS, frames
from codingplan_bar.provider.values import (
    Frame,
    end,
    first,
    flag,
    identifier,
    instant,
    name,
    names,
    number,
    objects,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


# What is said where there is no plan, or none any longer.

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def no_plan() -> NoPlan:
    """Return the error for an account that has none."""
    return NoPlan("no_plan")


def ended(at: Instant | None, *, now: Instant) -> NoPlan:
    """Return the error for a plan that is over; `at` is the end that has passed, None where none is named."""
    return NoPlan("no_plan.ended", day=day(at, now=now)) if at else NoPlan("no_plan.over")


def day(instant: Instant, *, now: Instant) -> str:
    """Return a day in the user's zone such as `Nov 26`, with its year where that is not the present one."""
    then = time.localtime(instant)
    year = "" if then.tm_year == time.localtime(now).tm_year else f", {then.tm_year}"
    return f"{MONTHS[then.tm_mon - 1]} {then.tm_mday}{year}"


# The counters: where they lie in an answer, and the windows that they make.

LEAST_AHEAD = 60
"""Seconds. The rolling window's "next refresh" is the server's own clock: nearer than this, it tells of no reset."""

SLOW_CLOCK = 60 * 60
"""Seconds that this machine's clock may be behind, so that a window that has just begun seems to last longer."""

QUOTAS = ("codingPlanQuotaInfo", "coding_plan_quota_info", "usageDetail", "usage_detail")


DETAIL = Fields(("used", "usedQuota"), ("total", "totalQuota"), ("resetTime", "nextRefreshTime"))
"""A window may also be an object of its own, as in `usageDetail` and in what the provider's tool prints."""


class Counted(NamedTuple):
    """The windows of one object of counters, the shortest first, and those that it has and that cannot be read."""

    windows: tuple[Window, ...] = ()
    left_out: tuple[str, ...] = ()


def counted_in(
    scopes: Iterable[object], *, now: Instant, skip: Iterable[Frame] = (), product: Product = CODING_PLAN
) -> Counted:
    """Return what the first object says that makes a window, one scope after another, each from the outside in.

    Where none does, the first that leaves something out is told of. What lies in the objects in `skip` is passed over.
    """
    skipped = tuple(skip)
    silent = Counted()
    for quota in (quota for scope in scopes for quota in _quotas(scope, skipped, product)):
        found = counted(quota, now=now, product=product)
        if found.windows:
            return found
        silent = silent if silent.left_out else found
    return silent


def counted(quota: Frame, *, now: Instant, product: Product = CODING_PLAN) -> Counted:
    """Return what one object of counters says of the plan's windows."""
    places = [_place(span, quota) for span in product.windows]
    numbers = [
        (first(frame, names.used, number), first(frame, names.total, number), first(frame, names.reset, instant))
        for frame, names in places
    ]
    windows = [_window(span, *read, now=now) for span, read in zip(product.windows, numbers, strict=True)]
    rows = zip(product.windows, places, windows, strict=True)
    reasons = [(span.name, reason(*place)) for span, place, window in rows if window is None]
    return Counted(tuple(filter(None, windows)), tuple(f"{name} ({why})" for name, why in reasons if why))


def _place(span: Span, quota: Frame) -> tuple[Frame, Fields]:
    """Return where a window's fields are: in an object of its own, else among the others."""
    details = [value for name in span.fields.own if isinstance(value := quota.get(name), dict)]
    return (details[0], DETAIL) if details else (quota, span.fields)


def _window(
    span: Span, used: Number | None, total: Number | None, reset: Instant | None, *, now: Instant
) -> Window | None:
    """Return one window, None unless both its numbers are there and its total is more than 0. A negative use is 0."""
    if used is None or total is None or total <= 0:
        return None
    return Window(span.name, max(used, 0), total, reset_of(span, reset, now=now))


def reset_of(span: Span, reset: Instant | None, *, now: Instant) -> Instant | None:
    """Return a reset that this window can have, else None.

    It is ahead of `now`, for a window that slides by a minute, and no further than the window is long.
    """
    least = LEAST_AHEAD if span.kind == "rolling" else 1
    return reset if reset is not None and least <= reset - now <= span.seconds + SLOW_CLOCK else None


def _quotas(scope: object, skip: tuple[Frame, ...], product: Product) -> Iterator[Frame]:
    """Yield the objects that are named as counters, then those that hold one of the plan's fields."""
    inside, names = objects(scope, skip=skip), product.field_names
    yield from (value for frame in inside for key in QUOTAS if isinstance(value := frame.get(key), dict))
    yield from (frame for frame in inside if not names.isdisjoint(frame))


# A window that an answer speaks of and that could not be read: which one, and why. Never a value of the answer.


def reason(quota: Frame, fields: Fields) -> str:
    """Return why two fields, each by its names, make no window; empty where they do, or where neither is there."""
    both = (("used", fields.used), ("total", fields.total))
    missing = [word for word, names in both if first(quota, names, _something) is None]
    if len(missing) == 2:
        return ""
    unread = [word for word, names in both if first(quota, names, number) is None]
    if unread:
        return f"{unread[0]} is {'missing' if unread[0] in missing else 'not a finite number'}"
    count = first(quota, fields.total, number) or 0
    return "" if count > 0 else f"total is {'below ' if count < 0 else ''}0"


def _something(value: object) -> object:
    return None if value in (None, "") else value


# The subscriptions that an answer lists: which of them is meant, how alive it is, its name and its end.

ALIVE = frozenset({"VALID", "ACTIVE"})
ENDED = frozenset({"EXPIRED", "INVALID", "INACTIVE", "DISABLED", "TERMINATED", "STOPPED"})
STATUSES = ("status", "instanceStatus")
ACTIVES = ("isActive", "active")
ENDS = ("endTime", "instanceEndTime", "periodEndTime", "expireTime", "expirationTime")
NAMES = ("planName", "plan_name", "instanceName", "instance_name", "packageName", "package_name", "instanceType")
PRODUCTS = ("instanceCode", "instanceId", "commodityCode", "productCode", *NAMES)
RENEWALS = ("autoRenewFlag",)
USERS, INSTANCES = ("userId",), ("instanceCode", "instanceId")
OUR_PRODUCT, OTHER_PRODUCT, FAMILY = "codingplan", "tokenplan", "sfm"
"""The Token Plan is sold and asked for beside the Coding Plan, in the same envelope, and listed among its instances.
The codes of all that Model Studio sells begin with the family's: what has one without ours in it is another product."""

INFOS = ("codingPlanInfo", "coding_plan_info")
HAS_PLAN = ("hasCodingPlan", "has_coding_plan")
"""Another shape has one instance in the place of a list, and says by a flag whether there is one."""


class Subject(NamedTuple):
    """What an answer is about: the chosen instance, or the innermost frame where it lists none.

    `proven` says that the subscription is alive, `over` that the answer lists none at all, or only ended ones.
    `others` are the instances that were not chosen, `ended` those that are over, `foreign` those of another product:
    the numbers of these are never shown.
    """

    frame: Frame
    proven: bool
    over: bool
    others: tuple[Frame, ...] = ()
    ended: tuple[Frame, ...] = ()
    foreign: tuple[Frame, ...] = ()


def subject_of(payload: object, *, now: Instant) -> Subject:
    """Choose what the answer is about: the highest positive score, of equals the one with the later end.

    With none positive it is the first instance that has not ended.
    """
    listed = _listed(payload)
    named = [(item, _is_other_product(item)) for item in listed or () if isinstance(item, dict)]
    foreign = tuple(item for item, is_other in named if is_other)
    instances = [item for item, is_other in named if not is_other]
    if not instances:
        return _subject_without_instances(
            payload, now, foreign, is_empty=listed is not None and len(foreign) == len(listed)
        )
    scored = [(item, score(item, now)) for item in instances]
    living = [(item, points) for item, points in scored if not _is_over(item, points)]
    alive = {id(item) for item, _ in living}
    ended = tuple(item for item in instances if id(item) not in alive)
    chosen, points = max(living, key=lambda each: _rank(*each), default=({}, 0))
    others = (*(item for item in instances if item is not chosen), *foreign)
    over = len(ended) + len(foreign) == len(listed or ())
    return Subject(chosen, points > 0, over, others, ended, foreign)


def plan_of(subject: Subject, payload: object) -> Plan:
    """Return the subject's name, else one from anywhere but another instance, and the subject's end."""
    ends, title = end_in(subject.frame), first(subject.frame, NAMES, name)
    if title is None:
        titles = (first(frame, NAMES, name) for frame in objects(payload, skip=subject.others))
        title = next(filter(None, titles), None)
    return Plan(title, ends)


def account_of(subject: Subject, payload: object) -> str | None:
    """Return what the answer names its account by: the user's number, else the code of the chosen instance."""
    users = [frame[key] for frame in objects(payload) for key in USERS if key in frame]
    return next(filter(None, map(identifier, users)), None) or account_in(subject.frame)


def end_in(instance: Frame) -> Instant | None:
    """Return the end that a subscription names."""
    return first(instance, ENDS, end)


def account_in(instance: Frame) -> str | None:
    """Return the code of a subscription."""
    return first(instance, INSTANCES, identifier)


def renews_in(instance: Frame) -> bool | None:
    """Return whether a subscription goes on by itself at its end; None where nothing is said of it."""
    return first(instance, RENEWALS, flag)


def score(instance: Frame, now: Instant) -> int:
    """Return how surely an instance is alive: 3 by its status or flag, 1 by its end, 0 unknown, -1 ended."""
    verdict = _verdict_of(instance)
    if verdict is not None:
        return 3 if verdict else -1
    ends = end_in(instance)
    return 1 if ends is not None and ends > now else 0


def has_ended(instance: Frame, now: Instant, *, knows_the_word: bool = False) -> bool:
    """Whether there is evidence that an instance is over; silence proves nothing.

    That is one of the six words or a flag that says so, an end that has passed, or any other word without an end
    ahead (with `knows_the_word` that one says nothing).
    """
    return _is_over(instance, score(instance, now), knows_the_word=knows_the_word)


def _is_over(instance: Frame, points: int, *, knows_the_word: bool = False) -> bool:
    """The same, with the instance's score."""
    if points:
        return points < 0
    return bool(not knows_the_word and _words(instance)) or end_in(instance) is not None


def last_end(instances: Sequence[Frame], now: Instant) -> Instant | None:
    """Return the last end of these instances that has passed; None where none is named."""
    ends = [found for instance in instances if (found := end_in(instance)) is not None and found <= now]
    return max(ends, default=None)


def _subject_without_instances(payload: object, now: Instant, foreign: tuple[Frame, ...], *, is_empty: bool) -> Subject:
    """Return the innermost frame. It has ended where it names a plan: a mere word may be about the answer itself."""
    innermost: Frame = ([frame for _, frame in frames(payload)][-1:] or [{}])[0]
    proven = score(innermost, now) > 0 and not _is_other_product(innermost)
    names_a_plan = first(innermost, NAMES, name) is not None or end_in(innermost) is not None
    ended = names_a_plan and has_ended(innermost, now, knows_the_word=True)
    return Subject(innermost, proven, is_empty or ended, foreign, (innermost,) if ended else (), foreign)


def _rank(instance: Frame, points: int) -> tuple[int, Instant]:
    return max(points, 0), (end_in(instance) or 0) if points > 0 else 0


def _verdict_of(instance: Frame) -> bool | None:
    """Return whether a known word, else a flag, says that it is alive; None where neither says anything."""
    known = [word for word in _words(instance) if word in ALIVE | ENDED]
    return known[0] in ALIVE if known else first(instance, ACTIVES, flag)


def _words(instance: Frame) -> list[str]:
    """Return what it says of its state, in capitals."""
    return [word.upper() for word in names(map(instance.get, STATUSES))]


def _listed(payload: object) -> Sequence[object] | None:
    """Return what the answer's lists of instances hold, None where there is no such list; a null is an empty one."""
    inside = objects(payload)
    values = [frame[key] for frame in inside for key in LISTINGS if key in frame]
    lists = [value or [] for value in values if value is None or isinstance(value, list)]
    lists += [[frame[key]] for frame in inside for key in INFOS if isinstance(frame.get(key), dict)]
    lists += [[] for frame in inside if not frame.keys().isdisjoint(HAS_PLAN) and first(frame, HAS_PLAN, flag) is False]
    return list(chain.from_iterable(lists)) if lists else None


def _is_other_product(frame: Frame) -> bool:
    said = ["".join(filter(str.isalnum, each)).lower() for each in names(map(frame.get, PRODUCTS))]
    others = any(OTHER_PRODUCT in each or each.startswith(FAMILY) for each in said)
    return others and not any(OUR_PRODUCT in each for each in said)
