"""A kept session that is turned down is dropped, the browsers are asked once more, and then the provider."""

from __future__ import annotations

import json

import pytest

from codingplan_bar.credentials.cookies import Cookie, CookieJar, PastedHeader
from codingplan_bar.credentials.saved import SavedSession
from codingplan_bar.errors import (
    ApiError,
    InvalidCredentials,
    LoginRequired,
    MissingCredentials,
    NetworkFailure,
    NoPlan,
    NotAuthorised,
)
from codingplan_bar.model import Plan, Reading
from codingplan_bar.refresh.session import Found, Imported, RenewingSource
from codingplan_bar.regions import CN, INTL

READING = Reading(Plan("Pro"))


def jar_of(day, domain="alibabacloud.com"):
    return CookieJar((Cookie("login_aliyunid_ticket", day, domain),))


MONDAY, TUESDAY = jar_of("monday"), jar_of("tuesday")


class Provider:
    """Takes some sessions; `asked` is what it was shown, by session and region."""

    def __init__(self, *good, error=LoginRequired, regions=("intl", "cn")):
        self.good = good
        self.error = error
        self.regions = regions
        self.asked = []

    def visit(self, found):
        return CheckContext(self, found)


class CheckContext:
    name = "web"

    def __init__(self, provider, found):
        self.provider = provider
        self.found = found

    def covers(self, region):
        return any(self.found.session.header_for(host, "/", 0) for host in region.hosts)

    def ask(self, region):
        if not self.covers(region):
            raise LoginRequired("no cookies for this region")
        self.provider.asked.append((self.found.session, region.name))
        if self.found.session in self.provider.good and region.name in self.provider.regions:
            return READING
        raise self.provider.error("turned down")


class Browsers:
    def __init__(self, answer):
        self.answer = answer
        self.asked = 0

    def __call__(self, turned_down):
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        self.turned_down = turned_down
        return self.answer and Imported(self.answer, "Firefox (work)")


def kept(jar=MONDAY, **what):
    return Found(jar, SavedSession(**what), "a browser", jar, was_kept=True)


def cookies_in(source):
    return json.loads(source.to_text())["cookies"]


@pytest.mark.parametrize("error", [LoginRequired, InvalidCredentials])
def test_the_newer_session_of_the_browsers_is_tried_and_kept(error):
    provider, browsers = Provider(TUESDAY, error=error), Browsers(TUESDAY)
    source = RenewingSource(kept(tokens={"intl": "old"}, shapes={"intl": "commerce"}), provider.visit, browsers)
    assert source.ask(INTL) == READING
    assert provider.asked == [(MONDAY, "intl"), (TUESDAY, "intl")]
    assert cookies_in(source) == TUESDAY.to_data()
    assert source.found.kept == SavedSession(shapes={"intl": "commerce"})  # the token was the old session's


def test_a_good_session_opens_no_browser():
    provider, browsers = Provider(MONDAY), Browsers(TUESDAY)
    source = RenewingSource(kept(), provider.visit, browsers)
    assert source.ask(INTL) == READING
    assert browsers.asked == 0
    assert cookies_in(source) == MONDAY.to_data()


@pytest.mark.parametrize("answer", [None, MONDAY, MissingCredentials("every browser is locked")])
def test_without_a_newer_one_the_old_one_is_dropped_and_the_provider_is_not_asked_again(answer):
    provider, browsers = Provider(), Browsers(answer)
    source = RenewingSource(kept(shapes={"intl": "commerce"}), provider.visit, browsers)
    with pytest.raises(LoginRequired, match="turned down"):
        source.ask(INTL)
    assert provider.asked == [(MONDAY, "intl")]
    assert cookies_in(source) is None
    assert json.loads(source.to_text())["kept"]["shapes"] == {"intl": "commerce"}


def test_the_browsers_are_asked_once_however_many_regions_turn_sessions_down():
    for answer in (None, TUESDAY):
        provider, browsers = Provider(), Browsers(answer)
        source = RenewingSource(kept(), provider.visit, browsers)
        for region in (INTL, CN):
            with pytest.raises(LoginRequired):
                source.ask(region)
        assert browsers.asked == 1


@pytest.mark.parametrize("error", [NetworkFailure, NotAuthorised, NoPlan, ApiError])
def test_any_other_error_leaves_the_session_as_it_is(error):
    provider, browsers = Provider(error=error), Browsers(TUESDAY)
    source = RenewingSource(kept(), provider.visit, browsers)
    with pytest.raises(error):
        source.ask(INTL)
    assert browsers.asked == 0
    assert cookies_in(source) == MONDAY.to_data()


def test_a_session_that_has_just_been_imported_is_not_imported_again():
    provider, browsers = Provider(), Browsers(TUESDAY)
    source = RenewingSource(Found(MONDAY, SavedSession(), "a browser", MONDAY), provider.visit, browsers)
    with pytest.raises(LoginRequired):
        source.ask(INTL)
    assert browsers.asked == 0
    assert cookies_in(source) is None


def test_a_pasted_header_is_never_replaced_by_a_browsers_session():
    provider, browsers = Provider(TUESDAY), Browsers(TUESDAY)
    source = RenewingSource(Found(PastedHeader("a=b"), SavedSession(), "the variable"), provider.visit, browsers)
    with pytest.raises(LoginRequired):
        source.ask(INTL)
    assert browsers.asked == 0


def test_a_region_that_it_has_no_cookies_for_says_nothing_about_a_session():
    china = jar_of("monday", "aliyun.com")
    provider, browsers = Provider(china), Browsers(TUESDAY)
    source = RenewingSource(kept(china), provider.visit, browsers)
    with pytest.raises(LoginRequired, match="no cookies"):
        source.ask(INTL)
    assert source.ask(CN) == READING
    assert browsers.asked == 0
    assert cookies_in(source) == china.to_data()


def both_regions(day):
    return CookieJar((*jar_of(day).cookies, *jar_of(day, "aliyun.com").cookies))


def test_where_the_account_is_known_to_live_in_the_other_region_a_steady_refresh_opens_no_browser():
    jar = both_regions("monday")
    provider, browsers = Provider(jar, regions=("cn",)), Browsers(TUESDAY)
    source = RenewingSource(kept(jar, shapes={"cn": "reference"}), provider.visit, browsers)
    with pytest.raises(LoginRequired):
        source.ask(INTL)
    assert source.ask(CN) == READING
    assert browsers.asked == 0
    assert cookies_in(source) == jar.to_data()  # one region took it: it is not over


def test_and_once_it_is_turned_down_there_too_it_is_renewed():
    old, new = both_regions("monday"), both_regions("tuesday")
    provider, browsers = Provider(new, regions=("cn",)), Browsers(new)
    source = RenewingSource(kept(old, shapes={"cn": "reference"}), provider.visit, browsers)
    with pytest.raises(LoginRequired):
        source.ask(INTL)
    assert source.ask(CN) == READING
    assert provider.asked == [(old, "intl"), (old, "cn"), (new, "cn")]
    assert cookies_in(source) == new.to_data()


def test_nothing_secret_is_in_what_a_debugger_shows():
    source = RenewingSource(kept(tokens={"intl": "the-token"}), Provider().visit, Browsers(None))
    assert "monday" not in repr(source)
    assert "the-token" not in repr(source)
