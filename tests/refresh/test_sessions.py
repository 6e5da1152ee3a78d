"""Which session is used and for whose account, and when one is dropped and the browsers are asked once more."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codingplan_bar import snapshot
from codingplan_bar.commands.refresh import put
from codingplan_bar.credentials.cookies import Cookie, CookieJar, PastedHeader, identity
from codingplan_bar.credentials.other_tools import CodexBarEntry
from codingplan_bar.credentials.saved import SavedSession
from codingplan_bar.environment import COOKIE as VARIABLE
from codingplan_bar.errors import (
    ApiError,
    InvalidCookie,
    InvalidCredentials,
    LoginRequired,
    MissingCredentials,
    NetworkFailure,
    NoPlan,
    NotAuthorised,
)
from codingplan_bar.model import Plan, Reading, Window
from codingplan_bar.provider.http_answers import read
from codingplan_bar.provider.source_order import Outcome
from codingplan_bar.refresh import plan_search, refresh, store
from codingplan_bar.refresh.session import Found, Imported, RenewingSource, find, fingerprint
from codingplan_bar.refresh.sources import Question
from codingplan_bar.regions import CN, INTL
from codingplan_bar.settings.settings import Settings, load

HEADER = "login_aliyunid_ticket=of-the-variable"
MANUAL = "login_aliyunid_ticket=of-the-settings"
JAR = CookieJar((Cookie("login_aliyunid_ticket", "of-a-browser", "alibabacloud.com"),))
OTHER_JAR = CookieJar((Cookie("login_aliyunid_ticket", "of-another-day", "alibabacloud.com"),))
KEPT = SavedSession(tokens={"intl": "the-token"}, shapes={"intl": "commerce"})


def kept_text(session, kept=KEPT):
    return Found(session, kept, "", session if isinstance(session, CookieJar) else None).to_text()


class Browsers:
    """An import that counts how often it is asked."""

    def __init__(self, jar=None):
        self.jar = jar
        self.asked = 0

    def __call__(self, turned_down):
        self.asked += 1
        self.turned_down = turned_down
        return Imported(self.jar, "Firefox (work)") if self.jar else None


def settings_of(**values):
    return load("\n".join(f"{name} = {json.dumps(value)}" for name, value in values.items()), {})


class TestAuto:
    def test_the_variable_comes_first(self):
        browsers = Browsers(JAR)
        found = find(settings_of(cookie_header=MANUAL), {VARIABLE: HEADER}, kept_text(JAR), browsers)
        assert (found.session, found.origin, browsers.asked) == (PastedHeader(HEADER), VARIABLE, 0)

    def test_a_variable_of_white_space_is_none(self):
        assert find(settings_of(), {VARIABLE: " \n"}, kept_text(JAR), Browsers()).session == JAR

    def test_a_variable_that_is_no_header_is_told_by_its_name_and_nothing_else_is_asked(self):
        browsers = Browsers(JAR)
        with pytest.raises(InvalidCookie, match=f"in {VARIABLE} is not valid. ") as refused:
            find(settings_of(), {VARIABLE: "no-cookie-at-all"}, kept_text(JAR), browsers)
        assert "no-cookie-at-all" not in refused.value.message
        assert browsers.asked == 0

    def test_next_is_the_session_of_the_last_import_and_no_browser_is_opened(self):
        browsers = Browsers(OTHER_JAR)
        found = find(settings_of(), {}, kept_text(JAR), browsers)
        assert (found.session, found.jar, found.was_kept, found.kept) == (JAR, JAR, True, KEPT)
        assert browsers.asked == 0

    def test_last_are_the_browsers(self):
        found = find(settings_of(), {}, None, Browsers(JAR))
        assert (found.session, found.was_kept, found.kept) == (JAR, False, SavedSession())

    def test_it_never_borrows_the_manual_header_but_says_what_it_is_for(self):
        with pytest.raises(MissingCredentials) as missing:
            find(settings_of(cookie_header=MANUAL), {}, None, Browsers())
        assert "config set cookie_source manual" in missing.value.hint

    def test_a_header_that_does_not_count_yet_is_told_of_whatever_the_browsers_say(self):
        def none(_):
            raise MissingCredentials("session.none_in", hint="session.none_in.hint", browsers="Firefox", console="x")

        with pytest.raises(MissingCredentials) as missing:
            find(settings_of(cookie_header=MANUAL), {}, None, none)
        assert missing.value.hint.startswith("cookie_header is not in use yet. ")

    def test_where_the_session_is_switched_off_no_step_leads_to_the_pasted_header(self):
        with pytest.raises(MissingCredentials) as missing:
            find(settings_of(cookie_header=MANUAL, cookie_source="off"), {}, None, Browsers())
        assert "cookie_header" not in missing.value.hint

    def test_without_any_session_it_says_how_to_get_one(self):
        with pytest.raises(MissingCredentials, match="No signed-in console session") as missing:
            find(settings_of(), {}, None, Browsers())
        assert "sign in" in missing.value.hint


class TestManual:
    def test_the_header_of_the_settings_and_nothing_else(self):
        browsers = Browsers(JAR)
        found = find(
            settings_of(cookie_source="manual", cookie_header=MANUAL), {VARIABLE: HEADER}, kept_text(JAR), browsers
        )
        assert (found.session, browsers.asked) == (PastedHeader(MANUAL), 0)

    def test_a_whole_copied_command_works(self):
        command = f"curl 'https://modelstudio.console.alibabacloud.com/' \\\n  -H 'Cookie: {MANUAL}' \\\n  --compressed"
        found = find(settings_of(cookie_source="manual", cookie_header=command), {}, None, Browsers())
        assert found.session == PastedHeader(MANUAL)

    @pytest.mark.parametrize("header", ["", "  ", "nothing", "a=b\r\nX-Evil: 1"])
    def test_where_it_is_invalid_it_says_so_and_stops(self, header):
        browsers = Browsers(JAR)
        with pytest.raises(InvalidCookie, match="in cookie_header"):
            find(
                settings_of(cookie_source="manual", cookie_header=header),
                {VARIABLE: HEADER},
                kept_text(JAR),
                browsers,
            )
        assert browsers.asked == 0


def test_off_is_off():
    browsers = Browsers(JAR)
    with pytest.raises(MissingCredentials, match="cookie_source"):
        find(settings_of(cookie_source="off"), {VARIABLE: HEADER}, kept_text(JAR), browsers)
    assert browsers.asked == 0


class TestWhatIsKept:
    def test_a_token_comes_back_with_its_own_session_alone(self):
        own = find(settings_of(), {VARIABLE: HEADER}, kept_text(PastedHeader(HEADER)), Browsers())
        other = find(settings_of(), {VARIABLE: HEADER + "-new"}, kept_text(PastedHeader(HEADER)), Browsers())
        assert own.kept == KEPT
        assert other.kept == SavedSession(shapes=KEPT.shapes)

    def test_an_imported_jar_does_not_inherit_the_token_of_a_pasted_header(self):
        assert find(settings_of(), {}, kept_text(PastedHeader(HEADER)), Browsers(JAR)).kept.tokens == {}

    def test_a_pasted_header_is_not_in_the_file(self):
        text = kept_text(PastedHeader(HEADER))
        assert "of-the-variable" not in text
        assert json.loads(text)["cookies"] is None

    def test_the_fingerprint_tells_any_two_sessions_apart_and_says_nothing_of_them(self):
        sessions = [PastedHeader(HEADER), PastedHeader(MANUAL), JAR, OTHER_JAR, CookieJar(())]
        assert len({fingerprint(session) for session in sessions}) == len(sessions)
        assert fingerprint(PastedHeader("a=\ud800")).isalnum()

    def test_nothing_of_it_is_in_what_a_debugger_shows(self):
        shown = repr(find(settings_of(), {}, kept_text(JAR), Browsers()))
        assert "of-a-browser" not in shown
        assert "the-token" not in shown

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "no JSON",
            "[]",
            "null",
            "[" * 100_000,
            '{"session": 5, "cookies": "all", "kept": []}',
            '{"cookies": [{"name": "a"}]}',
            '{"kept": {"tokens": {"intl": 5}, "shapes": {}}}',
        ],
    )
    def test_a_kept_file_that_is_none_is_as_if_it_were_not_there(self, text):
        found = find(settings_of(), {}, text, Browsers(JAR))
        assert (found.session, found.kept) == (JAR, SavedSession())

    @settings(max_examples=40)
    @given(st.text(max_size=60) | st.from_regex(r'\{"(cookies|kept|session)": [\[{0-9n"][^\n]{0,20}\}', fullmatch=True))
    def test_no_kept_file_can_break_the_search(self, text):
        assert find(settings_of(), {}, text, Browsers(JAR)).session == JAR


# Accounts are told apart by a keyed fingerprint, and nothing of what an answer names them by is kept.


CANARY = "1000000000004242"
WINDOWS = (Window("weekly", 1, 100),)
NOW = 1_795_400_000
INSTANCE = {"status": "VALID", "instanceName": "Pro", "per5HourUsedQuota": 1, "per5HourTotalQuota": 9}


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ({"codingPlanInstanceInfos": [INSTANCE | {"instanceId": "sfm_codingplan-1"}]}, "sfm_codingplan-1"),
        ({"codingPlanInstanceInfos": [INSTANCE | {"instanceCode": "a", "instanceId": "b"}]}, "a"),
        ({"codingPlanInstanceInfos": [INSTANCE | {"instanceCode": "a"}], "userId": CANARY}, CANARY),
        ({"codingPlanInstanceInfos": [INSTANCE], "userId": int(CANARY)}, CANARY),
        ({"codingPlanInstanceInfos": [INSTANCE]}, None),
        ({"codingPlanInstanceInfos": [INSTANCE], "userId": True}, None),
        ({"codingPlanInstanceInfos": [INSTANCE, {"status": "EXPIRED", "instanceCode": "old"}]}, None),
    ],
)
def test_an_account_is_what_the_answer_names_it_by(answer, named):
    assert read({"data": answer}, now=NOW, mode="web").account_id == named


def test_a_fingerprint_is_the_same_each_time_and_another_for_another_account_and_machine(world, tmp_path):
    mine = world.refresher().files
    first = mine.account(CANARY)
    assert first == mine.account(CANARY) == world.refresher().files.account(CANARY)
    assert mine.account("another") != first
    assert mine.account(None) is mine.account("") is None
    elsewhere = replace(world, home=tmp_path / "elsewhere").refresher().files
    assert elsewhere.account(CANARY) != first
    assert stat.S_IMODE(mine.account_key.stat().st_mode) == 0o600
    assert CANARY not in mine.account_key.read_text()


@pytest.mark.parametrize("content", ["", "no key", "ab" * 31, "A" * 64])
def test_a_key_that_is_none_is_made_again(world, content):
    own = world.refresher().files
    own.account("a")
    own.account_key.write_text(content)
    assert own.account("a") == world.refresher().files.account("a")
    assert own.account_key.read_text() != content


def test_nothing_that_is_written_or_shown_holds_what_an_account_is_named_by(world):
    own = world.refresher().files
    question = Question(own, lambda: NOW, codexbar_entry=CodexBarEntry(), browsers=None)
    reading = Reading(Plan("Pro"), WINDOWS, (), CANARY)
    assert CANARY not in repr(reading)
    account = question._account(reading, SimpleNamespace(notes=plan_search.loads(own.texts[own.plans])))
    found = question._snapshot(Outcome((), reading, "web", "intl"), Settings(), 0, account)
    assert found.account == account != CANARY
    snapshot.check_snapshot(found)
    world.now = float(NOW)
    from codingplan_bar.history.record import Record
    from codingplan_bar.refresh.refresh import ClientAnswer

    made = world.refresher(ask=lambda _: ClientAnswer(found))
    made.witnesses = [Record(own.history).witness]
    made.refresh("always")
    written = [path for path in world.home.rglob("*") if path.is_file()]
    assert {"snapshot.json", "history.db", "bar.txt", "account.key"} <= {path.name for path in written}
    assert [path for path in written if CANARY.encode() in path.read_bytes()] == []
    (entry,) = Record(own.history).since(0)
    assert entry.account == found.account


def test_a_steady_fetch_decodes_encodes_and_checks_its_snapshot_once_each(world, monkeypatch, capfd):
    world.refresh()
    for cached in (snapshot.check_snapshot, snapshot.encoded, snapshot.document_of):
        cached.cache_clear()  # other tests may have had the same snapshot
    counts = dict.fromkeys(("decoded", "encoded", "checked"), 0)

    def counting(name, function):
        def counted(*arguments, **more):
            counts[name] += 1
            return function(*arguments, **more)

        return counted

    monkeypatch.setattr(store, "loads", counting("decoded", snapshot.loads))
    monkeypatch.setattr(snapshot, "dumps", counting("encoded", snapshot.dumps))
    monkeypatch.setattr(snapshot, "check", counting("checked", snapshot.check))
    for made in range(1, 4):
        world.after(400)
        refresher = world.refresher()
        assert put(refresher.refresh("always"), pretty=False) == 0
        assert counts == dict.fromkeys(counts, made)
    assert json.loads(capfd.readouterr().out.splitlines()[-1]) == world.stored
    assert world.facts["document"] == snapshot.encoded(refresh.snapshot.loads(world.facts["document"]))


# A kept session that is turned down is dropped, the browsers are asked once more, and then the provider.


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


class BrowsersAgain:
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
    provider, browsers = Provider(TUESDAY, error=error), BrowsersAgain(TUESDAY)
    source = RenewingSource(kept(tokens={"intl": "old"}, shapes={"intl": "commerce"}), provider.visit, browsers)
    assert source.ask(INTL) == READING
    assert provider.asked == [(MONDAY, "intl"), (TUESDAY, "intl")]
    assert cookies_in(source) == TUESDAY.to_data()
    assert source.found.kept == SavedSession(shapes={"intl": "commerce"})  # the token was the old session's


class BrowsersWith:
    """Browsers that are signed in with these sessions, the best first."""

    def __init__(self, *jars):
        self.jars = jars

    def __call__(self, turned_down):
        left = [jar for jar in self.jars if identity(jar) not in turned_down]
        if not left:
            raise LoginRequired("session.over", store="Firefox")
        return Imported(left[0], "Firefox")


def test_what_the_provider_has_turned_down_is_shown_to_it_again_only_where_somebody_asks_and_nothing_newer_is_there():
    """Its sign-in service may have failed for a minute: the browser is signed in all the while, and changes nothing."""
    over = Found(MONDAY, SavedSession(), "Firefox", MONDAY).without_session().to_text()
    with pytest.raises(LoginRequired):
        find(settings_of(), {}, over, BrowsersWith(MONDAY))
    again = find(settings_of(), {}, over, BrowsersWith(MONDAY), by_hand=True)
    assert (again.jar, again.turned_down) == (MONDAY, (identity(MONDAY),))
    assert again.without_session().turned_down == (identity(MONDAY),)
    for by_hand in (False, True):
        assert find(settings_of(), {}, over, BrowsersWith(MONDAY, TUESDAY), by_hand=by_hand).jar == TUESDAY


def test_a_good_session_opens_no_browser():
    provider, browsers = Provider(MONDAY), BrowsersAgain(TUESDAY)
    source = RenewingSource(kept(), provider.visit, browsers)
    assert source.ask(INTL) == READING
    assert browsers.asked == 0
    assert cookies_in(source) == MONDAY.to_data()


@pytest.mark.parametrize("answer", [None, MONDAY, MissingCredentials("every browser is locked")])
def test_without_a_newer_one_the_old_one_is_dropped_and_the_provider_is_not_asked_again(answer):
    provider, browsers = Provider(), BrowsersAgain(answer)
    source = RenewingSource(kept(shapes={"intl": "commerce"}), provider.visit, browsers)
    with pytest.raises(LoginRequired, match="turned down"):
        source.ask(INTL)
    assert provider.asked == [(MONDAY, "intl")]
    assert cookies_in(source) is None
    assert json.loads(source.to_text())["kept"]["shapes"] == {"intl": "commerce"}


def test_the_browsers_are_asked_once_however_many_regions_turn_sessions_down():
    for answer in (None, TUESDAY):
        provider, browsers = Provider(), BrowsersAgain(answer)
        source = RenewingSource(kept(), provider.visit, browsers)
        for region in (INTL, CN):
            with pytest.raises(LoginRequired):
                source.ask(region)
        assert browsers.asked == 1


@pytest.mark.parametrize("error", [NetworkFailure, NotAuthorised, NoPlan, ApiError])
def test_any_other_error_leaves_the_session_as_it_is(error):
    provider, browsers = Provider(error=error), BrowsersAgain(TUESDAY)
    source = RenewingSource(kept(), provider.visit, browsers)
    with pytest.raises(error):
        source.ask(INTL)
    assert browsers.asked == 0
    assert cookies_in(source) == MONDAY.to_data()


def test_a_session_that_has_just_been_imported_is_not_imported_again():
    provider, browsers = Provider(), BrowsersAgain(TUESDAY)
    source = RenewingSource(Found(MONDAY, SavedSession(), "a browser", MONDAY), provider.visit, browsers)
    with pytest.raises(LoginRequired):
        source.ask(INTL)
    assert browsers.asked == 0
    assert cookies_in(source) is None


def test_a_pasted_header_is_never_replaced_by_a_browsers_session():
    provider, browsers = Provider(TUESDAY), BrowsersAgain(TUESDAY)
    source = RenewingSource(Found(PastedHeader("a=b"), SavedSession(), "the variable"), provider.visit, browsers)
    with pytest.raises(LoginRequired):
        source.ask(INTL)
    assert browsers.asked == 0


def test_a_region_that_it_has_no_cookies_for_says_nothing_about_a_session():
    china = jar_of("monday", "aliyun.com")
    provider, browsers = Provider(china), BrowsersAgain(TUESDAY)
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
    provider, browsers = Provider(jar, regions=("cn",)), BrowsersAgain(TUESDAY)
    source = RenewingSource(kept(jar, shapes={"cn": "reference"}), provider.visit, browsers)
    with pytest.raises(LoginRequired):
        source.ask(INTL)
    assert source.ask(CN) == READING
    assert browsers.asked == 0
    assert cookies_in(source) == jar.to_data()  # one region took it: it is not over


def test_and_once_it_is_turned_down_there_too_it_is_renewed():
    old, new = both_regions("monday"), both_regions("tuesday")
    provider, browsers = Provider(new, regions=("cn",)), BrowsersAgain(new)
    source = RenewingSource(kept(old, shapes={"cn": "reference"}), provider.visit, browsers)
    with pytest.raises(LoginRequired):
        source.ask(INTL)
    assert source.ask(CN) == READING
    assert provider.asked == [(old, "intl"), (old, "cn"), (new, "cn")]
    assert cookies_in(source) == new.to_data()


def test_nothing_secret_is_in_what_a_debugger_shows():
    source = RenewingSource(kept(tokens={"intl": "the-token"}), Provider().visit, BrowsersAgain(None))
    assert "monday" not in repr(source)
    assert "the-token" not in repr(source)
