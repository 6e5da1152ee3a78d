"""What has been read of the bars' own looks, kept in one file of ours, and read again where the user's files change."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from codingplan_bar import facts, paths, storage
from codingplan_bar.errors import StorageFailure
from codingplan_bar.themes import Look, Theme, own_facts

FILE = "looks.json"
MOST_FILES = 64

Kept = dict[str, Any]
"""The row of one bar: the files, how they were when they were read, the themes by their places."""
BARS = ("waybar", "tmux", "polybar", "argos", "i3blocks", "i3status-rust")
"""Whose looks are read (`bar_themes.READERS`; a test compares): each refresh loads this file, and not that one."""
OWN_FONTS = ("polybar",)
"""Which of them draws with the fonts that its configuration names, and with no other."""
_COLOR = re.compile("#[0-9a-f]{6}")


def keep(environ: Mapping[str, str], looks: Mapping[str, Look]) -> None:
    """Remember these, beside those of other bars; the bars' facts are then made once more. Raises `StorageFailure`."""
    kept = {**_load(environ), **{bar: _row(look) for bar, look in looks.items()}}
    _store(environ, kept)


def forget(environ: Mapping[str, str], bar: str) -> None:
    """Remember nothing of that bar any longer. Raises OSError and `StorageFailure`."""
    kept = _load(environ)
    if kept.pop(bar, None):
        _store(environ, kept)


def own_looks(environ: Mapping[str, str], *, colors: bool = True) -> dict[str, str]:
    """The facts of all that is remembered; what has changed since is read again. Never raises.

    Without `colors` it gives the languages alone: English, where a bar lacks a font for Chinese.
    """
    kept = _load(environ)
    wanted = {bar: row for bar, row in kept.items() if colors or bar in OWN_FONTS}
    changed = {bar: _again(bar, row, environ) for bar, row in wanted.items() if row["stamp"] != _stamp(row["files"])}
    if changed:
        kept = {**kept, **changed}
        with suppress(StorageFailure):
            storage.replace(_file(environ), json.dumps(kept), durable=False)
    told: dict[str, str] = {}
    for bar, row in kept.items():
        if row.get("lacks_chinese"):
            told[f"language.{bar}"] = "en"
        if colors:
            for place, (ground, text, *shades) in row["themes"].items():
                told |= own_facts(place, Theme(ground, text, tuple(shades)))
    return told


def _again(bar: str, row: Kept, environ: Mapping[str, str]) -> Kept:
    from codingplan_bar.configure.machine import Machine, printed_by  # only a change needs them
    from codingplan_bar.looks.bar_themes import READERS

    return _row(READERS[bar][1](Path(row["files"][0]), Machine(environ, printed_by=printed_by)))


def _row(look: Look) -> Kept:
    files = [str(file) for file in look.files[:MOST_FILES]]
    themes = {place: [theme.ground, theme.text, *theme.colors] for place, theme in look.themes.items()}
    row = {"files": files, "stamp": _stamp(files), "themes": themes}
    return {**row, "lacks_chinese": True} if look.lacks_chinese else row


def _stamp(files: Iterable[str]) -> str:
    return facts.inputs(*files)


def _file(environ: Mapping[str, str]) -> Path:
    return Path(paths.state_folder(environ), FILE)


def _store(environ: Mapping[str, str], kept: Mapping[str, Kept]) -> None:
    file = _file(environ)
    if kept:
        storage.replace(file, json.dumps(kept))
    else:
        file.unlink(missing_ok=True)
        storage.leave(file.parent)
    for path in Path(paths.working_folder(environ)).glob("bar*.txt"):
        with suppress(OSError):
            path.unlink()  # a bar's command that finds no facts has them made


def _load(environ: Mapping[str, str]) -> dict[str, Kept]:
    """What is kept, as far as it is whole; a file that is not the user's own, or says anything else, says nothing."""
    try:
        kept = json.loads(paths.read(_file(environ)) or "{}")
    except (ValueError, RecursionError):
        kept = {}
    rows = kept.items() if isinstance(kept, dict) else ()
    return {bar: row for bar, row in rows if bar in BARS and _is_whole(row, bar)}


def _is_whole(row: object, bar: str) -> bool:
    if not isinstance(row, dict) or set(row) - {"lacks_chinese"} != {"files", "stamp", "themes"}:
        return False
    if not isinstance(row["themes"], dict) or row.get("lacks_chinese", True) is not True:
        return False
    places = {bar, bar + "-tooltip"}
    are_themes = set(row["themes"]) <= places and all(map(_is_theme, row["themes"].values()))
    return are_themes and _are_files(row["files"])


def _are_files(files: object) -> bool:
    return isinstance(files, list) and bool(files) and all(isinstance(f, str) and "\0" not in f for f in files)


def _is_theme(theme: object) -> bool:
    return (
        isinstance(theme, list)
        and len(theme) == 7
        and all(isinstance(color, str) and _COLOR.fullmatch(color) for color in theme)
    )
