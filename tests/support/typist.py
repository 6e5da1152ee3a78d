"""Somebody with a home of their own, who types `login` and other commands against the stand-in."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path

from codingplan_bar.credentials.other_tools import SDK, VARIABLES
from codingplan_bar.credentials.saved import kept
from codingplan_bar.provider import addresses

COMMAND = str(Path(sysconfig.get_path("scripts")) / "codingplan-bar")
TOKEN = "token-from-a-sign-in"
KEY, SECRET = "LTAI-standing-in", "secret-of-the-stand-in"
PAIR = dict(zip(VARIABLES[SDK], (KEY, SECRET), strict=False))
LONGEST = 300  # seconds; nothing that is run takes a tenth of it on a quiet machine


class Person:
    """Somebody with a home of their own, who types commands."""

    def __init__(self, home, provider):
        self.home = home
        self.environ = {
            "HOME": str(home),
            "PATH": "/usr/bin:/bin",
            addresses.HOST: provider.host,
            **{name: os.environ[name] for name in ("REQUESTS_CA_BUNDLE", "NO_PROXY", "no_proxy")},
            **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE")},
        }

    def start(self, *arguments, env=None, **more):
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([COMMAND, *arguments], env=self.environ | (env or {}), **(pipes | more))

    def run(self, *arguments, given=None, env=None):
        with self.start(*arguments, env=env, stdin=subprocess.PIPE if given else subprocess.DEVNULL) as process:
            out, err = process.communicate(given and given.encode(), timeout=LONGEST)
        return self.looked_through(process.returncode, out.decode(), err.decode())

    def looked_through(self, code, out, err):
        """No secret is printed, and none is written but into the one private file."""
        written = [path for path in self.home.rglob("*") if path.is_file() and path.name != "session.json"]
        texts = [out, err, *(path.read_bytes().decode("utf-8", "replace") for path in written)]
        assert not any(secret in text for secret in (TOKEN, SECRET, KEY, "token-minted") for text in texts)
        return code, out, err

    @property
    def settings(self):
        return self.home / ".config/codingplan-bar/config.toml"

    @property
    def sign_in(self):
        path = self.home / ".local/state/codingplan-bar/session.json"
        if path.exists():
            assert path.stat().st_mode & 0o777 == 0o600
        return kept(path.read_text()) if path.exists() else None
