"""Files beside a bar's configuration that have lines of ours in them, too: copies, or what was read before.

Nothing is taken out of them unasked: whether they are read, and by what, is not known.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from codingplan_bar.configure.bars import BARS, USUAL, Part
from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.files import remembered, said
from codingplan_bar.configure.machine import MARK, MOST_FILES, Machine
from codingplan_bar.process import typed_path

LONGEST = 1024 * 1024
"""Bytes: a configuration is shorter."""


def strays(bar: str, parts: Iterable[Part], machine: Machine) -> Iterator[Path]:
    """The files in the folders of a bar's configuration that have our marker lines, those of its parts aside."""
    parts = list(parts)
    known = {os.path.realpath(part.file.path) for part in parts if part.file}
    places = [part.file.named for part in parts if part.file]
    places += [Path(path) for name, path in remembered(machine.environ) if name in BARS[bar]]
    places += [Path(machine.expanded(USUAL[name])) for name in BARS[bar] if USUAL.get(name)]
    found = dict.fromkeys(file for place in places for file in _beside(place, machine))
    yield from (file for file in found if os.path.realpath(file) not in known and MARK.search(said(file)))


def told_of(file: Path, bar: str, part: Part, shown: str) -> tuple[str, str, str, str]:
    """The name of the words about one such file, and what they are about: it, the bar, and it as it is typed."""
    try:
        text = said(file)
        is_removable = part.editor.taken(text) != text
    except LeftAlone:
        is_removable = False
    return "stray" if is_removable else "stray by hand", shown, bar, typed_path(shown)


def _beside(place: Path, machine: Machine) -> list[Path]:
    """The files in the folder of one: in the home folder, those whose names begin as its own does."""
    stem = place.name if place.parent == machine.home else ""
    with suppress(OSError):
        return sorted(file for file in islice(place.parent.iterdir(), MOST_FILES) if _is_meant(file, stem))
    return []


def _is_meant(file: Path, stem: str) -> bool:
    """Whether it is a file of the size of a configuration, and no link."""
    try:
        is_file = file.is_file() and not file.is_symlink()
        return is_file and file.name.startswith(stem) and file.stat().st_size <= LONGEST
    except OSError:
        return False
