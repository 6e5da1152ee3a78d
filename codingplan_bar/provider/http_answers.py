"""From an HTTP answer to a reading: its status, its envelope, its payload. No network and no clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeVar
from urllib.parse import urlsplit

from codingplan_bar.errors import (
    ApiError,
    ApiKeyUnavailable,
    BadResponse,
    CodingPlanError,
    EmptySuccess,
    InvalidCredentials,
    LoginRequired,
    NetworkFailure,
    RateLimited,
    UnknownRoute,
)
from codingplan_bar.model import Instant, Reading
from codingplan_bar.provider.envelope import Mode, is_envelope, raise_for_error, raise_for_words, unreadable
from codingplan_bar.provider.plan_fields import (
    account_of,
    counted_in,
    ended,
    last_end,
    no_plan,
    plan_of,
    renews_in,
    subject_of,
)
from codingplan_bar.provider.values import decode
from codingplan_bar.regions import ROOT_DOMAINS, is_provider_domain

if TYPE_CHECKING:
    from codingplan_bar.transport.request import Answer


def read(payload: object, *, now: Instant, mode: Mode) -> Reading:
    """Return the plan and its windows from a decoded answer of the console's gateway.

    Where nothing is countable, a reading without windows says that a named plan is proven active.

    Raises `LoginRequired`, `InvalidCredentials`, `ApiKeyUnavailable` (API mode), `NotAuthorised`, `TokenRejected`,
    `UnknownRoute` or `ApiError` for what the envelope tells of; `EmptySuccess` for a success that carries nothing;
    `NoPlan` where only ended plans are listed, be there counters or not, or none; `BadResponse` for anything else,
    with the fields' names.
    """
    raise_for_error(payload, mode)
    subject = subject_of(payload, now=now)
    if subject.over and subject.ended:
        raise ended(last_end(subject.ended, now), now=now)
    plan = plan_of(subject, payload)
    # No plan borrows another's numbers: what is known to be alive among others has its own, or none; where nothing is
    # known to be alive, those beside the instances count, too.
    scopes = (subject.frame,) if subject.proven and subject.others else (subject.frame, payload)
    windows, left_out = counted_in(scopes, now=now, skip=(*subject.others, *subject.ended, *subject.foreign))
    if windows or (subject.proven and plan.name):
        return Reading(plan, windows, left_out, account_of(subject, payload), renews_in(subject.frame))
    if subject.over:
        raise no_plan()
    raise unreadable(payload, left_out)


# What an HTTP answer says before anyone reads its payload, and how the payload is read.

MOST_WAITS = 8
"""So many parts of a `Retry-After` are read: a header that was sent thrice has six at the most."""
LONGEST_WAIT = 86_400.0
"""Seconds; a provider that asks for more than a day is taken to mean a day."""

PAUSE = 0.5
"""Seconds before a success that carried nothing is asked for once more."""

SHORTEST_SECRET = 8
"""Characters; a shorter value is a word such as `en` or `true`, and no secret."""

_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def payload_in(payload: object, *, now: Instant, mode: Mode) -> object:  # noqa: ARG001 - as any reader is asked
    """Return a decoded answer as it is. Raises what its envelope tells of, as `read` does."""
    raise_for_error(payload, mode)
    return payload


Content_co = TypeVar("Content_co", covariant=True)


class Reader(Protocol[Content_co]):
    """Makes something of a decoded answer."""

    def __call__(self, payload: object, *, now: Instant, mode: Mode) -> Content_co:
        """Read it. Raises a leaf of `CodingPlanError`."""
        ...


def twice_if_empty(ask: Callable[[], Reading], sleep: Callable[[float], None]) -> Reading:
    """What `ask` gives; a success that carries nothing is passing trouble, so it is asked for once more."""
    try:
        return ask()
    except EmptySuccess:
        sleep(PAUSE)
        return ask()


def reading_of(
    answer: Answer, mode: Mode, *, now: float, secrets: Callable[[], set[str]] = set, silence: Silence | None = None
) -> Reading:
    """The reading in an answer to the quota request of the Coding Plan. Raises what `content_of` and `read` raise."""
    return content_of(answer, mode, read, now=now, secrets=secrets, silence=silence)


def content_of(
    answer: Answer,
    mode: Mode,
    reader: Reader[Content_co],
    *,
    now: float,
    secrets: Callable[[], set[str]] = set,
    silence: Silence | None = None,
) -> Content_co:
    """What a reader makes of an answer.

    Raises what `raise_for_status`, `raise_for_page` and the reader raise. Where the provider's own words are passed on
    and echo one of the `secrets`, `…` stands in its place.
    """
    raise_for_status(answer, mode, now=now, silence=silence)
    raise_for_page(answer, mode)
    try:
        return reader(decode(answer.body), now=int(by_the_server(answer, now)), mode=mode)
    except CodingPlanError as error:
        error.message, error.where = (_without(secrets(), text) for text in (error.message, error.where))
        error.args = (error.message,)
        raise


def raise_for_status(answer: Answer, mode: Mode, *, now: float, silence: Silence | None = None) -> None:
    """Raise what the status means, unless it is 200; `now` in seconds since 1970, for a `Retry-After` that is a date.

    In web mode the provider's own 401 and 403 are `LoginRequired`, in API mode `InvalidCredentials`; its redirect to a
    sign-in host and its sign-in page are `LoginRequired`, in API mode `ApiKeyUnavailable`. What something on the way
    answers is `NetworkFailure`. 404 is `UnknownRoute`, 429 `RateLimited`, all else `ApiError`. `silence` is what is
    known of earlier refusals without a word.
    """
    status = answer.status
    if status == 200:
        return
    if leads_to_sign_in(answer):
        _raise_for_sign_in(mode, "answer.redirect", status)
    if status in REFUSALS:
        _raise_for_refusal(answer, mode, now, silence or Silence())
    if is_strangers(answer):
        raise stranger(status)
    _raise_for_trouble(
        status, retry_after(answer.headers.get("retry-after", ""), now) if status in (429, 503) else None
    )


def raise_for_page(answer: Answer, mode: Mode) -> None:
    """Raise for a page where JSON was asked for: the provider's own asks for a sign-in, any other is a stranger's."""
    if is_sign_in_page(answer):
        _raise_for_sign_in(mode, "answer.sign_in_page", answer.status)
    if is_page(answer):
        raise stranger(answer.status)


def retry_after(text: str, now: float) -> float | None:
    """The seconds to wait that a `Retry-After` asks for, 0 to a day; None where it is neither seconds nor a date.

    A header that was sent twice, by the server and by something on the way, comes as one with a comma in between: the
    longest wait counts. What stands before the comma of a date is its weekday, which says nothing.
    """
    waits = [_wait(each.strip(), now) for each in text.split(",")[:MOST_WAITS]]
    return max((each for each in waits if each is not None), default=None)


def _wait(text: str, now: float) -> float | None:
    if _SECONDS.fullmatch(text):
        return min(float(text), LONGEST_WAIT)
    moment = date_in(text)
    return None if moment is None else min(max(moment - now, 0.0), LONGEST_WAIT)


def date_in(text: str) -> float | None:
    """The instant that a date in a header names, in seconds since 1970; None where it is not one.

    In one of HTTP's older spellings it names no zone, and is of UTC all the same.
    """
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def by_the_server(answer: Answer, now: float) -> float:
    """The time that the answer names, if this machine's clock is behind it by less than a day; else this machine's.

    A clock that is behind would take the server's own time for a reset ahead.
    """
    named = date_in(answer.headers.get("date", ""))
    return named if named is not None and 0 < named - now < LONGEST_WAIT else now


def wait_asked_for(answer: Answer, now: float) -> float | None:
    """The seconds to wait that an answer asks for: a 429 or 503, or one that speaks of too many requests; else None."""
    named = retry_after(answer.headers.get("retry-after", ""), now)
    return named if named and (answer.status in (429, 503) or _speaks_of_the_rate(answer)) else None


def _speaks_of_the_rate(answer: Answer) -> bool:
    try:
        raise_for_words(decode(answer.body), "web")
    except CodingPlanError as error:
        return isinstance(error, RateLimited)
    return False


def _raise_for_refusal(answer: Answer, mode: Mode, now: float, silence: Silence) -> None:
    """Raise for a 401 or 403 of the provider's: what its words say, if that is anything but the session."""
    if is_sign_in_page(answer):
        _raise_for_sign_in(mode, "answer.sign_in_page", answer.status)
    if _is_the_providers(answer, now, silence):
        if answer.body.strip():
            raise_for_words(decode(answer.body), mode)
        refused = LoginRequired if mode == "web" else InvalidCredentials
        raise refused("answer.refused", http_status=answer.status, status=answer.status)


def _is_the_providers(answer: Answer, now: float, silence: Silence) -> bool:
    """Whether a 401 or 403 is the provider's: by its JSON, or without a word."""
    if not answer.body.strip():
        return answer.status == 401 or silence.is_meant(now)
    try:
        return is_envelope(decode(answer.body))
    except BadResponse:
        return False


def _raise_for_trouble(status: int, wait: float | None) -> NoReturn:
    if status == 429:
        raise RateLimited("answer.wait", retry_after=wait, http_status=status, status=status)
    if status == 404:
        raise UnknownRoute("answer.unknown", http_status=status, status=status)
    raise ApiError("answer.status", http_status=status, retry_after=wait, status=status)


def _raise_for_sign_in(mode: Mode, key: str, status: int) -> NoReturn:
    if mode == "web":
        raise LoginRequired(key, http_status=status)
    raise ApiKeyUnavailable("key.no_quota", http_status=status)


def _without(secrets: set[str], text: str) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, "…")
    return text


# Whose answer it is: the provider's, or that of something between here and the console. Pure.
#
# A portal, a filter or a proxy answers in the console's place, with a page, a redirect or JSON of its own. Such an
# answer says nothing of the session. That a sign-in is needed is said by the provider alone: by its JSON, by a refusal
# without a word (a 403 has to come twice, see `Silence`), by a redirect to one of its sign-in hosts, by its sign-in
# page.

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
