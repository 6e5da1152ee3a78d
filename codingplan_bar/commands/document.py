"""The snapshot as a command prints it, and what is said where this program itself fails."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from traceback import extract_tb

from codingplan_bar import bars, snapshot
from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands import output
from codingplan_bar.errors import CodingPlanError, InternalError, problem_of
from codingplan_bar.model import Problem, Snapshot
from codingplan_bar.provider.addresses import Endpoints
from codingplan_bar.refresh.compile import compile_facts
from codingplan_bar.regions import INTL
from codingplan_bar.settings.settings import Settings
from codingplan_bar.words.errors import error_text, in_a_row

# The snapshot as a command prints it: a document that meets the schema, always.


def put(latest: Snapshot, *, pretty: bool) -> int:
    """Print a snapshot that meets the schema, else the document of that defect; gives the exit code."""
    latest = checked(latest)
    text = snapshot.dumps(snapshot.document_of(latest), pretty=True) if pretty else snapshot.encoded(latest)
    return output.put(text) or exit_code(latest)


def checked(latest: Snapshot) -> Snapshot:
    """The snapshot, or in its place the error that says where it does not meet the schema."""
    try:
        snapshot.check_snapshot(latest)
    except InternalError as error:
        defect = Problem(error.code, error.message, error.hint)
        return Snapshot(latest.fetched_at, latest.dashboard_url, error=defect)
    return latest


def exit_code(latest: Snapshot) -> int:
    """0 for a plan, 1 for an error."""
    return 1 if latest.error else 0


# What is said where this program itself fails, in the voice of the command that was typed: never a traceback.
#
# An unforeseen exception may hold anything in its text, so only its kind and place are told.

PACKAGE = Path(__file__).parent.parent


def report(error: Exception, arguments: list[str]) -> int:
    """Print a document for `fetch`, a line for a bar, words on standard error for a person; gives the exit code."""
    problem = problem_of(as_ours(error))
    failed = Snapshot(int(time.time()), Endpoints().dashboard(INTL), error=problem)
    command = arguments[0] if arguments else ""
    if command == "fetch":
        return put(failed, pretty="--pretty" in arguments)
    if command in bars.BARS:
        facts = compile_facts(failed, None, Settings())
        output.put(bars.render(command, facts, time.time(), os.environ))
        return 0
    output.say(told(problem))
    return 1


def told(problem: Problem | CodingPlanError, environ: Mapping[str, str] = os.environ) -> str:
    """What happened and what to do, in the user's language."""
    words = words_for(output.language_of(environ), environ)
    return in_a_row(error_text(problem.code, problem.message, problem.hint, words), words["language"])


def as_ours(error: Exception) -> CodingPlanError:
    """The error itself where it is one of ours, else what may be told of it."""
    if isinstance(error, CodingPlanError):
        return error
    return InternalError("program.unforeseen", kind=type(error).__name__, place=place(error))


def place(error: Exception) -> str:
    """The innermost line of this package that the exception came through."""
    files = [(Path(frame.filename), frame.lineno) for frame in extract_tb(error.__traceback__)]
    ours = [f"{path.relative_to(PACKAGE)}:{line}" for path, line in files if path.is_relative_to(PACKAGE)]
    return ours[-1] if ours else "the program"
