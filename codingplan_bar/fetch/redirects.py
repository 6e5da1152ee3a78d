"""Where a redirect leads, and whether that is still the same origin: the rule that keeps credentials at home."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from codingplan_bar.fetch.request import Answer, Request

MOST = 3
"""Redirects that are followed one after another; the next one is the answer."""

_STATUSES = frozenset((301, 302, 303, 307, 308))
_LONGEST_LOCATION = 4096


def onward(request: Request, url: str, answer: Answer) -> Request | None:
    """The request that the answer to a GET of `url` asks for; None where there is none, and for a POST always."""
    location = answer.headers.get("location", "")
    if request.method != "GET" or answer.status not in _STATUSES or not 0 < len(location) <= _LONGEST_LOCATION:
        return None
    try:
        target = urljoin(url, location.encode("latin-1").decode("utf-8", "replace"))
    except ValueError:
        return None
    return replace(request, url=target, query={})


def origin(url: str) -> tuple[str, str | None, int]:
    """Scheme, host and port. To be asked of the very text that a connection is made from."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or 443
