"""i3status-rust and starship: TOML with a table of ours at its end, and which file each of them reads."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from codingplan_bar import paths
from codingplan_bar.configure.block import ABSENT, RUNS, Block, LeftAlone, absent_in, fragment
from codingplan_bar.configure.machine import Machine, the_file

Said = dict[str, Any]
"""What a TOML says."""


@dataclass(frozen=True)
class Tables:
    """The configuration of one bar.

    `where` finds the file, `file` below integrations/ is what goes into it, `begins` and `ours` as `Block` has them.
    `theirs` gives what the user's own tables say, from what all say and what our pieces do, the same where nothing is
    ours; `reason` why ours is not shown. `program` is what a bar of sway or i3 has to run. `nameless` as for `Block`.
    """

    where: Callable[[Machine], Path | None]
    file: str
    begins: str
    ours: str
    theirs: Callable[[Said, Sequence[Said]], Said]
    reason: Callable[[str], str]
    program: str = ""
    is_clicked: bool = False
    nameless: bool = False

    def place(self, machine: Machine) -> Path | None:
        """The file; it may be new. Raises `LeftAlone` where it is not certain."""
        return self.where(machine)

    def unseen(self, text: str, _path: Path, machine: Machine) -> str:
        """Why the bar would not show it. Raises `LeftAlone`."""
        if not (reason := self.reason(text)) and self.program:
            machine.insist_on(self.program)
        return reason

    @cached_property
    def _block(self) -> Block:
        return Block(
            forms=lambda command, _: [self._lines(command)], begins=self.begins, ours=self.ours, nameless=self.nameless
        )

    @property
    def pieces(self) -> Callable[[str], list[tuple[int, int]]] | None:
        """From where to where each table of ours stands, where a click on it does something."""
        return self._block.pieces if self.is_clicked else None

    def _lines(self, command: str) -> str:
        return fragment(self.file, command, escaped=in_quotes)

    def changed(self, text: str, command: str) -> str:
        """The text with our table, and nothing else changed. Raises `LeftAlone`."""
        before = self._theirs(text)
        if not self._block.is_in(text) and before != read(text):
            raise LeftAlone("already there")
        after = self._block.put(text, self._lines(command), newline="\r\n" if "\r\n" in text else "\n")
        try:
            is_kept = self._theirs(after) == before
        except LeftAlone:  # a line of ours, which the user's file has not
            is_kept = False
        if not is_kept:
            raise LeftAlone("not understood")
        return after

    def taken(self, text: str) -> str:
        """The text without our table, wherever it is now.

        Raises `LeftAlone`, also where a key below the block, which is our table's, would be another table's then.
        """
        rest = self._block.taken(text)
        if rest == text:
            return rest
        try:
            before = self._theirs(text)
        except LeftAlone:
            if self._block.is_untorn(text):
                return rest  # what is wrong with it is the user's own, and ours is certain all the same
            raise
        if self._theirs(rest) != before:
            raise LeftAlone("not understood")
        return rest

    def _theirs(self, text: str) -> Said:
        """What a text says, ours aside. Raises `LeftAlone`."""
        return self.theirs(read(text), [_said_by(text[begins:ends]) for begins, ends in self._block.pieces(text)])


def read(text: str) -> Said:
    """What the TOML says; a byte order mark does not count, as for the bars themselves.

    Raises `LeftAlone`, with the line if one is to blame.
    """
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a plain ValueError
        line = re.search(r"at line (\d+)", str(error))
        raise LeftAlone("no toml" if line else "not understood", int(line[1]) if line else 0) from error


def _said_by(piece: str) -> Said:
    """What a piece says by itself; nothing where it stands in a string."""
    try:
        return read(piece)
    except LeftAlone:
        return {}


def in_quotes(word: str) -> str:
    """A word within a TOML string in double quotes. It must hold no control character."""
    return word.replace("\\", "\\\\").replace('"', '\\"')


def _replaced(said: Said, name: str, left: Any) -> Said:
    """The same with what is left below that name, and without the name where nothing is."""
    rest = {key: value for key, value in said.items() if key != name}
    return {**rest, name: left} if left else rest


# i3status-rust reads the file that its command names, by its own rules.

PROGRAM = "i3status-rs"
DEFAULT = "config.toml"
TAKES_A_VALUE = ("-j", "--threads")


def named(arguments: Iterable[str]) -> str | None:
    """The configuration that a command line of i3status-rs names; None where it is not one's."""
    words = iter(arguments)
    if Path(next(words, "")).name != PROGRAM:
        return None
    for word in words:
        if word in TAKES_A_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            return word
    return DEFAULT


def _of_i3status_rust(machine: Machine) -> Path | None:
    """The file of a running i3status-rs, else of one that i3 or sway starts, which may be new, else the default one.

    Raises `LeftAlone` where no witness says which of several it is.
    """
    for commands in machine.stages():
        files = [machine.fitting(found(name, machine, words)) for words in commands if (name := named(words))]
        if files:
            return the_file([files]) or files[0]
    folder = machine.settings / "i3status-rust"
    return the_file([[found(DEFAULT, machine)]], sorted(folder.glob("*.toml")))


def found(name: str, machine: Machine, words: Sequence[str] = ()) -> Path:
    """Where a file of that name lies: where the program was started, else in the first of the folders that has it."""
    bases = (machine.settings, machine.place("XDG_DATA_HOME", ".local/share"))
    folders = [base / "i3status-rust" for base in bases]
    candidates = [folder / file for folder in folders for file in (name, f"{name}.toml")]
    here = [machine.file(name, words)] if words or "/" in name else []
    return next(
        (path for path in (*here, *candidates) if paths.is_file(path)), (here if "/" in name else candidates)[0]
    )


ALREADY = re.compile(r"codingplan.bar\W* i3status-rust")


def _without_blocks(said: Said, pieces: Sequence[Said]) -> Said:
    """What it says without our blocks; the same if none of them is there."""
    blocks, ours = said.get("block"), [block for piece in pieces for block in piece.get("block", [])]
    if not isinstance(blocks, list):
        return said
    theirs = [block for block in blocks if block not in ours and not ALREADY.search(str(block))]
    return said if theirs == blocks else _replaced(said, "block", theirs)


i3status_rust = Tables(
    where=_of_i3status_rust,
    file="i3status-rust/codingplan.toml",
    begins=r"^[ \t]*\[(?!\[?block\.)",
    ours=rf"\A[ \t]*\[\[block\]\](?s:.*){ALREADY.pattern}",
    theirs=_without_blocks,
    reason=absent_in,
    program=PROGRAM,
    is_clicked=True,
    nameless=True,
)
"""It shows every block; the last is the rightmost of the bar."""

# starship shows a module unless its format names every module itself.

FORMATS = {"format": "$all", "right_format": ""}
"""Where modules are named, and what these keys say by default; all are those of the user's own too."""
NAMED = r"(?<!\\)(?:\\\\)*\$(?:\{{(?:all|custom|custom\.(?:{}))\}}|(?:all|custom)\b)"
"""A place for one of these modules; a backslash makes plain text of it."""


def _of_starship(machine: Machine) -> Path:
    """The user's configuration, by starship's own variable or in its one place; it may be new."""
    chosen = machine.environ.get("STARSHIP_CONFIG", "")
    return Path(machine.expanded(chosen)) if chosen else machine.home / ".config/starship.toml"


def _unseen_in_starship(text: str) -> str:
    """Why the prompt would not show it: no module runs our command, it is switched off, or no format names it."""
    said = read(text)
    ours = {name: module for name, module in _ours(said).items() if _runs(module)}
    if not ours:
        return ABSENT
    if all(module.get("disabled") is True for module in ours.values()):
        return "disabled"
    formats = [said.get(name, default) for name, default in FORMATS.items()]
    if not all(isinstance(each, str) for each in formats):
        return ""  # starship reads none of its own keys then, and shows everything
    named = NAMED.format("|".join(map(re.escape, ours)))
    return "" if any(re.search(named, each) for each in formats) else "no custom"


def _ours(said: Said) -> dict[str, dict[str, Any]]:
    """The modules that run our command or have the name that setup gives, by their names."""
    custom = said.get("custom")
    modules = custom.items() if isinstance(custom, dict) else ()
    found = ((name, module) for name, module in modules if isinstance(module, dict))
    return {name: module for name, module in found if name == "codingplan" or _runs(module)}


def _runs(module: Mapping[str, Any]) -> bool:
    return bool(RUNS.search(str(module.get("command", ""))))


def _without_modules(said: Said, _pieces: Sequence[Said]) -> Said:
    """What it says without our modules; the same if none of them is there."""
    ours = _ours(said)
    if not ours:
        return said
    return _replaced(said, "custom", {name: module for name, module in said["custom"].items() if name not in ours})


starship = Tables(
    where=_of_starship,
    file="ansi/starship.toml",
    begins=r"^[ \t]*\[",
    ours=rf"\A[ \t]*\[custom\.(?:codingplan\]|(?s:.*){RUNS.pattern})",
    theirs=_without_modules,
    reason=_unseen_in_starship,
)
