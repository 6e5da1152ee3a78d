"""The subscriptions that an answer lists: which of them is meant, how alive it is, its name and its end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from codingplan_bar.fetch.reading.frames import LISTINGS, frames
from codingplan_bar.fetch.reading.tree import Frame, first, objects
from codingplan_bar.fetch.reading.values import flag, instant, name
from codingplan_bar.model import Instant, Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

ALIVE = frozenset({"VALID", "ACTIVE"})
ENDED = frozenset({"EXPIRED", "INVALID", "INACTIVE", "DISABLED", "TERMINATED", "STOPPED"})
STATUSES = ("status", "instanceStatus")
ACTIVES = ("isActive", "active")
ENDS = ("endTime", "instanceEndTime", "periodEndTime", "expireTime", "expirationTime")
NAMES = ("planName", "plan_name", "instanceName", "instance_name", "packageName", "package_name", "instanceType")
PRODUCTS = ("instanceCode", "instanceId", "commodityCode")
OTHER_PRODUCT = "tokenplan"
"""The Token Plan is sold and asked for beside the Coding Plan, in the same envelope."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an answer is about: the chosen instance, or the innermost frame where it lists none.

    `proven` says that the subscription is alive, `over` that the answer lists none at all, or only ended ones;
    `others` are the instances that were not chosen.
    """

    frame: Frame
    proven: bool
    over: bool
    others: tuple[Frame, ...] = ()


def subject_of(payload: object, *, now: Instant) -> Subject:
    """Choose what the answer is about: the highest positive score, the first of equals, else the first instance."""
    listed = _listed(payload)
    instances = [item for item in listed or () if isinstance(item, dict)]
    over = listed is not None and len(instances) == len(listed) and all(_is_over(item, now) for item in instances)
    if not instances:
        innermost = [frame for _, frame in frames(payload)][-1:] or [{}]
        return Subject(innermost[0], score(innermost[0], now) > 0 and not _is_other_product(innermost[0]), over)
    chosen = max(instances, key=lambda item: max(score(item, now), 0))
    others = tuple(item for item in instances if item is not chosen)
    return Subject(chosen, score(chosen, now) > 0, over, others)


def plan_of(subject: Subject, payload: object) -> Plan:
    """Return the subject's name, else one from anywhere but another instance, and the subject's end."""
    frames_in_order = chain([subject.frame], objects(payload, skip=subject.others))
    names = (first(frame, NAMES, name) for frame in frames_in_order)
    return Plan(next(filter(None, names), None), first(subject.frame, ENDS, instant))


def score(instance: Frame, now: Instant) -> int:
    """Return how surely an instance is alive: 3 by its status or flag, 1 by its end, 0 unknown, -1 ended."""
    status = first(instance, STATUSES, _verdict)
    if status is None:
        status = first(instance, ACTIVES, flag)
    if status is not None:
        return 3 if status else -1
    end = first(instance, ENDS, instant)
    return 1 if end is not None and end > now else 0


def _verdict(status: object) -> bool | None:
    word = (name(status) or "").upper()
    return word in ALIVE if word in ALIVE | ENDED else None


def _is_over(instance: Frame, now: Instant) -> bool:
    """Whether an instance says that it has ended, by its word or by its date alone."""
    return score(instance, now) < 0 or (score(instance, now) == 0 and first(instance, ENDS, instant) is not None)


def _listed(payload: object) -> Sequence[object] | None:
    """Return what the answer's lists of instances hold, None where there is no such list; a null is an empty one."""
    values = [frame[key] for frame in objects(payload) for key in LISTINGS if key in frame]
    lists = [value or [] for value in values if value is None or isinstance(value, list)]
    return list(chain.from_iterable(lists)) if lists else None


def _is_other_product(frame: Frame) -> bool:
    return any(OTHER_PRODUCT in (name(frame.get(key)) or "").lower() for key in PRODUCTS)
