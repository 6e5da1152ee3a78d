"""What the console's page may deliver: one token in every form, and nothing from anybody else."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar.commands.login.listener import Parcel, fields, token_in
from codingplan_bar.regions import DOMESTIC, INTERNATIONAL

STATE = "0123456789abcdef0123456789abcdef"
TOKEN = "tok+en/with=signs.~_-"
GIVEN = {
    "access_token": TOKEN,
    "state": STATE,
    "console_site": "domestic",
    "console_region": "cn-beijing",
    "console_switch_agent": "11751362",
    "workspace_id": "ws-1",
    "base_url": "https://example.invalid/",
    "api_key": "sk-sp-somebody",
}
CAMEL = {
    "accessToken": TOKEN,
    "state": STATE,
    "consoleSite": "domestic",
    "consoleRegion": "cn-beijing",
    "consoleSwitchAgent": 11751362,
    "apiKey": "sk-sp-somebody",
}
BOUNDARY = "----made-up"
FORM, JSON, TEXT = "application/x-www-form-urlencoded", "application/json", "text/plain;charset=UTF-8"


def multipart(fields):
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()


def without_state(fields):
    return {name: value for name, value in fields.items() if name != "state"}


FORMS = {
    "query": Parcel(urlencode(GIVEN)),
    "query in camel case": Parcel(urlencode(CAMEL)),
    "query behind a second question mark": Parcel(f"state={STATE}?{urlencode(without_state(GIVEN))}"),
    "query whose plus was not encoded": Parcel(f"state={STATE}&access_token={TOKEN}&console_site=domestic"),
    "form": Parcel("", urlencode(GIVEN).encode(), FORM),
    "form, state in the query": Parcel(f"state={STATE}", urlencode(without_state(GIVEN)).encode(), FORM),
    "form without a label": Parcel("", urlencode(GIVEN).encode()),
    "JSON": Parcel("", json.dumps(GIVEN).encode(), JSON),
    "JSON in camel case": Parcel("", json.dumps(CAMEL).encode(), JSON),
    "JSON labelled as text": Parcel("", json.dumps(GIVEN).encode(), TEXT),
    "JSON labelled as a form": Parcel("", json.dumps(GIVEN).encode(), FORM),
    "JSON under data": Parcel("", json.dumps({"success": True, "data": GIVEN}).encode(), JSON),
    "JSON under data, state outside": Parcel(
        "", json.dumps({"state": STATE, "data": without_state(CAMEL)}).encode(), JSON
    ),
    "JSON, state in the query and again": Parcel(f"state={STATE}", json.dumps(GIVEN).encode(), JSON),
    "multipart": Parcel("", multipart(GIVEN), f"multipart/form-data; boundary={BOUNDARY}"),
    "multipart in camel case": Parcel("", multipart(CAMEL), f'multipart/form-data; boundary="{BOUNDARY}"'),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_brings_the_token_with_its_site(form):
    token = token_in(FORMS[form], state=STATE, site=INTERNATIONAL)
    assert (token.value, token.site, token.region_id) == (TOKEN, DOMESTIC, "cn-beijing")
    assert token.switch_agent == (None if "plus" in form else 11751362)


@pytest.mark.parametrize("form", FORMS)
def test_no_form_brings_more_than_that(form):
    assert "sk-sp-somebody" not in str(fields(FORMS[form]))
    assert "sk-sp-somebody" not in str(token_in(FORMS[form], state=STATE, site=INTERNATIONAL))
    assert TOKEN not in repr(FORMS[form])


@pytest.mark.parametrize("form", FORMS)
def test_another_state_brings_nothing(form):
    assert token_in(FORMS[form], state="f" * 32, site=DOMESTIC) is None


NOTHING = {
    "nothing": Parcel(""),
    "no state": Parcel(urlencode(without_state(GIVEN))),
    "an empty state": Parcel(urlencode(GIVEN | {"state": ""})),
    "the beginning of the state": Parcel(urlencode(GIVEN | {"state": STATE[:-1]})),
    "two states": Parcel(f"state={STATE}&{urlencode(GIVEN | {'state': 'other'})}"),
    "a wrong state in the body": Parcel(f"state={STATE}", json.dumps(GIVEN | {"state": "other"}).encode(), JSON),
    "a state that is a list": Parcel("", json.dumps(GIVEN | {"state": [STATE]}).encode(), JSON),
    "a state that is a number": Parcel("", json.dumps(GIVEN | {"state": 7}).encode(), JSON),
    "no token": Parcel(f"state={STATE}"),
    "an empty token": Parcel(f"state={STATE}&access_token="),
    "a token with a line's end": Parcel(f"state={STATE}&access_token=a%0d%0aX-Evil:1"),
    "a token that is an object": Parcel("", json.dumps({"state": STATE, "access_token": {"a": "b"}}).encode(), JSON),
    "JSON that is cut off": Parcel("", json.dumps(GIVEN).encode()[:-1], JSON),
    "JSON without an end": Parcel("", b'{"a":' * 10_000, JSON),
    "a list": Parcel("", json.dumps([GIVEN]).encode(), JSON),
    "multipart without a boundary": Parcel("", multipart(GIVEN), "multipart/form-data"),
    "more fields than anybody sends": Parcel("a=b&" * 200 + urlencode(GIVEN)),
}


@pytest.mark.parametrize("kind", NOTHING)
def test_what_is_not_a_delivery_brings_nothing(kind):
    assert token_in(NOTHING[kind], state=STATE, site=DOMESTIC) is None


@pytest.mark.parametrize(
    ("said", "site", "region"),
    [
        ({}, INTERNATIONAL, "ap-southeast-1"),
        ({"console_site": "domestic"}, DOMESTIC, "cn-beijing"),
        ({"console_site": "DOMESTIC"}, DOMESTIC, "cn-beijing"),
        ({"console_site": "moon", "console_region": "mars"}, INTERNATIONAL, "ap-southeast-1"),
        ({"console_region": "cn-beijing"}, INTERNATIONAL, "cn-beijing"),
        ({"console_site": 7, "console_region": None}, INTERNATIONAL, "ap-southeast-1"),
    ],
)
def test_the_deliverys_own_word_on_the_site_counts_where_it_is_known(said, site, region):
    body = json.dumps({"state": STATE, "access_token": "t", **said}).encode()
    token = token_in(Parcel("", body, JSON), state=STATE, site=INTERNATIONAL)
    assert (token.site, token.region_id, token.switch_agent) == (site, region, None)


@given(st.text(), st.binary(), st.sampled_from([FORM, JSON, TEXT, "multipart/form-data; boundary=a", "x"]) | st.text())
def test_whatever_comes_raises_nothing_and_brings_nothing(query, body, content_type):
    assert token_in(Parcel(query, body, content_type), state=STATE, site=DOMESTIC) is None
