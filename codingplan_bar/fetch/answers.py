"""What an HTTP answer says before anyone reads its payload, and how the payload is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from codingplan_bar.errors import (
    ApiError,
    ApiKeyUnavailable,
    CodingPlanError,
    EmptySuccess,
    InvalidCredentials,
    LoginRequired,
    RateLimited,
    UnknownRoute,
)
from codingplan_bar.fetch.reading import Mode, decode, read

if TYPE_CHECKING:
    from codingplan_bar.fetch.request import Answer
    from codingplan_bar.model import Reading

LONGEST_WAIT = 86_400.0
"""Seconds; a provider that asks for more than a day is taken to mean a day."""

PAUSE = 0.5
"""Seconds before a success that carried nothing is asked for once more."""

SHORTEST_SECRET = 8
"""Characters; a shorter value is a word such as `en` or `true`, and no secret."""

_SIGN_IN_LABELS = frozenset(("account", "signin", "passport", "login"))
_SIGN_IN_WORDS = re.compile(rb"log[ -]?in|sign[ -]?in|passport|\xe7\x99\xbb\xe5\xbd\x95", re.IGNORECASE)  # 登录
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def twice_if_empty(ask: Callable[[], Reading], sleep: Callable[[float], None]) -> Reading:
    """What `ask` gives; a success that carries nothing is passing trouble, so it is asked for once more."""
    try:
        return ask()
    except EmptySuccess:
        sleep(PAUSE)
        return ask()


def reading_of(answer: Answer, mode: Mode, *, now: float, secrets: Collection[str] = ()) -> Reading:
    """The reading in an answer to the quota request.

    Raises what `raise_for_status` and `read` raise, and for an HTML page that asks for a sign-in what its mode makes
    of that. Where the provider's own words are passed on and echo one of `secrets`, `…` stands in its place.
    """
    raise_for_status(answer, mode, now=now)
    if _is_html(answer) and _SIGN_IN_WORDS.search(answer.body):
        _raise_for_sign_in(mode, "The provider answered with its sign-in page.", answer.status)
    try:
        return read(decode(answer.body), now=int(now), mode=mode)
    except CodingPlanError as error:
        error.message, error.where = (_without(secrets, text) for text in (error.message, error.where))
        error.args = (error.message,)
        raise


def raise_for_status(answer: Answer, mode: Mode, *, now: float) -> None:
    """Raise what the status means, unless it is 200; `now` in seconds since 1970, for a `Retry-After` that is a date.

    In web mode 401 and 403 are `LoginRequired`, in API mode `InvalidCredentials`; a redirect to a sign-in host is
    `LoginRequired`, in API mode `ApiKeyUnavailable`; 404 is `UnknownRoute`, 429 `RateLimited`, all else `ApiError`.
    """
    status = answer.status
    if status == 200:
        return
    if status in (401, 403):
        refused = LoginRequired if mode == "web" else InvalidCredentials
        raise refused(f"The provider refused the request (HTTP status {status}).", http_status=status)
    if status in _REDIRECTS and _leads_to_sign_in(answer.headers.get("location", "")):
        _raise_for_sign_in(mode, "The provider led on to its sign-in page.", status)
    _raise_for_trouble(
        status, retry_after(answer.headers.get("retry-after", ""), now) if status in (429, 503) else None
    )


def retry_after(text: str, now: float) -> float | None:
    """The seconds to wait that a `Retry-After` asks for, 0 to a day; None where it is neither seconds nor a date."""
    if _SECONDS.fullmatch(text.strip()):
        return min(float(text), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(text).timestamp() - now
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(wait, 0.0), LONGEST_WAIT)


def _raise_for_trouble(status: int, wait: float | None) -> NoReturn:
    if status == 429:
        raise RateLimited("The provider asks to wait (HTTP status 429).", retry_after=wait, http_status=status)
    if status == 404:
        raise UnknownRoute("The provider does not know this address (HTTP status 404).", http_status=status)
    raise ApiError(f"The provider answered with HTTP status {status}.", http_status=status, retry_after=wait)


def _raise_for_sign_in(mode: Mode, message: str, status: int) -> NoReturn:
    if mode == "web":
        raise LoginRequired(message, http_status=status)
    raise ApiKeyUnavailable("This key cannot read the quota for this account and region.", http_status=status)


def _leads_to_sign_in(location: str) -> bool:
    try:
        host = urlsplit(location).hostname or ""
    except ValueError:
        return False
    return host.partition(".")[0] in _SIGN_IN_LABELS


def _is_html(answer: Answer) -> bool:
    start = answer.body[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"<") or (
        answer.headers.get("content-type", "").startswith("text/html") and start[:1] not in b"{["
    )


def _without(secrets: Collection[str], text: str) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, "…")
    return text
