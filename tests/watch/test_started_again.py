"""The lines of shell in integrations/ that start a watcher again, after whatever ended it alone."""

from __future__ import annotations

import re
import signal
import subprocess
import sysconfig
import time
from pathlib import Path

import pytest
from support.machine import until

INTEGRATIONS = Path(__file__).parents[2] / "integrations"
COMMAND = re.compile(r"^command=(until .*)$", re.MULTILINE)
LINES = {
    "i3blocks": COMMAND.search((INTEGRATIONS / "i3blocks/codingplan.conf").read_text())[1],
    "swiftbar": (INTEGRATIONS / "swiftbar/codingplan-stream.sh").read_text().splitlines()[-1],
}
ENDINGS = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL)


class Looped:
    """A bar's line of shell, and the watcher below it."""

    def __init__(self, home, line):
        environ = {**home.environ, "PATH": f"{sysconfig.get_path('scripts')}:/usr/bin:/bin"}
        self.shell = subprocess.Popen(["/bin/sh", "-c", line], env=environ, stdout=subprocess.PIPE, bufsize=0)
        self.shell.stdout.readline()

    def below(self):
        """The ids of what the shell waits for."""
        return {
            int(each) for each in Path(f"/proc/{self.shell.pid}/task/{self.shell.pid}/children").read_text().split()
        }

    def close(self):
        self.shell.kill()
        self.shell.wait()
        self.shell.stdout.close()


@pytest.fixture
def looped(home):
    home.run("refresh")
    started = []

    def start(line):
        started.append(Looped(home, line))
        return started[-1]

    yield start
    for each in started:
        each.close()


def is_watching(child):
    try:
        return b"--watch" in Path(f"/proc/{child}/cmdline").read_bytes()
    except OSError:
        return False


def test_each_line_waits_before_it_starts_another():
    assert all(
        line.startswith("until codingplan-bar ") and line.endswith("; do sleep 5; done") for line in LINES.values()
    )


@pytest.mark.parametrize("number", ENDINGS, ids=lambda number: number.name)
@pytest.mark.parametrize("bar", LINES)
def test_a_watcher_that_is_ended_alone_is_started_again(looped, bar, number):
    loop = looped(LINES[bar].replace("sleep 5", "sleep 0.2"))
    (first,) = loop.below()
    subprocess.run(["sh", "-c", f"kill -{int(number)} {first}"], check=True)
    until(lambda: any(map(is_watching, loop.below() - {first})), "another watcher")
    assert loop.shell.poll() is None


@pytest.mark.parametrize("bar", LINES)
def test_where_the_bar_has_gone_none_is_started_again(looped, bar):
    loop = looped(LINES[bar].replace("sleep 5", "sleep 0.2"))
    time.sleep(0.5)  # it sleeps by then
    loop.shell.stdout.close()
    assert loop.shell.wait(20) == 0
