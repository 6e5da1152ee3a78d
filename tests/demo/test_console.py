"""Each route of the console, on a real TLS connection: what it gives, and what it refuses with which reason."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest
from support.console import moods

NEW_NAME = "zeldaEasy.bailian-commerce.codingPlan.queryCodingPlanInstanceInfoV2"
BOTH = pytest.mark.parametrize("region", ["intl", "cn"])


def token_in(page_text):
    found = re.search(rb'SEC_TOKEN: "([^"]*)"', page_text)
    return found and found[1].decode()


# --- the dashboard -------------------------------------------------------------------------------------------------


@BOTH
def test_the_dashboard_names_the_token_to_a_signed_in_browser(console, page, region):
    reply = page.open_dashboard(region)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html;charset=utf-8")
    assert token_in(reply.body) == console.sec_token
    assert console.refusals == []


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Accept", "*/*"),
        ("Accept-Language", None),
        ("Referer", None),
        ("Referer", "https://elsewhere.invalid/"),
        ("Sec-Fetch-Site", None),
        ("Sec-Fetch-Mode", "cors"),
        ("Sec-Fetch-Dest", "empty"),
    ],
)
def test_the_dashboard_names_no_token_to_what_is_no_browser(console, page, header, value):
    reply = page.open_dashboard(headers={header: value})
    assert (reply.status, token_in(reply.body)) == (200, None)
    (reason,) = console.refusals
    assert reason.startswith(f"GET /ap-southeast-1/: header {header.lower()} is ")


@BOTH
def test_the_dashboard_names_no_token_without_a_session(console, page, region):
    assert token_in(page.open_dashboard(region, headers={"Cookie": None}).body) is None
    assert console.refusals[0].endswith("the cookies are no session")


def test_a_dashboard_of_the_other_regions_tab_is_not_found(console, page):
    assert page.send("GET", "/ap-southeast-1/?tab=model", {}).status == 404
    assert console.refusals == ["GET /ap-southeast-1/: query tab is 'model', not 'globalset'"]


# --- the user ------------------------------------------------------------------------------------------------------


def test_the_user_info_names_the_token(console, page):
    reply = page.user_info()
    assert reply.json["data"]["secToken"] == console.sec_token
    assert console.refusals == []


def test_the_user_info_asks_for_a_login_without_a_session(page):
    assert page.user_info(headers={"Cookie": "cna=x"}).json["code"] == "ConsoleNeedLogin"


def test_the_user_info_is_for_the_gateways_own_page(console, page):
    assert page.user_info(headers={"Referer": None}).json["code"] == "PostonlyOrTokenError"
    assert console.refusals == ["GET /tool/user/info.json: header referer is missing"]


def test_the_token_is_where_a_test_puts_it(console, page):
    console.token_sources = frozenset({"user_info"})
    assert token_in(page.open_dashboard().body) is None
    assert page.user_info().json["data"]["secToken"] == console.sec_token
    console.token_sources = frozenset()
    assert "secToken" not in page.user_info().json["data"]
    assert console.refusals == []


# --- the quota, web mode -------------------------------------------------------------------------------------------


@BOTH
def test_a_right_web_request_brings_the_plan(console, page, region):
    reply = page.ask(region)
    (instance,) = reply.instances
    assert (instance["instanceName"], instance["status"]) == ("Coding Plan Pro", "VALID")
    assert reply.json["data"]["success"] is True
    assert console.refusals == []


def test_the_newer_name_brings_it_too(console, page):
    assert page.ask(api=NEW_NAME).instances
    assert console.refusals == []


def test_a_name_that_has_been_retired_is_not_found(console, page):
    console.api_names = frozenset({NEW_NAME})
    assert page.ask().json["code"] == "ApiNotFound"
    assert page.ask(api=NEW_NAME).instances
    assert console.refusals == ["POST /data/api.json: query api is not known"]


@pytest.mark.parametrize(
    ("change", "code", "reason"),
    [
        ({"query": {"action": "NoSuchGateway"}}, "ApiNotFound", "query action is 'NoSuchGateway'"),
        ({"query": {"action": None}}, "ApiNotFound", "query action is ''"),
        ({"query": {"api": "zeldaEasy.other"}}, "ApiNotFound", "query api is not known"),
        ({"query": {"product": "sfm"}}, "InvalidParameters", "query product is 'sfm', not 'sfm_bailian'"),
        ({"query": {"_v": None}}, "InvalidParameters", "query _v is missing"),
        ({"query": {"_v": ""}}, "InvalidParameters", "query _v is '', not 'undefined'"),
        ({"query": {"more": "1"}}, "InvalidParameters", "query 'more' is not known"),
        ({"headers": {"X-Requested-With": None}}, "PostonlyOrTokenError", "header x-requested-with is missing"),
        ({"headers": {"Accept": "text/html"}}, "PostonlyOrTokenError", "header accept is 'text/html', not '*/*'"),
        ({"headers": {"Origin": "https://evil.invalid"}}, "PostonlyOrTokenError", "header origin is not https://"),
        ({"headers": {"Referer": None}}, "PostonlyOrTokenError", "header referer is missing"),
        ({"headers": {"Content-Type": "application/json"}}, "PostonlyOrTokenError", "header content-type is not app"),
        ({"headers": {"User-Agent": "python-requests/2"}}, "PostonlyOrTokenError", "header user-agent is not a brow"),
        ({"headers": {"x-xsrf-token": "x"}}, "PostonlyOrTokenError", "header x-xsrf-token is not the right one"),
        ({"headers": {"x-csrf-token": None}}, "PostonlyOrTokenError", "header x-csrf-token is missing"),
        ({"headers": {"Cookie": None}}, "ConsoleNeedLogin", "the cookies are no session"),
        ({"headers": {"Cookie": "login_aliyunid_ticket=x"}}, "ConsoleNeedLogin", "the cookies are no session"),
        ({"headers": {"Cookie": "login_aliyunid_pk=1"}}, "ConsoleNeedLogin", "the cookies are no session"),
        ({"headers": {"Authorization": "Basic bmV0cmM="}}, "InvalidParameters", "header authorization has no place"),
        ({"form": {"sec_token": None}}, "PostonlyOrTokenError", "form sec_token is not the console's"),
        ({"form": {"sec_token": ""}}, "PostonlyOrTokenError", "form sec_token is not the console's"),
        ({"form": {"region": "cn-beijing"}}, "InvalidParameters", "form region is 'cn-beijing', not 'ap-southeast-1'"),
        ({"form": {"region": None}}, "InvalidParameters", "form region is missing"),
        ({"form": {"language": "en"}}, "InvalidParameters", "form 'language' is not known"),
        ({"form": {str(n): "" for n in range(101)}}, "PostonlyOrTokenError", "form sec_token is not the console's"),
        ({"form": {"params": "{"}}, "InvalidParameters", "form params is no object"),
        ({"form": {"params": "[" * 100_000}}, "InvalidParameters", "form params is no object"),
        ({"form": {"params": None}}, "InvalidParameters", "form params is no object"),
        ({"params": {"Api": NEW_NAME}}, "InvalidParameters", "form params Api is "),
        ({"params": {"V": "2.0"}}, "InvalidParameters", "form params V is '2.0', not '1.0'"),
        ({"params": {"V": 1.0}}, "InvalidParameters", "form params V is 1.0, not '1.0'"),
        ({"params": {"Data": None}}, "InvalidParameters", "form params Data is missing"),
    ],
)
def test_a_web_request_that_is_not_the_pages_own_is_refused(console, page, change, code, reason):
    assert page.ask(**change).json["code"] == code
    (refusal,) = console.refusals
    assert refusal.startswith(f"POST /data/api.json: {reason}")


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        (
            "queryCodingPlanInstanceInfoRequest.commodityCode",
            "sfm_codingplan_public_cn",
            "is 'sfm_codingplan_public_cn'",
        ),
        ("queryCodingPlanInstanceInfoRequest.onlyLatestOne", 1, "is 1, not True"),
        ("queryCodingPlanInstanceInfoRequest.onlyLatestOne", None, "is missing"),
        ("cornerstoneParam.feTraceId", "0F8B6A52-8B7E-4C1D-9A53-6F2F0C9B1D7E", "is not a UUID4 in lower case"),
        ("cornerstoneParam.feTraceId", "0f8b6a52-8b7e-1c1d-9a53-6f2f0c9b1d7e", "is not a UUID4 in lower case"),
        ("cornerstoneParam.feTraceId", 7, "is not a UUID4 in lower case"),
        ("cornerstoneParam.feURL", "https://elsewhere.invalid/", "is not https://"),
        ("cornerstoneParam.protocol", "V1", "is 'V1', not 'V2'"),
        ("cornerstoneParam.console", None, "is missing"),
        ("cornerstoneParam.productCode", "p_other", "is 'p_other', not 'p_efm'"),
        ("cornerstoneParam.domain", "bailian.console.aliyun.com", "is 'bailian.console.aliyun.com'"),
        ("cornerstoneParam.consoleSite", "MODELSTUDIO_ALIBABACLOUD", "is 'MODELSTUDIO_ALIBABACLOUD'"),
        ("cornerstoneParam.userNickName", "me", "is 'me', not ''"),
        ("cornerstoneParam.userPrincipalName", None, "is missing"),
        ("cornerstoneParam.xsp_lang", "zh-CN", "is 'zh-CN', not 'en-US'"),
        ("cornerstoneParam.X-Anonymous-Id", "somebody", "is not the right one"),
        ("cornerstoneParam.X-Anonymous-Id", None, "is missing"),
    ],
)
def test_each_field_of_the_params_is_looked_at(console, page, field, value, complaint):
    assert page.ask(params={f"Data.{field}": value}).status == 400
    (refusal,) = console.refusals
    assert refusal.startswith(f"POST /data/api.json: form params Data {field.replace('.', ' ')} {complaint}")


@pytest.mark.parametrize("name", ["switchAgent", "switchUserType"])
def test_other_peoples_accounts_are_never_named(console, page, name):
    assert page.ask(params={f"Data.cornerstoneParam.{name}": 1}).status == 400
    assert console.refusals[0].endswith(f"'{name}' is not known")


def test_the_token_survives_only_a_body_that_is_really_form_encoded(console, page):
    assert set("+/=") <= set(console.sec_token)
    assert page.ask().status == 200
    raw = console.sec_token.replace("+", " ")
    assert page.ask(form={"sec_token": raw}).json["code"] == "PostonlyOrTokenError"


def test_the_international_console_may_do_without_a_token_and_the_chinese_never_does(console, page):
    console.takes_empty_token = True
    assert page.ask("intl", form={"sec_token": ""}).instances
    assert page.ask("cn", form={"sec_token": ""}).json["code"] == "PostonlyOrTokenError"


def test_a_session_without_csrf_and_visitor_cookies_needs_neither(console, page):
    page.cookies = "login_aliyunid_ticket=t; login_current_pk=1"
    assert page.ask().instances
    assert console.refusals == []


def test_a_jar_that_went_flat_is_not_logged_in(console, page):
    page.cookies += "; login_aliyunid_ticket=of-another-domain"
    assert page.ask().json["data"]["errorCode"] == "BailianGateway.Login.NotLogined"
    assert console.refusals == ["POST /data/api.json: cookie login_aliyunid_ticket came more than once"]


def test_a_get_of_the_quota_is_turned_down(console, page):
    assert page.send("GET", "/data/api.json", {}).json["code"] == "PostonlyOrTokenError"
    assert console.refusals == ["GET /data/api.json: the method is not POST"]


def test_the_login_message_is_in_the_regions_language(page):
    signed_out = {"headers": {"Cookie": None}}
    assert page.ask("intl", **signed_out).json["message"] == "You need to log in."
    assert page.ask("cn", **signed_out).json["message"] == "请登录"


# --- the quota, API-key mode ---------------------------------------------------------------------------------------


@BOTH
def test_a_right_request_with_the_key_brings_the_plan(console, page, region):
    assert page.ask_with_key(region).instances[0]["instanceName"] == "Coding Plan Pro"
    assert console.refusals == []


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ({"headers": {"Authorization": "Basic bmV0cmM="}}, 401, "header authorization is not the right one"),
        ({"headers": {"Authorization": None}}, 401, "header authorization is missing"),
        ({"headers": {"x-api-key": "sk-other"}}, 401, "header x-api-key is not the right one"),
        ({"headers": {"X-DashScope-API-Key": "é"}}, 401, "header x-dashscope-api-key is not the right one"),
        ({"headers": {"Content-Type": "text/plain"}}, 400, "header content-type is not application/json"),
        ({"headers": {"Accept": "*/*"}}, 400, "header accept is '*/*', not 'application/json'"),
        ({"headers": {"Origin": None}}, 400, "header origin is missing"),
        ({"headers": {"Referer": "https://elsewhere.invalid/"}}, 400, "header referer is not https://"),
        ({"headers": {"Cookie": "a=b"}}, 400, "header cookie has no place here"),
        ({"query": {"product": "sfm_bailian"}}, 400, "query product is 'sfm_bailian'"),
        ({"query": {"api": None}}, 400, "query api is missing"),
        ({"query": {"currentRegionId": "us-east-1"}}, 400, "query currentRegionId is 'us-east-1'"),
        ({"body": b"{}"}, 400, "body queryCodingPlanInstanceInfoRequest is missing"),
        ({"body": b"\xff"}, 400, "body is no object"),
        ({"body": b""}, 400, "body is no object"),
    ],
)
def test_a_request_with_a_key_that_is_not_right_is_refused(console, page, change, status, reason):
    assert page.ask_with_key(**change).status == status
    (refusal,) = console.refusals
    assert refusal.startswith(f"POST /data/api.json: {reason}")


# --- hosts and paths -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/data/api.json/", "/us-east-1/", "//[", "/%00"])
def test_a_path_that_is_none_is_not_found(console, page, path):
    assert page.send("GET", path, {}).status == 404
    assert console.refusals[0].endswith(": there is no such path")


@pytest.mark.parametrize(
    ("region", "gateway", "rpc"),
    [
        ("intl", "modelstudio.console.alibabacloud.com", "bailian-singapore-cs.alibabacloud.com"),
        ("cn", "bailian.console.aliyun.com", "bailian-cs.console.aliyun.com"),
    ],
)
def test_under_the_providers_own_names_each_host_serves_what_it_really_serves(page, region, gateway, rpc):
    page.origin = f"https://{gateway}"
    page.host_header = gateway
    assert token_in(page.open_dashboard(region).body)
    assert page.user_info().json["data"]["secToken"]
    assert page.ask_with_key(region).instances
    assert page.ask(region).status == (200 if region == "intl" else 404)  # the third shape of a request
    page.host_header = rpc
    assert page.ask(region).instances
    assert page.open_dashboard(region).status == 404
    page.origin = f"https://{rpc}"
    assert page.ask(region).json["code"] == "PostonlyOrTokenError"


def test_the_two_regions_hosts_do_not_serve_each_other(page):
    page.host_header, page.origin = "bailian.console.aliyun.com", "https://bailian.console.aliyun.com"
    assert page.open_dashboard("intl").status == 404
    assert page.user_info(headers={"Cookie": None}).json["message"] == "请登录"


# --- what is remembered --------------------------------------------------------------------------------------------


def test_each_request_is_remembered_with_what_a_test_asks_about(console, page):
    page.open_dashboard()
    page.ask()
    get, post = console.requests
    assert (get.method, get.path, get.query) == ("GET", "/ap-southeast-1/", {"tab": "globalset"})
    assert (post.method, post.path, post.host) == ("POST", "/data/api.json", console.host)
    assert {"origin", "referer", "cookie", "x-requested-with"} <= post.header_names
    assert post.headers["cookie"] == console.cookie_header
    assert json.loads(post.form["params"])["V"] == "1.0"
    console.forget()
    assert (console.requests, console.refusals) == ([], [])


def test_no_secret_is_in_what_may_be_printed(console, page):
    page.cookies = page.cookies.replace("demo_ticket", "secret_ticket")
    page.ask(form={"sec_token": "secret-token"}, headers={"x-csrf-token": "secret-csrf"})
    page.ask(form={"sec_token": "secret-token"})
    page.ask(params={"Data.cornerstoneParam.X-Anonymous-Id": "secret-visitor"})
    page.ask_with_key(headers={"x-api-key": "secret-key"})
    assert len(console.refusals) == 4
    printable = repr(console.requests) + repr(console.refusals)
    assert "secret" not in printable.replace("sec_token", "")
    assert console.sec_token not in printable
    assert console.api_key not in printable


def test_signing_out_and_in_turns_the_whole_console(console, page):
    console.sign_out()
    assert page.ask().json["code"] == "ConsoleNeedLogin"
    assert token_in(page.open_dashboard().body) is None
    console.sign_in()
    assert page.ask().instances


def test_a_test_may_judge_the_cookies_itself(console, page):
    console.accepts_session = lambda cookies: cookies.get("login_aliyunid_ticket") == "fresh"
    assert page.ask().json["code"] == "ConsoleNeedLogin"
    page.cookies = "login_aliyunid_ticket=fresh"
    assert page.ask().instances


def test_a_mood_of_another_shape_may_be_put_in_at_run_time(console, page):
    console.answer_quota = lambda request: (418, {"X-Seen": request.query["action"]}, b"teapot")
    reply = page.ask()
    assert (reply.status, reply.headers["x-seen"], reply.body) == (418, "IntlBroadScopeAspnGateway", b"teapot")
    console.answer_quota = moods.no_plan()
    assert page.ask().instances == []


# --- its surroundings ----------------------------------------------------------------------------------------------


def test_the_environment_leads_to_it(console):
    assert console.environment == {
        "ALIBABA_CODING_PLAN_HOST": console.host,
        "ALIBABA_CODING_PLAN_COOKIE": console.cookie_header,
        "REQUESTS_CA_BUNDLE": console.ca_file,
        "NO_PROXY": "127.0.0.1,localhost,::1",
        "no_proxy": "127.0.0.1,localhost,::1",
    }
    assert re.fullmatch(r"127\.0\.0\.1:\d+", console.host)


def test_its_folder_is_private_and_holds_nothing_but_the_authority(console):
    folder = Path(console.ca_file).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == ["authority.pem"]
    assert "PRIVATE" not in Path(console.ca_file).read_text()
