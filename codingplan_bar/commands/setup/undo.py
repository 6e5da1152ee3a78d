"""`setup --undo`: ours is taken out of the files that have it, and the files beside them that have it too are named.

Nothing is taken out of those unasked, copies or what was read before: whether they are read, and by what, is not known.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from codingplan_bar import paths, storage
from codingplan_bar.commands import output
from codingplan_bar.configure.bar_file import Change, Part
from codingplan_bar.configure.bars import BARS, PLUGINS, USUAL, written_parts
from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.files import CLOSED, TEXT, remembered, text_of
from codingplan_bar.configure.machine import MARK, MOST_FILES, Machine
from codingplan_bar.configure.plugin_scripts import is_ours
from codingplan_bar.looks import cache
from codingplan_bar.process import typed_path

if TYPE_CHECKING:
    from codingplan_bar.commands.setup import Job

LONGEST = 1024 * 1024
"""Bytes: a configuration is shorter."""


def undone(job: Job) -> int:
    """Take ours out of every file of a bar into which it has been put."""
    if (doubt := job.main.doubt) and doubt.reason in CLOSED:
        raise doubt
    parts = {str(part.file.path): part for part in (*written_parts(job.bar, job.machine), *job.parts) if part.file}
    changes = job.changes(list(parts.values()), undo=True)
    if changes is None:
        return 1
    for change in changes:
        job.part = change.part
        if change.before != change.after or not job.is_quiet:
            job.has_done = True
            output.tell(_taken(job, change))
    if not changes and not job.is_quiet:
        output.tell(job.words["nothing to undo"].format(job.bar))
    for file in strays(job.bar, parts.values(), job.machine):
        job.has_done = True
        output.tell(_told_of(file, job))
    cache.forget(job.machine.environ, job.bar)
    storage.leave(Path(paths.state_folder(job.machine.environ)))
    return 0


def _taken(job: Job, change: Change) -> str:
    """Take ours out of one file; what has been done."""
    part, file = change.part, change.part.file
    if file:
        file.adopt_old_backup()
        file.remember(part.key, there=False)
    if file is None or (change.after == change.before and not file.is_there()):
        return job.words["nothing to undo"].format(job.bar)
    if change.after == change.before:
        return job.words["not there"].format(part.shown)
    is_made = file.is_made()
    if change.is_edited:
        file.back_up(has_ours=True)
    if not change.after and (is_made or job.bar in PLUGINS):
        file.remove()
    else:
        file.replace(change.after, mode=TEXT)
    if change.is_edited:
        return job.kept("taken out with", file, part.shown)
    file.drop_backup()
    return job.kept("taken out" if file.is_there() else "removed", file, part.shown)


def strays(bar: str, parts: Iterable[Part], machine: Machine) -> Iterator[Path]:
    """The files that have our marker lines, or are ours, but for a bar's parts: beside these, or read by them."""
    parts = list(parts)
    known = {os.path.realpath(part.file.path) for part in parts if part.file}
    places = [part.file.named for part in parts if part.file]
    places += [Path(path) for name, path in remembered(machine.environ) if name in BARS[bar]]
    places += [Path(machine.expanded(USUAL[name])) for name in BARS[bar] if USUAL.get(name)]
    folders = filter(Path.is_absolute, places)  # where a program asks for the folder, a name alone is usual
    found = dict.fromkeys(file for place in folders for file in _beside(place, machine))
    found |= dict.fromkeys(file for part in parts for file in _included(part))
    yield from (file for file in found if os.path.realpath(file) not in known and _has_ours(text_of(file)))


def _included(part: Part) -> list[Path]:
    """The files that the bar reads besides one of its own, as far as that is certain."""
    with suppress(LeftAlone):
        return part.editor.included(text_of(part.file.path), part.file.named, part.machine) if part.file else []
    return []


def _has_ours(text: str) -> bool:
    return bool(MARK.search(text)) or is_ours(text)


def _told_of(file: Path, job: Job) -> str:
    """What is said of one such file: what takes ours out of it, or that this is done by hand."""
    shown = paths.displayed(str(file), job.machine.environ)
    try:
        text = text_of(file)
        is_removable = job.main.editor.taken(text) != text
    except LeftAlone:
        is_removable = False
    return job.words["stray" if is_removable else "stray by hand"].format(shown, job.bar, typed_path(shown))


def _beside(place: Path, machine: Machine) -> list[Path]:
    """The files in the folder of one: in the home folder, those whose names begin as its own does."""
    stem = place.name if place.parent == machine.home else ""
    with suppress(OSError):
        return sorted(file for file in islice(place.parent.iterdir(), MOST_FILES) if _is_meant(file, stem))
    return []


def _is_meant(file: Path, stem: str) -> bool:
    """Whether it is a file of the size of a configuration, and no link."""
    try:
        is_file = os.path.isfile(file) and not file.is_symlink()
        return is_file and file.name.startswith(stem) and file.stat().st_size <= LONGEST
    except OSError:
        return False
