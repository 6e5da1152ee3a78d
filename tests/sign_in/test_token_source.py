"""The quota by a token, and a new token for an AccessKey pair: each call to the letter, each answer's next step."""

from __future__ import annotations

import json
import time
from email.utils import formatdate

import pytest
from support.stand_in import COMMODITIES, plan, refusal

from codingplan_bar.credentials.other_tools import KEPT, SDK, VARIABLES, AccessKeyPair
from codingplan_bar.credentials.saved import SignIn
from codingplan_bar.errors import (
    ApiError,
    BadResponse,
    EmptySuccess,
    InvalidCredentials,
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
from codingplan_bar.provider.token import Mint, TokenSource, quota_request
from codingplan_bar.provider.token_plan import PlanQuestion
from codingplan_bar.refresh.token_sources import SignedIn
from codingplan_bar.regions import DOMESTIC, GATEWAYS, HOSTS, INTERNATIONAL, INTL, NAMES, SITES, ConsoleToken
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


# A new token for an AccessKey pair: the call to the letter, and each error with its own next step.


KEY, SECRET = "LTAI-standing-in", "secret-of-the-stand-in"
PAIR = AccessKeyPair(KEY, SECRET)
TEMPORARY = "security-token-of-the-stand-in"


@pytest.fixture
def mint(send, targets):
    return Mint(send, targets)


@pytest.mark.parametrize("site", [DOMESTIC, INTERNATIONAL])
def test_a_pair_makes_a_token(provider, mint, site):
    assert (mint(site, PAIR), provider.wrong) == ("token-minted-1", [])


def test_a_temporary_pair_makes_one_as_long_as_it_lasts(provider, mint):
    provider.pairs[KEY] = SECRET, TEMPORARY
    assert (mint(INTERNATIONAL, AccessKeyPair(KEY, SECRET, TEMPORARY)), provider.wrong) == ("token-minted-1", [])
    provider.minted = 400, {"Code": "InvalidSecurityToken.Expired", "Message": "expired"}
    with pytest.raises(InvalidCredentials) as caught:
        mint(INTERNATIONAL, AccessKeyPair(KEY, SECRET, TEMPORARY))
    assert (caught.value.message, caught.value.hint) == said("mint.ended")


def test_a_nonce_is_new_each_time(provider, targets):
    seen = []
    mint = Mint(lambda request: seen.append(request.headers["x-acs-signature-nonce"]), targets)
    for _ in range(2):
        with pytest.raises(AttributeError):
            mint(DOMESTIC, PAIR)
    assert len(set(seen)) == 2


ERRORS = {
    (403, "NoPermission"): (NotAuthorised, *said("mint.policy")),
    (403, "Forbidden.RAM"): (NotAuthorised, *said("mint.policy")),
    (400, "SignatureDoesNotMatch"): (
        InvalidCredentials,
        english("mint.signature"),
        english("mint.signature.hint"),
    ),
    (400, "InvalidTimeStamp.Expired"): (InvalidCredentials, *said("mint.clock")),
    (404, "InvalidAccessKeyId.NotFound"): (InvalidCredentials, *said("mint.no_key")),
    (400, "InvalidAccessKeyId.Inactive"): (InvalidCredentials, *said("mint.no_key")),
}


@pytest.mark.parametrize(("status", "code"), ERRORS)
def test_each_error_says_what_to_do(provider, mint, status, code):
    provider.minted = status, {"Code": code, "Message": f"{KEY} {SECRET} ImplicitDeny"}
    kind, message, hint = ERRORS[status, code]
    with pytest.raises(kind) as caught:
        mint(INTERNATIONAL, PAIR)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_an_error_may_come_with_status_200(provider, mint):
    provider.minted = 200, {"Success": "false", "Code": "NoPermission"}
    with pytest.raises(NotAuthorised):
        mint(INTERNATIONAL, PAIR)


def test_a_wrong_secret_is_told_from_a_wrong_clock_by_the_answers_own_date(provider, mint):
    wrong = AccessKeyPair(KEY, "another secret")
    with pytest.raises(InvalidCredentials) as caught:
        mint(INTERNATIONAL, wrong)
    assert caught.value.message == english("mint.signature")
    provider.date = formatdate(time.time() + 16 * 60, usegmt=True)
    with pytest.raises(InvalidCredentials) as caught:
        mint(INTERNATIONAL, wrong)
    assert (caught.value.message, caught.value.hint) == said("mint.clock")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((429, {}), RateLimited),
        ((400, {"Code": "Throttling.User"}), RateLimited),
        ((503, {"Code": "ServiceUnavailable"}), ApiError),
        ((502, b"<html>"), ApiError),
        ((403, b"<html>a proxy"), NetworkFailure),
        ((403, {}), NetworkFailure),
        ((407, b""), NetworkFailure),
        ((200, b"<html>a hotel"), NetworkFailure),
        ((200, {}), BadResponse),
        ((200, {"cliAccessToken": 7}), BadResponse),
        ((200, {"cliAccessToken": "a\r\nb"}), BadResponse),
        ((200, {"cliAccessToken": ""}), BadResponse),
        ((200, []), BadResponse),
    ],
)
def test_whatever_else_comes_is_a_fault_and_never_a_token(provider, mint, answer, kind):
    provider.minted = answer
    with pytest.raises(kind):
        mint(INTERNATIONAL, PAIR)


@pytest.mark.parametrize("code", ["SignatureDoesNotMatch", "Odd", f"Odd.{KEY}0123456789"])
def test_no_message_repeats_the_pair(provider, mint, code):
    provider.minted = 400, {"Code": code, "Message": f"server string to sign: {KEY} {SECRET}"}
    with pytest.raises((InvalidCredentials, ApiError)) as caught:
        mint(INTERNATIONAL, PAIR)
    assert not any(secret in f"{caught.value.message} {caught.value.hint}" for secret in (KEY, SECRET))
    assert not any(secret in repr(PAIR) for secret in (KEY, SECRET))


@pytest.fixture
def signed_in(send, targets, mint):
    def signed_in(sign_in, environ=None):
        return SignedIn(sign_in, lambda token: TokenSource(send, targets, token), mint, environ or {})

    return signed_in


def by_pair(token="token-of-yesterday", which=KEPT, pair=PAIR):
    return SignIn("access_key", INTERNATIONAL, "ap-southeast-1", token, which=which, pair=pair)


def test_a_refused_token_is_replaced_without_a_person(provider, signed_in):
    source = signed_in(by_pair())
    assert source.ask(INTL).windows
    assert (source.sign_in.token, source.sign_in.proven) == ("token-minted-1", True)
    assert [path.rpartition("/")[2] for path in provider.asked] == ["api.json", "generateAccessToken", "api.json"]


def test_a_good_token_is_one_request(provider, signed_in):
    provider.tokens = {"token-of-yesterday"}
    signed_in(by_pair()).ask(INTL)
    assert provider.asked == ["/cli/api.json"]


def test_a_sign_in_without_a_token_begins_with_a_new_one(provider, signed_in):
    assert signed_in(by_pair(token="")).ask(INTL).windows
    assert provider.count == 1


def test_a_new_token_that_is_refused_tells_of_the_site_and_is_the_only_one(provider, signed_in):
    provider.minted = 200, {"cliAccessToken": "of another site"}
    with pytest.raises(LoginRequired) as caught:
        signed_in(by_pair()).ask(INTL)
    assert (caught.value.message, caught.value.hint) == (
        english("sign_in.new_refused"),
        english("sign_in.new_refused.hint", {"site": "cn"}),
    )
    assert provider.asked.count("/modelstudio/cli/generateAccessToken") == 1


def test_a_sign_in_by_the_browser_ends_with_its_token(provider, signed_in):
    with pytest.raises(LoginRequired) as caught:
        signed_in(SignIn("browser", INTERNATIONAL, "ap-southeast-1", "ended")).ask(INTL)
    assert caught.value.hint == english("sign_in.hint")
    assert provider.asked == ["/cli/api.json"]


def test_a_pair_that_is_named_is_read_anew_each_time(provider, signed_in):
    environ = dict(zip(VARIABLES[SDK], (KEY, SECRET), strict=False))
    assert signed_in(by_pair(which=SDK, pair=None), environ).ask(INTL).windows


def test_a_pair_reads_the_sum_of_a_teams_seats_by_a_signed_request(provider, mint):
    seats = [{"SeatCredits": 700, "SeatRemainingCredits": 400}, {"SeatCredits": "300", "SeatRemainingCredits": 100}]
    provider.seats = 200, {"Data": {"Items": seats}}
    (month,) = mint.seats(DOMESTIC, PAIR).windows
    assert (month.used, month.total, provider.wrong) == (500, 1000, [])
    assert provider.asked == ["/tokenplan/subscription/stats"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((404, {"Code": "InvalidAction.NotFound"}), UnknownRoute),
        ((403, {"Code": "NoPermission"}), NotAuthorised),
        ((200, {"RequestId": "made-up"}), NoPlan),
    ],
)
def test_where_seats_are_not_open_or_not_there_it_is_said(provider, mint, answer, error):
    provider.seats = answer
    with pytest.raises(error):
        mint.seats(DOMESTIC, PAIR)
