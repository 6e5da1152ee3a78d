"""The signature: the vector of its documentation, and the provider's own library on many more."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from alibabacloud_tea_openapi.utils import Utils
from darabonba.request import DaraRequest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar.credentials.other_tools import AccessKeyPair
from codingplan_bar.provider.addresses import MINTING_PATH
from codingplan_bar.provider.token import ACTION, VERSION, Call, signed_headers, string_to_sign
from codingplan_bar.regions import DOMESTIC

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
