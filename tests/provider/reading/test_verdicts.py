"""What the gateway's words mean, each kind by several of its members."""

from __future__ import annotations

import pytest

from codingplan_bar.errors import ApiError, CodingPlanError, NotAuthorised, RateLimited
from codingplan_bar.provider.answers import read
from codingplan_bar.words import errors as words
from codingplan_bar.words.zh import WORDS


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
