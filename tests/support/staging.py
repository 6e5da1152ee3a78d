"""What a refresh is staged in: all made up but the files, or a home of its own for the installed command.

In neither has a test to wait until numbers are old.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import sysconfig
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.console.certificate import issue
from support.console.console import Console

from codingplan_bar import facts
from codingplan_bar.bars import BARS
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.demo_provider import Usage
from codingplan_bar.model import Attempt, Plan, Problem, Snapshot, Window
from codingplan_bar.refresh.refresh import ClientAnswer, ProviderClient, Refresher
from codingplan_bar.refresh.store import Files
from codingplan_bar.settings.settings import Settings

# A refresh with everything but the files made up: who asks, and the clock.

NOW = 1_795_400_000.5
PAGE = "https://example.invalid/"


@dataclass
class World:
    """A home folder, a clock that stands still, and a provider that answers as it is told."""

    home: object
    now: float = NOW
    asked: int = 0
    answer: object = "good"
    retry_after: float | None = None
    environ: dict = field(default_factory=dict)
    settings: dict = field(default_factory=dict)
    circumstances: str = "here"
    resets: tuple = ()

    def ask(self, _settings):
        self.asked += 1
        return ClientAnswer(self.snapshot(self.answer), self.retry_after)

    def snapshot(self, answer):
        at = int(self.now)
        if answer != "good":
            problem = Problem(answer, f"It is {answer}.")
            return Snapshot(at, PAGE, attempts=(Attempt("web", "intl", answer),), error=problem)
        windows = tuple(Window("weekly", self.asked, 100, reset) for reset in self.resets or (None,))
        return Snapshot(at, PAGE, "web", "intl", Plan("Pro"), windows)

    def refresher(self, **asker):
        files = Files({"HOME": str(self.home), **self.environ})
        made = ProviderClient(Settings(**self.settings), self.ask, lambda: self.now, PAGE, self.circumstances)
        return Refresher(files, made._replace(**asker))

    def refresh(self, wanted="when due", **more):
        return self.refresher().refresh(wanted, **more)

    def after(self, seconds):
        self.now += seconds
        return self

    @property
    def facts(self):
        path = self.refresher().files.facts
        return facts.loads(path.read_text()) if path.exists() else None

    @property
    def stored(self):
        return json.loads(self.refresher().files.snapshot.read_text())


# The installed command, in a home of its own.

LONGEST = 60  # seconds; nothing that is tested takes a tenth of it
JSON_BARS = {"waybar", "i3status-rust", "i3blocks", "json"} & set(BARS)


def command():
    """The script that the installation has put beside this Python, be it editable or not."""
    script = Path(sysconfig.get_path("scripts")) / "codingplan-bar"
    if not script.exists():
        pytest.fail(f"codingplan-bar is not installed for {sys.executable}: pip install '.[test]'")
    return str(script)


def shell(words):
    """What starts a command by a line of shell, in which `"$@"` stands for it."""
    return ["/bin/sh", "-c", words, "sh"]


def facts_name(environ):
    """The name of the file that the bars of an environment read."""
    return facts.file_name(facts.bar_environment(environ))


def is_line_of(bar, output):
    """Whether that is what this bar can show: one line, or for a menu several, with a percentage in it."""
    text = output.decode()
    if bar in JSON_BARS:
        return text.count("\n") == 1 and "%" in json.dumps(json.loads(text), ensure_ascii=False)
    lines = text.splitlines()
    return "%" in lines[0] and (len(lines) == 1 or lines[1] == "---")


class Home:
    """One user's files and environment, whose provider is a console on loopback."""

    def __init__(self, folder, console):
        self.folder = folder
        self.console = console
        self.environ = {
            "HOME": str(folder),
            "PATH": "/usr/bin:/bin",
            "CODEXBAR_CONFIG": str(folder / "none.json"),
            **console.environment,
        }

    @property
    def cache(self):
        return self.folder / ".cache/codingplan-bar"

    @property
    def facts(self):
        """The file of what the bars of this environment read."""
        return self.cache / facts_name(self.environ)

    @property
    def state(self):
        return self.folder / ".local/state/codingplan-bar"

    @property
    def config(self):
        return self.folder / ".config/codingplan-bar/config.toml"

    @property
    def stored(self):
        return json.loads((self.cache / "snapshot.json").read_text())

    def configure(self, text):
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.write_text(text)

    def start(self, *arguments, **more):
        """Start the command, `through` another one that makes it what it is to be; the rest is Popen's."""
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        environ = {**self.environ, **more.pop("environ", {})}
        through = more.pop("through", ())
        return subprocess.Popen([*through, command(), *arguments], env=environ, **{**streams, **more})

    def run(self, *arguments, **more):
        with self.start(*arguments, **more) as process:
            out, error = process.communicate(timeout=LONGEST)
        return subprocess.CompletedProcess(arguments, process.returncode, out, error)

    def asked(self):
        """How often the console was asked for the quota."""
        return sum(request.path == "/data/api.json" for request in self.console.requests)

    def age(self, seconds):
        """Let what is stored be some numbers of that long ago, as if nobody had asked since."""
        then = time.time() - seconds
        windows = (Window("five_hour", 10, 100), Window("weekly", 20, 100, int(then) + 10**6))
        old = Snapshot(int(then), "https://example.invalid/", "web", "intl", Plan("Pro"), windows)
        refresher = open_refresher(self.environ)
        Refresher(refresher.files, refresher.asker._replace(ask=lambda _: ClientAnswer(old), now=lambda: then)).refresh(
            "always"
        )

    def is_quiet(self):
        """Whether no refresh is under way in the background."""
        return not any(self.state.glob("*.asked"))


class Watching:
    """A bar that reads what a watcher prints."""

    def __init__(self, home, bar, **more):
        self.process = home.start(bar, "--watch", bufsize=0, **more)
        self._held = b""

    def line(self, seconds=20.0):
        """The next line; None where none comes in that time."""
        end = time.monotonic() + seconds
        while b"\n" not in self._held:
            ready, _, _ = select.select([self.process.stdout], [], [], max(end - time.monotonic(), 0))
            more = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not more:
                return None
            self._held += more
        line, _, self._held = self._held.partition(b"\n")
        return line.decode()

    def ends(self, seconds=10.0):
        """Its exit code, with what it said on standard error."""
        code = self.process.wait(seconds)
        return code, self.process.stderr.read()

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()


# What a folder of tests takes into its conftest by name.


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


@pytest.fixture(scope="session")
def certificate():
    """Of the consoles."""
    return issue(now=time.time())


@pytest.fixture
def console(certificate):
    """No window runs out before its reset, whatever the day."""
    with Console(certificate=certificate) as console:
        console.usage = Usage(resets_in=7_200)
        yield console


@pytest.fixture
def home(tmp_path, console, programs):
    """Of somebody who has asked for nothing yet."""
    folder = tmp_path / "home"
    folder.mkdir()
    return Home(folder, console)
