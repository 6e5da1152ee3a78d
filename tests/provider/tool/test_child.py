"""A program that is run to its end: its time, its output, and that nothing of it stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from support.machine import crowd

from codingplan_bar.errors import NetworkFailure
from codingplan_bar.process import run
from codingplan_bar.regions import INTL

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
    assert open_files() == before


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
    assert open_files() == before


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
