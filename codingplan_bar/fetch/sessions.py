"""Which session is used, and what is kept with it: cookies of an import, the token, the shape that worked.

The kept file holds secrets: it is the only one that does. A pasted header itself is not kept, only a fingerprint of
it, so that a token is never used with another session than its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from codingplan_bar.errors import InvalidCookie, MissingCredentials
from codingplan_bar.fetch.browsers.ranking import identity
from codingplan_bar.fetch.cookie_header import normalise
from codingplan_bar.fetch.cookie_jar import CookieJar
from codingplan_bar.fetch.kept import Kept
from codingplan_bar.fetch.session import ACCOUNT, TICKET, PastedHeader, Session
from codingplan_bar.fetch.settings import Settings
from codingplan_bar.text import clean

VARIABLE = "ALIBABA_CODING_PLAN_COOKIE"

LONGEST_ORIGIN = 60
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
    kept: Kept
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


def find(settings: Settings, environ: Mapping[str, str], kept_text: str | None, browsers: Import) -> Found:
    """The session of the settings, the variable, the last import or the browsers, as `cookie_source` says.

    Raises `InvalidCookie` for a header that is none, `MissingCredentials` where there is no session, and what the
    import raises.
    """
    source = settings["cookie_source"]
    if source == "off":
        raise MissingCredentials("Web mode is switched off by cookie_source.", hint="Set cookie_source to auto.")
    if source == "manual":
        return _pasted(settings["cookie_header"], "the setting cookie_header", kept_text)
    if environ.get(VARIABLE, "").strip():
        return _pasted(environ[VARIABLE], VARIABLE, kept_text)
    spent = turned_down(kept_text)
    kept_jar = _kept_jar(kept_text)
    if kept_jar:
        origin = str(_loaded(kept_text).get("origin") or "a browser")
        return Found(kept_jar, _kept_with(kept_jar, kept_text), origin, kept_jar, was_kept=True, turned_down=spent)
    imported = browsers(frozenset(spent))
    if imported is None:
        raise MissingCredentials("No signed-in console session was found.", hint=_hint(settings))
    jar, origin = imported
    return Found(jar, _kept_with(jar, kept_text), origin, jar, turned_down=spent)


def living(kept_text: str | None, is_alive: Callable[[CookieJar], bool]) -> str | None:
    """What is kept, without an imported session that has run out or is of no use for the regions that are asked."""
    jar = _kept_jar(kept_text)
    if jar is None or is_alive(jar):
        return kept_text
    return json.dumps({**_loaded(kept_text), "cookies": None})


def told(kept_text: str | None) -> dict[str, str]:
    """What may be told of an imported session that is kept, as facts: where it is from, when it ends; empty if unknown.

    The end is in seconds since 1970.
    """
    jar = _kept_jar(kept_text)
    ends = ends_at(jar) if jar else None
    origin = str(_loaded(kept_text).get("origin") or "") if jar else ""
    return {"session.origin": clean(origin, LONGEST_ORIGIN), "session.ends_at": str(ends or "")}


def ends_at(jar: CookieJar) -> int | None:
    """When the first of what makes a sign-in runs out, in seconds since 1970; None where the cookies do not say."""
    lives = [[cookie.expires_at for cookie in jar.cookies if cookie.name in names] for names in (TICKET, ACCOUNT)]
    if not all(lives) or any(None in each for each in lives):
        return None
    return min(max(filter(None, each)) for each in lives)


def turned_down(kept_text: str | None) -> tuple[str, ...]:
    """The identities of the sessions that the provider no longer takes."""
    found = _loaded(kept_text).get("turned_down")
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()


def fingerprint(session: Session) -> str:
    """Tells one session from another without holding any of it."""
    secret = session.header if isinstance(session, PastedHeader) else json.dumps(_data(session))
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _pasted(header: str, origin: str, kept_text: str | None) -> Found:
    if not header.strip():
        raise InvalidCookie(f"There is no Cookie header in {origin}.", where=origin)
    try:
        session = PastedHeader(normalise(header))
    except InvalidCookie as error:
        raise InvalidCookie(f"The Cookie header in {origin} is none: {error.message}", where=origin) from error
    return Found(session, _kept_with(session, kept_text), origin)


def _hint(settings: Settings) -> str | None:
    """A header that the user has put into the settings counts only where `cookie_source` says so."""
    return 'Set cookie_source to "manual" to use the setting cookie_header.' if settings["cookie_header"] else None


def _kept_with(session: Session, kept_text: str | None) -> Kept:
    """What was kept; of another session's, only which shape worked."""
    data = _loaded(kept_text)
    try:
        kept = Kept.from_data(data.get("kept"))
    except ValueError:
        return Kept()
    return kept if data.get("session") == fingerprint(session) else Kept(shapes=kept.shapes)


def _kept_jar(kept_text: str | None) -> CookieJar | None:
    try:
        return CookieJar.from_data(_loaded(kept_text).get("cookies"))
    except ValueError:
        return None


def _loaded(kept_text: str | None) -> dict[str, Any]:
    try:
        data = json.loads(kept_text or "{}")
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _data(session: Session) -> object:
    return session.to_data() if isinstance(session, CookieJar) else None
