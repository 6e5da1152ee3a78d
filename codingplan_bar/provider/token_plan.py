"""The Token Plan: which calls are made for one reading, and what their answers say.

The shares are asked for each time, all else once a day or for news.

How a call is sent is the business of each way of asking: it gives a `Post`, and this says what for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from codingplan_bar.errors import BadResponse, CodingPlanError, EmptySuccess, NetworkFailure, NoPlan, RateLimited
from codingplan_bar.model import Instant, Number, Packs, Plan, Reading, Window
from codingplan_bar.plans import TOKEN_PLAN, TOKEN_PLAN_TEAM, PlanKind, Product, Span
from codingplan_bar.provider.envelope import unreadable
from codingplan_bar.provider.plan_fields import (
    INSTANCES,
    account_in,
    end_in,
    ended,
    has_ended,
    renews_in,
    reset_of,
    score,
)
from codingplan_bar.provider.values import Frame, first, instant, name, number, objects
from codingplan_bar.regions import Region

TRIES, PAUSE = 3, 0.4
"""An empty success is passing: it is asked for so often, so many seconds apart."""
DAY, HOUR = 86_400, 3_600
WANDERS = 15 * 60
"""Seconds by which a reset may differ from answer to answer and be the same one."""

_Said = TypeVar("_Said")


class PlanCall(NamedTuple):
    """One call: the API's name, and what it is asked with; `is_billing` is one of the billing service's."""

    api: str
    asked: Mapping[str, Any] = MappingProxyType({})
    is_billing: bool = False


Post = Callable[[PlanCall], object]
"""Sends a call, and gives its decoded answer. Raises what the answer complains of."""


class Known(NamedTuple):
    """What has been learned of a plan beside its shares, when, and by which shares: each window's percent and reset.

    `account` is a fingerprint, never what the provider names the account by; `renews` is whether the plan goes on by
    itself at its end, None where that is not said; `packs_at` is when the packs were read.
    """

    at: Instant = 0
    spec: str | None = None
    expires_at: Instant | None = None
    account: str | None = None
    totals: Mapping[str, Number] = MappingProxyType({})
    packs: tuple[Number, Number] | None = None
    seen: Mapping[str, tuple[Number, Instant]] = MappingProxyType({})
    renews: bool | None = None
    packs_at: Instant = 0

    def is_outdated(self, windows: tuple[Window, ...], now: Instant) -> bool:
        """Whether all of it is asked for: once a day, when another window or reset is named, or a share has fallen.

        So it is after the end that was named: the plan is over then, or goes on until another one.
        """
        seen = _seen(windows)
        both = [(before, seen[name]) for name, before in self.seen.items() if name in seen]
        moved = any(abs(reset - earlier) > WANDERS for (_, earlier), (_, reset) in both)
        fell = any(percent < earlier for (earlier, _), (percent, _) in both)
        ended = self.expires_at is not None and self.at < self.expires_at <= now
        return seen.keys() != self.seen.keys() or moved or fell or ended or not 0 <= now - self.at < DAY


def _is_used_up(windows: tuple[Window, ...]) -> bool:
    return any(window.used >= window.total for window in windows)


def _seen(windows: tuple[Window, ...]) -> dict[str, tuple[Number, Instant]]:
    return {window.name: (window.used, window.resets_at or 0) for window in windows}


@dataclass(slots=True, eq=False, repr=False)
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
        packs = self._packs(shares.windows, now)
        plan = Plan(titled(self.product, self.known.spec), self.known.expires_at, self.kind, packs)
        return Reading(plan, counted(shares.windows, self.known.totals), shares.left_out, account, self.known.renews)

    def _packs(self, windows: tuple[Window, ...], now: Instant) -> Packs | None:
        """The extra packs; None where what is known of them is too old to be told as if it were of now."""
        longest = HOUR if _is_used_up(windows) else 2 * DAY
        is_fresh = 0 <= now - self.known.packs_at <= longest
        return Packs(*self.known.packs) if self.known.packs and is_fresh else None

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
        elif _is_used_up(windows):
            self._learn_packs(post, now)
        self.known = self.known._replace(seen=_seen(windows))
        return said.account_id if said else None

    def _learn(self, post: Post, said: Subscription | None, now: Instant) -> None:
        """Where a call fails, what was known before counts, and all is asked for again in an hour.

        The totals are those of one kind: of another one they say nothing.
        """
        spec = said.spec if said else self.known.spec
        totals = None
        if spec:
            totals = self._tried(post, PlanCall(TOKEN_PLAN.more["totals"]), lambda payload: totals_in(payload, spec))
        before = self.known.totals if spec == self.known.spec else {}
        if said:
            self.known = self.known._replace(spec=said.spec, expires_at=said.expires_at, renews=said.renews)
        self.known = self.known._replace(totals=before if totals is None else totals)
        is_whole = said is not None and totals is not None
        self.known = self.known._replace(at=now if is_whole else max(now - DAY + HOUR, 1))
        self._learn_packs(post, now)

    def _learn_packs(self, post: Post, now: Instant) -> None:
        read: list[Packs | None] = []
        self._tried(post, PlanCall(TOKEN_PLAN.more["packs"]), lambda payload: read.append(packs_in(payload)))
        if read:
            packs = (read[0].remaining, read[0].total) if read[0] else None
            self.known = self.known._replace(packs=packs, packs_at=now)

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


# The Token Plan's answers: the shares of its windows, the subscription, the totals, the packs, a team's sum. Pure.

MOST = 1.05
"""A used share beyond this is not one: the numbers of such an answer mean something else."""
OF_A_SUBSCRIPTION = ("specCode", *INSTANCES, "remainingDays")
SPECS = ("specCode",)


class Shares(NamedTuple):
    """The windows of one answer in percent, the shortest first, and those that could not be read, with the reason."""

    windows: tuple[Window, ...] = ()
    left_out: tuple[str, ...] = ()


class Subscription(NamedTuple):
    """What is known of a subscription: the word for its kind, its end, what names it, and whether it is over.

    `renews`: whether it goes on by itself at its end, None where nothing is said of it.
    """

    spec: str | None = None
    expires_at: Instant | None = None
    account_id: str | None = None
    is_over: bool = False
    renews: bool | None = None


def shares_in(payload: object, *, now: Instant) -> Shares:
    """The windows of an answer to `usage`, or of what the provider's tool prints of it.

    Raises `BadResponse` for a wrong share, and where no window could be read.
    """
    names = TOKEN_PLAN.field_names
    frame = next((each for each in objects(payload) if not names.isdisjoint(each)), {})
    windows = tuple(filter(None, (_window(span, frame, now) for span in TOKEN_PLAN.windows)))
    left_out = tuple(_unread(TOKEN_PLAN.windows, frame))
    if not windows:
        raise unreadable(payload, left_out)
    return Shares(windows, left_out)


def _window(span: Span, frame: Frame, now: Instant) -> Window | None:
    share = first(frame, span.fields.share, number)
    if share is None:
        return None
    if not 0 <= share <= MOST:
        raise BadResponse("answer.share", window=span.name)
    percent = number(round(min(share, 1) * 100, 10))
    reset = reset_of(span, first(frame, span.fields.reset, instant), now=now)
    return Window(span.name, percent or 0, 100, reset, in_percent=True)


def _unread(spans: Iterable[Span], frame: Frame) -> Iterable[str]:
    for span in spans:
        said = first(frame, span.fields.share, lambda value: value)
        if said is not None and first(frame, span.fields.share, number) is None:
            yield f"{span.name} (share is not a finite number)"


def counted(windows: Iterable[Window], totals: Mapping[str, Number]) -> tuple[Window, ...]:
    """The same windows in the plan's unit, where a total is known."""
    return tuple(_counted(window, totals.get(window.name)) for window in windows)


def _counted(window: Window, total: Number | None) -> Window:
    if total is None:
        return window
    used = total if window.used >= 100 else number(window.used / 100 * total)
    return window if used is None else Window(window.name, used, total, window.resets_at)


def subscription_in(payload: object, *, now: Instant) -> Subscription:
    """What an answer to `subscription` says; of several the one that lives most surely. All is None without any."""
    found = [frame for frame in objects(payload) if any(frame.get(key) is not None for key in OF_A_SUBSCRIPTION)]
    living = [frame for frame in found if not has_ended(frame, now)] or found[:1]
    chosen = max(living, key=lambda frame: score(frame, now), default={})
    is_over = bool(chosen) and has_ended(chosen, now)
    return Subscription(first(chosen, SPECS, name), end_in(chosen), account_in(chosen), is_over, renews_in(chosen))


def raise_if_over(said: Subscription, *, now: Instant) -> None:
    """Raise `NoPlan` for a subscription that is over."""
    if said.is_over:
        past = said.expires_at if said.expires_at and said.expires_at <= now else None
        raise ended(past, now=now)


def totals_in(payload: object, spec: str) -> dict[str, Number]:
    """The totals by window that `quota-config` names for one kind of subscription; none where it names it not."""
    config = next((value for frame in objects(payload) if isinstance(value := frame.get(spec), dict)), {})
    named = {span.name: number(config.get(span.name)) for span in TOKEN_PLAN.windows}
    return {window: total for window, total in named.items() if total is not None and total > 0}


def packs_in(payload: object) -> Packs | None:
    """What an answer to `addon/summary` says of all packs together; None if it names no pack."""
    frame = next((each for each in objects(payload) if "remainingCredits" in each), {})
    remaining, total = number(frame.get("remainingCredits")), number(frame.get("totalCredits"))
    if remaining is None or total is None or total <= 0:
        return None
    return Packs(max(remaining, 0), max(total, remaining))


# A team's: the sum over all seats and shared packs. It says nothing of one's own seat.


def team_in(payload: object, *, now: Instant) -> Reading:
    """The reading of an answer to `GetSubscriptionSummary`. Raises `NoPlan` for a count of 0, `BadResponse`."""
    summary = next((frame for frame in objects(payload) if "TotalCount" in frame or "TotalValue" in frame), {})
    if number(summary.get("TotalCount")) == 0:
        raise none_of(TOKEN_PLAN_TEAM.title)
    ends = [instant(frame.get("CycleEndTime")) for frame in objects(summary.get("EquityList"))]
    total, left = number(summary.get("TotalValue")), number(summary.get("TotalSurplusValue"))
    return _team_in_rows(payload, total, left, ends, now=now)


def seats_in(payload: object, *, now: Instant) -> Reading:
    """The reading of an answer to `GetSubscriptionStats`, which lists the kinds of seats. Raises as `team_in` does."""
    listed = next((items for frame in objects(payload) if isinstance(items := frame.get("Items"), list)), [])
    seats = [each for each in listed if isinstance(each, dict)]
    if not listed and isinstance(payload, dict) and not payload.get("Code"):
        raise none_of(TOKEN_PLAN_TEAM.title)
    ends = [instant(seat.get("SeatRefreshTime")) for seat in seats]
    total, left = (_sum(number(seat.get(key)) for seat in seats) for key in ("SeatCredits", "SeatRemainingCredits"))
    return _team_in_rows(payload, total, left, ends, now=now)


def none_of(title: str) -> NoPlan:
    """The error for an account without that plan."""
    return NoPlan("no_plan.of", plan=title)


def _sum(numbers: Iterable[Number | None]) -> Number | None:
    found = list(numbers)
    known = [each for each in found if each is not None]
    return number(sum(known)) if known and len(known) == len(found) else None


def _team_in_rows(
    payload: object, total: Number | None, left: Number | None, ends: Iterable[Instant | None], *, now: Instant
) -> Reading:
    (span,) = TOKEN_PLAN_TEAM.windows
    used = None if total is None or left is None else number(max(total - left, 0))
    if total is None or used is None or total <= 0:
        raise unreadable(payload)
    reset = min((end for end in ends if end is not None and end > now), default=None)
    return Reading(Plan(kind=TOKEN_PLAN_TEAM.kind), (Window(span.name, used, total, reset_of(span, reset, now=now)),))
