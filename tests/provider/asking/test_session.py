"""A session gives each host the cookies that a browser would send it, and says whether someone is signed in."""

from __future__ import annotations

import json
import time

import pytest
from support.rows import for_each

from codingplan_bar.credentials.cookies import Cookie, CookieJar, PastedHeader, covers, is_signed_in, missing
from codingplan_bar.errors import ApiError, BadResponse, LoginRequired, NetworkFailure
from codingplan_bar.provider.addresses import Endpoints
from codingplan_bar.provider.web import Console, ask, in_page, in_payload
from codingplan_bar.regions import CN, INTL

NOW = 1_795_400_000
RPC = INTL.hosts.rpc


def jar(*cookies):
    return CookieJar(tuple(cookies))


def cookie(name="a", value="1", domain="alibabacloud.com", **more):
    return Cookie(name, value, domain, **more)


def test_a_pasted_header_goes_whole_to_every_host_that_is_asked():
    session = PastedHeader("a=1; b=2")
    assert {session.header_for(host, "/", NOW) for host in (*INTL.hosts, *CN.hosts)} == {"a=1; b=2"}


def test_a_pasted_headers_cookies_are_found_by_name():
    session = PastedHeader("a=; a=1=x; a=2")
    assert (session.values(RPC, NOW).get("a"), session.values(RPC, NOW).get("b")) == ("1=x", None)


def test_a_cookie_of_a_domain_goes_to_the_domain_and_to_the_hosts_below_it():
    session = jar(cookie())
    for host in ("alibabacloud.com", "Console.AlibabaCloud.com", RPC):
        assert session.header_for(host, "/", NOW) == "a=1"


def test_a_host_only_cookie_goes_to_that_host_alone():
    session = jar(cookie(domain=INTL.hosts.gateway, host_only=True))
    assert session.header_for(INTL.hosts.gateway, "/", NOW) == "a=1"
    assert session.header_for("x." + INTL.hosts.gateway, "/", NOW) is None
    assert session.header_for(RPC, "/", NOW) is None


def test_a_domain_matches_on_whole_labels():
    session = jar(cookie(domain="aliyun.com"))
    for host in ("evilaliyun.com", "aliyun.com.evil.net", "com", "liyun.com"):
        assert session.header_for(host, "/", NOW) is None


@pytest.mark.parametrize("domain", ["com", "", "evil.net", "aliyuncs.com", "evilaliyun.com"])
def test_a_cookie_of_another_domain_than_the_providers_goes_nowhere(domain):
    session = jar(cookie(domain=domain))
    for host in (RPC, "x." + domain, domain, "bailian-beijing-cs.aliyuncs.com"):
        assert session.header_for(host, "/", NOW) is None


@pytest.mark.parametrize(
    ("cookie_path", "path", "goes"),
    [
        ("/", "/data/api.json", True),
        ("/data", "/data/api.json", True),
        ("/data/", "/data/api.json", True),
        ("/data/api.json", "/data/api.json", True),
        ("/dat", "/data/api.json", False),
        ("/data/", "/data", False),
        ("/other", "/data/api.json", False),
    ],
)
def test_a_path_matches_on_whole_segments(cookie_path, path, goes):
    assert (jar(cookie(path=cookie_path)).header_for(RPC, path, NOW) == "a=1") is goes


def test_expired_and_empty_cookies_are_left_out():
    session = jar(
        cookie("old", expires_at=NOW),
        cookie("empty", value=""),
        cookie("", value="x"),
        cookie("new", expires_at=NOW + 1),
    )
    assert session.header_for(RPC, "/", NOW) == "new=1"


@pytest.mark.parametrize("bad", ["x\r\nEvil: 1", "x\0", "x;y=1", "x\udcff"])
def test_a_cookie_that_would_break_the_header_is_left_out(bad):
    assert jar(cookie(value=bad), cookie(name=bad), cookie("b", "2")).header_for(RPC, "/", NOW) == "b=2"


def test_of_two_cookies_with_one_name_the_one_that_lives_longer_wins():
    short, long = cookie(value="short", expires_at=NOW + 1), cookie(value="long", domain=RPC, expires_at=NOW + 2)
    assert jar(short, long).header_for(RPC, "/", NOW) == jar(long, short).header_for(RPC, "/", NOW) == "a=long"


def test_a_session_cookie_lives_shorter_than_one_with_an_end():
    session, dated = cookie(value="session", domain=RPC), cookie(value="dated", expires_at=NOW + 1)
    assert jar(session, dated).header_for(RPC, "/", NOW) == jar(dated, session).header_for(RPC, "/", NOW) == "a=dated"


def test_of_two_that_live_alike_the_most_specific_wins():
    wide, narrow = cookie(value="wide"), cookie(value="narrow", domain=RPC, host_only=True)
    assert jar(wide, narrow).header_for(RPC, "/", NOW) == jar(narrow, wide).header_for(RPC, "/", NOW) == "a=narrow"


def test_a_cookie_that_does_not_go_to_a_host_displaces_none_there():
    far = cookie(value="far", domain=INTL.hosts.gateway, expires_at=NOW + 9)
    assert jar(cookie(value="near"), far).header_for(RPC, "/", NOW) == "a=near"


def test_cookies_with_longer_paths_come_first():
    assert jar(cookie("a"), cookie("b", path="/data")).header_for(RPC, "/data/api.json", NOW) == "b=1; a=1"


def test_a_jar_survives_json():
    session = jar(cookie(expires_at=NOW, secure=False), cookie("值", "é=", host_only=True, path="/x"))
    assert CookieJar.from_data(json.loads(json.dumps(session.to_data()))) == session


GOOD = cookie(value="secret")


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        "[]",
        [None],
        [{}],
        [CookieJar((GOOD,)).to_data()[0] | {"more": 1}],
        [CookieJar((GOOD,)).to_data()[0] | {"value": 1}],
        [CookieJar((GOOD,)).to_data()[0] | {"host_only": 1}],
        [CookieJar((GOOD,)).to_data()[0] | {"expires_at": True}],
        [CookieJar((GOOD,)).to_data()[0] | {"expires_at": 1.5}],
        [CookieJar((GOOD,)).to_data()[0] | {"path": None}],
    ],
)
def test_what_is_no_jar_is_said_without_its_content(data):
    with pytest.raises(ValueError, match="no cookie jar") as refusal:
        CookieJar.from_data(data)
    assert "secret" not in str(refusal.value)


def test_no_repr_shows_a_value():
    secret = cookie(value="top-secret")
    assert "top-secret" not in f"{secret!r}{jar(secret)!r}{PastedHeader('a=top-secret')!r}"


@pytest.mark.parametrize("account", ["login_aliyunid_pk", "login_current_pk", "login_aliyunid"])
def test_a_ticket_and_one_account_are_a_sign_in(account):
    session = PastedHeader(f"login_aliyunid_ticket=x; {account}=1")
    assert missing(session, CN, NOW) == ()
    assert is_signed_in(session, CN, NOW)


def test_what_is_missing_is_named():
    account = "login_aliyunid_pk or login_current_pk or login_aliyunid"
    assert missing(PastedHeader("a=b"), INTL, NOW) == ("login_aliyunid_ticket", account)
    assert missing(PastedHeader("login_aliyunid=1"), INTL, NOW) == ("login_aliyunid_ticket",)
    assert not is_signed_in(PastedHeader("login_aliyunid_ticket=x"), INTL, NOW)


def test_ticket_and_account_of_two_domains_are_no_sign_in():
    session = jar(cookie("login_aliyunid_ticket", domain="aliyun.com"), cookie("login_aliyunid_pk"))
    assert not is_signed_in(session, CN, NOW)
    assert not is_signed_in(session, INTL, NOW)


def test_an_expired_ticket_is_no_sign_in():
    session = jar(cookie("login_aliyunid_ticket", expires_at=NOW - 1), cookie("login_aliyunid_pk"))
    assert missing(session, INTL, NOW) == ("login_aliyunid_ticket",)


def test_a_jar_covers_the_region_that_it_has_cookies_for():
    session = jar(cookie(domain="aliyun.com"))
    assert covers(session, CN, NOW)
    assert not covers(session, INTL, NOW)
    assert covers(PastedHeader("a=b"), INTL, NOW)


# The sec_token comes from the page, else from the user's information, else from a cookie.

SPELLINGS = [
    f"{name}{sign}{quote}tok+/={quote}"
    for plain in ("SEC_TOKEN", "secToken", "sec_token")
    for name in (plain, f'"{plain}"', f"'{plain}'")
    for sign in (":", "=", ": ", " = ", "\n:\n")
    for quote in "\"'"
]


def console(wire, session="a=b", region=INTL):
    return Console(region, Endpoints(), PastedHeader(session), wire, lambda: 0.0)


@for_each("script", SPELLINGS)
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
