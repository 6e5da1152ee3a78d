"""Which programs run for this user: their words, and none of those that live in another home."""

from __future__ import annotations

import subprocess
import sys

import pytest

from codingplan_bar.configure.machine import running

pytestmark = [
    pytest.mark.usefixtures("programs"),
    pytest.mark.skipif(sys.platform != "linux", reason="Only Linux has /proc."),
]


@pytest.fixture
def sleeper():
    """Starts a process with that home, which says that it runs; ends it afterwards."""
    started = []

    def start(home):
        command = [sys.executable, "-c", "print(flush=True); input()", "the one"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        process = subprocess.Popen(command, env={"HOME": home}, **pipes)
        started.append(process)
        process.stdout.readline()
        return command

    yield start
    for process in started:
        process.communicate(b"\n")


def test_the_words_of_a_process_are_told(sleeper):
    assert sleeper("/home/me") in running("/home/me")


def test_one_that_has_another_home_reads_other_files(sleeper):
    assert sleeper("/home/other") not in running("/home/me")
