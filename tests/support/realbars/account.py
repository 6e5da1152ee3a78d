"""Who runs the bars: sway refuses root, so root's tests give it an account that is not."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

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
            ended = subprocess.run((*self.prefix, *command), check=False, capture_output=True, timeout=10)
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
