"""`setup`: what goes where so that a bar shows the quota; with --write it is put there, with --undo taken out again."""

from __future__ import annotations

import errno
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from codingplan_bar import paths, storage
from codingplan_bar.commands import desktop, output
from codingplan_bar.commands.setup import seen
from codingplan_bar.commands.setup.by_hand import steps
from codingplan_bar.commands.setup.seen import overview, written_into
from codingplan_bar.configure.bars import NO_START, PLUGINS, Part, missing, parts_of, written_parts
from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.files import CLOSED, PROGRAM, Configuration, shut_by_its_owner
from codingplan_bar.configure.machine import Machine, this_machine
from codingplan_bar.errors import StorageFailure
from codingplan_bar.palette import OF_THE_BAR, Look
from codingplan_bar.process import typed_path
from codingplan_bar.settings.settings import of_user
from codingplan_bar.words import listed, table, tidied

OPTIONAL = {"dark", "light"}
"""Style sheets that few have."""
IN_A_DIALOG = {"genmon", "kde"}
"""Where the lines are not put into a file."""
TEXT = 0o644
FINAL = {"already there", "not ours", "command", "which", "no such bar", "one bar", "no popup", "no key", "key bound"}
FINAL |= NO_START | CLOSED | {"no click", "own click", "no such file", "no start"}
FINAL |= {"key of tmux", "other command", "no such command", "gone for good"}
"""Reasons for which no lines would help: they are there, or cannot be written down."""


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
    words = words_of(environ)
    if wrong := _wrong_use(bar, words, write=write, undo=undo, **named):
        output.say(wrong)
        output.say(written_into(words, this_machine(environ))) if undo and not write and not bar else None
        return 2
    file = named.get("file")
    place = Path(file).expanduser().absolute() if file else None
    machine = this_machine(environ)
    told = replace(machine, file_of=place, bar=named.get("which") or "", popup=named.get("popup") or "")
    told = replace(told, click=named.get("click") or "", language=output.language_of(environ))
    if str(told.home) == paths.NOWHERE:
        return output.homeless(environ)
    return Job(bar, words, told).done(write=write, undo=undo) if bar else overview(words, machine)


def _wrong_use(bar: str | None, words: Mapping[str, str], *, write: bool, undo: bool, **named: str | None) -> str:
    """What is wrong with the options: two that are opposites, or some without a bar; nothing where all is well."""
    if write and undo:
        return words["both"]
    flags = [name for name, is_given in (("--write", write), ("--undo", undo)) if is_given]
    values = [f"--{'bar' if name == 'which' else name} {shlex.quote(value)}" for name, value in named.items() if value]
    return words["bar forgotten"].format(" ".join([*values, *flags])) if (flags or values) and not bar else ""


def words_of(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The words of `setup` in the user's language."""
    return table(output.language_of(environ), "setup", "SETUP")


class Job:
    """One bar. Nothing is written unless all of its files can be changed."""

    def __init__(self, bar: str, words: Mapping[str, str], machine: Machine, *, quiet: bool = False) -> None:
        """Find the files; nothing is changed yet. A quiet one says nothing where there is nothing to do."""
        self.bar, self.words, self.is_quiet, self.has_done = bar, words, quiet, False
        self.machine = machine
        self.parts = [part for part in parts_of(bar, machine) if part.file or part.name not in OPTIONAL]
        self.part = self.parts[0]  # that is at work

    def done(self, *, write: bool, undo: bool) -> int:
        """Do what is asked for; the exit code. Whatever stands in the way is said."""
        try:
            doubt = self.parts[0].doubt
            if not undo:
                self._insist()
            elif doubt and doubt.reason in CLOSED:
                raise doubt
            return self.written() if write else self.undone() if undo else self.printed()
        except LeftAlone as error:
            output.say(self.part.refused(error, self.words))
        except OSError as error:
            output.say(self._unwritten(error))
        return 1

    def _insist(self) -> None:
        """Raises `LeftAlone` where it is not certain which file it is, or the page has no terminal to come in."""
        self.parts[0].insist()
        if self.parts[0].doubt:
            raise self.parts[0].doubt
        if self.parts[0].machine.click == "page" and self._terminal() is None:
            raise LeftAlone("no terminal")

    def _unwritten(self, error: OSError) -> str:
        """What cannot be written and why, that nothing was changed, and what makes it writable."""
        environ, place = self.machine.environ, str(error.filename or "")
        shown, reason = paths.displayed(place, environ) or self.bar, output.why(error, environ)
        told = [self.words["cannot write"].format(shown, reason)]
        told += [self.words["untouched"]] * (not self.has_done)
        if place and error.errno == errno.EACCES and (shut := shut_by_its_owner(Path(place))):
            told.append(self.words["make writable"].format(typed_path(paths.displayed(str(shut), environ))))
        return tidied(" ".join(told))

    def printed(self) -> int:
        """Print what goes where: the same plan as `written`, with the same end."""
        parts = [part for part in self.parts if part.file]
        is_found = self.parts[0] in parts
        plans = self._plans(parts, undo=False)
        if plans is None:
            return 1
        if plans and is_found and all(before == after for _, before, after in plans):
            return output.tell("\n".join(self._unchanged(part, text) for part, text, _ in plans))
        lines = []
        if not is_found:
            lines.append(_remark(self.words["in doubt"].format(self.bar, self._nowhere())))
        texts = {part.key: (before, after) for part, before, after in plans if is_found}
        for part in self.parts:
            lines += self._shown(part, *texts.get(part.key, ("", "")))
        lines += [
            _remark(told) for part, _, after in plans if is_found for told in self._in_bar("takes bar", part, after)
        ]
        lines += [_remark(self.words["puts it there"].format(self.bar, self._options()))] if is_found else self._first()
        output.put("\n".join(lines))
        return 0 if is_found else 1

    def _shown(self, part: Part, before: str, after: str) -> Iterator[str]:
        """What goes into one file: what `--write` makes of its text, or where it has none, what belongs there."""
        if changes := part.changes(before, after) if after else "":
            yield _remark(self.words["writes lines"].format(part.shown))
            yield changes.strip("\n")
        elif after and before == after:
            yield _remark(self._unchanged(part, after))
        else:
            yield self._by_hand(part, "writes into" if after else "goes into")
        if after and part.keeps_theirs(after):
            yield _remark(self.words["beside"])

    def _in_bar(self, key: str, part: Part, text: str) -> Iterator[str]:
        """In which bar of several it is or will be, and which others there are."""
        bar, others = part.bar_among(text)
        if bar and others:
            yield self.words[key].format(bar, self.bar, listed(others, self.machine.language))

    def _options(self) -> str:
        """What the user has named, as it is typed."""
        named = {"--bar": self.machine.bar, "--popup": self.machine.popup, "--click": self.machine.click}
        file = f" --file {self._typed()}" if self.machine.file_of else ""
        return file + "".join(f" {option} {shlex.quote(value)}" for option, value in named.items() if value)

    def _is_without_style(self, part: Part) -> bool:
        """Whether it is a file that waybar need not have, and that should not be made."""
        return part.file is None and not part.is_main and not part.doubt

    def _goes(self, part: Part, key: str = "goes into") -> str:
        """Where the lines of one file go: to be put there by hand, or by `--write`."""
        where = self.words["where." + part.name]
        if part.doubt:
            return part.cause(part.doubt, self.words)
        if self._is_without_style(part):
            return self.words["no style"].format(part.usual)
        if not part.usual or part.name in IN_A_DIALOG:
            return self.words["entered"].format(where)
        if part.file and not part.file.exists() and part.name not in PLUGINS:
            where = self.words["where.new"]
        return self.words[key].format(part.usual, where)

    def _nowhere(self) -> str:
        """That there is no file of theirs."""
        return self.words.get(f"nowhere.{self.parts[0].name}", self.words["nowhere"])

    def _first(self) -> list[str]:
        """The commands that make a first configuration and put ours into it, with what they are for."""
        typed = steps(self.bar, self.parts[0])
        key = f"first.{self.parts[0].name}"
        return [_remark(self.words[key if key in self.words else "first"]), *typed] if typed else []

    def written(self) -> int:
        """Put it there, with what was there kept in our own folder."""
        parts = [part for part in self.parts if part.file]
        if self.parts[0] not in parts:
            return self._unplaced()
        plans = self._plans(parts, undo=False)
        if plans is None:
            return 1
        for self.part, before, after in plans:
            output.tell(self._put(self.part, before, after))
            self.has_done = True
            is_beside = before != after and self.part.keeps_theirs(after)
            for told in (*self._in_bar("in bar", self.part, after), *[self.words["beside"]] * is_beside):
                output.tell(told)
        for part in (part for part in self.parts[1:] if part.file is None):
            output.tell(self._goes(part))
        self._take_its_look()
        self._tell_of_the_click(plans[0][2])
        if key := self.parts[0].popup_of(plans[0][2]):
            output.tell(self.words["popup"].format(key))
        return output.tell(f"{self._shown_when()}\n{self.words['undo'].format(self.bar)}")

    def _unplaced(self) -> int:
        """Say that nothing was written, and print the lines to put there by hand; 1."""
        output.say(self.words["left alone"].format(self.bar, self._nowhere()))
        output.put("\n".join([*map(self._by_hand, self.parts), *self._first()]))
        return 1

    def _shown_when(self) -> str:
        """When the bar shows it, or that its program is not here."""
        if program := missing(self.bar, self.machine):
            return self.words["no program"].format(program)
        key = "next.polybar by message" if self._hears_messages() else "next." + self.bar
        return self.words[key].format(self._typed())

    def _hears_messages(self) -> bool:
        """Whether a polybar runs that can be told by polybar-msg to start again."""
        file = self.parts[0].file
        is_open = file is not None and re.search(r"(?m)^\s*enable-ipc\s*=\s*true\b", file.text())
        return self.bar == "polybar" and "polybar" in self.machine.programs and bool(is_open)

    def _terminal(self) -> desktop.Emulator | None:
        return next(desktop.terminals(self.parts[0].machine.environ), None)

    def _tell_of_the_click(self, text: str) -> None:
        """Say which terminal the page comes in, and what makes its window float where windows are tiled."""
        terminal = self._terminal() if self.parts[0].click_of(text) == "page" else None
        if terminal is None:
            return
        output.tell(self.words["click"].format(terminal.program))
        if rule := desktop.floating(terminal, self.parts[0].machine):
            output.tell(self.words["floating"].format(rule[0]))
            output.put(rule[1])

    def _typed(self) -> str:
        """The file as it can be typed into a shell."""
        part = self.parts[0]
        return typed_path(part.shown) if part.file else part.shown

    def _take_its_look(self) -> None:
        """Read the bar's own palette and fonts, and say so; where it has none, or it cannot be kept, ours stay."""
        from codingplan_bar.looks import own  # what only a change needs
        from codingplan_bar.looks.readers import look_in

        look, environ = look_in(self.parts, self.machine), self.machine.environ
        if look is None:
            return
        settings = of_user(environ)
        wants_colours = bool(look.themes) and settings.theme == OF_THE_BAR
        if not (wants_colours or look.lacks_chinese):
            return
        with suppress(StorageFailure):
            own.keep(environ, {self.bar: look})
            if wants_colours:
                self._tell_of_the_colours(look)
            if look.lacks_chinese and settings.polybar_language == "auto" and output.language_of(environ) == "zh":
                output.tell(self.words["no chinese"])

    def _tell_of_the_colours(self, look: Look) -> None:
        """Say whose colours it has, where they were found in a file of the user's, or are made for the panel."""
        if self.bar in PLUGINS:
            output.tell(self.words["fit the panel"])
        elif look.source:
            output.tell(self.words["its colours"].format(paths.displayed(str(look.source), self.machine.environ)))

    def undone(self) -> int:
        """Take it out again."""
        from codingplan_bar.looks import own

        parts = {
            str(part.file.path): part for part in (*written_parts(self.bar, self.machine), *self.parts) if part.file
        }
        plans = self._plans(list(parts.values()), undo=True)
        if plans is None:
            return 1
        for self.part, before, after in plans:
            if before != after or not self.is_quiet:
                self.has_done = True
                output.tell(self._take(self.part, before, after))
        if not plans and not self.is_quiet:
            output.tell(self.words["nothing to undo"].format(self.bar))
        self._tell_of_strays(list(parts.values()))
        own.forget(self.machine.environ, self.bar)
        storage.leave(Path(paths.state_folder(self.machine.environ)))
        return 0

    def _tell_of_strays(self, parts: list[Part]) -> None:
        """Name the files beside a configuration in which ours is, too."""
        from codingplan_bar.commands.setup.leftovers import strays, told_of  # what only an undo needs

        for file in strays(self.bar, parts, self.machine):
            self.has_done = True
            shown = paths.displayed(str(file), self.machine.environ)
            key, *about = told_of(file, self.bar, self.parts[0], shown)
            output.tell(self.words[key].format(*about))

    def _plans(self, parts: list[Part], *, undo: bool) -> list[tuple[Part, str, str]] | None:
        """What is to be done, with every place tried before the first is written; None where one cannot be."""
        plans = []
        for part in parts:
            try:
                plans.append((part, *part.after(undo=undo)))
                if not undo:
                    seen.insist_on_command(*plans[-1])
            except LeftAlone as error:
                output.say(part.refused(_explained(part, error), self.words))
                if not undo and error.reason not in FINAL and not self._stands(part, error):
                    output.put(self._by_hand(part))
                return None
            except OSError as error:
                output.say(self._unwritten(error))
                if not undo:
                    output.put(self._by_hand(part))
                return None
        return plans

    def _stands(self, part: Part, error: LeftAlone) -> bool:
        """Whether the lines stand in the file already, whole."""
        return error.reason != "torn" and part.has_ours()

    def _by_hand(self, part: Part, key: str = "goes into") -> str:
        """The lines that somebody may put there, and where; for a file that should not be made, why not."""
        lines = "" if self._is_without_style(part) else part.printed()
        return f"{_remark(self._goes(part, key))}\n{lines}".strip("\n")

    def _unchanged(self, part: Part, text: str) -> str:
        """That a file has it already, and that what the user has changed in ours stays."""
        return self.words["unchanged, theirs" if part.is_edited(text) else "unchanged"].format(part.shown)

    def _put(self, part: Part, before: str, after: str) -> str:
        if part.file:
            part.file.adopt_old_backup()
        if after == before or part.file is None:
            return self._unchanged(part, before)
        is_new, has_ours = not part.file.exists(), part.holds(before)
        if not is_new:
            part.file.back_up(has_ours=has_ours)
        part.file.replace(after, mode=PROGRAM if self.bar in PLUGINS else TEXT)
        part.remember(there=True)
        if is_new:
            return self.words["made"].format(part.shown)
        return self._kept("written again" if has_ours else "written", part.file, part.shown)

    def _take(self, part: Part, before: str, after: str) -> str:
        if part.file:
            part.file.adopt_old_backup()
            part.remember(there=False)
        if after == before or part.file is None:
            is_there = part.file and part.file.exists()
            return self.words["not there" if is_there else "nothing to undo"].format(
                part.shown if is_there else self.bar
            )
        is_ours, is_made = part.is_ours_alone(before, after), part.file.is_made()
        if not is_ours:
            part.file.back_up(has_ours=True)
        if not after and (is_made or self.bar in PLUGINS):
            part.file.remove()
        else:
            part.file.replace(after, mode=TEXT)
        if is_ours:
            part.file.drop_backup()
        word = "taken out with" if not is_ours else "taken out" if part.file.exists() else "removed"
        return self._kept(word, part.file, part.shown)

    def _kept(self, word: str, file: Configuration, shown: str) -> str:
        """What was done, and where the file is as it was: before setup, and with ours in it."""
        backup, later = (paths.displayed(str(each), self.machine.environ) for each in (file.backup, file.later))
        is_more = word != "written" and file.backup.exists()
        more = f"\n{self.words['original'].format(backup)}" if is_more else ""
        return self.words[word].format(shown, backup if word == "written" else later) + more


def _explained(part: Part, error: LeftAlone) -> LeftAlone:
    """The same, in the words in which `doctor` tells it."""
    with suppress(OSError, LeftAlone):
        return seen.explained(part, error, part.file.text() if part.file else "")
    return error


def _remark(text: str) -> str:
    """A sentence above lines to paste: in most of these languages it is a comment."""
    return output.fitted(text, output.columns(), "# ")
