"""`logout` as it is typed: what it forgets, and what it leaves alone."""

from __future__ import annotations

import re
import tomllib

import pytest
from support.typist import TOKEN

from codingplan_bar.settings.editing import changed as with_change


def test_logout_forgets_it_and_says_what_it_leaves_alone(person):
    person.run("login", "--site", "intl", "--token-stdin", given=TOKEN)
    code, out, _ = person.run("logout")
    assert (code, out.startswith("The sign-in is forgotten."), person.sign_in) == (0, True, None)
    assert "Left alone: the sign-in of bl" in out
    assert person.run("logout")[1].startswith("There was no sign-in to forget.")


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
        out.startswith("The sign-in is forgotten.\nNo session, numbers or recorded past are stored any longer."),
    ) == (0, True)
    left = {path.name for path in person.home.rglob("*") if path.is_file()}
    assert left == {"config.toml", "made-folders", "refresh.lock", "waiting.json"}
    assert person.settings.read_text() == 'cookie_source = "off"\n'
    assert person.settings.stat().st_mode & 0o777 == 0o600


def test_where_nothing_was_stored_logout_claims_no_past_and_leaves_no_session(person):
    code, out, _ = person.run("logout", "--all")
    assert (
        code,
        out.startswith("There was no sign-in to forget.\nNo session, numbers or recorded past were"),
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
