"""`setup`: what goes where so that a bar shows the quota; with --write it is put there, with --undo taken out again."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

from codingplan_bar import places
from codingplan_bar.commands import streams
from codingplan_bar.commands.desk import open_desk
from codingplan_bar.commands.setup import processes
from codingplan_bar.commands.setup.bars.closing_block import LeftAlone
from codingplan_bar.commands.setup.bars.machine import Machine
from codingplan_bar.commands.setup.chinese import WORDS as CHINESE
from codingplan_bar.commands.setup.configuration import PROGRAM, Configuration
from codingplan_bar.commands.setup.english import WORDS as ENGLISH
from codingplan_bar.show.phrases import words_for

BARS = {
    "waybar": ("waybar", "waybar_style"),
    "polybar": ("polybar",),
    "i3status-rust": ("i3status_rust",),
    "tmux": ("tmux",),
    "swiftbar": ("swiftbar",),
    "xbar": ("xbar",),
    "argos": ("argos",),
    "i3blocks": ("i3blocks",),
}
"""The modules in bars/ of each: one a file. Each has `place(machine)`, `changed(text, command)` and `taken(text)`."""
PLUGINS = {"swiftbar", "xbar", "argos"}
TEXT = 0o644


def setup(bar: str | None, *, write: bool, undo: bool, environ: Mapping[str, str] = os.environ) -> int:
    """Print what goes where for a bar, or put it there, or take it out; 0, or 1 with the reason."""
    language = words_for(open_desk(environ).asker.settings["language"], environ)["language"]
    words = CHINESE if language == "zh" else ENGLISH
    if write and undo:
        streams.say(words["both"])
        return 2
    if bar is None:
        return _overview(words, processes.machine(environ))
    job = Job(bar, words, processes.machine(environ))
    try:
        return job.written() if write else job.undone() if undo else job.printed()
    except OSError as error:
        streams.say(words["cannot write"].format(error.filename or bar, os.strerror(error.errno or 0)))
        return 1


def command() -> str:
    """The program's absolute path, since a bar is started with a bare PATH."""
    started = Path(sys.argv[0])
    beside = Path(sys.executable).with_name("codingplan-bar")
    candidates = [started.absolute() if started.name == beside.name else beside, beside]
    found = next((path for path in candidates if os.access(path, os.X_OK)), None)
    return str(found or shutil.which("codingplan-bar") or beside)


class Part:
    """One file of one bar, and what is to become of it."""

    def __init__(self, module: ModuleType, machine: Machine) -> None:
        """`file` is None where there is none of the user's to put it into."""
        self.module = module
        place = module.place(machine)
        self.file = Configuration(place) if place else None
        self.shown = places.shown(str(place), machine.environ) if place else ""

    def printed(self) -> str:
        """What goes into the file. What must stand among other things there has a way of its own to be shown."""
        shown = getattr(self.module, "shown", None)
        return str(shown(command()) if shown else self.module.changed("", command()))

    def after(self, *, undo: bool) -> tuple[str, str]:
        """The text as it is, and as it is to be. Raises `LeftAlone`, OSError."""
        before = self.file.text() if self.file else ""
        return before, self.module.taken(before) if undo else self.module.changed(before, command())


def parts_of(bar: str, machine: Machine) -> list[Part]:
    """The files of one bar, its configuration first."""
    return [Part(import_module(f"codingplan_bar.commands.setup.bars.{name}"), machine) for name in BARS[bar]]


class Job:
    """One bar. Nothing is written unless all of its files can be changed."""

    def __init__(self, bar: str, words: Mapping[str, str], machine: Machine) -> None:
        """Find the files; nothing is changed yet."""
        self.bar, self.words = bar, words
        self.parts = parts_of(bar, machine)

    def printed(self) -> int:
        """Print what goes where."""
        lines = []
        for part in self.parts:
            nowhere = self.words["goes nowhere"].format(self.bar, self.words["by hand"].format(self.bar))
            lines.append(self.words["goes into"].format(part.shown, self.bar) if part.file else nowhere)
            lines.append(part.printed())
        return streams.put("\n".join(lines).rstrip("\n"))

    def written(self) -> int:
        """Put it there, with what was there kept beside it."""
        parts = [part for part in self.parts if part.file]
        if self.parts[0] not in parts:
            self.printed()
            return 1
        plans = self._plans(parts, undo=False)
        if plans is None:
            return 1
        for part, before, after in plans:
            streams.put(self._put(part, before, after))
        return streams.put(f"{self.words['next.' + self.bar]}\n{self.words['undo'].format(self.bar)}")

    def undone(self) -> int:
        """Take it out again."""
        plans = self._plans([part for part in self.parts if part.file], undo=True)
        if plans is None:
            return 1
        for part, before, after in plans:
            streams.put(self._take(part, before, after))
        return 0

    def _plans(self, parts: list[Part], *, undo: bool) -> list[tuple[Part, str, str]] | None:
        plans = []
        for part in parts:
            try:
                plans.append((part, *part.after(undo=undo)))
            except LeftAlone as error:
                streams.say(self.words["left alone"].format(part.shown, self.words[error.reason]))
                return None
        return plans

    def _put(self, part: Part, before: str, after: str) -> str:
        if after == before or part.file is None:
            return self.words["unchanged"].format(part.shown)
        is_new = not part.file.exists()
        part.file.keep()
        part.file.replace(after, mode=PROGRAM if self.bar in PLUGINS else TEXT)
        kept = part.file.backup.name
        return self.words["made"].format(part.shown) if is_new else self.words["written"].format(part.shown, kept)

    def _take(self, part: Part, before: str, after: str) -> str:
        if after == before or part.file is None:
            return self.words["not there"].format(part.shown)
        if not after and not part.file.backup.exists():
            part.file.remove()
            return self.words["removed"].format(part.shown)
        part.file.replace(after, mode=TEXT)
        part.file.forget_backup()
        return self.words["taken out"].format(part.shown)


def _overview(words: Mapping[str, str], machine: Machine) -> int:
    """Which file each bar reads here, and what to type."""
    lines = []
    for bar in BARS:
        part = parts_of(bar, machine)[0]
        lines.append(words["found"].format(bar, part.shown) if part.file else words["not found"].format(bar))
    return streams.put("\n".join([*lines, words["no bar"].format("|".join(BARS))]))
