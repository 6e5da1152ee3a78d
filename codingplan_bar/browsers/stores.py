"""The cookie stores of this user: which browsers have one, of which profiles, and how each is opened."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from codingplan_bar import paths
from codingplan_bar.browsers import catalogue, sqlite_copy
from codingplan_bar.browsers.catalogue import Browser
from codingplan_bar.browsers.sqlite_copy import BESIDE
from codingplan_bar.browsers.verdicts import StoreProblem
from codingplan_bar.credentials.cookies import CookieJar
from codingplan_bar.text import clean
from codingplan_bar.transport.request import Deadline

# The profiles of a browser made of Firefox: what its ini files and its groups name, and the folders that lie there.

LARGEST_INI = 256 * 1024
"""Bytes; one with a hundred profiles has ten thousand."""

MOST_IN_A_GROUP = 200
GROUP_SECONDS = 0.5
"""How long the file of one group may take; it has a row a profile, and takes a millisecond."""

_SECTION = re.compile(r"\[(.*)\]")


def folders(root: Path) -> Iterator[Path]:
    """The folder of each profile, whether it still exists or not; some twice. Raises OSError without a right to read.

    Ini files and groups name profiles that may lie anywhere; a folder below the root is one without being named.
    """
    for section in sections(root):
        relative = section.get("IsRelative") != "0"
        yield from ((root / path if relative else Path(path)) for path in _paths(section))
    for path in _grouped(root):
        yield from (root / path, root / "Profiles" / path)
    yield from _below(root)
    if paths.is_folder(root / "Profiles"):
        yield from _below(root / "Profiles")


def name_of(folder: Path, root: Path) -> str:
    """The name that the user knows a profile by, else that of its folder, without the random letters in front."""
    for section in sections(root):
        path = section.get("Path", "")
        if path and section.get("Name") and folder in (root / path, Path(path)):
            return section["Name"]
    for path, name in _grouped(root).items():
        if name and folder in (root / path, root / "Profiles" / path):
            return name
    return folder.name.partition(".")[2] or folder.name


def sections(root: Path) -> Iterator[dict[str, str]]:
    """The sections of both files, as far as they can be read: no line of theirs can spoil another one.

    Not by configparser, which gives up on a file for one line, and takes a `%` in a path for its own.
    """
    for name in ("profiles.ini", "installs.ini"):
        yield from _sections(_text(root / name))


def _grouped(root: Path) -> dict[str, str]:
    """The profiles of all groups (Firefox 138 and later): path, absolute or not, and name."""
    found: dict[str, str] = {}
    groups: list[Path] = []
    with suppress(OSError):  # the folder may be unreadable
        groups = sorted((root / "Profile Groups").glob("*.sqlite"))
    for group in groups:
        with suppress(StoreProblem), sqlite_copy.opened(group, Deadline(GROUP_SECONDS)) as connection:
            rows = connection.execute("SELECT path, name FROM Profiles LIMIT ?", (MOST_IN_A_GROUP,)).fetchall()
            found |= {path: name if isinstance(name, str) else "" for path, name in rows if isinstance(path, str)}
    return found


def _paths(section: dict[str, str]) -> Iterator[str]:
    """A profile's own path, or the one that an installation begins with; `Default=1` is a mark, no path."""
    if path := section.get("Path"):
        yield path
    elif (default := section.get("Default", "1")) != "1":
        yield default


def _sections(text: str) -> Iterator[dict[str, str]]:
    section: dict[str, str] = {}
    for line in text.splitlines():
        if _SECTION.fullmatch(line.strip()):
            yield section
            section = {}
        key, equals, value = line.partition("=")
        if equals:
            section[key.strip()] = value.strip()
    yield section


def _text(path: Path) -> str:
    try:
        return paths.content(path, LARGEST_INI).decode("utf-8-sig", "replace")
    except OSError:
        return ""


def _below(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.iterdir() if paths.is_folder(path))


# The cookie stores of this user: which browsers have one, of which profiles, and what each is called.

LARGEST_LOCAL_STATE = 16 * 1024 * 1024  # bytes
LONGEST_NAME = 60
SESSION_FILES = ("sessionstore-backups/recovery.jsonlz4", "sessionstore.jsonlz4")
"""Where Firefox keeps the cookies that end with it: of the running one, and of the one that was closed."""

_FIRST = {"chromium": "Default/Cookies", "firefox": "default/cookies.sqlite", "safari": "Cookies.binarycookies"}


class Store(NamedTuple):
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
        name = _name_in_local_state(self) if chromium else name_of(self.folder, self.root)
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
    """The stores below one folder; where that may not be read, one that cannot be read either."""
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
        return [folder / "cookies.sqlite" for folder in (root, *folders(root))]
    below = sorted(path for path in root.iterdir() if paths.is_folder(path))
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
    """Whether it is a regular file; also where that may not be looked at: that is said."""
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
        state = json.loads(paths.content(store.root / "Local State", LARGEST_LOCAL_STATE))
        name = state["profile"]["info_cache"][folder]["name"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return folder
    return name if isinstance(name, str) and name.strip() else folder


# A session that may be one: the provider's cookies of one profile, and how their values are got at.

IN_CONTAINER = ", container "
"""Between a profile's name and its container's."""

Unseal = Callable[[Deadline], CookieJar]
"""Gives the jar with its values, or raises `StoreProblem`."""
SEALED = "sealed"
"""Stands in for a value that has not been decrypted: names and dates say enough to choose by."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """The cookies of one store, in Firefox of one container; expired ones are among them.

    Where there is `unseal`, values of the jar may be stand-ins, and it gives the jar with the real ones. `app_bound`
    says that the store has login cookies which the browser alone can decrypt: they are not in the jar.
    """

    store: Store
    jar: CookieJar = field(repr=False)
    container: str = ""
    unseal: Unseal | None = None
    app_bound: bool = False

    @property
    def profile(self) -> str:
        """The profile as its user knows it, with the container."""
        name = self.store.profile
        return f"{name}{IN_CONTAINER}{self.container}" if self.container else name
