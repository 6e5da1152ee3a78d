"""Which session is used, and that what is kept with one is never used with another."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codingplan_bar.credentials.cookies import Cookie, CookieJar, PastedHeader
from codingplan_bar.credentials.saved import SavedSession
from codingplan_bar.environment import COOKIE as VARIABLE
from codingplan_bar.errors import InvalidCookie, MissingCredentials
from codingplan_bar.refresh.session import Found, Imported, find, fingerprint
from codingplan_bar.settings.settings import load

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
        assert missing.value.hint.startswith("cookie_header counts after ")

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
