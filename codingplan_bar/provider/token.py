"""Token mode: the quota by a console token, at the gateway of its site; and a new token by an AccessKey pair."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple, NoReturn
from uuid import uuid4

from codingplan_bar.credentials.cookies import is_sendable
from codingplan_bar.errors import (
    ApiError,
    BadResponse,
    CodingPlanError,
    InvalidCredentials,
    LoginRequired,
    NotAuthorised,
    RateLimited,
    UnknownRoute,
)
from codingplan_bar.plans import TOKEN_PLAN_TEAM
from codingplan_bar.provider import addresses
from codingplan_bar.provider.addresses import token_gateway
from codingplan_bar.provider.envelope import MESSAGES, READ_LIMIT, complaint_of, frames, quoted
from codingplan_bar.provider.http_answers import (
    Content_co,
    Reader,
    Silence,
    content_of,
    date_in,
    is_page,
    is_strangers,
    payload_in,
    read,
    retry_after,
    stranger,
    twice_if_empty,
)
from codingplan_bar.provider.token_plan import PlanCall, PlanQuestion, seats_in
from codingplan_bar.provider.values import decode, flag
from codingplan_bar.regions import BROADSCOPE, ConsoleToken
from codingplan_bar.transport.request import Answer, Request, Send

if TYPE_CHECKING:
    from codingplan_bar.credentials.other_tools import AccessKeyPair
    from codingplan_bar.model import Reading, SourceName
    from codingplan_bar.provider.addresses import Endpoints
    from codingplan_bar.provider.values import Frame
    from codingplan_bar.regions import Region, Site

# What the console says to a token that it does not let in: each answer with its own sentence and next step.


class TokenEnded(LoginRequired):
    """The console itself says that the token is over: no page on the way can say so."""


class Refusal(NamedTuple):
    """The code's ending, what it means, and the keys of what is said."""

    ending: str
    kind: type[CodingPlanError]
    key: str
    hint: str | None = None


REFUSALS = (
    Refusal("Login.NotLogined", TokenEnded, "sign_in.over", "sign_in.hint"),
    Refusal("Workspace.NotAuthorised", NotAuthorised, "member.none"),
    Refusal("AuthorityPolicies.NoPermission", NotAuthorised, "member.no_right"),
    Refusal("Team.NotAuthorised", NotAuthorised, "member.no_team_right"),
    Refusal("Permission.Denied", NotAuthorised, "member.no_team_right"),
)
"""Seen live, but for the last one, which stands in the provider's own code."""

_NAMED_RIGHT = re.compile(r"authorityPolicies[\s\"'\\]{0,6}[:=\[][\s\"'\\:=\[{]{0,8}([A-Za-z][\w:./*-]{2,79})")


def raise_for_refusal(payload: object) -> None:
    """Raise what the outermost complaint with one of the codes above means; return if there is no complaint."""
    for where, frame in frames(payload):
        complaint = complaint_of(frame)
        if complaint is None:
            continue
        for refusal in REFUSALS:
            if complaint.code.endswith(refusal.ending):
                right = _named_right(frame) if refusal.key == "member.no_right" else ""
                hint = "member.right.hint" if right else refusal.hint
                raise refusal.kind(refusal.key, hint=hint, where=where, right=right)


def _named_right(frame: Frame) -> str:
    """The right that the server names; empty if it names none. The message may be a text, or JSON in a text."""
    said = json.dumps([frame.get(name) for name in MESSAGES], ensure_ascii=False)
    right = _NAMED_RIGHT.search(said[:READ_LIMIT])
    return quoted(right[1]) if right else ""


# Token mode: the quota by a bearer token, the way that the provider's own programs ask the console.


@dataclass(slots=True, eq=False, repr=False)
class TokenSource:
    """One token's way to the quota. `now` gives the seconds since 1970, `sleep` takes seconds."""

    name: ClassVar[SourceName] = "token"

    send: Send
    endpoints: Endpoints
    token: ConsoleToken
    silence: Silence = field(default_factory=Silence)
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    question: PlanQuestion | None = None

    @property
    def home(self) -> Region:
        """The one region that the token is asked in, whatever the settings say."""
        return self.token.site.region

    def covers(self, region: Region) -> bool:
        """Whether it is that region."""
        return region is self.home

    def ask(self, region: Region) -> Reading:
        """The quota, where the token is at home; of another plan what the `question` is about.

        Raises `TokenEnded` at the token's end, which stands inside an answer of status 200;
        `NotAuthorised` with the missing membership or right; and whatever else `Send` and `read` raise.
        """
        if self.question:
            return self.question.reading(self._called, region)
        return twice_if_empty(lambda: self._sent(quota_request(self.endpoints, self.token), read), self.sleep)

    def _called(self, call: PlanCall) -> object:
        return self._sent(call_request(self.endpoints, self.token, call), payload_in)

    def _sent(self, request: Request, reader: Reader[Content_co]) -> Content_co:
        answer = self.send(request)
        if answer.status == 200:
            raise_for_refusal(_decoded(answer.body))
        return content_of(
            answer, "web", reader, now=self.now(), secrets=lambda: {self.token.value}, silence=self.silence
        )


def quota_request(endpoints: Endpoints, token: ConsoleToken) -> Request:
    """The POST. No cookie is in it, and nothing that the provider's own program does not send."""
    query = {"commodityCode": token.site.region.commodity_code, "onlyLatestOne": True}
    return call_request(endpoints, token, PlanCall(BROADSCOPE, {"queryCodingPlanInstanceInfoRequest": query}))


def call_request(endpoints: Endpoints, token: ConsoleToken, call: PlanCall) -> Request:
    """The POST of any call, in the same form."""
    target = token_gateway(endpoints, token, call.api)
    data = {**call.asked, "cornerstoneParam": _cornerstone(token)}
    params = json.dumps({"Api": call.api, "V": "1.0", "Data": data}, separators=(",", ":"))
    return Request("POST", target.url, _headers(token), target.query, {"params": params, "region": token.region_id})


def _headers(token: ConsoleToken) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token.value}",
        "Accept": "*/*",
        "Content-Type": "application/x-www-form-urlencoded",
    }


def _cornerstone(token: ConsoleToken) -> dict[str, str | int]:
    switched = {} if token.switch_agent is None else {"switchAgent": token.switch_agent}
    fixed = {"protocol": "V2", "console": "ONE_CONSOLE", "productCode": "p_efm", "consoleSite": "BAILIAN_ALIYUN"}
    return {**fixed, **switched}


def _decoded(body: bytes) -> object:
    """The answer's payload; None where it is unreadable, of which `content_of` tells."""
    try:
        return decode(body)
    except BadResponse:
        return None


# An AccessKey pair asks by a signed request (ACS3-HMAC-SHA256): for a new console token, and for a team's seats.

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


class Mint(NamedTuple):
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
        call = Call(self.endpoints.netloc(target.host), target.path, ACTION, VERSION)
        headers = signed_headers(call, pair, now=self.now(), nonce=self.nonce())
        return token_in(self.send(Request("POST", target.url, headers)), self.now())

    def seats(self, site: Site, pair: AccessKeyPair) -> Reading:
        """The sum of a team's seats. Raises as a new token does, `UnknownRoute` where the call is not open."""
        target, action = addresses.seats(self.endpoints, site), TOKEN_PLAN_TEAM.more["seats"]
        call = Call(self.endpoints.netloc(target.host), target.path, action, VERSION, "GET")
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
    named = date_in(answer.headers.get("date", ""))
    return 0.0 if named is None else abs(named - now)
