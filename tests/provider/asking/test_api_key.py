"""API-key mode, the last resort: which key is used and where it came from, and the quota that is asked for with it."""

from __future__ import annotations

import json

import pytest

from codingplan_bar.credentials.other_tools import CodexBarEntry
from codingplan_bar.environment import API_KEYS as VARIABLES
from codingplan_bar.errors import (
    ApiError,
    ApiKeyUnavailable,
    BadResponse,
    ConfigError,
    EmptySuccess,
    InvalidCredentials,
    NetworkFailure,
    NoPlan,
    NotAuthorised,
    RateLimited,
)
from codingplan_bar.provider.addresses import QUOTA_URL, Endpoints, judge
from codingplan_bar.provider.api_key import ApiKey, ApiSource, find
from codingplan_bar.regions import BROADSCOPE, CN, INTL

BOTH = pytest.mark.parametrize("region", [INTL, CN], ids=["intl", "cn"])
KEY = "sk-sp-made-up-key"


def source(wire, endpoints=None, sleep=lambda _: None):
    return ApiSource(wire, endpoints or Endpoints(), ApiKey(KEY, "DASHSCOPE_API_KEY"), lambda: 1_795_400_000.0, sleep)


@BOTH
def test_the_quota_is_posted_to_the_gateway_as_json(provider, region):
    wire = provider.Wire()
    assert source(wire).ask(region).windows[0].total == 1000
    [(_, request)] = wire.sent
    assert (request.method, request.url) == ("POST", f"https://{region.gateway}/data/api.json")
    assert request.query == {
        "action": BROADSCOPE,
        "product": "broadscope-bailian",
        "api": "queryCodingPlanInstanceInfoV2",
        "currentRegionId": region.id,
    }
    assert request.form is None
    assert json.loads(request.body) == {"queryCodingPlanInstanceInfoRequest": {"commodityCode": region.commodity_code}}


@BOTH
def test_the_headers_carry_the_key_in_each_way_and_no_cookie(provider, region):
    wire = provider.Wire()
    source(wire).ask(region)
    headers = dict(wire.sent[0][1].headers)
    assert headers.pop("User-Agent").startswith("Mozilla/5.0 ")
    assert headers == {
        "Authorization": f"Bearer {KEY}",
        "x-api-key": KEY,
        "X-DashScope-API-Key": KEY,
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Origin": f"https://{region.gateway}",
        "Referer": f"https://{region.gateway}{region.dashboard}",
    }


def test_the_quota_url_is_asked_instead(provider):
    wire = provider.Wire()
    source(wire, judge({QUOTA_URL: "quota.test/q"})).ask(INTL)
    assert wire.sent[0][1].url == "https://quota.test/q"


ENDS = {
    "401": (401, InvalidCredentials),
    "403": (403, InvalidCredentials),
    "429": (429, RateLimited),
    "500": (500, ApiError),
    "ConsoleNeedLogin": ({"code": "ConsoleNeedLogin", "message": "You need to log in."}, ApiKeyUnavailable),
    "log in": ({"code": "X", "message": "Please log in first", "success": False}, ApiKeyUnavailable),
    "console session": ({"success": False, "errorMsg": "console session required"}, ApiKeyUnavailable),
    "NotLogined": ({"data": {"success": False, "errorCode": "A.Login.NotLogined"}}, ApiKeyUnavailable),
    "unauthorized": ({"code": 401, "message": "unauthorized"}, InvalidCredentials),
    "not authorised": ({"success": False, "errorCode": "X.NotAuthorised"}, NotAuthorised),
    "not read": ({"data": {"planUsage": "18%"}}, BadResponse),
    "the sign-in page": ("<html><a href=https://account.aliyun.com>Sign in</a></html>", ApiKeyUnavailable),
    "another page": ("<html>Sign in</html>", NetworkFailure),
    "no plan": ({"data": {"codingPlanInstanceInfos": []}}, NoPlan),
}


@pytest.mark.parametrize(("said", "kind"), ENDS.values(), ids=ENDS.keys())
def test_what_an_answer_means_for_a_key(provider, said, kind):
    status = said if isinstance(said, int) else 200
    text = said if isinstance(said, str) else None
    wire = provider.Wire(quota=provider.answer(said if isinstance(said, dict) else {}, status=status, text=text))
    with pytest.raises(kind) as refusal:
        source(wire).ask(INTL)
    assert type(refusal.value) is kind
    assert len(wire.sent) == 1


def test_a_key_that_cannot_read_the_quota_is_told_to_use_the_web_session_and_never_to_sign_in_again(provider):
    with pytest.raises(ApiKeyUnavailable) as refusal:
        source(provider.Wire(quota=provider.LOGIN)).ask(INTL)
    assert "key cannot read the quota" in refusal.value.message
    assert refusal.value.hint.startswith('Set source = "web"')


def test_a_success_that_carries_nothing_is_repeated_once(provider):
    pauses = []
    wire = provider.Wire(quota=[provider.EMPTY, provider.GOOD])
    assert source(wire, sleep=pauses.append).ask(INTL).windows
    with pytest.raises(EmptySuccess):
        source(provider.Wire(quota=provider.EMPTY), sleep=pauses.append).ask(INTL)
    assert pauses == [0.5, 0.5]


def test_a_failure_of_the_network_is_passed_on(provider):
    with pytest.raises(NetworkFailure):
        source(provider.Wire(quota=NetworkFailure("x"))).ask(INTL)


def test_the_providers_words_never_repeat_the_key(provider):
    wire = provider.Wire(quota=provider.answer({"success": False, "errorMsg": f"bad: {KEY}"}))
    with pytest.raises(ApiError) as refusal:
        source(wire).ask(INTL)
    assert KEY not in f"{refusal.value!r}{refusal.value.message}"
    assert KEY not in repr(source(wire))


def test_a_key_is_tried_in_every_region(provider):
    assert source(provider.Wire()).covers(CN)
    assert source(provider.Wire()).name == "api"


ENTRY = CodexBarEntry("~/.codexbar/config.json", api_key="sk-codexbar")
ENVIRON = {name: f"sk-{name}" for name in VARIABLES}


def test_the_own_setting_wins_over_all():
    assert find(ENVIRON, setting="sk-own", entry=ENTRY) == ApiKey("sk-own", "api_key")


def test_codexbars_key_wins_over_the_variables():
    assert find(ENVIRON, entry=ENTRY) == ApiKey("sk-codexbar", "~/.codexbar/config.json")


def test_the_variables_are_asked_in_their_order():
    assert VARIABLES == ("ALIBABA_CODING_PLAN_API_KEY", "ALIBABA_QWEN_API_KEY", "DASHSCOPE_API_KEY")
    left = dict(ENVIRON)
    for name in VARIABLES:
        assert find(left) == ApiKey(f"sk-{name}", name)
        del left[name]
    assert find(left) is None


@pytest.mark.parametrize("text", [" sk-x ", '"sk-x"', "'sk-x'", ' " sk-x " ', "\tsk-x\n"])
def test_white_space_and_one_pair_of_quotes_go(text):
    assert find({"DASHSCOPE_API_KEY": text}) == ApiKey("sk-x", "DASHSCOPE_API_KEY")


def test_only_one_pair_of_quotes_goes():
    assert find({"DASHSCOPE_API_KEY": "''sk-x''"}) == ApiKey("'sk-x'", "DASHSCOPE_API_KEY")
    assert find({"DASHSCOPE_API_KEY": "'sk-x\""}) == ApiKey("'sk-x\"", "DASHSCOPE_API_KEY")


@pytest.mark.parametrize("text", ["", " ", '""', "' '"])
def test_an_empty_key_is_none_and_the_next_one_counts(text):
    environ = {VARIABLES[0]: text, VARIABLES[1]: "sk-next"}
    assert find(environ, setting=text, entry=CodexBarEntry("f", api_key=text)) == ApiKey("sk-next", VARIABLES[1])


@pytest.mark.parametrize("control", ["\n", "\r", "\0", "\x1b", "\x85", "\udcff"])
def test_a_control_character_is_refused_by_the_name_of_its_place(control):
    with pytest.raises(ConfigError) as refusal:
        find({"ALIBABA_QWEN_API_KEY": f"sk-secret{control}X: y"})
    error = refusal.value
    assert error.where == "ALIBABA_QWEN_API_KEY"
    assert "secret" not in f"{error!r}{error.message}{error.hint}"


def test_no_repr_shows_the_key():
    assert "top-secret" not in repr(ApiKey("top-secret", "api_key"))
