"""Token mode: the quota by a console token, at the gateway of the sign-in's site and region."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from codingplan_bar.errors import BadResponse, CodingPlanError, LoginRequired, NotAuthorised
from codingplan_bar.provider.addresses import gateway
from codingplan_bar.provider.answers import Content_co, Reader, content_of, payload_in, read, twice_if_empty
from codingplan_bar.provider.envelope import MESSAGES, READ_LIMIT, complaint_of, frames, quoted
from codingplan_bar.provider.strangers import Silence
from codingplan_bar.provider.token_plan import PlanCall, PlanQuestion
from codingplan_bar.provider.values import decode
from codingplan_bar.regions import BROADSCOPE, ConsoleToken
from codingplan_bar.transport.request import Request, Send

if TYPE_CHECKING:
    from codingplan_bar.model import Reading, SourceName
    from codingplan_bar.provider.addresses import Endpoints
    from codingplan_bar.provider.envelope import Frame
    from codingplan_bar.regions import Region


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


@dataclass(frozen=True, slots=True)
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
        `NotAuthorised` with the missing membership or right; and whatever else `Send` and `reading_of` raise.
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
        return content_of(answer, "web", reader, now=self.now(), secrets={self.token.value}, silence=self.silence)


def quota_request(endpoints: Endpoints, token: ConsoleToken) -> Request:
    """The POST. No cookie is in it, and nothing that the provider's own program does not send."""
    query = {"commodityCode": token.site.region.commodity_code, "onlyLatestOne": True}
    return call_request(endpoints, token, PlanCall(BROADSCOPE, {"queryCodingPlanInstanceInfoRequest": query}))


def call_request(endpoints: Endpoints, token: ConsoleToken, call: PlanCall) -> Request:
    """The POST of any call, in the same form."""
    target = gateway(endpoints, token, call.api)
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
