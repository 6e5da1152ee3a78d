"""A session gives each host the cookies that a browser would send it, and says whether someone is signed in."""

from __future__ import annotations

import json

import pytest

from codingplan_bar.fetch.cookie_jar import Cookie, CookieJar
from codingplan_bar.fetch.regions import CN, INTL
from codingplan_bar.fetch.session import PastedHeader, covers, is_signed_in, missing

NOW = 1_795_400_000
RPC = INTL.rpc


def jar(*cookies):
    return CookieJar(tuple(cookies))


def cookie(name="a", value="1", domain="alibabacloud.com", **more):
    return Cookie(name, value, domain, **more)


def test_a_pasted_header_goes_whole_to_every_host_that_is_asked():
    session = PastedHeader("a=1; b=2")
    assert {session.header_for(host, "/", NOW) for host in (*INTL.hosts, *CN.hosts)} == {"a=1; b=2"}


def test_a_pasted_headers_cookies_are_found_by_name():
    session = PastedHeader("a=; a=1=x; a=2")
    assert (session.value("a", RPC, NOW), session.value("b", RPC, NOW)) == ("1=x", None)


def test_a_cookie_of_a_domain_goes_to_the_domain_and_to_the_hosts_below_it():
    session = jar(cookie())
    for host in ("alibabacloud.com", "Console.AlibabaCloud.com", RPC):
        assert session.header_for(host, "/", NOW) == "a=1"


def test_a_host_only_cookie_goes_to_that_host_alone():
    session = jar(cookie(domain=INTL.gateway, host_only=True))
    assert session.header_for(INTL.gateway, "/", NOW) == "a=1"
    assert session.header_for("x." + INTL.gateway, "/", NOW) is None
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
    far = cookie(value="far", domain=INTL.gateway, expires_at=NOW + 9)
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
