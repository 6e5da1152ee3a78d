"""What the tool answers with when all is well with it, and how it is asked."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from codingplan_bar import process
from codingplan_bar.errors import (
    ApiError,
    BadResponse,
    InternalError,
    LoginRequired,
    MissingCredentials,
    NetworkFailure,
    NoPlan,
    NotAuthorised,
    UnknownRoute,
)
from codingplan_bar.model import Plan, Reading
from codingplan_bar.provider import source_order
from codingplan_bar.regions import CN, INTL

ANSWER = "print(json.dumps(PRO, indent=2))"


def test_a_plan_with_its_three_windows_is_read(bl):
    reading = bl.behaves(ANSWER).source().ask(INTL)
    assert reading.plan.name == "pro"
    assert [(window.name, window.used, window.total, window.resets_at) for window in reading.windows] == [
        ("five_hour", 12, 6000, None),
        ("weekly", 1350, 45000, 1_795_968_000),
        ("monthly", 4500, 90000, 1_796_400_000),
    ]


def test_a_window_that_is_not_whole_is_left_out(bl):
    partial = {"per5Hour": {"usedQuota": 3, "totalQuota": 0}, "perWeek": {"usedQuota": 450, "totalQuota": 45000}}
    reading = bl.behaves(f"print(json.dumps({partial | {'perBillMonth': {}}}))").source().ask(INTL)
    assert [window.name for window in reading.windows] == ["weekly"]
    assert reading.plan.name is None


def test_an_empty_object_is_no_plan(bl):
    with pytest.raises(NoPlan):
        bl.behaves("print('{}')").source().ask(INTL)
    assert len(bl.asked) == 1


def test_the_site_is_named_for_either_region_so_that_the_last_sign_in_of_the_tool_does_not_decide(bl):
    source = bl.behaves(ANSWER).source()
    source.ask(INTL)
    source.ask(CN)
    question = ["usage", "coding-plan", "--output", "json", "--quiet"]
    assert bl.asked == [
        [*question, "--console-site", "international", "--console-region", "ap-southeast-1"],
        [*question, "--console-site", "domestic", "--console-region", "cn-beijing"],
    ]


def test_the_tool_has_no_input_no_terminal_and_a_group_of_its_own(bl):
    bl.behaves(ANSWER).source().ask(INTL)
    [note] = bl.notes()
    assert (note["input"], note["folder"]) == ("", "/")
    assert note["group"]
    assert note["session"]


def test_the_tool_sees_what_it_needs_and_no_secret_of_ours(bl):
    needed = {
        **bl.environ,
        "LANG": "zh_CN.UTF-8",
        "XDG_CONFIG_HOME": "/x",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "no_proxy": "localhost",
        "NODE_EXTRA_CA_CERTS": "/ca.pem",
        "SSL_CERT_FILE": "/ca.pem",
        "BAILIAN_CONFIG_DIR": "/elsewhere",
    }
    secrets = dict.fromkeys(
        (
            "ALIBABA_CODING_PLAN_COOKIE",
            "ALIBABA_CODING_PLAN_API_KEY",
            "ALIBABA_QWEN_API_KEY",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            "DASHSCOPE_API_KEY",
            "DASHSCOPE_ACCESS_TOKEN",
            "CODINGPLAN_BAR_COOKIE_HEADER",
            "CODINGPLAN_BAR_API_KEY",
            "AWS_SECRET_ACCESS_KEY",
            "NODE_OPTIONS",
        ),
        bl.SECRET,
    )
    bl.behaves(ANSWER).source(environ=needed | secrets).ask(INTL)
    [note] = bl.notes()
    own = {"NO_COLOR": "1", "DO_NOT_TRACK": "1", "DASHSCOPE_TIMEOUT": "15", "PATH": f"{bl.folder}:/usr/bin:/bin"}
    assert note["environ"] == needed | own
    assert bl.SECRET not in json.dumps(note)


def test_node_is_found_beside_the_tool_though_the_bar_has_another_path(bl):
    node = bl.folder / "node"
    node.write_text('#!/bin/sh\necho \'{"instanceType": "from node"}\'\n')
    node.chmod(0o755)
    bl.path.write_text("#!/usr/bin/env node\n")
    bl.path.chmod(0o755)
    assert bl.source().ask(INTL).plan.name == "from node"


BANNERS = {
    "a notice before": "print('\\n  Update available: 2.0.1 → 2.1.0\\n'); " + ANSWER,
    "a notice behind": ANSWER + "; print('\\nchanged 3 packages in 2s')",
    "colours around": "print('\\x1b[33m⚡ news\\x1b[0m \\x1b]8;;x\\x07link\\x1b]8;;\\x07'); "
    "print('\\x1b[1m' + json.dumps(PRO) + '\\x1b[0m')",
    "a warning on stderr": "print('(node:7) [DEP0040] DeprecationWarning', file=sys.stderr); " + ANSWER,
    "JSON on stderr too": "print(json.dumps({'error': {'code': 1}}), file=sys.stderr); " + ANSWER,
    "a line of a log": "print(json.dumps({'level': 'warn', 'message': 'old'})); " + ANSWER,
    "a brace that opens nothing": "print('{ not JSON'); " + ANSWER,
    "Windows' line ends": "print(json.dumps(PRO, indent=2).replace('\\n', '\\r\\n') + '\\r')",
    "the answer on stderr": "print(json.dumps(PRO), file=sys.stderr)",
    "no UTF-8 beside it": "sys.stdout.buffer.write(b'caf\\xe9\\n'); sys.stdout.flush(); " + ANSWER,
    "nothing behind the last brace": "sys.stdout.write(json.dumps(PRO))",
}


@pytest.mark.parametrize("mood", BANNERS.values(), ids=BANNERS.keys())
def test_the_answer_is_found_among_whatever_else_is_printed(bl, mood):
    assert bl.behaves(mood).source().ask(INTL).plan.name == "pro"
    assert len(bl.asked) == 1


def test_it_is_the_source_cli_and_covers_every_region(bl):
    source = bl.source()
    assert source.name == "cli"
    assert source.covers(INTL)
    assert source.covers(CN)


def test_the_environment_is_not_in_what_a_source_looks_like(bl):
    assert bl.SECRET not in repr(bl.source(environ={"HTTPS_PROXY": f"http://u:{bl.SECRET}@proxy"}))


# What the tool's complaints mean: told apart, put into our own words, and never shown raw.

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


STRANGERS = {
    "a filter's page": (1, "Console CLI gateway failed: HTTP 403 Forbidden", "<html>Blocked. Log in to ask for it."),
    "a filter's 401": (1, "Console CLI gateway failed: HTTP 401 Unauthorized", "<!DOCTYPE html><title>Sign in"),
    "a filter's JSON": (3, "Console CLI gateway failed: HTTP 403 Forbidden", '{"error": "blocked"}'),
    "a proxy's 407": (1, "Console CLI gateway failed: HTTP 407 Proxy Authentication Required", ""),
    "a network's 511": (1, "Console CLI gateway failed: HTTP 511 Network Authentication Required", "Login"),
    "a portal's page": (1, "Unexpected token '<', \"<html>Login\"... is not valid JSON", ""),
    "a portal's page of another kind": (3, 'Cannot read: <!DOCTYPE html><meta content="login">', ""),
}


@pytest.mark.parametrize(("code", "words", "body"), STRANGERS.values(), ids=STRANGERS)
def test_what_something_between_here_and_the_console_told_the_tool_is_no_sign_out(bl, code, words, body):
    bl.behaves(f"fail({code}, {words!r}, hint={body!r})")
    assert "answered in place of the console" in bl.refusal(NetworkFailure).message


@pytest.mark.parametrize("body", ["", '{"code": "ConsoleNeedLogin", "requestId": "x', '{"message":"unauthorized"}'])
def test_a_401_of_the_providers_that_the_tool_tells_of_asks_for_a_sign_in(bl, body):
    bl.behaves(f"fail(1, 'Console CLI gateway failed: HTTP 401 Unauthorized', hint={body!r})")
    bl.refusal(LoginRequired)


# A tool that is of no use: too old, another program of that name, out of bounds, or not to be started at all.


@pytest.mark.parametrize("json", [True, False])
@pytest.mark.parametrize("version", ["1.14.3", "1.15.0", "0.99.99"])
def test_a_tool_that_does_not_know_the_question_is_told_apart_by_its_version(bl, version, json):
    words = "Unknown command: bl usage coding-plan"
    mood = f"fail(2, {words!r})" if json else f"print('Error: {words}', file=sys.stderr); sys.exit(2)"
    bl.behaves(mood, version=f"print('bl {version}'); sys.exit()")
    refusal = bl.refusal(UnknownRoute)
    assert f"too old: it is version {version}" in refusal.message
    assert "1.15.1" in refusal.hint


def test_help_instead_of_an_answer_is_a_tool_that_is_too_old(bl):
    bl.behaves("print('Usage: bl <resource> ...\\n  auth login')", version="print('bl 1.2.0'); sys.exit()")
    bl.refusal(UnknownRoute)


def test_a_new_tool_that_no_longer_knows_an_option_is_no_old_one(bl):
    bl.behaves("fail(2, 'Unknown flag \"--quiet\".')", version="print('bl 3.0.0'); sys.exit()")
    assert "does not know this request" in bl.refusal(ApiError).message


OTHERS = {
    "help": "print('bl: backlight control. usage: bl [up|down]'); sys.exit(0)",
    "a complaint": "print('bl: unknown command usage ' + SECRET, file=sys.stderr); sys.exit(3)",
    "another one's version": "print('bl version 7'); sys.exit(0)",
    "nothing at all": "sys.exit(0)",
    "garbage": "sys.stdout.buffer.write(bytes(range(256)) * 100); sys.exit(0)",
    "JSON of its own": "print(json.dumps({'brightness': 40})); sys.exit(0)",
    "an error of its own": "print(json.dumps({'error': {'code': 'E7', 'message': SECRET}})); sys.exit(1)",
    "an error with a number": "print(json.dumps({'error': {'code': 404, 'message': SECRET}})); sys.exit(1)",
    "JSON that is no object": "print('[1, 2]'); sys.exit(0)",
    "a broken installation": "print('SyntaxError: Unexpected token', file=sys.stderr); sys.exit(1)",
}


@pytest.mark.parametrize("mood", OTHERS.values(), ids=OTHERS.keys())
def test_another_program_of_that_name_is_told_apart(bl, mood):
    refusal = bl.behaves(mood, version=mood).refusal(MissingCredentials)
    assert "is not Alibaba Cloud's bailian-cli" in refusal.message
    assert "bl_path" in refusal.hint


GARBAGE = {
    "nothing": "sys.exit(0)",
    "text": "print('No active Coding Plan subscription found.', SECRET)",
    "a list": "print('[{}]')",
    "half an object": "print(json.dumps(PRO)[:-20])",
    "another object": "print(json.dumps({'usage': 1, SECRET: 2}))",
    "too deep": "print('{\"a\":' * 5000 + '1' + '}' * 5000)",
    "too much of it": "print('{\"a\": [' + '1,' * 150_000 + '1]}')",
    "a number without end": "print('{\"per5Hour\": ' + '9' * 10_000 + '}')",
    "closed stdout": "os.close(1)",
}


@pytest.mark.parametrize("mood", GARBAGE.values(), ids=GARBAGE.keys())
def test_what_cannot_be_read_of_the_right_tool_is_a_bad_response(bl, mood):
    bl.behaves(mood).refusal(BadResponse)
    assert len(bl.asked) <= 2


@STREAMS
def test_ten_megabytes_are_not_read_to_their_end(bl, stream):
    bl.behaves(f"{stream}.write(SECRET * 350_000); {stream}.flush(); note('done', 1)")
    assert "1024 KiB" in bl.refusal(BadResponse).message
    assert bl.notes("done") == []


def test_a_tool_that_lacks_nodejs_says_so(bl):
    bl.path.write_text("#!/usr/bin/env there-is-no-such-node\n")
    bl.path.chmod(0o755)
    assert "Node.js" in bl.refusal(MissingCredentials).message


UNSTARTABLE = {
    "gone": lambda path: path.unlink(),
    "not executable": lambda path: path.chmod(0o644),
    "no interpreter": lambda path: path.write_text("#!/nowhere/node\n"),
    "no program": lambda path: path.write_bytes(b"\x7fELF, but not really"),
}


@pytest.mark.parametrize("spoil", UNSTARTABLE.values(), ids=UNSTARTABLE.keys())
def test_a_tool_that_cannot_be_started_is_as_good_as_none(bl, spoil):
    spoil(bl.behaves("").path)
    assert "cannot start" in bl.refusal(MissingCredentials).message


def test_a_tool_that_is_just_being_replaced_is_not_taken_for_a_missing_one(bl, tmp_path):
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF" + bytes(100))
    program.chmod(0o755)
    bl.path = program
    with program.open("ab"):
        bl.refusal(InternalError)


def test_a_tool_that_was_killed_is_an_error_of_the_tool(bl):
    bl.behaves("os.kill(os.getpid(), signal.SIGKILL)").refusal(ApiError)


class Key:
    """A source of the last resort that always answers."""

    name = "api"
    home = None

    def covers(self, region):
        return True

    def ask(self, region):
        return Reading(Plan("from the key"))


@pytest.mark.parametrize("kind", ["too old", "another program", "not signed in", "not there", "no network"])
def test_a_tool_that_is_of_no_use_does_not_keep_the_key_from_being_tried(bl, kind):
    moods = {
        "too old": ("fail(2, 'Unknown command')", "print('bl 1.14.3'); sys.exit()"),
        "another program": ("print('help')", "print('help'); sys.exit()"),
        "not signed in": ("fail(3, 'x')", ""),
        "not there": ("", ""),
        "no network": ("fail(6, 'x')", ""),
    }
    bl.behaves(*moods[kind][:1], version=moods[kind][1] or "pass")
    if kind == "not there":
        bl.path.unlink()
    outcome = source_order.ask([bl.source(), Key()], source="auto", region="intl")
    assert outcome.source == "api"
    assert outcome.attempts[0].source == "cli"


def test_the_limit_is_one_mebibyte_a_stream():
    assert process.LIMIT == 1024 * 1024


def token_plan(bl):
    return replace(bl.source(), plan="token-plan").ask(INTL)


def test_a_token_plan_is_asked_for_by_its_name_and_has_the_windows_that_are_printed(bl):
    printed = {"per1MonthPercentage": 0.3725, "per1MonthResetTime": 1_796_400_000_000}
    reading = token_plan(bl.behaves(f"print(json.dumps({printed}))"))
    assert [(each.name, each.used, each.in_percent) for each in reading.windows] == [("monthly", 37.25, True)]
    assert bl.asked[0][:2] == ["usage", "token-plan"]


@pytest.mark.parametrize(("version", "error"), [("1.15.1", UnknownRoute), ("2.1.9", UnknownRoute), ("2.2.0", NoPlan)])
def test_an_empty_object_says_nothing_of_a_token_plan_before_the_version_that_prints_the_month(bl, version, error):
    with pytest.raises(error):
        token_plan(bl.behaves("print('{}')", version=f"print('bl {version}'); sys.exit()"))
