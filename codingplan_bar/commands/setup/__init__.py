"""`setup`: what goes where so that a bar shows the quota; with --write it is put there, with --undo taken out again."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from codingplan_bar import paths
from codingplan_bar.bars import BARS as FORMS
from codingplan_bar.commands import USAGE, clicks, output
from codingplan_bar.commands.command_table import COMMANDS
from codingplan_bar.commands.setup import by_hand
from codingplan_bar.configure.bar_file import Change, Part
from codingplan_bar.configure.bars import BARS, NO_START, PLUGINS, missing, parts_of, written_parts
from codingplan_bar.configure.block import ABSENT, LeftAlone
from codingplan_bar.configure.files import CLOSED, PROGRAM, TEXT, Configuration
from codingplan_bar.configure.is_shown import UNCERTAIN, ShownRule, refusal
from codingplan_bar.configure.machine import Machine, this_machine
from codingplan_bar.errors import StorageFailure
from codingplan_bar.process import typed_path
from codingplan_bar.settings.settings import of_user
from codingplan_bar.themes import OF_THE_BAR, Look
from codingplan_bar.words import listed, table, tidied

IN_A_DIALOG = {"genmon", "kde"}
"""Where the lines are not put into a file."""
FINAL = {
    *NO_START,
    *CLOSED,
    *("already there", "already shown", "oh my tmux", "placeholders in"),
    *("not ours", "other command", "no such command", "no such command, by hand", "gone for good"),
    *("gone for good, by hand", "command", "passing", "no start"),
    *("which", "no such bar", "one bar", "no such file"),
    *("no popup", "no key", "key bound", "key of tmux", "no click", "own click"),
}
"""Reasons for which no lines would help: they are there, or cannot be written down."""

RULE = ShownRule(FORMS, [row.name for row in COMMANDS if row.group in ("see", "scripts")])
"""Whether a bar runs this program, by the words of its command line."""


def setup(
    bar: str | None,
    *,
    write: bool,
    undo: bool,
    environ: Mapping[str, str] = os.environ,
    **named: str | None,
) -> int:
    """Print what goes where for a bar, or put it there, or take it out; 0, or 1 with the reason.

    The user may have named the `file`, `which` bar in it, a key for the page in a `popup`, and what a `click` does.
    """
    language = output.language_of(environ)
    words = table(language, "setup", "SETUP")
    machine = replace(this_machine(environ), language=language)
    if wrong := _wrong_use(bar, words, write=write, undo=undo, **named):
        output.say(wrong)
        if undo and not write and not bar:
            output.say(written_into(words, machine))
        return USAGE
    machine = _with_named(machine, **named)
    if paths.is_nowhere(str(machine.home)):
        return output.homeless(environ)
    if bar is None:
        return overview(words, machine)
    job = Job(bar, words, machine)
    if undo:
        from codingplan_bar.commands.setup.undo import undone  # what only an undo needs

        return job.done(undone)
    return job.done(Job.written if write else by_hand.printed)


def _with_named(
    machine: Machine,
    *,
    file: str | None = None,
    which: str | None = None,
    popup: str | None = None,
    click: str | None = None,
) -> Machine:
    """The machine with what the user has named."""
    place = Path(paths.expanded(file)).absolute() if file else None
    return replace(machine, file_of=place, bar=which or "", popup=popup or "", click=click or "")


def _wrong_use(bar: str | None, words: Mapping[str, str], *, write: bool, undo: bool, **named: str | None) -> str:
    """What is wrong with the options: two that are opposites, or some without a bar; nothing where all is well."""
    if write and undo:
        return words["both"]
    flags = [name for name, is_given in (("--write", write), ("--undo", undo)) if is_given]
    typed = {"bar" if name == "which" else name: value for name, value in named.items() if value}
    options = [*(f"--{name} {shlex.quote(value)}" for name, value in typed.items()), *flags]
    return words["bar forgotten"].format(" ".join(options)) if options and not bar else ""


class Job:
    """One bar. Nothing is written unless all of its files can be changed."""

    def __init__(self, bar: str, words: Mapping[str, str], machine: Machine, *, quiet: bool = False) -> None:
        """Find the files; nothing is changed yet. A quiet one says nothing where there is nothing to do."""
        self.bar, self.words, self.machine = bar, words, machine
        self.is_quiet, self.has_done = quiet, False
        self.parts = parts_of(bar, machine)
        self.main = self.parts[0]
        self.part = self.main
        """The file that is being written: what stands in the way is said of it."""

    def done(self, does: Callable[[Job], int]) -> int:
        """Do what is asked for; the exit code. Whatever stands in the way is said."""
        try:
            return does(self)
        except LeftAlone as error:
            output.say(self.part.refused(error, self.words))
        except OSError as error:
            output.say(self._unwritten(error))
        return 1

    def insist(self) -> None:
        """Raises `LeftAlone` where it is not certain which file it is, or the page has no terminal to come in."""
        self.main.insist()
        if self.main.doubt:
            raise self.main.doubt
        if self.machine.click == "page" and self._terminal() is None:
            raise LeftAlone("no terminal")

    def changes(self, parts: list[Part], *, undo: bool) -> list[Change] | None:
        """What is to be done, with every place tried before the first is written; None where one cannot be."""
        changes = []
        for part in parts:
            try:
                change = part.planned(undo=undo)
                if not undo:
                    RULE.insist_on_command(part, change.before, change.after)
            except (LeftAlone, OSError) as error:
                is_helped = self._tell_why_not(part, error)
                if is_helped and not undo:
                    output.put(by_hand.lines_of(self, part))
                return None
            changes.append(change)
        return changes

    def _tell_why_not(self, part: Part, error: LeftAlone | OSError) -> bool:
        """Say why a file stays as it is; whether it would help to put the lines there by hand."""
        if isinstance(error, OSError):
            output.say(self._unwritten(error))
            return True
        output.say(part.refused(_explained(part, error), self.words))
        has_them = error.reason != "torn" and part.has_ours()
        return error.reason not in FINAL and not has_them

    def _unwritten(self, error: OSError) -> str:
        """What cannot be written and why, that nothing was changed, and what makes it writable."""
        environ, place = self.machine.environ, str(error.filename or "")
        shown, reason = paths.displayed(place, environ) or self.bar, output.why(error, environ)
        told = [self.words["cannot write"].format(shown, reason)]
        if not self.has_done:
            told.append(self.words["untouched"])
        return tidied(" ".join([*told, output.opened_by(place, environ)]).strip())

    # `--write`: each file is written, and then told of.

    def written(self) -> int:
        """Put it there, with what was there kept in our own folder."""
        self.insist()
        if not self.main.file:
            output.say(self.words["left alone"].format(self.bar, by_hand.nowhere(self)))
            output.put("\n".join(by_hand.all_lines(self)))
            return 1
        changes = self.changes([part for part in self.parts if part.file], undo=False)
        if changes is None:
            return 1
        for change in changes:
            self.part = change.part
            done = self._put(change)
            self.has_done = True
            output.tell("\n".join([done, *self._notes(change)]))
        given = changes[0].given
        told = [*(self.goes(part) for part in self.parts[1:] if part.file is None), *self._look()]
        self._tell_of_the_click(told, given.click)
        if given.popup:
            told.append(self.words["popup"].format(given.popup))
        told += [self._shown_when(changes[0].after), self.words["undo"].format(self.bar)]
        return output.tell("\n".join(told))

    def _put(self, change: Change) -> str:
        """Write one file; what has been done."""
        part, file = change.part, change.part.file
        if file:
            file.adopt_old_backup()
        if change.after == change.before or file is None:
            return self.unchanged(change)
        is_new = not file.is_there()
        if not is_new:
            file.back_up(has_ours=change.had_ours)
        file.replace(change.after, mode=PROGRAM if self.bar in PLUGINS else TEXT)
        file.remember(part.key, there=True)
        if is_new:
            return self.words["made"].format(part.shown)
        return self.kept("written again" if change.had_ours else "written", file, part.shown)

    def _notes(self, change: Change) -> Iterator[str]:
        """In which bar it is, and that it stands beside a command of the user's own."""
        yield from self.in_bar("in bar", change)
        if change.before != change.after and change.is_beside:
            yield self.words["beside"]

    def _look(self) -> Iterator[str]:
        """Read the bar's own palette and fonts, and say so; where it has none, or it cannot be kept, ours stay."""
        from codingplan_bar.looks import cache  # what only a change needs
        from codingplan_bar.looks.bar_themes import look_in

        look, environ = look_in(self.parts, self.machine), self.machine.environ
        if look is None:
            return
        settings = of_user(environ)
        wants_colours = bool(look.themes) and settings.theme == OF_THE_BAR
        if not (wants_colours or look.lacks_chinese):
            return
        with suppress(StorageFailure):
            cache.keep(environ, {self.bar: look})
            if wants_colours:
                yield from self._colours_of(look)
            if look.lacks_chinese and settings.polybar_language == "auto" and self.machine.language == "zh":
                yield self.words["no chinese"]

    def _colours_of(self, look: Look) -> Iterator[str]:
        """Whose colours it has, where they were found in a file of the user's, or are made for the panel."""
        if self.bar in PLUGINS:
            yield self.words["fit the panel"]
        elif look.source:
            yield self.words["its colours"].format(paths.displayed(str(look.source), self.machine.environ))

    def _tell_of_the_click(self, told: list[str], click: str) -> None:
        """Say which terminal the page comes in, and what makes its window float where windows are tiled."""
        terminal = self._terminal() if click == "page" else None
        if terminal is None:
            return
        told.append(self.words["click"].format(terminal.program))
        if rule := clicks.floating(terminal, self.machine):
            output.tell("\n".join([*told, self.words["floating"].format(rule[0])]))
            output.put(rule[1])
            told.clear()

    def _terminal(self) -> clicks.Emulator | None:
        return next(clicks.terminals(self.machine.environ), None)

    def _shown_when(self, text: str) -> str:
        """When the bar shows it, or that its program is not here."""
        if program := missing(self.bar, self.machine):
            return self.words["no program"].format(program)
        is_polybars = self.bar == "polybar" and "polybar" in self.machine.programs
        hears_messages = is_polybars and re.search(r"(?m)^\s*enable-ipc\s*=\s*true\b", text)
        return self.words["next.polybar by message" if hears_messages else "next." + self.bar].format(self.typed())

    # What is told by others, too.

    def kept(self, word: str, file: Configuration, shown: str) -> str:
        """What was done, and where the file is as it was: before setup, and with ours in it."""
        environ = self.machine.environ
        if word == "written":
            return self.words[word].format(shown, paths.displayed(str(file.backup), environ))
        told = [self.words[word].format(shown, paths.displayed(str(file.later), environ))]
        if os.path.exists(file.backup):
            told.append(self.words["original"].format(paths.displayed(str(file.backup), environ)))
        return "\n".join(told)

    def unchanged(self, change: Change) -> str:
        """That a file has it already, and that what the user has changed in ours stays."""
        return self.words["unchanged, theirs" if change.is_edited else "unchanged"].format(change.part.shown)

    def in_bar(self, key: str, change: Change) -> Iterator[str]:
        """In which bar of several it is or will be, and which others there are."""
        bar, others = change.given.bar, change.given.others
        if bar and others:
            typed = shlex.quote(others[0]) if len(others) == 1 else "NAME"
            yield self.words[key].format(bar, self.bar, listed(others, self.machine.language), typed)

    def goes(self, part: Part, key: str = "goes into") -> str:
        """Where the lines of one file go: to be put there by hand, or by `--write`."""
        where = self.words["where." + part.name]
        if part.doubt:
            return part.cause(part.doubt, self.words)
        if self.is_without_style(part):
            return self.words["no style"].format(part.usual)
        if not part.usual or part.name in IN_A_DIALOG:
            return self.words["entered"].format(where)
        if part.file and not part.file.is_there() and part.name not in PLUGINS:
            where = self.words["where.new"]
        return self.words[key].format(part.usual, where)

    def is_without_style(self, part: Part) -> bool:
        """Whether it is a file that waybar need not have, and that should not be made."""
        return part.file is None and part is not self.main and not part.doubt

    def typed(self) -> str:
        """The file as it can be typed into a shell."""
        return typed_path(self.main.shown) if self.main.file else self.main.shown


def _explained(part: Part, error: LeftAlone) -> LeftAlone:
    """The same, in the words in which `doctor` tells it."""
    with suppress(OSError, LeftAlone):
        return RULE.explained(part, error, part.file.text() if part.file else "")
    return error


# Without a bar: which file each bar of this machine reads, and whether it shows the quota.


def overview(words: Mapping[str, str], machine: Machine) -> int:
    """Which file each bar reads that is installed here or has a configuration, and what to type."""
    lines = [line for bar in BARS if (line := _found(bar, parts_of(bar, machine)[0], words))]
    lines = lines or [words["none here"]]
    return output.tell("\n".join([*lines, words["no bar"].format(listed(BARS, machine.language))]))


def written_into(words: Mapping[str, str], machine: Machine) -> str:
    """Which bars ours has been put into, and how it is taken out of all of them."""
    found = [bar for bar in BARS if written_parts(bar, machine)]
    return words["written into"].format(listed(found, machine.language)) if found else words["out of all"]


def _found(bar: str, part: Part, words: Mapping[str, str]) -> str:
    """The line of one bar; nothing for one that is not here."""
    if part.doubt:
        return words["in doubt"].format(bar, part.cause(part.doubt, words))
    program = missing(bar, part.machine)
    if part.file and part.file.is_there():
        return _standing(bar, part, program, words)
    if part.file and not program:
        return words["found, new"].format(bar, part.shown)
    return words["not found"].format(bar) if not program and bar not in PLUGINS else ""


def _standing(bar: str, part: Part, program: str, words: Mapping[str, str]) -> str:
    """The line of a bar that has a configuration: whether it shows the quota, by the same rule as `doctor`."""
    if program:
        return words["found, not here"].format(bar, part.shown, program)
    reason, key = RULE.hidden(part), "found"
    if reason is None:
        return words["set up"].format(bar, part.shown)
    if part.has_ours() and reason.reason != ABSENT:
        key = "uncertain" if reason.reason in UNCERTAIN else "unseen"
    elif error := refusal(part):
        key, reason = "refused", error
    return words[key].format(bar, part.placed(reason), part.cause(reason, words))
