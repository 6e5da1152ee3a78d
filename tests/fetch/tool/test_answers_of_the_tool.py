"""What the tool answers with when all is well with it, and how it is asked."""

from __future__ import annotations

import json

import pytest

from codingplan_bar.errors import NoPlan
from codingplan_bar.fetch.regions import CN, INTL

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
