"""The import as one refresh asks for it: the session of a browser, without those that are over, or words."""

from __future__ import annotations

import json

import pytest
from support.handmade import EXPIRED, FIREFOX, INTL, NOW, VISITED, Crumb, signed_in

from codingplan_bar.browsers import search
from codingplan_bar.credentials.cookies import identity
from codingplan_bar.credentials.other_tools import CodexBarEntry
from codingplan_bar.errors import LoginRequired, MissingCredentials
from codingplan_bar.refresh.session import BrowserImport, depends_on, regions
from codingplan_bar.refresh.snapshot_to_facts import MESSAGE_LIMIT
from codingplan_bar.refresh.sources import Question, browsers_of
from codingplan_bar.refresh.store import Files
from codingplan_bar.settings.settings import load
from codingplan_bar.transport.request import Answer, Deadline
from codingplan_bar.words.en import WORDS as ENGLISH
from codingplan_bar.words.errors import in_language
from codingplan_bar.words.zh import WORDS as CHINESE

PRO = {
    "instanceName": "Pro",
    "status": "VALID",
    "codingPlanQuotaInfo": {"perWeekUsedQuota": 8, "perWeekTotalQuota": 10},
}
GOOD = Answer(200, {}, json.dumps({"data": {"codingPlanInstanceInfos": [PRO]}}).encode())
LOGIN = Answer(200, {}, json.dumps({"code": "ConsoleNeedLogin", "message": "You need to log in."}).encode())
PAGE = Answer(200, {"content-type": "text/html"}, b'<script>SEC_TOKEN: "made-up-token"</script>')


def importing(home, toml="", **more):
    return BrowserImport(home.environ, load(toml, {}), lambda: NOW, Deadline(10), **more)


class Provider:
    """Takes the sessions of those who are `good`; `shown` is the ticket of each quota request."""

    def __init__(self, *good):
        self.good, self.shown = good, []

    def __call__(self, _deadline):
        return self.send

    def send(self, request):
        if request.method != "POST":
            return PAGE
        ticket = request.headers["Cookie"].partition("ticket-of-")[2].partition(";")[0]
        self.shown.append(ticket)
        return GOOD if ticket in self.good else LOGIN


@pytest.fixture
def ask(home):
    """Ask once, by the browsers of this home."""

    def ask(provider, toml="region_fallback = false\nsource = 'web'"):
        environ = home.environ
        question = Question(
            Files(environ),
            lambda: NOW,
            codexbar_entry=CodexBarEntry(),
            browsers=browsers_of(environ, lambda: NOW, False),
            transport=provider,
        )
        return question.ask(load(toml, {})).snapshot

    return ask


def test_the_signed_in_profile_is_given_with_its_name(home):
    home.firefox(signed_in("fred"), profile="work.default")
    imported = importing(home)(frozenset())
    assert "fred" in imported.jar.values("modelstudio.console.alibabacloud.com", NOW)["login_aliyunid_ticket"]
    assert imported.origin.startswith("Firefox")


def test_a_session_that_was_turned_down_is_left_out_and_the_next_one_is_given(home, programs):
    home.firefox(signed_in("fred"))
    home.chromium(signed_in("chris"))
    first = importing(home)(frozenset())
    second = importing(home)(frozenset({identity(first.jar)}))
    assert (first.origin[:7], second.origin[:8]) == ("Firefox", "Chromium")


def test_where_every_session_was_turned_down_the_sign_in_is_over(home):
    home.firefox(signed_in("fred"))
    spent = identity(importing(home)(frozenset()).jar)
    with pytest.raises(LoginRequired, match=r"^The console session in Firefox \(default\) has ended\.$"):
        importing(home)(frozenset({spent}))


@pytest.mark.parametrize(
    ("made", "message", "hint"),
    [
        (
            lambda home: None,
            "was found.",
            "Run `codingplan-bar login`, or sign in in your browser: https://modelstudio.console.alibabacloud.com (",
        ),
        (lambda home: home.firefox(VISITED), "was found in Firefox.", "Run `codingplan-bar login`"),
        (
            lambda home: (
                home.firefox(VISITED),
                home.chromium(VISITED, profile="a"),
                home.chromium(profile="b", crumbs=[]),
            ),
            "was found in Firefox and Chromium.",
            "sign in in your browser",
        ),
        (
            lambda home: home.chromium(signed_in("anna"), prefix=b"v11", password=b"of a keyring"),
            "was found in Chromium.",
            "The cookies of Chromium (Default) cannot be read: the keyring cannot be reached.",
        ),
        (
            lambda home: home.firefox(signed_in("anna", expires_at=EXPIRED)),
            "was found in Firefox.",
            "sign in in your browser",
        ),
    ],
    ids=["no browser", "a visitor", "two browsers", "a locked one", "an old one"],
)
def test_where_there_is_none_it_says_where_it_looked_and_what_to_do(home, made, message, hint, programs):
    made(home)
    with pytest.raises(MissingCredentials) as missing:
        importing(home)(frozenset())
    assert missing.value.message == f"No signed-in console session {message}"
    assert hint in missing.value.hint


@pytest.mark.parametrize("language", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize(
    ("toml", "console", "is_named"),
    [
        ("", "modelstudio.console.alibabacloud.com", True),
        ('region = "intl"', "modelstudio.console.alibabacloud.com", False),
        ('region = "cn"', "bailian.console.aliyun.com", False),
    ],
)
def test_where_no_region_is_given_the_step_names_the_way_of_the_china_site_too(
    home, toml, console, is_named, language, programs
):
    with pytest.raises(MissingCredentials) as missing:
        importing(home, toml)(frozenset())
    told = in_language(missing.value.hint, language)
    assert f"https://{console}" in told
    assert ("`codingplan-bar config set region cn`" in told) is is_named
    assert len(missing.value.hint) <= MESSAGE_LIMIT


REGIONS = ("", "region_fallback = false", 'region = "cn"')


def test_a_region_without_a_fallback_is_looked_for_alone():
    names = [[region.name for region in regions(load(toml, {}))] for toml in REGIONS]
    assert names == [["intl", "cn"], ["intl"], ["cn"]]


def test_a_steady_refresh_opens_no_store_and_is_one_request(home, ask, monkeypatch):
    home.firefox(signed_in("fred"))
    provider = Provider("fred")
    assert ask(provider).status == "ok"
    monkeypatch.setattr(search, "discover", lambda *_: pytest.fail("a store was looked for"))
    assert ask(provider).status == "ok"
    assert provider.shown == ["fred", "fred"]


def test_a_dead_session_is_shown_to_the_provider_once_and_a_new_sign_in_is_taken_by_itself(home, ask):
    home.firefox(signed_in("monday"))
    provider = Provider("tuesday")
    codes = [ask(provider).error.code for _ in range(3)]
    assert (codes, provider.shown) == (["login_required"] * 3, ["monday"])
    home.firefox([Crumb(INTL, "cna", "anything")])  # a page was opened: the store has changed, the session has not
    assert ask(provider).error.code == "login_required"
    assert provider.shown == ["monday"]
    (home.folder / FIREFOX / "x1y2.default/cookies.sqlite").unlink()
    home.firefox(signed_in("tuesday"))
    assert ask(provider).status == "ok"
    assert provider.shown == ["monday", "tuesday"]


def test_no_value_of_a_session_is_in_what_is_said(home, ask):
    home.firefox(signed_in("monday"))
    snapshot = ask(Provider())
    assert "monday" not in repr(snapshot)


@pytest.mark.parametrize(
    ("toml", "environ", "counts"),
    [
        ("", {}, True),
        ('source = "web"', {}, True),
        ('source = "api"', {}, False),
        ('cookie_source = "manual"', {}, False),
        ('cookie_source = "off"', {}, False),
        ("", {"ALIBABA_CODING_PLAN_COOKIE": "a=b"}, False),
    ],
)
def test_a_browser_that_writes_ends_a_waiting_where_a_session_may_come_from_it(home, toml, environ, counts):
    settings = load(toml, {})
    before = depends_on(settings, home.environ | environ)
    home.firefox(signed_in("fred"))
    assert (depends_on(settings, home.environ | environ) != before) is counts


def test_a_search_ends_with_the_refresh(home):
    late = BrowserImport(home.environ, load("", {}), lambda: NOW, Deadline(0))
    home.firefox(signed_in("fred"))
    with pytest.raises(MissingCredentials):
        late(frozenset())
