"""The provider's plans as values: their windows, units, names and codes. What is known of a plan stands here alone.

A window's name has one length in all plans; whether it slides is the plan's own. A plan or a window that is added
here is read, stored, recorded, shown and told of everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

PlanKind: TypeAlias = str
SpanKind: TypeAlias = Literal["rolling", "fixed"]

MONTH = 43_200
"""Minutes that stand for a calendar month, which has 28 to 31 days."""
LONGEST_MONTH = 31 * 86_400


class Fields(NamedTuple):
    """The names that an answer has for one window's numbers; each is a row of names that mean the same.

    `share` is the used share as a ratio of 0 to 1; `own` are the names of an object that is this window by itself.
    """

    used: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    reset: tuple[str, ...] = ()
    share: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


class Span(NamedTuple):
    """One window of a plan: how long it is, and whether it slides or ends for all at one time."""

    name: str
    minutes: int
    kind: SpanKind = "fixed"
    fields: Fields = Fields()

    @property
    def seconds(self) -> int:
        """How long it lasts at the most."""
        return LONGEST_MONTH if self.minutes == MONTH else self.minutes * 60


class Product(NamedTuple):
    """A plan as the provider sells it. `short` is what people may call it, `title` what the provider does.

    `windows` come the shortest first; `commodity_codes` go by the region's name; `apis` are the names of the quota
    request, the one that is tried first in front, and `more` those of what else there is to ask, by what it gives;
    `tab` and `fragment` are the dashboard's place on the console's page, an empty tab the region's own. `of_a_team`:
    its numbers are the sum of all seats. `not_renewed` are the editions, a word of the plan's name, that the provider
    sells and renews no longer (the Coding Plan's help page, 2026-04-13).
    """

    kind: PlanKind
    short: str
    title: str
    unit: str
    windows: tuple[Span, ...]
    commodity_codes: Mapping[str, str] = MappingProxyType({})
    apis: tuple[str, ...] = ()
    more: Mapping[str, str] = MappingProxyType({})
    tab: str = ""
    fragment: str = ""
    of_a_team: bool = False
    not_renewed: tuple[str, ...] = ()

    def can_be_renewed(self, name: str) -> bool:
        """Whether a plan of that name goes on where its owner renews it; one without a name is taken for such a one."""
        return not set(self.not_renewed).intersection(name.lower().split())

    @property
    def spans(self) -> dict[str, Span]:
        """The windows by their names."""
        return {span.name: span for span in self.windows}

    @property
    def field_names(self) -> frozenset[str]:
        """The names of all the numbers that an answer has for its windows."""
        rows = (row for span in self.windows for row in (span.fields.used, span.fields.total, span.fields.reset))
        shares = (span.fields.share for span in self.windows)
        return frozenset(name for row in (*rows, *shares) for name in row)


CODING_PLAN = Product(
    kind="coding-plan",
    short="coding",
    title="Coding Plan",
    unit="requests",
    windows=(
        Span(
            "five_hour",
            300,
            "rolling",
            Fields(
                ("per5HourUsedQuota", "perFiveHourUsedQuota"),
                ("per5HourTotalQuota", "perFiveHourTotalQuota"),
                ("per5HourQuotaNextRefreshTime", "perFiveHourQuotaNextRefreshTime"),
                own=("perFiveHour", "per5Hour"),
            ),
        ),
        Span(
            "weekly",
            10_080,
            fields=Fields(
                ("perWeekUsedQuota",), ("perWeekTotalQuota",), ("perWeekQuotaNextRefreshTime",), own=("perWeek",)
            ),
        ),
        Span(
            "monthly",
            MONTH,
            fields=Fields(
                ("perBillMonthUsedQuota", "perMonthUsedQuota"),
                ("perBillMonthTotalQuota", "perMonthTotalQuota"),
                ("perBillMonthQuotaNextRefreshTime", "perMonthQuotaNextRefreshTime"),
                own=("perMonth", "perBillMonth"),
            ),
        ),
    ),
    commodity_codes={"intl": "sfm_codingplan_public_intl", "cn": "sfm_codingplan_public_cn"},
    apis=(
        "zeldaEasy.broadscope-bailian.codingPlan.queryCodingPlanInstanceInfoV2",
        "zeldaEasy.bailian-commerce.codingPlan.queryCodingPlanInstanceInfoV2",  # seen live since July 2026
    ),
    fragment="#/efm/coding_plan",
    not_renewed=("lite",),
)
_PERSONAL = "zeldaHttp.apikeyMgr./tokenplan/personal/api/v2/"
TOKEN_PLAN = Product(
    kind="token-plan",
    short="token",
    title="Token Plan",
    unit="credits",
    windows=(  # none of them slides: each begins with the first call
        Span("five_hour", 300, fields=Fields(share=("per5HourPercentage",), reset=("per5HourResetTime",))),
        Span("weekly", 10_080, fields=Fields(share=("per1WeekPercentage",), reset=("per1WeekResetTime",))),
        Span("monthly", MONTH, fields=Fields(share=("per1MonthPercentage",), reset=("per1MonthResetTime",))),
    ),
    commodity_codes={"intl": "sfm_tokenplansolo_public_intl", "cn": "sfm_tokenplansolo_public_cn"},
    apis=(_PERSONAL + "usage",),
    more={
        "subscription": _PERSONAL + "subscription",
        "totals": _PERSONAL + "quota-config",
        "packs": _PERSONAL + "addon/summary",
    },
    tab="plan",
    fragment="#/efm/subscription/token-plan/personal",
)
TOKEN_PLAN_TEAM = Product(
    kind="token-plan-team",
    short="team",
    title="Token Plan Team",
    unit="credits",
    windows=(Span("monthly", MONTH),),
    commodity_codes={"intl": "sfm_tokenplanteams_dp_intl", "cn": "sfm_tokenplanteams_dp_cn"},
    apis=("GetSubscriptionSummary",),
    more={"seats": "GetSubscriptionStats"},
    tab="plan",
    fragment="#/efm/subscription/token-plan",
    of_a_team=True,
)

PLANS: dict[PlanKind, Product] = {plan.kind: plan for plan in (CODING_PLAN, TOKEN_PLAN, TOKEN_PLAN_TEAM)}
"""By their kind, in the order in which `auto` looks for one."""

AUTO = "auto"
ASKED: dict[str, str] = {AUTO: AUTO, **{name: plan.kind for plan in PLANS.values() for name in (plan.kind, plan.short)}}
"""What the setting `plan` may say, long or short, and the long name of it."""

SPANS: dict[str, Span] = {
    span.name: span
    for span in sorted((span for plan in reversed(PLANS.values()) for span in plan.windows), key=lambda s: s.minutes)
}
"""Every window that there is, the shortest first, as the first plan has it."""

UNITS = tuple(dict.fromkeys(plan.unit for plan in PLANS.values()))
