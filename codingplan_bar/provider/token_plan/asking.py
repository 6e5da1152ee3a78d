"""Which of the Token Plan's calls are made for one reading: the shares each time, all else once a day or for news.

How a call is sent is the business of each way of asking: it gives a `Post`, and this says what for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple, TypeVar

from codingplan_bar.errors import CodingPlanError, EmptySuccess, NetworkFailure, RateLimited
from codingplan_bar.model import Instant, Number, Packs, Plan, Reading, Window
from codingplan_bar.plans import SPANS, TOKEN_PLAN, TOKEN_PLAN_TEAM, PlanKind, Product
from codingplan_bar.provider.token_plan.reading import (
    Shares,
    Subscription,
    counted,
    packs_in,
    raise_if_over,
    shares_in,
    subscription_in,
    team_in,
    totals_in,
)
from codingplan_bar.regions import Region

TRIES, PAUSE = 3, 0.4
"""An empty success is passing: it is asked for so often, so many seconds apart."""
DAY, HOUR = 86_400, 3_600

_Said = TypeVar("_Said")


class PlanCall(NamedTuple):
    """One call: the API's name, and what it is asked with; `is_billing` is one of the billing service's."""

    api: str
    asked: Mapping[str, Any] = {}
    is_billing: bool = False


Post = Callable[[PlanCall], object]
"""Sends a call, and gives its decoded answer. Raises what the answer complains of."""


@dataclass(frozen=True, slots=True)
class Known:
    """What has been learned of a plan beside its shares, when, and by which shares: each window's percent and reset.

    `account` is a fingerprint, never what the provider names the account by; `renews` is whether the plan goes on by
    itself at its end, None where that is not said.
    """

    at: Instant = 0
    spec: str | None = None
    expires_at: Instant | None = None
    account: str | None = None
    totals: Mapping[str, Number] = field(default_factory=dict)
    packs: tuple[Number, Number] | None = None
    seen: Mapping[str, tuple[Number, Instant]] = field(default_factory=dict)
    renews: bool | None = None

    def is_outdated(self, windows: tuple[Window, ...], now: Instant) -> bool:
        """Whether all of it is asked for: once a day, when another window or reset is named, or a share has fallen."""
        seen = _seen(windows)
        moved = {name: reset for name, (_, reset) in self.seen.items()} != {
            name: reset for name, (_, reset) in seen.items()
        }
        fell = any(percent < self.seen[name][0] for name, (percent, _) in seen.items() if name in self.seen)
        return moved or fell or not 0 <= now - self.at < DAY

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: object) -> Known:
        """What `to_data` gave; for other data nothing is known."""
        try:
            return _known(data)
        except (TypeError, ValueError, LookupError, AttributeError):
            return cls()


def _known(data: Any) -> Known:
    texts = [None if data[name] is None else _text(data[name]) for name in ("spec", "account")]
    expires_at = None if data["expires_at"] is None else _whole(data["expires_at"])
    packs = None if data["packs"] is None else tuple(map(_number, data["packs"]))
    totals = {name: _number(data["totals"][name]) for name in SPANS if name in data["totals"]}
    seen = {name: (_number(said[0]), _whole(said[1])) for name, said in data["seen"].items() if name in SPANS}
    if not all(total > 0 for total in totals.values()) or (packs and (len(packs) != 2 or packs[1] <= 0)):
        raise ValueError
    pair = (packs[0], packs[1]) if packs else None
    renews = data.get("renews")  # what an earlier version has kept says nothing of it
    if renews is not None and type(renews) is not bool:
        raise ValueError
    return Known(_whole(data["at"]), texts[0], expires_at, texts[1], totals, pair, seen, renews)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.isprintable() or len(value) > 64:
        raise ValueError
    return value


def _number(value: object) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ValueError
    return value


def _whole(value: object) -> Instant:
    if type(value) is not int or not 0 <= value < 253_402_300_800:
        raise ValueError
    return value


def _seen(windows: tuple[Window, ...]) -> dict[str, tuple[Number, Instant]]:
    return {window.name: (window.used, window.resets_at or 0) for window in windows}


@dataclass(slots=True)
class PlanQuestion:
    """What is asked of a plan other than the Coding Plan. `known` is brought up to date, for whoever keeps it.

    `is_look`: it is only to be seen whether there is such a plan, by one call. `must_stop`: the provider wants to be
    left alone, or cannot be reached. `now` gives the seconds since 1970, `sleep` takes seconds.
    """

    product: Product
    now: Callable[[], float]
    sleep: Callable[[float], None]
    known: Known = field(default_factory=Known)
    is_look: bool = False
    must_stop: bool = False

    @property
    def kind(self) -> PlanKind:
        """Which of the plans it is about."""
        return self.product.kind

    def reading(self, post: Post, region: Region) -> Reading:
        """What one way of asking brings. Raises what `post` and the readers of the answers raise."""
        now = int(self.now())
        if self.product is TOKEN_PLAN_TEAM:
            return team_in(post(_of_team(region)), now=now)
        shares = self._shares(post, region, now)
        account = None if self.is_look else self._learned(post, region, shares.windows, now)
        packs = Packs(*self.known.packs) if self.known.packs else None
        plan = Plan(titled(self.product, self.known.spec), self.known.expires_at, self.kind, packs)
        return Reading(plan, counted(shares.windows, self.known.totals), shares.left_out, account, self.known.renews)

    def _shares(self, post: Post, region: Region, now: Instant) -> Shares:
        for left in reversed(range(1 if self.is_look else TRIES)):
            try:
                return shares_in(post(PlanCall(TOKEN_PLAN.apis[0])), now=now)
            except EmptySuccess:
                if not left:
                    self._raise_if_over(post, region, now)
                    raise
            self.sleep(PAUSE)
        raise AssertionError

    def _raise_if_over(self, post: Post, region: Region, now: Instant) -> None:
        """Raise `NoPlan` where the subscription itself says that it has ended: no shares prove nothing."""
        if not self.is_look:
            self._subscribed(post, region, now)

    def _subscribed(self, post: Post, region: Region, now: Instant) -> Subscription | None:
        """What the subscription says, None where that fails. Raises `NoPlan` where it says that it has ended."""
        call = PlanCall(TOKEN_PLAN.more["subscription"], {"commodityCode": TOKEN_PLAN.commodity_codes[region.name]})
        said = self._tried(post, call, lambda payload: subscription_in(payload, now=now))
        raise_if_over(said or Subscription(), now=now)
        return said

    def _learned(self, post: Post, region: Region, windows: tuple[Window, ...], now: Instant) -> str | None:
        """Bring `known` up to date; gives what the account is named by, where that was asked for."""
        said = None
        if self.known.is_outdated(windows, now):
            said = self._subscribed(post, region, now)
            self._learn(post, said, now)
        elif any(window.used >= window.total for window in windows):
            self._learn_packs(post)
        self.known = replace(self.known, seen=_seen(windows))
        return said.account_id if said else None

    def _learn(self, post: Post, said: Subscription | None, now: Instant) -> None:
        """Where a call fails, what was known before counts, and all is asked for again in an hour."""
        spec = said.spec if said else self.known.spec
        totals = None
        if spec:
            totals = self._tried(post, PlanCall(TOKEN_PLAN.more["totals"]), lambda payload: totals_in(payload, spec))
        if said:
            self.known = replace(self.known, spec=said.spec, expires_at=said.expires_at, renews=said.renews)
        if totals is not None:
            self.known = replace(self.known, totals=totals)
        is_whole = said is not None and totals is not None
        self.known = replace(self.known, at=now if is_whole else max(now - DAY + HOUR, 1))
        self._learn_packs(post)

    def _learn_packs(self, post: Post) -> None:
        read: list[Packs | None] = []
        self._tried(post, PlanCall(TOKEN_PLAN.more["packs"]), lambda payload: read.append(packs_in(payload)))
        if read:
            self.known = replace(self.known, packs=(read[0].remaining, read[0].total) if read[0] else None)

    def _tried(self, post: Post, call: PlanCall, read: Callable[[object], _Said]) -> _Said | None:
        """What a call brings that the shares do without; None where it fails, or one before it could not be sent."""
        if self.must_stop:
            return None
        try:
            return read(post(call))
        except CodingPlanError as error:
            self.must_stop = isinstance(error, RateLimited | NetworkFailure)
            return None


def titled(product: Product, spec: str | None) -> str | None:
    """The plan's name with the provider's word for its kind, such as `Token Plan Essential`; None without one."""
    return f"{product.title} {spec[:1].upper()}{spec[1:]}" if spec else None


def _of_team(region: Region) -> PlanCall:
    asked = {"ProductCode": TOKEN_PLAN_TEAM.commodity_codes[region.name]}
    return PlanCall(TOKEN_PLAN_TEAM.apis[0], asked, is_billing=True)
