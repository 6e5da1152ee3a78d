"""Every sample of tests/payloads gives what stands beside it; the envelope, and the tool's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from support.payloads import samples
from support.rows import for_each

from codingplan_bar.errors import (
    ApiError,
    BadResponse,
    CodingPlanError,
    EmptySuccess,
    LoginRequired,
    NetworkFailure,
    NotAuthorised,
    RateLimited,
)
from codingplan_bar.provider.bl import raise_for_tool_error, read_tool
from codingplan_bar.provider.envelope import field_names, quoted, raise_for_error, unreadable
from codingplan_bar.provider.http_answers import read
from codingplan_bar.provider.values import decode
from codingplan_bar.words import errors as words
from codingplan_bar.words.zh import WORDS

PAYLOAD = {"codingPlanInstanceInfos": [{"planName": "Pro"}]}


def error_of(payload, mode="web"):
    with pytest.raises((ApiError, LoginRequired, NotAuthorised, BadResponse)) as raised:
        raise_for_error(payload, mode)
    return raised.value


@pytest.mark.parametrize("code", [0, 200, 200.0, "0", "200", "Success", "OK", "ok", "", None, "00000"])
def test_a_code_of_success_is_no_error(code):
    raise_for_error({"code": code, "statusCode": code, "errorCode": code, "data": PAYLOAD}, "web")


def test_a_boolean_is_no_code():
    raise_for_error({"code": True, "statusCode": False, "data": PAYLOAD}, "web")


def test_a_word_of_success_may_be_said_by_a_text():
    assert isinstance(error_of({"success": "false", "errorMsg": "x", "data": PAYLOAD}), ApiError)
    raise_for_error({"success": "true", "failed": "false", "data": PAYLOAD}, "web")


def test_a_code_that_nobody_knows_is_no_error_where_a_payload_comes_along():
    raise_for_error({"code": "FRESH", "message": "served from a new place", "data": PAYLOAD}, "web")


@pytest.mark.parametrize("word", [{"success": False}, {"failed": True}, {"successResponse": False}])
def test_each_word_of_failure_counts_even_where_a_payload_comes_along(word):
    assert type(error_of({"code": "200", "data": PAYLOAD | word})) is ApiError


@pytest.mark.parametrize("message", ["Bring your API key", "No such API is needed any more", "No Authority was asked"])
def test_a_message_beside_a_payload_is_an_error_only_where_it_asks_for_a_login_or_a_token(message):
    raise_for_error({"code": "200", "message": message, "data": PAYLOAD}, "web")


def test_the_address_names_the_frame():
    inner = {"success": False, "errorCode": "BailianGateway.Workspace.NotAuthorised"}
    assert error_of({"data": {"DataV2": {"data": inner}}}).where == "data.DataV2.data"


def test_nothing_below_listed_instances_is_a_frame():
    listed = PAYLOAD | {"data": {"success": False, "errorCode": "BailianGateway.Login.NotLogined"}}
    raise_for_error({"data": listed}, "web")


def test_words_that_only_contain_the_letters_ask_for_no_login():
    for message in ("See the catalog information.", "Dialog input is wrong"):
        assert type(error_of({"statusCode": 500, "message": message})) is ApiError


def test_a_root_that_is_no_object_has_no_envelope():
    for payload in (5, "x", [{"code": "ConsoleNeedLogin"}]):
        raise_for_error(payload, "web")


@pytest.mark.parametrize("payload", [None, [], {}, {"data": {}}, {"data": None}, {"code": "200", "requestId": "r"}])
def test_an_answer_without_anything_is_an_empty_success(payload):
    assert type(error_of(payload)) is EmptySuccess


@pytest.mark.parametrize(
    "secret",
    [
        "sk-sp-0123456789abcdef0123456789abcdef",
        "1000000000000001",
        "13800000000",
        "3f0a9c1d-1111-4222-8333-444455556666",
        "sk-\u200bsp-01234567\u200b89abcdef",
        "QUJD+/DEF0123456789==",
    ],
)
def test_a_quoted_text_leaves_out_what_may_be_a_secret(secret):
    assert quoted(f"the key {secret} is bad") == "the key … is bad"


def test_a_quoted_text_keeps_the_words_of_an_error():
    said = "BailianGateway.Workspace.NotAuthorised: InvalidAction.NotFound (404)"
    assert quoted(said) == said


def test_a_quoted_text_is_one_line_of_at_most_200_characters():
    assert quoted("a\nb") == "a b"
    assert len(quoted("word " * 1000)) == 200


def test_field_names_are_few_short_clean_and_sorted():
    names = field_names(
        {"z\n\u202ez": {"b" * 50: 1}, "1000000000000001": [{"a": 2}]} | {f"f{i:02}": 0 for i in range(40)}
    )
    assert names == sorted(names)
    assert len(names) == 30
    assert {"z z", "…"} <= set(names)
    assert field_names({"b" * 50: 1}) == ["b" * 39 + "…"]


def test_an_unreadable_answer_is_told_by_its_names_and_never_by_its_values():
    error = unreadable({"secToken": "FAKE-token", "data": ["FAKE-value"]})
    assert error.message.endswith("Its fields: data, secToken.")
    assert "FAKE" not in error.message


def refusal(payload, mode="web"):
    with pytest.raises(CodingPlanError) as raised:
        read(payload, now=1_795_400_131, mode=mode)
    return raised.value


def failed(code):
    return {"code": "200", "data": {"success": False, "errorCode": code, "errorMsg": code}}


@pytest.mark.parametrize("mode", ["web", "api"])
@pytest.mark.parametrize(
    "payload",
    [
        failed("Throttling.User"),
        failed("Throttling"),
        failed("Throttling.Api"),
        {"code": "Throttling.User", "message": "Request was denied due to user flow control."},
        {"ret": ["FAIL_SYS_USER_VALIDATE", "RGV587_ERROR::SM::哎哟喂,被挤爆啦,请稍后重试"]},
        {"ret": ["RGV587_ERROR::SM::busy"]},
        {"success": False, "code": 429},
    ],
)
def test_what_asks_to_wait_at_200_is_rate_limited(payload, mode):
    assert type(refusal(payload, mode)) is RateLimited


@pytest.mark.parametrize("code", ["BailianGateway.Permission.Denied", "BailianGateway.Team.NotAuthorised"])
def test_a_ram_user_is_told_the_policy_and_the_role_in_both_languages(code):
    error = refusal(failed(code))
    assert type(error) is NotAuthorised
    chinese = words.error_text(error.code, error.message, error.hint, WORDS)[1]
    for hint, role in ((error.hint, "a role"), (chinese, "角色")):
        assert "AliyunCodingPlanReadOnlyAccess" in hint
        assert role in hint


def test_a_workspace_that_is_not_ones_own_is_no_matter_of_a_policy():
    error = refusal(failed("BailianGateway.Workspace.NotAuthorised"))
    assert type(error) is NotAuthorised
    assert "AliyunCodingPlanReadOnlyAccess" not in error.hint


def test_a_bad_request_is_an_error_of_the_api():
    assert type(refusal(failed("Bad Request"))) is ApiError


# Every sample of tests/payloads is read, and gives what stands beside it.


NOW = int(datetime(2026, 11, 23, 10, 15, 31, tzinfo=timezone(timedelta(hours=8))).timestamp())
SAMPLES = samples()


def in_utc(instant):
    return None if instant is None else datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_data(reading):
    """A reading as JSON would say it."""
    windows = {
        window.name: {
            "used": window.used,
            "total": window.total,
            "used_percent": round(window.used_percent, 4),
            "resets_at": in_utc(window.resets_at),
        }
        for window in reading.windows
    }
    plan = {"name": reading.plan.name, "expires_at": in_utc(reading.plan.expires_at)}
    left_out = {"left_out": list(reading.left_out)} if reading.left_out else {}
    return {"plan": plan, "windows": windows, **left_out}


def outcome_of(body, reader):
    try:
        payload = decode(body)
        reading = read_tool(payload, now=NOW) if reader == "tool" else read(payload, now=NOW, mode=reader)
    except CodingPlanError as error:
        said = {"class": type(error).__name__, "code": error.code, "message": error.message, "where": error.where}
        return {"error": said}
    return {"reading": as_data(reading)}


@for_each("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_payload_gives_what_stands_beside_it(sample, chinas_time):
    assert outcome_of(sample.body, sample.reader) == sample.expected, sample.shows


def test_each_sample_has_a_name_of_its_own_and_something_to_come_of_it():
    names = [sample.name for sample in SAMPLES]
    assert len(names) == len(set(names)) > 200
    assert all(sample.expected for sample in SAMPLES)


def test_what_a_payload_gives_holds_no_account_id_and_no_token():
    secret = ("1000000000000001", "FAKE-sec-token", "sk-sp-", "sfm_codingplan")
    assert [each.name for each in SAMPLES if any(text in str(each.expected) for text in secret)] == []


TOOL_NOW = 1_795_400_131
SECRET = "account 1000000000000001 with sk-sp-0123456789abcdef"


def test_an_answer_without_an_error_raises_none():
    raise_for_tool_error({"instanceType": "pro"})
    raise_for_tool_error({"error": None}, exit_code=0)
    raise_for_tool_error("garbage")


@pytest.mark.parametrize(
    ("exit_code", "error"),
    [(1, ApiError), (2, ApiError), (3, LoginRequired), (4, ApiError), (5, NetworkFailure), (6, NetworkFailure)],
)
def test_an_exit_code_says_enough_where_nothing_was_printed(exit_code, error):
    with pytest.raises(error):
        raise_for_tool_error(None, exit_code=exit_code)


def test_the_printed_code_weighs_more_than_the_exit_code():
    with pytest.raises(LoginRequired):
        raise_for_tool_error({"error": {"code": 3}}, exit_code=1)


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 5, 6, 99, SECRET, None, [SECRET]])
def test_what_the_tool_says_is_never_repeated(code):
    with pytest.raises((ApiError, LoginRequired, NetworkFailure)) as raised:
        raise_for_tool_error({"error": {"code": code, "message": SECRET, "hint": SECRET}})
    assert "1000" not in raised.value.message + raised.value.hint
    assert "sk-sp" not in raised.value.message + raised.value.hint


@pytest.mark.parametrize("payload", [None, [], "", 0, {"perWeek": {}}])
def test_only_an_empty_object_is_no_plan(payload):
    with pytest.raises(BadResponse):
        read_tool(payload, now=TOOL_NOW)


def test_the_way_back_is_the_tools_own_sign_in():
    with pytest.raises(LoginRequired) as raised:
        raise_for_tool_error({"error": {"code": 1, "message": "NoPermission"}})
    assert "bl auth login --console" in raised.value.hint


def test_the_rolling_window_of_the_tool_has_no_reset_either():
    payload = {"per5Hour": {"usedQuota": 1, "totalQuota": 10, "resetTime": TOOL_NOW * 1000}, "perWeek": None}
    (window,) = read_tool(payload, now=TOOL_NOW).windows
    assert window.resets_at is None
