"""A new token for an AccessKey pair: the call to the letter, and each error with its own next step."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from codingplan_bar.credentials.other_tools import KEPT, SDK, VARIABLES, AccessKeyPair
from codingplan_bar.credentials.saved import SignIn
from codingplan_bar.errors import (
    ApiError,
    BadResponse,
    InvalidCredentials,
    LoginRequired,
    NetworkFailure,
    NoPlan,
    NotAuthorised,
    RateLimited,
    UnknownRoute,
)
from codingplan_bar.provider.token import Mint, TokenSource
from codingplan_bar.refresh.token import SignedIn
from codingplan_bar.regions import DOMESTIC, INTERNATIONAL, INTL
from codingplan_bar.words.errors import english

KEY, SECRET = "LTAI-standing-in", "secret-of-the-stand-in"
PAIR = AccessKeyPair(KEY, SECRET)
TEMPORARY = "security-token-of-the-stand-in"


def said(key):
    return english(key), english(f"{key}.hint")


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
        english("sign_in.new_refused.hint"),
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
