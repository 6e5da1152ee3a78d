"""The Token Plan's answers: the shares of its windows, the subscription, the totals, the packs, a team's sum. Pure.

Seen live since July 2026. A window that an answer lacks does not exist: absent is not 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from codingplan_bar.errors import BadResponse, NoPlan
from codingplan_bar.model import Instant, Number, Packs, Plan, Reading, Window
from codingplan_bar.plans import TOKEN_PLAN, TOKEN_PLAN_TEAM, Span
from codingplan_bar.provider.envelope import Frame, first, objects, unreadable
from codingplan_bar.provider.payload import INSTANCES, account_in, end_in, ended, has_ended, renews_in
from codingplan_bar.provider.values import instant, name, number

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
    return Window(span.name, percent or 0, 100, _ahead(first(frame, span.fields.reset, instant), now), in_percent=True)


def _unread(spans: Iterable[Span], frame: Frame) -> Iterable[str]:
    for span in spans:
        said = first(frame, span.fields.share, lambda value: value)
        if said is not None and first(frame, span.fields.share, number) is None:
            yield f"{span.name} (share is not a finite number)"


def _ahead(reset: Instant | None, now: Instant) -> Instant | None:
    return reset if reset is not None and reset > now else None


def counted(windows: Iterable[Window], totals: Mapping[str, Number]) -> tuple[Window, ...]:
    """The same windows in the plan's unit, where a total is known."""
    return tuple(_counted(window, totals.get(window.name)) for window in windows)


def _counted(window: Window, total: Number | None) -> Window:
    if total is None:
        return window
    used = total if window.used >= 100 else number(window.used / 100 * total)
    return window if used is None else Window(window.name, used, total, window.resets_at)


def subscription_in(payload: object, *, now: Instant) -> Subscription:
    """What an answer to `subscription` says; of several the one that lives. All is None where it says nothing."""
    found = [frame for frame in objects(payload) if any(frame.get(key) is not None for key in OF_A_SUBSCRIPTION)]
    chosen = next((frame for frame in found if not has_ended(frame, now)), next(iter(found), {}))
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
    return _of_team(payload, total, left, ends, now=now)


def seats_in(payload: object, *, now: Instant) -> Reading:
    """The reading of an answer to `GetSubscriptionStats`, which lists the kinds of seats. Raises as `team_in` does."""
    listed = next((items for frame in objects(payload) if isinstance(items := frame.get("Items"), list)), [])
    seats = [each for each in listed if isinstance(each, dict)]
    if not seats and isinstance(payload, dict) and not payload.get("Code"):
        raise none_of(TOKEN_PLAN_TEAM.title)
    ends = [instant(seat.get("SeatRefreshTime")) for seat in seats]
    total, left = (_sum(number(seat.get(key)) for seat in seats) for key in ("SeatCredits", "SeatRemainingCredits"))
    return _of_team(payload, total, left, ends, now=now)


def none_of(title: str) -> NoPlan:
    """The error for an account without that plan."""
    return NoPlan("no_plan.of", plan=title)


def _sum(numbers: Iterable[Number | None]) -> Number | None:
    found = list(numbers)
    known = [each for each in found if each is not None]
    return sum(known) if known and len(known) == len(found) else None


def _of_team(
    payload: object, total: Number | None, left: Number | None, ends: Iterable[Instant | None], *, now: Instant
) -> Reading:
    (span,) = TOKEN_PLAN_TEAM.windows
    if total is None or left is None or total <= 0:
        raise unreadable(payload)
    reset = min((end for end in ends if end is not None and end > now), default=None)
    used = number(max(total - left, 0)) or 0
    return Reading(Plan(kind=TOKEN_PLAN_TEAM.kind), (Window(span.name, used, total, reset),))
