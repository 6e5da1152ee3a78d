"""The provider's side of the demo, in this process: a made-up plan, and the answers to a page and a quota request."""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from codingplan_bar.transport.request import Answer, Request, Send

# How much of the plan has been used: made-up numbers that move, and the provider's own way of writing them down.

CHINA = timezone(timedelta(hours=8))
DAY = 86_400  # seconds
PAID_AHEAD = 90 * DAY
"""Seconds from the end of the month to that of the plan: the end that is near is news, and the demo shows none."""

Counter = tuple[int, int]
"""Requests used, and of how many."""


@dataclass(frozen=True, slots=True)
class Usage:
    """An active plan and its counters. A counter that is None is left out; where all are, so is their frame.

    `step` is how many requests each answer of the console adds to every counter. The plan was bought on the day
    `subscribed_on` of a month. `resets_in`: the seconds until week and month are reset, against the calendar; with
    few of them, every pace lasts, whatever the day.
    """

    plan: str = "Coding Plan Pro"
    five_hour: Counter | None = (1_284, 6_000)
    weekly: Counter | None = (14_310, 45_000)
    monthly: Counter | None = (61_200, 90_000)
    status: str = "VALID"
    subscribed_on: int = 5
    step: int = 3
    resets_in: int | None = None

    def moved(self) -> Usage:
        """The same plan one step on."""
        return replace(
            self,
            five_hour=_moved(self.five_hour, self.step),
            weekly=_moved(self.weekly, self.step),
            monthly=_moved(self.monthly, self.step),
        )

    def instance(self, *, now: float) -> dict[str, Any]:
        """One entry of `codingPlanInstanceInfos`, as it is at `now` (epoch seconds); times are epoch milliseconds."""
        end = next_billing_day(now, day=self.subscribed_on)
        return {
            "instanceId": "sfm_codingplan_public-000000000demo",
            "instanceName": self.plan,
            "instanceType": self.plan.rpartition(" ")[2].lower(),
            "status": self.status,
            "instanceEndTime": (end + PAID_AHEAD) * 1_000,
            "remainingDays": int(end + PAID_AHEAD - now) // DAY,
            "chargeType": "MONTH",
            "autoRenewFlag": True,
            **self._quota_frame(now, end),
        }

    def _quota_frame(self, now: float, end: int) -> dict[str, Any]:
        soon = int(now) + self.resets_in if self.resets_in else None
        quota = {
            **_counter("per5Hour", self.five_hour, int(now * 1_000)),  # seen live: the server's own clock, no reset
            **_counter("perWeek", self.weekly, (soon or next_monday(now)) * 1_000),
            **_counter("perBillMonth", self.monthly, (soon or end) * 1_000),
        }
        return {"codingPlanQuotaInfo": quota} if quota else {}


def next_monday(now: float) -> int:
    """When the week resets: the Monday 00:00 China time after `now`. Epoch seconds."""
    midnight = _china_midnight(now)
    return int((midnight + timedelta(days=7 - midnight.weekday())).timestamp())


def next_billing_day(now: float, *, day: int) -> int:
    """When the month resets: the next 00:00 China time on that day of a month, or on its last. Epoch seconds."""
    today = _china_midnight(now)
    reset = _on_day(today, day)
    if reset <= today:
        reset = _on_day(today.replace(day=1) + timedelta(days=31), day)
    return int(reset.timestamp())


def _china_midnight(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC).astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)


def _on_day(month: datetime, day: int) -> datetime:
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))


def _moved(counter: Counter | None, step: int) -> Counter | None:
    if counter is None:
        return None
    used, total = counter
    return min(used + step, total), total


def _counter(prefix: str, counter: Counter | None, next_refresh: int) -> dict[str, int]:
    if counter is None:
        return {}
    used, total = counter
    return {
        f"{prefix}UsedQuota": used,
        f"{prefix}TotalQuota": total,
        f"{prefix}QuotaNextRefreshTime": next_refresh,
    }


# The provider's side of the demo, in this process: the page and the quota of a signed-in account. All is made up.

SESSION = "login_aliyunid_ticket=demo; login_aliyunid_pk=1000000000000000; cna=demo"
"""A Cookie header that web mode takes for a session."""
PAGE = b"""<!doctype html><script>window.ALIYUN_CONSOLE_CONFIG = {SEC_TOKEN: "demo"};</script>"""


def provider(now: Callable[[], float]) -> Send:
    """What sends a request to the made-up provider and gives its answer; `now` gives the seconds since 1970."""

    def send(request: Request) -> Answer:
        if request.method == "GET":
            return Answer(200, {"content-type": "text/html;charset=utf-8"}, PAGE)
        body = json.dumps(envelope(Usage(), now=now())).encode()
        return Answer(200, {"content-type": "application/json;charset=utf-8"}, body)

    return send


def envelope(usage: Usage, *, now: float) -> dict[str, object]:
    """The answer to a quota request as the gateway wraps it: `data.DataV2.data.data.codingPlanInstanceInfos[]`."""
    inner = {"data": {"codingPlanInstanceInfos": [usage.instance(now=now)]}, "success": True, "failed": False}
    outer = {"DataV2": {"ret": ["SUCCESS::"], "data": inner}, "success": True, "httpStatus": 200, "errorCode": ""}
    return {"code": "200", "data": outer, "successResponse": True}
