"""The profiles of a browser made of Firefox: what its two ini files name, and the folders that lie there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

LARGEST_INI = 256 * 1024
"""Bytes; one with a hundred profiles has ten thousand."""

_SECTION = re.compile(r"\[(.*)\]")


def folders(root: Path) -> Iterator[Path]:
    """The folder of each profile, whether it still exists or not; some twice. Raises OSError where nobody may look.

    Both files name profiles that may lie anywhere; a folder below the root is one without being named.
    """
    for section in sections(root):
        relative = section.get("IsRelative") != "0"
        yield from ((root / path if relative else Path(path)) for path in _paths(section))
    yield from _below(root)
    if (root / "Profiles").is_dir():
        yield from _below(root / "Profiles")


def name_of(folder: Path, root: Path) -> str:
    """The name that the user knows a profile by, else that of its folder, without the random letters in front."""
    for section in sections(root):
        path = section.get("Path", "")
        if path and section.get("Name") and folder in (root / path, Path(path)):
            return section["Name"]
    return folder.name.partition(".")[2] or folder.name


def sections(root: Path) -> Iterator[dict[str, str]]:
    """The sections of both files, as far as they can be read: no line of theirs can spoil another one.

    Not by configparser, which gives up on a file for one line, and takes a `%` in a path for its own.
    """
    for name in ("profiles.ini", "installs.ini"):
        yield from _sections(_text(root / name))


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
        with path.open("rb") as file:
            return file.read(LARGEST_INI).decode("utf-8-sig", "replace")
    except OSError:
        return ""


def _below(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.iterdir() if path.is_dir())
