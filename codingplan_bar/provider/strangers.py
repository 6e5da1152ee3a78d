"""Whose answer it is: the provider's, or that of something between here and the console.

A portal, a filter or a proxy answers in the console's place, with a page, a redirect or JSON of its own. Such an
answer says nothing of the session. That a sign-in is needed is said by the provider alone: by its JSON, by a refusal
without a word (a 403 has to come twice, see `Silence`), by a redirect to one of its sign-in hosts, by its sign-in page.
Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from codingplan_bar.errors import NetworkFailure
from codingplan_bar.regions import ROOT_DOMAINS, is_provider_domain

if TYPE_CHECKING:
    from codingplan_bar.transport.request import Answer


APART = 60.0
"""Seconds that must lie between two refusals without a word before they are the provider's."""

REDIRECTS = frozenset((301, 302, 303, 307, 308))
REFUSALS = frozenset((401, 403))
_BETWEEN_ALONE = frozenset((407, 451, 511))
"""What only something on the way says: Proxy Authentication Required, Unavailable For Legal Reasons, Network
Authentication Required."""
_PROXYS_OWN = frozenset(("proxy-authenticate", "proxy-connection", "x-squid-error"))
"""Headers of an answer that a proxy has made itself."""
_SIGN_IN_LABELS = ("account", "signin", "passport", "login")
_SIGN_IN_HOST = re.compile(
    rf"(?<![\w.%-])(?:{'|'.join(_SIGN_IN_LABELS)})\.(?:[a-z0-9-]{{1,63}}\.){{0,4}}"
    rf"(?:{'|'.join(map(re.escape, ROOT_DOMAINS))})(?![\w-]|\.\w)".encode(),
    re.IGNORECASE,
)


@dataclass(slots=True)
class Silence:
    """Refusals without a word. One may be of anything on the way; two of them, a minute apart, are the provider's.

    `since` is when the first came in a row of refreshes, in seconds since 1970, 0 for never; `heard_at` the first of
    this refresh.
    """

    since: float = 0.0
    heard_at: float = 0.0

    def is_meant(self, now: float) -> bool:
        """Hear one more; whether it is believed."""
        self.heard_at = self.heard_at or now
        return 0 < self.since <= now - APART

    @property
    def goes_on_since(self) -> float:
        """What the next refresh is to know: 0 where this one has heard none."""
        return (self.since or self.heard_at) if self.heard_at else 0.0


def stranger(status: int | None = None) -> NetworkFailure:
    """The error for an answer that is not the provider's, with its HTTP status where that is known."""
    return NetworkFailure("stranger.status" if status else "stranger", hint="stranger.hint", status=status)


def is_strangers(answer: Answer) -> bool:
    """Whether an answer other than 200 is a stranger's, once the provider's own refusals have been told apart.

    A page with 429 or 5xx counts as what its status says: the provider's own servers send such pages, too. So does a
    404 of theirs, which are known by their name.
    """
    status = answer.status
    if status in _BETWEEN_ALONE | REDIRECTS | REFUSALS or _PROXYS_OWN & answer.headers.keys():
        return True
    own = status == 429 or status >= 500 or (status == 404 and _is_of_tengine(answer))
    return is_page(answer) and not own


def leads_to_sign_in(answer: Answer) -> bool:
    """Whether it is a redirect to a sign-in host of the provider's own domains, matched on whole labels."""
    try:
        host = urlsplit(answer.headers.get("location", "")).hostname or ""
    except ValueError:
        return False
    return answer.status in REDIRECTS and host.partition(".")[0] in _SIGN_IN_LABELS and is_provider_domain(host)


def is_sign_in_page(answer: Answer) -> bool:
    """Whether it is a page that names one of the provider's sign-in hosts."""
    return is_page(answer) and bool(_SIGN_IN_HOST.search(answer.body))


def is_page(answer: Answer) -> bool:
    """Whether it is HTML, by how it begins, or by its type where it does not begin as JSON."""
    start = answer.body[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    typed = answer.headers.get("content-type", "").lower().startswith("text/html")
    return start.startswith(b"<") or (typed and start[:1] not in b"{[")


def _is_of_tengine(answer: Answer) -> bool:
    """The provider's web server, which signs its pages of errors."""
    return answer.headers.get("server", "").lower().startswith("tengine") or b"tengine" in answer.body[-512:].lower()
