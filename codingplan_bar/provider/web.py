"""Web mode: the quota by a console session, asked as the console's own page asks it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from uuid import uuid4

from codingplan_bar.credentials.cookies import Session, cookies_in, covers
from codingplan_bar.credentials.saved import SavedSession
from codingplan_bar.errors import (
    ApiError,
    BadResponse,
    CodingPlanError,
    ConfigError,
    EmptySuccess,
    LoginRequired,
    RateLimited,
    TokenMissing,
    TokenRejected,
    UnknownRoute,
)
from codingplan_bar.plans import CODING_PLAN, Product
from codingplan_bar.provider.addresses import BILLING, MODEL_STUDIO
from codingplan_bar.provider.envelope import raise_for_error
from codingplan_bar.provider.http_answers import (
    Content_co,
    Reader,
    Silence,
    content_of,
    is_sign_in_page,
    payload_in,
    raise_for_page,
    raise_for_status,
    read,
    twice_if_empty,
)
from codingplan_bar.provider.values import decode
from codingplan_bar.regions import USER_AGENT
from codingplan_bar.transport.request import Answer, Request, Send

if TYPE_CHECKING:
    from codingplan_bar.model import Reading, SourceName
    from codingplan_bar.provider.addresses import Endpoints, Target
    from codingplan_bar.provider.token_plan import PlanCall, PlanQuestion
    from codingplan_bar.regions import Region, Shape


# One region's console as one session sees it: what is sent to it, with which cookies.


@dataclass(slots=True, eq=False, repr=False)
class Console:
    """Who asks whom; `now` gives the seconds since 1970, `silence` is what is known of refusals without a word."""

    region: Region
    endpoints: Endpoints
    session: Session
    send: Send
    now: Callable[[], float]
    silence: Silence = field(default_factory=Silence)
    product: Product = CODING_PLAN

    def get(self, target: Target, headers: dict[str, str]) -> Answer:
        """The answer to a GET with the session's cookies, whatever its status. Raises as `Send` does."""
        return self.send(Request("GET", target.url, self.headers(target, headers), target.query))

    def headers(self, target: Target, headers: dict[str, str]) -> dict[str, str]:
        """A browser's headers for one target: the named ones, and the cookies that belong there."""
        cookies = self.session.header_for(target.host, target.path, self.now())
        return {"User-Agent": USER_AGENT, **headers, **({"Cookie": cookies} if cookies else {})}

    def here(self) -> Place:
        """What the dashboard's scripts know of the page that they are on."""
        origin = self.endpoints.gateway(self.region)
        page = self.endpoints.page(self.region, self.product)
        cookies = self.session.values(self.region.hosts.gateway, self.now())
        return Place(origin, page, page + self.product.fragment, cookies)

    def secrets(self, token: str) -> set[str]:
        """What no message may repeat: the token and the cookies' values."""
        headers = [self.session.header_for(host, "/data/api.json", self.now()) for host in self.region.hosts]
        return {token, *(value for header in headers for _, value in cookies_in(header or ""))}


class Place(NamedTuple):
    """A page: its origin, its address, that as a person sees it, and the cookies that its scripts see."""

    origin: str
    page: str
    dashboard: str
    cookies: Mapping[str, str]


# The web mode's quota request, put together as the console's own page does it.


def quota_request(console: Console, shape: Shape, *, token: str, trace_id: str) -> Request:
    """The POST in one shape; `token` may be empty, `trace_id` is a new lower-case UUID4."""
    region, here, target = console.region, console.here(), console.endpoints.rpc(console.region, shape)
    query = {"commodityCode": region.commodity_code, "onlyLatestOne": True}
    params = _params(region, here, shape.api, {"queryCodingPlanInstanceInfoRequest": query}, trace_id)
    form = {"params": params, "region": region.id, "sec_token": token}
    return Request("POST", target.url, console.headers(target, _headers(here)), target.query, form)


def call_request(console: Console, call: PlanCall, *, token: str, trace_id: str) -> Request:
    """The POST of a call about another plan. The billing service knows no cornerstone."""
    region, product = console.region, BILLING if call.is_billing else MODEL_STUDIO
    find = console.endpoints.billing if call.is_billing else console.endpoints.call
    target, action, here = find(region, call.api), call.api if call.is_billing else region.action, console.here()
    said = compact(call.asked) if call.is_billing else _params(region, here, call.api, call.asked, trace_id)
    form = {"product": product, "action": action, "region": region.id, "sec_token": token, "params": said}
    return Request("POST", target.url, console.headers(target, _headers(here)), target.query, form)


def _headers(here: Place) -> dict[str, str]:
    csrf = here.cookies.get("login_aliyunid_csrf") or here.cookies.get("csrf")
    return {
        "Accept": "*/*",
        "X-Requested-With": "XMLHttpRequest",
        "Origin": here.origin,
        "Referer": here.page,
        **({"x-xsrf-token": csrf, "x-csrf-token": csrf} if csrf else {}),
    }


def _params(region: Region, here: Place, api: str, asked: Mapping[str, Any], trace_id: str) -> str:
    """What an API is asked with, and what the console says about itself beside it."""
    cornerstone = _cornerstone(region, here, trace_id)
    return compact({"Api": api, "V": "1.0", "Data": {**asked, "cornerstoneParam": cornerstone}})


def compact(value: object) -> str:
    """JSON as a script of the console's page writes it."""
    return json.dumps(value, separators=(",", ":"))


def _cornerstone(region: Region, here: Place, trace_id: str) -> dict[str, str]:
    """What the console says about itself. Never a `switchAgent`: a fixed one names another user's account."""
    visitor = here.cookies.get("cna")
    return {
        "feTraceId": trace_id,
        "feURL": here.dashboard,
        "protocol": "V2",
        "console": "ONE_CONSOLE",
        "productCode": "p_efm",
        "domain": region.hosts.gateway,
        "consoleSite": region.console_site,
        "userNickName": "",
        "userPrincipalName": "",
        "xsp_lang": "en-US",
        **({"X-Anonymous-Id": visitor} if visitor else {}),
    }


# The `sec_token`: what the console's pages give along, and what its RPC wants back.

_IN_SCRIPT = re.compile(
    r"""(?<![\w$-])(["']?)(?:SEC_TOKEN|secToken|sec_token)\1\s*[:=]\s*(?:"([^"\n]{1,4096})"|'([^'\n]{1,4096})')"""
)
_NAMES = ("secToken", "sec_token")
_TOKEN = re.compile(r"[\x21-\x7e]+")

_BY_A_LINK = ("answer.sign_in_page", 200)
"""The failure where nothing but a page's text spoke of a sign-in."""
_NAVIGATION = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.9",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}
"""The page carries the token for a browser's navigation only (seen live)."""


def ask(console: Console) -> str:
    """The token of the dashboard's page, else of the user's information, else of the cookie; empty without any.

    One step may fail without failing the whole. Raises the first step's error where there is no token and no step
    was answered: then nothing is known about the session. In a region that wants a token, one failed step is enough;
    there `LoginRequired` comes first, which only a step raises that was told so: a missing token proves nothing, nor
    does a page that names a sign-in host where the user's information is given: a signed-in page links to one, too.
    """
    failures: list[CodingPlanError] = []
    steps: tuple[Callable[[Console], str], ...] = (_from_page, _from_user_info)
    for step in steps:
        try:
            token = step(console)
        except CodingPlanError as error:
            failures.append(error)
            continue
        if token:
            return token
        failures = [each for each in failures if (each.key, each.http_status) != _BY_A_LINK]
    token = console.session.values(console.region.hosts.gateway, console.now()).get("sec_token", "")
    if not token:
        _raise_for(failures, enough=len(steps) if console.region.works_without_token else 1)
    return token


def in_page(html: str) -> str:
    """The first token that a script of the page sets, under one of its three names; empty without one."""
    found = (_unescaped(match[2] or match[3]) for match in _IN_SCRIPT.finditer(html))
    return next(filter(_TOKEN.fullmatch, found), "")


def in_payload(payload: object) -> str:
    """The first token anywhere in a JSON value, the outermost first; empty without one."""
    return next((value for value in _named(payload) if _TOKEN.fullmatch(value)), "")


def _raise_for(failures: list[CodingPlanError], *, enough: int) -> None:
    """Raise what keeps the token from being known; of a session that is over, only where one failure is enough."""
    told = [failure for failure in failures if isinstance(failure, LoginRequired)]
    if told and enough == 1:
        raise told[0]
    if len(failures) - len(told) >= enough:
        raise failures[0]


def _from_page(console: Console) -> str:
    target, referer = console.endpoints.dashboard_page(console.region), console.endpoints.gateway(console.region) + "/"
    answer = console.get(target, {**_NAVIGATION, "Referer": referer})
    raise_for_status(answer, "web", now=console.now(), silence=console.silence)
    token = in_page(answer.body.decode("utf-8", "replace"))
    if not token and is_sign_in_page(answer):
        raise_for_page(answer, "web")
    return token


def _from_user_info(console: Console) -> str:
    target, referer = console.endpoints.user_info(console.region), console.endpoints.gateway(console.region) + "/"
    answer = console.get(target, {"Accept": "application/json, */*;q=0.8", "Referer": referer})
    raise_for_status(answer, "web", now=console.now(), silence=console.silence)
    raise_for_page(answer, "web")
    payload = decode(answer.body)
    return in_payload(payload) or _none_where_signed_in(payload)


def _none_where_signed_in(payload: object) -> str:
    """No token. Raises `LoginRequired` if the console says that this session is not signed in."""
    try:
        raise_for_error(payload, "web")
    except LoginRequired:
        raise
    except CodingPlanError:
        pass  # the answer to the quota request tells it again, and tells more
    return ""


def _unescaped(literal: str) -> str:
    r"""A script's string without its escapes, such as `\/` and `\u002b`."""
    if "\\" not in literal:
        return literal
    try:
        return str(json.loads(f'"{literal}"'))
    except ValueError:
        return ""


def _named(payload: object) -> Iterator[str]:
    level = [payload]
    while level:
        objects = [value for value in level if isinstance(value, dict)]
        yield from (each[name] for each in objects for name in _NAMES if isinstance(each.get(name), str))
        level = [below for value in level for below in _children(value)]


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


# Web mode: the quota by a console session, the way that the console's own page asks.


@dataclass(slots=True, eq=False, repr=False)
class WebSource:
    """One session's way to the quota. `kept` is read and brought up to date, for whoever keeps it with the session.

    `now` gives the seconds since 1970, `sleep` takes seconds, `new_uuid` gives a lower-case UUID4. `question` is what
    is asked of another plan than the Coding Plan.
    """

    name: ClassVar[SourceName] = "web"
    home: ClassVar[None] = None  # the settings say which region is asked

    send: Send
    endpoints: Endpoints
    session: Session
    kept: SavedSession = field(default_factory=SavedSession)
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    new_uuid: Callable[[], str] = lambda: str(uuid4())
    silence: Silence = field(default_factory=Silence)
    question: PlanQuestion | None = None

    def covers(self, region: Region) -> bool:
        """Whether the session has cookies for the region's own hosts."""
        return covers(self.session, region, self.now())

    def ask(self, region: Region) -> Reading:
        """The quota in one region.

        Raises `LoginRequired` where the session has no cookies for the region's hosts, without a request, and
        whatever `Send`, `raise_for_status` and `read` raise.
        """
        if not self.covers(region):
            raise LoginRequired("session.no_cookies", region=region.title)
        try:
            product = self.question.product if self.question else CODING_PLAN
            console = Console(region, self.endpoints, self.session, self.send, self.now, self.silence, product)
            visit = _Visit(self, console)
            return self.question.reading(visit.called, region) if self.question else visit.reading()
        except (LoginRequired, TokenRejected):
            self.kept.tokens.pop(region.name, None)
            raise


@dataclass(slots=True, eq=False, repr=False)
class _Visit:
    """One request to one region: the token in use, and whether it has been renewed."""

    source: WebSource
    console: Console
    renewed: bool = False
    failures: list[ApiError | BadResponse] = field(default_factory=list)

    def reading(self) -> Reading:
        """What the first shape gives that is known and carries something; the one of last time is tried first."""
        for shape in self._shapes():
            try:
                reading = twice_if_empty(partial(self._counted, shape), self.source.sleep)
            except (UnknownRoute, EmptySuccess) as failure:
                self.failures.append(failure)
                continue
            if reading.windows:
                self.source.kept.shapes[self.console.region.name] = shape.name
            return reading
        raise min(self.failures, key=lambda failure: isinstance(failure, UnknownRoute))

    def _shapes(self) -> list[Shape]:
        """The region's shapes, the winner first; an override makes one request of two that differ by host alone."""
        region, endpoints = self.console.region, self.console.endpoints
        winner = self.source.kept.shapes.get(region.name)
        different: dict[tuple[str, str], Shape] = {}
        for shape in sorted(region.shapes, key=lambda shape: shape.name != winner):
            different.setdefault((endpoints.rpc(region, shape).url, shape.api), shape)
        return list(different.values())

    def called(self, call: PlanCall) -> object:
        """What the console answers to a call, decoded."""
        return self._with_good_token(partial(call_request, self.console, call), payload_in)

    def _counted(self, shape: Shape) -> Reading:
        return self._with_good_token(partial(quota_request, self.console, shape), read)

    def _with_good_token(self, made: Callable[..., Request], reader: Reader[Content_co]) -> Content_co:
        try:
            return self._post(made, reader)
        except TokenRejected:
            if self.renewed:
                raise
            self.renewed = True
            del self.source.kept.tokens[self.console.region.name]
            return self._post(made, reader)

    def _post(self, made: Callable[..., Request], reader: Reader[Content_co]) -> Content_co:
        token, source = self._token(), self.source
        answer = self.console.send(made(token=token, trace_id=source.new_uuid()))
        secrets = partial(self.console.secrets, token)
        return content_of(answer, "web", reader, now=source.now(), secrets=secrets, silence=source.silence)

    def _token(self) -> str:
        """The kept token, else a new one, which is kept; also an empty one, for as long as the server takes it."""
        tokens, region = self.source.kept.tokens, self.console.region.name
        if region not in tokens:
            tokens[region] = self._new_token()
        return tokens[region]

    def _new_token(self) -> str:
        try:
            token = ask(self.console)
        except (RateLimited, ConfigError):
            raise
        except CodingPlanError:
            if not self.console.region.works_without_token:
                raise
            return ""
        if not token and not self.console.region.works_without_token:
            raise TokenMissing("sec_token.none")
        return token
