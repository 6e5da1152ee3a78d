"""A private folder with its own environment, account and processes: what a bar runs in, and leaves no trace outside."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from support.machine import LONGEST, need, until

if TYPE_CHECKING:
    from collections.abc import Mapping

MAPPED = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
BORROWED_ID = pwd.getpwnam("nobody").pw_uid
"""nobody is on every machine: newer versions of dbus-daemon refuse a user without an entry among the accounts."""


class Account(NamedTuple):
    """What goes before a command, and who must own the files that the command uses."""

    prefix: tuple[str, ...]
    owner: int

    def run(self, *command: str) -> bool:
        """Whether the command can be started so and ends with 0."""
        try:
            ended = subprocess.run((*self.prefix, *command), check=False, capture_output=True, timeout=LONGEST)
        except OSError:
            return False
        return ended.returncode == 0

    def reads(self, path: Path) -> bool:
        """Whether this account can open the file at `path` (folders on the way included)."""
        return self.run("test", "-r", str(path))


def mapped() -> Account:
    """A user namespace in which root is the ordinary user 1000: it reads whatever root owns, /root too."""
    return Account(MAPPED, os.geteuid())


def borrowed() -> Account:
    """The user nobody: works where namespaces are forbidden, but reads only what everybody may."""
    number = str(BORROWED_ID)
    return Account(("setpriv", f"--reuid={number}", f"--regid={number}", "--clear-groups", "--"), BORROWED_ID)


def ordinary() -> Account:
    """The caller's own account if it is not root, else the best one that this machine allows."""
    if os.geteuid() != 0:
        return Account((), os.geteuid())
    if shutil.which("unshare") and mapped().run("true"):
        return mapped()
    return borrowed()


PATIENCE = 1.0
"""Seconds that a program has to end after SIGTERM before it is killed."""

DIES_WITH_US = ("setpriv", "--pdeathsig=TERM", "--") if shutil.which("setpriv") else ()
"""So that even a killed test run leaves no bar behind (prctl(2), PR_SET_PDEATHSIG)."""


class Room:
    """A folder under the system's temporary one (short: a socket's path holds 107 bytes) and all that runs in it.

    `folder` is the home, `bin` comes first on PATH, `environ` is the whole environment of what is started,
    `ending` what is undone when it is closed.
    """

    def __init__(self, account: Account | None = None) -> None:
        self.account = account or ordinary()
        self.folder = Path(tempfile.mkdtemp(prefix="cpb-"))
        self.bin, self.runtime = self.folder / "bin", self.folder / "run"
        self.ending = ExitStack()
        self._processes: list[subprocess.Popen[bytes]] = []
        for folder in (self.folder, self.bin, self.runtime):
            folder.mkdir(exist_ok=True)
            self.own(folder, 0o700)
        self.environ = self._environment()

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "SHELL": "/bin/sh",
            "LC_ALL": "C.UTF-8",
            "GSETTINGS_BACKEND": "memory",  # no dconf daemon
            "NO_AT_BRIDGE": "1",  # no accessibility bus
        }

    def own(self, path: Path, mode: int) -> None:
        """Give a file or folder its mode and make the room's account its owner."""
        path.chmod(mode)
        if self.account.owner != os.geteuid():
            os.chown(path, self.account.owner, self.account.owner)

    def write(self, name: str, text: str, mode: int = 0o644) -> Path:
        """Put a text file into the room in one step (a reader sees the old or the new text) and return its path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(path.name + ".new")
        fresh.write_text(text, encoding="utf-8")
        self.own(fresh, mode)
        return fresh.replace(path)

    def script(self, name: str, text: str) -> Path:
        """Put an executable with its own `#!` line on the room's PATH and return its path."""
        return self.write(f"bin/{name}", text, 0o755)

    def pipe(self, name: str) -> Path:
        """Make a named pipe in the room and return its path."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        os.mkfifo(path)
        self.own(path, 0o600)
        return path

    def start(
        self, *command: str, log: str, environ: Mapping[str, str] | None = None, keep: tuple[int, ...] = ()
    ) -> subprocess.Popen[bytes]:
        """Start a program in the room; what it prints goes to the file `log`, file descriptors `keep` are handed on."""
        with (self.folder / log).open("wb") as output:
            process = subprocess.Popen(
                (*self.account.prefix, *DIES_WITH_US, *command),
                cwd=self.folder,
                env={**self.environ, **(environ or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=keep,
            )
        self._processes.append(process)
        return process

    def run(self, *command: str, environ: Mapping[str, str] | None = None) -> bytes:
        """Run a short program and return what it printed; OSError (with its errors) if it failed or took too long."""
        env = {**self.environ, **(environ or {})}
        try:
            return subprocess.run(
                (*self.account.prefix, *command),
                cwd=self.folder,
                env=env,
                check=True,
                capture_output=True,
                timeout=LONGEST,
            ).stdout
        except subprocess.CalledProcessError as error:
            raise OSError(f"{command[0]} ended with {error.returncode}: {error.stderr.decode()}") from error
        except subprocess.TimeoutExpired as error:
            raise OSError(f"{command[0]} took longer than {LONGEST:g} s") from error

    def readable(self, path: Path) -> Path:
        """The path, if the room's account can read it; PermissionError says what to do if not."""
        if self.account.reads(path):
            return path
        raise PermissionError(f"the bars' account cannot read {path}: put it where everybody may, or allow namespaces")

    def alive(self) -> dict[int, str]:
        """Every process of this room, whoever started it and however detached: process id -> command line."""
        return processes(self.runtime)

    def close(self) -> None:
        """End everything that runs in the room, politely and then not, and remove the folder."""
        self.ending.close()
        for process in reversed(self._processes):
            end(process)
        until(self._swept, f"the end of what runs in {self.folder}")
        shutil.rmtree(self.folder)

    def _swept(self) -> bool:
        remaining = self.alive()
        for number in remaining:
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return not remaining


def processes(runtime: Path) -> dict[int, str]:
    """Every process that has this folder for its XDG_RUNTIME_DIR: process id -> command line."""
    mark = f"XDG_RUNTIME_DIR={runtime}".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                words = (folder / "cmdline").read_bytes().split(b"\0")
                found[int(folder.name)] = b" ".join(words).decode(errors="replace").strip()
        except OSError:  # it ended while we looked, or belongs to somebody else
            continue
    return found


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and kill it if it does not."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(PATIENCE)


CONFIG = """\
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def start_bus(room: Room) -> str:
    """Start a message bus in the room and return its address (for DBUS_SESSION_BUS_ADDRESS)."""
    need("dbus-daemon")
    path = room.runtime / "bus"
    config = room.write("bus.conf", CONFIG.format(path=path))
    room.start("dbus-daemon", f"--config-file={config}", "--nofork", log="bus.log")
    until(path.exists, "the message bus")
    return f"unix:path={path}"
