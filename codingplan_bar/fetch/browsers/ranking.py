"""How much speaks for a jar, and what tells one session from another."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from codingplan_bar.fetch.cookie_jar import Cookie, CookieJar
from codingplan_bar.fetch.regions import Region
from codingplan_bar.fetch.session import ACCOUNT, TICKET, is_signed_in, missing

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
