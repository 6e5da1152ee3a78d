"""The nouns: what a plan is, what was read of it, and the snapshot that is kept.

Every time is an `Instant`: whole seconds since 1970-01-01T00:00:00Z.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias, TypeGuard

from codingplan_bar.plans import CODING_PLAN, PLANS, PlanKind, Product

Instant = int
Number = int | float
WindowName: TypeAlias = str
"""One of `plans.SPANS`."""
SourceName = Literal["web", "token", "cli", "api"]
RegionName = Literal["intl", "cn"]
Status = Literal["ok", "active", "error"]

LAST_INSTANT = 253_402_300_799
"""The end of the year 9999: no calendar goes further."""
INSTANTS = range(LAST_INSTANT + 1)
"""What can be an instant, of values whose type is int: True is in it, too."""

PROVIDER = "alibaba-coding-plan"
SCHEMA_VERSION = 2


def is_instant(value: object) -> TypeGuard[Instant]:
    """Whether stored data can be an instant."""
    return type(value) is int and value in INSTANTS


def is_number(value: object) -> TypeGuard[Number]:
    """Whether stored data is a number that can be calculated with: a float can be as large."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -sys.float_info.max <= value <= sys.float_info.max


class Window(NamedTuple):
    """One quota: `used` of `total` in the plan's unit; `resets_at` is None where it has no reset that can be named.

    Where the provider names no amounts, it is counted in percent: `used` of 100, and `in_percent` says so.
    """

    name: WindowName
    used: Number
    total: Number
    resets_at: Instant | None = None
    in_percent: bool = False

    @property
    def used_percent(self) -> float:
        """The used share, 0 to 100: clamp(used, 0, total) / total × 100."""
        used = min(max(self.used, 0), self.total)
        return float(used) if self.in_percent else used / self.total * 100  # 7.0 / 100 * 100 is not 7.0


def two_digits(percent: float) -> float:
    """A percentage for data, rounded to two digits; to 0 or 100 only where it is exactly that."""
    return min(max(round(percent, 2), 0.01), 99.99) if 0 < percent < 100 else percent


class Packs(NamedTuple):
    """What extra packs hold together, in the plan's unit: they are drawn on when the windows are used up."""

    remaining: Number
    total: Number


class Plan(NamedTuple):
    """The subscription: its name as the provider writes it, its end, which of the plans it is, and its extra packs."""

    name: str | None = None
    expires_at: Instant | None = None
    kind: PlanKind = CODING_PLAN.kind
    packs: Packs | None = None

    @property
    def product(self) -> Product:
        """What is known of this plan."""
        return PLANS[self.kind]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one answer of the provider said. No windows: the plan is proven active, but nothing is countable.

    `left_out` are the windows that it speaks of and that could not be read, each with the reason. `account_id` is what
    the answer names the account by: it is never stored, only a fingerprint of it. `renews` is whether the plan goes on
    by itself at its end, None where nothing is said of it.
    """

    plan: Plan
    windows: tuple[Window, ...] = ()
    left_out: tuple[str, ...] = ()
    account_id: str | None = field(default=None, repr=False)
    renews: bool | None = None


class Attempt(NamedTuple):
    """One try of one source in one region for one plan; `outcome` is "ok" or an error's code."""

    source: SourceName
    region: RegionName
    outcome: str
    message: str = ""
    plan: PlanKind = CODING_PLAN.kind


class Problem(NamedTuple):
    """An error as data: its code, what happened, what to do next."""

    code: str
    message: str
    hint: str = ""


class Snapshot(NamedTuple):
    """What was known at `fetched_at`: a plan with its windows, or the problem that kept it from being known.

    `account` is a fingerprint that tells one account from another on this machine; None where the answer names none.
    """

    fetched_at: Instant
    dashboard_url: str
    source: SourceName | None = None
    region: RegionName | None = None
    plan: Plan | None = None
    windows: tuple[Window, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    error: Problem | None = None
    account: str | None = None

    @property
    def product(self) -> Product:
        """What is known of its plan; of the first of all plans where it has none."""
        return self.plan.product if self.plan else CODING_PLAN

    @property
    def pack_in_use(self) -> Packs | None:
        """The packs that are drawn on now: a window is used up and something of them is left. None while none is."""
        packs = self.plan.packs if self.plan else None
        is_used_up = any(window.used >= window.total for window in self.windows)
        return packs if packs and packs.remaining > 0 and is_used_up else None

    @property
    def status(self) -> Status:
        """`error`, else `ok` with at least one window, else `active`."""
        if self.error:
            return "error"
        return "ok" if self.windows else "active"
