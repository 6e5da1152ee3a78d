"""What is kept of a sign-in, and what `logout` forgets and leaves alone."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.stand_in import PAIR, TOKEN

from codingplan_bar.credentials.cookies import CookieJar
from codingplan_bar.credentials.other_tools import KEPT, AccessKeyPair
from codingplan_bar.credentials.saved import (
    KEY,
    SavedSession,
    SignIn,
    brought_up_to_date,
    carried_over,
    kept,
    with_sign_in,
)
from codingplan_bar.refresh import session
from codingplan_bar.regions import DOMESTIC, INTERNATIONAL
from codingplan_bar.settings.editing import changed as with_change


def test_logout_forgets_it_and_says_what_it_leaves_alone(person):
    person.run("login", "--site", "intl", "--token-stdin", given=TOKEN)
    code, out, _ = person.run("logout")
    assert (code, out.startswith("The sign-in is forgotten."), person.sign_in) == (0, True, None)
    assert "Left alone: the sign-in of bl" in out
    assert person.run("logout")[1].startswith("There was no sign-in of `login` to forget.")


@pytest.mark.parametrize("options", [(), ("--all",)], ids=["one", "all"])
def test_what_failed_before_is_not_told_of_those_who_are_signed_out(person, provider, options):
    person.run("login", "--site", "intl", "--token-stdin", given=TOKEN)
    for path in person.home.rglob("snapshot*.json"):
        path.unlink()
    offline = {"ALIBABA_CODING_PLAN_HOST": "127.0.0.1:1"}
    assert "127.0.0.1" in person.run("fetch", env=offline)[1]
    person.run("logout", *options)
    out = person.run("status", env=offline)[1]
    assert "127.0.0.1" not in out
    assert ("config set cookie_source auto" if options else "codingplan-bar login") in out


@pytest.mark.parametrize(("language", "back"), [("en", "To sign in again: "), ("zh", "重新登录：")])
def test_logout_names_the_command_by_which_each_way_comes_back(person, language, back):
    env = {"CODINGPLAN_BAR_LANGUAGE": language}
    assert re.search(rf"{back}\S*codingplan-bar login$", person.run("logout", env=env)[1], re.MULTILINE)
    told = person.run("logout", "--all", env=env)[1]
    assert re.search(rf"{back}\S*codingplan-bar login$", told, re.MULTILINE)
    assert re.search(r"\S*codingplan-bar config set cookie_source auto$", told, re.MULTILINE)


SETTINGS = {
    "nothing": "",
    "another setting": '# mine\ninterval = 1 # not a setting, and not ours to judge\n[colors]\nok = "#112233"\n',
    "the setting": '# first\ncookie_source = "auto" # as it was\nlanguage = "en"\n',
    "quoted": "'cookie_source' = 'manual'\n",
    "a look-alike": 'format = """\ncookie_source = 1\n"""\n',
    "below a look-alike": 'format = """\ncookie_source = 1\n"""\ncookie_source = "auto"\n',
    "off already": 'cookie_source = "off" # mine\n',
}


@pytest.mark.parametrize("text", SETTINGS.values(), ids=SETTINGS)
def test_logout_all_switches_one_setting_off_and_leaves_the_others(text):
    changed = with_change(text, ("cookie_source",), "off")
    assert tomllib.loads(changed) == {**tomllib.loads(text), "cookie_source": "off"}
    assert set(text.splitlines()) - set(changed.splitlines()) <= {
        line for line in text.splitlines() if line.lstrip("'").startswith("cookie_source")
    }


@pytest.mark.parametrize("text", ['"a \\" quotation mark" = 1\n', "[", "a = 1\na = 2\n"])
def test_a_file_of_settings_that_is_not_plain_is_left_as_it_is(person, text):
    person.settings.parent.mkdir(parents=True)
    person.settings.write_text(text)
    code, out, _ = person.run("logout", "--all")
    assert (code, person.settings.read_text()) == (1, text)
    assert 'Put cookie_source = "off" into ~/.config/codingplan-bar/config.toml yourself' in out


def test_logout_all_leaves_no_session_and_no_number_behind(person):
    person.run("login", "--site", "intl", "--token-stdin", given=TOKEN)
    person.run("waybar", env={"CODINGPLAN_BAR_SHOW": "remaining"})
    assert "Coding Plan Pro" in person.run("text", env={"CODINGPLAN_BAR_FORMAT": "{plan}"})[1]
    code, out, _ = person.run("logout", "--all")
    assert (
        code,
        out.startswith("The sign-in is forgotten.\nThe files of the session, of the numbers and of"),
    ) == (0, True)
    left = {path.name for path in person.home.rglob("*") if path.is_file()}
    assert left == {"config.toml", "made-folders", "refresh.lock", "waiting.json"}
    assert person.settings.read_text() == 'cookie_source = "off"\n'
    assert person.settings.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("options", [(), ("--all",)], ids=["one", "all"])
def test_logout_forgets_a_sign_in_also_where_it_was_kept_for_want_of_the_usual_place(person, options):
    """As where the home folder could not be written that day."""
    (person.home / "run").mkdir()
    runtime = {"XDG_RUNTIME_DIR": str(person.home / "run")}
    shut = {**runtime, "XDG_STATE_HOME": "/dev/null/state"}
    person.run("login", "--site", "intl", "--token-stdin", given=TOKEN, env=shut)
    file = person.home / "run/codingplan-bar/session.json"
    assert TOKEN in file.read_text()
    assert person.run("logout", *options, env=runtime)[1].startswith("The sign-in is forgotten.")
    assert not file.exists() or TOKEN not in file.read_text()
    assert person.run("logout", env=shut)[1].startswith("There was no sign-in of `login` to forget.")


def test_where_nothing_was_stored_logout_claims_no_past_and_leaves_no_session(person):
    code, out, _ = person.run("logout", "--all")
    assert (
        code,
        out.startswith("There was no sign-in of `login` to forget.\nThere was no file of a session"),
    ) == (
        0,
        True,
    )
    assert not [*person.home.rglob("session.json")]


def test_logout_all_makes_a_file_with_a_secret_the_users_alone(person):
    person.settings.parent.mkdir(parents=True)
    person.settings.write_text('api_key = "sk-of-my-own"\n')
    person.settings.chmod(0o644)
    assert person.run("logout", "--all")[0] == 0
    assert person.settings.stat().st_mode & 0o777 == 0o600
    assert person.settings.read_text() == 'api_key = "sk-of-my-own"\ncookie_source = "off"\n'


def test_logout_all_says_so_where_a_variable_reads_the_browsers_all_the_same(person):
    code, out, _ = person.run("logout", "--all", env={"CODINGPLAN_BAR_COOKIE_SOURCE": "auto"})
    assert (code, "CODINGPLAN_BAR_COOKIE_SOURCE is set and wins" in out) == (1, True)


HEADER, API_KEY = "login_aliyunid_ticket=a; login_aliyunid_pk=1", "sk-of-my-own"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_logout_all_names_each_credential_that_stays_with_the_command_that_removes_it(person, language):
    person.settings.parent.mkdir(parents=True)
    person.settings.write_text(f'cookie_header = "{HEADER}"\napi_key = "{API_KEY}"\ncookie_source = "manual"\n')
    person.settings.chmod(0o600)
    variables = ("ALIBABA_CODING_PLAN_COOKIE", "DASHSCOPE_API_KEY", "CODINGPLAN_BAR_API_KEY", *PAIR)
    env = dict.fromkeys(variables, "a=b") | {"CODINGPLAN_BAR_LANGUAGE": language}
    code, out, _ = person.run("logout", "--all", env=env)
    steps = [f"config unset {name}" for name in ("cookie_header", "api_key")]
    for step in (*steps, *(f"unset {name}" for name in variables)):
        assert re.search(rf"[ ：]{step}$", out, re.MULTILINE), step
    assert code == 0
    assert "a=b" not in out
    assert "unset " not in person.run("logout", "--all", env={"CODINGPLAN_BAR_COOKIE_HEADER": ""})[1].replace(
        "config unset", ""
    )


def test_logout_all_names_what_stays_in_codexbars_file(person):
    file = person.home / ".codexbar/config.json"
    file.parent.mkdir()
    file.write_text('{"providers": [{"id": "alibaba", "apiKey": "sk-of-another"}]}')
    assert "Not removed: the api_key of CodexBar in ~/.codexbar/config.json." in person.run("logout", "--all")[1]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_of_settings_that_cannot_be_read_logout_all_says_that_it_does_not_know(person, language):
    person.settings.parent.mkdir(parents=True)
    person.settings.write_text('cookie_header = "a=b\n')
    told = {"en": "it is not known whether", "zh": "不知道其中是否有"}[language]
    assert told in person.run("logout", "--all", env={"CODINGPLAN_BAR_LANGUAGE": language})[1]


@pytest.mark.parametrize("settings", ["", f'cookie_header = "{HEADER}"\ncookie_source = "manual"\n'])
def test_after_logout_all_doctor_does_not_advise_to_undo_it(person, settings):
    person.settings.parent.mkdir(parents=True)
    person.settings.write_text(settings)
    person.run("logout", "--all")
    out = person.run("doctor")[1]
    assert "cookie_source manual" not in out
    assert out.splitlines()[-1].endswith("codingplan-bar login")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("settings", "env", "named"),
    [
        (f'cookie_source = "manual"\ncookie_header = "{HEADER}"', {}, "cookie_header config.toml"),
        ("", {"ALIBABA_CODING_PLAN_COOKIE": HEADER}, "ALIBABA_CODING_PLAN_COOKIE"),
        ('cookie_source = "off"', {"DASHSCOPE_API_KEY": API_KEY}, "DASHSCOPE_API_KEY"),
        ('source = "api"', {"CODINGPLAN_BAR_API_KEY": API_KEY}, "CODINGPLAN_BAR_API_KEY"),
        ('source = "token"', {"DASHSCOPE_API_KEY": API_KEY}, ""),
    ],
)
def test_logout_names_what_the_next_refresh_asks_with_and_no_browser_that_is_not_read(
    person, settings, env, named, language
):
    person.settings.parent.mkdir(parents=True)
    person.settings.write_text(settings)
    out = person.run("logout", env=env | {"CODINGPLAN_BAR_LANGUAGE": language})[1]
    told = re.search(r"(?:The next refresh may ask with: |下次刷新可能使用：)(.*)", out)
    assert bool(told) == bool(named)
    assert all(word in told[1] for word in named.split())
    assert not re.search("refresh reads again|下次刷新仍会读取", out)


# A sign-in in the one file that holds secrets: the rest of it stays, and so does the sign-in when the rest changes.


BY_BROWSER = SignIn("browser", INTERNATIONAL, "ap-southeast-1", "token-a", 77, 1_795_400_131, proven=True)
KEPT_PAIR = AccessKeyPair("LTAI-a", "secret-a", "sts-a")
BY_PAIR = SignIn("access_key", DOMESTIC, "cn-beijing", "", since=5, which=KEPT, pair=KEPT_PAIR)
BY_NAME = SignIn("access_key", DOMESTIC, "cn-beijing", "token-b", which="aliyun:work")
OLD = json.dumps(
    {
        "session": "ab12",
        "cookies": {"cookies": []},
        "kept": {"tokens": {"intl": "t"}, "shapes": {"intl": "reference"}},
        "origin": "Firefox",
        "turned_down": ["cd34"],
    }
)
"""The file as versions before sign-ins have written it."""


@pytest.mark.parametrize("sign_in", [BY_BROWSER, BY_PAIR, BY_NAME], ids=lambda each: each.way + each.which)
@pytest.mark.parametrize("text", [None, "", "not JSON", "[]", OLD])
def test_what_is_kept_comes_back_and_the_rest_stays(text, sign_in):
    after = with_sign_in(text, sign_in)
    assert kept(after) == sign_in
    rest = {name: value for name, value in json.loads(after).items() if name != KEY}
    assert rest == (json.loads(OLD) if text == OLD else {})
    assert kept(with_sign_in(after, None)) is None


def test_a_file_of_an_older_version_is_read_as_it_was():
    assert kept(OLD) is None
    assert session.turned_down(with_sign_in(OLD, BY_BROWSER)) == session.turned_down(OLD) == ("cd34",)
    assert carried_over(OLD, OLD) == OLD


def test_it_outlives_a_session_of_the_browser_that_is_kept_anew():
    before = with_sign_in(OLD, BY_PAIR)
    anew = session.Found(CookieJar(()), SavedSession(), "Firefox").to_text()
    assert kept(anew) is None
    after = carried_over(anew, before)
    assert kept(after) == BY_PAIR
    assert {name: value for name, value in json.loads(after).items() if name != KEY} == json.loads(anew)


BY_LATER = {
    "a way": {"way": "device", "refresh": "r-a"},
    "a region": {"region": "eu-central-1"},
    "a field": {"refresh": "r-a"},
}
"""What only a newer version knows of a sign-in: it stands beside this one, or was here before a downgrade."""


@pytest.mark.parametrize("later", BY_LATER.values(), ids=BY_LATER)
def test_what_only_a_newer_version_knows_of_a_sign_in_outlives_whatever_this_one_writes(later):
    noted = BY_BROWSER.to_data() | later
    before = json.dumps({**json.loads(OLD), KEY: noted, "later": [1]})
    anew = session.Found(CookieJar(()), SavedSession(), "Firefox").to_text()
    after = json.loads(carried_over(anew, before))
    assert (after[KEY], after["later"]) == (noted, [1])
    if sign_in := kept(before):
        after = json.loads(brought_up_to_date(before, sign_in.with_token("new", 7)))
        assert after[KEY] == noted | {"token": "new", "since": 7}
    assert json.loads(with_sign_in(before, BY_PAIR))[KEY] == BY_PAIR.to_data()


@pytest.mark.parametrize("later", BY_LATER.values(), ids=BY_LATER)
def test_a_sign_in_of_a_newer_version_outlives_a_refresh_and_is_forgotten_by_logout(person, later):
    person.run("login", "--site", "intl", "--token-stdin", given=TOKEN)
    file = person.home / ".local/state/codingplan-bar/session.json"
    file.write_text(json.dumps({KEY: json.loads(file.read_text())[KEY] | later}))
    person.run("fetch")
    assert json.loads(file.read_text())[KEY].items() >= later.items()
    assert person.run("logout")[1].startswith("The sign-in is forgotten.")
    assert KEY not in json.loads(file.read_text())


def test_no_secret_is_shown():
    assert not any(secret in repr(each) for each in (BY_BROWSER, BY_PAIR) for secret in each.secrets())
    assert BY_PAIR.secrets() == {"LTAI-a", "secret-a", "sts-a"}
    assert BY_BROWSER.secrets() == {"token-a"}


@pytest.mark.parametrize(
    "damage",
    [
        {"way": "magic"},
        {"site": "moon"},
        {"region": "mars"},
        {"way": ["browser"]},
        {"region": {}},
    ],
)
def test_a_damaged_sign_in_is_as_if_it_were_not_there(damage):
    assert kept(json.dumps({KEY: BY_BROWSER.to_data() | damage})) is None


JSON = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just([{}]) | st.just({"id": ["x"]})


@given(st.dictionaries(st.sampled_from(sorted(BY_PAIR.to_data())), JSON))
def test_whatever_stands_in_the_file_raises_nothing(damage):
    kept(json.dumps({KEY: BY_PAIR.to_data() | damage}))


def test_the_token_knows_its_site_and_account():
    token = BY_BROWSER.console_token()
    assert (token.value, token.site, token.region_id, token.switch_agent) == (
        "token-a",
        INTERNATIONAL,
        "ap-southeast-1",
        77,
    )
    renewed = BY_BROWSER.with_token("token-c", 9.7)
    assert (renewed.token, renewed.since, renewed.site) == ("token-c", 9, INTERNATIONAL)
