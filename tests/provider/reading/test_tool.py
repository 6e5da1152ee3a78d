import pytest

from codingplan_bar.errors import ApiError, BadResponse, LoginRequired, NetworkFailure
from codingplan_bar.provider.bl import raise_for_tool_error, read_tool

NOW = 1_795_400_131
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
        read_tool(payload, now=NOW)


def test_the_way_back_is_the_tools_own_sign_in():
    with pytest.raises(LoginRequired) as raised:
        raise_for_tool_error({"error": {"code": 1, "message": "NoPermission"}})
    assert "bl auth login --console" in raised.value.hint


def test_the_rolling_window_of_the_tool_has_no_reset_either():
    payload = {"per5Hour": {"usedQuota": 1, "totalQuota": 10, "resetTime": NOW * 1000}, "perWeek": None}
    (window,) = read_tool(payload, now=NOW).windows
    assert window.resets_at is None
