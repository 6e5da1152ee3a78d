"""What the tool's complaints mean: told apart, put into our own words, and never shown raw."""

from __future__ import annotations

import pytest

from codingplan_bar.errors import (
    ApiError,
    LoginRequired,
    NetworkFailure,
    NotAuthorised,
)

STREAMS = pytest.mark.parametrize("stream", ["sys.stderr", "sys.stdout"])
CODES = {
    1: ApiError,
    2: ApiError,
    3: LoginRequired,
    4: ApiError,
    5: NetworkFailure,
    6: NetworkFailure,
    7: ApiError,
}
WORDS = {
    "no login": (3, "No console access token found.", LoginRequired),
    "over": (3, "Console session is not logged in or has expired.", LoginRequired),
    "NoPermission": (1, "Console gateway error: NoPermission", LoginRequired),
    "NoPermission of a renewal": (1, "NoPermission - You are not authorized to do this action.", LoginRequired),
    "NotLogined": (1, "Console gateway error: BailianGateway.Login.NotLogined", LoginRequired),
    "not this account": (1, "Console gateway error: Workspace.NotAuthorised", NotAuthorised),
    "the gateway": (1, "Console CLI gateway failed: HTTP 502 Bad Gateway", ApiError),
    "the network": (6, "Network request failed: ENOTFOUND: getaddrinfo", NetworkFailure),
}


@STREAMS
@pytest.mark.parametrize(("code", "kind"), CODES.items(), ids=map(str, CODES))
def test_each_exit_code_has_its_meaning_on_either_stream(bl, code, kind, stream):
    bl.behaves(f"fail({code}, 'for ' + SECRET, {stream})")
    bl.refusal(kind)


@pytest.mark.parametrize(("code", "words", "kind"), WORDS.values(), ids=WORDS.keys())
def test_the_words_say_what_the_code_leaves_open(bl, code, words, kind):
    bl.behaves(f"fail({code}, {words!r})")
    bl.refusal(kind)
    assert len(bl.asked) == 1


def test_who_is_not_signed_in_is_told_the_tools_own_sign_in_for_either_site(bl):
    bl.behaves("fail(3, 'Console session is not logged in or has expired.')")
    hint = bl.refusal(LoginRequired).hint
    assert "bl auth login --console" in hint
    assert "--console-site international" in hint


def test_a_warning_in_front_of_the_error_and_text_behind_it_change_nothing(bl):
    bl.behaves(
        "print('Warning: config file is corrupted; using defaults.', file=sys.stderr)\n"
        "sys.stderr.write('\\x1b[31m'); print(SECRET)\n"
        "fail(3, 'No console access token found.')"
    )
    bl.refusal(LoginRequired)


TEXTS = {
    "expired": ("\\nError:       session expired. Run `bl auth login --console`", 1, LoginRequired),
    "NoPermission": ("Error: NoPermission", 1, LoginRequired),
    "a code alone": ("something went wrong", 3, LoginRequired),
    "of Node.js": ("\\nError:       ENOSPC: no space left on device", 1, ApiError),
    "nothing": ("", 1, ApiError),
}


@pytest.mark.parametrize(("text", "code", "kind"), TEXTS.values(), ids=TEXTS.keys())
def test_an_error_in_text_is_understood_where_it_is_the_tool(bl, text, code, kind):
    bl.behaves(f"print('{text}', SECRET, file=sys.stderr); sys.exit({code})")
    bl.refusal(kind)
    assert bl.asked[1:] == [["--version"]]
