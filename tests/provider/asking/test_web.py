"""Web mode: the quota by a console session."""

from __future__ import annotations

import json
import uuid

import pytest

from codingplan_bar.credentials.cookies import Cookie, CookieJar, PastedHeader
from codingplan_bar.credentials.saved import SavedSession
from codingplan_bar.errors import (
    ApiError,
    BadResponse,
    ConfigError,
    EmptySuccess,
    InvalidCredentials,
    LoginRequired,
    NetworkFailure,
    NoPlan,
    NotAuthorised,
    RateLimited,
    TokenRejected,
    UnknownRoute,
)
from codingplan_bar.provider.addresses import HOST, QUOTA_URL, Endpoints, judge
from codingplan_bar.provider.web import WebSource
from codingplan_bar.regions import BROADSCOPE, CN, COMMERCE, INTL

BOTH = pytest.mark.parametrize("region", [INTL, CN], ids=["intl", "cn"])


def posted(wire, which=0):
    request = wire.requests("quota")[which]
    return request, json.loads(request.form["params"])


def apis(wire):
    return [request.query["api"] for request in wire.requests("quota")]


@BOTH
def test_the_quota_is_posted_to_the_rpc_host_as_the_consoles_page_does_it(provider, region):
    wire = provider.Wire()
    reading = provider.web(wire).ask(region)
    assert (reading.plan.name, reading.windows[0].used) == ("Coding Plan Pro", 52)
    assert wire.kinds == ["page", "quota"]
    request, _ = posted(wire)
    assert (request.method, request.url, request.body) == ("POST", f"https://{region.hosts.rpc}/data/api.json", None)
    assert request.query == {"action": region.action, "product": "sfm_bailian", "api": BROADSCOPE, "_v": "undefined"}
    assert request.form.keys() == {"params", "region", "sec_token"}
    assert (request.form["region"], request.form["sec_token"]) == (region.id, "t+/=1")


@BOTH
def test_the_params_are_those_of_the_console(provider, region):
    wire = provider.Wire()
    provider.web(wire, "cna=anon; a=b").ask(region)
    assert posted(wire)[1] == {
        "Api": BROADSCOPE,
        "V": "1.0",
        "Data": {
            "queryCodingPlanInstanceInfoRequest": {"commodityCode": region.commodity_code, "onlyLatestOne": True},
            "cornerstoneParam": {
                "feTraceId": "uuid",
                "feURL": Endpoints().dashboard(region),
                "protocol": "V2",
                "console": "ONE_CONSOLE",
                "productCode": "p_efm",
                "domain": region.hosts.gateway,
                "consoleSite": region.console_site,
                "userNickName": "",
                "userPrincipalName": "",
                "xsp_lang": "en-US",
                "X-Anonymous-Id": "anon",
            },
        },
    }


def test_without_a_cna_cookie_there_is_no_anonymous_id(provider):
    wire = provider.Wire()
    provider.web(wire, "a=b").ask(INTL)
    assert "X-Anonymous-Id" not in posted(wire)[1]["Data"]["cornerstoneParam"]


def test_no_agent_and_no_user_is_ever_switched_to(provider):
    wire = provider.Wire()
    provider.web(wire).ask(INTL)
    assert "switch" not in posted(wire)[0].form["params"]


def test_the_trace_id_is_a_new_lower_case_uuid4_each_time():
    source = WebSource(lambda _: None, Endpoints(), PastedHeader("a=b"))
    first, second = source.new_uuid(), source.new_uuid()
    assert first != second
    assert (str(uuid.UUID(first)), uuid.UUID(first).version) == (first, 4)


@BOTH
def test_the_headers_are_those_of_the_consoles_page(provider, region):
    wire = provider.Wire()
    provider.web(wire, "a=b").ask(region)
    headers = dict(posted(wire)[0].headers)
    assert headers.pop("User-Agent").startswith("Mozilla/5.0 ")
    assert headers == {
        "Accept": "*/*",
        "Cookie": "a=b",
        "X-Requested-With": "XMLHttpRequest",
        "Origin": f"https://{region.hosts.gateway}",
        "Referer": f"https://{region.hosts.gateway}/{region.id}/?tab={region.tab}",
    }


@pytest.mark.parametrize(
    ("session", "csrf"),
    [("login_aliyunid_csrf=one; csrf=two", "one"), ("csrf=two", "two"), ("csrf=two; login_aliyunid_csrf=", "two")],
)
def test_a_csrf_cookie_is_sent_as_both_headers(provider, session, csrf):
    wire = provider.Wire()
    provider.web(wire, session).ask(INTL)
    headers = posted(wire)[0].headers
    assert headers["x-xsrf-token"] == headers["x-csrf-token"] == csrf


def jar():
    """A session of both domains, with cookies of single hosts."""
    return CookieJar(
        (
            Cookie("login_aliyunid_ticket", "intl-ticket", "alibabacloud.com"),
            Cookie("login_aliyunid_ticket", "cn-ticket", "aliyun.com"),
            Cookie("page", "gateway-only", INTL.hosts.gateway, host_only=True),
            Cookie("rpc", "rpc-only", INTL.hosts.rpc, host_only=True),
            Cookie("csrf", "page-csrf", INTL.hosts.gateway, host_only=True),
        )
    )


def test_each_host_gets_the_cookies_that_a_browser_would_send_it(provider):
    wire = provider.Wire(page=provider.NO_TOKEN)
    provider.web(wire, jar()).ask(INTL)
    at_gateway = "login_aliyunid_ticket=intl-ticket; page=gateway-only; csrf=page-csrf"
    assert [request.headers["Cookie"] for _, request in wire.sent] == [
        at_gateway,
        at_gateway,
        "login_aliyunid_ticket=intl-ticket; rpc=rpc-only",
    ]
    assert posted(wire)[0].headers["x-csrf-token"] == "page-csrf"


@pytest.mark.parametrize("override", [{HOST: "proxy.test:8443"}, {HOST: "proxy.test", QUOTA_URL: "quota.test/q"}])
def test_an_override_gets_the_cookies_that_the_replaced_host_would_get(provider, override):
    plain, replaced = provider.Wire(page=provider.NO_TOKEN), provider.Wire(page=provider.NO_TOKEN)
    provider.web(plain, jar()).ask(INTL)
    provider.web(replaced, jar(), endpoints=judge(override)).ask(INTL)
    assert [request.headers["Cookie"] for _, request in plain.sent] == [
        request.headers["Cookie"] for _, request in replaced.sent
    ]
    assert all(".test" in request.url for _, request in replaced.sent)


def test_a_session_without_cookies_for_a_region_is_login_required_and_asks_nothing(provider):
    wire = provider.Wire()
    source = provider.web(wire, CookieJar((Cookie("a", "b", "aliyun.com"),)))
    assert (source.covers(INTL), source.covers(CN)) == (False, True)
    with pytest.raises(LoginRequired, match="International"):
        source.ask(INTL)
    assert wire.sent == []


def test_a_steady_refresh_is_one_request(provider):
    kept, wire = SavedSession(), provider.Wire()
    provider.web(wire, kept=kept).ask(INTL)
    again = provider.Wire()
    provider.web(again, kept=SavedSession.from_data(json.loads(json.dumps(kept.to_data())))).ask(INTL)
    assert again.kinds == ["quota"]
    assert posted(again)[0].form["sec_token"] == "t+/=1"


def test_a_steady_refresh_is_one_request_also_where_the_console_takes_an_empty_token(provider):
    kept = SavedSession()
    provider.web(provider.Wire(page=provider.NO_TOKEN), kept=kept).ask(INTL)
    again = provider.Wire(page=provider.NO_TOKEN)
    provider.web(again, kept=kept).ask(INTL)
    assert again.kinds == ["quota"]


def test_on_intl_the_request_is_made_with_an_empty_token_and_the_answer_decides(provider):
    wire = provider.Wire(page=provider.NO_TOKEN)
    assert provider.web(wire).ask(INTL).windows
    assert (wire.kinds, posted(wire)[0].form["sec_token"]) == (["page", "user", "quota"], "")


def test_on_intl_failing_steps_do_not_keep_the_request_from_being_made(provider):
    wire = provider.Wire(page=NetworkFailure("x"), user=NetworkFailure("x"))
    assert provider.web(wire).ask(INTL).windows


@BOTH
def test_a_console_that_asks_to_wait_at_every_step_is_not_asked_further(provider, region):
    wait = provider.answer({}, status=429, headers={"retry-after": "60"})
    wire = provider.Wire(page=wait, user=wait)
    with pytest.raises(RateLimited) as refusal:
        provider.web(wire).ask(region)
    assert (refusal.value.retry_after, "quota" in wire.kinds) == (60, False)


@BOTH
def test_a_machine_that_cannot_ask_is_said(provider, region):
    wire = provider.Wire(page=ConfigError("no CA bundle"), user=ConfigError("no CA bundle"))
    with pytest.raises(ConfigError):
        provider.web(wire).ask(region)


def test_on_cn_a_console_that_cannot_be_reached_is_no_sign_out(provider):
    wire = provider.Wire(page=NetworkFailure("refused"), user=NetworkFailure("x"))
    with pytest.raises(NetworkFailure, match="refused"):
        provider.web(wire).ask(CN)
    assert "quota" not in wire.kinds


def test_a_rejected_token_is_fetched_anew_once_and_the_request_repeated_once(provider):
    wire = provider.Wire(quota=[provider.BAD_TOKEN, provider.GOOD], page=provider.page("SEC_TOKEN = 'new'"))
    kept = SavedSession(tokens={"cn": "old"})
    assert provider.web(wire, kept=kept).ask(CN).windows
    assert wire.kinds == ["quota", "page", "quota"]
    assert [request.form["sec_token"] for request in wire.requests("quota")] == ["old", "new"]
    assert kept.tokens == {"cn": "new"}


@BOTH
def test_a_token_that_is_rejected_twice_is_said_and_not_kept(provider, region):
    wire, kept = provider.Wire(quota=provider.BAD_TOKEN), SavedSession()
    with pytest.raises(TokenRejected):
        provider.web(wire, kept=kept).ask(region)
    assert wire.kinds == ["page", "quota", "page", "quota"]
    assert kept.tokens == {}


def test_a_token_is_fetched_anew_once_for_all_shapes_together(provider):
    wire = provider.Wire(quota=[provider.BAD_TOKEN, provider.UNKNOWN, provider.BAD_TOKEN])
    with pytest.raises(TokenRejected):
        provider.web(wire).ask(INTL)
    assert wire.kinds == ["page", "quota", "page", "quota", "quota"]


@BOTH
def test_a_session_that_is_turned_down_takes_its_token_along(provider, region):
    kept = SavedSession(tokens={"intl": "x", "cn": "y"})
    with pytest.raises(LoginRequired):
        provider.web(provider.Wire(quota=provider.LOGIN), kept=kept).ask(region)
    assert region.name not in kept.tokens
    assert len(kept.tokens) == 1


def test_a_failure_on_the_way_keeps_the_token(provider):
    kept = SavedSession()
    with pytest.raises(NetworkFailure):
        provider.web(provider.Wire(quota=NetworkFailure("x")), kept=kept).ask(CN)
    assert kept.tokens == {"cn": "t+/=1"}


def test_the_next_shape_is_tried_where_the_name_is_not_known(provider):
    wire, kept = provider.Wire(quota=[provider.UNKNOWN, provider.UNKNOWN, provider.GOOD]), SavedSession()
    assert provider.web(wire, kept=kept).ask(INTL).windows
    assert apis(wire) == [BROADSCOPE, COMMERCE, BROADSCOPE]
    assert [json.loads(request.form["params"])["Api"] for request in wire.requests("quota")] == apis(wire)
    assert wire.requests("quota")[2].url == f"https://{INTL.hosts.gateway}/data/api.json"
    assert kept.shapes == {"intl": "gateway"}


@pytest.mark.parametrize("status", [404])
def test_the_next_shape_is_tried_where_the_route_is_not_known(provider, status):
    wire = provider.Wire(quota=[provider.answer({}, status=status), provider.GOOD])
    assert provider.web(wire).ask(CN).windows
    assert apis(wire) == [BROADSCOPE, COMMERCE]


def test_the_shape_that_brought_counters_is_tried_first_the_next_time(provider):
    wire = provider.Wire()
    provider.web(wire, kept=SavedSession(shapes={"intl": "commerce", "cn": "reference"})).ask(INTL)
    assert apis(wire) == [COMMERCE]


def test_a_shape_that_brought_no_counters_is_not_remembered(provider):
    kept = SavedSession()
    plan_alone = provider.envelope({"codingPlanInstanceInfos": [{"instanceName": "Pro", "status": "VALID"}]})
    assert provider.web(provider.Wire(quota=plan_alone), kept=kept).ask(INTL).windows == ()
    assert kept.shapes == {}


@pytest.mark.parametrize("name", ["", "gone", "../x"])
def test_a_remembered_shape_that_is_none_any_more_changes_nothing(provider, name):
    wire = provider.Wire()
    provider.web(wire, kept=SavedSession(shapes={"intl": name})).ask(INTL)
    assert apis(wire) == [BROADSCOPE]


def test_a_success_that_carries_nothing_is_repeated_once_after_half_a_second(provider):
    pauses, wire = [], provider.Wire(quota=[provider.EMPTY, provider.GOOD])
    assert provider.web(wire, sleep=pauses.append).ask(INTL).windows
    assert (pauses, apis(wire)) == ([0.5], [BROADSCOPE, BROADSCOPE])


def test_after_that_the_next_shape_is_tried(provider):
    wire = provider.Wire(quota=[provider.EMPTY, provider.EMPTY, provider.GOOD])
    assert provider.web(wire).ask(INTL).windows
    assert apis(wire) == [BROADSCOPE, BROADSCOPE, COMMERCE]


def test_and_then_it_is_a_bad_response(provider):
    wire = provider.Wire(quota=provider.EMPTY)
    with pytest.raises(EmptySuccess) as refusal:
        provider.web(wire).ask(CN)
    assert (refusal.value.code, len(wire.requests("quota"))) == ("bad_response", 4)


@pytest.mark.parametrize("order", [("EMPTY", "EMPTY", "UNKNOWN"), ("UNKNOWN", "EMPTY")])
def test_a_success_that_carries_nothing_says_more_than_an_unknown_name(provider, order):
    wire = provider.Wire(quota=[getattr(provider, name) for name in order])
    with pytest.raises(BadResponse):
        provider.web(wire).ask(CN)


def test_where_no_shape_is_known_that_is_said(provider):
    with pytest.raises(UnknownRoute):
        provider.web(provider.Wire(quota=provider.UNKNOWN)).ask(INTL)


def test_an_override_is_not_asked_the_same_twice(provider):
    wire = provider.Wire(quota=provider.UNKNOWN)
    with pytest.raises(UnknownRoute):
        provider.web(wire, endpoints=judge({HOST: "proxy.test"})).ask(INTL)
    assert apis(wire) == [BROADSCOPE, COMMERCE]


ENDS = {
    "login required": ("LOGIN", LoginRequired),
    "no plan": ("NO_PLAN", NoPlan),
    "401": (401, LoginRequired),
    "403": (403, LoginRequired),
    "429": (429, RateLimited),
    "500": (500, ApiError),
    "503": (503, ApiError),
    "302": (302, NetworkFailure),
    "invalid credentials": ({"statusCode": 403, "message": "Forbidden"}, InvalidCredentials),
    "not authorised": ({"success": False, "errorCode": "BailianGateway.Workspace.NotAuthorised"}, NotAuthorised),
    "not read": ({"data": {"planUsage": "18%"}}, BadResponse),
}


@pytest.mark.parametrize(("said", "kind"), ENDS.values(), ids=ENDS.keys())
@BOTH
def test_no_other_shape_is_tried_after(provider, region, said, kind):
    if isinstance(said, int):
        said = provider.answer({}, status=said)
    elif isinstance(said, dict):
        said = provider.answer(said)
    wire = provider.Wire(quota=getattr(provider, said) if isinstance(said, str) else said)
    with pytest.raises(kind) as refusal:
        provider.web(wire).ask(region)
    assert type(refusal.value) is kind
    assert len(wire.requests("quota")) == 1


@pytest.mark.parametrize("secret", ["token-token-1", "cookie-value-1"])
def test_the_providers_words_never_repeat_the_token_or_a_cookie(provider, secret):
    wire = provider.Wire(
        page=provider.page("SEC_TOKEN: 'token-token-1'"),
        quota=provider.answer({"success": False, "errorCode": "X", "errorMsg": f"you sent {secret}, did you"}),
    )
    with pytest.raises(ApiError) as refusal:
        provider.web(wire, "ticket=cookie-value-1").ask(INTL)
    assert "you sent" in refusal.value.message
    assert secret not in f"{refusal.value!r}{refusal.value.message}{refusal.value.where}"


def test_no_repr_shows_a_secret(provider):
    source = provider.web(provider.Wire(), "a=top-secret", kept=SavedSession(tokens={"cn": "top-secret"}))
    assert "top-secret" not in repr(source)


@pytest.mark.parametrize(
    "data",
    [
        *(None, [], {}, {"tokens": {}}, {"tokens": {}, "shapes": {}, "x": 1}, {"tokens": [], "shapes": {}}),
        *({"tokens": {"cn": 1}, "shapes": {}}, {"tokens": {}, "shapes": {"cn": None}}),
    ],
)
def test_what_is_nothing_that_was_kept_is_said(data):
    with pytest.raises(ValueError, match="keeps with a session"):
        SavedSession.from_data(data)


def test_of_a_region_that_is_unknown_nothing_is_kept():
    assert SavedSession.from_data({"tokens": {"moon": "x"}, "shapes": {}}) == SavedSession()
