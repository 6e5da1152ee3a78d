"""What something between here and the console answers is a failure of the network, whichever request it answers.

The rule: only the provider says that a sign-in is needed, and that something is missing says nothing.
"""

from __future__ import annotations

from functools import partial

import pytest
from support.http.faults import PAGES, STRANGERS, away, page, said
from support.rows import for_each

from codingplan_bar.credentials.other_tools import AccessKeyPair
from codingplan_bar.errors import ApiError, CodingPlanError, LoginRequired, NetworkFailure, TokenMissing, UnknownRoute
from codingplan_bar.provider.addresses import Endpoints
from codingplan_bar.provider.api_key import ApiKey, ApiSource
from codingplan_bar.provider.http_answers import APART, Silence, leads_to_sign_in, reading_of
from codingplan_bar.provider.token import Mint, TokenSource
from codingplan_bar.regions import CN, INTL, SITES, ConsoleToken
from codingplan_bar.transport.request import Answer
from codingplan_bar.words.errors import english

NOW = 1_795_400_000.0
every_stranger = for_each("answer", [*STRANGERS.values(), *PAGES.values()], ids=[*STRANGERS, *PAGES])
BOTH = for_each("region", [INTL, CN])


def is_of_a_stranger(error):
    return (
        type(error) is NetworkFailure
        and error.message.startswith(english("stranger").rstrip("."))
        and error.http_status is None
    )


def key_source(wire):
    return ApiSource(wire, Endpoints(), ApiKey("sk-made-up", "DASHSCOPE_API_KEY"), lambda: NOW, lambda _: None)


@every_stranger
@BOTH
def test_the_quota_request_of_either_source(provider, region, answer):
    for source in (provider.web(provider.Wire(quota=answer)), key_source(provider.Wire(quota=answer))):
        with pytest.raises(CodingPlanError) as refusal:
            source.ask(region)
        assert is_of_a_stranger(refusal.value)


@every_stranger
def test_the_request_by_a_console_token_and_the_minting_of_one(answer):
    pair = AccessKeyPair("LTAI-made-up", "made-up")
    for site in SITES.values():
        token = ConsoleToken("made-up-token", site, "ap-southeast-1")
        source = TokenSource(lambda _: answer, Endpoints(), token, Silence(), lambda: NOW)
        mint = Mint(lambda _: answer, Endpoints(), lambda: NOW)
        for ask in (partial(source.ask, site.region), partial(mint, site, pair)):
            with pytest.raises(CodingPlanError) as refusal:
                ask()
            assert is_of_a_stranger(refusal.value)


@every_stranger
def test_the_page_and_the_users_information_where_a_token_is_needed(provider, answer):
    wire = provider.Wire(page=answer, user=answer)
    with pytest.raises(CodingPlanError) as refusal:
        provider.web(wire).ask(CN)
    assert is_of_a_stranger(refusal.value)
    assert wire.kinds == ["page", "user"]


@every_stranger
def test_either_of_them_alone_is_no_sign_out(provider, answer):
    for pair in ({"page": answer}, {"user": answer, "page": provider.NO_TOKEN}):
        with pytest.raises((NetworkFailure, TokenMissing)):
            provider.web(provider.Wire(**pair)).ask(CN)


@every_stranger
def test_everything_at_once_where_no_token_is_needed(provider, answer):
    wire = provider.Wire(page=answer, user=answer, quota=answer)
    with pytest.raises(CodingPlanError) as refusal:
        provider.web(wire).ask(INTL)
    assert is_of_a_stranger(refusal.value)
    assert len(wire.requests("quota")) == 1


PROVIDERS = {
    "its JSON, 401": said(401, {"message": "unauthorized"}),
    "its JSON, 403": said(403, {"statusCode": 403, "message": "Forbidden"}),
    "its envelope, 403": said(403, {"code": "X", "requestId": "1", "successResponse": False}),
    "its words, 401": said(401, {"code": "ConsoleNeedLogin", "message": "You need to log in."}),
    "nothing, 401": Answer(401, {}, b" \n"),
    "an empty object, 403": said(403, {}),
    "its sign-in host": away("https://account.aliyun.com/login?back=1"),
    "its sign-in host without a scheme": away("//signin.aliyun.com/", 307),
    "its passport": away("https://passport.alibabacloud.com/", 303),
    "a login of a region": away("https://LOGIN.console.aliyun.com/", 301),
    "its sign-in page": page(200, "<form action='https:\\/\\/account.aliyun.com\\/login'>"),
    "its sign-in page in English": page(200, "<script src=//passport.alibabacloud.com/x.js>"),
    "its sign-in page, 401": page(401, "<a href=https://signin.aliyun.com./>"),
    "its sign-in page, 403": page(403, "<a href=https://account.alibabacloud.com/login>"),
}


@pytest.mark.parametrize("answer", PROVIDERS.values(), ids=PROVIDERS)
def test_the_provider_itself_is_believed(provider, answer):
    with pytest.raises(LoginRequired):
        provider.web(provider.Wire(quota=answer)).ask(INTL)
    with pytest.raises(LoginRequired):
        provider.web(provider.Wire(page=answer, user=answer)).ask(CN)


def test_the_users_information_says_that_nobody_is_signed_in(provider):
    with pytest.raises(LoginRequired):
        provider.web(provider.Wire(page=provider.NO_TOKEN, user=provider.LOGIN)).ask(CN)


def test_no_token_is_no_sign_out(provider):
    wire = provider.Wire(page=provider.NO_TOKEN, user=provider.answer({"code": "200", "data": {}}))
    with pytest.raises(TokenMissing):
        provider.web(wire).ask(CN)
    assert wire.kinds == ["page", "user"]


@pytest.mark.parametrize("region", [CN, INTL])
def test_a_page_without_a_token_that_names_a_sign_in_host_is_no_sign_out_where_the_user_is_known(provider, region):
    """A signed-in page has a link to sign out, and one to change the account."""
    signed_in = page(200, "<a href='https://account.aliyun.com/logout'>退出登录</a>")
    wire = provider.Wire(page=signed_in, user=provider.answer({"code": "200", "data": {"aliyunPk": "1"}}))
    if region is INTL:
        assert provider.web(wire).ask(INTL).windows
        return
    with pytest.raises(TokenMissing):
        provider.web(wire).ask(CN)
    for user in (provider.LOGIN, page(200, "<a href='https://account.aliyun.com/login'>"), NetworkFailure("x")):
        with pytest.raises(LoginRequired):
            provider.web(provider.Wire(page=signed_in, user=user)).ask(CN)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_page_of_a_busy_server_counts_as_its_status(status):
    with pytest.raises(CodingPlanError) as refusal:
        reading_of(page(status, "Log in"), "web", now=NOW)
    assert refusal.value.http_status == status


@pytest.mark.parametrize("answer", [page(404, "<hr><center>tengine</center>"), page(404, "", server="Tengine/3.1")])
def test_a_page_of_the_providers_own_server_may_say_that_there_is_no_such_route(provider, answer):
    wire = provider.Wire(quota=[answer, provider.GOOD])
    assert provider.web(wire).ask(CN).windows
    with pytest.raises(UnknownRoute):
        reading_of(answer, "api", now=NOW)


EMPTY = Answer(403, {}, b"")


@pytest.mark.parametrize(
    ("since", "kind"),
    [
        (0.0, NetworkFailure),
        (NOW - APART + 1, NetworkFailure),
        (NOW + 900, NetworkFailure),
        (NOW - APART, LoginRequired),
    ],
)
def test_a_403_without_a_word_is_believed_when_it_comes_again_a_minute_later(provider, since, kind):
    silence = Silence(since)
    with pytest.raises(kind):
        provider.web(provider.Wire(quota=EMPTY), silence=silence).ask(INTL)
    assert silence.goes_on_since == (since or NOW)


def test_twice_within_one_refresh_is_once(provider):
    source = provider.web(provider.Wire(page=EMPTY, user=EMPTY, quota=EMPTY), silence=Silence())
    for region in (INTL, CN):
        with pytest.raises(NetworkFailure):
            source.ask(region)


def test_a_row_that_was_broken_begins_anew():
    assert Silence(NOW).goes_on_since == 0


def test_a_redirect_is_one_only_by_its_status():
    assert not leads_to_sign_in(Answer(200, {"location": "https://account.aliyun.com/"}, b""))


@pytest.mark.parametrize("location", ["", "/account.html", "https://[", "//\0", "https://account."])
def test_a_place_that_is_none_leads_nowhere(location):
    assert not leads_to_sign_in(away(location))


def test_a_token_that_is_missing_is_told_as_a_fault_of_the_provider_and_not_of_the_session():
    assert issubclass(TokenMissing, ApiError)
    assert TokenMissing.code == "api_error"
