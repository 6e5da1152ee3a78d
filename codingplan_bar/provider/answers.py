"""From an HTTP answer to a reading: its status, its envelope, its payload. No network and no clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeVar

from codingplan_bar.errors import (
    ApiError,
    ApiKeyUnavailable,
    BadResponse,
    CodingPlanError,
    EmptySuccess,
    InvalidCredentials,
    LoginRequired,
    RateLimited,
    UnknownRoute,
)
from codingplan_bar.model import Instant, Reading
from codingplan_bar.provider.envelope import Mode, is_envelope, raise_for_error, unreadable
from codingplan_bar.provider.payload import (
    account_of,
    counted_in,
    ended,
    last_end,
    no_plan,
    plan_of,
    renews_in,
    subject_of,
)
from codingplan_bar.provider.strangers import (
    REFUSALS,
    Silence,
    is_page,
    is_sign_in_page,
    is_strangers,
    leads_to_sign_in,
    stranger,
)
from codingplan_bar.provider.values import decode

if TYPE_CHECKING:
    from codingplan_bar.transport.request import Answer


# From an answer of the provider to a reading, with no network and no clock.

__all__ = ["Mode", "decode", "is_envelope", "raise_for_error", "read"]


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
    # No plan borrows another's numbers: what is known to be alive among others has its own, or none.
    scopes = (subject.frame,) if subject.proven and subject.others else (subject.frame, payload)
    windows, left_out = counted_in(scopes, now=now, skip=(*subject.ended, *subject.foreign))
    if windows or (subject.proven and plan.name):
        return Reading(plan, windows, left_out, account_of(subject, payload), renews_in(subject.frame))
    if subject.over:
        raise no_plan()
    raise unreadable(payload, left_out)


# What an HTTP answer says before anyone reads its payload, and how the payload is read.

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
    answer: Answer, mode: Mode, *, now: float, secrets: Collection[str] = (), silence: Silence | None = None
) -> Reading:
    """The reading in an answer to the quota request of the Coding Plan. Raises what `content_of` and `read` raise."""
    return content_of(answer, mode, read, now=now, secrets=secrets, silence=silence)


def content_of(
    answer: Answer,
    mode: Mode,
    reader: Reader[Content_co],
    *,
    now: float,
    secrets: Collection[str] = (),
    silence: Silence | None = None,
) -> Content_co:
    """What a reader makes of an answer.

    Raises what `raise_for_status`, `raise_for_page` and the reader raise. Where the provider's own words are passed on
    and echo one of `secrets`, `…` stands in its place.
    """
    raise_for_status(answer, mode, now=now, silence=silence)
    raise_for_page(answer, mode)
    try:
        return reader(decode(answer.body), now=int(now), mode=mode)
    except CodingPlanError as error:
        error.message, error.where = (_without(secrets, text) for text in (error.message, error.where))
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
    """The seconds to wait that a `Retry-After` asks for, 0 to a day; None where it is neither seconds nor a date."""
    if _SECONDS.fullmatch(text.strip()):
        return min(float(text), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(text).timestamp() - now
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(wait, 0.0), LONGEST_WAIT)


def _raise_for_refusal(answer: Answer, mode: Mode, now: float, silence: Silence) -> None:
    """Raise for a 401 or 403 of the provider's."""
    if is_sign_in_page(answer):
        _raise_for_sign_in(mode, "answer.sign_in_page", answer.status)
    if _is_the_providers(answer, now, silence):
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


def _without(secrets: Collection[str], text: str) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, "…")
    return text
