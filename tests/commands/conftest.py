"""The installed command, started as a process in a home of its own, against a console over real TLS."""

from __future__ import annotations

import gc
import json
import os
import pty
import resource
import struct
import subprocess
import sys
import sysconfig
import termios
import time
from dataclasses import dataclass, field
from fcntl import ioctl
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from support.console.console import Console
from support.staging import certificate, facts_name

from codingplan_bar import resources
from codingplan_bar.credentials.cookies import cookies_in

VALIDATOR = Draft202012Validator(json.loads(resources.schema_text("snapshot")))
LONGEST = 60  # seconds; nothing that is tested takes a tenth of it

__all__ = ["certificate"]
"""Fixtures that are the same in other folders."""


def installed_command() -> str:
    """The script that the installation has put beside this Python, be it editable or not."""
    script = Path(sysconfig.get_path("scripts")) / "codingplan-bar"
    if not script.exists():
        pytest.fail(f"codingplan-bar is not installed for {sys.executable}: pip install -e '.[test]'")
    return str(script)


def work_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@dataclass
class Done:
    code: int
    out: str
    err: str
    seconds: float
    busy: float  # seconds of a processor's time, which do not depend on who else is at work

    @property
    def document(self):
        """What was printed, which must be one document that meets the schema."""
        found = json.loads(self.out)
        VALIDATOR.validate(found)
        return found


@dataclass
class User:
    """One user's home and environment; whatever is printed or stored for them is looked through for their secrets."""

    home: Path
    environ: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)

    def __post_init__(self):
        self.environ = {
            "HOME": str(self.home),
            "PATH": "/usr/bin:/bin",
            "TMPDIR": str(self.home.parent),
            **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE")},
            **self.environ,
        }

    def start(self, *arguments, **more):
        """Start the command; `env` adds variables, None takes one away; the rest is Popen's."""
        environ = {**self.environ, **more.pop("env", {})}
        environ = {name: value for name, value in environ.items() if value is not None}
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([installed_command(), *arguments], env=environ, **(pipes | more))

    def run(self, *arguments, **more):
        began, before = time.monotonic(), work_of_children()
        with self.start(*arguments, **more) as process:
            out, err = process.communicate(timeout=LONGEST)
        took = time.monotonic() - began, work_of_children() - before
        done = Done(process.returncode, (out or b"").decode(), (err or b"").decode(), *took)
        assert "Traceback" not in done.out + done.err
        self.look_for_secrets(done.out, done.err)
        return done

    def look_for_secrets(self, *texts):
        """The kept session's file alone may hold one, and a browser's own store."""
        theirs = {"session.json", "cookies.sqlite"}
        files = [path for path in self.home.rglob("*") if path.is_file() and path.name not in theirs]
        written = [path.read_bytes().decode("utf-8", "replace") for path in files if path.name != "config.toml"]
        for secret in self.secrets:
            assert not any(secret in text for text in [*texts, *written])

    @property
    def unmeasured(self):
        """What takes coverage's own work out of a run, for where it cannot be done or counts."""
        return dict.fromkeys(name for name in self.environ if name.startswith("COVERAGE"))

    @property
    def cache(self):
        return self.home / ".cache/codingplan-bar"

    @property
    def facts(self):
        """The file of what the bars of this environment read."""
        return self.cache / facts_name(self.environ)

    @property
    def state(self):
        return self.home / ".local/state/codingplan-bar"

    @property
    def stored(self):
        return json.loads((self.cache / "snapshot.json").read_text())

    def configure(self, text):
        path = self.home / ".config/codingplan-bar/config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def user(tmp_path, programs):
    """Someone with a bare environment, who has nothing yet."""
    home = tmp_path / "home"
    home.mkdir()
    return User(home)


@pytest.fixture
def console(certificate):
    with Console(certificate=certificate) as console:
        yield console


@pytest.fixture
def visitor(user, console):
    """Someone whose environment leads to the console, with a session that it takes."""
    user.environ |= console.environment
    user.secrets |= {value for _, value in cookies_in(console.cookie_header)} | {console.sec_token, console.api_key}
    return user


@pytest.fixture
def key_holder(visitor, console):
    """The same with a key in the place of the session."""
    del visitor.environ["ALIBABA_CODING_PLAN_COOKIE"]
    visitor.environ["ALIBABA_CODING_PLAN_API_KEY"] = console.api_key
    return visitor


@pytest.fixture(autouse=True, scope="module")
def no_socket_or_process_left_behind():
    """One that nobody closed or waited for warns when it is collected, and a warning is an error."""
    yield
    gc.collect()


@pytest.fixture
def in_a_terminal():
    """Run a command of a user in a terminal of so many columns; gives what it did, and what was seen."""
    return _in_a_terminal


def _in_a_terminal(user, columns, *arguments, **environ):
    """What a command prints in a terminal of that width."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    done = user.run(*arguments, stdout=theirs, env=environ)
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # the terminal's end, as Linux tells it
            break
        seen += piece
        if not piece:
            break
    os.close(ours)
    return done, seen.decode()
