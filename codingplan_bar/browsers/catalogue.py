"""The browsers that are known: what the setting `browsers` calls them, and the folders that hold their profiles."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from codingplan_bar import paths
from codingplan_bar.credentials.other_tools import home_of_others
from codingplan_bar.text import clean

Family = Literal["chromium", "firefox", "safari"]

LONGEST_TITLE = 40
CONFIG = "{config}/"
"""Begins a folder below the user's configuration, which is at `$XDG_CONFIG_HOME` or at `~/.config`: both are looked
at, since a bar and a browser may have been started with different environments."""
SNAP, FLATPAK = "snap/", ".var/app/"
_MACOS = "Library/Application Support/"


class Browser(NamedTuple):
    """One row. `folders` are relative to the home folder; `reader` is its class in the import library."""

    name: str
    title: str
    family: Family
    linux: tuple[str, ...]
    macos: tuple[str, ...]
    reader: str = ""

    def folders(self, environ: Mapping[str, str], platform: str = sys.platform) -> Iterator[tuple[Path, str]]:
        """Each place that may hold profiles, with a word for the way it was installed by ("", "Snap", "Flatpak")."""
        home = Path(home_of_others(environ))
        for folder in self.macos if platform == "darwin" else self.linux:
            for path in _absolute(folder, home, environ):
                yield path, _packaging(folder)


def _absolute(folder: str, home: Path, environ: Mapping[str, str]) -> Iterable[Path]:
    if not folder.startswith(CONFIG):
        return [home / folder]
    configs = [Path(named)] if (named := paths.named(environ, "XDG_CONFIG_HOME")) else []
    return [config / folder.removeprefix(CONFIG) for config in (*configs, home / ".config")]


def _packaging(folder: str) -> str:
    return "Snap" if folder.startswith(SNAP) else "Flatpak" if folder.startswith(FLATPAK) else ""


def _chromium(  # noqa: PLR0913 - a row of a table
    name: str, title: str, reader: str, linux: str, macos: str, *, flatpak: str = "", snap: str = ""
) -> Browser:
    """A browser made of Chromium: one folder of profiles, which Snap and Flatpak put elsewhere."""
    places = [CONFIG + linux] if linux else []
    places += [f"{SNAP}{snap}/{below}/{linux}" for below in ("common", "current/.config") if snap]
    places += [f"{FLATPAK}{each}/config/{linux}" for each in flatpak.split()]
    return Browser(name, title, "chromium", tuple(places), (_MACOS + macos,) if macos else (), reader)


def _firefox(
    name: str, title: str, linux: tuple[str, str], macos: str, *, flatpak: str = "", snap: str = ""
) -> Browser:
    """A browser made of Firefox: `linux` is the folder below the configuration, and the one below the home.

    A new Firefox (since 147) takes the first, unless the second is there.
    """
    xdg, old = linux
    places = [CONFIG + xdg, old]
    places += [f"{SNAP}{snap}/common/{below}" for below in (".config/" + xdg, old) if snap]
    places += [f"{FLATPAK}{flatpak}/{below}" for below in ("config/" + xdg, ".config/" + xdg, old) if flatpak]
    return Browser(name, title, "firefox", tuple(places), (_MACOS + macos,))


_STORE = re.compile(r"(?:/Network)?/(?:Cookies|cookies\.sqlite)\Z")
_BRAVE, _SAFARI = "BraveSoftware/Brave-Browser", "Library/Containers/com.apple.Safari/Data/Library/Cookies"

BROWSERS = (
    _chromium("chrome", "Chrome", "Chrome", "google-chrome", "Google/Chrome", flatpak="com.google.Chrome"),
    _chromium("chrome-beta", "Chrome Beta", "Chrome", "google-chrome-beta", "Google/Chrome Beta"),
    _chromium("brave", "Brave", "Brave", _BRAVE, _BRAVE, flatpak="com.brave.Browser", snap="brave"),
    _chromium("edge", "Edge", "Edge", "microsoft-edge", "Microsoft Edge", flatpak="com.microsoft.Edge"),
    _chromium("arc", "Arc", "Arc", "", "Arc/User Data"),
    _firefox(
        "firefox",
        "Firefox",
        ("mozilla/firefox", ".mozilla/firefox"),
        "Firefox",
        flatpak="org.mozilla.firefox",
        snap="firefox",
    ),
    Browser("safari", "Safari", "safari", (), (_SAFARI, "Library/Cookies"), "Safari"),
    _chromium(
        "chromium",
        "Chromium",
        "Chromium",
        "chromium",
        "Chromium",
        flatpak="org.chromium.Chromium io.github.ungoogled_software.ungoogled_chromium",
        snap="chromium",
    ),
    _chromium("vivaldi", "Vivaldi", "Vivaldi", "vivaldi", "Vivaldi", flatpak="com.vivaldi.Vivaldi", snap="vivaldi"),
    _chromium("opera", "Opera", "Opera", "opera", "com.operasoftware.Opera", flatpak="com.opera.Opera", snap="opera"),
    _chromium("opera-gx", "Opera GX", "OperaGX", "", "com.operasoftware.OperaGX"),
    _firefox(
        "librewolf",
        "LibreWolf",
        ("librewolf/librewolf", ".librewolf"),
        "librewolf",
        flatpak="io.gitlab.librewolf-community",
        snap="librewolf",
    ),
    _chromium(
        "chrome-dev",
        "Chrome Dev",
        "Chrome",
        "google-chrome-unstable",
        "Google/Chrome Dev",
        flatpak="com.google.ChromeDev",
    ),
    _chromium("chrome-canary", "Chrome Canary", "Chrome", "google-chrome-canary", "Google/Chrome Canary"),
    _chromium("brave-beta", "Brave Beta", "Brave", _BRAVE + "-Beta", _BRAVE + "-Beta"),
    _chromium("brave-nightly", "Brave Nightly", "Brave", _BRAVE + "-Nightly", _BRAVE + "-Nightly"),
    _chromium("edge-beta", "Edge Beta", "Edge", "microsoft-edge-beta", "Microsoft Edge Beta"),
    _chromium("edge-dev", "Edge Dev", "Edge", "microsoft-edge-dev", "Microsoft Edge Dev"),
    _chromium("vivaldi-snapshot", "Vivaldi Snapshot", "Vivaldi", "vivaldi-snapshot", "Vivaldi Snapshot"),
    _chromium("opera-beta", "Opera Beta", "Opera", "opera-beta", "com.operasoftware.OperaNext"),
    _chromium("opera-developer", "Opera Developer", "Opera", "opera-developer", "com.operasoftware.OperaDeveloper"),
    _firefox("zen", "Zen", ("zen", ".zen"), "zen", flatpak="app.zen_browser.zen"),
    _firefox("floorp", "Floorp", ("floorp", ".floorp"), "Floorp", flatpak="one.ablaze.floorp"),
    _firefox("waterfox", "Waterfox", ("waterfox", ".waterfox"), "Waterfox", flatpak="net.waterfox.waterfox"),
)
"""In the order in which they are asked."""

BY_NAME = {browser.name: browser for browser in BROWSERS}


def chosen(names: Iterable[str]) -> tuple[Browser, ...]:
    """The browsers that the setting names, in its order, each once; all of them where it names none at all.

    A folder is one too: it is not said which family its profiles are of, so it is looked through for both.
    """
    given = tuple(names)
    rows = [row for name in given for row in (_in_folder(name) if is_folder(name) else _known(name))]
    return tuple(dict.fromkeys(rows)) if given else BROWSERS


def unknown(names: Iterable[str]) -> tuple[str, ...]:
    """The names of the setting that are no browser's, and no folder's either."""
    return tuple(name for name in names if not is_folder(name) and not _known(name))


def _known(name: str) -> tuple[Browser, ...]:
    return (BY_NAME[_spelled(name)],) if _spelled(name) in BY_NAME else ()


def is_folder(name: str) -> bool:
    """Whether a name of the setting is a folder: an absolute path, or one below the home."""
    return name.startswith(("/", "~/"))


def _in_folder(path: str) -> tuple[Browser, ...]:
    """A browser that is not in the table. Most of those that are made of Chromium keep its name in the keyring.

    The path may lead to its folder of profiles, to the folder above `User Data`, to a profile or to its very store.
    """
    folder = _STORE.sub("", path.rstrip("/")) or "/"
    title = clean(folder.rpartition("/")[2], LONGEST_TITLE) or "Browser"
    below = folder.removeprefix("~/")
    places = (below, f"{below}/User Data")
    return (
        Browser(path, title, "chromium", places, places, "Chromium"),
        Browser(path, title, "firefox", places, places),
    )


def _spelled(name: str) -> str:
    """As the table has it: "Chrome Beta" and "chrome_beta" are chrome-beta."""
    return "-".join(name.lower().replace("_", " ").split())
