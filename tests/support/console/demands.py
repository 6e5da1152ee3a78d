"""What each region's console demands of a request, and the refusal that says in words where a request differs."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any, NamedTuple

from support.console.answers import Answer, Request

# What tells the two consoles apart is written down a second time, so that no error of the fetcher's hides.


API_NAMES = (
    "zeldaEasy.broadscope-bailian.codingPlan.queryCodingPlanInstanceInfoV2",
    "zeldaEasy.bailian-commerce.codingPlan.queryCodingPlanInstanceInfoV2",
)
"""The names that the quota goes by; both are alive."""


PERSONAL = "zeldaHttp.apikeyMgr./tokenplan/personal/api/v2/"
PERSONAL_NAMES = tuple(PERSONAL + name for name in ("usage", "subscription", "quota-config", "addon/summary"))
"""What a personal Token Plan is asked for by."""
TEAM_ACTION = "GetSubscriptionSummary"
"""The billing service's, for a team's Token Plan."""


@dataclass(frozen=True, slots=True)
class Region:
    """One region's console. `rpc_hosts` are the hosts that take the web mode's POST."""

    gateway: str
    rpc_hosts: tuple[str, ...]
    action: str
    region_id: str
    commodity_code: str
    personal_code: str
    team_code: str
    console_site: str
    tab: str
    login_message: str

    @property
    def dashboard(self) -> str:
        """Path and query of the dashboard's page."""
        return f"/{self.region_id}/?tab={self.tab}"

    @property
    def plans(self) -> str:
        """The same of the Token Plan's page."""
        return f"/{self.region_id}/?tab=plan"


INTL = Region(
    gateway="modelstudio.console.alibabacloud.com",
    rpc_hosts=("bailian-singapore-cs.alibabacloud.com", "modelstudio.console.alibabacloud.com"),
    action="IntlBroadScopeAspnGateway",
    region_id="ap-southeast-1",
    commodity_code="sfm_codingplan_public_intl",
    personal_code="sfm_tokenplansolo_public_intl",
    team_code="sfm_tokenplanteams_dp_intl",
    console_site="MODELSTUDIO_ALBABACLOUD",  # the provider's own spelling
    tab="globalset",
    login_message="You need to log in.",
)
CN = Region(
    gateway="bailian.console.aliyun.com",
    rpc_hosts=("bailian-cs.console.aliyun.com",),
    action="BroadScopeAspnGateway",
    region_id="cn-beijing",
    commodity_code="sfm_codingplan_public_cn",
    personal_code="sfm_tokenplansolo_public_cn",
    team_code="sfm_tokenplanteams_dp_cn",
    console_site="BAILIAN_ALIYUN",
    tab="model",
    login_message="请登录",
)
REGIONS = (INTL, CN)

HOSTS = frozenset(host for region in REGIONS for host in (region.gateway, *region.rpc_hosts))
"""The provider's real hosts. A request to any other one went through the override."""


class Rule(NamedTuple):
    """What a value must be, in words and as a test. A value that fails is never quoted: it may be secret."""

    demand: str
    holds: Callable[[Any], bool]


class Refused(Exception):
    """The provider turns a request down. `reason` holds no secret; `answer` is what the client gets."""

    def __init__(self, reason: str, answer: Answer) -> None:
        """Keep both."""
        super().__init__(reason)
        self.reason = reason
        self.answer = answer


def refuse_any(reasons: Iterable[str], answer: Answer) -> None:
    """Raise `Refused` with the first reason, if there is one."""
    for reason in reasons:
        raise Refused(reason, answer)


def differences(found: Any, wanted: Any, where: str) -> Iterator[str]:
    """Where `found` is not what is wanted: a rule, a mapping of names (those and no others), or a plain value."""
    if isinstance(wanted, Rule):
        if not wanted.holds(found):
            yield f"{where} is not {wanted.demand}"
    elif isinstance(wanted, Mapping):
        yield from _members(found, wanted, where) if isinstance(found, Mapping) else [f"{where} is no object"]
    elif type(found) is not type(wanted) or found != wanted:
        yield f"{where} is {found!r:.80}, not {wanted!r}"


def named_differences(found: Mapping[str, str], wanted: Mapping[str, Any], where: str) -> Iterator[str]:
    """As `differences`, where other names beside the wanted ones do not matter, such as among headers."""
    return differences({name: found[name] for name in found if name in wanted}, wanted, where)


def _members(found: Mapping[str, Any], wanted: Mapping[str, Any], where: str) -> Iterator[str]:
    for name in wanted:
        if name in found:
            yield from differences(found[name], wanted[name], f"{where} {name}")
        else:
            yield f"{where} {name} is missing"
    for name in found:
        if name not in wanted:
            yield f"{where} {name!r:.80} is not known"


# What the provider's console demands of each kind of request, as tables for `differences`.

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
PAGE = "text/html,application/xhtml+xml,"

CODING_PAGE, PERSONAL_PAGE = "#/efm/coding_plan", "#/efm/subscription/token-plan/personal"

_UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_TRACE_ID = Rule("a UUID4 in lower case", lambda found: isinstance(found, str) and bool(_UUID4.fullmatch(found)))
_BROWSER = Rule("a browser's", lambda found: found.startswith("Mozilla/5.0 ("))


def navigation(request: Request) -> dict[str, Any]:
    """Headers of a browser that opens a page."""
    return {
        "accept": Rule("a browser's for a page", lambda found: found.startswith(PAGE)),
        "accept-language": Rule("a language", bool),
        "sec-fetch-site": "same-origin",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
        **from_the_gateway(request),
    }


def from_the_gateway(request: Request) -> dict[str, Any]:
    """The header of whatever the gateway's own page asks for."""
    return {"referer": _one_of([f"{origin}/" for origin in _origins(request, REGIONS)])}


def web_query(region: Region, api: str) -> dict[str, Any]:
    """The query of a quota request in web mode."""
    return {"action": region.action, "product": "sfm_bailian", "api": api, "_v": "undefined"}


def web_headers(request: Request, region: Region, page: str = "") -> dict[str, Any]:
    """Headers of a quota request in web mode; the last two protect it against other sites."""
    cookies = dict(request.cookies)
    csrf = cookies.get("login_aliyunid_csrf") or cookies.get("csrf")
    return {
        "accept": "*/*",
        "x-requested-with": "XMLHttpRequest",
        "content-type": _media_type(FORM),
        **_from_the_dashboard(request, region, page),
        **(dict.fromkeys(("x-xsrf-token", "x-csrf-token"), secret(csrf)) if csrf else {}),
    }


def web_form(request: Request, region: Region, *, token: Rule) -> dict[str, Any]:
    """The form's fields, its `params` decoded."""
    ask = {"commodityCode": region.commodity_code, "onlyLatestOne": True}
    data = {
        "queryCodingPlanInstanceInfoRequest": ask,
        "cornerstoneParam": _cornerstone(request, region, region.dashboard + CODING_PAGE),
    }
    params = {"Api": request.query.get("api"), "V": "1.0", "Data": data}
    return {"params": params, "region": region.region_id, "sec_token": token}


def call_form(request: Request, region: Region, *, token: Rule) -> dict[str, Any]:
    """The form of a call about a personal Token Plan, its `params` decoded; `subscription` alone names what is sold."""
    api = request.query.get("api", "")
    sold = {"commodityCode": region.personal_code} if api.endswith("/subscription") else {}
    data = {**sold, "cornerstoneParam": _cornerstone(request, region, f"{region.plans}{PERSONAL_PAGE}")}
    params = {"Api": api, "V": "1.0", "Data": data}
    return {**_named(region.action, "sfm_bailian", region, token), "params": params}


def billing_query() -> dict[str, Any]:
    """The query of what the billing service is asked."""
    return {"action": TEAM_ACTION, "product": "BssOpenAPI-V3", "_tag": ""}


def billing_form(region: Region, *, token: Rule) -> dict[str, Any]:
    """The form of the same, its `params` decoded."""
    return {**_named(TEAM_ACTION, "BssOpenAPI-V3", region, token), "params": {"ProductCode": region.team_code}}


def _named(action: str, product: str, region: Region, token: Rule) -> dict[str, Any]:
    return {"product": product, "action": action, "region": region.region_id, "sec_token": token}


def key_query(region: Region) -> dict[str, Any]:
    """The query of a quota request in API-key mode."""
    return {
        "action": API_NAMES[0],
        "product": "broadscope-bailian",
        "api": "queryCodingPlanInstanceInfoV2",
        "currentRegionId": region.region_id,
    }


def key_credentials(key: str) -> dict[str, Any]:
    """The key, in each of the headers that it goes by."""
    return {"authorization": secret(f"Bearer {key}"), "x-api-key": secret(key), "x-dashscope-api-key": secret(key)}


def key_headers(request: Request, region: Region) -> dict[str, Any]:
    """Headers of a quota request in API-key mode, but for the key."""
    return {"accept": JSON, "content-type": _media_type(JSON), **_from_the_dashboard(request, region)}


def key_body(region: Region) -> dict[str, Any]:
    """The JSON body of a quota request in API-key mode."""
    return {"queryCodingPlanInstanceInfoRequest": {"commodityCode": region.commodity_code}}


def secret(value: str) -> Rule:
    """The value itself, which no message quotes."""
    return Rule("the right one", lambda found: compare_digest(str(found).encode(), value.encode()))


def _cornerstone(request: Request, region: Region, page: str) -> dict[str, Any]:
    visitor = dict(request.cookies).get("cna")
    return {
        "feTraceId": _TRACE_ID,
        "feURL": _one_of([f"{origin}{page}" for origin in _origins(request, [region])]),
        "protocol": "V2",
        "console": "ONE_CONSOLE",
        "productCode": "p_efm",
        "domain": region.gateway,
        "consoleSite": region.console_site,
        "userNickName": "",
        "userPrincipalName": "",
        "xsp_lang": "en-US",
        **({"X-Anonymous-Id": secret(visitor)} if visitor else {}),
    }


def _from_the_dashboard(request: Request, region: Region, page: str = "") -> dict[str, Any]:
    origins = _origins(request, [region])
    return {
        "origin": _one_of(origins),
        "referer": _one_of([f"{origin}{page or region.dashboard}" for origin in origins]),
        "user-agent": _BROWSER,
    }


def _origins(request: Request, regions: Collection[Region]) -> list[str]:
    """Where the page may have come from: its real gateway, or, through the override, the host that stands in for it."""
    gateways = [f"https://{region.gateway}" for region in regions]
    return gateways if request.host in HOSTS else [*gateways, f"https://{request.host}"]


def _one_of(values: Collection[str]) -> Rule:
    return Rule(" or ".join(values), lambda found: found in values)


def _media_type(wanted: str) -> Rule:
    return Rule(wanted, lambda found: found.partition(";")[0].strip().lower() == wanted)
