"""What is worth an alert: a new snapshot beside what was told before. Each alert is told at most once."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from codingplan_bar import paths, process, storage
from codingplan_bar.environment import without_secrets
from codingplan_bar.errors import cause
from codingplan_bar.facts import SIGNED_OUT, level
from codingplan_bar.history.forecast import Foretold
from codingplan_bar.history.learned_rhythm import SAME_RESET
from codingplan_bar.model import Instant, Number, Packs, Plan, Snapshot, Window, WindowName, two_digits
from codingplan_bar.plans import CODING_PLAN, PLANS, SPANS, PlanKind, Product
from codingplan_bar.settings.settings import Settings

VERSION = 3
"""Of what the user's command is given (docs/alerts.md)."""
LEVELS = ("ok", "warning", "critical", "exhausted")
"""By what is used, the lowest first; `facts.level` decides of all but the last."""
HYSTERESIS = 5.0
"""Percent that a window must fall below a threshold before crossing it again is told again."""
OTHERS_KEPT = 8
"""Of so many bars' own thresholds it is remembered what was told by them."""
SESSION_ENDS = "session_ends"
PACK = "pack"
"""What is told, and remembered, of all extra packs together."""
LAPSE_NOTICE = 86_400
"""Seconds before a reset in which it is told what will lapse then."""


class Notices(NamedTuple):
    """What its owner wants to be told: from which percentages on, and how many seconds before an end; 0 for never.

    The end of the plan may be told more than once: `plan` has the longest notice first.
    """

    thresholds: Sequence[float] = (75, 90)
    lapse: float = 0
    session: float = 0
    plan: Sequence[float] = ()

    @classmethod
    def of(cls, settings: Settings) -> Notices:
        """As the settings have it."""
        days = tuple(days * 86_400 for days in settings.plan_alert)
        return cls(settings.thresholds, settings.lapse_alert, settings.session_alert * 3600, days)


class Alert(NamedTuple):
    """One thing to tell.

    `kind` is a level by what is used, `free` for a used-up window that is free again, `pack` for one after which an
    extra pack is drawn on, `runs_out`, `lapse`, `session_ends`, `plan_ends` or `signed_out`. With `packs` a level is
    that of their used share.
    """

    kind: str
    window: Window | None = None
    foretold: Foretold | None = None
    ends_at: Instant | None = None
    product: Product = CODING_PLAN
    packs: Packs | None = None
    can_be_renewed: bool = True

    def about(self, product: Product, name: str) -> Alert:
        """The same, of a plan of that name."""
        return self._replace(product=product, can_be_renewed=product.can_be_renewed(name))

    def facts(self) -> dict[str, Any]:
        """As data: what the user's command is given. Amounts that are not known are None."""
        window = self.window
        if window is None:
            plan = {"plan": self.product.kind, "renewable": self.can_be_renewed} if self.kind == "plan_ends" else {}
            return {"kind": self.kind, **({"ends_at": self.ends_at} if self.ends_at else {}), **plan}
        amounts: tuple[Number | None, ...] = (window.used, window.total, max(window.total - window.used, 0))
        used, total, left = (None, None, None) if window.in_percent else amounts
        numbers = {"used": used, "total": total, "left": left, "resets_at": window.resets_at}
        share = {"window": window.name, "used_percent": two_digits(window.used_percent)}
        whose = {"plan": self.product.kind, "unit": self.product.unit}
        return {"kind": self.kind, **share, **numbers, **whose, **self._packs(), **self._foretold(window)}

    def _packs(self) -> dict[str, Any]:
        return {"packs_left": self.packs.remaining, "packs_total": self.packs.total} if self.packs else {}

    def _foretold(self, window: Window) -> dict[str, Any]:
        if self.foretold is None:
            return {}
        if self.kind == "lapse":
            return {"lapses_percent": round((self.foretold.lapses or 0) / window.total * 100, 2)}
        said = self.foretold.outlook
        return {name: getattr(said, name) for name in ("runs_out_at", "earliest", "latest", "probability")}


class Memory(NamedTuple):
    """What has been told: the level of each window, of which ends, and whether the session was good last.

    `signed_in`: the session was good when it was last heard of. The levels are those of one plan of one `account`,
    None where its answers have named none so far.
    `ends` has a window's reset, or another end, by what was told of it (`runs_out.weekly`); 0 where there is no reset.
    `reset.weekly` is the one that was named last. The levels are `by` the thresholds of whom asked last; `others` has
    those by other ones: bars that have thresholds of their own ask in turn, and each remembers what it has told.
    """

    levels: Mapping[str, str] = MappingProxyType({})
    signed_in: bool = False
    ends: Mapping[str, int] = MappingProxyType({})
    kind: PlanKind = CODING_PLAN.kind
    account: str | None = None
    by: str = ""
    others: Mapping[str, Mapping[str, str]] = MappingProxyType({})

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON."""
        others = {by: dict(levels) for by, levels in self.others.items()}
        return {**self._asdict(), "levels": dict(self.levels), "ends": dict(self.ends), "others": others}

    def judged_by(self, thresholds: Sequence[float]) -> Memory:
        """The same with the levels by these thresholds. That a window is used up, or free, is the same by all."""
        by = " ".join(map(str, thresholds))
        if by == self.by or not self.by:
            return self._replace(by=by)
        levels = dict(self.others.get(by, self.levels))
        levels |= {name: now for name, now in self.levels.items() if "exhausted" in (now, levels.get(name))}
        left = {each: its for each, its in self.others.items() if each != by}
        others = dict([*left.items(), (self.by, self.levels)][-OTHERS_KEPT:])
        return self._replace(levels=levels, by=by, others=others)

    def begun_anew(self, name: str) -> Memory:
        """The same once the window's next one has begun: by no other thresholds has anything been told of it."""
        others = {by: {each: its for each, its in levels.items() if each != name} for by, levels in self.others.items()}
        return self._replace(others=others)

    def of_whom(self, kind: PlanKind, account: str | None) -> Memory:
        """What has been told of the plan and the account that answered; an unknown account counts as the last one."""
        account = account or self.account
        is_same = kind == self.kind and (self.account in (None, account))
        if is_same:
            return self._replace(kind=kind, account=account)
        return self._replace(levels={}, ends={}, kind=kind, account=account, others={})

    @classmethod
    def from_data(cls, data: object) -> Memory:
        """What `to_data` gave; anything else counts as nothing told yet."""
        levels = data.get("levels") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(levels, dict):
            return cls()
        by, others = data.get("by"), data.get("others")
        listed = others.items() if isinstance(others, dict) else ()
        good = {each: _good(its) for each, its in listed if isinstance(its, dict)}
        kind, account, ends = (data.get(name) for name in ("kind", "account", "ends"))
        whose = (
            kind if isinstance(kind, str) and kind in PLANS else CODING_PLAN.kind,
            account if isinstance(account, str) else None,
        )
        listed = ends.items() if isinstance(ends, dict) else ()
        known = {key: end for key, end in listed if type(end) is int}
        thresholds = by if isinstance(by, str) else ""
        return cls(_good(levels), data.get("signed_in") is True, known, *whose, thresholds, good)

    def with_session_of(self, other: Memory) -> Memory:
        """The same with what another one remembers of the session, which is one for all plans."""
        ends = {key: end for key, end in self.ends.items() if key != SESSION_ENDS}
        theirs = {key: end for key, end in other.ends.items() if key == SESSION_ENDS}
        return self._replace(signed_in=other.signed_in, ends={**ends, **theirs})

    def told(self, key: str, end: int) -> Memory | None:
        """What is remembered once this was told of that end; None where it has been told before."""
        return None if abs(self.ends.get(key, -SAME_RESET - 1) - end) <= SAME_RESET else self.with_end(key, end)

    def with_end(self, key: str, end: int | None) -> Memory:
        """The same, with that end told, or with none."""
        others = {name: each for name, each in self.ends.items() if name != key}
        return self._replace(ends=others if end is None else {**others, key: end})


def _good(levels: dict[str, Any]) -> dict[str, str]:
    """Those of a file's levels that are some."""
    return {name: level for name, level in levels.items() if name in (*SPANS, PACK) and level in LEVELS}


def decide(
    memory: Memory,
    latest: Snapshot,
    notices: Notices,
    foretold: Mapping[WindowName, Foretold] = MappingProxyType({}),
    session_ends: Instant | None = None,
    *,
    renews: bool = False,
) -> tuple[Memory, list[Alert]]:
    """What is to be told of a fresh answer and of what is foretold of it, and what has been told after it.

    A plan that `renews` itself does not end.
    """
    if latest.error:
        ended = memory.signed_in and latest.error.code in SIGNED_OUT
        return (memory._replace(signed_in=False), [Alert("signed_out")]) if ended else (memory, [])
    plan, product, packs = latest.plan or Plan(), latest.product, latest.pack_in_use
    memory = memory.of_whom(product.kind, latest.account).judged_by(notices.thresholds)
    memory, alerts = _levels(memory, latest, packs, notices)
    for window in latest.windows:
        memory, told = _foreseen(memory, window, foretold.get(window.name), latest.fetched_at, notices)
        alerts += told
    for kind, end, notice in (
        (SESSION_ENDS, session_ends, (notices.session,)),
        ("plan_ends", None if renews else plan.expires_at, notices.plan),
    ):
        memory, told = _ending(memory, kind, end, (end or 0) - latest.fetched_at, notice)
        alerts += told
    return memory, [each.about(product, plan.name or "") for each in alerts]


def _levels(memory: Memory, latest: Snapshot, packs: Packs | None, notices: Notices) -> tuple[Memory, list[Alert]]:
    """Each window by what is used of it; the extra packs by their share once a window draws on them."""
    levels, alerts = dict(memory.levels), []
    on_packs = [window for window in latest.windows if packs and window.used >= window.total]
    for window in latest.windows:
        memory, is_new = _follows(memory, window, latest.fetched_at)
        memory = memory.begun_anew(window.name) if is_new else memory
        level, kinds = _step(levels.get(window.name, "ok"), window, notices.thresholds, is_new=is_new)
        if window in on_packs:
            level, kinds = "critical", []  # it stops no work: the packs' level counts
        levels[window.name] = level
        alerts += [Alert(kind, window) for kind in kinds]
    memory = memory._replace(levels=levels, signed_in=True)
    for window in on_packs:
        after = memory.told(f"{PACK}.{window.name}", window.resets_at or 0)
        alerts += [Alert(PACK, window, packs=packs)] if after else []
        memory = after or memory
    if packs:
        level, kinds = _step(levels.get(PACK, "ok"), _used_of(packs), notices.thresholds)
        memory = memory._replace(levels={**memory.levels, PACK: level})
        alerts += [Alert(kind, on_packs[-1], packs=packs) for kind in kinds]
    return memory, alerts


def _used_of(packs: Packs) -> Window:
    """What is used of packs that have something left, however little: never all of it."""
    total = max(packs.total, packs.remaining)
    return Window(PACK, max(min(packs.total - packs.remaining, math.nextafter(total, 0)), 0), total)


def _follows(memory: Memory, window: Window, now: Instant) -> tuple[Memory, bool]:
    """Remember the window's reset; and whether this is the next window, since the reset before it has passed."""
    key, end = f"reset.{window.name}", window.resets_at
    before = memory.ends.get(key)
    if end is None:
        return memory, False
    return memory.with_end(key, end), before is not None and before <= now and end - before > SAME_RESET


def _foreseen(
    memory: Memory, window: Window, foretold: Foretold | None, now: Instant, notices: Notices
) -> tuple[Memory, list[Alert]]:
    """That it runs out is told once a window; what slides may do so again after it was foretold to last."""
    if foretold is None:
        return memory, []
    says, end, alerts = foretold.outlook.outlook, window.resets_at or 0, []
    if says == "lasts" and not end:
        memory = memory.with_end(f"runs_out.{window.name}", None)
    share = (foretold.lapses or 0) / window.total * 100
    is_lapsing = says == "lasts" and 0 < notices.lapse <= share and 0 < end - now < LAPSE_NOTICE
    for kind, is_so in (("runs_out", says == "runs_out"), ("lapse", is_lapsing)):
        after = memory.told(f"{kind}.{window.name}", end) if is_so else None
        if after:
            memory = after
            alerts.append(Alert(kind, window, foretold))
    return memory, alerts


def _ending(
    memory: Memory, kind: str, end: Instant | None, left: float, notices: Sequence[float]
) -> tuple[Memory, list[Alert]]:
    """That something ends is told once for each notice, and again where it was put off in between; two due are one."""
    alerts = []
    for place, notice in enumerate(notices):
        key = f"{kind}.{int(notice)}" if place else kind
        if end is None or left > notice:
            memory = memory.with_end(key, None)
        elif left > 0 and key not in memory.ends:
            memory, alerts = memory.with_end(key, end), [Alert(kind, ends_at=end)]
    return memory, alerts


def _step(before: str, window: Window, thresholds: Sequence[float], *, is_new: bool = False) -> tuple[str, list[str]]:
    """The level that is remembered now, and the kinds of alert; of the next window nothing has been told yet."""
    now = by_use(window.used, window.total, thresholds)
    if is_new:
        is_free = before == "exhausted" and now != before
        return now, [*(["free"] if is_free else []), *([] if now == "ok" else [now])]
    if LEVELS.index(now) > LEVELS.index(before):
        return now, [now]
    if before == "ok":
        return before, []
    settled = by_use(min(window.used + HYSTERESIS / 100 * window.total, window.total), window.total, thresholds)
    if LEVELS.index(settled) < LEVELS.index(before):
        return settled, ["free"] if before == "exhausted" else []
    return before, []


def by_use(used: float, total: float, thresholds: Sequence[float]) -> str:
    """One of `LEVELS`: the bars' own level, and `exhausted` where nothing is left."""
    return "exhausted" if used >= total else level(used, total, "", thresholds)


# The witness of each refresh: decides, remembers, and starts what tells. What was remembered is told at most once.

TELLER = (sys.executable, "-P", "-m", "codingplan_bar", "alert")
Start = Callable[[str, Mapping[str, str]], None]


def start(text: str, environ: Mapping[str, str]) -> None:
    """Start the process that tells, with the facts on its standard input, and do not wait for it."""
    process.leave(TELLER, text, environ)


class Sources(NamedTuple):
    """Who knows what no snapshot has: what is foretold of it, when the sign-in ends, whether the plan renews itself."""

    foretold: Callable[[Snapshot], Mapping[WindowName, Foretold]] = lambda _: {}
    session_ends: Callable[[Snapshot], Instant | None] = lambda _: None
    renews: Callable[[Snapshot], bool] = lambda _: False


class Alerter:
    """Keeps what has been told in one file a plan. Nothing is started if no alert is wanted."""

    def __init__(
        self,
        path: Path,
        settings: Settings,
        environ: Mapping[str, str],
        sources: Sources | None = None,
        start: Start = start,
        *,
        session: Path | None = None,
    ) -> None:
        """`start` is what tells; it is given an environment without secrets.

        `session` is the file with what was told of the session, for all plans; without it, it stands in their own.
        """
        self.path, self.settings, self.start, self.session = path, settings, start, session or path
        self.sources = sources or Sources()
        self.environ = environ

    def witness(self, latest: Snapshot) -> None:
        """Tell what a fresh answer is worth telling. Raises `StorageFailure`: what cannot be remembered is not told."""
        before = self._memory()
        foretold, session_ends = self.sources.foretold(latest), self.sources.session_ends(latest)
        renews, notices = self.sources.renews(latest), Notices.of(self.settings)
        memory, alerts = decide(before, latest, notices, foretold, session_ends, renews=renews)
        if memory != before:
            of_session, own = Memory().with_session_of(memory).to_data(), memory.to_data()
            storage.replace(self.session, json.dumps(of_session))
            storage.replace(self.path, json.dumps(own))
        if alerts and (self.settings.notifications or self.settings.on_threshold):
            self.start(json.dumps(self._order(latest, alerts)), without_secrets(self.environ))

    def _memory(self) -> Memory:
        own, of_session = map(_remembered, [paths.read(self.path), paths.read(self.session)])
        own = own or Memory()
        return own.with_session_of(of_session) if of_session else own

    def _order(self, latest: Snapshot, alerts: list[Alert]) -> dict[str, Any]:
        return {
            "alerts": [{"schema_version": VERSION, **alert.facts()} for alert in alerts],
            "command": list(self.settings.on_threshold),
            "notifications": self.settings.notifications,
            "language": self.settings.language,
            "dashboard_url": latest.dashboard_url,
            "step": latest.error.hint if latest.error else "",
            "cause": cause(latest.error) if latest.error else "",
        }


def _remembered(text: str | None) -> Memory | None:
    """What a file's text remembers, or None without a text."""
    try:
        return None if text is None else Memory.from_data(json.loads(text))
    except (ValueError, RecursionError):
        return Memory()
