"""An imported session: cookies with their domains, each host getting those that a browser would send it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from codingplan_bar.fetch.cookie_header import is_sendable
from codingplan_bar.fetch.regions import is_provider_domain

if TYPE_CHECKING:
    from collections.abc import Iterable


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

    def value(self, name: str, host: str, now: float) -> str | None:
        """The value of one cookie, as a script on that host's pages would see it."""
        sent = self._sent(host.lower(), "/", now)
        return next((cookie.value for cookie in sent if cookie.name == name), None)

    def to_data(self) -> list[dict[str, Any]]:
        """The jar as plain data for JSON. It holds the secrets."""
        return [asdict(cookie) for cookie in self.cookies]

    @classmethod
    def from_data(cls, data: object) -> CookieJar:
        """The jar in data of `to_data`. Raises `ValueError`, without any of the data, where it is none."""
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
