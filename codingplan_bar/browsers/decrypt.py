"""The import library in a process of its own: it gets one store, little time and no more environment than it needs."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from codingplan_bar import paths
from codingplan_bar.browsers.problems import StoreProblem, Verdict
from codingplan_bar.credentials.cookies import Cookie
from codingplan_bar.transport.request import Deadline

DECRYPT_MODULE = "codingplan_bar.browsers.decrypt_program"
MARGIN = 0.2
"""Seconds by which the process ends earlier than whoever waits for it, so that it can say what it was waiting for."""

Keyring = Literal["none", "silent", "ask"]
"""Whether the key may be asked for: not at all, without disturbing anybody, or also by a dialog."""

_PASSED = ("HOME", "LANG", "LANGUAGE", "DBUS_SESSION_BUS_ADDRESS")
_PASSED_KINDS = ("XDG_", "LC_")


class DecryptJob(NamedTuple):
    """What is read, and how: `reader` is a class of the library's, `data` what `library_files.Shelf` takes."""

    reader: str
    data: bytes
    keyring: Keyring


def read(job: DecryptJob, environ: Mapping[str, str], deadline: Deadline) -> list[Cookie]:
    """The provider's cookies in the file, each with its value. Raises `StoreProblem`.

    Both ways are pipes; no value is ever in a file, an argument or the environment.
    """
    seconds = deadline.remaining()
    end = time.monotonic() + seconds - MARGIN  # one clock for all processes
    command = [sys.executable, "-P", "-m", DECRYPT_MODULE, job.reader, job.keyring, str(end)]
    process = subprocess.Popen(
        command,
        env=environment(environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a library that fails may quote what it failed at
        start_new_session=True,
        umask=0o077,
        cwd="/",
    )
    return _cookies(_output(process, job.data, seconds))


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What the process gets: the way to the keyring, and the user's language.

    Where the address of the bus is not set, as over ssh or in cron, the bus is where systemd has it.
    """
    passed = {name: value for name, value in environ.items() if name in _PASSED or name.startswith(_PASSED_KINDS)}
    bus = Path(paths.named(environ, "XDG_RUNTIME_DIR") or "/nonexistent", "bus")
    if not passed.get("DBUS_SESSION_BUS_ADDRESS") and bus.is_socket():
        passed["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={bus}"
    imports = os.pathsep.join(path for path in sys.path if path)
    return {**passed, "PYTHONPATH": imports}


def _output(process: subprocess.Popen[bytes], data: bytes, seconds: float) -> bytes:
    try:
        return process.communicate(data, timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        raise StoreProblem("too_slow") from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Nothing that was started is left, whatever it has started itself."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _cookies(output: bytes) -> list[Cookie]:
    try:
        said = json.loads(output)
        problem = said.get("problem")
        if problem is None:
            return [_cookie(*fields) for fields in said["cookies"]]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        problem = "failed"
    raise StoreProblem(_known(problem))


def _cookie(name: Any, value: Any, domain: Any, host_only: Any, path: Any, expires_at: Any, secure: Any) -> Cookie:  # noqa: PLR0913, PLR0917 - a cookie's fields, as they come
    if not all(isinstance(text, str) for text in (name, value, domain, path)):
        raise TypeError("a cookie that is none")
    return Cookie(
        name, value, domain, bool(host_only), path, None if expires_at is None else int(expires_at), bool(secure)
    )


def _known(problem: object) -> Verdict:
    return next((word for word in get_args(Verdict) if word == problem), "failed")
