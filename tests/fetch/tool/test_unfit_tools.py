"""A tool that is of no use: too old, another program of that name, out of bounds, or not to be started at all."""

from __future__ import annotations

import pytest

from codingplan_bar.errors import (
    ApiError,
    BadResponse,
    InternalError,
    MissingCredentials,
    UnknownRoute,
)
from codingplan_bar.fetch import chain, child
from codingplan_bar.model import Plan, Reading

STREAMS = pytest.mark.parametrize("stream", ["sys.stderr", "sys.stdout"])


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
    assert "does not know what it was asked for" in bl.refusal(ApiError).message


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
    assert "does not answer as the provider's tool does" in refusal.message
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
    assert "cannot be started" in bl.refusal(MissingCredentials).message


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
    outcome = chain.ask([bl.source(), Key()], source="auto", region="intl")
    assert outcome.source == "api"
    assert outcome.attempts[0].source == "cli"


def test_the_limit_is_one_mebibyte_a_stream():
    assert child.LIMIT == 1024 * 1024
