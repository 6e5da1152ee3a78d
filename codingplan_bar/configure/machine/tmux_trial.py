"""A private tmux server that reads the user's configuration: what its status line would be, after all that runs late.

A theme, a plugin or `if-shell -b` may set the status line after the last line of the configuration. Only tmux itself
knows the result, so it is asked, on a socket of its own, and ended again.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from codingplan_bar.configure.files import text_of
from codingplan_bar.configure.machine import shell_text
from codingplan_bar.environment import without_secrets

PATIENCE = 4.0
"""Seconds for all that a configuration starts; what takes longer is not waited for."""
PAUSE = 0.05
SETTLED = 3
"""Looks in a row that find nothing of it at work: tmux takes a result in after its program has ended."""
OPTIONS = ("status", "status-left", "status-right", "status-format[0]", "status-format[1]", "status-format[2]")
VARIABLES = "variables"
"""By what name the variables are among the options: where ours are not there, tmux has not come to our lines."""
OURS = re.compile(r"CODINGPLAN_COMMAND|codingplan.bar\W* tmux")
CHANGES_MORE = re.compile(r"\bgit\b.*\bclone\b|\bcurl\b|\bwget\b|continuum-restore|\binstall_plugins\b")
"""A configuration that fetches or restores something when tmux starts is not started for a look."""
_MAKES = r"(?:new-session|new-window|neww|split-window|splitw|respawn-pane|respawn-window|send-keys|display-popup)"
STARTS_MORE = re.compile(rf"^(?!\s*(?:#|bind))(?:\s*(?:new|send)\b(?!-)|.*(?<![\w@-]){_MAKES}\b)", re.MULTILINE)
"""Nor is one that opens sessions or windows of its own, or types into them: the user's programs would run there."""

SOURCED = re.compile(r"""\bsource(?:-file)?\s+(?:-\w+\s+)*['"]?([^\s'";]+)""")

Options = Mapping[str, str]


def tried(files: Sequence[Path], text: str, environ: Mapping[str, str]) -> Options | None:
    """The options of the status line once tmux has read these files; the last of them says this text, if it is given.

    None where there is no tmux, or one of the files, or of those that they read, does more than to configure it.
    """
    try:
        as_they_are = files[:-1] if text else files
        texts = [text, *(path.read_text("utf-8", "replace") for path in as_they_are)]
        if any(CHANGES_MORE.search(each) or STARTS_MORE.search(each) for each in _with_sourced(texts, environ)):
            return None
        with tempfile.TemporaryDirectory() as folder:
            changed = Path(folder, "changed.conf")
            changed.write_text(text, "utf-8", newline="")
            return _in(Path(folder), [*as_they_are, changed] if text else files, environ)
    except (OSError, subprocess.SubprocessError):
        return None


def _with_sourced(texts: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """The texts, and those of the files that they read besides."""
    return [*texts, *map(text_of, sourced(texts, environ))]


def sourced(texts: Iterable[str], environ: Mapping[str, str]) -> list[Path]:
    """The files that these texts read, and those that they read in turn."""
    home, found, waiting = Path(environ.get("HOME", "/")), dict[Path, None](), list(texts)
    while waiting:
        names = (shell_text.expanded(name, environ) for name in SOURCED.findall(waiting.pop()))
        files = [path for name in names for path in shell_text.globbed(home, name) if path not in found]
        found |= dict.fromkeys(sorted(files))
        waiting += map(text_of, files)
    return list(found)


def _in(folder: Path, files: Sequence[Path], environ: Mapping[str, str]) -> Options:
    """Raises OSError, SubprocessError."""
    config = folder / "tmux.conf"
    names = ("'" + str(path).replace("'", "'\\''") + "'" for path in files)
    config.write_text("".join(f"source-file {name}\n" for name in names), "utf-8")
    server = _Server(folder, environ)
    try:
        server.printed_by("-f", str(config), "new-session", "-d", "exec sleep 60")
        server.settle()
        asked = {name: server.option(name) for name in OPTIONS}
        asked |= server.named_in("".join(asked.values()))
        return asked | {VARIABLES: server.printed_by("show-environment", "-g")}
    finally:
        with suppress(OSError, subprocess.SubprocessError):
            server.printed_by("kill-server")


class _Server:
    """One server on a socket in a folder of ours."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self._socket, self._end = str(folder / "socket"), time.monotonic() + PATIENCE
        kept = without_secrets(environ)
        self._environ = {name: value for name, value in kept.items() if name not in ("TMUX", "TMUX_PANE")}
        home = environ.get("HOME", "")
        self._home = home if os.path.isdir(home) else "/"

    def printed_by(self, *words: str) -> str:
        """What a command prints. Raises OSError, SubprocessError."""
        command = ["tmux", "-u", "-S", self._socket, *words]
        done = subprocess.run(
            command, capture_output=True, check=True, timeout=PATIENCE, env=self._environ, cwd=self._home
        )
        return done.stdout.decode("utf-8", "replace")

    def option(self, name: str) -> str:
        """What it says for the session: its own value, which a hook may have set, else everybody's."""
        return self.printed_by("show-options", "-Aqv", name).rstrip("\n")

    def settle(self) -> None:
        """Wait until nothing that the configuration has started is at work, or the time is over."""
        server, pane = self.printed_by("display-message", "-p", "#{pid} #{pane_pid}").split()
        quiet = 0
        while quiet < SETTLED and time.monotonic() < self._end:
            quiet = quiet + 1 if _children(server) <= {pane} else 0
            time.sleep(PAUSE)

    def named_in(self, text: str) -> dict[str, str]:
        """The user's own options (`@name`) that a text shows."""
        names = set(re.findall(r"@[\w-]+", text))
        return {name: self.option(name) for name in sorted(names)}


CHILDREN = ["ps", "-A", "-o", "pid=,ppid="]


def _children(parent: str) -> set[str]:
    if sys.platform == "linux":  # a small system has no `ps`
        return {path.parent.name for path in Path("/proc").glob("[0-9]*/stat") if _parent(path) == parent}
    done = subprocess.run(CHILDREN, capture_output=True, check=True, timeout=PATIENCE)
    pairs = (line.split() for line in done.stdout.decode().splitlines())
    return {pair[0] for pair in pairs if pair[1:] == [parent]}


def _parent(stat: Path) -> str:
    """The fourth field; the second is the program's name, which may hold any byte: proc_pid_stat(5)."""
    try:
        return stat.read_bytes().rpartition(b")")[2].split()[1].decode()
    except (OSError, IndexError):
        return ""  # it has just ended


def unseen_with(options: Options) -> str:
    """Why a status line with these options shows nothing of ours, as the name of the words for it; else nothing."""
    status = options["status"]
    if status in ("off", "0"):
        return "status off"
    rows = int(status) if status.isdecimal() else 1
    drawn = [options.get(f"status-format[{row}]", "") for row in range(rows)]
    if not any(drawn):  # before tmux 3 there was one row, without a format
        drawn = [options["status-left"], options["status-right"]]
    known = set(options) - {"status", VARIABLES}
    while found := {name for name in known if any(name in text for text in drawn)}:
        drawn += [options[name] for name in sorted(found)]
        known -= found
    return "" if any(map(OURS.search, drawn)) else "set later"
