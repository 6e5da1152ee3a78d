"""Where the tools of Alibaba Cloud keep a pair or a token, and how a request is signed with it."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import astuple
from datetime import UTC, datetime

import pytest
from alibabacloud_tea_openapi.utils import Utils
from darabonba.request import DaraRequest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar.credentials import other_tools
from codingplan_bar.credentials.other_tools import (
    LARGEST,
    SDK,
    TOOL,
    AccessKeyPair,
    UnusableFile,
    credential,
    read_json,
    whole_number,
)
from codingplan_bar.errors import MissingCredentials
from codingplan_bar.provider.addresses import MINTING_PATH
from codingplan_bar.provider.token import ACTION, VERSION, Call, signed_headers, string_to_sign
from codingplan_bar.regions import DOMESTIC
from codingplan_bar.words.en.errors import ERRORS as ENGLISH_ERRORS
from codingplan_bar.words.errors import english, in_language
from codingplan_bar.words.zh import WORDS as CHINESE
from codingplan_bar.words.zh.errors import ERRORS as CHINESE_ERRORS

SDKS = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI-sdk", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret-sdk"}
BLS = {"BAILIAN_ACCESS_KEY_ID": "LTAI-bl", "BAILIAN_ACCESS_KEY_SECRET": "secret-bl"}
ALIYUN = {
    "current": "work",
    "profiles": [
        {"name": "home", "mode": "AK", "access_key_id": "LTAI-home", "access_key_secret": "secret-home"},
        {"name": "work", "mode": "AK", "access_key_id": "LTAI-work", "access_key_secret": "secret-work"},
        {
            "name": "sts",
            "mode": "StsToken",
            "access_key_id": "STS.id",
            "access_key_secret": "secret-sts",
            "sts_token": "token-sts",
            "sts_expiration": 1_795_500_000,
        },
        {"name": "role", "mode": "RamRoleArn", "access_key_id": "LTAI-role", "access_key_secret": "secret-role"},
    ],
}
FLAT = {"access_token": "token-flat", "console_site": "international", "console_region": "ap-southeast-1"}
PROFILES = {
    "active_config": "work",
    "access_token": "token-top",
    "console_site": "international",
    "console_region": "ap-southeast-1",
    "console_switch_agent": 1,
    "work": {"access_token": "token-work", "access_key_id": "LTAI-work", "access_key_secret": "secret-work"},
}
OLDER = {
    "accessToken": "token-old",
    "openapi_access_key_id": "LTAI-old",
    "openapi_access_key_secret": "secret-old",
    "security_token": "sts-old",
}


@pytest.fixture
def home(tmp_path):
    (tmp_path / ".aliyun").mkdir()
    (tmp_path / ".bailian").mkdir()
    return tmp_path


@pytest.fixture
def environ(home):
    return {"HOME": str(home)}


def keep(home, tool, data):
    path = home / tool / "config.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return path


def test_they_are_looked_for_in_their_order(home, environ):
    keep(home, ".aliyun", ALIYUN)
    keep(home, ".bailian", PROFILES)
    found = [other_tools.find_pair(environ | each)[0] for each in (SDKS | BLS, BLS, {})]
    (home / ".aliyun/config.json").unlink()
    found.append(other_tools.find_pair(environ)[0])
    (home / ".bailian/config.json").unlink()
    assert found == [SDK, TOOL, "aliyun:work", "bl:work"]
    assert other_tools.find_pair(environ) is None


def test_half_a_pair_is_passed_over(environ):
    assert other_tools.find_pair(environ | {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI"} | BLS)[0] == TOOL
    assert other_tools.find_pair(environ | {"ALIBABA_CLOUD_ACCESS_KEY_SECRET": "x"}) is None


def test_a_temporary_pair_comes_with_its_token(home, environ):
    keep(home, ".aliyun", ALIYUN)
    _, pair = other_tools.pair_of("aliyun:sts", environ)
    assert pair == AccessKeyPair("STS.id", "secret-sts", "token-sts", 1_795_500_000)
    variables = SDKS | {"ALIBABA_CLOUD_SECURITY_TOKEN": "token-sdk"}
    assert other_tools.pair_of(SDK, variables)[1].security_token == "token-sdk"


def test_a_profile_is_named_or_the_current_one(home, environ):
    keep(home, ".aliyun", ALIYUN)
    assert [other_tools.pair_of(which, environ)[0] for which in ("aliyun:home", "aliyun:")] == [
        "aliyun:home",
        "aliyun:work",
    ]
    assert other_tools.pair_of("aliyun:home", environ)[1].id == "LTAI-home"


@pytest.mark.parametrize(
    ("which", "step"),
    [("aliyun:nope", english("pair.make.hint", {"name": "nope"})), ("bl:nope", english("pair.none.hint"))],
)
def test_a_profile_that_was_never_there_is_made_and_not_restored(environ, which, step):
    with pytest.raises(MissingCredentials) as caught:
        other_tools.pair_of(which, environ, is_new=True)
    assert (caught.value.key, caught.value.hint) == ("pair.no_file", step)


@pytest.mark.parametrize(
    ("which", "place"),
    [
        (SDK, "ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
        (TOOL, "BAILIAN_ACCESS_KEY_ID, BAILIAN_ACCESS_KEY_SECRET"),
        ("kept", "kept"),
        ("anything", "~/.aliyun/config.json"),
    ],
)
def test_a_pair_that_is_gone_is_named(home, environ, which, place):
    keep(home, ".aliyun", ALIYUN)
    with pytest.raises(MissingCredentials) as caught:
        other_tools.pair_of(which, environ)
    assert caught.value.message == english("pair.gone", {"place": place})
    wanted = english("pair.variables.hint" if which in (SDK, TOOL) else "pair.gone.hint")
    assert caught.value.hint == wanted


@pytest.mark.parametrize(
    ("which", "key", "facts"),
    [
        ("aliyun:gone", "pair.no_profile", {"path": "~/.aliyun/config.json", "profile": "gone"}),
        ("aliyun:role", "pair.no_profile", {"path": "~/.aliyun/config.json", "profile": "role"}),
        ("bl:gone", "pair.no_file", {"path": "~/.bailian/config.json"}),
    ],
)
def test_a_profile_that_is_missing_is_named_with_its_file_and_those_that_have_a_pair(home, environ, which, key, facts):
    keep(home, ".aliyun", ALIYUN)
    with pytest.raises(MissingCredentials) as caught:
        other_tools.pair_of(which, environ)
    assert caught.value.message == english(key, facts)
    names = other_tools.profiles_of("aliyun", environ)
    assert names
    told = english("pair.gone.hint") if which == "bl:gone" else english("pair.profiles.hint", {"names": names})
    assert caught.value.hint == told
    chinese = in_language(caught.value.hint, CHINESE)
    assert chinese
    assert all(name in chinese for name in (names if which != "bl:gone" else ()))


def test_every_sentence_about_what_is_missing_ends_with_a_full_stop():
    for table, stop in ((ENGLISH_ERRORS, "."), (CHINESE_ERRORS, "。")):
        assert [key for key in table if key.startswith(("pair.", "gone.")) and not table[key].endswith(stop)] == []


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (FLAT, ("token-flat", "international", "ap-southeast-1", None)),
        (FLAT | {"console_region": "cn-beijing"}, ("token-flat", "international", "cn-beijing", None)),
        (FLAT | {"console_switch_agent": "77"}, ("token-flat", "international", "ap-southeast-1", 77)),
        (PROFILES, ("token-work", "international", "ap-southeast-1", None)),
        (PROFILES | {"active_config": "default"}, ("token-top", "international", "ap-southeast-1", 1)),
        (PROFILES | {"active_config": "gone"}, ("token-top", "international", "ap-southeast-1", 1)),
        (PROFILES | {"active_config": 7}, ("token-top", "international", "ap-southeast-1", 1)),
        (OLDER, ("token-old", "domestic", "cn-beijing", None)),
        (
            {"access_token": "t", "console_site": "moon", "console_region": "mars"},
            ("t", "domestic", "cn-beijing", None),
        ),
        (
            {"access_token": "t", "console_site": ["x"], "console_switch_agent": True},
            ("t", "domestic", "cn-beijing", None),
        ),
    ],
)
def test_the_token_that_bl_would_use(home, environ, data, wanted):
    keep(home, ".bailian", data)
    token = other_tools.bl_token(environ)
    assert (token.value, token.site.name, token.region_id, token.switch_agent) == wanted


def test_a_profile_without_a_token_has_none_of_another_profile(home, environ):
    keep(home, ".bailian", PROFILES | {"work": {"console_region": "cn-beijing"}})
    assert other_tools.bl_token(environ) is None


def test_the_older_names_of_a_pair(home, environ):
    keep(home, ".bailian", OLDER)
    which, pair = other_tools.pair_of("bl:", environ)
    assert (which, astuple(pair)) == ("bl:default", ("LTAI-old", "secret-old", "sts-old", None))


def test_the_folder_and_the_token_that_variables_name(home, environ, tmp_path):
    keep(home, ".bailian", FLAT)
    assert other_tools.bl_token(environ | {"DASHSCOPE_ACCESS_TOKEN": "passing"}).value == "passing"
    assert other_tools.bl_token(environ | {"DASHSCOPE_ACCESS_TOKEN": "passing"}).site.name == "international"
    (tmp_path / "elsewhere").mkdir()
    assert other_tools.bl_token(environ | {"BAILIAN_CONFIG_DIR": str(tmp_path / "elsewhere")}) is None


DAMAGED = [
    "",
    "{",
    "[]",
    "7",
    "\x00",
    '{"a":' * 100_000,
    "x" * (LARGEST + 1),
    "\ud800".encode("utf-8", "surrogatepass"),
]


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_named_and_costs_nothing_else(home, environ, content):
    for tool in (".bailian", ".aliyun"):
        (home / tool / "config.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UnusableFile):
        other_tools.bl_token(environ)
    assert other_tools.find_pair(environ) is None
    for which, tool in (("aliyun:", ".aliyun"), ("bl:", ".bailian")):
        with pytest.raises(MissingCredentials, match=f"~/{tool}/config.json"):
            other_tools.pair_of(which, environ)


@pytest.mark.parametrize(
    "data",
    [{"profiles": 7, "current": "a"}, {"profiles": [7, None]}, {"current": ["a"]}, {"profiles": [{"name": "a"}]}],
)
def test_another_shape_holds_no_pair(home, environ, data):
    keep(home, ".aliyun", data)
    keep(home, ".bailian", {"access_key_id": 7, "access_key_secret": ["x"], "access_token": {"a": 1}})
    assert (other_tools.find_pair(environ), other_tools.bl_token(environ)) == (None, None)


def test_a_file_of_another_owner_is_not_taken(home, environ, monkeypatch):
    path = keep(home, ".bailian", FLAT)
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(UnusableFile, match="another user"):
        other_tools.bl_token(environ)


def test_a_file_that_everybody_may_write_is_not_taken(home, environ):
    keep(home, ".bailian", FLAT).chmod(0o646)
    with pytest.raises(UnusableFile, match="every user"):
        other_tools.bl_token(environ)


def test_a_pipe_or_a_folder_in_its_place_lets_nobody_wait(home):
    os.mkfifo(home / "pipe")
    for name in ("pipe", ".aliyun"):
        with pytest.raises(UnusableFile):
            read_json(str(home / name))


def test_a_link_is_followed(home, environ):
    (home / "kept elsewhere").write_text(json.dumps(FLAT))
    (home / ".bailian/config.json").symlink_to(home / "kept elsewhere")
    assert other_tools.bl_token(environ).value == "token-flat"


def test_no_file_of_another_tool_is_touched(home, environ):
    before = [(path, path.read_bytes()) for path in (keep(home, ".aliyun", ALIYUN), keep(home, ".bailian", PROFILES))]
    other_tools.find_pair(environ)
    other_tools.bl_token(environ)
    assert [(path, path.read_bytes()) for path, _ in before] == before
    assert sorted(path.name for path in home.rglob("*")) == [".aliyun", ".bailian", "config.json", "config.json"]


@pytest.mark.parametrize("value", ["a\nb", "a b", "", "  ", "é", "\x7f", None, 7, [], "x" * 20_000])
def test_what_cannot_stand_in_a_header_is_no_credential(value):
    assert credential(value) == ""


@pytest.mark.parametrize("value", ["abc", " abc\n", '"abc"', "'abc'", ' " abc " '])
def test_what_stands_around_a_credential_goes(value):
    assert credential(value) == "abc"


@pytest.mark.parametrize(
    ("value", "wanted"), [(7, 7), ("7", 7), (True, None), (0, None), (-1, None), ("x", None), (7.0, None)]
)
def test_a_whole_number_is_one(value, wanted):
    assert whole_number(value) == wanted


# The signature: the vector of its documentation, and the provider's own library on many more.


THEN = datetime(2024, 1, 1, tzinfo=UTC).timestamp()
NONCE = "00000000-0000-4000-8000-000000000000"
PAIR = AccessKeyPair("LTAItestAK", "testSecret")
VISIBLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40)


def call_of(host=DOMESTIC.openapi, path=MINTING_PATH):
    return Call(host, path, ACTION, VERSION)


def test_the_vector():
    headers = signed_headers(call_of(), PAIR, now=THEN, nonce=NONCE)
    assert headers["Authorization"].endswith(
        "Signature=0efe27d7d7a62efb7c47fb992c4ea0955cfc16a1031c1a93c4edb896e859c4c4"
    )
    assert headers["x-acs-date"] == "2024-01-01T00:00:00Z"


def test_the_canonical_request_of_the_vector():
    headers = signed_headers(call_of(), PAIR, now=THEN, nonce=NONCE)
    signed = {name: value for name, value in headers.items() if name != "Authorization"}
    text = string_to_sign(call_of(), dict(sorted({**signed, "host": DOMESTIC.openapi}.items())))
    assert text == "ACS3-HMAC-SHA256\ne0075df56bc9c8d65e87022d8e6a1dd873f6b2a603636e5ec63bdacbbb630cbd"


@given(
    key=VISIBLE,
    secret=VISIBLE,
    temporary=st.just("") | VISIBLE,
    port=st.integers(1, 65535),
    now=st.integers(0, 4_102_444_800),
    nonce=st.uuids(version=4),
)
def test_the_providers_own_library_agrees(key, secret, temporary, port, now, nonce):
    call = call_of(f"127.0.0.1:{port}")
    ours = signed_headers(call, AccessKeyPair(key, secret, temporary), now=now, nonce=str(nonce))
    request = DaraRequest()
    request.method, request.pathname, request.query = call.method, call.path, {}
    request.headers = {"host": call.host, **{n: v for n, v in ours.items() if n != "Authorization"}}
    digest = hashlib.sha256(b"").hexdigest()
    assert ours["Authorization"] == Utils.get_authorization(request, "ACS3-HMAC-SHA256", digest, key, secret)


def test_a_temporary_pair_signs_its_token_and_a_lasting_one_has_none():
    names = [
        signed_headers(call_of(), AccessKeyPair("a", "b", token), now=THEN, nonce=NONCE)["Authorization"]
        for token in ("", "sts")
    ]
    assert ["x-acs-security-token" in each for each in names] == [False, True]
