"""The sign-in that gave the last numbers: when it ends, and whether what it lies in is there now.

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
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from codingplan_bar import environment, paths
from codingplan_bar.browsers.stores import IN_CONTAINER, discover
from codingplan_bar.credentials import other_tools, saved
from codingplan_bar.credentials.cookies import CookieJar, identity
from codingplan_bar.credentials.other_tools import CodexBarEntry, UnusableFile
from codingplan_bar.credentials.saved import SignIn, object_in
from codingplan_bar.errors import CodingPlanError, SourceGone, StoreShut
from codingplan_bar.model import INSTANTS, Instant, RegionName, Snapshot, SourceName, is_instant
from codingplan_bar.provider import bl
from codingplan_bar.provider.api_key import ApiSource
from codingplan_bar.provider.bl import ToolSource
from codingplan_bar.provider.source_order import MadeWhenAsked, Outcome, Source
from codingplan_bar.provider.token import TokenSource
from codingplan_bar.refresh.session import Found, RenewingSource, account_in, ends_at, fingerprint, kept_jar, origin
from codingplan_bar.refresh.store import Files
from codingplan_bar.refresh.token_sources import SignedIn
from codingplan_bar.settings.settings import Settings
from codingplan_bar.text import clean, credential

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


# What gave the last numbers, and whether it is there now: where it is gone, that is said, and never "sign in".
#
# A bar that the desktop starts sees less than a shell: another PATH, none of its variables. A place is a text of three
# words: the source that asks with what lies there, its kind, and which of them. It holds no secret.


PROGRAM, VARIABLE, SETTING, FILE, BROWSER, SIGN_IN = "program", "variable", "setting", "file", "browser", "sign_in"
GONE = {
    PROGRAM: "gone.program",
    VARIABLE: "gone.variable",
    SETTING: "gone.setting",
    FILE: "gone.file",
    BROWSER: "gone.browser",
    SIGN_IN: "gone.sign_in",
}
"""What is said, by the kind of the place."""
OVERRULED = frozenset(
    {"missing_credentials", "invalid_cookie", "login_required", "invalid_credentials", "api_key_unavailable"}
)
"""The errors that ask for a sign-in or a key: all else is about the provider or the way to it, and stays."""
OF_THE_MACHINE = {
    PROGRAM: {"tool.no_node", "tool.no_start", "tool.other"},
    SIGN_IN: {"pair.gone", "pair.no_file", "pair.none_in", "pair.no_profile", "file.unusable"},
    FILE: {"file.unusable"},
}
"""By the kind of a place, the sentences that name what is missing on this machine better than the place does."""
HINTS = {
    SIGN_IN: "gone.file.hint",
    environment.COOKIE: "gone.cookie.hint",
    environment.BL_TOKEN: "gone.token.hint",
}
"""What to do where that is not there, by the kind of the place or by the variable; else as its sentence says."""


@dataclass(slots=True, eq=False, repr=False)
class Here:
    """What one run can see: its environment and settings, CodexBar's entry, and the text of the private file."""

    environ: Mapping[str, str]
    settings: Settings
    entry: CodexBarEntry
    kept_text: str | None

    def place(self, source: Source | None) -> str:
        """Where what a source asks with lies; empty where nothing can be said of it."""
        source = source.made if isinstance(source, MadeWhenAsked) else source
        found = self._found(source)
        return f"{source.name} {found}" if source and found else ""

    def mark(self, source: Source | None) -> str:
        """What tells the sign-in or key of a source from another; empty where that is not known."""
        try:
            return self._mark(source.made if isinstance(source, MadeWhenAsked) else source)
        except CodingPlanError:  # the pair has just gone
            return ""

    def _mark(self, source: Source | None) -> str:
        if isinstance(source, ApiSource):
            return hashed(source.key.value)
        if isinstance(source, RenewingSource):
            return mark_of(source.found)
        if isinstance(source, SignedIn):
            return self.mark_of_sign_in(source.sign_in)
        return hashed(source.token.value) if isinstance(source, TokenSource) else ""

    def mark_of_sign_in(self, sign_in: SignIn) -> str:
        """A pair stays the same when it makes a new token. Raises `MissingCredentials` where it is gone."""
        if sign_in.way != "access_key":
            return hashed(sign_in.token) if sign_in.token else ""
        return hashed((sign_in.pair or other_tools.pair_of(sign_in.which, self.environ)[1]).id)

    def _found(self, source: Source | None) -> str:
        """Its kind, and which of them."""
        if isinstance(source, ToolSource):
            return f"{PROGRAM} {paths.displayed(source.command, self.environ)}"
        if isinstance(source, ApiSource):
            return self._named(source.key.origin)
        if isinstance(source, RenewingSource):
            return self._of_session(source.found)
        if isinstance(source, SignedIn):
            return f"{SIGN_IN} {self._private_file}"
        return self._named(environment.BL_TOKEN) if isinstance(source, TokenSource) else ""

    def _has(self, kind: str, name: str) -> bool:
        """Whether that is there for this run."""
        if kind == VARIABLE:
            return bool(self.environ.get(name, "").strip())
        if kind == SETTING:
            return bool(getattr(self.settings, name, ""))
        if kind == SIGN_IN:
            return self.kept_text is not None
        looks = {PROGRAM: self._has_tool, FILE: self._has_credential, BROWSER: self._has_profile}
        return kind not in looks or looks[kind](name)

    def told(self, outcome: Outcome, place: str) -> Outcome:
        """The outcome, with the place as its error where that is gone. `place` is what gave the last numbers."""
        source, kind, name = [*place.split(" ", 2), "", "", ""][:3]
        is_asked = self.settings.source in ("auto", source)
        if not (is_asked and outcome.error and outcome.error.code in OVERRULED):
            return outcome
        if not self._has(kind, name):
            return replace(outcome, error=_gone(kind, name))
        fault = next((each for each in outcome.errors if _names_it(kind, each)), None)
        return replace(outcome, error=SourceGone(fault.message, hint=fault.hint)) if fault else outcome

    def _named(self, origin: str) -> str:
        """The place of a key or a token: a setting, a variable, or a file."""
        if origin == environment.BL_TOKEN and not credential(self.environ.get(origin)):
            return f"{FILE} {self._login_file}"
        if origin in ("api_key", "cookie_header"):
            return f"{SETTING} {origin}"
        return f"{FILE if '/' in origin else VARIABLE} {origin}"

    def _of_session(self, found: Found) -> str:
        if found.jar:
            return f"{BROWSER} {found.origin}"
        is_codexbars = found.origin == "cookie_header" and self.settings.cookie_header == self.entry.cookie_header
        return self._named((self.entry.file or "") if is_codexbars else found.origin)

    @property
    def _private_file(self) -> str:
        return paths.displayed(f"{paths.lasting_folder(self.environ)}/session.json", self.environ)

    @property
    def _login_file(self) -> str:
        return paths.displayed(other_tools.login_file(self.environ), self.environ)

    def _has_tool(self, _: str) -> bool:
        try:
            bl.find(self.environ, named=self.settings.bl_path)
        except CodingPlanError:
            return False
        return True

    def _has_credential(self, name: str) -> bool:
        if name != self._login_file:
            return name == self.entry.file and bool(self.entry.api_key or self.entry.cookie_header)
        try:
            return other_tools.bl_token(self.environ) is not None
        except UnusableFile:
            return True  # that it cannot be used is an error of its own

    def _has_profile(self, name: str) -> bool:
        stores = discover(self.environ, self.settings.browsers)
        known = {", ".join(filter(None, (each.title, each.profile))) for each in stores}
        return name in known or any(name.startswith(each + IN_CONTAINER) for each in known)


def _names_it(kind: str, error: CodingPlanError) -> bool:
    return error.key in OF_THE_MACHINE.get(kind, ()) or (kind == BROWSER and isinstance(error, StoreShut))


def _gone(kind: str, name: str) -> SourceGone:
    """What is said of a place that is gone, with the setting that makes up for it."""
    return SourceGone(GONE[kind], hint=HINTS.get(name, HINTS.get(kind)), place=name)
