"""The answer of the provider's own tool: `bl usage coding-plan --output json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codingplan_bar.errors import (
    ApiError,
    CodingPlanError,
    InvalidCredentials,
    LoginRequired,
    NetworkFailure,
    NoPlan,
    NotAuthorised,
    TokenRejected,
    UnknownRoute,
)
from codingplan_bar.fetch.reading.counters import Counter, window_of
from codingplan_bar.fetch.reading.frames import unreadable
from codingplan_bar.fetch.reading.values import name, number
from codingplan_bar.fetch.reading.verdicts import READ_LIMIT, kind_of
from codingplan_bar.model import Instant, Plan, Reading, Window, WindowName
from codingplan_bar.text import clean

if TYPE_CHECKING:
    from codingplan_bar.fetch.reading.tree import Frame

WINDOWS: dict[str, WindowName] = {"per5Hour": "five_hour", "perWeek": "weekly", "perBillMonth": "monthly"}
COUNTER = Counter(("usedQuota",), ("totalQuota",), ("resetTime",))
USAGE, SIGN_IN, QUOTA, TIME_OUT, NETWORK = 2, 3, 4, 5, 6
"""The tool's exit codes, which its `error.code` repeats; 1 is an answer of the gateway."""

SIGN_IN_HINT = "Run `bl auth login --console` (international accounts: with `--console-site international`)."
UPDATE_HINT = "Update the tool: it knows `bl usage coding-plan` since bailian-cli 1.15.1."


def read_tool(payload: object, *, now: Instant) -> Reading:
    """Return what the tool said; its own `percentage` is left alone, since used and total say it.

    The tool prints `{}` where there is no valid plan, so a plan's type alone is proof of one.

    Raises what `raise_for_tool_error` raises, `NoPlan` for `{}`, and `BadResponse` where nothing could be read.
    """
    raise_for_tool_error(payload)
    if payload == {}:
        raise NoPlan("The provider's tool finds no Coding Plan.")
    answer = payload if isinstance(payload, dict) else {}
    reading = Reading(Plan(name(answer.get("instanceType"))), _windows(answer, now))
    if not reading.windows and reading.plan.name is None:
        raise unreadable(payload)
    return reading


def _windows(answer: Frame, now: Instant) -> tuple[Window, ...]:
    quotas = ((window, answer.get(key)) for key, window in WINDOWS.items())
    windows = (window_of(window, quota, COUNTER, now=now) for window, quota in quotas if isinstance(quota, dict))
    return tuple(filter(None, windows))


def raise_for_tool_error(payload: object, *, exit_code: int = 0) -> None:
    """Raise for `{"error": {"code", "message", "hint"}}`, or for an exit code; return where there is neither.

    The tool's own words are weighed and never shown. Raises `LoginRequired`, `NotAuthorised`,
    `NetworkFailure` or `ApiError`.
    """
    error = payload.get("error") if isinstance(payload, dict) else None
    if error is None and exit_code == 0:
        return
    told = error if isinstance(error, dict) else {"message": error}
    code = number(told.get("code"))
    words = " ".join(
        clean(text, READ_LIMIT) for text in (told.get("code"), told.get("message")) if isinstance(text, str)
    )
    raise _tool_error(exit_code if code is None else code, words)


def _tool_error(code: float, words: str) -> CodingPlanError:
    """Say in our own words what a code and the tool's words mean."""
    kind = kind_of(words)
    if code == SIGN_IN or kind in (LoginRequired, TokenRejected, InvalidCredentials) or "nopermission" in words.lower():
        return LoginRequired("The provider's tool is not signed in.", hint=SIGN_IN_HINT)
    if kind is NotAuthorised:
        return NotAuthorised("The account of the provider's tool may not see the plan.")
    if code in (TIME_OUT, NETWORK):
        return NetworkFailure("The provider's tool could not reach the provider.")
    if code == QUOTA:
        return ApiError("The provider's tool reports that a quota is used up.")
    if code == USAGE or kind is UnknownRoute:
        return ApiError("The provider's tool does not know what it was asked for.", hint=UPDATE_HINT)
    return ApiError("The provider's tool reports an error.")
