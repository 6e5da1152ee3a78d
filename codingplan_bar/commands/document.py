"""The snapshot as a command prints it: a document that meets the schema, always."""

from __future__ import annotations

from codingplan_bar import snapshot as documents
from codingplan_bar.commands import streams
from codingplan_bar.errors import InternalError
from codingplan_bar.model import Problem, Snapshot


def put(latest: Snapshot, *, pretty: bool) -> int:
    """Print a snapshot that meets the schema, else the document of that defect; gives the exit code."""
    latest = checked(latest)
    return streams.put(documents.dumps(documents.to_document(latest), pretty=pretty)) or exit_code(latest)


def checked(latest: Snapshot) -> Snapshot:
    """The snapshot, or in its place the error that says where it does not meet the schema."""
    from codingplan_bar.fetch import contract  # costs as much as all the rest, and only a printed document needs it

    try:
        contract.check(documents.to_document(latest))
    except InternalError as error:
        defect = Problem(error.code, error.message, error.hint)
        return Snapshot(latest.fetched_at, latest.dashboard_url, error=defect)
    return latest


def exit_code(latest: Snapshot) -> int:
    """0 for a plan, 1 for an error."""
    return 1 if latest.error else 0
