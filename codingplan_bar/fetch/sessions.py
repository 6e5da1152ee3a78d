"""Which session is used, and what is kept with it: cookies of an import, the token, the shape that worked.

The kept file holds secrets: it is the only one that does. A pasted header itself is not kept, only a fingerprint of
it, so that a token is never used with another session than its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from codingplan_bar.errors import InvalidCookie, MissingCredentials
from codingplan_bar.fetch.cookie_header import normalise
from codingplan_bar.fetch.cookie_jar import CookieJar
from codingplan_bar.fetch.kept import Kept
from codingplan_bar.fetch.session import PastedHeader, Session
from codingplan_bar.fetch.settings import Settings

VARIABLE = "ALIBABA_CODING_PLAN_COOKIE"

Import = Callable[[], CookieJar | None]
"""Asks the user's browsers for a signed-in session; None where none has one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A session with what is kept of it; `origin` is a word for people, `jar` the session where it was imported.

    `was_kept` tells an earlier import's session, which may be over, from one that has just been read.
    """

    session: Session = field(repr=False)
    kept: Kept
    origin: str
    jar: CookieJar | None = field(default=None, repr=False)
    was_kept: bool = False

    def to_text(self) -> str:
        """What is kept, as the text of a file that only the user may read."""
        jar = self.jar.to_data() if self.jar else None
        data = {"session": fingerprint(self.session), "cookies": jar, "kept": self.kept.to_data()}
        return json.dumps(data)


def find(settings: Settings, environ: Mapping[str, str], kept_text: str | None, browsers: Import) -> Found:
    """The session of the settings, the variable, the last import or the browsers, as `cookie_source` says.

    Raises `InvalidCookie` for a header that is none, `MissingCredentials` where there is no session.
    """
    source = settings["cookie_source"]
    if source == "off":
        raise MissingCredentials("Web mode is switched off by cookie_source.", hint="Set cookie_source to auto.")
    if source == "manual":
        return _pasted(settings["cookie_header"], "the setting cookie_header", kept_text)
    if environ.get(VARIABLE, "").strip():
        return _pasted(environ[VARIABLE], VARIABLE, kept_text)
    kept_jar = _kept_jar(kept_text)
    jar = kept_jar or browsers()
    if jar is None:
        raise MissingCredentials("No signed-in console session was found.", hint=_hint(settings))
    return Found(jar, _kept_with(jar, kept_text), "a browser", jar, was_kept=jar is kept_jar)


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
