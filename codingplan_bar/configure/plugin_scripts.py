"""Plugins of SwiftBar, xbar and Argos: one executable file that is ours alone, and says so by its last line."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from codingplan_bar import paths
from codingplan_bar.configure.block import ABSENT, LANGUAGES, LeftAlone, absent_in, one_line, translated
from codingplan_bar.configure.files import text_of
from codingplan_bar.configure.machine import MOST_FILES, Machine
from codingplan_bar.resources import shipped_folder
from codingplan_bar.words.zh.setup import PLUGIN

NAME = "codingplan.1m.sh"
"""It runs every minute: the part between the dots is the interval."""

BODY = """\
command={command}
[ -x "$command" ] && "$command" {bar} && exit 0
printf '%s\\n' 'Coding Plan?' --- 'codingplan-bar, or the Python of it, is no longer where it was. | refresh=true'
printf '%s\\n' 'Install it again, then set it up again: codingplan-bar setup {bar} --write | refresh=true'
"""
RUN = re.compile(r"(?m)^command=(.+)$")
"""The program in such a file."""
SEAL = "# made by `codingplan-bar setup`: "


CHOSEN = ["defaults", "read", "com.ameba.SwiftBar", "PluginDirectory"]


@dataclass(frozen=True, slots=True)
class Plugin:
    """The plugin of one bar; `folder` finds the folder that this bar reads, or None, and `files` says which in it."""

    bar: str
    folder: Callable[[Machine], Path | None]
    files: str = "[!.]*"

    def place(self, machine: Machine) -> Path | None:
        """Ours in the folder, whatever its user has named it since, for another interval or place; else `NAME`."""
        folder = self.folder(machine)
        return placed(folder, self.files) if folder else None

    def changed(self, text: str, command: str) -> str:
        """The file for this bar in place of what is there: nothing, or one of ours. Raises `LeftAlone`."""
        _insist_on_ours(text)
        return plugin(self.bar, command)

    def in_language(self, text: str, language: str) -> str:
        """A file of ours with what it says to people in that language."""
        body, seal = _opened(text)
        return sealed(translated(body, PLUGIN, language), language) if seal else text

    def taken(self, text: str) -> str:
        """Nothing, in place of a file of ours. Raises `LeftAlone` where somebody has changed it."""
        _insist_on_ours(text)
        return ""

    def unseen(self, text: str, path: Path, _machine: Machine) -> str:
        """Why the bar would not show it: it runs every executable in its folder.

        A file of ours in which somebody has named another program is theirs. Raises `LeftAlone`.
        """
        if not is_ours(text) and absent_in(text):
            return ABSENT
        if not is_ours(text) and (program := RUN.search(text)) and "codingplan" not in program[1]:
            return "not ours"
        if os.path.exists(path) and not os.access(path, os.X_OK):
            raise LeftAlone("not executable", 0, shlex.quote(str(path)))
        return ""


def placed(folder: Path, files: str) -> Path:
    """Our file among those of a folder of plugins, by whatever name; else where it would be."""
    usual, rest = folder.glob("*codingplan*.sh"), islice(folder.glob(files), MOST_FILES)
    found = paths.files_among([*sorted(usual), *sorted(rest)])
    return next((path for path in found if is_ours(text_of(path))), folder / NAME)


def _if_there(folder: Path) -> Path | None:
    """The one folder that a program reads, which it makes when it first runs."""
    return folder if paths.is_folder(folder) else None


def _swiftbar_folder(machine: Machine) -> Path | None:
    """The folder that its user has chosen; None where none has been chosen yet, or this is not a Mac."""
    folder = (machine.printed_by(CHOSEN) or "").strip()
    if folder.startswith("~/"):
        folder = str(machine.home / folder[2:])
    return Path(folder) if folder.startswith("/") else None


argos = Plugin("argos", lambda machine: _if_there(machine.settings / "argos"))
swiftbar = Plugin("swiftbar", _swiftbar_folder, "**/[!.]*")
xbar = Plugin("xbar", lambda machine: _if_there(machine.home / "Library/Application Support/xbar/plugins"))


def plugin(bar: str, command: str) -> str:
    """The file for this bar: the shipped one's title and settings, and the command at its place. Raises `LeftAlone`."""
    shipped = (shipped_folder() / bar / NAME).read_text("utf-8").splitlines(keepends=True)
    code = next(number for number, line in enumerate(shipped) if line.startswith("PATH="))
    return sealed("".join(shipped[:code]) + BODY.format(command=shlex.quote(one_line(command)), bar=bar))


def sealed(text: str, language: str = "en") -> str:
    """The text with a last line by which it is known again as long as it is not changed."""
    seal = translated(SEAL, PLUGIN, language)
    return f"{text}{seal}{hashlib.sha256(text.encode()).hexdigest()[:16]}\n"


def _opened(text: str) -> tuple[str, str]:
    """What is above the last line of such a file, and the language of that line; nothing of any other file."""
    for language in LANGUAGES:
        body, seal, _ = text.rpartition(translated(SEAL, PLUGIN, language))
        if seal and sealed(body, language) == text:
            return body, language
    return "", ""


def is_ours(text: str) -> bool:
    """Whether a file is as some `plugin` made it, of this version or another."""
    return bool(_opened(text)[1])


def _insist_on_ours(text: str) -> None:
    """Raises `LeftAlone` for a text that is neither empty nor ours."""
    if text and not is_ours(text):
        raise LeftAlone("not ours")
