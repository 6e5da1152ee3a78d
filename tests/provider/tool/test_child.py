"""A program that is run to its end, an answer that is found in what it printed, and the provider's own tool."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machine import crowd

from codingplan_bar.credentials.other_tools import login_file, program_of_bl
from codingplan_bar.errors import ConfigError, LoginRequired, MissingCredentials, NetworkFailure, UnknownRoute
from codingplan_bar.process import Finished, run
from codingplan_bar.provider.bl import ToolSource, answer_in, environment, find, is_certain, version_in
from codingplan_bar.regions import CN, INTL
from codingplan_bar.transport.request import Deadline

ENDLESS = "while True: time.sleep(9)"
IGNORES = "for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)\n"
STARTS = "child = os.fork()\nif not child:\n    note('grandchild', os.getpid())\n    {fate}\n    os._exit(0)\n"
WAITS = "while not os.path.exists(folder + '/grandchild'): time.sleep(0.01)\n"


def seconds_of(work):
    start = time.monotonic()
    work()
    return time.monotonic() - start


def refused(bl, seconds=0.4):
    def work():
        with pytest.raises(NetworkFailure) as refusal:
            bl.source(seconds=seconds).ask(INTL)
        assert refusal.value.message.startswith("The program `bl` gave no answer within 0.")

    return work


SLOW = {
    "silent": ENDLESS,
    "deaf to signals": IGNORES + ENDLESS,
    "dripping": "while True: print('.', flush=True); time.sleep(0.01)",
    "with both streams closed": "os.close(1); os.close(2)\n" + ENDLESS,
    "with an answer, but no end": "print(json.dumps(PRO), flush=True)\n" + ENDLESS,
    "stopped": "os.kill(os.getpid(), signal.SIGSTOP)",
}


@pytest.mark.parametrize("mood", SLOW.values(), ids=SLOW.keys())
def test_the_deadline_holds_whatever_the_tool_does(bl, gone, open_files, mood):
    before = open_files()
    bl.behaves("note('pid', os.getpid())\n" + mood)
    assert 0.3 < seconds_of(refused(bl)) < 3 * crowd()
    assert all(gone(pid) for pid in bl.notes("pid"))
    assert open_files() <= before


def test_a_refresh_that_has_no_time_left_starts_nothing(bl):
    with pytest.raises(NetworkFailure, match="No answer came within 0 s") as refusal:
        bl.behaves(ENDLESS).source(seconds=0).ask(INTL)
    assert bl.asked == []
    assert "tool" not in refusal.value.message


class Left:
    """A deadline with so many seconds left, each time that it is asked."""

    def __init__(self, *seconds):
        self.seconds = list(seconds)

    def remaining(self):
        return self.seconds.pop(0)


def test_the_question_for_its_version_gets_what_is_left_of_the_time(bl):
    bl.behaves("print('?')", version=ENDLESS)

    def work():
        with pytest.raises(NetworkFailure):
            bl.source(deadline=Left(9, 0.3)).ask(INTL)

    assert 0.3 < seconds_of(work) < 6 * crowd()


def test_a_grandchild_is_killed_with_the_tool(bl, gone):
    bl.behaves(STARTS.format(fate=ENDLESS) + WAITS + ENDLESS)
    refused(bl, seconds=0.9)()
    [grandchild] = bl.notes("grandchild")
    assert gone(grandchild)


@pytest.mark.parametrize("streams", ["held open", "closed"])
def test_an_answer_is_taken_at_once_though_a_grandchild_goes_on_and_that_one_is_killed(bl, gone, streams):
    closing = "os.close(1); os.close(2)\n    " if streams == "closed" else ""
    bl.behaves(STARTS.format(fate=closing + ENDLESS) + WAITS + "print(json.dumps(PRO))")
    assert seconds_of(lambda: bl.source(seconds=8).ask(INTL)) < 4 * crowd()
    [grandchild] = bl.notes("grandchild")
    assert gone(grandchild)


def test_a_grandchild_that_has_left_the_group_does_not_hold_the_answer_up(bl):
    bl.behaves(STARTS.format(fate="os.setsid(); note('away', 1)\n    time.sleep(3)") + WAITS + "print(json.dumps(PRO))")
    assert seconds_of(lambda: bl.source(seconds=8).ask(INTL)) < 4 * crowd()
    [grandchild] = bl.notes("grandchild")
    os.kill(grandchild, signal.SIGKILL)


def test_no_dead_process_and_no_open_file_stays_behind(bl, open_files):
    before = open_files()
    bl.behaves("note('pid', os.getpid()); print(json.dumps(PRO))").source().ask(INTL)
    for pid in bl.notes("pid"):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert open_files() <= before


def test_a_tool_that_closes_its_streams_early_is_waited_for(bl):
    bl.behaves("print(json.dumps(PRO), flush=True); os.close(1); os.close(2); time.sleep(0.2); note('done', 1)")
    assert bl.source().ask(INTL).plan.name == "pro"
    assert bl.notes("done") == [1]


def test_an_interrupt_ends_the_tool_too(bl, gone):
    """As by Ctrl-C on a terminal, which reaches this program alone: the tool has a session of its own."""
    bl.behaves("note('pid', os.getpid())\n" + ENDLESS)
    script = (
        "import signal; from codingplan_bar import process as child\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"child.run([{str(bl.path)!r}], environ={{}}, seconds=20)"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE)
    end = time.monotonic() + 5
    while not bl.notes("pid") and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=5)
    assert b"KeyboardInterrupt" in said
    [pid] = bl.notes("pid")
    assert gone(pid)


def python(code, **more):
    return run([sys.executable, "-IS", "-c", code], environ={"LC_ALL": "C"}, **({"seconds": 5} | more))


def test_what_is_printed_and_how_it_ended_is_told(programs):
    finished = python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(7)")
    assert finished == ("exit", 7, b"out\n", b"err\n")


def test_what_is_typed_for_us_is_not_for_the_program(programs):
    code = "child.run([sys.executable, '-c', 'import sys; print(sys.stdin.read())'], environ={}, seconds=5).stdout"
    script = f"import sys; from codingplan_bar import process as child; print({code})"
    done = subprocess.run([sys.executable, "-c", script], input=b"typed", capture_output=True, check=True)
    assert done.stdout == b"b'\\n'\n"


def test_a_signal_is_a_negative_exit_code(programs):
    assert python("import os; os.kill(os.getpid(), 15)").exit_code == -signal.SIGTERM


@pytest.mark.parametrize("length", [999, 1000, 1001])
def test_the_limit_itself_may_be_printed(length, programs):
    finished = python(f"print('x' * {length}, end='')", limit=1000)
    assert finished.ending == ("flood" if length > 1000 else "exit")
    assert finished.stdout == b"x" * min(length, 1000)


def test_all_is_read_of_a_program_that_prints_much_and_ends_at_once(programs):
    for _ in range(5):
        finished = python("import os; os.write(2, b'y' * 60_000); os.write(1, b'x' * 60_000); os._exit(0)")
        assert (len(finished.stdout), len(finished.stderr)) == (60_000, 60_000)


def test_a_full_pipe_on_one_stream_does_not_block_the_other(programs):
    finished = python("import sys; sys.stderr.write('y' * 900_000); sys.stderr.flush(); print('x' * 900_000)")
    assert (finished.ending, len(finished.stdout), len(finished.stderr)) == ("exit", 900_001, 900_000)


def test_a_program_that_is_not_there_is_an_oserror(programs):
    with pytest.raises(FileNotFoundError):
        run(["/nowhere/bl"], environ={}, seconds=1)


# Laws of finding an answer in what was printed.


ANSWERS = st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.integers(), st.text(max_size=9)), max_size=4)
NOISE = st.lists(
    st.text(st.characters(exclude_characters="\x1b\n")).filter(lambda line: "{" not in line[:40].lstrip()[:1])
)
PIECES = st.lists(st.sampled_from([b"{", b"}", b"\n", b'"', b"error", b":", b"\x1b[", b"[", b"\xff", b"1", b",", b" "]))


def printed(stdout=b"", stderr=b"", code=0):
    return Finished("exit", code, stdout, stderr)


@settings(max_examples=50)
@given(ANSWERS, NOISE, NOISE, st.sampled_from([None, 2]))
def test_an_object_is_found_between_any_other_lines(answer, before, behind, indent):
    text = "\n".join([*before, json.dumps(answer, indent=indent), *behind])
    assert answer_in(printed(text.encode("utf-8", "replace"))) == reread(answer)


def reread(answer):
    """As it is read: a text that is itself an object or a list is opened."""
    return {key: opened(value) for key, value in answer.items()}


def opened(value):
    try:
        inner = json.loads(value) if isinstance(value, str) and value.lstrip()[:1] in ("{", "[") else value
    except ValueError:
        return value
    return inner


@settings(max_examples=50)
@given(PIECES.map(b"".join), PIECES.map(b"".join), st.integers(-9, 9))
def test_no_output_at_all_is_too_strange(stdout, stderr, code):
    answer = answer_in(printed(stdout, stderr, code))
    assert answer is None or isinstance(answer, dict)
    assert is_certain(answer, code) in (True, False)


@pytest.mark.parametrize(
    "piece", [b"{\n", b'{"a":\n', b"\x1b]", b"\x1b[", b" ", b"[", b"{", b'{"a":[1,1,1,1,\n', b"Error: \n"]
)
def test_a_mebibyte_of_anything_is_looked_through_in_no_time(piece):
    stream = piece * (1024 * 1024 // len(piece))
    start = time.monotonic()
    answer_in(printed(stream, stream, 0))
    answer_in(printed(stream, stream, 1))
    assert time.monotonic() - start < 4 * crowd()


VERSIONS = {
    b"bl 1.15.1\n": (1, 15, 1),
    b"\x1b[1mbl 2.0.1\x1b[0m\n": (2, 0, 1),
    b"notice\nbl 10.20.30-beta.1\n": (10, 20, 30),
    b"bailian-cli/2.1.0 linux": (2, 1, 0),
    b"bl version 7": None,
    b"bl 7": None,
    b"1.15.1": None,
    b"xbl 1.15.1": None,
    b"bl 99999.1.1": None,
    b"": None,
}


@pytest.mark.parametrize(("stdout", "version"), VERSIONS.items())
def test_a_version_is_the_tools_own_line(stdout, version):
    assert version_in(printed(stdout)) == version
    assert version_in(printed(stdout, code=1)) is None


# Where the tool is looked for.


@pytest.fixture
def folder(tmp_path):
    program(tmp_path / "bin" / "bl")
    return tmp_path


def program(path, mode=0o755):
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return str(path)


def test_the_first_on_the_path_is_taken(folder):
    second = program(folder / "other" / "bl")
    path = f"{folder}/empty:{folder}/bin:{folder}/other"
    assert find({"PATH": path}) == f"{folder}/bin/bl"
    assert find({"PATH": path}, named=second) == second


@pytest.mark.parametrize("path", ["", ".", "bin", ":", "relative/bin:", "./bin"])
def test_nothing_is_found_in_the_folder_where_the_bar_happens_to_run(folder, monkeypatch, path):
    monkeypatch.chdir(folder / "bin")
    with pytest.raises(MissingCredentials):
        find({"PATH": path})


def test_none_is_installed(folder):
    for environ in ({}, {"PATH": f"{folder}/empty"}):
        with pytest.raises(MissingCredentials) as refusal:
            find(environ)
        assert "not installed" in refusal.value.message
        assert "npm install -g bailian-cli" in refusal.value.hint


def test_what_cannot_be_run_is_not_installed(folder):
    program(folder / "bin" / "bl", 0o644)
    (folder / "other" / "bl").mkdir(parents=True)
    with pytest.raises(MissingCredentials):
        find({"PATH": f"{folder}/bin:{folder}/other"})


def test_the_home_folder_may_be_written_short(folder):
    assert find({"HOME": str(folder)}, named="~/bin/bl") == f"{folder}/bin/bl"


WRONG = {
    "relative": "bin/bl",
    "a name": "bl",
    "another's home": "~root/bl",
    "home alone": "~",
    "not there": "/nowhere/bl",
    "a folder": "/",
    "a zero byte": "/bin\0/bl",
}


@pytest.mark.parametrize("named", WRONG.values(), ids=WRONG.keys())
def test_a_setting_that_names_no_program_is_told_as_such(named):
    with pytest.raises(ConfigError) as refusal:
        find({"HOME": "/", "PATH": "/bin"}, named=named)
    assert refusal.value.where == "bl_path"
    assert "bl_path" in refusal.value.message


def test_a_setting_that_names_a_file_that_cannot_be_run_is_told_as_such(folder):
    with pytest.raises(ConfigError):
        find({}, named=program(folder / "bin" / "bl", 0o644))


def test_the_login_lies_where_the_tool_keeps_it():
    assert login_file({"HOME": "/home/u"}) == "/home/u/.bailian/config.json"
    assert login_file({"HOME": "/home/u", "BAILIAN_CONFIG_DIR": "/etc/b"}) == "/etc/b/config.json"


def test_an_installation_and_a_new_version_show_in_the_file_that_is_watched(folder):
    environ = {"HOME": "/home/u", "PATH": f"{folder}/bin"}
    assert program_of_bl(environ) == f"{folder}/bin/bl"
    assert program_of_bl({"HOME": "/home/u"}) is None


def test_without_a_path_the_tools_own_folder_is_one():
    assert environment({}, "/opt/bin/bl")["PATH"] == "/opt/bin"


# The provider's tool itself, where it is installed: asked with an empty home folder and without a way out.


NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def tool(tmp_path):
    """Not part of what CI installs: the tests that decide have the stand-in."""
    closed = {"HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE}
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], **closed}
    try:
        source = ToolSource(find(environ), environ, Deadline(30))
        source.prove()
    except (MissingCredentials, UnknownRoute) as reason:
        pytest.skip(reason.message)
    return source


@pytest.mark.parametrize("region", [INTL, CN], ids=["intl", "cn"])
def test_without_a_login_the_tool_asks_for_one(tool, region):
    with pytest.raises(LoginRequired):
        tool.ask(region)
