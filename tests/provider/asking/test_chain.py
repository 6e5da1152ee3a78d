"""The chain: which source and region is asked after which error, and what is shown in the end."""

from __future__ import annotations

import pytest

from codingplan_bar import errors
from codingplan_bar.model import Attempt, Plan, Problem, Reading, Window
from codingplan_bar.provider.chain import LONGEST_MESSAGE, Outcome, Unavailable, ask
from codingplan_bar.regions import CN, INTL

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
