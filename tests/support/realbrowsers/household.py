"""One made-up user's home folder, environment and programs; the programs end with it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from support.waiting import until


class Household:
    """A user. `home` is a fresh folder, `environ` what its programs are started with."""

    def __init__(self):
        self._folder = Path(tempfile.mkdtemp(prefix="cb-home-"))  # short: paths of sockets may have 107 letters
        self.home = self._folder / "h"
        runtime = self._folder / "r"
        for folder in (self.home, runtime):
            folder.mkdir(mode=0o700)
        self.environ = {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(runtime),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
        }
        self.processes = []

    def start(self, command, **more):
        """A program of this user; in a group of its own, so that it ends with all that it starts."""
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        environ = {**self.environ, **more.pop("environ", {})}
        process = subprocess.Popen(command, env=environ, start_new_session=True, **{**quiet, **more})
        self.processes.append(process)
        return process

    def run(self, command, **more):
        """A program of this user that ends by itself."""
        return subprocess.run(command, env=self.environ, timeout=30, check=True, capture_output=True, **more)

    def ask_to_end(self, process, patience=20):
        """End one program as a session's end would, and wait for what it has started: a helper may still write."""
        process.terminate()
        process.wait(patience)
        until(lambda: not _is_alive(process.pid), f"the end of all of {process.args[0]}", within=patience)

    def end(self, process, patience=20):
        """End one program at once, and all that it has started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(patience)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()

    def close(self):
        """End everything, remove everything."""
        for process in reversed(self.processes):
            self.end(process)
        shutil.rmtree(self._folder, ignore_errors=True)


def _is_alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
