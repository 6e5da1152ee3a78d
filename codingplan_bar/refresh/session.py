"""Which session is used: the stored one, the settings', or the browsers'; and a new one where it was turned down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from codingplan_bar import environment
from codingplan_bar.browsers.stores import stores_state
from codingplan_bar.credentials.cookies import ACCOUNT, TICKET, CookieJar, PastedHeader, Session, identity, is_damaged
from codingplan_bar.credentials.saved import SavedSession, object_in
from codingplan_bar.errors import (
    OPENS_STORE,
    TURNED_DOWN,
    CodingPlanError,
    InvalidCookie,
    LoginRequired,
    MissingCredentials,
    StoreShut,
)
from codingplan_bar.facts import SETTING_PREFIX
from codingplan_bar.model import Reading, RegionName, SourceName, is_instant
from codingplan_bar.provider.source_order import Source
from codingplan_bar.regions import INTL, REGIONS, Region
from codingplan_bar.settings.settings import Settings
from codingplan_bar.text import clean
from codingplan_bar.transport.request import Deadline
from codingplan_bar.words.errors import english

if TYPE_CHECKING:
    from codingplan_bar.browsers.search import Report, Search
    from codingplan_bar.browsers.verdicts import Verdict

# Which session is used, and what is kept with it: cookies of an import, the token, the shape that worked.
#
# The kept file holds secrets: it is the only one that does. A pasted header itself is not kept, only a fingerprint of
# it, so that a token is never used with another session than its own.

LONGEST_ORIGIN = 60
HEADER = "cookie_header"
"""The setting that holds a pasted header."""
TURNED_DOWN_KEPT = 16
"""How many sessions are remembered as turned down: a browser has a profile or two, and one sign-in a day."""


class Imported(NamedTuple):
    """A session of one browser's profile, and what people call that."""

    jar: CookieJar
    origin: str


Import = Callable[[frozenset[str]], Imported | None]
"""Asks the user's browsers for a signed-in session, but for those that were turned down (by their `identity`).

None where none has one; or it raises `MissingCredentials` or `LoginRequired`, which tell more.
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A session with what is kept of it; `origin` is a word for people, `jar` the session where it was imported.

    `was_kept` tells an earlier import's session, which may be over, from one that has just been read; `turned_down`
    are the identities of imported ones that the provider no longer takes.
    """

    session: Session = field(repr=False)
    kept: SavedSession
    origin: str
    jar: CookieJar | None = field(default=None, repr=False)
    was_kept: bool = False
    turned_down: tuple[str, ...] = ()

    def without_session(self) -> Found:
        """The same once the provider has turned the session down: an imported one is remembered as such."""
        spent = (*self.turned_down, identity(self.jar)) if self.jar else self.turned_down
        return replace(self, jar=None, turned_down=tuple(dict.fromkeys(spent))[-TURNED_DOWN_KEPT:])

    def to_text(self) -> str:
        """What is kept, as the text of a file that only the user may read."""
        data = {
            "session": fingerprint(self.session),
            "cookies": self.jar.to_data() if self.jar else None,
            "kept": self.kept.to_data(),
            "origin": self.origin if self.jar else "",
            "turned_down": list(self.turned_down),
        }
        return json.dumps(data)


def find(
    settings: Settings, environ: Mapping[str, str], kept_text: str | None, browsers: Import, *, by_hand: bool = False
) -> Found:
    """The session of the settings, the variable, the last import or the browsers, as `cookie_source` says.

    `by_hand`: somebody asks who may know better. Where the browsers have only sessions that were turned down, such a
    one is shown to the provider again: it may have been its fault.

    Raises `InvalidCookie` for a wrong header, `MissingCredentials` where there is no session, and what the
    import raises.
    """
    source = settings.cookie_source
    if source == "off":
        raise MissingCredentials("session.off")
    if source == "manual":
        return pasted(settings.cookie_header, _place_of_header(environ), kept_text)
    if environ.get(environment.COOKIE, "").strip():
        return pasted(environ[environment.COOKIE], environment.COOKIE, kept_text)
    spent = turned_down(kept_text)
    if jar := kept_jar(kept_text):
        named = str(object_in(kept_text).get("origin") or "a browser")
        return Found(jar, _kept_with(jar, kept_text), named, jar, was_kept=True, turned_down=spent)
    try:
        jar, named = _imported(browsers, spent, _hint(settings))
    except LoginRequired:
        if not by_hand:
            raise
        jar, named = _imported(browsers, (), _hint(settings))
    return Found(jar, _kept_with(jar, kept_text), named, jar, turned_down=spent)


def _imported(browsers: Import, spent: Iterable[str], hint: str | None) -> Imported:
    """What the browsers have. Where they have nothing, `hint` is the step that comes before any other."""
    try:
        imported = browsers(frozenset(spent))
    except MissingCredentials as error:
        error.hint = english(hint) if hint else error.hint
        raise
    if imported is None:
        raise MissingCredentials("session.none", hint=hint)
    return imported


def living(kept_text: str | None, is_alive: Callable[[CookieJar], bool]) -> str | None:
    """What is kept, without an imported session that has run out or is of no use for the regions that are asked."""
    jar = kept_jar(kept_text)
    if jar is None or is_alive(jar):
        return kept_text
    return json.dumps({**object_in(kept_text), "cookies": None})


def origin(kept_text: str | None) -> str:
    """Where the imported session that is kept is from, for people; empty where none is kept."""
    return clean(str(object_in(kept_text).get("origin") or ""), LONGEST_ORIGIN) if kept_jar(kept_text) else ""


def ends_at(jar: CookieJar, region: RegionName | None) -> int | None:
    """When the first of what makes a sign-in runs out, in seconds since 1970; None where the cookies do not say.

    A browser may be signed in to both sites: those count that the region's console gets, all where none is named.
    """
    seen = [each for each in jar.cookies if region is None or each.goes_to(REGIONS[region].hosts.gateway, "/")]
    lives = [[cookie.expires_at for cookie in seen if cookie.name in names] for names in (TICKET, ACCOUNT)]
    ends = [max(filter(is_instant, each)) for each in lives if each and all(map(is_instant, each))]
    return min(ends) if len(ends) == len(lives) else None


def account_in(jar: CookieJar, region: RegionName, now: float) -> str:
    """What the cookies that the region's console gets name their account by; empty where they do not."""
    by_name = jar.values(REGIONS[region].hosts.gateway, now)
    return next((by_name[name] for name in ACCOUNT if by_name.get(name)), "")


def turned_down(kept_text: str | None) -> tuple[str, ...]:
    """The identities of the sessions that the provider no longer takes."""
    found = object_in(kept_text).get("turned_down")
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()


@lru_cache(maxsize=4)
def fingerprint(session: Session) -> str:
    """Tells one session from another without holding any of it."""
    secret = session.header if isinstance(session, PastedHeader) else json.dumps(_data(session))
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def pasted(header: str, origin: str, kept_text: str | None = None) -> Found:
    """The session of a header that stands in `origin`. Raises `InvalidCookie`, which says what is wrong with it.

    What the file of settings says does not help where a variable is wrong: it wins.
    """
    from codingplan_bar.credentials.pasted_session import session_of  # a browser's session needs none of it

    hint = None if origin == HEADER else "variable.hint"
    if not header.strip():
        raise InvalidCookie("cookie.none", hint=hint, where=origin, origin=origin, variable=origin)
    try:
        session = session_of(header)
    except InvalidCookie as error:
        problem = error.message
        raise InvalidCookie(
            "cookie.wrong", hint=hint, where=origin, origin=origin, variable=origin, problem=problem
        ) from error
    return Found(session, _kept_with(session, kept_text), origin)


def _place_of_header(environ: Mapping[str, str]) -> str:
    """The setting with the header, or the variable in its place."""
    variable = SETTING_PREFIX + HEADER.upper()
    return variable if variable in environ else HEADER


def _hint(settings: Settings) -> str | None:
    """A header that the user has put into the settings counts only where `cookie_source` says so."""
    return "session.manual.hint" if settings.cookie_header else None


def _kept_with(session: Session, kept_text: str | None) -> SavedSession:
    """What was kept; of another session's, only which shape worked."""
    data = object_in(kept_text)
    try:
        kept = SavedSession.from_data(data.get("kept"))
    except ValueError:
        return SavedSession()
    return kept if data.get("session") == fingerprint(session) else SavedSession(shapes=kept.shapes)


@lru_cache(maxsize=4)
def kept_jar(kept_text: str | None) -> CookieJar | None:
    """The imported session that is kept, or None; decoded once a text."""
    cookies = object_in(kept_text).get("cookies")
    try:
        return None if cookies is None else CookieJar.from_data(cookies)
    except ValueError:
        return None


def _data(session: Session) -> object:
    return session.to_data() if isinstance(session, CookieJar) else None


# The session in the user's browsers, as one refresh asks for it; and what is said where none has one.

CLOSED: frozenset[Verdict] = frozenset(
    {"keyring_locked", "keyring_absent", "keyring_mute", "keyring_no_key", "would_ask", "app_bound", "no_access"}
)
"""What keeps a store shut that may well hold a session: whoever can open it is told how."""


@dataclass(slots=True, eq=False, repr=False)
class BrowserImport:
    """Looks through the user's browsers until a deadline. It asks no person for anything unless it `may_prompt`."""

    environ: Mapping[str, str]
    settings: Settings
    now: Callable[[], float]
    deadline: Deadline
    may_prompt: bool = False

    def __call__(self, turned_down: frozenset[str]) -> Imported:
        """The best session but for those that were turned down.

        Raises `LoginRequired` where there are only such ones, `MissingCredentials` where no session was found.
        """
        found = self.looked(turned_down)
        if found.jar is None:
            is_chosen = "region" in self.settings.given or self.settings.region != INTL.name
            raise nothing_in(found.reports, REGIONS[self.settings.region], is_chosen=is_chosen)
        return Imported(found.jar, found.origin)

    def looked(self, turned_down: frozenset[str] = frozenset()) -> Search:
        """The whole search, with a report a store."""
        from codingplan_bar.browsers.search import SEARCH_SECONDS, Wanted, search  # a kept session needs none of it

        wanted = Wanted(
            regions(self.settings),
            self.now(),
            names=tuple(self.settings.browsers),
            may_prompt=self.may_prompt,
            turned_down=turned_down,
        )
        seconds = self.deadline.remaining() if self.may_prompt else min(self.deadline.remaining(), SEARCH_SECONDS)
        return search(self.environ, wanted, deadline=Deadline(seconds))


def regions(settings: Settings) -> tuple[Region, ...]:
    """The user's region, and the one that is tried next."""
    own = REGIONS[settings.region]
    return (own, REGIONS["cn"]) if own.name == "intl" and settings.region_fallback else (own,)


def nothing_in(reports: tuple[Report, ...], region: Region = INTL, *, is_chosen: bool = True) -> CodingPlanError:
    """Why there is no session: the one that was turned down, else what keeps a store shut, else what to do.

    Somebody signs in at the console of `region`; where that is the default, the way of the China site is named, too.
    """
    for report in reports:
        if report.verdict == "turned_down":
            return LoginRequired("session.over", store=name_of(report))
    browsers = " and ".join(dict.fromkeys(report.browser for report in reports))
    key = "session.none_in" if browsers else "session.none"
    shut = next((report for report in reports if report.verdict in CLOSED), None)
    if shut is None:
        hint = "session.none_in.hint" if is_chosen else "session.none_by_default.hint"
        return MissingCredentials(key, hint=hint, browsers=browsers, console=region.hosts.gateway)
    store, hint = name_of(shut), OPENS_STORE
    return StoreShut(key, hint=hint, browsers=browsers, store=store, state=shut.says, step=shut.hint)


def name_of(report: Report) -> str:
    """The browser and its profile, as a person knows them."""
    return f"{report.browser} ({report.profile})" if report.profile else report.browser


def depends_on(settings: Settings, environ: Mapping[str, str]) -> str:
    """Changes when a browser writes its cookies, where a session may come from there; empty where none may."""
    by_browsers = settings.cookie_source == "auto" and settings.source in ("auto", "web")
    if not by_browsers or environ.get(environment.COOKIE, "").strip():
        return ""
    return stores_state(environ, settings.browsers)


# A kept session that is turned down: it is dropped, the browsers are asked once more, and then the provider.


@dataclass(slots=True, eq=False, repr=False)
class RenewingSource:
    """Web mode by whichever session is good: `visit` makes the source of one.

    `found` is the session in use, `over` whether the provider has turned it down since it last took it.
    """

    name: ClassVar[SourceName] = "web"
    home: ClassVar[None] = None  # the settings say which region is asked

    found: Found
    visit: Callable[[Found], Source]
    browsers: Import
    over: bool = False

    def covers(self, region: Region) -> bool:
        """Whether the session has cookies for the region's own hosts."""
        return self.visit(self.found).covers(region)

    def ask(self, region: Region) -> Reading:
        """The quota in one region. Raises what web mode raises, of the newer session where there is one."""
        try:
            return self._asked(region)
        except TURNED_DOWN as error:
            if is_damaged(self.found.session):
                error.hint = english("cookie.eaten.hint")
            elif self.found.jar is None:
                key = "session.pasted.hint" if self.found.origin == HEADER else "session.variable.hint"
                error.hint = english(key, {"variable": self.found.origin})
            if not self._renewed(region):
                raise
        return self._asked(region)

    def to_text(self) -> str:
        """What is kept of it, as the text of a file that only the user may read."""
        return (self.found.without_session() if self.over else self.found).to_text()

    def _asked(self, region: Region) -> Reading:
        try:
            reading = self.visit(self.found).ask(region)
        except TURNED_DOWN:
            self.over = self.over or self.covers(region)  # without a cookie to show, it was not asked about
            raise
        self.over = False
        return reading

    def _renewed(self, region: Region) -> bool:
        """Whether the browsers have another session than the kept one. They are asked once."""
        if not (self.over and self.found.was_kept and self._may_work_in(region)):
            return False
        before = self.found.without_session()
        imported = self._imported(frozenset(before.turned_down))
        renewed = imported is not None and fingerprint(imported.jar) != fingerprint(self.found.session)
        self.found = replace(self.found, was_kept=False)
        if imported and renewed:
            kept = SavedSession(shapes=self.found.kept.shapes)
            self.found = Found(imported.jar, kept, imported.origin, imported.jar, turned_down=before.turned_down)
        return renewed

    def _may_work_in(self, region: Region) -> bool:
        """Not where the account is known to live in the other region: there, no session of it would be taken."""
        known = self.found.kept.shapes.keys() | self.found.kept.tokens.keys()
        return not known or region.name in known

    def _imported(self, turned_down: frozenset[str]) -> Imported | None:
        try:
            return self.browsers(turned_down)
        except CodingPlanError:
            return None  # what the provider said of the kept session stays the thing to tell
