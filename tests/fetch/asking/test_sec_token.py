"""The sec_token comes from the page, else from the user's information, else from a cookie."""

from __future__ import annotations

import time

import pytest

from codingplan_bar.errors import ApiError, BadResponse, LoginRequired, NetworkFailure
from codingplan_bar.fetch.console import Console
from codingplan_bar.fetch.endpoints import Endpoints
from codingplan_bar.fetch.regions import CN, INTL
from codingplan_bar.fetch.sec_token import ask, in_page, in_payload
from codingplan_bar.fetch.session import PastedHeader

SPELLINGS = [
    f"{name}{sign}{quote}tok+/={quote}"
    for plain in ("SEC_TOKEN", "secToken", "sec_token")
    for name in (plain, f'"{plain}"', f"'{plain}'")
    for sign in (":", "=", ": ", " = ", "\n:\n")
    for quote in "\"'"
]


def console(wire, session="a=b", region=INTL):
    return Console(region, Endpoints(), PastedHeader(session), wire, lambda: 0.0)


@pytest.mark.parametrize("script", SPELLINGS)
def test_a_page_names_the_token_in_one_of_these_spellings(script):
    assert in_page(f"<script>window.C = {{ LANG: 'en', {script}, X: 'y' }};</script>") == "tok+/="
    assert in_page(f"window.{script}") == "tok+/="


@pytest.mark.parametrize(
    "script",
    [
        *("", "SEC_TOKEN: ''", 'SEC_TOKEN: ""', "SEC_TOKEN: null", "SEC_TOKEN", "MY_SEC_TOKEN: 'x'", "SEC_TOKENS: 'x'"),
        "SEC_TOKEN: 'a b'",
        "SEC_TOKEN: 'a\nb'",
        "SEC_TOKEN: 'é'",
        r"SEC_TOKEN: '\n'",
        r"SEC_TOKEN: '\x41'",
        "SEC_TOKEN: 'x",
    ],
)
def test_a_page_without_a_token_that_could_be_sent_gives_none(script):
    assert in_page(script) == ""


def test_an_empty_token_in_a_page_does_not_hide_a_later_one():
    assert in_page("SEC_TOKEN: ''; secToken = 'x'") == "x"


def test_escapes_of_the_script_are_undone():
    assert in_page(r'SEC_TOKEN: "a\/b\u002bc"') == "a/b+c"


@pytest.mark.parametrize(
    "unit", ["SEC_TOKEN: '", 'SEC_TOKEN:"', "SEC_TOKEN ", "SEC_TOKEN=", "secToken: " + " " * 1000, "'"]
)
def test_no_page_takes_long(unit):
    started = time.process_time()
    in_page(unit * ((1 << 20) // len(unit)))
    assert time.process_time() - started < 5


@pytest.mark.parametrize("name", ["secToken", "sec_token"])
def test_the_users_information_has_it_anywhere(name):
    assert in_payload({"code": "200", "data": [{"x": {name: "tok"}}]}) == "tok"
    assert in_payload([{name: None}, {name: 1}, {name: ""}, {name: "a b"}, {name: "tok"}]) == "tok"
    assert in_payload({"data": {name: "inner"}, name: "outer"}) == "outer"


@pytest.mark.parametrize("payload", [None, 1, "secToken", [], {}, {"data": {"token": "x"}}, {"sectoken": "x"}])
def test_information_without_it_gives_none(payload):
    assert in_payload(payload) == ""


def test_the_page_is_asked_first_as_a_browser_that_navigates(provider):
    wire = provider.Wire()
    assert ask(console(wire)) == "t+/=1"
    [(kind, request)] = wire.sent
    assert (kind, request.method) == ("page", "GET")
    assert request.url == "https://modelstudio.console.alibabacloud.com/ap-southeast-1/?tab=globalset"
    assert request.headers["Accept"].startswith("text/html,application/xhtml+xml,")
    assert request.headers["Accept-Language"]
    assert request.headers["Referer"] == "https://modelstudio.console.alibabacloud.com/"
    fetch = {name: value for name, value in request.headers.items() if name.startswith("Sec-Fetch-")}
    assert fetch == {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert request.headers["Cookie"] == "a=b"
    assert request.headers["User-Agent"].startswith("Mozilla/5.0 ")


def test_the_users_information_is_asked_second(provider):
    wire = provider.Wire(page=provider.NO_TOKEN, user=provider.answer({"data": {"secToken": "from-user"}}))
    assert ask(console(wire, region=CN)) == "from-user"
    request = wire.requests("user")[0]
    assert wire.kinds == ["page", "user"]
    assert request.url == "https://bailian.console.aliyun.com/tool/user/info.json"
    assert (request.headers["Referer"], request.headers["Cookie"]) == ("https://bailian.console.aliyun.com/", "a=b")


def test_the_cookie_is_the_last_resort(provider):
    assert ask(console(provider.Wire(page=provider.NO_TOKEN), "sec_token=from-cookie")) == "from-cookie"


def failures(provider):
    return [
        NetworkFailure("x"),
        BadResponse("x"),
        provider.page("SEC_TOKEN: 'no'", status=500),
        provider.page("SEC_TOKEN: 'no'", status=403),
        provider.answer({"secToken": "no"}, status=404),
        provider.answer({}, status=429),
        provider.answer({}, status=302, headers={"location": "https://account.aliyun.com/"}),
    ]


@pytest.mark.parametrize("which", range(7))
def test_a_failure_of_one_step_is_no_failure_of_the_whole(provider, which):
    failure = failures(provider)[which]
    wire = provider.Wire(page=failure, user=provider.answer({"secToken": "from-user"}))
    assert ask(console(wire)) == "from-user"
    assert ask(console(provider.Wire(page=failure, user=failure), "sec_token=from-cookie")) == "from-cookie"
    assert ask(console(provider.Wire(page=provider.NO_TOKEN, user=failure))) == ""


def test_information_that_is_no_json_is_a_failed_step(provider):
    wire = provider.Wire(page=provider.NO_TOKEN, user=provider.page("secToken: 'no'"))
    assert ask(console(wire, "sec_token=from-cookie")) == "from-cookie"


def test_a_session_that_is_turned_down_everywhere_gives_none(provider):
    refused = provider.answer({}, status=401)
    assert ask(console(provider.Wire(page=refused, user=refused))) == ""


def test_where_no_step_was_answered_the_first_failure_is_said(provider):
    wire = provider.Wire(page=NetworkFailure("no way"), user=provider.answer({}, status=500))
    with pytest.raises(NetworkFailure, match="no way"):
        ask(console(wire))
    with pytest.raises(ApiError, match="500"):
        ask(console(provider.Wire(page=provider.page("", status=500), user=NetworkFailure("x"))))


def test_a_page_that_asks_for_a_sign_in_is_an_answer(provider):
    wire = provider.Wire(page=LoginRequired("x"), user=NetworkFailure("x"))
    assert ask(console(wire)) == ""
