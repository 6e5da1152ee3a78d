"""One command line run, from its words to its exit code: plain words by the table alone, everything else by click."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from codingplan_bar import bars
from codingplan_bar.commands import INTERRUPTED, do, output, plain_call

OBJECTS_BEFORE_A_LOOK = 100_000
"""How many objects are made before the collector looks for cycles among them.

What an import makes stays anyway: looking through it every 700 objects took a tenth of a refresh.
"""


def run(arguments: list[str]) -> int:
    """Run one command line; gives the exit code. Errors of use go to stderr, with the fix in the same line.

    This is the program's door: an unforeseen error ends here, in words.
    """
    gc.set_threshold(OBJECTS_BEFORE_A_LOOK)
    output.settle()
    if sys.platform == "darwin":
        _take_the_systems_language()
    try:
        with _interrupted_by_exception():
            call = plain_call(arguments)
            return _by_click(arguments) if call is None else do(*call)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - nothing is outside of this door
        return _defect(error, arguments)


def _by_click(arguments: list[str]) -> int:
    from codingplan_bar.cli import invoke  # takes three times as long as Python's own start

    return invoke([*arguments[1:2], "--help"] if arguments[:1] == ["help"] else arguments)


def _take_the_systems_language() -> None:
    """Speak the system's language, as the bars do, where no locale is named: the desktop names none."""
    from codingplan_bar.environment import locale_of_system

    os.environ.update(locale_of_system(os.environ))


@contextmanager
def _interrupted_by_exception() -> Iterator[None]:
    """Ctrl-C raises KeyboardInterrupt in here, so that what has begun is tidied up; before and after, it just ends."""
    ends = signal.getsignal(signal.SIGINT) == signal.SIG_DFL
    try:
        if ends:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
    finally:
        if ends:
            signal.signal(signal.SIGINT, signal.SIG_DFL)


def _defect(error: Exception, arguments: list[str]) -> int:
    try:
        return report(error, arguments)
    except Exception as second:  # noqa: BLE001 - a broken installation cannot even import what tells of it
        told = "{}, then {}. Install codingplan-bar again."  # no word of ours can be trusted to be there
        output.say(told.format(type(error).__name__, type(second).__name__))
        return 1


def report(error: Exception, arguments: list[str]) -> int:
    """Tell of an error in the voice of the command that was typed, never as a traceback; gives the exit code.

    `fetch` has a document, a bar its line, and a person reads words on standard error.
    """
    from codingplan_bar.commands.refresh import put
    from codingplan_bar.errors import as_ours, problem_of
    from codingplan_bar.model import Snapshot
    from codingplan_bar.provider.addresses import PROVIDERS_OWN
    from codingplan_bar.refresh.snapshot_to_facts import compile_facts
    from codingplan_bar.regions import INTL
    from codingplan_bar.settings.settings import Settings

    problem = problem_of(as_ours(error))
    failed = Snapshot(int(time.time()), PROVIDERS_OWN.dashboard(INTL), error=problem)
    command = arguments[0] if arguments else ""
    if command == "fetch":
        return put(failed, pretty="--pretty" in arguments)
    if command in bars.BARS:
        facts = compile_facts(failed, None, Settings())
        output.put(bars.render(command, facts, time.time(), os.environ))
        return 0
    output.say(output.failure_told(problem))
    return 1
