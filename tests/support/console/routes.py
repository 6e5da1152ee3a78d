"""Who asks for what, whether they may, and what they get: the provider's behaviour, apart from any socket."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any

from support.console import answers, demands
from support.console.account import OWNER_COOKIES, Account
from support.console.demands import Refused, Rule, differences, named_differences, refuse_any
from support.console.regions import API_NAMES, CN, HOSTS, INTL, PERSONAL_NAMES, REGIONS, TEAM_ACTION, Region
from support.console.wire import Answer, Request

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
