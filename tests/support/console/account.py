"""One account at the provider: its session, its key and its plan, and what each request to it is answered."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from support.console import answers, demands
from support.console.answers import Answer, AnswerQuota, Request
from support.console.demands import (
    API_NAMES,
    CN,
    HOSTS,
    INTL,
    PERSONAL,
    PERSONAL_NAMES,
    REGIONS,
    TEAM_ACTION,
    Refused,
    Region,
    Rule,
    differences,
    named_differences,
    refuse_any,
)

from codingplan_bar.demo_provider import Usage

OWNER_COOKIES = ("login_aliyunid_pk", "login_current_pk", "login_aliyunid")


PERIOD = 25 * 10**5
"""Seconds in which a made-up Token Plan is reset once."""


def complete(cookies: Mapping[str, str]) -> bool:
    """Whether these cookies are a session: the ticket, and one that names the account."""
    return bool(cookies.get("login_aliyunid_ticket")) and any(cookies.get(name) for name in OWNER_COOKIES)


@dataclass(frozen=True, slots=True)
class TokenPlan:
    """A personal Token Plan: the used share of each window by its length (`5Hour`, `1Week`, `1Month`), and its reset.

    `totals` is what `quota-config` names for its kind, `packs` the credits that are left and that there were. `renews`
    is the flag of that meaning, None where the answer has none.
    """

    shares: Mapping[str, float] = field(default_factory=lambda: {"1Month": 0.3725})
    resets_at: int = 0
    spec: str = "essential"
    status: str = "VALID"
    ends_at: int = 0
    totals: Mapping[str, float] = field(default_factory=lambda: {"five_hour": 1800, "monthly": 25500})
    packs: tuple[float, float] | None = None
    renews: bool | None = None

    def says(self, name: str, now: int) -> dict[str, Any]:
        """What it answers to the call of that name."""
        reset = self.resets_at or (now // PERIOD + 1) * PERIOD
        usage = {f"per{window}Percentage": share for window, share in self.shares.items()}
        remaining, total = self.packs or (0, 0)
        return {
            "usage": {**usage, **{f"per{window}ResetTime": reset * 1000 for window in self.shares}},
            "subscription": {
                "instanceCode": "sfm_tokenplansolo-made-up",
                "specCode": self.spec,
                "status": self.status,
                "endTime": (self.ends_at or reset + PERIOD) * 1000,
                **({} if self.renews is None else {"autoRenewFlag": self.renews}),
            },
            "quota-config": {self.spec: self.totals, "addon_quota": {"extrabundle": 20000}},
            "addon/summary": {"totalCredits": total, "remainingCredits": remaining},
        }[name]


class Account:
    """A signed-in account with a plan. Each attribute may be replaced at any time, from any thread."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        """All secrets are made up, and new each time; `clock` tells the epoch seconds."""
        self.clock = clock
        self.usage = Usage()
        self.answer_quota: AnswerQuota = self.count
        """Answers a quota request that was found right; others are in `moods`."""
        self.token_plan: TokenPlan | None = None
        """Without one, each of its calls is a success that carries nothing."""
        self.team: tuple[float, float] | None = None
        """The credits that a team's Token Plan has left, and all that it has."""
        self.answer_token_plan: AnswerQuota = self.tell
        """As `answer_quota`, for a call about a personal Token Plan."""
        self.accepts_session: Callable[[Mapping[str, str]], bool] = complete
        """Judges the cookies of a request."""
        self.api_names = frozenset(API_NAMES)
        """The names that the quota goes by in web mode."""
        self.token_sources = frozenset({"dashboard", "user_info"})
        """Where the token is to be had."""
        self.takes_empty_token = False
        """Whether `intl` does without a token, which was seen live."""
        self.sec_token = f"demo+{secrets.token_hex(8)}/{secrets.token_hex(4)}=="  # each sign matters in a form
        self.api_key = f"sk-demo-{secrets.token_hex(16)}"
        self.cookie_header = _made_up_session()
        self._step = Lock()

    def sign_out(self) -> None:
        """Accept no session any longer."""
        self.accepts_session = lambda _: False

    def sign_in(self) -> None:
        """Accept any complete session."""
        self.accepts_session = complete

    def count(self, request: Request) -> Answer:
        """The plan with its counters, which have moved one step by the next time."""
        with self._step:
            usage, self.usage = self.usage, self.usage.moved()
        return answers.quota([usage.instance(now=self.clock())], request.query.get("api", ""))

    def tell(self, request: Request) -> Answer:
        """What there is to say of the personal Token Plan."""
        api, plan = request.query.get("api", ""), self.token_plan
        return answers.personal(plan and plan.says(api.removeprefix(PERSONAL), int(self.clock())), api)

    def sum_up(self) -> Answer:
        """What there is to say of a team's."""
        left, total = self.team or (0, 0)
        return answers.team(int(self.team is not None), total, left, int(self.clock()) + 10**6)


def _made_up_session() -> str:
    owner = f"1000{secrets.randbelow(10**12):012}"
    cookies = {
        "cna": secrets.token_urlsafe(18),
        "login_aliyunid_ticket": f"demo_ticket.{secrets.token_urlsafe(96)}*$",
        "login_aliyunid_csrf": f"_csrf_tk_{secrets.token_hex(8)}",
        "login_aliyunid": '"demo @ example.invalid"',
        "login_aliyunid_pk": owner,
        "login_current_pk": owner,
    }
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


# Who asks for what, whether they may, and what they get, apart from any socket.


Route = Callable[[Request, Account], Answer]


def answer(request: Request, account: Account) -> Answer:
    """What the provider says to this request. Raises `Refused` where it is not what the console's own page sends."""
    if request.path not in _ROUTES:
        raise Refused("there is no such path", answers.not_found())
    method, route = _ROUTES[request.path]
    if request.method != method:
        raise Refused(f"the method is not {method}", answers.token_rejected())
    return route(request, account)


def _dashboard(request: Request, account: Account) -> Answer:
    region = next(region for region in REGIONS if request.path == f"/{region.region_id}/")
    _check_host(request, {region.gateway})
    refuse_any(differences(request.query, {"tab": region.tab}, "query"), answers.not_found())
    page_for_anyone = answers.dashboard(None)
    refuse_any(named_differences(request.headers, demands.navigation(request), "header"), page_for_anyone)
    _check_session(request, account, page_for_anyone)
    return answers.dashboard(_token_from("dashboard", account))


def _user_info(request: Request, account: Account) -> Answer:
    _check_host(request, {region.gateway for region in REGIONS})
    refuse_any(
        named_differences(request.headers, demands.from_the_gateway(request), "header"), answers.token_rejected()
    )
    region = CN if request.host == CN.gateway else INTL
    _check_session(request, account, answers.console_need_login(region.login_message))
    return answers.user_info(_token_from("user_info", account))


def _quota(request: Request, account: Account) -> Answer:
    action = request.query.get("action", "")
    region = next((region for region in REGIONS if region.action == action), None)
    if action == TEAM_ACTION:
        _check_billing(request, account)
        return account.sum_up()
    if region and request.query.get("api") in PERSONAL_NAMES:
        _check_call(request, account, region)
        return Answer(*account.answer_token_plan(request))
    if region:
        _check_web(request, account, region)
    elif action in API_NAMES:
        _check_key(request, account)
    else:
        raise Refused(f"query action is {action!r:.80}", answers.api_not_found())
    return Answer(*account.answer_quota(request))


_ROUTES: dict[str, tuple[str, Route]] = {
    **{f"/{region.region_id}/": ("GET", _dashboard) for region in REGIONS},
    "/tool/user/info.json": ("GET", _user_info),
    "/data/api.json": ("POST", _quota),
}


def _check_web(request: Request, account: Account, region: Region) -> None:
    """In the order: the call's name, the session, the page's headers, the page's form."""
    _check_host(request, region.rpc_hosts)
    api = request.query.get("api", "")
    if api not in account.api_names:
        raise Refused("query api is not known", answers.api_not_found())
    refuse_any(differences(request.query, demands.web_query(region, api), "query"), answers.invalid_parameters())
    _check_page(request, account, region, region.dashboard)
    _check_form(request, account, region)


def _check_call(request: Request, account: Account, region: Region) -> None:
    """A call about a personal Token Plan: at the RPC host alone, from the page of that plan."""
    _check_host(request, region.rpc_hosts[:1])
    api = request.query.get("api", "")
    refuse_any(differences(request.query, demands.web_query(region, api), "query"), answers.invalid_parameters())
    _check_page(request, account, region, region.plans)
    _check_form(request, account, region, demands.call_form)


def _check_billing(request: Request, account: Account) -> None:
    """The billing service, at the console's own host."""
    region = CN if CN.region_id == request.form.get("region") else INTL
    _check_host(request, {region.gateway})
    refuse_any(differences(request.query, demands.billing_query(), "query"), answers.invalid_parameters())
    _check_page(request, account, region, region.plans)
    _check_form(request, account, region, lambda _, region, token: demands.billing_form(region, token=token))


def _check_page(request: Request, account: Account, region: Region, page: str) -> None:
    _check_absent(request, "authorization")
    _check_session(request, account, answers.console_need_login(region.login_message))
    refuse_any(
        named_differences(request.headers, demands.web_headers(request, region, page), "header"),
        answers.token_rejected(),
    )


def _check_form(
    request: Request, account: Account, region: Region, demand: Callable[..., Any] = demands.web_form
) -> None:
    """The token goes first: the gateway looks into no form that its own page did not send."""
    tokens = {account.sec_token, ""} if account.takes_empty_token and region is INTL else {account.sec_token}
    token = Rule("the console's", lambda found: found in tokens)
    form = request.form
    refuse_any(differences(form.get("sec_token"), token, "form sec_token"), answers.token_rejected())
    wanted = demand(request, region, token=token)
    decoded = {**form, "params": _decoded(form.get("params", ""))}
    refuse_any(differences(decoded, wanted, "form"), answers.invalid_parameters())


def _check_key(request: Request, account: Account) -> None:
    region = CN if request.query.get("currentRegionId") == CN.region_id else INTL
    _check_host(request, {region.gateway})
    refuse_any(differences(request.query, demands.key_query(region), "query"), answers.invalid_parameters())
    refuse_any(
        named_differences(request.headers, demands.key_credentials(account.api_key), "header"), answers.unauthorized()
    )
    _check_absent(request, "cookie")
    refuse_any(
        named_differences(request.headers, demands.key_headers(request, region), "header"), answers.invalid_parameters()
    )
    refuse_any(differences(_decoded(request.body), demands.key_body(region), "body"), answers.invalid_parameters())


def _check_host(request: Request, hosts: Collection[str]) -> None:
    """A host that is none of the provider's is an override, which stands in for all of them."""
    if request.host in HOSTS and request.host not in hosts:
        raise Refused(f"{request.host} does not serve this", answers.not_found())


def _check_absent(request: Request, header: str) -> None:
    """A credential of the one mode has no business in the other."""
    if header in request.headers:
        raise Refused(f"header {header} has no place here", answers.invalid_parameters())


def _check_session(request: Request, account: Account, otherwise: Answer) -> None:
    """A jar that was made one flat header sends a session's cookie once for each domain: seen live to be no login."""
    names = [name for name, _ in request.cookies]
    twice = [name for name in ("login_aliyunid_ticket", *OWNER_COOKIES) if names.count(name) > 1]
    if twice:
        raise Refused(f"cookie {twice[0]} came more than once", answers.not_logined(request.query.get("api", "")))
    if not account.accepts_session(dict(request.cookies)):
        raise Refused("the cookies are no session", otherwise)


def _token_from(source: str, account: Account) -> str | None:
    return account.sec_token if source in account.token_sources else None


def _decoded(document: str | bytes) -> Any:
    try:
        return json.loads(document)
    except (ValueError, RecursionError):
        return None
