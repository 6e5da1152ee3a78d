"""`setup`: what goes where so that a bar shows the quota; with --write it is put there, with --undo taken out again."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from codingplan_bar import paths
from codingplan_bar.commands import USAGE, output
from codingplan_bar.commands.setup.by_hand import printed
from codingplan_bar.commands.setup.job import Job
from codingplan_bar.commands.setup.seen import overview, written_into
from codingplan_bar.configure.machine import this_machine
from codingplan_bar.words import table


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
        output.say(written_into(words, machine)) if undo and not write and not bar else None
        return USAGE
    file, which, popup, click = (named.get(name) or "" for name in ("file", "which", "popup", "click"))
    place = Path(file).expanduser().absolute() if file else None
    machine = replace(machine, file_of=place, bar=which, popup=popup, click=click)
    if str(machine.home) == paths.NOWHERE:
        return output.homeless(environ)
    if bar is None:
        return overview(words, machine)
    job = Job(bar, words, machine)
    if undo:
        from codingplan_bar.commands.setup.undo import undone  # what only an undo needs

        return job.done(undone)
    return job.done(Job.written if write else printed)


def _wrong_use(bar: str | None, words: Mapping[str, str], *, write: bool, undo: bool, **named: str | None) -> str:
    """What is wrong with the options: two that are opposites, or some without a bar; nothing where all is well."""
    if write and undo:
        return words["both"]
    flags = [name for name, is_given in (("--write", write), ("--undo", undo)) if is_given]
    values = [f"--{'bar' if name == 'which' else name} {shlex.quote(value)}" for name, value in named.items() if value]
    return words["bar forgotten"].format(" ".join([*values, *flags])) if (flags or values) and not bar else ""
