"""The user's own command for an alert: run without a shell, with the facts, and never for longer than ten seconds."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

SECONDS = 10.0


def variables(alert: Mapping[str, Any]) -> dict[str, str]:
    """The facts as `CODINGPLAN_KIND`, `CODINGPLAN_WINDOW` and so on; no variable for what is not known."""
    return {f"CODINGPLAN_{name.upper()}": str(value) for name, value in alert.items() if value is not None}


def run(
    command: Sequence[str], alert: Mapping[str, Any], environ: Mapping[str, str], *, seconds: float = SECONDS
) -> int | None:
    """Run it to its end; its exit code, None where it cannot be started or was killed for its time.

    It has a process group of its own, and all of that is killed. `environ` must hold no secret.
    """
    try:
        process = _started(command, {**environ, **variables(alert)})
    except (OSError, ValueError):
        return None
    with process:
        try:
            process.communicate(json.dumps(alert).encode(), timeout=seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
    return process.returncode


def _started(command: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, env=environ, start_new_session=True
    )
