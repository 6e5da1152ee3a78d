"""What is said where this program itself fails, in the voice of the command that was typed: never a traceback.

An exception that nobody foresaw may hold anything in its text, so only its kind and place are told.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from traceback import extract_tb

from codingplan_bar import show
from codingplan_bar.commands import document, streams
from codingplan_bar.errors import CodingPlanError, InternalError
from codingplan_bar.fetch.compiling import compile_facts
from codingplan_bar.fetch.endpoints import Endpoints
from codingplan_bar.fetch.regions import INTL
from codingplan_bar.fetch.settings import Settings
from codingplan_bar.model import Problem, Snapshot
from codingplan_bar.text import clean

PACKAGE = Path(__file__).parent.parent
LONGEST_MESSAGE = 300


def report(error: Exception, arguments: list[str]) -> int:
    """Print a document for `fetch`, a line for a bar, words on standard error for a person; gives the exit code."""
    problem = problem_of(as_ours(error))
    failed = Snapshot(int(time.time()), Endpoints().dashboard(INTL), error=problem)
    command = next(iter(arguments), "")
    if command == "fetch":
        return document.put(failed, pretty="--pretty" in arguments)
    if command in show.BARS:
        facts = compile_facts(failed, None, Settings({}))
        streams.put(show.render(command, facts, time.time(), os.environ))
        return 0
    streams.say(f"{problem.message} {problem.hint}")
    return 1


def as_ours(error: Exception) -> CodingPlanError:
    """The error itself where it is one of ours, else what may be told of it."""
    if isinstance(error, CodingPlanError):
        return error
    return InternalError(f"An unforeseen {type(error).__name__} in {place(error)}.")


def place(error: Exception) -> str:
    """The innermost line of this package that the exception came through."""
    files = [(Path(frame.filename), frame.lineno) for frame in extract_tb(error.__traceback__)]
    ours = [f"{path.relative_to(PACKAGE)}:{line}" for path, line in files if path.is_relative_to(PACKAGE)]
    return ours[-1] if ours else "the program"


def problem_of(error: CodingPlanError) -> Problem:
    """The error as data."""
    return Problem(error.code, clean(error.message, LONGEST_MESSAGE), clean(error.hint, LONGEST_MESSAGE))
