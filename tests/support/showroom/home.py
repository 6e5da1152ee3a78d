"""A person's home in a room: the installed command on the PATH, the pages that tell what to copy, a console to ask."""

from __future__ import annotations

import json
import re
import shutil
import sys
import sysconfig
import tempfile
import textwrap
from contextlib import ExitStack
from functools import cached_property
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from support.console.console import Console
from support.realbars.room import Room, start_bus
from support.realbars.screens import Sway, Xvfb

import codingplan_bar
from codingplan_bar.demo_provider import Usage

if TYPE_CHECKING:
    from typing import Any

    from support.console.answers import AnswerQuota
    from support.realbars.room import Account


ROOT = Path(__file__).parents[3]
"""The repository."""

DATA = ("schemas", "integrations")
"""What the wheel takes into the package from beside it (pyproject.toml, force-include)."""

COMMAND = """\
#!{python}
import sys
from codingplan_bar import bars
watched = bars.answer(sys.argv[1:])
from codingplan_bar.__main__ import leave, main
leave(main(watched))
"""


class Installation:
    """A copy of the package and of what it needs, in a virtual environment: `command` is the installed program.

    A copy, since the checkout and the tests' own environment may lie where the bars' account may not look.
    `environ` is what the interpreter needs to run there.
    """

    def __init__(self, account: Account) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cpb-installed-"))
        self.folder.chmod(0o755)
        self.environ: dict[str, str] = {}
        self._make_environment(self._interpreter(account))
        self._copy_packages()
        self.command = self.folder / "bin/codingplan-bar"
        self.command.write_text(COMMAND.format(python=self.folder / "bin/python"))
        self.command.chmod(0o755)

    def remove(self) -> None:
        """Take it away again."""
        shutil.rmtree(self.folder)

    @property
    def _packages(self) -> Path:
        return self.folder / sysconfig.get_path("purelib", "posix_prefix", {"base": "."})

    def _interpreter(self, account: Account) -> Path:
        """The running interpreter, or a copy of it where it lies in a home that is closed to the account."""
        program, prefix = Path(sys.executable).resolve(), Path(sys.base_prefix)
        if account.reads(program):
            return program
        unneeded = shutil.ignore_patterns("site-packages", "test", "include", "share", "*.a", "idlelib")
        shutil.copytree(prefix, self.folder / "python", symlinks=True, ignore=unneeded)
        self.environ["LD_LIBRARY_PATH"] = str(self.folder / "python/lib")
        return self.folder / "python" / program.relative_to(prefix)

    def _make_environment(self, program: Path) -> None:
        """What `python -m venv` makes of it (https://peps.python.org/pep-0405/)."""
        (self.folder / "bin").mkdir()
        (self.folder / "bin/python").symlink_to(program)
        (self.folder / "pyvenv.cfg").write_text(f"home = {program.parent}\n")

    def _copy_packages(self) -> None:
        package = Path(codingplan_bar.__file__).parent
        shutil.copytree(package, self._packages / "codingplan_bar")
        for name in DATA:
            shutil.copytree(ROOT / name, self._packages / "codingplan_bar" / name, dirs_exist_ok=True)
        for name in needed("codingplan-bar"):
            _copy_distribution(name, self._packages)


def needed(name: str) -> set[str]:
    """The distributions that this one needs, and those that they need, as far as they are installed."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for one in _required(waiting.pop()) - found:
            found.add(one)
            waiting.append(one)
    return found


def _required(name: str) -> set[str]:
    """What it needs without its extras; a requirement that this machine does not meet is none of this machine's."""
    named = (re.match("[A-Za-z0-9._-]+", line) for line in distribution(name).requires or () if "extra ==" not in line)
    return {match[0] for match in named if match and _is_installed(match[0])}


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _copy_distribution(name: str, target: Path) -> None:
    for file in distribution(name).files or ():
        source = Path(file.locate())
        if ".." not in file.parts and source.exists():
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / file)


BROWSER = """\
#!/bin/sh
printf '%s\\n' "$*" >>"$HOME/opened"
"""


class Home:
    """What the owner of a bar has: `room` is where it lies, `console` what the provider is here."""

    def __init__(self, room: Room, console: Console, installation: Installation) -> None:
        self.room, self.console, self.installed = room, console, installation
        authority = room.write("authority.pem", Path(console.ca_file).read_text(encoding="ascii"))
        room.environ |= {**console.environment, **installation.environ, "REQUESTS_CA_BUNDLE": str(authority)}
        self.install()
        room.script("xdg-open", BROWSER)

    def install(self, before: str = "") -> None:
        """Put the program on the PATH; `before` is what a shell does each time before it runs."""
        self.room.script("codingplan-bar", f'#!/bin/sh\n{before}\nexec {self.installed.command} "$@"\n')

    def copied(self, path: str, target: str, *changes: tuple[str, str]) -> Path:
        """Copy a file of integrations/ to where its page says, below the home; the copy's path.

        `changes` are what a test cannot have as it is, and what stands in its place.
        """
        source = ROOT / "integrations" / path
        text = source.read_text(encoding="utf-8")
        for written, wanted in changes:
            text = text.replace(written, wanted)
        return self.room.write(target, text, source.stat().st_mode & 0o777)

    def configure(self, text: str) -> None:
        """Write config.toml."""
        self.room.write(".config/codingplan-bar/config.toml", text)

    def fetch(self, mood: AnswerQuota | None = None) -> None:
        """Ask the console by the installed command, in a mood if one is given, and keep what it says."""
        if mood:
            self.console.answer_quota = mood
        self.room.run("sh", "-c", "codingplan-bar fetch || true")

    def forget(self) -> None:
        """Lose all that was kept between two refreshes."""
        for folder in (".cache/codingplan-bar", ".local/state/codingplan-bar"):
            shutil.rmtree(self.room.folder / folder, ignore_errors=True)

    def rest(self) -> None:
        """As if the provider had been asked a while ago: two refreshes by hand within five seconds are one."""
        path = ".local/state/codingplan-bar/waiting.json"
        waiting = json.loads((self.room.folder / path).read_text(encoding="utf-8"))
        self.room.write(path, json.dumps({**waiting, "asked_at": waiting["asked_at"] - 60}), 0o600)

    def signals_stay_with(self, bar: int) -> None:
        """Have `pkill` find no other bars of this machine than the one with this process id, which leads a session."""
        self.room.script("pkill", f'#!/bin/sh\nexec {shutil.which("pkill")} --session {bar} "$@"\n')

    def opened(self) -> list[str]:
        """What the browser was told to open so far."""
        notes = self.room.folder / "opened"
        return notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []

    def view(self) -> dict[str, Any]:
        """What there is to show now, as the program tells it to a widget that we do not have."""
        return json.loads(self.room.run("codingplan-bar", "json"))

    def running(self, *arguments: str) -> list[int]:
        """The processes of the installed program that were started with these arguments."""
        command = " ".join([str(self.installed.folder / "bin/python"), str(self.installed.command), *arguments])
        return [number for number, line in self.room.alive().items() if line == command]


# The pages of integrations/: what they tell a person to copy.

FENCED = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


def page(bar: str) -> Path:
    """The page of a bar."""
    return ROOT / "integrations" / bar / "README.md"


def snippets(bar: str, language: str) -> list[str]:
    """The fenced texts in this language on the page of a bar."""
    return [textwrap.dedent(body) for name, body in FENCED.findall(page(bar).read_text("utf-8")) if name == language]


class Stage:
    """What a script needs to show real bars outside of a test: screens, a console, homes; they end with its `with`."""

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        self.hall = self.room()
        self.console = self._stack.enter_context(Console())
        self.console.usage = Usage(step=0, resets_in=16 * 3_600)
        self.installation = Installation(self.hall.account)
        self._stack.callback(self.installation.remove)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def room(self) -> Room:
        """A new room."""
        made = Room()
        self._stack.callback(made.close)
        return made

    def home(self) -> Home:
        """A new home, of somebody who has never asked the console yet."""
        self.console.answer_quota = self.console.count
        return Home(self.room(), self.console, self.installation)

    @cached_property
    def wayland(self) -> tuple[Sway, Sway]:
        """Two screens for waybar."""
        return Sway(self.hall), Sway(self.hall)

    @cached_property
    def x11(self) -> tuple[Xvfb, Xvfb]:
        """Two screens for polybar."""
        return Xvfb(self.hall), Xvfb(self.hall)

    def for_waybar(self, evidence: Path) -> dict[str, Any]:
        """What the harness's waybar needs besides its screens."""
        return {"bus": self._bus, "evidence": evidence}

    @cached_property
    def _bus(self) -> str:
        return start_bus(self.hall)
