"""Which plans are asked for in one refresh, and what is remembered of each."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from codingplan_bar.credentials.saved import object_in
from codingplan_bar.errors import (
    ApiError,
    BadResponse,
    CodingPlanError,
    ConfigError,
    EmptySuccess,
    InvalidCredentials,
    MissingCredentials,
    NoPlan,
    NotAuthorised,
    StorageFailure,
)
from codingplan_bar.model import INSTANTS, Instant, Number, Snapshot, SourceName, is_number
from codingplan_bar.plans import AUTO, CODING_PLAN, PLANS, SPANS, TOKEN_PLAN, TOKEN_PLAN_TEAM, PlanKind
from codingplan_bar.provider.source_order import Outcome
from codingplan_bar.provider.token_plan import Known
from codingplan_bar.refresh.store import Files

DAY = 86_400
"""Seconds after which the plans are looked for that are not shown."""
WAYS: Mapping[PlanKind, tuple[SourceName, ...]] = {
    CODING_PLAN.kind: ("web", "token", "cli", "api"),
    TOKEN_PLAN.kind: ("web", "token", "cli"),
    TOKEN_PLAN_TEAM.kind: ("web", "token"),
}
"""By which sources each plan can be read: no API key reads a Token Plan."""
OF_ANOTHER_TEAM = (ApiError, BadResponse, InvalidCredentials, MissingCredentials, NotAuthorised)
"""What an account is told that belongs to no team: the billing service has words of its own."""


# What is remembered between two refreshes, in one file for all plans.


class Notes(NamedTuple):
    """By the kind of a plan: what is known of it, when it was looked for last, and when it was found to exist."""

    known: Mapping[PlanKind, Known] = MappingProxyType({})
    looked: Mapping[PlanKind, Instant] = MappingProxyType({})
    found: Mapping[PlanKind, Instant] = MappingProxyType({})

    def learned(self, kind: PlanKind, known: Known) -> Notes:
        """The same with what is known of one plan by now."""
        return self._replace(known={**self.known, kind: known})

    def seen(self, kind: PlanKind, at: Instant, *, exists: bool | None) -> Notes:
        """The same after a look for one plan; None where it is not known whether it exists."""
        found = {name: then for name, then in self.found.items() if name != kind or exists is None}
        return self._replace(looked={**self.looked, kind: at}, found={**found, **({kind: at} if exists else {})})

    def to_text(self) -> str:
        """As the text of a file, for `loads`."""
        known = {kind: each._asdict() for kind, each in self.known.items()}
        return json.dumps({"known": known, "looked": self.looked, "found": self.found}, default=dict)


@lru_cache(maxsize=4)
def loads(text: str | None) -> Notes:
    """What `to_text` gave; what cannot be that is left out."""
    known, looked, found = map(_of_plans, map(object_in(text).get, ("known", "looked", "found")))
    times = ({kind: at for kind, at in each.items() if type(at) is int and at >= 0} for each in (looked, found))
    return Notes({kind: _known(said) for kind, said in known.items()}, *times)


def _of_plans(said: object) -> dict[PlanKind, object]:
    return {kind: said[kind] for kind in PLANS if kind in said} if isinstance(said, dict) else {}


def _known(data: Any) -> Known:
    """What is known of one plan; for data of any other origin nothing is."""
    try:
        return _known_in(data)
    except (TypeError, ValueError, LookupError, AttributeError):
        return Known()


def _known_in(data: Any) -> Known:
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
    at = _whole(data["at"])
    return Known(at, texts[0], expires_at, texts[1], totals, pair, seen, renews, _whole(data.get("packs_at", at)))


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.isprintable() or len(value) > 64:
        raise ValueError
    return value


def _number(value: object) -> Number:
    if not is_number(value) or value < 0:
        raise ValueError
    return value


def _whole(value: object) -> Instant:
    if type(value) is not int or value not in INSTANTS:
        raise ValueError
    return value


def keep(files: Files, notes: Notes, before: Notes) -> None:
    """Remember what has become of what was kept `before`; where it cannot be written, the next refresh asks again."""
    if notes != before:
        with contextlib.suppress(StorageFailure):
            files.put(files.plans, notes.to_text())


def renews(files: Files, shown: Snapshot) -> bool:
    """Whether the plan that is shown goes on by itself at its end, as the provider has said.

    Of an edition that the provider renews no longer, the flag says nothing.
    """
    if shown.plan is None:
        return False
    known = loads(files.texts[files.plans]).known.get(shown.plan.kind, Known())
    return known.renews is True and shown.product.can_be_renewed(shown.plan.name or "")


def others(files: Files, shown: PlanKind) -> tuple[PlanKind, ...]:
    """The plans that were found beside the one that is shown."""
    found = loads(files.texts[files.plans]).found
    return tuple(kind for kind in PLANS if kind in found and kind != shown)


# Which plans are asked for.


class Asker(Protocol):
    """Who asks for one plan. `notes` is what is known of each."""

    notes: Notes

    def ask(self, kind: PlanKind) -> Outcome:
        """All that there is to know of it."""
        ...

    def look(self, kind: PlanKind, answer: Outcome) -> Outcome:
        """Whether it exists, by the way that gave an answer for another one."""
        ...


class PlanSearch(NamedTuple):
    """One refresh over the plans.

    `asked` is what the setting `plan` says, `shown` the plan whose numbers were the last good ones, `source` what the
    setting of that name says; `is_overridden`: the owner's own quota URL is asked, which knows the Coding Plan alone.
    """

    asker: Asker
    asked: str
    shown: PlanKind | None
    source: str
    now: Instant
    is_overridden: bool = False

    def outcome(self) -> Outcome:
        """The first plan that there is, with every try; else why none was read."""
        tried: list[Outcome] = []
        is_none = False
        for kind in self._order():
            tried.append(self.asker.ask(kind))
            is_none = self.asked == AUTO and _says_none(kind, tried[-1].error)
            if not is_none:
                break
        last = tried[-1]
        looks = list(self._looks(last)) if last.reading and self.asked == AUTO else []
        attempts = tuple(attempt for each in (*tried, *looks) for attempt in each.attempts)
        error = _none(tried) if is_none and len(tried) > 1 else self._not_found(last.error)
        return replace(last, attempts=attempts, error=error)

    def _not_found(self, error: CodingPlanError | None) -> CodingPlanError | None:
        """That the named plan was not found, where nothing came of one whose numbers are not known, as `auto` says.

        The code stays that of an empty success, which proves nothing: it is asked for again soon.
        """
        named = PLANS.get(self.asked, CODING_PLAN)
        is_new = named is not CODING_PLAN and self.shown != named.kind
        if not is_new or not isinstance(error, EmptySuccess):
            return error
        return EmptySuccess("plan.not_found", hint="no_plan.hint", plan=named.title)

    def _order(self) -> Iterator[PlanKind]:
        if self.asked != AUTO:
            _raise_if_unreadable(self.asked, self.source, is_overridden=self.is_overridden)
            yield self.asked
            return
        first = self.shown or CODING_PLAN.kind
        for kind in (first, *(kind for kind in PLANS if kind != first)):
            if self._can_ask(kind):
                yield kind

    def _can_ask(self, kind: PlanKind) -> bool:
        by_source = self.source == AUTO or self.source in WAYS[kind]
        return kind == CODING_PLAN.kind or (by_source and not self.is_overridden)

    def _looks(self, answer: Outcome) -> Iterator[Outcome]:
        """Look for the other plans by the way that has just worked: once a day, and never when a plan is new."""
        kind = answer.reading.plan.kind if answer.reading else ""
        is_new = self.shown != kind
        for other in (other for other in PLANS if other != kind and self._can_ask(other)):
            looked = self.asker.notes.looked.get(other)
            exists = False if other == self.shown else None
            if not is_new and looked is not None and 0 <= self.now - looked < DAY:
                continue
            if not is_new and looked is not None and answer.source in WAYS[other]:
                found = self.asker.look(other, answer)
                exists = _exists(other, found)
                yield found
            self.asker.notes = self.asker.notes.seen(other, self.now, exists=exists)


def _exists(kind: PlanKind, found: Outcome) -> bool | None:
    """What a look tells; None for nothing: where there was nothing to ask with, no request was sent."""
    if found.reading:
        return True
    is_told = _says_none(kind, found.error) and not isinstance(found.error, MissingCredentials)
    return False if is_told else None


def _says_none(kind: PlanKind, error: CodingPlanError | None) -> bool:
    """Whether the next plan is asked for: the provider says that there is none of this kind, or gives nothing of it.

    An empty success proves nothing of a Token Plan, but the Coding Plan's answer stands.
    """
    unproven = () if kind == CODING_PLAN.kind else (EmptySuccess,)
    team = OF_ANOTHER_TEAM if kind == TOKEN_PLAN_TEAM.kind else ()
    return isinstance(error, (NoPlan, *unproven, *team))


def _none(tried: list[Outcome]) -> CodingPlanError:
    """What is said where no plan was found: that the plan has ended, else that there is no plan."""
    ended = (each.error for each in tried if each.error and each.error.key in ("no_plan.ended", "no_plan.over"))
    return next(ended, NoPlan("no_plan.any"))


def _raise_if_unreadable(kind: PlanKind, source: str, *, is_overridden: bool) -> None:
    title = PLANS[kind].title
    if is_overridden and kind != CODING_PLAN.kind:
        raise ConfigError("plan.quota_url", plan=title)
    if source != AUTO and source not in WAYS[kind]:
        raise ConfigError("plan.no_way", plan=title, source=source)
