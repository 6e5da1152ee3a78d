"""Ctrl-C ends any command at any moment without a word: by the signal, or with 130 where there is something to tidy."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

INTERRUPTED = 130
SCRIPT = Path(sysconfig.get_path("scripts")) / "codingplan-bar"
MOMENTS = 14
STRUCK = """
import os, runpy, signal, sys

left, sys.argv = int(sys.argv[1]) + 1, sys.argv[2:]  # the first step is this program's own

def strike(event, arguments):
    global left
    if left and event in {"import", "open", "compile", "exec", "os.listdir", "marshal.loads"}:
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGINT)

script = compile(open(sys.argv[0]).read(), sys.argv[0], "exec")
sys.addaudithook(strike)
exec(script, {"__name__": "__main__"})
"""
COMMANDS = (["--version"], ["status"], ["text"], ["waybar"], ["fetch"], ["doctor"], ["history"], ["no-such-command"])


def struck(user, moment, *command):
    """The command, with an interrupt before the step of that number, counted from the script's first line on."""
    program = [sys.executable, "-c", STRUCK, str(moment), str(SCRIPT), *command]
    return subprocess.run(program, env=user.environ, capture_output=True, check=False, timeout=60, text=True)


def moments():
    """The first ones of all, then some at random, fewer and fewer steps from the beginning."""
    return [*range(1, 6), *(random.randrange(6, highest) for highest in range(1200, 1200 // MOMENTS, -1200 // MOMENTS))]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_an_interrupt_at_any_step_ends_it_without_a_word(user, command):
    endings = []
    for moment in moments():
        done = struck(user, moment, *command)
        assert "Traceback" not in done.stderr, f"step {moment}"
        assert "KeyboardInterrupt" not in done.stderr
        interrupted = done.returncode in {-signal.SIGINT, INTERRUPTED}
        assert not interrupted or done.stderr.strip() == ""
        endings.append(interrupted)
    assert all(endings[:5])


def test_who_is_told_to_ignore_it_goes_on(user):
    """As a job in the background of a shell is."""
    program = f"import signal, os; signal.signal(2, signal.SIG_IGN); {STRUCK}"
    command = [sys.executable, "-c", program, "5", str(SCRIPT), "--version"]
    done = subprocess.run(command, env=user.environ, capture_output=True, check=True, timeout=60, text=True)
    assert done.stdout.startswith("codingplan-bar ")
