"""Where the provider's tool lies, where it keeps its login, and what of the environment it gets to see."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from codingplan_bar.errors import ConfigError, MissingCredentials

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "bl"
SETTING = "bl_path"
INSTALL_HINT = "Install it by `npm install -g bailian-cli`, or name where it lies by the setting bl_path."

PASSED = frozenset(
    (
        *("HOME", "USER", "LOGNAME", "PATH", "TMPDIR", "TZ", "LANG", "LANGUAGE"),
        # The tool itself reads the proxies in capitals alone; what runs it may be a script of the user's.
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
        *("NODE_EXTRA_CA_CERTS", "NODE_USE_SYSTEM_CA", "SSL_CERT_FILE", "SSL_CERT_DIR"),
        "BAILIAN_CONFIG_DIR",
    )
)
"""The variables that are passed on, with all of `LC_` and `XDG_`: no key, no cookie, no `NODE_OPTIONS`."""

ADDED = {"NO_COLOR": "1", "DO_NOT_TRACK": "1", "DASHSCOPE_TIMEOUT": "15"}
"""It is a bar that asks, every few minutes: no colours, no report on the use of the tool, and no waiting for minutes
(seconds) should this program be killed meanwhile."""


def find(environ: Mapping[str, str], *, named: str = "") -> str:
    """The tool's path: what the setting `bl_path` names, else the first `bl` on the PATH, in an absolute folder.

    Raises `MissingCredentials` where there is none, `ConfigError` where `bl_path` is not the path of a program.
    """
    if named:
        return _named(named, environ)
    folders = [folder for folder in environ.get("PATH", "").split(os.pathsep) if folder.startswith("/")]
    found = shutil.which(NAME, path=os.pathsep.join(folders))
    if found is None:
        raise MissingCredentials("The provider's tool bl is not installed.", hint=INSTALL_HINT)
    return found


def login_file(environ: Mapping[str, str]) -> str:
    """The file that a sign-in of the tool changes. It is never read here, for it holds the login."""
    folder = environ.get("BAILIAN_CONFIG_DIR") or f"{_home(environ)}/.bailian"
    return f"{folder}/config.json"


def inputs(environ: Mapping[str, str], *, named: str = "") -> list[str]:
    """The files by which it shows that the tool was installed, replaced or signed in."""
    try:
        return [login_file(environ), find(environ, named=named)]
    except (ConfigError, MissingCredentials):
        return [login_file(environ)]


def environment(environ: Mapping[str, str], command: str) -> dict[str, str]:
    """What the tool gets to see. The tool's own folder comes first on the PATH.

    A bar that the desktop started knows nothing of a version manager's folders; the Node.js that the tool was
    installed with lies beside it.
    """
    passed = {name: value for name, value in environ.items() if name in PASSED or name.startswith(("LC_", "XDG_"))}
    path = os.pathsep.join(filter(None, (str(Path(command).parent), environ.get("PATH"))))
    return {**passed, **ADDED, "PATH": path}


def _named(named: str, environ: Mapping[str, str]) -> str:
    path = _home(environ) + named[1:] if named.startswith("~/") else named
    if not path.startswith("/"):
        raise ConfigError(f"{SETTING} must be an absolute path, or one that begins with ~/.", where=SETTING)
    if not (Path(path).is_file() and os.access(path, os.X_OK)):
        raise ConfigError(f"{SETTING} names no program that can be run.", where=SETTING)
    return path


def _home(environ: Mapping[str, str]) -> str:
    return environ.get("HOME") or os.path.expanduser("~")  # noqa: PTH111 - does not raise where there is none
