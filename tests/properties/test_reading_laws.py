"""Laws of the payload reader: whatever comes in, a reading or an error of ours comes out."""

import json
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from codingplan_bar.errors import CodingPlanError
from codingplan_bar.model import Reading
from codingplan_bar.plans import CODING_PLAN
from codingplan_bar.provider.answers import read
from codingplan_bar.provider.bl import read_tool
from codingplan_bar.provider.envelope import ERROR_CODE, LISTINGS, MESSAGES, STATUS_CODES, WRAPPERS
from codingplan_bar.provider.payload import ACTIVES, ALIVE, ENDED, ENDS, NAMES, QUOTAS, STATUSES
from codingplan_bar.provider.values import decode
from codingplan_bar.text import clean

NOW = 1_795_400_131
LAST = 253_402_300_799

KEYS = st.sampled_from(
    [
        *sorted(CODING_PLAN.field_names),
        *QUOTAS,
        ERROR_CODE,
        *MESSAGES,
        *STATUS_CODES,
        *LISTINGS,
        *WRAPPERS,
        *ACTIVES,
        *ENDS,
        *NAMES,
        *STATUSES,
        "success",
        "failed",
        "ret",
        "per5Hour",
        "perWeek",
        "usedQuota",
        "totalQuota",
        "resetTime",
        "error",
    ]
)
TEXTS = st.text() | st.sampled_from(
    [
        *sorted(ALIVE | ENDED),
        "SUCCESS::ok",
        "FAIL::x",
        "login",
        "200",
        "2026-11-30",
        "2026-11-30T00:00:00Z",
        "12",
        "1e400",
        "[",
        "{}",
    ]
)
ATOMS = (
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.sampled_from([0, 200, 401, NOW, NOW * 1000])
)
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=8)
        | inner.map(json.dumps)
    ),
    max_leaves=40,
)


def with_numbers(totals):
    return st.fixed_dictionaries({}, optional=dict.fromkeys(sorted(CODING_PLAN.field_names), totals))


PLANS = st.fixed_dictionaries(
    {"codingPlanQuotaInfo": with_numbers(st.integers() | st.floats() | TEXTS)},
    optional=dict.fromkeys((*NAMES, *STATUSES, *ENDS), ATOMS),
)
ANSWERS = VALUES | st.lists(PLANS, max_size=3).map(lambda plans: {"data": {"codingPlanInstanceInfos": plans}})
READERS = st.sampled_from(["web", "api", "tool"])


def read_by(reader, payload):
    return read_tool(payload, now=NOW) if reader == "tool" else read(payload, now=NOW, mode=reader)


def is_safe(text):
    return all(unicodedata.category(char)[0] != "C" and (char == " " or not char.isspace()) for char in text)


def check(reading):
    assert isinstance(reading, Reading)
    assert reading.windows or reading.plan.name
    assert reading.plan.name is None or (is_safe(reading.plan.name) and 0 < len(reading.plan.name) <= 64)
    assert reading.plan.expires_at is None or 0 < reading.plan.expires_at <= LAST
    for window in reading.windows:
        assert 0 <= window.used_percent <= 100
        assert window.total > 0
        assert window.used >= 0
        assert window.resets_at is None or NOW < window.resets_at <= LAST


def check_error(error):
    assert is_safe(error.message)
    assert len(error.message) <= 30 * 42 + 100
    error.message.encode()


@given(ANSWERS, READERS)
def test_any_value_gives_a_reading_or_an_error_of_ours(payload, reader):
    try:
        check(read_by(reader, payload))
    except CodingPlanError as error:
        check_error(error)


@given(ANSWERS, READERS)
def test_any_json_text_gives_a_reading_or_an_error_of_ours(payload, reader):
    try:
        check(read_by(reader, decode(json.dumps(payload).encode())))
    except CodingPlanError as error:
        check_error(error)


@given(
    st.binary() | st.text() | st.text(alphabet='[]{}",:\\0x \n\ud800').map(lambda text: text.encode("utf-8", "replace"))
)
@example(b"[" * 5000)
@example(b"\xff" * 10)
@example("\ud800")
def test_any_bytes_and_any_text_give_a_value_or_an_error_of_ours(body):
    try:
        read_by("web", decode(body))
    except CodingPlanError as error:
        check_error(error)


@given(VALUES)
def test_a_payload_wrapped_once_more_reads_the_same(payload):
    text = json.dumps(payload)
    opened = decode(text) if isinstance(payload, dict | list) else text
    assert repr(decode(json.dumps({"data": text}))) == repr({"data": opened})


MARKUP = st.text(alphabet="&<>'\" \u0301\u0338\u0327e\u200b\u202e\n\x00\ud800\u1100\u1161\u3164\ufe0fA\u030a…")


@given(st.text() | MARKUP, st.integers(min_value=1, max_value=80))
def test_a_cleaned_text_is_clean_short_and_stays_so(text, limit):
    cleaned = clean(text, limit)
    assert clean(cleaned, limit) == cleaned
    assert len(cleaned) <= limit
    assert is_safe(cleaned)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    assert not any(unicodedata.category(char)[0] == "M" for char in cleaned[:1])


@given(st.sampled_from("&<>'\""), st.text(alphabet="\u0301\u0327\u0308\u20dd\u0903", min_size=1))
def test_no_mark_ever_follows_a_sign_of_markup(sign, marks):
    assert clean(f"a{sign}{marks}b", 80) == f"a{sign}b"


@pytest.mark.parametrize("form", ["NFD", "NFKD"])
@given(st.text(max_size=20))
def test_a_text_and_its_decomposed_form_clean_to_safe_text(form, text):
    assert is_safe(clean(unicodedata.normalize(form, text), 80))
