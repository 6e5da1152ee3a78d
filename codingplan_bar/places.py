"""Where the files of this program lie: XDG's places, on macOS the platform's own.

Imports nothing but `os` and `sys`: the bar's road goes through here.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # typing's own constant costs an import of 9 ms
if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "codingplan-bar"


def config_file(environ: Mapping[str, str] = os.environ) -> str:
    """The user's settings."""
    return _place(environ, "XDG_CONFIG_HOME", ".config", "Library/Application Support") + "/config.toml"


def cache_folder(environ: Mapping[str, str] = os.environ) -> str:
    """What can be asked for anew: the snapshot, and what is compiled from it for the bars."""
    return _place(environ, "XDG_CACHE_HOME", ".cache", "Library/Caches")


def state_folder(environ: Mapping[str, str] = os.environ) -> str:
    """What must outlive a cleaned cache: the kept session, the waiting times, the history."""
    return _place(environ, "XDG_STATE_HOME", ".local/state", "Library/Application Support")


def working_folder(environ: Mapping[str, str] = os.environ) -> str:
    """Where the snapshot is kept: the cache, else the next place that can be written, else the cache after all.

    Both wings must come to the same answer, so it depends on nothing but what can be written now.
    """
    return _first_usable(candidate_folders(environ))


def lasting_folder(environ: Mapping[str, str] = os.environ) -> str:
    """Where the waiting times and the session are kept: the state folder, else the next place that can be written."""
    return _first_usable(candidate_folders(environ)[::-1])


def candidate_folders(environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The places that are looked at for the snapshot, in their order; for what must last, the other way round."""
    return tuple(f for f in (cache_folder(environ), _runtime_folder(environ), state_folder(environ)) if f)


def shown(path: str, environ: Mapping[str, str] = os.environ) -> str:
    """A path as a person may read it, and paste it into a report: the home folder is `~`."""
    home = _home(environ)
    return "~" + path[len(home) :] if home and path.startswith(home + "/") else path


def is_usable(folder: str) -> bool:
    """Whether it can be written; where it is not there, whether it could be made."""
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    return os.access(folder, os.W_OK | os.X_OK)


def _first_usable(folders: tuple[str, ...]) -> str:
    return next((folder for folder in folders if is_usable(folder)), folders[0])


def _runtime_folder(environ: Mapping[str, str]) -> str:
    folder = environ.get("XDG_RUNTIME_DIR", "")
    return f"{folder.rstrip('/')}/{NAME}" if folder.startswith("/") else ""


def _place(environ: Mapping[str, str], variable: str, default: str, on_macos: str) -> str:
    """A relative path in an XDG variable is ignored, as its specification says."""
    named = environ.get(variable, "")
    if named.startswith("/"):
        return f"{named.rstrip('/')}/{NAME}"
    return f"{_home(environ)}/{on_macos if sys.platform == 'darwin' else default}/{NAME}"


def _home(environ: Mapping[str, str]) -> str:
    """The home folder; where there is none, a place that can never be written."""
    home = environ.get("HOME") or os.path.expanduser("~")
    return home.rstrip("/") if home.startswith("/") else "/nonexistent"
