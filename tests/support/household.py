"""A home with a secret in each place that one can come from, in which commands are run and all that they do is kept."""

from __future__ import annotations

import subprocess
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from support.console.answers import Answer
from support.hostile import sample
from support.sitecustomize import driven

from codingplan_bar.bars import BARS
from codingplan_bar.commands.command_table import COMMANDS, Command, Option
from codingplan_bar.credentials.cookies import cookies_in

LONGEST = 60  # seconds; nothing that is run takes a tenth of it
STAND_INS = ("xdg-open", "gio", "wl-copy", "bl", "hook", "notify-send")
STAND_IN = '#!/bin/sh\n{ echo "$0 $*"; env; [ -t 0 ] || timeout 1 cat; } >> "$0.told" 2>&1\n'
ACCOUNT = "1000987654321098"
HOLD_SECRETS = {"session.json", "config.toml"}


class Done(NamedTuple):
    code: int
    out: str
    err: str


class Household:
    """The user's files and environment; `secrets` are what may be nowhere but in the kept session and the settings."""

    def __init__(self, folder, world):
        self.folder, self.world = folder, world
        self.console = world.console
        self.home, self.programs, self.seen = folder / "home", folder / "bin", folder / "seen"
        for made in (self.home, self.programs, folder / "tmp", folder / "runtime"):
            made.mkdir(mode=0o700)
        for name in STAND_INS:
            (self.programs / name).write_text(STAND_IN)
            (self.programs / name).chmod(0o755)
        self.seen.touch()
        self.console.forget()
        self.console.sign_in()
        self.console.answer_quota = self.console.count
        world.proxy.connected.clear()
        world.proxy.refused.clear()
        self.environ = self._environment()
        self.secrets = {
            *(value for _, value in cookies_in(self.console.cookie_header)),
            self.console.sec_token,
            self.console.api_key,
            "canary-of-a-key-0123456789",
            "canary-of-the-header-0123456789",
            ACCOUNT,
        }
        self.configure()

    def _environment(self):
        proxy = f"http://{self.world.proxy.address}"
        return {
            "HOME": str(self.home),
            "PATH": f"{self.programs}:/usr/bin:/bin",
            "TMPDIR": str(self.folder / "tmp"),
            "XDG_RUNTIME_DIR": str(self.folder / "runtime"),
            "WAYLAND_DISPLAY": "wayland-of-nobody",
            **driven(self.folder / "python", observed=self.seen),
            "HTTPS_PROXY": proxy,
            "https_proxy": proxy,
            "REQUESTS_CA_BUNDLE": self.console.ca_file,
            "ALIBABA_CODING_PLAN_COOKIE": self.console.cookie_header,
            "ALIBABA_CODING_PLAN_API_KEY": self.console.api_key,
            "DASHSCOPE_API_KEY": "canary-of-a-key-0123456789",
        }

    def configure(self):
        path = self.home / ".config/codingplan-bar/config.toml"
        path.parent.mkdir(parents=True)
        header = "login_aliyunid_ticket=canary-of-the-header-0123456789; login_aliyunid_pk=1"
        path.write_text(
            f'cookie_header = "{header}"\napi_key = "canary-of-a-key-0123456789"\ntimeout = 5\nlanguage = "en"\n'
            f'thresholds = [1, 2]\non_threshold = ["{self.programs}/hook"]\n'
        )

    def start(self, *arguments, **more):
        environ = {**self.environ, **more.pop("environ", {})}
        command = Path(sysconfig.get_path("scripts")) / "codingplan-bar"
        return subprocess.Popen(
            [str(command), *arguments],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **more,
        )

    def run(self, *arguments, **more):
        """Run a command to its end, with whatever it has started in the background."""
        with self.start(*arguments, **more) as process:
            out, err = process.communicate(timeout=LONGEST)
        end = time.monotonic() + LONGEST
        while any((self.home / ".local/state/codingplan-bar").glob("*.asked")) and time.monotonic() < end:
            time.sleep(0.02)
        return Done(process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))

    def connections(self):
        """Whom this program's processes have connected to, but for the machine's own bus and the like."""
        lines = self.seen.read_text().splitlines()
        return {line.removeprefix("connect ") for line in lines if line.startswith("connect (")}

    def written(self):
        """Every place that something was written to, with what stands there now."""
        yield "the arguments and connections of processes", self.seen.read_text()
        for path in self.folder.rglob("*"):
            is_ours = path.parent in (self.programs, self.folder / "python") and not path.name.endswith(".told")
            if path.is_file() and path.name not in HOLD_SECRETS and not is_ours:
                yield str(path.relative_to(self.folder)), path.read_bytes().decode("utf-8", "replace")

    def leaks(self, *printed):
        """Where a secret stands that may not be there. Only the place is told."""
        texts = [*(("printed", text) for text in printed), *self.written()]
        return [place for place, text in texts if any(secret in text for secret in self.secrets)]


FREE = ("timeout",)
"""What stands for a word that may be any."""


def command_lines() -> list[tuple[str, ...]]:
    """Every command with every option of its, each alone, and every bar; `make attack` takes each choice of a word."""
    return [*((bar,) for bar in BARS), *(line for command in COMMANDS for line in _lines_of(command))]


def _lines_of(command: Command) -> Iterator[tuple[str, ...]]:
    words: list[tuple[str, ...]] = [()]
    for argument in command.arguments:
        words = [(*before, word) for before in words for word in sample(argument.choices or FREE, 3)]
    required = sum(argument.required for argument in command.arguments)
    shorter = {before[:number] for before in words for number in range(required, len(command.arguments))}
    yield from ((command.name, *before) for before in (*sorted(shorter), *words))
    for option in command.options:
        yield from ((command.name, *words[0], option.name, *value) for value in _values(option))


def _values(option: Option) -> list[tuple[str, ...]]:
    """A value of each kind that the option takes; a flag has none."""
    if option.choices:
        return [(choice,) for choice in sample(option.choices, len(option.choices))]
    if option.bounds:
        return [("10",)]
    return [("-",)] if option.kind else [()]


def with_account(mood):
    """The same answer with an account's number in its texts."""

    def answer(request):
        given = Answer(*mood(request))
        return given._replace(body=given.body.replace(b'"message":"', f'"message":"{ACCOUNT} '.encode()))

    return answer
