"""A console session: imported cookies with their domains, or a pasted header, and what each host gets of it."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import Any, NamedTuple, Protocol

from codingplan_bar.regions import Region, is_provider_domain

# What stands in a Cookie header.

_UNSENDABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # controls, and what UTF-8 cannot carry


def cookies_in(header: str) -> list[tuple[str, str]]:
    """Name and value of each cookie of a normalised header, in its order."""
    pieces = (piece.partition("=") for piece in pieces_of(header))
    return [(name.rstrip(" "), value.lstrip(" ")) for name, equals, value in pieces if equals]


def is_sendable(text: str) -> bool:
    """Whether a text may stand in a header: no control character and no half of a surrogate pair."""
    return not _UNSENDABLE.search(text)


def pieces_of(header: str) -> list[str]:
    """The cookies of a header as they are written, without the white space around them."""
    mark = ";" if ";" in header else "；"
    return [piece for piece in (part.strip(" ") for part in header.split(mark)) if piece]


# An imported session: cookies with their domains, each host getting those that a browser would send it.


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie. `domain` has no dot in front; `expires_at` is None for one that ends with its browser.

    `secure` is kept for whoever reads the jar; every request is https, so it changes nothing here.
    """

    name: str
    value: str = field(repr=False)
    domain: str
    host_only: bool = False
    path: str = "/"
    expires_at: int | None = None
    secure: bool = True

    def goes_to(self, host: str, path: str) -> bool:
        """Whether it matches a host on whole labels and a path: RFC 6265, sections 5.1.3 and 5.1.4."""
        domain = self.domain.lower()
        below = not self.host_only and host.endswith("." + domain)
        return (host == domain or below) and is_provider_domain(domain) and _path_matches(self.path, path)

    def is_good(self, now: float) -> bool:
        """Whether it still lives, has a value, and can be put into a header without breaking it."""
        text = self.name + self.value
        sound = bool(self.name and self.value) and is_sendable(text) and ";" not in text and "=" not in self.name
        return sound and (self.expires_at is None or self.expires_at > now)

    @property
    def rank(self) -> tuple[float, int, bool, int]:
        """Which of several with one name is sent: the one that lives longest, of equals the most specific.

        A browser would send them all, the most specific first. The provider's console is known to want one. A
        session cookie counts as the shortest-lived: it ends with a browser that may have been closed since, while
        a date is the server's own word.
        """
        life = -math.inf if self.expires_at is None else self.expires_at
        return life, len(self.path), self.host_only, len(self.domain)


@dataclass(frozen=True, slots=True)
class CookieJar:
    """The cookies of one browser profile (in Firefox: of one container); never of several."""

    cookies: tuple[Cookie, ...]

    def header_for(self, host: str, path: str, now: float) -> str | None:
        """The Cookie header for one host and path, longer paths first; None where no cookie belongs there."""
        sent = sorted(self._sent(host.lower(), path, now), key=lambda cookie: -len(cookie.path))
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in sent) or None

    def values(self, host: str, now: float) -> dict[str, str]:
        """The cookies by their names, as a script on that host's pages would see them."""
        return {cookie.name: cookie.value for cookie in self._sent(host.lower(), "/", now)}

    def to_data(self) -> list[dict[str, Any]]:
        """The jar as plain data for JSON. It holds the secrets."""
        return [asdict(cookie) for cookie in self.cookies]

    @classmethod
    def from_data(cls, data: object) -> CookieJar:
        """The jar in data of `to_data`. Raises `ValueError`, without any of the data, for other data."""
        if not isinstance(data, list) or not all(_is_cookie(item) for item in data):
            raise ValueError("no cookie jar of this program")
        return cls(tuple(Cookie(**item) for item in data))

    def _sent(self, host: str, path: str, now: float) -> Iterable[Cookie]:
        chosen: dict[str, Cookie] = {}
        for cookie in self.cookies:
            if cookie.goes_to(host, path) and cookie.is_good(now):
                rival = chosen.get(cookie.name)
                chosen[cookie.name] = cookie if rival is None or cookie.rank > rival.rank else rival
        return chosen.values()


def _path_matches(cookie_path: str, path: str) -> bool:
    """Whole segments, as with labels: /data covers /data and /data/api.json, not /database."""
    return path == cookie_path or path.startswith(cookie_path.removesuffix("/") + "/")


_TYPES: dict[str, tuple[type, ...]] = {"host_only": (bool,), "secure": (bool,), "expires_at": (int, type(None))}
_FIELDS = {each.name: _TYPES.get(each.name, (str,)) for each in fields(Cookie)}


def _is_cookie(item: object) -> bool:
    """Whether plain data has exactly a cookie's fields; `type` and not isinstance, since True is an int."""
    return (
        isinstance(item, dict)
        and item.keys() == _FIELDS.keys()
        and all(type(item[name]) in types for name, types in _FIELDS.items())
    )


# A console session: what gives each host its Cookie header, and whether someone is signed in with it.

TICKET = ("login_aliyunid_ticket",)
ACCOUNT = ("login_aliyunid_pk", "login_current_pk", "login_aliyunid")


class Session(Protocol):
    """The cookies of one browser profile, or of one pasted header. Times are seconds since 1970."""

    def header_for(self, host: str, path: str, now: float) -> str | None:
        """The Cookie header that goes to one host and path, None where it gets no cookie."""
        ...

    def values(self, host: str, now: float) -> dict[str, str]:
        """The cookies by their names, as a script on that host's pages would see them."""
        ...

    def __hash__(self) -> int:
        """A session does not change."""
        ...


@dataclass(frozen=True, slots=True)
class PastedHeader:
    """A normalised header. It has no domains and no ends, so it goes whole to whichever host is asked."""

    header: str = field(repr=False)

    def header_for(self, host: str, path: str, now: float) -> str | None:  # noqa: ARG002 - as any session is asked
        """The header itself."""
        return self.header

    def values(self, host: str, now: float) -> dict[str, str]:  # noqa: ARG002 - as any session is asked
        """The first cookie of each name: a browser puts the most specific one first."""
        return {name: value for name, value in reversed(cookies_in(self.header)) if value}


def is_damaged(session: Session) -> bool:
    """Whether a pasted header's ticket lacks the `$` that tickets hold: within double quotes a shell replaces it."""
    tickets = cookies_in(session.header) if isinstance(session, PastedHeader) else ()
    return any(name in TICKET and "$" not in value for name, value in tickets)


def missing(session: Session, region: Region, now: float) -> tuple[str, ...]:
    """What a session lacks to be signed in to a region's console: names of cookies, `or` between those that do alike.

    Both are looked for at one host, so they belong to one of the provider's domains and one account. On `intl` this
    only ranks sessions: working ones without the ticket have been reported, and the server decides.
    """
    seen = session.values(region.hosts.gateway, now)
    return tuple(" or ".join(names) for names in (TICKET, ACCOUNT) if not any(map(seen.get, names)))


def is_signed_in(session: Session, region: Region, now: float) -> bool:
    """Whether nothing is missing."""
    return not missing(session, region, now)


def covers(session: Session, region: Region, now: float) -> bool:
    """Whether a session has any cookie at all for a region's own hosts."""
    return any(session.header_for(host, "/", now) for host in region.hosts)


# How much speaks for a jar, and what tells one session from another.

_LIKE_A_SESSION = re.compile(r"login|sess|ticket|token|auth|sid$|_pk$", re.IGNORECASE)
_GIVEN_TO_ANYONE = re.compile(r"csrf|xsrf|^cna$", re.IGNORECASE)


class Rank(NamedTuple):
    """The greater, the better. `proof` is one of the constants below, `likeness` breaks ties between unproven ones."""

    proof: int
    likeness: int = 0


SIGNED_IN = 4
NAMED = 3
"""An account, but no ticket: international sessions are reported so."""
ELSEWHERE = 2
"""Signed in, but to the region that is tried next."""
LIKELY = 1
NOTHING = 0


def rank(jar: CookieJar, regions: tuple[Region, ...], now: float) -> Rank:
    """What speaks for a jar, the user's own region being the first one.

    A jar without a proof is tried in a region that does without a ticket, since elsewhere the server is known to want
    one; and not where it had a proof that has run out, whatever is left of it.
    """
    own, *others = regions
    lacks = missing(jar, own, now)
    if not lacks:
        return Rank(SIGNED_IN)
    may_do = own.works_without_token and not has_expired(jar, own, now)
    likeness = sum(1 for _ in session_like(jar, own, now)) if may_do else 0
    if may_do and " or ".join(ACCOUNT) not in lacks:
        return Rank(NAMED, likeness)
    if any(is_signed_in(jar, region, now) for region in others):
        return Rank(ELSEWHERE)
    return Rank(LIKELY, likeness) if likeness else Rank(NOTHING)


def session_like(jar: CookieJar, region: Region, now: float) -> Iterable[Cookie]:
    """The cookies for a region's hosts that may stand for a sign-in, by their names."""
    for cookie in jar.cookies:
        like = _LIKE_A_SESSION.search(cookie.name) and not _GIVEN_TO_ANYONE.search(cookie.name)
        if like and cookie.is_good(now) and any(cookie.goes_to(host, cookie.path) for host in region.hosts):
            yield cookie


def has_expired(jar: CookieJar, region: Region, now: float) -> bool:
    """Whether it was signed in, but its cookies have run out."""
    return bool(missing(jar, region, now)) and not missing(jar, region, 0)


def identity(jar: CookieJar) -> str:
    """Tells one sign-in from another without holding any of it.

    By the tickets where there are any: other cookies change with each page that the browser opens.
    """
    tickets = [cookie for cookie in jar.cookies if cookie.name in TICKET]
    names = tickets or [cookie for cookie in jar.cookies if _LIKE_A_SESSION.search(cookie.name)]
    secret = sorted((cookie.domain, cookie.name, cookie.value) for cookie in names)
    return hashlib.sha256(repr(secret).encode("utf-8", "surrogatepass")).hexdigest()
