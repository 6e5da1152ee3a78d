"""The bars of this machine: which of them show the quota, and whether their command runs where a bar runs it."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from codingplan_bar import paths, process
from codingplan_bar.commands import clicks
from codingplan_bar.commands.doctor.report import CheckContext, Line, Typed
from codingplan_bar.commands.setup import RULE
from codingplan_bar.configure.bar_file import Part
from codingplan_bar.configure.bars import (
    BARS,
    NO_START,
    missing,
    parts_of,
)
from codingplan_bar.configure.block import ABSENT, LeftAlone
from codingplan_bar.configure.files import CLOSED, text_of
from codingplan_bar.configure.is_shown import UNCERTAIN, refusal
from codingplan_bar.configure.machine import Machine, this_machine
from codingplan_bar.configure.tmux import narrow
from codingplan_bar.looks.cache import own_looks
from codingplan_bar.process import Finished
from codingplan_bar.resources import command, has_a_space_in_its_first_line
from codingplan_bar.words import filled, table

# An environment as bare as a bar's: a desktop that starts a bar has read no shell's profile.

PATH = "/usr/bin:/bin:/usr/sbin:/sbin" if sys.platform == "darwin" else "/usr/local/bin:/usr/bin:/bin"
"""Of macOS' launchd, and of a Linux desktop."""
KEPT = ("HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "XDG_RUNTIME_DIR")
PLACES = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
"""Kept, since a desktop that is set up that way hands them on."""
PATIENCE = 15.0
"""Seconds. With something stored a bar's command takes a tenth of one; with nothing it asks first, bounded in time."""


class Ran(NamedTuple):
    """What came of a command, and the seconds that it took."""

    finished: Finished
    seconds: float

    @property
    def is_good(self) -> bool:
        """Whether a bar would show it: something printed, and nothing said on standard error."""
        ending, code, printed, complained = self.finished
        return ending == "exit" and code == 0 and bool(printed.strip()) and not complained


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What is left of the user's environment in a bar."""
    kept = {name: environ[name] for name in (*KEPT, *PLACES) if name in environ}
    return {**kept, "PATH": PATH}


def run(command: Sequence[str], environ: Mapping[str, str]) -> Ran | None:
    """Run a command as a bar does, without a shell, and wait for its end; None where it cannot be started."""
    began = time.monotonic()
    try:
        finished = process.run(command, environ=environment(environ), seconds=PATIENCE)
    except (OSError, ValueError):
        return None
    return Ran(finished, time.monotonic() - began)


NOT_HERE = "not here"
"""The lines stand in a file, and the program that would read it is not on this machine."""
SLOW = 5.0
"""Seconds after which a bar's command is in the way."""


def bars(visit: CheckContext) -> Iterator[Line]:
    """A line for each bar that is set up on this machine, and one for each command that they run.

    Whoever has one that shows it needs no advice about the others.
    """
    found = _configured(this_machine(visit.environ))
    shown = [each for each in found if not each.unseen]
    for each in found:
        line = _line(visit, each.bar, each.unseen, each.part)
        is_told = not (each.unseen in (ABSENT, NOT_HERE) or _is_asked(each.part)) or not shown
        yield line if is_told else replace(line, next="")
    if not found:
        yield visit.note("bar", "bar.none")
    for each in shown:
        yield from _worth_knowing(visit, each)
    for program, bar in _calls(found):
        yield _tried(visit, program, bar)


class ConfiguredBar(NamedTuple):
    """A bar that has a configuration here: its text, and why the bar does not show ours, empty where it does."""

    bar: str
    part: Part
    text: str
    unseen: str | LeftAlone


def _configured(machine: Machine) -> list[ConfiguredBar]:
    """The bars that have one."""
    parts = {bar: part for bar in BARS if _is_there(part := parts_of(bar, machine)[0])}
    texts = {bar: text_of(part.file.path) if part.file else "" for bar, part in parts.items()}
    return [ConfiguredBar(bar, part, texts[bar], _unseen(bar, part)) for bar, part in parts.items()]


def _worth_knowing(visit: CheckContext, shown: ConfiguredBar) -> Iterator[Line]:
    """What is to be known of a bar that shows it: how wide, in which language, and what a click opens."""
    if shown.bar == "tmux" and (columns := narrow(shown.text)):
        yield visit.ok("bar", "narrow", columns)
    if shown.bar == "polybar" and _is_in_english(visit):
        yield visit.note("bar", "no chinese")
    if shown.part.given(shown.text).click == "page":
        yield _click(visit, shown.bar)


def _calls(found: Sequence[ConfiguredBar]) -> Iterable[tuple[str, str]]:
    """The programs that the bars run, each once with its bar; ours by its place, where no bar's is known to be gone."""
    there = [each for each in found if not _is_gone(each.unseen)]
    calls = ((each.part, call) for each in there for call in RULE.calls(each.text, each.bar))
    known = dict.fromkeys((part.machine.expanded(program), bar) for part, (program, bar) in calls)
    return known or ([(command(), "text")] if len(there) == len(found) else [])


def _is_there(part: Part) -> bool:
    """Whether a bar has a configuration, also one in a folder that cannot be looked into, or one of several."""
    return part.doubt is not None or (part.file is not None and part.file.is_there())


def _is_asked(part: Part) -> bool:
    """Whether the user alone knows which file the bar reads."""
    return part.doubt is not None and part.doubt.reason == "which"


def _unseen(bar: str, part: Part) -> str | LeftAlone:
    """Why the bar does not show it, by the same rule as `setup`: with its facts, or that it has nothing of ours."""
    if part.doubt:
        return part.doubt
    try:
        error = RULE.hidden(part)
    except OSError:
        return ABSENT
    if error is None:
        return NOT_HERE if missing(bar, part.machine) else ""
    is_told = error.reason in NO_START | CLOSED | {"another program"} or part.has_ours()
    return error if error.reason != ABSENT and is_told else ABSENT


def _is_gone(reason: str | LeftAlone) -> bool:
    """Whether the bar's line says already that the command is not there."""
    return isinstance(reason, LeftAlone) and reason.reason.startswith("gone")


def _line(visit: CheckContext, bar: str, reason: str | LeftAlone, part: Part) -> Line:
    file = part.shown
    if reason == NOT_HERE:
        return visit.note("bar", "bar.not here", bar, file, missing(bar, part.machine))
    if reason == "":
        return visit.ok("bar", "bar", bar, file)
    if isinstance(reason, LeftAlone):
        return _hidden(visit, bar, reason, part)
    if error := refusal(part):
        told = part.cause(error, _setup_words(visit))
        return _with_command(visit, visit.note("bar", "bar.refused", bar, part.placed(error), told))
    return visit.note("bar", "bar.without", bar)


def _setup_words(visit: CheckContext) -> Mapping[str, str]:
    """The words of `setup`, in which a refusal is told here, too."""
    return table(visit.bars_words["language"], "setup", "SETUP")


def _hidden(visit: CheckContext, bar: str, error: LeftAlone, part: Part) -> Line:
    """Why a bar does not show what its file has, and what mends it."""
    told = part.cause(error, _setup_words(visit))
    if _is_asked(part):
        file = paths.displayed(str(error.about[0]), visit.environ)
        return visit.note("bar", "bar.which", bar, Typed(file, process.typed_path(file)), told)
    key = "bar.shut" if not part.file else "bar.closed" if error.reason in CLOSED else "bar.unseen"
    line = visit.bad("bar", key, bar, part.placed(error), told)
    if error.reason in UNCERTAIN:
        line = visit.note("bar", "bar.uncertain", bar, part.placed(error), told)
    step = "" if error.reason in CLOSED else visit.words.get(f"bar.{error.reason}.next", "")
    return replace(line, next=step.format(bar)) if step else _with_command(visit, line)


READY = re.compile(r"`((?:chmod|echo|tmux) [^`]+)`")
"""A command in a cause's words, by the programs that one may name."""


def _with_command(visit: CheckContext, line: Line) -> Line:
    """The line with its one command as the step, where it names exactly one."""
    named = dict.fromkeys(READY.findall(line.text))
    return replace(line, next=filled(visit.words["bar.ready.next"], *named)) if len(named) == 1 else line


def _is_in_english(visit: CheckContext) -> bool:
    """Whether polybar speaks English to somebody who reads Chinese, for want of a font."""
    is_reader = visit.bars_words["language"] == "zh" and visit.settings.polybar_language == "auto"
    return is_reader and "language.polybar" in own_looks(visit.environ, colors=False)


def _click(visit: CheckContext, bar: str) -> Line:
    """In which terminal a click on a bar shows the page, as the bar's own environment has one."""
    terminal = next(clicks.terminals(environment(visit.environ)), None)
    return visit.ok("bar", "click", bar, terminal.program) if terminal else visit.bad("bar", "click.nowhere", bar)


def _tried(visit: CheckContext, program: str, bar: str) -> Line:
    """The command as a bar runs it. It is only started where it may send no request, or would send one of its own.

    After a failure a bar asks again if its environment differs. Without the variables of a shell it would keep another
    failure in the place of the one that is told here.
    """
    path = paths.expanded(program)
    shown, typed = visit.typed(program)
    told = Typed(f"{shown} {bar}", f"{typed} {bar}")
    if has_a_space_in_its_first_line(path):
        step = _setup_words(visit)["no start"].format(shown)
        return replace(visit.bad("command", "command.fails", told), next=step)
    is_started_alone = visit.offline or bool(visit.refresher.held_back_by().code)
    ran = run([path, "--version" if is_started_alone else bar], visit.environ)
    if ran is None:
        return visit.bad("command", "command.not found", told, PATH)
    if ran.is_good and ran.seconds < SLOW:
        return visit.ok("command", "command", told)
    if ran.is_good or ran.finished.ending == "deadline":
        return visit.bad("command", "command.slow", told, f"{ran.seconds:.1f}")
    return visit.bad("command", "command.fails", told)
