"""Claude Code's and Qwen Code's status line: ours beside the user's own, which comes out again as it was written."""

from __future__ import annotations

import json
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar.configure.panels.status_line import claude, qwen

COMMAND = "/opt/it's here/codingplan-bar"
MOVED = "/opt/b/codingplan-bar"
COMMANDS = st.text(max_size=40).filter(lambda text: "codingplan" not in text)
LAYOUTS = st.sampled_from(["{}", '{{"a": 1, "statusLine": {}}}', '{{\n  "statusLine": {},\n  "b": [1]\n}}\n'])


def command_of(text, within=None):
    settings = json.loads(text)
    return (settings[within] if within else settings)["statusLine"]["command"]


@given(own=COMMANDS, layout=LAYOUTS.filter(lambda text: text != "{}"), escaped=st.booleans())
def test_the_users_command_stays_as_it_was_written_and_comes_out_again(own, layout, escaped):
    line = json.dumps({"type": "command", "command": own, "padding": 0}, ensure_ascii=escaped)
    text = layout.format(line)
    written = claude.changed(text, COMMAND)
    assert own in command_of(written)
    assert claude.changed(written, COMMAND) == written
    moved = claude.changed(written, MOVED)
    assert COMMAND.split("'", maxsplit=1)[0] not in command_of(moved)
    assert claude.taken(written) == claude.taken(moved) == text


@pytest.mark.parametrize("own", ["cat", "cat # mine", "read -r line; printf '%s' \"$line\"", 'echo "a  \\"b\\""'])
def test_both_are_printed_on_one_line_and_the_users_reads_what_the_program_says(tmp_path, own, programs):
    program = tmp_path / "codingplan-bar"
    program.write_text("#!/bin/sh\necho 'Week 42 %'\n")
    program.chmod(0o755)
    written = claude.changed(json.dumps({"statusLine": {"type": "command", "command": own}}), str(program))
    both = run(command_of(written))
    assert both == f"{run(own)}  Week 42 %"


def run(command):
    return subprocess.run(
        ["sh", "-c", command], input="opus", capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.parametrize("editor", [claude, qwen])
@pytest.mark.parametrize("text", ["", "{}", "{}\n", '{\n  "a": 1\n}\n', '{"ui": {"b": 2}, "a": {}}'])
def test_what_was_there_comes_back_also_after_an_edit_beside_ours(editor, text):
    written = editor.changed(text, COMMAND)
    assert command_of(written, editor.within).endswith(" ansi")
    assert editor.taken(written) == text
    edited = written.replace("{", '{"mine": [1],', 1)
    rest = json.loads(editor.taken(edited))
    assert rest.pop("mine") == [1]
    assert {key: value for key, value in rest.items() if value or key != "ui"} == json.loads(text or "{}")


def test_an_edit_of_ours_stays_while_the_path_is_renewed():
    written = claude.changed("{}", COMMAND).replace(" ansi", " ansi | cut -c1-20")
    assert command_of(claude.changed(written, MOVED)) == f"{MOVED} ansi | cut -c1-20"
    assert claude.taken(written) == "{}"
