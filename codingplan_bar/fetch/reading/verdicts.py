"""What the provider's words mean: a complaint of its own to an error of ours."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, TypeAlias

from codingplan_bar.errors import (
    ApiError,
    ApiKeyUnavailable,
    CodingPlanError,
    InvalidCredentials,
    LoginRequired,
    NotAuthorised,
    TokenRejected,
    UnknownRoute,
)
from codingplan_bar.text import clean

Mode: TypeAlias = Literal["web", "api"]
Kind: TypeAlias = type[CodingPlanError]

QUOTE_LIMIT = 200
READ_LIMIT = 1000
"""So much of a server's text is looked at."""


class Complaint(NamedTuple):
    """What a frame says went wrong: a code and a message, cleaned, each of them perhaps empty."""

    code: str = ""
    message: str = ""


WORDS: tuple[tuple[Kind, str], ...] = (
    (TokenRejected, r"PostonlyOrTokenError|request has expired|请求已经?过期"),
    (LoginRequired, r"login|\blog in\b|\blogged in\b|console session|session[ _]?(has )?expired|登[录陆]"),
    (NotAuthorised, r"NotAuthori[sz]ed|No ?Authority"),
    (InvalidCredentials, r"api[ _-]?key|unauthori[sz]ed"),
    # A name or a route that is gone: no such answer was published for this very call. These are the codes and words
    # of the provider's gateways in general: ApiNotFound, InvalidAction.NotFound, FAIL_SYS_API_NOT_FOUNDED.
    (UnknownRoute, r"(api|action|service|route|接口)[ _.-]?((is|does|was)[ _.-]?)?not[ _.-]?(found|exist)"),
    (UnknownRoute, r"(no[ _-]?such|unknown|invalid)[ _-]?(api|action|service|route)\b|(api|接口|服务)不存在"),
)
"""The first that matches the code, else the message, says what a complaint means."""

NUMBERS: dict[str, Kind] = {"401": InvalidCredentials, "403": InvalidCredentials, "404": UnknownRoute}
"""What a number means where no word says more."""

SENTENCES: dict[Kind, str] = {
    TokenRejected: "The console turned the request's token down",
    LoginRequired: "The console asks for a sign-in",
    NotAuthorised: "This account may not see the plan",
    InvalidCredentials: "The provider does not take these credentials",
    UnknownRoute: "The provider does not know what it was asked for",
    ApiError: "The provider reports an error",
}

_WORDS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in WORDS)
_LONG_RUN = re.compile(r"[A-Za-z0-9_+/=~-]{16,}|[0-9]{10,}")


def kind_of(text: str) -> Kind | None:
    """Return what a code or a message means, None where its words say nothing."""
    return next((kind for kind, words in _WORDS if words.search(text)), None)


def error_of(complaint: Complaint, *, mode: Mode, where: str = "") -> CodingPlanError:
    """Return the error for a complaint; `where` is the frame's address.

    In API mode there is nobody to sign in: whatever asks for a session or its token means that the key cannot read
    the quota.
    """
    kind = kind_of(complaint.code) or kind_of(complaint.message) or NUMBERS.get(complaint.code, ApiError)
    if mode == "api" and kind in (LoginRequired, TokenRejected):
        return ApiKeyUnavailable("The API key cannot read the quota for this account and region.", where=where)
    return kind(_sentence(SENTENCES[kind], complaint), where=where)


def _sentence(meaning: str, complaint: Complaint) -> str:
    said = ": ".join(dict.fromkeys(filter(None, complaint)))
    return f"{meaning}: {quoted(said)}" if said else f"{meaning}."


def quoted(text: str) -> str:
    """Return a server's text as it may be shown: one line, at most 200 characters, without what may be a secret.

    A server may repeat the key or the account it was asked with, so long runs of letters with digits are left out.
    """
    return clean(_LONG_RUN.sub(_without_secret, clean(text, READ_LIMIT)), QUOTE_LIMIT)


def _without_secret(run: re.Match[str]) -> str:
    return "…" if any(map(str.isdigit, run[0])) else run[0]
