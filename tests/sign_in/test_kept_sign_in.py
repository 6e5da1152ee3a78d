"""A sign-in in the one file that holds secrets: the rest of it stays, and so does the sign-in when the rest changes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar.credentials.cookies import CookieJar
from codingplan_bar.credentials.other_tools import KEPT, AccessKeyPair
from codingplan_bar.credentials.saved import KEY, SavedSession, SignIn, carried_over, kept, with_sign_in
from codingplan_bar.refresh import session
from codingplan_bar.regions import DOMESTIC, INTERNATIONAL

BY_BROWSER = SignIn("browser", INTERNATIONAL, "ap-southeast-1", "token-a", 77, 1_795_400_131, proven=True)
PAIR = AccessKeyPair("LTAI-a", "secret-a", "sts-a")
BY_PAIR = SignIn("access_key", DOMESTIC, "cn-beijing", "", since=5, which=KEPT, pair=PAIR)
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
