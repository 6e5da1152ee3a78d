"""What a bar's file may ask this machine: its environment, what a program says, which programs run."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice
from pathlib import Path

from codingplan_bar import paths, process
from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.files import text_of
from codingplan_bar.configure.machine import autostart, shell_text, tmux_trial
from codingplan_bar.environment import without_secrets


def _silent(_command: list[str]) -> None:
    return None


def _untried(_files: Sequence[Path], _text: str) -> None:
    return None


@dataclass(frozen=True)
class Machine:
    """`printed_by` gives what a command prints, None where it fails; `running` the words of each process of the user's.

    `tried` gives the options of a private tmux with these files, of which the last says this text if it is given;
    None where that cannot be had.
    `file_of` is the file, `bar` the bar in it, `popup` the key for a popup and `click` what a click does, as far as the
    user has named them; `language` the one that the user reads.
    """

    environ: Mapping[str, str]
    printed_by: Callable[[list[str]], str | None] = _silent
    running: Sequence[list[str]] = field(default_factory=list)
    tried: Callable[[Sequence[Path], str], Mapping[str, str] | None] = _untried
    file_of: Path | None = None
    bar: str = ""
    popup: str = ""
    click: str = ""
    language: str = "en"
    scripts: dict[str, list[shell_text.Started]] = field(default_factory=dict, init=False)
    """What `by_own_scripts` has found, by the program."""

    @cached_property
    def programs(self) -> frozenset[str]:
        """The names of the programs that run."""
        return frozenset(Path(words[0]).name for words in self.running if words)

    @cached_property
    def home(self) -> Path:
        """The user's home; without one, a place below which no file is and none can be made."""
        return Path(paths.home(self.environ))

    @cached_property
    def settings(self) -> Path:
        """Where the bars keep their settings."""
        return self.place("XDG_CONFIG_HOME", ".config")

    @cached_property
    def known(self) -> dict[str, str]:
        """The variables of this user's shells."""
        return {**self.environ, "XDG_CONFIG_HOME": str(self.settings), "HOME": str(self.home)}

    def expanded(self, name: str) -> str:
        """A file's name with `~`, `$NAME` and `${NAME}` as a shell of this user reads them."""
        return shell_text.expanded(name, self.known)

    def file(self, name: str, words: Sequence[str]) -> Path:
        """The file that one word of a started command names."""
        return (getattr(words, "folder", None) or self.home) / self.expanded(name)

    def stages(self) -> Iterator[Sequence[list[str]]]:
        """The commands that run; then, if these tell nothing, those that the desktop starts."""
        yield self.running
        yield self.configured

    def fitting(self, file: Path) -> Path:
        """The file; where only a shell knows a part of its name, the one of those that it fits that has ours.

        Raises `LeftAlone` where none of these has ours.
        """
        fitting = _fitting(file)
        return file if fitting == [file] else _with_ours(fitting)

    def file_read_by(
        self,
        program: str,
        places: Iterable[Path],
        others: Sequence[Path] = (),
        option: tuple[str, str] = shell_text.CONFIG,
    ) -> Path | None:
        """The file that a program is told by an option, else the first of the places into which it looks by itself.

        `others` as for `the_file`. Raises `LeftAlone`.
        """
        default = paths.files_among(places)[:1]
        return the_file(self._files_read_by(program, default, option), others)

    def _files_read_by(self, program: str, default: list[Path], option: tuple[str, str]) -> Iterator[list[Path]]:
        """The files that a program reads: by what runs, by what the desktop starts; then those of `default` and others.

        The others are those that scripts in its own folder name: whether anything runs these is not known.
        Raises `LeftAlone`.
        """
        named = partial(shell_text.named_by, program=program, option=option)
        for commands in self.stages():
            ours = [(words, named(words)) for words in commands if shell_text.starts(words, program)]
            files = ([self.fitting(self.file(name, words))] if name else default for words, name in ours)
            yield [file for each in files for file in each]
        others = [self.file(name, words) for words in self.by_own_scripts(program) if (name := named(words))]
        candidates = [*default, *(path for file in others for path in _fitting(file))]
        is_known = all(_fitting(file) == [file] for file in others)
        yield candidates if is_known else [_with_ours(candidates)]

    def by_own_scripts(self, program: str) -> list[shell_text.Started]:
        """How the scripts in a program's own folder, and in the folders in it, start it: themes are kept so."""
        if program not in self.scripts:
            scripts = sorted(islice((self.settings / program).rglob("*"), MOST_FILES))
            known = {**self.known, "PWD": str(self.home)}
            started = (
                words
                for path in filter(shell_text.is_script, scripts)
                for words in shell_text.in_script(path, dict(known))
            )
            self.scripts[program] = [words for words in started if shell_text.starts(words, program)]
        return self.scripts[program]

    @cached_property
    def configured(self) -> list[shell_text.Started]:
        """The commands that the configurations of this user's desktops start."""
        return autostart.commands(self.settings, self.known, self.running)

    def insist_on(self, program: str) -> None:
        """Raises `LeftAlone` where the bar of sway or i3 is known to run another program, and nothing runs this one.

        A file that the user has named is taken at its word.
        """
        is_started = any(shell_text.starts(words, program) for words in self.configured)
        if self.file_of or program in self.programs or is_started:
            return
        for file, other in autostart.bar_programs(self.settings, self.known, self.running):
            raise LeftAlone("another program", 0, str(file), other, program)

    def place(self, name: str, default: str) -> Path:
        """A folder of XDG's, named by a variable."""
        return Path(paths.named(self.environ, name) or self.home / default)


MOST_FILES = 1000
"""In a bar's own folder. Whoever has more keeps something else there, too."""
MARK = re.compile(r">>> codingplan-bar")


def the_file(stages: Iterable[Sequence[Path]], others: Sequence[Path] = ()) -> Path | None:
    """The file that a bar reads: the one of the first stage that has one, or None.

    Of several files in a stage, where an earlier stage has one that is not there, or where `others` alone are there, it
    is the one with ours in it. Raises `LeftAlone` where none has, with the candidates: a file that the bar does not
    read would show nothing.
    """
    gone: list[Path] = []
    for stage in map(dict.fromkeys, stages):
        there = paths.files_among(stage)
        if there:
            return there[0] if len(there) == 1 and not gone else _with_ours([*gone, *there])
        gone += stage
    there = paths.files_among(others)
    return _with_ours(there) if there else None


def _fitting(file: Path) -> list[Path]:
    """The file itself; where only a shell knows a part of its name, those that the name fits."""
    pattern = shell_text.UNKNOWN.sub("*", str(file))
    if pattern == str(file) or paths.is_file(file):
        return [file]
    fitting = paths.files_among(shell_text.globbed(Path("/"), pattern))
    return fitting or [Path(shell_text.UNKNOWN.sub("…", str(file)))]


def _with_ours(candidates: list[Path]) -> Path:
    ours = [path for path in candidates if MARK.search(text_of(path))]
    if not ours:
        raise LeftAlone("which", 0, *map(str, candidates))
    return ours[0]


PATIENCE = 2.0
"""Seconds for a program that is asked something."""


def this_machine(environ: Mapping[str, str]) -> Machine:
    """The machine as the bars' modules ask for it."""
    trial = partial(tmux_trial.tried, environ=environ)
    return Machine(environ, printed_by=printed_by, running=running(environ.get("HOME", "")), tried=trial)


def printed_by(command: list[str]) -> str | None:
    """What a program prints; None if it is missing, fails, or takes longer than two seconds."""
    try:
        done = process.run(command, environ=without_secrets(os.environ), seconds=PATIENCE)
    except (OSError, ValueError):
        return None
    return done.stdout.decode("utf-8", "replace") if done.ending == "exit" and done.exit_code == 0 else None


def running(home: str) -> Sequence[list[str]]:
    """The words of each process of this user, but for those that were given another home, with files of its own."""
    return _in_proc(Path("/proc"), home) if sys.platform == "linux" else _by_ps()


def _in_proc(folder: Path, home: str) -> Sequence[list[str]]:
    found: list[list[str]] = []
    for path in folder.glob("[0-9]*"):
        try:
            if path.stat().st_uid == os.getuid() and _home(path) == home:
                found.append(shell_text.in_folder(_texts(path / "cmdline"), (path / "cwd").readlink()))
        except OSError:
            continue  # it has just ended, or it may not be looked into
    return [words for words in found if words[0]]


def _home(process: Path) -> str:
    variables = _texts(process / "environ")
    return next((each.removeprefix("HOME=") for each in variables if each.startswith("HOME=")), "")


def _texts(path: Path) -> list[str]:
    return path.read_bytes().decode("utf-8", "surrogateescape").rstrip("\0").split("\0")


def _by_ps() -> list[list[str]]:
    lines = (printed_by(["ps", "-x", "-o", "command="]) or "").splitlines()
    return [line.split() for line in lines if line.strip()]
