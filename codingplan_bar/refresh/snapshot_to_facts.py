"""A snapshot and the display settings, compiled into the facts that the warm road reads. Pure.

Here every text from outside is cleaned for the bars, and cut to a length that a bar has room for; what a click opens
is one of our own addresses, whatever was stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from codingplan_bar import snapshot, themes
from codingplan_bar.errors import lack
from codingplan_bar.model import Instant, Plan, Problem, Snapshot, Window
from codingplan_bar.plans import MONTH, PLANS, SPANS, Product, Span
from codingplan_bar.provider.addresses import PROVIDERS_OWN
from codingplan_bar.provider.values import CHINA
from codingplan_bar.regions import REGIONS
from codingplan_bar.settings.faults import Fault
from codingplan_bar.settings.settings import Settings
from codingplan_bar.text import clean
from codingplan_bar.words.errors import english, error_text, in_file
from codingplan_bar.words.zh import WORDS as CHINESE
from codingplan_bar.words.zh.errors import ERRORS

DAY = 86_400
NAME_LIMIT = 24
MESSAGE_LIMIT = 160


def compile_facts(
    shown: Snapshot, problem: Problem | None, settings: Settings, *, renews: bool = False
) -> dict[str, str]:
    """The facts of a snapshot and of what went wrong since, without those of the moment (`moment`).

    A plan that `renews` itself has no end, but a day on which it goes on.
    """
    plan, product = shown.plan, shown.product if shown.plan else PLANS.get(settings.plan, shown.product)
    problem, status, spans = problem or shown.error, shown.status, product.spans
    return {
        "status": status,
        "fetched_at": str(shown.fetched_at),
        "source": shown.source or "",
        "region": shown.region or "",
        "plan": clean(plan.name or "", NAME_LIMIT) if plan else "",
        "expires_at": str(plan.expires_at) if plan and plan.expires_at and not renews else "",
        "dashboard": PROVIDERS_OWN.dashboard(REGIONS[settings.page_region(shown.region, shown.attempts)], product),
        "title": product.title,
        "kind": product.kind,
        "unit": product.unit,
        **_of_the_plan(plan, product, settings, renews=renews),
        "window_names": ",".join(SPANS),
        **{name: fact for window in shown.windows for name, fact in _window(window, spans[window.name]).items()},
        **_problem(problem),
        **_display(settings, problem),
        "document": snapshot.encoded(shown),
    }


def _of_the_plan(plan: Plan | None, product: Product, settings: Settings, *, renews: bool) -> dict[str, str]:
    """What only some plans have: a team, extra packs as `left total`, and an end, told so many seconds before it."""
    told = {"team": "1"} if plan and product.of_a_team else {}
    if plan and plan.packs:
        told["packs"] = f"{plan.packs.remaining} {plan.packs.total}"
    if plan and plan.expires_at:
        told["plan_alert"] = f"{max(settings.plan_alert) * DAY:.0f}" if settings.plan_alert else ""
        if renews:
            return {**told, "renews_at": str(plan.expires_at)}
        key = "plan.renew" if product.can_be_renewed(plan.name or "") else "plan.not_renewed"
        told |= {"renewal": english(key), "renewal.zh": ERRORS[key]}
    return told


def _problem(problem: Problem | None) -> dict[str, str]:
    """What went wrong, in English and in Chinese: the tables of sentences cost more than a bar's command may."""
    if problem is None:
        return {"problem.code": "", "problem.message": "", "problem.hint": ""}
    message, hint = clean(problem.message, MESSAGE_LIMIT), clean(problem.hint, MESSAGE_LIMIT)
    told = {"problem.code": problem.code, "problem.message": message, "problem.hint": hint}
    if missing := lack(problem):
        told["problem.word"] = missing
    in_chinese = error_text(problem.code, message, hint, CHINESE)
    return told | dict(zip(("problem.zh.message", "problem.zh.hint"), in_chinese, strict=True))


def _window(window: Window, span: Span) -> dict[str, str]:
    """A window's numbers, its length, and when it began.

    `window.NAME` is what the watchers of version 1 read, too: it never holds what they would take for amounts.
    """
    resets = window.resets_at or "-"
    counts = f"{window.used} {window.total} {resets}"
    numbers = (
        {f"share.{span.name}": f"{window.used} {resets}"} if window.in_percent else {f"window.{span.name}": counts}
    )
    start = _start(window, span)
    return {
        **numbers,
        f"length.{span.name}": f"{span.minutes} {span.kind}",
        **({f"start.{span.name}": str(start)} if start else {}),
    }


def _start(window: Window, span: Span) -> Instant | None:
    """When a fixed window began; None for what slides or names no reset."""
    if window.resets_at is None or span.kind == "rolling":
        return None
    return month_before(window.resets_at) if span.minutes == MONTH else window.resets_at - span.minutes * 60


def month_before(end: Instant) -> Instant:
    """The same day and time of the calendar month before, in China; its last day where it has no such day."""
    then = datetime.fromtimestamp(end, CHINA)
    last = then.replace(day=1) - timedelta(days=1)
    return int(then.replace(year=last.year, month=last.month, day=min(then.day, last.day)).timestamp())


def _fault(faults: Sequence[Fault], problem: Problem | None) -> dict[str, str]:
    """Where a setting is wrong, and which, in English and in Chinese; `fault.told` where the problem itself says so.

    The first is a text even then: a watcher of an earlier version makes a sentence of it.
    """
    if not faults:
        return {}
    message = problem.message if problem and problem.code == "config" else ""
    untold = next((each for each in faults if not message or each.said("en")[0] != message), None)
    shown = untold or faults[0]
    name = "" if shown.name == shown.where else shown.name
    places = shown.where, in_file(shown.where)
    said = (mark.join(filter(None, (place, name))) for place, mark in zip(places, (": ", "："), strict=True))
    texts = zip(("fault", "fault.zh"), (clean(each, MESSAGE_LIMIT) for each in said), strict=True)
    return dict(texts) | ({} if untold else {"fault.told": "1"})


def _display(settings: Settings, problem: Problem | None) -> dict[str, str]:
    warning, critical = settings.thresholds
    return {
        "interval": str(settings.refresh_interval),
        "warning": str(warning),
        "critical": str(critical),
        "windows": ",".join(settings.windows),
        **{name: getattr(settings, name) for name in ("show", "icons", "language", "format", "tooltip_format")},
        **{f"color.{state}": color for state, color in settings.colors.items()},
        **themes.facts(settings.theme),
        **_fault(settings.faults, problem),
    }
