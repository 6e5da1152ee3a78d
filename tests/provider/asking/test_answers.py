"""What an HTTP answer says before its payload is read."""

from __future__ import annotations

import time

import pytest

from codingplan_bar.errors import (
    ApiError,
    ApiKeyUnavailable,
    BadResponse,
    CodingPlanError,
    EmptySuccess,
    InvalidCredentials,
    LoginRequired,
    NetworkFailure,
    NotAuthorised,
    RateLimited,
    UnknownRoute,
)
from codingplan_bar.provider.answers import raise_for_status, reading_of, retry_after

NOW = 1_795_400_000.0
MODES = pytest.mark.parametrize("mode", ["web", "api"])


def raised(answer, mode):
    with pytest.raises(CodingPlanError) as refusal:
        reading_of(answer, mode, now=NOW)
    return refusal.value


@pytest.mark.parametrize("status", [401, 403])
def test_401_and_403_are_login_required_in_web_mode_and_invalid_credentials_in_api_mode(provider, status):
    for mode, kind in (("web", LoginRequired), ("api", InvalidCredentials)):
        error = raised(provider.answer({"message": "unauthorized"}, status=status), mode)
        assert (type(error), error.http_status) == (kind, status)


@pytest.mark.parametrize(
    "host", ["account.aliyun.com", "signin.aliyun.com", "passport.alibabacloud.com", "login.alibabacloud.com"]
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_a_sign_in_host_is_login_required(provider, host, status):
    answer = provider.answer({}, status=status, headers={"location": f"https://{host}/login?back=1"})
    assert type(raised(answer, "web")) is LoginRequired
    assert type(raised(answer, "api")) is ApiKeyUnavailable


@MODES
@pytest.mark.parametrize(
    "location", ["", "/account.html", "https://x.test/account.", "https://accounts.x.test", "https://[", "//\0"]
)
def test_any_other_redirect_is_a_failure_of_the_network_that_names_the_status(provider, mode, location):
    error = raised(provider.answer({}, status=302, headers={"location": location}), mode)
    assert type(error) is NetworkFailure
    assert "302" in error.message


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><title>Sign in</title><form action='https://account.aliyun.com/login'>",
        " \n<html>Please log in: account.alibabacloud.com</html>",
        "<HTML><a href='https://PASSPORT.alibabacloud.com'>",
        "\ufeff<html>请登录<script src='//signin.aliyun.com/x'>",
    ],
)
def test_an_html_sign_in_page_is_login_required(provider, text):
    assert type(raised(provider.answer(text=text), "web")) is LoginRequired
    assert type(raised(provider.answer(text=text), "api")) is ApiKeyUnavailable


@MODES
@pytest.mark.parametrize("text", ["no JSON", "{", "\x00"])
def test_any_other_body_that_is_no_json_could_not_be_read(provider, mode, text):
    assert type(raised(provider.answer(text=text), mode)) is BadResponse


def test_json_that_speaks_of_a_login_is_no_sign_in_page_whatever_its_type_says(provider):
    document = {"data": {"instanceName": "login plan", "per5HourUsedQuota": 1, "per5HourTotalQuota": 2}}
    answer = provider.answer(document, headers={"content-type": "text/html"})
    assert reading_of(answer, "web", now=NOW).windows


@MODES
def test_429_is_rate_limited_with_its_retry_after(provider, mode):
    error = raised(provider.answer({}, status=429, headers={"retry-after": "120"}), mode)
    assert (type(error), error.retry_after, error.http_status) == (RateLimited, 120, 429)


@MODES
def test_503_is_an_api_error_with_its_retry_after(provider, mode):
    error = raised(provider.answer({}, status=503, headers={"retry-after": "7"}), mode)
    assert (type(error), error.retry_after, error.http_status) == (ApiError, 7, 503)


@MODES
def test_404_is_an_unknown_route(provider, mode):
    error = raised(provider.answer({}, status=404), mode)
    assert (type(error), error.http_status) == (UnknownRoute, 404)


@MODES
@pytest.mark.parametrize("status", [201, 204, 206, 304, 400, 402, 405, 418, 500, 502, 504, 999])
def test_any_other_status_is_an_api_error_that_names_the_status(provider, mode, status):
    error = raised(provider.answer({}, status=status, headers={"retry-after": "7"}), mode)
    assert (type(error), error.http_status, error.retry_after) == (ApiError, status, None)
    assert str(status) in error.message


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 120 ", 120),
        ("1.5", 1.5),
        ("86400", 86_400),
        ("86401", 86_400),
        ("9" * 400, 86_400),
        ("Sun, 23 Nov 2026 02:14:40 GMT", 1280),
        ("Sun, 23 Nov 2025 02:14:40 GMT", 0),
        ("Sun, 23 Nov 2036 02:14:40 GMT", 86_400),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("nan", None),
        ("٣", None),
        ("Sun, 99 Nov 2026 02:14:40 GMT", None),
        ("Sun, 23 Nov 99999999999 02:14:40 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_a_day_at_most(text, seconds):
    assert retry_after(text, 1_795_398_800.0) == seconds


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "Asia/Kathmandu", "America/St_Johns"])
@pytest.mark.parametrize(
    "text",
    [
        "Mon, 23 Nov 2026 02:15:20 GMT",
        "Mon, 23 Nov 2026 02:15:20 -0000",
        "Mon, 23 Nov 2026 02:15:20",
        "Mon Nov 23 02:15:20 2026",
        "Monday, 23-Nov-26 02:15:20 GMT",
        "Mon, 23 Nov 2026 10:15:20 +0800",
    ],
)
def test_a_date_of_http_is_of_utc_wherever_its_reader_lives(monkeypatch, zone, text):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert retry_after(text, NOW) == 120
    finally:
        monkeypatch.undo()
        time.tzset()


WORDS = {
    "throttled": ({"code": "Throttling.User", "message": "Busy.", "requestId": "1"}, RateLimited),
    "no member": ({"requestId": "1", "code": "BailianGateway.Team.NotAuthorised"}, NotAuthorised),
    "no policy": ({"requestId": "1", "code": "Forbidden.RAM"}, NotAuthorised),
    "no right": ({"requestId": "1", "code": "NoPermission", "message": "ImplicitDeny"}, NotAuthorised),
}


@MODES
@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(("said", "kind"), WORDS.values(), ids=WORDS)
def test_a_refusal_that_speaks_of_a_right_or_of_the_rate_asks_for_no_sign_in(provider, mode, status, said, kind):
    assert type(raised(provider.answer(said, status=status), mode)) is kind


@pytest.mark.parametrize(
    ("date", "reset"),
    [
        ("Mon, 23 Nov 2026 02:15:00 GMT", None),
        ("Mon, 23 Nov 2026 02:13:20 GMT", NOW + 100),
        ("Mon, 23 Nov 2026 00:00:00 GMT", NOW + 100),
        ("Mon, 30 Nov 2026 02:15:00 GMT", NOW + 100),
        ("soon", NOW + 100),
        ("", NOW + 100),
    ],
)
def test_the_server_s_own_time_is_no_reset_though_this_machine_s_clock_is_behind(provider, date, reset):
    quota = {"per5HourUsedQuota": 5, "per5HourTotalQuota": 100, "per5HourQuotaNextRefreshTime": NOW + 100}
    said = {"codingPlanInstanceInfos": [{"status": "VALID", "codingPlanQuotaInfo": quota}]}
    answer = provider.answer(said, headers={"date": date})
    assert reading_of(answer, "web", now=NOW).windows[0].resets_at == reset


def test_a_200_raises_nothing(provider):
    assert raise_for_status(provider.answer({}), "web", now=NOW) is None


def test_an_empty_body_is_a_success_that_carries_nothing(provider):
    assert type(raised(provider.answer(text=""), "web")) is EmptySuccess


def test_the_providers_words_never_repeat_a_secret(provider):
    secret = "hunter-two-secret"
    answer = provider.answer({"code": "500", "message": f"bad token {secret} in {secret[:7]}"})
    with pytest.raises(ApiError) as refusal:
        reading_of(answer, "web", now=NOW, secrets=lambda: {secret, "in", "bad"})
    assert refusal.value.message.endswith("bad token … in hunter-")
    assert secret not in f"{refusal.value!r}{refusal.value}{refusal.value.where}"


def test_a_secret_inside_a_longer_one_leaves_nothing_of_it_behind(provider):
    answer = provider.answer({"code": "500", "message": "bad: outer-inner-inner-outer"})
    with pytest.raises(ApiError) as refusal:
        reading_of(answer, "web", now=NOW, secrets=lambda: {"inner-inner", "outer-inner-inner-outer"})
    assert refusal.value.message.endswith("bad: …")
