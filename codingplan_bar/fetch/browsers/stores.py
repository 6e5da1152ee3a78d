"""The cookie stores of this user: which browsers have one, of which profiles, and what each is called."""

from __future__ import annotations

import hashlib
import json
import stat
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codingplan_bar.fetch.browsers import catalogue, firefox_profiles
from codingplan_bar.fetch.browsers.catalogue import Browser
from codingplan_bar.text import clean

LARGEST_LOCAL_STATE = 16 * 1024 * 1024  # bytes
LONGEST_NAME = 60
BESIDE = ("", "-wal", "-journal")
"""Endings of a store's files: SQLite keeps in the second what has been written lately, in the third what to undo."""
SESSION_FILES = ("sessionstore-backups/recovery.jsonlz4", "sessionstore.jsonlz4")
"""Where Firefox keeps the cookies that end with it: of the running one, and of the one that was closed."""

_FIRST = {"chromium": "Default/Cookies", "firefox": "default/cookies.sqlite", "safari": "Cookies.binarycookies"}


@dataclass(frozen=True, slots=True)
class Store:
    """One profile's cookies. `path` is the file, `root` the folder that all profiles of a place share."""

    browser: Browser
    path: Path
    root: Path
    packaging: str = ""

    @property
    def folder(self) -> Path:
        """The profile's own folder."""
        return self.path.parent.parent if self.path.parent.name == "Network" else self.path.parent

    @property
    def title(self) -> str:
        """The browser, as a person calls it."""
        return f"{self.browser.title} ({self.packaging})" if self.packaging else self.browser.title

    @property
    def profile(self) -> str:
        """The profile, as its user knows it; never a path. Reads what the browser has written about its profiles."""
        if self.browser.family == "safari":
            return ""
        chromium = self.browser.family == "chromium"
        name = _name_in_local_state(self) if chromium else firefox_profiles.name_of(self.folder, self.root)
        return clean(name, LONGEST_NAME) or "profile"

    @property
    def files(self) -> tuple[Path, ...]:
        """All files that its cookies may be in."""
        sessions = SESSION_FILES if self.browser.family == "firefox" else ()
        return (*(self.path.with_name(self.path.name + end) for end in BESIDE), *(self.folder / s for s in sessions))


def discover(environ: Mapping[str, str], names: Iterable[str] = (), platform: str = sys.platform) -> list[Store]:
    """Every store, in the order of the browsers; of one browser the one first that was written last.

    `names` is the setting `browsers`. Nothing is opened but what names the profiles of a Firefox.
    """
    stores: list[Store] = []
    for browser in catalogue.chosen(names):
        places = browser.folders(environ, platform)
        found = [Store(browser, path, root, how) for root, how in places for path in _stores_in(root, browser)]
        stores += sorted(_different(found), key=_written, reverse=True)
    return stores


def stores_state(environ: Mapping[str, str], names: Iterable[str] = (), platform: str = sys.platform) -> str:
    """Changes when a browser's store is written, comes or goes; nothing can be read out of it. Takes milliseconds."""
    files = [path for store in discover(environ, names, platform) for path in store.files]
    return hashlib.sha256(repr([(str(path), _state(path)) for path in files]).encode(errors="replace")).hexdigest()


def _stores_in(root: Path, browser: Browser) -> list[Path]:
    """The stores below one folder; where nobody may look into it, one that cannot be read either."""
    if not _may_be_there(root, browser):
        return []
    try:
        return [path for path in _candidates(root, browser) if _is_there(path)]
    except PermissionError:
        return [root / _FIRST[browser.family]]
    except OSError:
        return []


def _candidates(root: Path, browser: Browser) -> Iterable[Path]:
    if browser.family == "safari":
        return [root / _FIRST["safari"]]
    if browser.family == "firefox":
        return [folder / "cookies.sqlite" for folder in firefox_profiles.folders(root)]
    below = sorted(path for path in root.iterdir() if path.is_dir())
    return [_newer_of_two(folder) for folder in (root, *below)]  # the root too: Opera keeps its first profile there


def _newer_of_two(folder: Path) -> Path:
    """Chromium has moved the file into a folder of its own on some platforms, and may have left the old one."""
    return max(folder / "Cookies", folder / "Network" / "Cookies", key=_last_write)


def _different(stores: list[Store]) -> list[Store]:
    """Each file once: one folder may be reached under more than one name."""
    by_file: dict[object, Store] = {}
    for store in stores:
        state = _stat(store.path)
        by_file.setdefault((state.st_dev, state.st_ino) if state else store.path, store)
    return list(by_file.values())


def _written(store: Store) -> int:
    return max(map(_last_write, store.files))


def _last_write(path: Path) -> int:
    state = _stat(path)
    return state.st_mtime_ns if state else 0


def _may_be_there(root: Path, browser: Browser) -> bool:
    """Whether the folder exists. macOS does not even tell that of Safari's, without being allowed to."""
    try:
        root.stat()
    except PermissionError:
        return browser.family == "safari"
    except (OSError, ValueError):
        return False
    return True


def _is_there(path: Path) -> bool:
    """Whether it is a regular file; also where nobody may look: that is to be told."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False


def _stat(path: Path) -> Any:
    try:
        return path.stat()
    except (OSError, ValueError):
        return None


def _state(path: Path) -> tuple[int, int, int] | None:
    state = _stat(path)
    return (state.st_mtime_ns, state.st_size, state.st_ino) if state else None


def _name_in_local_state(store: Store) -> str:
    """Chromium's own name of a profile, else that of its folder."""
    folder = "Default" if store.folder == store.root else store.folder.name
    try:
        with (store.root / "Local State").open("rb") as file:
            name = json.loads(file.read(LARGEST_LOCAL_STATE))["profile"]["info_cache"][folder]["name"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return folder
    return name if isinstance(name, str) and name.strip() else folder
