"""One file a verb; and how a plain command line is read, and a command of the table done."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

from codingplan_bar.bars import BARS
from codingplan_bar.commands.command_table import COMMANDS
from codingplan_bar.facts import SETTING_PREFIX

PLAN_VARIABLE = SETTING_PREFIX + "PLAN"
USAGE, INTERRUPTED = 2, 130
"""The exit codes of wrong use, and of Ctrl-C: 128 and SIGINT's number, as a shell tells it."""

Call = tuple[str, dict[str, object]]
"""What a command does, as `module:function` below `codingplan_bar.commands`, and the arguments of that function."""


def plain_call(arguments: Sequence[str]) -> Call | None:
    """What a command's name does, with nothing but its flags behind it; None for what click has to read.

    Click takes longer to import than a command like `status` takes to run. A test compares the two readings.
    """
    if not arguments:
        return None
    name, *flags = arguments
    if name in BARS:
        return None if flags else ("refresh:show", {"bar": name})
    row = next((row for row in COMMANDS if row.name == name), None)
    if row is None or any(each.required for each in row.arguments):
        return None
    named = {option.name: option.argument for option in row.options if option.is_flag}
    if not set(flags) <= named.keys():
        return None
    given: dict[str, object] = {each.argument: False if each.is_flag else None for each in row.options}
    given |= {each.name: None for each in row.arguments} | ({"stray": ()} if row.keeps_arguments_quiet else {})
    return row.does, given | {named[flag]: True for flag in flags}


def do(does: str, given: dict[str, object]) -> int:
    """Do what a command does; it is imported when it runs. `given` may name the plan that is asked for."""
    module, _, function = does.partition(":")
    with _asked_for(given.pop("plan", None)):
        return int(getattr(import_module(f"codingplan_bar.commands.{module}"), function)(**given))


@contextmanager
def _asked_for(plan: object) -> Iterator[None]:
    """The setting `plan` is what an option says: for the settings, and for each process that is started meanwhile."""
    before = os.environ.get(PLAN_VARIABLE)
    if plan is not None:
        os.environ[PLAN_VARIABLE] = str(plan)
    try:
        yield
    finally:
        if plan is not None and before is None:
            del os.environ[PLAN_VARIABLE]
        elif plan is not None and before is not None:
            os.environ[PLAN_VARIABLE] = before
