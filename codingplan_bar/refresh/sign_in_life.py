"""The sign-in that gave the last numbers: how long it has lived, and when it ends.

The provider names no end of a console session or token; a browser's cookies and a temporary AccessKey pair have one.
What else is known is learned: each sign-in is followed from the first time to the last time that the provider took it.
It ended by itself where the provider refuses it soon after that and no newer sign-in has come in its place.

A sign-in elsewhere ends the first one, and nothing shows that: it can only make a life shorter. So the longest of the
last lives are those that ended by themselves, and where three of them agree they tell the next end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from codingplan_bar.credentials import saved
from codingplan_bar.credentials.cookies import CookieJar, identity
from codingplan_bar.credentials.saved import SignIn, object_in
from codingplan_bar.model import INSTANTS, Instant, RegionName, Snapshot, SourceName, is_instant
from codingplan_bar.provider.source_order import Outcome, Source
from codingplan_bar.refresh.session import Found, RenewingSource, account_in, ends_at, fingerprint, kept_jar, origin
from codingplan_bar.refresh.store import Files
from codingplan_bar.refresh.token_sources import SignedIn
from codingplan_bar.text import clean

LEARNED_FROM = 3
REMEMBERED = 6
"""Of so many lives the three longest count: up to half may have been ended by a sign-in elsewhere."""
AGREE = 0.1
"""Three lives agree where the longest is at most this share longer than the shortest."""
SHORTEST = 60 * 60
"""Seconds; what the provider refuses sooner has not lived."""
STEP = 15 * 60
"""Seconds by which a life grows at the least: a sign-in lives for days, and its file is not written at each refresh."""
LONGEST_PLACE = 300
"""Characters; a path of a program under a version manager has a hundred."""
NEWS = 24 * 60 * 60
"""Seconds for which it is said that the numbers are another account's."""


class Ending(NamedTuple):
    """When the sign-in in use ends, seconds since 1970, and whether that is learned; since when it has been in use."""

    at: Instant | None = None
    is_learned: bool = False
    since: Instant | None = None


class Life(NamedTuple):
    """One sign-in while the provider takes it: from `first` to `last`, in seconds since 1970.

    `mark` and `account` are hashes: they tell one from another, and hold nothing of it. `moved_at` is when the numbers
    became another account's, 0 where they did not. `is_over`: the provider has refused it since.
    """

    mark: str
    first: Instant
    last: Instant
    account: str = ""
    moved_at: Instant = 0
    is_over: bool = False


class Lives(NamedTuple):
    """By source: the sign-in in use, and how many seconds the last ones lived that ended by themselves.

    `came_by` is the place of what gave the last numbers, as `Here` writes it, and `came_with` tells that sign-in or key
    from another: a hash, empty where it is not known.
    """

    present: Mapping[str, Life] = MappingProxyType({})
    past: Mapping[str, tuple[int, ...]] = MappingProxyType({})
    came_by: str = ""
    came_with: str = ""

    def taken(self, source: str, mark: str, now: float, account: str = "") -> Lives:
        """The provider has taken this sign-in."""
        known = self.present.get(source)
        if known and known.mark == mark and not known.is_over:
            life = known._replace(last=int(now)) if now >= known.last + STEP else known
        else:
            is_another = known and known.account and account and known.account != account
            life = Life(mark, int(now), int(now), account, int(now) if is_another else 0)
        return self._replace(present={**self.present, source: life})

    def refused(self, source: str, marks: Iterable[str], now: float, *, was_replaced: bool = False) -> Lives:
        """The provider no longer takes any of these: where one is the sign-in in use, that has ended.

        Nothing is learned where it `was_replaced`: the newer one may have ended it. Nor is where this machine has slept
        before `now` for more than a tenth of its life: it may have ended at any time since.
        """
        life = self.present.get(source)
        if life is None or life.is_over or life.mark not in marks:
            return self
        over = self._replace(present={**self.present, source: life._replace(is_over=True)})
        lived, unseen = life.last - life.first, now - life.last
        if was_replaced or lived < SHORTEST or not 0 <= unseen <= max(lived * AGREE, 2 * STEP):
            return over
        return over._replace(past={**self.past, source: (*self.past.get(source, ()), lived)[-REMEMBERED:]})

    def came_from(self, place: str, mark: str = "") -> Lives:
        """The same after an answer that came from there; an empty place is not an answer."""
        return self._replace(came_by=place, came_with=mark) if place else self

    def ending(self, source: str, known: Instant | None = None) -> Ending:
        """The end of the sign-in in use: the `known` one, else the learned one."""
        life, longest = self.present.get(source), sorted(self.past.get(source, ()))[-LEARNED_FROM:]
        if life is None or life.is_over:
            return Ending(known)
        agree = len(longest) == LEARNED_FROM and longest[-1] <= longest[0] * (1 + AGREE)
        if known or not agree:
            return Ending(known, since=life.first)
        return Ending(life.first + longest[0], is_learned=True, since=life.first)

    def has_moved(self, source: str, now: float) -> bool:
        """Whether the numbers have become another account's within the last day."""
        life = self.present.get(source)
        return life is not None and life.moved_at > 0 and life.moved_at <= now < life.moved_at + NEWS

    def to_text(self) -> str:
        """As the text of a file, for `loads`."""
        present = {source: life._asdict() for source, life in self.present.items()}
        came = {"came_by": self.came_by, "came_with": self.came_with}
        return json.dumps({"present": present, "past": self.past, **came}, default=dict)


@lru_cache(maxsize=4)
def loads(text: str | None) -> Lives:
    """What `to_text` gave; what cannot be that is left out."""
    present, past, came_by, came_with = map(object_in(text).get, ("present", "past", "came_by", "came_with"))
    lives = {source: _life(each) for source, each in present.items()} if isinstance(present, dict) else {}
    lived = {source: _seconds(each) for source, each in past.items()} if isinstance(past, dict) else {}
    known = {source: life for source, life in lives.items() if life}
    place, mark = [clean(each, LONGEST_PLACE) if isinstance(each, str) else "" for each in (came_by, came_with)]
    return Lives(known, lived, place, mark)


def _life(data: object) -> Life | None:
    """A life, None for other data (`type`, since True is an int); what a newer version says beside is passed over."""
    types = {"mark": str, "first": int, "last": int, "account": str, "moved_at": int, "is_over": bool}
    said = {name: data[name] for name in types if name in data} if isinstance(data, dict) else {}
    if {name: type(value) for name, value in said.items()} != types:
        return None
    return Life(**said) if all(said[name] in INSTANTS for name in ("first", "last", "moved_at")) else None


def _seconds(data: object) -> tuple[int, ...]:
    whole = isinstance(data, list) and all(is_instant(each) and each >= SHORTEST for each in data)
    return tuple(data[-REMEMBERED:]) if isinstance(data, list) and whole else ()


# What one refresh has shown of the sign-ins that it asked with.


class Tried(NamedTuple):
    """What a refresh asked with: web mode's source where it was made, the user's own sign-in, and that as it was."""

    web: Source | None
    own: list[SignedIn]
    before: SignIn | None


def after(lives: Lives, outcome: Outcome, tried: Tried, now: float) -> Lives:
    """The lives after one refresh: whose sign-in the provider took, and which it refused."""
    if isinstance(tried.web, RenewingSource):
        found = tried.web.found
        mark = mark_of(found)
        took = outcome.source == "web"
        lives = lives.refused("web", {*found.turned_down, *([mark] if tried.web.over else [])}, now, was_replaced=took)
        if took:
            lives = lives.taken("web", mark, now, _account(found.jar, outcome.region, now))
    before = tried.before.token if tried.before else ""
    own = tried.own[0].sign_in if tried.own else None
    if own and before and own.token != before:
        lives = lives.refused("token", {hashed(before)}, now)
    if own and own.token and own.way != "access_key" and outcome.source == "token":
        lives = lives.taken("token", hashed(own.token), now)
    return lives


def ending(lives: Lives, shown: Snapshot | None, kept_text: str | None) -> Ending:
    """The end of the sign-in that these numbers came by, as far as it is known."""
    source, region = (shown.source, shown.region) if shown else (None, None)
    if source == "token":
        own = saved.kept(kept_text)
        if own is None:
            return Ending()
        return Ending(own.ends_at, since=own.since) if own.way == "access_key" else lives.ending("token")
    jar = kept_jar(kept_text)
    return lives.ending("web", ends_at(jar, region) if jar else None) if source in (None, "web") else Ending()


def kept_end(files: Files, shown: Snapshot) -> Instant | None:
    """The same from what is kept now: when it ends, or None."""
    return ending(loads(files.texts[files.ends]), shown, files.kept_session()).at


def way(source: SourceName | None, kept_text: str | None) -> str | None:
    """The source in use, where that is `token` with an AccessKey pair told apart: `pair`, or `pair that ends`."""
    own = saved.kept(kept_text)
    if source != "token" or own is None or own.way != "access_key":
        return source
    return "pair that ends" if own.ends_at else "pair"


def facts(lives: Lives, shown: Snapshot, kept_text: str | None, now: float) -> dict[str, str]:
    """What may be told of the sign-in in use, as facts for the bars; empty texts where it is not known."""
    end, has_moved = ending(lives, shown, kept_text), shown.source == "web" and lives.has_moved("web", now)
    return {
        "session.origin": origin(kept_text) if shown.source in (None, "web") else "",
        "session.ends_at": str(end.at or ""),
        "session.learned": "yes" if end.is_learned else "",
        "session.moved": "yes" if has_moved else "",
    }


def mark_of(found: Found) -> str:
    """What tells one session from another."""
    return identity(found.jar) if found.jar else fingerprint(found.session)


def _account(jar: CookieJar | None, region: RegionName | None, now: float) -> str:
    """Whose session it is, as a hash; empty where the cookies do not say."""
    named = account_in(jar, region, now) if jar and region else ""
    return hashed(named) if named else ""


def hashed(text: str) -> str:
    """What tells one secret from another, and holds nothing of it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
