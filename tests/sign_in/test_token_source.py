"""The quota by a token: the request to the letter, and each answer of the console with its own next step."""

from __future__ import annotations

import json

import pytest
from support.stand_in import COMMODITIES, plan, refusal

from codingplan_bar.errors import (
    ApiError,
    EmptySuccess,
    LoginRequired,
    NetworkFailure,
    NoPlan,
    NotAuthorised,
    RateLimited,
    UnknownRoute,
)
from codingplan_bar.plans import TOKEN_PLAN
from codingplan_bar.provider import addresses
from codingplan_bar.provider.addresses import minting, sign_in_page, token_gateway
from codingplan_bar.provider.token import TokenSource, quota_request
from codingplan_bar.provider.token_plan import PlanQuestion
from codingplan_bar.regions import GATEWAYS, HOSTS, NAMES, SITES, ConsoleToken
from codingplan_bar.words.errors import english

TOKEN = "token-from-a-sign-in"
NOW = 1_795_400_131
PLACES = [(site, region) for region, site in GATEWAYS]
EMPTY = {"code": "200", "data": {"DataV2": {"ret": ["SUCCESS::ok"], "data": {"success": True}}, "success": True}}


def said(key):
    return english(key), english(f"{key}.hint")


def token_of(site="international", region="ap-southeast-1", agent=None):
    return ConsoleToken(TOKEN, SITES[site], region, agent)


@pytest.fixture
def ask(provider, send, targets):
    def ask(token=None):
        source = TokenSource(send, targets, token or token_of(), sleep=lambda _: None)
        return source.ask(source.home)

    return ask


@pytest.mark.parametrize(("site", "region"), PLACES)
def test_each_site_and_region_is_asked_to_the_letter(provider, ask, site, region):
    provider.site, provider.region = site, region
    reading = ask(token_of(site, region))
    assert ([window.name for window in reading.windows], provider.wrong) == (["five_hour", "weekly"], [])
    assert provider.asked == ["/cli/api.json"]


def test_the_account_that_the_sign_in_has_switched_to_is_named_and_no_other(provider, ask):
    provider.switch_agent = 11751362
    ask(token_of(agent=11751362))
    assert provider.wrong == []
    assert "switchAgent" not in quota_request(addresses.PROVIDERS_OWN, token_of()).form["params"]


@pytest.mark.parametrize(
    ("region", "site", "host", "action"),
    [
        ("cn-beijing", "domestic", "bailian-cs.console.aliyun.com", "BroadScopeAspnGateway"),
        ("cn-beijing", "international", "bailian-cs.console.alibabacloud.com", "BroadScopeAspnGateway"),
        ("ap-southeast-1", "domestic", "modelstudio-cs.console.aliyun.com", "IntlBroadScopeAspnGateway"),
        ("ap-southeast-1", "international", "bailian-singapore-cs.alibabacloud.com", "IntlBroadScopeAspnGateway"),
    ],
)
def test_the_host_goes_by_both_and_the_action_by_the_region(region, site, host, action):
    target = token_gateway(addresses.PROVIDERS_OWN, token_of(site, region))
    assert (target.url, target.query["action"]) == (f"https://{host}/cli/api.json", action)
    request = quota_request(addresses.PROVIDERS_OWN, token_of(site, region))
    asked = json.loads(request.form["params"])["Data"]["queryCodingPlanInstanceInfoRequest"]
    assert asked["commodityCode"] == COMMODITIES[site]


def test_a_token_is_at_home_where_it_signed_in_whatever_its_region():
    homes = [TokenSource(None, None, token_of(site, region)).home.name for site, region in PLACES]
    assert homes == ["cn" if site == "domestic" else "intl" for site, _ in PLACES]
    assert {name: site.name for name, site in NAMES.items()} == {
        "domestic": "domestic",
        "cn": "domestic",
        "international": "international",
        "intl": "international",
    }


def test_six_hosts_are_asked_and_no_other():
    openapi = {"modelstudio.cn-beijing.aliyuncs.com", "modelstudio.ap-southeast-1.aliyuncs.com"}
    assert frozenset({*GATEWAYS.values(), *openapi}) == HOSTS
    assert len(HOSTS) == 6


def test_the_overrides_count_for_every_request_and_the_page():
    host = addresses.judge({addresses.HOST: "127.0.0.1:8443"})
    assert token_gateway(host, token_of()).url == "https://127.0.0.1:8443/cli/api.json"
    assert minting(host, SITES["domestic"]).url == "https://127.0.0.1:8443/modelstudio/cli/generateAccessToken"
    assert sign_in_page(host, SITES["domestic"], port=4, state="ab") == (
        "https://127.0.0.1:8443/console-login?notice=127.0.0.1:4?state=ab"
    )
    quota = addresses.judge({addresses.HOST: "127.0.0.1:8443", addresses.QUOTA_URL: "https://127.0.0.1:9/q?a=b"})
    target = token_gateway(quota, token_of())
    assert (target.url, target.query) == (
        "https://127.0.0.1:9/q?a=b",
        {},
    )
    assert minting(quota, SITES["domestic"]).host == "modelstudio.cn-beijing.aliyuncs.com"
    assert ":8443/" in minting(quota, SITES["domestic"]).url


REFUSED = {
    "BailianGateway.Login.NotLogined": (LoginRequired, english("sign_in.over"), english("sign_in.hint")),
    "BailianGateway.Workspace.NotAuthorised": (NotAuthorised, *said("member.none")),
    "BailianGateway.AuthorityPolicies.NoPermission": (
        NotAuthorised,
        english("member.no_right"),
        english("member.no_right.hint"),
    ),
    "BailianGateway.Team.NotAuthorised": (
        NotAuthorised,
        english("member.no_team_right"),
        english("member.no_team_right.hint"),
    ),
}


@pytest.mark.parametrize("code", REFUSED)
def test_each_refusal_says_what_is_missing_and_what_to_do(provider, ask, code):
    provider.quota = 200, refusal(code)
    kind, message, hint = REFUSED[code]
    with pytest.raises(kind) as caught:
        ask()
    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize(
    ("message", "right"),
    [
        ("No permission, authorityPolicies: codingplan:QueryInstance", "codingplan:QueryInstance"),
        ('{"authorityPolicies":["efm-coding-plan/manage"]}', "efm-coding-plan/manage"),
    ],
)
def test_a_missing_right_is_named(provider, ask, message, right):
    provider.quota = 200, refusal("BailianGateway.AuthorityPolicies.NoPermission", message)
    with pytest.raises(NotAuthorised) as caught:
        ask()
    assert caught.value.hint == english("member.right.hint", {"right": right})


def test_a_token_that_is_not_signed_in_is_over_inside_an_answer_of_status_200(provider, ask):
    provider.tokens = set()
    with pytest.raises(LoginRequired, match="expired"):
        ask()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((401, b""), LoginRequired),
        ((404, {}), UnknownRoute),
        ((429, {}), RateLimited),
        ((500, {}), ApiError),
        ((200, b"<html>hotel network</html>"), NetworkFailure),
        ((200, b"null"), EmptySuccess),
        ((200, EMPTY), EmptySuccess),
        ((200, {"code": "200", "data": {"codingPlanInstanceInfos": []}}), NoPlan),
    ],
)
def test_whatever_else_is_answered_means_what_it_means_in_web_mode(provider, ask, answer, kind):
    provider.quota = answer
    with pytest.raises(kind):
        ask()


def test_a_success_that_carries_nothing_is_asked_for_once_more(provider, ask):
    answers = iter([(200, EMPTY), (200, plan(0))])
    provider.quota = lambda: next(answers)
    assert ask().windows
    assert len(provider.asked) == 2


def test_no_message_repeats_the_token(provider, ask):
    provider.quota = 200, refusal("SomethingElse", f"the token {TOKEN} is odd")
    with pytest.raises(ApiError) as caught:
        ask()
    assert TOKEN not in caught.value.message
    assert TOKEN not in repr(token_of())


def test_a_token_plan_is_asked_for_at_the_same_gateway_with_its_name_encoded(provider, send, targets):
    provider.token_plan = {
        "usage": {"per1MonthPercentage": 0.5},
        "subscription": {"specCode": "lite", "status": "VALID", "instanceCode": "made-up"},
        "quota-config": {"lite": {"monthly": 11_500}},
    }
    question = PlanQuestion(TOKEN_PLAN, lambda: NOW, lambda _: None)
    source = TokenSource(send, targets, token_of(), question=question)
    reading = source.ask(source.home)
    assert [(each.name, each.used, each.total) for each in reading.windows] == [("monthly", 5_750, 11_500)]
    assert (reading.plan.name, provider.wrong, provider.asked) == ("Token Plan Lite", [], ["/cli/api.json"] * 4)
