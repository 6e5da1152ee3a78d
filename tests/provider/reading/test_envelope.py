"""The envelope around an answer, and what the gateway's words mean, each kind by several of its members."""

from __future__ import annotations

import pytest

from codingplan_bar.errors import (
    ApiError,
    BadResponse,
    CodingPlanError,
    EmptySuccess,
    LoginRequired,
    NotAuthorised,
    RateLimited,
)
from codingplan_bar.provider.answers import read
from codingplan_bar.provider.envelope import field_names, quoted, raise_for_error, unreadable
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
