"""What an AccessKey pair asks by a signed request (ACS3-HMAC-SHA256): a new console token, and a team's seats."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple, NoReturn
from uuid import uuid4

from codingplan_bar.credentials.pasted import is_sendable
from codingplan_bar.errors import (
    ApiError,
    BadResponse,
    CodingPlanError,
    InvalidCredentials,
    NotAuthorised,
    RateLimited,
    UnknownRoute,
)
from codingplan_bar.plans import TOKEN_PLAN_TEAM
from codingplan_bar.provider import addresses
from codingplan_bar.provider.answers import retry_after
from codingplan_bar.provider.envelope import quoted
from codingplan_bar.provider.strangers import is_page, is_strangers, stranger
from codingplan_bar.provider.token_plan import seats_in
from codingplan_bar.provider.values import decode, flag
from codingplan_bar.transport.request import Answer, Request, Send

if TYPE_CHECKING:
    from codingplan_bar.credentials.access_keys import AccessKeyPair
    from codingplan_bar.model import Reading
    from codingplan_bar.provider.addresses import Endpoints
    from codingplan_bar.regions import Site


# Alibaba Cloud's request signature, version 3 (ACS3-HMAC-SHA256), for a request without a query.

ALGORITHM = "ACS3-HMAC-SHA256"


class Call(NamedTuple):
    """One call of an OpenAPI: `host` is the one on the wire, with its port where that is not 443."""

    host: str
    path: str
    action: str
    version: str
    method: str = "POST"
    body: bytes = b""


def signed_headers(call: Call, pair: AccessKeyPair, *, now: float, nonce: str) -> dict[str, str]:
    """The call's headers with `Authorization`; the HTTP library adds `host`, which is signed, too.

    `now` is in seconds since 1970, `nonce` is new each time.
    """
    headers = {
        "content-type": "application/json",
        "x-acs-action": call.action,
        "x-acs-content-sha256": hashlib.sha256(call.body).hexdigest(),
        "x-acs-date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
        **({"x-acs-security-token": pair.security_token} if pair.security_token else {}),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": call.version,
    }
    signed = dict(sorted({**headers, "host": call.host}.items()))
    names = ";".join(signed)
    digest = hmac.new(pair.secret.encode(), string_to_sign(call, signed).encode(), hashlib.sha256).hexdigest()
    return {**headers, "Authorization": f"{ALGORITHM} Credential={pair.id},SignedHeaders={names},Signature={digest}"}


def string_to_sign(call: Call, signed: dict[str, str]) -> str:
    """The text that the secret signs; `signed` are the headers in their names' order, in lower case."""
    block = "".join(f"{name}:{value}\n" for name, value in signed.items())
    body = signed["x-acs-content-sha256"]
    canonical = "\n".join((call.method, call.path, "", block, ";".join(signed), body))
    return f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"


# A new console token for an AccessKey pair: the one call, and what each of its answers means.

ACTION = "GenerateCLIAccessToken"
VERSION = "2026-02-10"
MOST_SKEW = 15 * 60
"""Seconds by which a clock may differ from the provider's (its documentation of the signature)."""

Meaning = tuple[type[CodingPlanError], str]
"""The error, and the key of its words."""

MEANINGS: dict[str, Meaning] = {
    "NoPermission": (NotAuthorised, "mint.policy"),
    "Forbidden": (NotAuthorised, "mint.policy"),
    "SignatureDoesNotMatch": (InvalidCredentials, "mint.signature"),
    "IncompleteSignature": (InvalidCredentials, "mint.signature"),
    "InvalidTimeStamp": (InvalidCredentials, "mint.clock"),
    "InvalidAccessKeyId": (InvalidCredentials, "mint.no_key"),
    "InvalidAccessKeySecret": (InvalidCredentials, "mint.signature"),
    "InvalidSecurityToken": (InvalidCredentials, "mint.ended"),
    "MissingSecurityToken": (InvalidCredentials, "mint.ended"),
}
"""What a code means, by its beginning."""


@dataclass(frozen=True, slots=True)
class Mint:
    """What makes tokens. `now` gives the seconds since 1970, `nonce` a text that is new each time."""

    send: Send
    endpoints: Endpoints
    now: Callable[[], float] = time.time
    nonce: Callable[[], str] = lambda: str(uuid4())

    def __call__(self, site: Site, pair: AccessKeyPair) -> str:
        """A new token of that site.

        Raises `NotAuthorised` where the RAM user lacks the policy, `InvalidCredentials` for a wrong or ended pair and
        for a wrong clock, `RateLimited`, `ApiError` or `BadResponse` for the rest, `NetworkFailure` for what something
        on the way has said, and what `Send` raises. No message holds a word of the answer but its code: the provider
        repeats the id, and what it has signed.
        """
        target = addresses.minting(self.endpoints, site)
        call = Call(addresses.netloc(self.endpoints, target.host), target.path, ACTION, VERSION)
        headers = signed_headers(call, pair, now=self.now(), nonce=self.nonce())
        return token_in(self.send(Request("POST", target.url, headers)), self.now())

    def seats(self, site: Site, pair: AccessKeyPair) -> Reading:
        """The sum of a team's seats. Raises as a new token does, `UnknownRoute` where the call is not open."""
        target, action = addresses.seats(self.endpoints, site), TOKEN_PLAN_TEAM.more["seats"]
        call = Call(addresses.netloc(self.endpoints, target.host), target.path, action, VERSION, "GET")
        answer = self.send(Request("GET", target.url, signed_headers(call, pair, now=self.now(), nonce=self.nonce())))
        if answer.status == 404:
            raise UnknownRoute("answer.unknown", http_status=404, status=404)
        return seats_in(_said(answer, self.now()), now=int(self.now()))


def token_in(answer: Answer, now: float) -> str:
    """The token in an answer; `now` in seconds since 1970. Raises as `Mint` does."""
    token = _said(answer, now).get("cliAccessToken")
    if not isinstance(token, str) or not token or not is_sendable(token):
        raise BadResponse("mint.no_token", where="cliAccessToken")
    return token


def _said(answer: Answer, now: float) -> dict[str, object]:
    """What an answer says that reports no failure. Raises as `Mint` does."""
    said = _frame(answer)
    code = said["Code"] if isinstance(said.get("Code"), str) else ""
    if answer.status != 200 or flag(said.get("Success")) is False or _meaning(str(code)):
        _raise_for(answer, str(code), now)
    return said


def _frame(answer: Answer) -> dict[str, object]:
    """The answer's object. Raises `NetworkFailure` for what something on the way has said in the provider's place."""
    try:
        said = decode(answer.body)
    except BadResponse:
        said = None
    if isinstance(said, dict) and (answer.status == 200 or "Code" in said):
        return said
    if is_page(answer) if answer.status == 200 else is_strangers(answer):
        raise stranger(answer.status)
    return {}


def _raise_for(answer: Answer, code: str, now: float) -> NoReturn:
    status = answer.status
    if status == 429 or code.startswith("Throttling"):
        wait = retry_after(answer.headers.get("retry-after", ""), now)
        raise RateLimited("mint.wait", retry_after=wait, http_status=status)
    meaning = _meaning(code)
    if meaning is None:
        key = "mint.said" if code else "mint.failed"
        raise ApiError(key, http_status=status, said=quoted(code), status=status)
    kind, key = meaning
    if key == "mint.signature" and _skew(answer, now) > MOST_SKEW:
        key = "mint.clock"
    raise kind(key, http_status=status)


def _meaning(code: str) -> Meaning | None:
    return next((meaning for beginning, meaning in MEANINGS.items() if code.startswith(beginning)), None)


def _skew(answer: Answer, now: float) -> float:
    """Seconds between this machine's clock and the answer's `Date`; 0 without that header."""
    try:
        return abs(parsedate_to_datetime(answer.headers.get("date", "")).timestamp() - now)
    except (ValueError, TypeError, OverflowError, IndexError):
        return 0.0
