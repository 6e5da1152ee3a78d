"""From an answer of the provider to a reading, with no network and no clock."""

from __future__ import annotations

from codingplan_bar.errors import NoPlan
from codingplan_bar.fetch.reading.counters import windows_in
from codingplan_bar.fetch.reading.envelope import raise_for_error
from codingplan_bar.fetch.reading.frames import unreadable
from codingplan_bar.fetch.reading.instances import plan_of, subject_of
from codingplan_bar.fetch.reading.json_text import decode
from codingplan_bar.fetch.reading.tool import raise_for_tool_error, read_tool
from codingplan_bar.fetch.reading.verdicts import Mode
from codingplan_bar.model import Instant, Reading

__all__ = ["Mode", "decode", "raise_for_error", "raise_for_tool_error", "read", "read_tool"]


def read(payload: object, *, now: Instant, mode: Mode) -> Reading:
    """Return the plan and its windows from a decoded answer of the console's gateway.

    Where nothing is countable, a reading without windows says that a named plan is proven active.

    Raises `LoginRequired`, `InvalidCredentials`, `ApiKeyUnavailable` (API mode), `NotAuthorised`, `TokenRejected`,
    `UnknownRoute` or `ApiError` for what the envelope tells of; `EmptySuccess` for a success that carries nothing;
    `NoPlan` where no plan is listed, or only ended ones; `BadResponse` for anything else, with the fields' names.
    """
    raise_for_error(payload, mode)
    subject = subject_of(payload, now=now)
    plan = plan_of(subject, payload)
    # No plan borrows another's numbers: what is known to be alive among others has its own, or none.
    scopes = (subject.frame,) if subject.proven and subject.others else (subject.frame, payload)
    windows = windows_in(scopes, now=now)
    if windows or (subject.proven and plan.name):
        return Reading(plan, windows)
    if subject.over:
        raise NoPlan("This account has no Coding Plan, or only one that has ended.")
    raise unreadable(payload)
