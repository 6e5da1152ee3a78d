"""Other programs: run to their end within a time, started and left alone, and never through a shell."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from selectors import EVENT_READ, DefaultSelector
from typing import Any, Literal, NamedTuple

from codingplan_bar.environment import without_secrets

# The desktop's own programs: what opens a page or a file, and what takes a text for the clipboard.

Command = list[str]
PATIENCE = 2.0
"""Seconds. Whatever still runs then is the browser itself, and outlives this program."""

READING = 5.0
"""Seconds that a clipboard's program may take to read a text."""


def start(
    command: Command, environ: Mapping[str, str] = os.environ, *, patience: float = PATIENCE, is_ours: bool = False
) -> bool:
    """Start a program that goes on without this one; whether it starts, and has not failed within `patience` seconds.

    It sees `environ`, without our settings and credentials unless it `is_ours` in the end.
    """
    try:
        process = _started(command, environ if is_ours else without_secrets(environ))
    except OSError:
        return False
    try:
        return process.wait(patience) == 0
    except subprocess.TimeoutExpired:
        _let_go(process)
        return True


def overheard(command: Sequence[str], environ: Mapping[str, str]) -> int | None:
    """Start a program that goes on without this one; None where it cannot be started.

    Gives a descriptor of what it writes to standard error; to read from it never waits.
    """
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    try:
        process = _started(command, environ, stderr=writer)
    except OSError:
        os.close(reader)
        return None
    finally:
        os.close(writer)
    _let_go(process)
    return reader


def leave(command: Sequence[str], text: str, environ: Mapping[str, str]) -> None:
    """Start a program with a text on its standard input, and leave it; nothing happens where it cannot be started."""
    try:
        process = _started(command, environ, stdin=subprocess.PIPE)
    except OSError:
        return
    if process.stdin:
        try:
            process.stdin.write(text.encode())
            process.stdin.close()
        except OSError:
            pass  # it has ended already
    _let_go(process)


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """Leave a program alone that goes on, without the warning that Popen has for it."""
    process.returncode = 0


def feed(command: Command, text: str, *, patience: float = READING) -> bool:
    """Give a program a text on its standard input; whether it took it within `patience` seconds."""
    quiet, environ = subprocess.DEVNULL, without_secrets(os.environ)
    try:
        done = subprocess.run(
            command, input=text.encode(), stdout=quiet, stderr=quiet, timeout=patience, check=False, env=environ
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def split(words: str) -> Command:
    """A command in words, as a shell splits it; empty where a quotation mark is never closed."""
    try:
        return shlex.split(words)
    except ValueError:
        return []


def browsers(environ: Mapping[str, str], platform: str, address: str) -> list[Command]:
    """What may open a page, the best first; none where there is no screen. `BROWSER` is the user's own word."""
    if platform == "darwin":
        return [["open", address]]
    named = [_with_address(words, address) for words in environ.get("BROWSER", "").split(":")]
    return [command for command in named if command] + _openers(environ, address)


def editors(environ: Mapping[str, str], platform: str, path: str) -> list[Command]:
    """What may open a text file in an editor with a window."""
    return [["open", "-t", path]] if platform == "darwin" else _openers(environ, path)


def terminal_editors(environ: Mapping[str, str]) -> list[Command]:
    """What may edit a text in the terminal: the user's own word, then Debian's name for it, then what POSIX has."""
    own = split(environ.get("VISUAL") or environ.get("EDITOR") or "")
    return [own] if own else [["editor"], ["nano"], ["vi"]]


def in_terminal(command: Command, environ: Mapping[str, str]) -> int | None:
    """Run a program in this terminal to its end; its exit code, None where it cannot be started."""
    try:
        return subprocess.run(command, env=without_secrets(environ), check=False).returncode
    except (OSError, ValueError):
        return None


def clipboards(environ: Mapping[str, str], platform: str) -> list[Command]:
    """What takes a text for the clipboard of this screen."""
    if platform == "darwin":
        return [["/usr/bin/env", "LC_ALL=en_US.UTF-8", "pbcopy"]]  # started by the desktop, it has no locale
    wayland = [["wl-copy"]] if environ.get("WAYLAND_DISPLAY") else []
    x11 = [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]] if environ.get("DISPLAY") else []
    return wayland + x11


def _openers(environ: Mapping[str, str], what: str) -> list[Command]:
    """The desktop's own; without a screen they would take over the terminal, or wait for one."""
    screen = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    return [["xdg-open", what], ["gio", "open", what]] if screen else []


def _with_address(words: str, address: str) -> Command:
    """One command of `BROWSER`: the address stands for its `%s`, else it comes last."""
    command = split(words)
    if not command or any("%s" in word for word in command):
        return [word.replace("%s", address) for word in command]
    return [*command, address]


# The user's own command for an alert: run without a shell, with the facts, and never for longer than ten seconds.

SECONDS = 10.0


def variables(alert: Mapping[str, Any]) -> dict[str, str]:
    """The facts as `CODINGPLAN_KIND`, `CODINGPLAN_WINDOW` and so on; no variable for what is not known."""
    known = {name: value for name, value in alert.items() if value is not None}
    texts = {name: json.dumps(value) if isinstance(value, bool) else str(value) for name, value in known.items()}
    return {f"CODINGPLAN_{name.upper()}": text for name, text in texts.items()}


def run_hook(
    command: Sequence[str], alert: Mapping[str, Any], environ: Mapping[str, str], *, seconds: float = SECONDS
) -> int | None:
    """Run it to its end; its exit code, None where it cannot be started or was killed for its time.

    It has a process group of its own: what it has left in the background has the rest of the time, and then all of
    that is killed. `environ` must hold no secret.
    """
    end = time.monotonic() + seconds
    try:
        process = _started(command, {**environ, **variables(alert)}, stdin=subprocess.PIPE)
    except (OSError, ValueError):
        return None
    with process:
        try:
            process.communicate(json.dumps(alert).encode(), timeout=seconds)
            _await_group(process.pid, end)
        except subprocess.TimeoutExpired:
            return None
        finally:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
    return process.returncode


def _await_group(group: int, end: float) -> None:
    """Until all of the group have ended, or the steady clock says `end`."""
    with contextlib.suppress(OSError):
        while time.monotonic() < end:
            os.killpg(group, 0)
            time.sleep(_TICK)


def _started(
    command: Sequence[str],
    environ: Mapping[str, str],
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.DEVNULL,
    stderr: int = subprocess.DEVNULL,
    cwd: str | None = None,
) -> subprocess.Popen[bytes]:
    """A program in a session and a process group of its own. Raises what Popen raises."""
    return subprocess.Popen(
        command, stdin=stdin, stdout=stdout, stderr=stderr, env=environ, cwd=cwd, start_new_session=True
    )


# Another program, run to its end: without a shell, no longer than it may take, and nothing of it stays behind.

Ending = Literal["exit", "deadline", "flood"]

LIMIT = 1024 * 1024
"""Bytes that a program may print on either stream."""

_PIECE = 64 * 1024
_TICK = 0.05
"""Seconds. Nothing wakes us when a program ends while another one holds its pipes, so that is looked for."""


class Finished(NamedTuple):
    """What a program printed, and how it ended: by itself, or killed for its time or for its output.

    `exit_code` is its own only where it ended by itself; it is negative for a signal.
    """

    ending: Ending
    exit_code: int
    stdout: bytes
    stderr: bytes


def run(command: Sequence[str], *, environ: Mapping[str, str], seconds: float, limit: int = LIMIT) -> Finished:
    """Run a program with no input, in the folder `/`, for at most `seconds`; `limit` bytes of each stream are kept.

    It has a session and a process group of its own: it cannot ask anything on a terminal, and the whole group is
    killed in the end, whether it goes well or not. Raises `OSError` where it cannot be started.
    """
    started = time.monotonic()
    with _started(command, environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd="/") as process:
        try:
            return _follow(process, started + seconds, limit)
        finally:
            _kill_group(process.pid)


def _follow(process: subprocess.Popen[bytes], end: float, limit: int) -> Finished:
    """Read both streams until the program has ended, or may go on no longer."""
    stdout, stderr = bytearray(), bytearray()
    with DefaultSelector() as selector:
        for stream, kept in ((process.stdout, stdout), (process.stderr, stderr)):
            selector.register(stream, EVENT_READ, kept)  # type: ignore[arg-type]  # both are pipes
        ending: Ending | None = None
        while ending is None:
            ending = _step(process, selector, end)
            if max(len(stdout), len(stderr)) > limit:
                ending = "flood"
    exit_code = 0 if process.returncode is None else process.returncode
    return Finished(ending, exit_code, bytes(stdout[:limit]), bytes(stderr[:limit]))


def _step(process: subprocess.Popen[bytes], selector: DefaultSelector, end: float) -> Ending | None:
    """Take what is there to read, or wait for it a little; how the program ended, None while it goes on."""
    left = end - time.monotonic()
    if left <= 0:
        return "deadline"
    if not selector.get_map():  # both streams are closed: only its end is missing
        return _awaited(process, left)
    has_ended = process.poll() is not None  # asked first: what it printed is then in the pipes
    ready = selector.select(0 if has_ended else min(left, _TICK))
    for key, _ in ready:
        piece = os.read(key.fd, _PIECE)
        key.data.extend(piece)
        if not piece:
            selector.unregister(key.fileobj)
    return "exit" if has_ended and not ready else None


def _awaited(process: subprocess.Popen[bytes], seconds: float) -> Ending:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return "deadline"
    return "exit"


def _kill_group(group: int) -> None:
    """Kill whoever is left of the group. macOS refuses where only the dead are.

    As long as one lives, the group's number is not given again; and numbers are given in turn, so that of a group
    that has just ended is not another's yet.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def typed_path(shown: str) -> str:
    """A path as it is shown to people, as one word of a shell: in quotes where it needs them, but for the home."""
    if shown == "~":
        return shown
    if shown.startswith("~/"):
        return "~/" + shlex.quote(shown.removeprefix("~/"))
    return shlex.quote(shown)
