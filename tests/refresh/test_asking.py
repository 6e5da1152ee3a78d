"""Asking with the sources of the settings: what is sent, what comes of it, what is kept; and each setting counts."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from codingplan_bar import snapshot, storage
from codingplan_bar.bars import tooltip
from codingplan_bar.bars.view import View
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.credentials.cookies import Cookie, CookieJar, identity
from codingplan_bar.credentials.other_tools import CodexBarEntry
from codingplan_bar.credentials.saved import SignIn, with_sign_in
from codingplan_bar.errors import ConfigError, NetworkFailure
from codingplan_bar.model import Plan, Snapshot, Window
from codingplan_bar.refresh import schedule
from codingplan_bar.refresh.session import Imported
from codingplan_bar.refresh.snapshot_to_facts import compile_facts
from codingplan_bar.refresh.sources import Question, browsers_of, client_for, with_codexbar
from codingplan_bar.refresh.store import Files
from codingplan_bar.regions import DOMESTIC
from codingplan_bar.settings.settings import SETTINGS, load
from codingplan_bar.snapshot import to_document
from codingplan_bar.transport.request import Answer

NOW = 1_795_400_000
COOKIE = {"ALIBABA_CODING_PLAN_COOKIE": "login_aliyunid_ticket=made-up-ticket"}
KEY = {"ALIBABA_CODING_PLAN_API_KEY": "sk-made-up"}
PRO = {
    "instanceName": "Pro",
    "status": "VALID",
    "codingPlanQuotaInfo": {"perWeekUsedQuota": 8, "perWeekTotalQuota": 10},
}


def answer(document, status=200, **headers):
    return Answer(status, headers, json.dumps(document).encode())


GOOD = answer({"data": {"codingPlanInstanceInfos": [PRO]}})
LOGIN = answer({"code": "ConsoleNeedLogin", "message": "You need to log in."})
PAGE = Answer(200, {"content-type": "text/html"}, b'<script>SEC_TOKEN: "made-up-token"</script>')


class Wire:
    """Stands in for the network: `web` and `api` are what a quota request gets, an exception is raised."""

    def __init__(self, web=GOOD, api=GOOD, *, page=PAGE):
        self.web = web
        self.api = api
        self.page = page
        self.sent = []
        self.deadline = None

    def __call__(self, deadline):
        """The transport of one refresh."""
        self.deadline = deadline
        return self.send

    def send(self, request):
        self.sent.append(request)
        said = self.api if "Authorization" in request.headers else self.web if request.method == "POST" else self.page
        said = said(request) if callable(said) else said
        if isinstance(said, Exception):
            raise said
        return said

    @property
    def hosts(self):
        return [urlsplit(request.url).hostname for request in self.sent]

    @property
    def cookies(self):
        return {request.headers["Cookie"] for request in self.sent if "Cookie" in request.headers}


@pytest.fixture
def home(tmp_path):
    return {"HOME": str(tmp_path)}


REAL = object()
"""The user's own browsers, those of the home."""


def no_browsers(_):
    return None


def holding(jar):
    """Browsers in which that session is found."""
    return lambda _: Imported(jar, "Firefox (work)")


@pytest.fixture
def ask(home):
    """Ask once: with an environment, settings as TOML, a wire, browsers, an entry of CodexBar's."""

    def ask(wire=None, toml="", *, browsers=no_browsers, entry=None, **environ):
        environ = home | environ
        settings = with_codexbar(load(toml, environ), entry or CodexBarEntry())
        question = Question(
            Files(environ),
            lambda: NOW,
            codexbar_entry=entry or CodexBarEntry(),
            browsers=browsers_of(environ, lambda: NOW, False) if browsers is REAL else lambda *_: browsers,
            transport=wire or Wire(),
        )
        asked = question.ask(settings)
        snapshot.check(to_document(asked.snapshot))
        return asked

    return ask


def outcomes(asked):
    return [(each.source, each.region, each.outcome) for each in asked.snapshot.attempts]


class TestTheSources:
    def test_auto_asks_by_the_web_session(self, ask):
        asked = ask(**COOKIE)
        assert outcomes(asked) == [("web", "intl", "ok")]
        assert asked.snapshot.windows == (Window("weekly", 8, 10),)

    def test_auto_goes_on_to_the_key(self, ask):
        assert outcomes(ask(Wire(web=NetworkFailure("reset")), **COOKIE, **KEY)) == [
            ("web", "intl", "network"),
            ("api", "intl", "ok"),
        ]

    def test_a_named_source_is_the_only_one(self, ask):
        for source in ("web", "api"):
            wire = Wire(web=LOGIN, api=LOGIN)
            asked = ask(wire, f'source = "{source}"\nregion_fallback = false', **COOKIE, **KEY)
            assert {each.source for each in asked.snapshot.attempts} == {source}

    def test_api_alone_opens_no_browser_and_leaves_the_kept_session(self, ask, home):
        session = Files(home).session
        storage.replace(session, "as it was")
        asked = ask(toml='source = "api"', browsers=lambda _: pytest.fail("a browser was opened"), **KEY)
        assert asked.snapshot.source == "api"
        assert session.read_text() == "as it was"

    def test_a_refused_override_ends_it_before_anything_is_read_or_sent(self, ask):
        wire = Wire()
        asked = ask(
            wire,
            browsers=lambda _: pytest.fail("a browser was opened"),
            ALIBABA_CODING_PLAN_HOST="http://a.example",
        )
        assert (asked.snapshot.error.code, outcomes(asked), wire.sent) == ("endpoint_rejected", [], [])

    def test_what_is_wrong_with_the_proxy_or_the_bundle_is_told_as_a_matter_of_configuration(self, ask):
        asked = ask(Wire(web=ConfigError("REQUESTS_CA_BUNDLE names no file"), page=ConfigError("as before")), **COOKIE)
        assert (asked.snapshot.error.code, outcomes(asked)) == ("config", [("web", "intl", "config")])

    def test_a_key_that_no_header_can_carry_is_told_where_only_the_key_is_left(self, ask):
        asked = ask(toml='source = "api"', ALIBABA_CODING_PLAN_API_KEY="a\nb")
        assert (asked.snapshot.error.code, outcomes(asked)) == ("config", [("api", "intl", "config")])

    def test_the_dashboard_is_that_of_the_region_that_answered_else_the_users_own(self, ask):
        assert "aliyun.com/cn-beijing" in ask(toml='region = "cn"', **COOKIE).snapshot.dashboard_url
        assert "aliyun.com/cn-beijing" in ask(toml='region = "cn"').snapshot.dashboard_url
        assert "alibabacloud.com/ap-southeast-1" in ask().snapshot.dashboard_url

    @pytest.mark.parametrize(("toml", "console"), [("", "aliyun.com/"), ('region = "intl"', "alibabacloud.com/")])
    def test_before_any_answer_the_dashboard_is_that_of_the_users_own_sign_in_unless_a_region_is_given(
        self, ask, home, toml, console
    ):
        own = SignIn("pipe", DOMESTIC, "cn-beijing", "made-up-token")
        storage.replace(Files(home).session, with_sign_in(None, own))
        failed = ask(Wire(web=NetworkFailure("reset"), api=NetworkFailure("reset")), toml).snapshot
        assert (failed.error.code, failed.region, failed.attempts[0].region) == ("network", None, "cn")
        assert console in failed.dashboard_url
        assert console in compile_facts(failed, None, load(toml, {}))["dashboard"]


class TestCodexBarsWord:
    ENTRY = CodexBarEntry("~/codexbar", "sk-of-codexbar", "cn", "api", "manual", "a=of-codexbar")

    def test_it_fills_in_what_the_user_has_not_said(self, ask):
        wire = Wire()
        asked = ask(wire, entry=self.ENTRY)
        assert outcomes(asked) == [("api", "cn", "ok")]
        assert wire.sent[0].headers["x-api-key"] == "sk-of-codexbar"

    def test_the_users_own_settings_win(self, ask):
        wire = Wire()
        toml = 'source = "auto"\nregion = "intl"\napi_key = "sk-own"\ncookie_source = "off"'
        assert outcomes(ask(wire, toml, entry=self.ENTRY))[-1] == ("api", "intl", "ok")
        assert wire.sent[0].headers["x-api-key"] == "sk-own"

    def test_its_header_is_used_where_it_says_manual(self, ask):
        wire = Wire()
        ask(wire, 'source = "web"', entry=self.ENTRY)
        assert wire.cookies == {"a=of-codexbar"}


class TestTheTimeToWait:
    @pytest.mark.parametrize("status", [429, 503])
    def test_it_is_passed_on(self, ask, status):
        asked = ask(Wire(web=answer({}, status, **{"retry-after": "600"})), toml='source = "web"', **COOKIE)
        assert asked.retry_after == 600

    @pytest.mark.parametrize("status", [200, 403])
    def test_it_is_that_of_an_answer_too_that_speaks_of_too_many_requests(self, ask, status):
        said = {"code": "Throttling.User", "message": "Busy.", "requestId": "1"}
        asked = ask(Wire(web=answer(said, status, **{"retry-after": "600"})), toml='source = "web"', **COOKIE)
        assert (asked.snapshot.error.code, asked.retry_after) == ("rate_limited", 600)

    @pytest.mark.parametrize("said", [{"error": "blocked"}, "<html>blocked</html>"])
    def test_a_stranger_s_is_not_heard(self, ask, said):
        asked = ask(Wire(web=answer(said, 403, **{"retry-after": "600"})), toml='source = "web"', **COOKIE)
        assert (asked.snapshot.error.code, asked.retry_after) == ("network", None)

    def test_it_is_also_heard_where_another_error_is_shown(self, ask):
        wire = Wire(web=LOGIN, api=answer({}, 429, **{"retry-after": "600"}))
        asked = ask(wire, "region_fallback = false", **COOKIE, **KEY)
        assert (asked.snapshot.error.code, asked.retry_after) == ("login_required", 600)

    def test_without_one_there_is_none(self, ask):
        assert ask(Wire(web=answer({}, 429)), toml='source = "web"', **COOKIE).retry_after is None
        assert ask(**COOKIE).retry_after is None


class TestTheKeptSession:
    JAR = CookieJar((Cookie("login_aliyunid_ticket", "monday", "alibabacloud.com"),))
    NEWER = CookieJar((Cookie("login_aliyunid_ticket", "tuesday", "alibabacloud.com"),))

    def test_an_imported_session_is_kept_with_its_token_for_the_user_alone(self, ask, home):
        ask(browsers=holding(self.JAR))
        session = Files(home).session
        kept = json.loads(session.read_text())
        assert kept["cookies"] == self.JAR.to_data()
        assert kept["kept"]["tokens"] == {"intl": "made-up-token"}
        assert session.stat().st_mode & 0o777 == 0o600

    def test_the_next_refresh_is_one_request_and_opens_no_browser(self, ask):
        ask(browsers=holding(self.JAR))
        wire = Wire()
        ask(wire, browsers=lambda _: pytest.fail("a browser was opened"))
        assert [request.method for request in wire.sent] == ["POST"]

    def test_once_it_is_turned_down_the_browsers_newer_one_takes_its_place_within_one_attempt(self, ask, home):
        ask(browsers=holding(self.JAR))
        wire = Wire(web=lambda request: GOOD if "tuesday" in request.headers["Cookie"] else LOGIN)
        asked = ask(wire, browsers=holding(self.NEWER))
        assert outcomes(asked) == [("web", "intl", "ok")]
        assert json.loads(Files(home).session.read_text())["cookies"] == self.NEWER.to_data()

    def test_without_a_newer_one_no_cookie_stays_on_the_disk(self, ask, home):
        ask(browsers=holding(self.JAR))
        asked = ask(Wire(web=LOGIN))
        assert asked.snapshot.error.code == "source_gone"  # that browser has no folder in this home
        assert "monday" not in Files(home).session.read_text()

    def test_a_session_that_was_turned_down_is_remembered_and_not_taken_again(self, ask, home):
        ask(Wire(web=LOGIN), browsers=holding(self.JAR))
        seen = []
        ask(browsers=seen.append)
        assert seen == [frozenset({identity(self.JAR)})]

    def test_one_that_has_run_out_is_imported_anew_without_a_request(self, ask):
        short = CookieJar((replace(self.JAR.cookies[0], expires_at=NOW - 1),))
        store_of = holding(CookieJar((*short.cookies, Cookie("a", "b", "alibabacloud.com", expires_at=NOW + 1))))
        ask(browsers=store_of)
        wire = Wire()
        assert outcomes(ask(wire, browsers=holding(self.NEWER))) == [("web", "intl", "ok")]

    def test_a_disk_that_is_full_costs_a_request_and_no_more(self, ask):
        assert ask(XDG_STATE_HOME="/proc/nowhere", **COOKIE).snapshot.error is None


# What each setting does, in one sentence that would fail if it did nothing.

SHOWN = Snapshot(
    NOW,
    "https://a.example/",
    "web",
    "intl",
    Plan("Pro"),
    (Window("five_hour", 8, 10), Window("weekly", 7, 10), Window("monthly", 6, 10)),
)


def view(toml):
    return View(compile_facts(SHOWN, None, load(toml, {})), NOW, {})


DISPLAY = {
    "windows": ('windows = ["monthly", "weekly"]', lambda view: [row.name for row in view.rows]),
    "show": ('show = "remaining"', lambda view: view.text),
    "format": ('format = "{plan}"', lambda view: view.text),
    "tooltip_format": ('tooltip_format = "{plan}"', tooltip.lines),
    "thresholds": ("thresholds = [10, 20]", lambda view: view.state),
    "icons": ('icons = "emoji"', lambda view: view.text),
    "language": ('language = "zh"', lambda view: view.title),
    "colors": ('colors.warning = "#123456"', lambda view: view.color),
    "theme": ('theme = "light"', lambda view: view.color),
    "refresh_interval": ("refresh_interval = 60", lambda view: view.facts["interval"]),
}


@pytest.mark.parametrize("name", DISPLAY)
def test_a_setting_of_the_display_changes_what_is_shown(name):
    toml, shown = DISPLAY[name]
    assert shown(view(toml)) != shown(view(""))


def region_asked(ask):
    wire = Wire()
    ask(wire, 'region = "cn"', **COOKIE)
    return "bailian-cs.console.aliyun.com" in wire.hosts


def no_second_region(ask):
    wire = Wire(web=LOGIN)
    ask(wire, "region_fallback = false", **COOKIE)
    return "bailian-cs.console.aliyun.com" not in wire.hosts


def source_asked(ask):
    return ask(toml='source = "api"', **COOKIE, **KEY).snapshot.source == "api"


def header_sent(ask):
    wire = Wire()
    ask(wire, 'cookie_source = "manual"\ncookie_header = "a=b"', **COOKIE)
    return wire.cookies == {"a=b"}


def no_session_used(ask):
    return ask(toml='cookie_source = "off"', **COOKIE).snapshot.error.code == "missing_credentials"


def key_sent(ask):
    wire = Wire()
    ask(wire, 'source = "api"\napi_key = "sk-of-the-settings"', **KEY)
    return wire.sent[0].headers["x-api-key"] == "sk-of-the-settings"


def time_given(ask):
    wire = Wire()
    ask(wire, "timeout = 7", **COOKIE)
    return wire.deadline.seconds == 7


def tool_run(ask):
    with tempfile.TemporaryDirectory() as folder:
        stand_in = Path(folder) / "bl"
        stand_in.write_text('#!/bin/sh\necho \'{"perWeek": {"usedQuota": 3, "totalQuota": 10}}\'\n')
        stand_in.chmod(0o700)
        asked = ask(toml=f'source = "cli"\nbl_path = "{stand_in}"')
    return asked.snapshot.windows == (Window("weekly", 3, 10),)


def stores_read(ask):
    """A damaged store of a Firefox is told of, unless only another browser is asked."""
    with tempfile.TemporaryDirectory() as folder:
        store_of_firefox = Path(folder) / ".mozilla/firefox/x.default/cookies.sqlite"
        store_of_firefox.parent.mkdir(parents=True)
        store_of_firefox.write_text("none")
        (store_of_firefox.parents[1] / "profiles.ini").write_text("[Profile0]\nPath=x.default\nIsRelative=1\n")
        settings = ('browsers = ["opera"]', "")
        said = [ask(toml=toml, browsers=REAL, HOME=folder).snapshot.error.message for toml in settings]
    return ["Firefox" in message for message in said] == [False, True]


def failure_by_the_network(toml):
    with tempfile.TemporaryDirectory() as folder:
        environ, settings = {"HOME": folder, **COOKIE}, load(f'source = "web"\nregion = "cn"\n{toml}', {})
        return client_for(Files(environ), settings, now=lambda: NOW).ask(settings).snapshot.error


def certificates_read(_):
    error = failure_by_the_network('ca_bundle = "/nonexistent"')
    return error.code == "config" and "ca_bundle" in error.message


def proxy_asked(_):
    return "proxy" in failure_by_the_network('proxy = "http://127.0.0.1:1"').message


def files_of_its_own(_):
    with tempfile.TemporaryDirectory() as folder:
        own, usual = (open_refresher({"HOME": folder, **more}).files for more in ({"CODINGPLAN_BAR_PLAN": "team"}, {}))
    return own.snapshot.name == "snapshot-token-plan-team.json" and usual.snapshot.name == "snapshot.json"


ASKING = {
    "plan": files_of_its_own,
    "ca_bundle": certificates_read,
    "proxy": proxy_asked,
    "browsers": stores_read,
    "source": source_asked,
    "region": region_asked,
    "region_fallback": no_second_region,
    "cookie_source": no_session_used,
    "cookie_header": header_sent,
    "api_key": key_sent,
    "bl_path": tool_run,
    "timeout": time_given,
}
TELLING = {"notifications", "on_threshold", "lapse_alert", "session_alert", "plan_alert"}
"""What these do is told in tests/alerts."""
OF_ONE_BAR = {"polybar_language"}
"""What these do is told in tests/looks."""


@pytest.mark.parametrize("name", ASKING)
def test_a_setting_of_the_asking_changes_what_is_asked(ask, name, programs):
    assert ASKING[name](ask)


def test_no_setting_is_taken_that_does_nothing():
    assert set(SETTINGS) == {*DISPLAY, *ASKING, *TELLING, *OF_ONE_BAR}


BLOCKED = Answer(403, {"content-type": "text/html"}, b"<html>Blocked by company policy. Log in.</html>")
SILENT = Answer(403)


class TestWhatSomethingBetweenAnswers:
    def jar(self):
        return CookieJar((Cookie("login_aliyunid_ticket", "made-up-ticket", "alibabacloud.com"),))

    @pytest.mark.parametrize("answered", [BLOCKED, SILENT], ids=["a page", "nothing"])
    def test_it_throws_no_session_away_and_the_chain_goes_on_as_after_any_failure_of_the_network(
        self, ask, home, answered
    ):
        ask(browsers=holding(self.jar()))
        before = Files(home).session.read_text()
        asked = ask(Wire(web=answered, page=answered), browsers=lambda _: pytest.fail("a browser was opened"), **KEY)
        assert outcomes(asked) == [("web", "intl", "network"), ("api", "intl", "ok")]
        assert Files(home).session.read_text() == before

    def test_what_is_shown_is_that_something_between_answered(self, ask):
        error = ask(Wire(web=BLOCKED, page=BLOCKED), **COOKIE).snapshot.error
        assert error.code == "network"
        assert error.message == "Another server answered in place of the console (HTTP status 403)."

    @pytest.mark.parametrize(("seconds", "code"), [(59, "network"), (60, "login_required")])
    def test_a_403_without_a_word_is_remembered_with_the_waiting(self, ask, home, seconds, code):
        assert ask(Wire(web=SILENT), **COOKIE).silent_since == NOW
        since = schedule.Waiting(asked_at=NOW - 1.0, silent_since=float(NOW - seconds))
        storage.replace(Files(home).waiting, schedule.dumps(since))
        asked = ask(Wire(web=SILENT), "region_fallback = false", **COOKIE)
        assert (asked.snapshot.error.code, asked.silent_since) == (code, NOW - seconds)
        assert ask(**COOKIE).silent_since == 0


def test_a_look_at_whether_there_is_a_plan_again_is_one_request(ask):
    """A look that comes every half hour has to be cheap."""
    jar = CookieJar((Cookie("login_aliyunid_ticket", "made-up-ticket", "alibabacloud.com"),))
    nothing = answer({"data": {"codingPlanInstanceInfos": []}})
    coding = 'plan = "coding-plan"'
    assert ask(Wire(web=nothing), coding, browsers=holding(jar)).snapshot.error.code == "no_plan"
    wire = Wire(web=nothing)
    ask(wire, coding, browsers=lambda _: pytest.fail("a browser was opened"))
    assert len(wire.sent) == 1
