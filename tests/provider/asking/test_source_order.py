"""What an HTTP answer says by itself, and which source and region is asked after which error."""

from __future__ import annotations

import pytest

from codingplan_bar import errors
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
from codingplan_bar.model import Attempt, Plan, Problem, Reading, Window
from codingplan_bar.provider import token
from codingplan_bar.provider.http_answers import by_the_server, raise_for_status, reading_of, retry_after
from codingplan_bar.provider.source_order import LONGEST_MESSAGE, Outcome, Unavailable, ask
from codingplan_bar.regions import CN, INTL
from codingplan_bar.transport.request import Answer

READING = Reading(Plan("Pro"), (Window("weekly", 1, 2),))


class Scripted:
    """A source that says beforehand what it answers in each region."""

    def __init__(self, name, intl=READING, cn=READING, *, covers=("intl", "cn"), home=None):
        self.name, self.home = name, home
        self.said = {"intl": intl, "cn": cn}
        self.covered = covers
        self.asked = []

    def covers(self, region):
        return region.name in self.covered

    def ask(self, region):
        self.asked.append(region.name)
        said = self.said[region.name]
        if isinstance(said, Exception):
            raise said
        return said


def tried(outcome):
    return [(attempt.source, attempt.region, attempt.outcome) for attempt in outcome.attempts]


def failure(kind, *, status=None):
    return kind("it failed", http_status=status) if status else kind("it failed")


def test_the_first_source_that_answers_ends_it():
    web, api = Scripted("web"), Scripted("api")
    outcome = ask([web, api], source="auto", region="intl")
    assert outcome == Outcome((Attempt("web", "intl", "ok"),), READING, "web", "intl")
    assert outcome.problem is None
    assert api.asked == []


def test_auto_asks_them_in_their_order():
    names = ["token", "web", "token", "cli", "api"]
    sources = [Scripted(name, intl=errors.NetworkFailure("x")) for name in names]
    outcome = ask(sources, source="auto", region="intl")
    assert [attempt.source for attempt in outcome.attempts] == names


def test_a_source_with_a_home_is_asked_there_alone():
    for failed in (errors.LoginRequired("x"), errors.BadResponse("x")):
        token = Scripted("token", cn=failed, home=CN)
        assert tried(ask([token], source="token", region="intl")) == [("token", "cn", failed.code)]
    token = Scripted("token", intl=errors.LoginRequired("x"), home=INTL)
    assert tried(ask([token], source="auto", region="intl")) == [("token", "intl", "login_required")]
    outcome = ask([Scripted("token", home=INTL)], source="auto", region="cn")
    assert (outcome.source, outcome.region) == ("token", "intl")


@pytest.mark.parametrize("name", ["web", "cli", "api"])
def test_a_named_source_is_asked_alone(name):
    sources = [Scripted(each, intl=errors.NetworkFailure("x")) for each in ("web", "cli", "api")]
    outcome = ask(sources, source=name, region="intl")
    assert tried(outcome) == [(name, "intl", "network")]


def test_a_named_source_that_is_not_there_is_missing():
    outcome = ask([Scripted("web")], source="cli", region="intl")
    assert (outcome.attempts, outcome.problem.code) == ((), "missing_credentials")


FALLS_THROUGH = [
    failure(errors.MissingCredentials),
    failure(errors.InvalidCookie),
    failure(errors.LoginRequired),
    failure(errors.InvalidCredentials),
    failure(errors.NetworkFailure),
    failure(errors.ApiError, status=403),
    failure(errors.ApiError, status=404),
    failure(errors.TokenMissing),
    failure(errors.UnknownRoute),
    failure(errors.LoginRequired, status=403),
]
STOPS = [
    failure(errors.BadResponse),
    failure(errors.EmptySuccess),
    failure(errors.NoPlan),
    failure(errors.NotAuthorised),
    failure(errors.RateLimited),
    failure(errors.ApiError),
    failure(errors.ApiError, status=500),
    failure(errors.TokenRejected),
    failure(errors.ApiKeyUnavailable),
    failure(errors.ConfigError),
    failure(errors.InternalError),
]


@pytest.mark.parametrize("error", FALLS_THROUGH, ids=repr)
def test_the_next_source_is_asked_after(error):
    outcome = ask([Scripted("web", error, error), Scripted("api")], source="auto", region="intl")
    assert (outcome.source, outcome.region, outcome.reading) == ("api", "intl", READING)
    assert tried(outcome)[0] == ("web", "intl", error.code)


@pytest.mark.parametrize("error", STOPS, ids=repr)
def test_no_other_source_is_asked_after(error):
    api = Scripted("api")
    outcome = ask([Scripted("web", error, error), api], source="auto", region="intl")
    assert (outcome.error, outcome.reading, api.asked) == (error, None, [])


OTHER_REGION = [
    failure(errors.LoginRequired),
    failure(errors.InvalidCredentials),
    failure(errors.ApiKeyUnavailable),
    failure(errors.BadResponse),
    failure(errors.EmptySuccess),
    failure(errors.NoPlan),
    failure(errors.ApiError, status=403),
    failure(errors.ApiError, status=404),
    failure(errors.UnknownRoute),
]
SAME_REGION = [
    failure(errors.MissingCredentials),
    failure(errors.InvalidCookie),
    failure(errors.NetworkFailure),
    failure(errors.RateLimited),
    failure(errors.ApiError),
    failure(errors.ApiError, status=500),
    failure(errors.TokenRejected),
    failure(errors.NotAuthorised),
    failure(errors.NotAuthorised, status=403),
    failure(errors.ConfigError),
    failure(errors.InternalError),
]


@pytest.mark.parametrize("error", OTHER_REGION, ids=repr)
def test_with_intl_one_more_try_is_made_on_cn_after(error):
    outcome = ask([Scripted("web", error)], source="web", region="intl")
    assert (outcome.source, outcome.region, outcome.reading) == ("web", "cn", READING)
    assert tried(outcome) == [("web", "intl", error.code), ("web", "cn", "ok")]


@pytest.mark.parametrize("error", SAME_REGION, ids=repr)
def test_no_other_region_is_tried_after(error):
    source = Scripted("web", error)
    assert ask([source], source="web", region="intl").error is error
    assert source.asked == ["intl"]


def test_without_region_fallback_there_is_no_other_region():
    source = Scripted("web", errors.LoginRequired("x"))
    outcome = ask([source], source="web", region="intl", region_fallback=False)
    assert tried(outcome) == [("web", "intl", "login_required")]


def test_with_cn_there_is_no_other_region():
    source = Scripted("web", cn=errors.LoginRequired("x"))
    assert tried(ask([source], source="web", region="cn")) == [("web", "cn", "login_required")]


def test_a_region_that_the_source_has_nothing_for_is_skipped():
    source = Scripted("web", errors.LoginRequired("x"), covers=("intl",))
    assert tried(ask([source], source="web", region="intl")) == [("web", "intl", "login_required")]


def test_the_error_shown_is_that_of_the_users_own_region():
    here, there = errors.LoginRequired("here"), errors.RateLimited("there")
    outcome = ask([Scripted("web", here, there)], source="web", region="intl")
    assert outcome.error is here
    assert tried(outcome) == [("web", "intl", "login_required"), ("web", "cn", "rate_limited")]


def test_the_users_own_region_decides_whether_the_next_source_is_asked():
    web = Scripted("web", errors.LoginRequired("x"), errors.NotAuthorised("x"))
    assert ask([web, Scripted("api")], source="auto", region="intl").source == "api"


def test_of_several_sources_errors_the_first_that_is_not_about_something_missing_is_shown():
    key = errors.ApiKeyUnavailable("use the web session")
    missing = Unavailable("web", errors.MissingCredentials("no session"))
    outcome = ask([missing, Scripted("api", key, key)], source="auto", region="intl")
    assert outcome.error is key
    assert tried(outcome) == [
        ("web", "intl", "missing_credentials"),
        ("api", "intl", "api_key_unavailable"),
        ("api", "cn", "api_key_unavailable"),
    ]


def test_where_web_and_api_both_fail_the_webs_error_is_shown():
    login, key = errors.LoginRequired("x"), errors.InvalidCredentials("y")
    assert ask([Scripted("web", login, login), Scripted("api", key, key)], source="auto", region="intl").error is login


def test_where_everything_is_missing_that_is_shown():
    nothing = [Unavailable(name, errors.MissingCredentials(f"no {name}")) for name in ("web", "api")]
    outcome = ask(nothing, source="auto", region="intl")
    assert outcome.error.message == "no web"
    assert len(outcome.attempts) == 2


def test_a_source_that_cannot_be_asked_is_noted_with_its_reason_and_covers_no_region():
    outcome = ask([Unavailable("web", errors.LoginRequired("over"))], source="web", region="intl")
    assert outcome.attempts == (Attempt("web", "intl", "login_required", "over"),)


def test_a_message_is_one_clean_line_of_bounded_length():
    error = errors.ApiError("bad\x1b[31m\r\nline\u202e" + "x" * 1000, hint="do\nthis")
    outcome = ask([Scripted("web", error)], source="web", region="intl")
    message = outcome.attempts[0].message
    assert message.startswith("bad[31m linexxx")
    assert len(message) == LONGEST_MESSAGE
    assert outcome.problem == Problem("api_error", message, "do this")


def test_a_defect_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        ask([Scripted("web", ZeroDivisionError())], source="web", region="intl")


# What an HTTP answer says before its payload is read.


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
        ("120, 120", 120),
        ("60,900", 900),
        ("60, Sun, 23 Nov 2026 02:14:40 GMT", 1280),
        ("Sun, 23 Nov 2026 02:14:40 GMT, Sun, 23 Nov 2026 02:14:50 GMT", 1290),
        ("Sunday, 23-Nov-26 02:14:40 GMT, 9", 1280),
        ("soon, 120", 120),
        (",,", None),
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
def test_a_date_of_http_is_of_utc_wherever_its_reader_lives(local_time, zone, text):
    local_time(zone)
    assert retry_after(text, NOW) == 120
    answer = Answer(200, {"date": text}, b"{}")
    assert by_the_server(answer, NOW) == NOW + 120
    assert token._skew(answer, NOW) == 120


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


def test_what_is_as_short_as_a_word_is_no_secret_in_the_providers_words(provider):
    answer = provider.answer({"code": "500", "message": "bad passwd1 or passwd12"})
    with pytest.raises(ApiError) as refusal:
        reading_of(answer, "web", now=NOW, secrets=lambda: {"passwd1", "passwd12"})
    assert refusal.value.message.endswith("bad passwd1 or …")


def test_a_secret_inside_a_longer_one_leaves_nothing_of_it_behind(provider):
    answer = provider.answer({"code": "500", "message": "bad: outer-inner-inner-outer"})
    with pytest.raises(ApiError) as refusal:
        reading_of(answer, "web", now=NOW, secrets=lambda: {"inner-inner", "outer-inner-inner-outer"})
    assert refusal.value.message.endswith("bad: …")
