"""A stand-in for the provider's tool: a small script that a test writes, in whatever mood."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from codingplan_bar.provider.bl import ToolSource
from codingplan_bar.regions import INTL
from codingplan_bar.transport.request import Deadline

NOW = 1_795_400_131
SECRET = "sk-sp-made-up-0123456789abcdef"
PRO = {
    "per5Hour": {"usedQuota": 12, "totalQuota": 6000, "resetTime": NOW * 1000, "percentage": 0.002},
    "perWeek": {"usedQuota": 1350, "totalQuota": 45000, "resetTime": 1_795_968_000_000, "percentage": 0.03},
    "perBillMonth": {"usedQuota": 4500, "totalQuota": 90000, "resetTime": 1_796_400_000_000, "percentage": 0.05},
    "instanceType": "pro",
}
SCRIPT = """#!{python} -IS
import json, os, signal, sys, time
folder = os.path.dirname(os.path.abspath(__file__))
signal.alarm(30)  # a tool that nobody ends fails its test, and does not hold up the others

def note(name, what):
    with open(os.path.join(folder, name), "a") as file:
        print(json.dumps(what), file=file)

def fail(code, message, stream=sys.stderr, hint="ask {secret}"):
    error = {{"code": code, "message": message, "hint": hint}}
    print(json.dumps({{"error": error}}, indent=2), file=stream)
    sys.exit(code)

PRO = {pro!r}
SECRET = {secret!r}
seen = {{"arguments": sys.argv[1:], "environ": dict(os.environ), "folder": os.getcwd(), "input": sys.stdin.read()}}
note("asked", {{**seen, "group": os.getpgid(0) == os.getpid(), "session": os.getsid(0) == os.getpid()}})
if sys.argv[1:] == ["--version"]:
{version}
{mood}
"""


class Bl:
    """The stand-in in one folder, which is also the HOME that it sees."""

    NOW, PRO, SECRET = NOW, PRO, SECRET

    def __init__(self, folder):
        self.folder = folder
        self.path = folder / "bl"
        self.environ = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}

    def behaves(self, mood, *, version="print('bl 2.1.0'); sys.exit()"):
        """Write it; `mood` and `version` are the lines of Python that it runs, the latter for `--version`."""
        lines = {"mood": mood, "version": f"    {version}"}
        self.path.write_text(SCRIPT.format(python=sys.executable, pro=PRO, secret=SECRET, **lines))
        self.path.chmod(0o755)
        return self

    def source(self, *, seconds=10.0, **more):
        given = {"environ": self.environ, "deadline": Deadline(seconds), "now": lambda: float(NOW)}
        return ToolSource(str(self.path), **(given | more))

    def refusal(self, kind):
        """The error of exactly that kind that comes of asking it; no word of it is the tool's own."""
        with pytest.raises(kind) as refusal:
            self.source().ask(INTL)
        assert type(refusal.value) is kind
        spoken = f"{refusal.value.message} {refusal.value.hint} {refusal.value.where} {refusal.value!r}"
        assert SECRET not in spoken
        assert refusal.value.__cause__ is None
        return refusal.value

    def notes(self, name="asked"):
        """What it noted down, oldest first."""
        path = self.folder / name
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def asked(self):
        """The arguments of each run."""
        return [note["arguments"] for note in self.notes()]


def is_running(pid):
    """Whether a process lives; one that is dead and not yet reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return Path("/proc").is_dir() is False


@pytest.fixture
def bl(tmp_path, programs):
    return Bl(tmp_path)


@pytest.fixture
def gone():
    """Whether a process has ended, or does so within a second."""

    def gone(pid):
        end = time.monotonic() + 1
        while is_running(pid) and time.monotonic() < end:
            time.sleep(0.01)
        return not is_running(pid)

    return gone
