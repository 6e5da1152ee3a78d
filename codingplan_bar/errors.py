"""Everything that can go wrong, as one tree.

    CodingPlanError
    ├── MissingCredentials    no session, key or tool to ask with
    │   └── StoreShut         … but a browser's cookies that cannot be read
    ├── SourceGone            what gave the last numbers is no longer there
    ├── InvalidCookie         a pasted Cookie header that is not valid
    ├── LoginRequired         the session is over, or never was
    ├── InvalidCredentials    the server rejects the key or the session
    ├── ApiKeyUnavailable     the key is good, but cannot read the quota
    ├── NotAuthorised         signed in, but without the permission to see the plan
    ├── EndpointRejected      an override names a host that is not allowed
    ├── RateLimited           the server asks to wait
    ├── NetworkFailure        DNS, connection, TLS or time
    ├── ApiError              the server reports an error
    │   ├── UnknownRoute      … that this name or route does not exist
    │   ├── TokenRejected     … that the sec_token is missing or old
    │   └── TokenMissing      the console gives no sec_token
    ├── BadResponse           an answer that could not be read
    │   └── EmptySuccess      … a success without data
    ├── NotAsked              no request has been sent yet
    ├── NoPlan                an answer: this account has no plan
    ├── ConfigError           the user's own settings
    └── InternalError         a fault of this program
        └── StorageFailure    … or a disk that cannot be written

Each branch knows its `code` (a word of the snapshot's schema) and what ends it. What is said of it stands in `words/`:
an error names a key there and gives the facts. No fact ever holds the value of a cookie, a key or a token. The root is
never raised.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from typing import Any, Literal

from codingplan_bar.model import Problem
from codingplan_bar.paths import displayed, in_the_way, is_nowhere, is_usable
from codingplan_bar.text import clean
from codingplan_bar.words.en.errors import ERRORS
from codingplan_bar.words.errors import english, found


class CodingPlanError(Exception):
    """Something that a person can be told about: a key of `words/en/errors.py`, and the facts that fill its gaps.

    `message` is that sentence in English, `hint` the step: the one that is named, else the key's own, else the
    class's. `where` is the place it was seen at (an address inside the answer, a file, a variable), `http_status` the
    status of the answer where there was one, `retry_after` the seconds that the server asks to wait.
    """

    code = "internal"
    step = ""
    mended: Literal["by itself", "here", "anywhere"] = "by itself"
    """What ends it: time, a change on this machine and nothing else, or a person here or at the provider."""

    def __init__(
        self,
        key: str,
        *,
        hint: str | None = None,
        where: str = "",
        http_status: int | None = None,
        retry_after: float | None = None,
        **facts: object,
    ) -> None:
        """Speak the sentence and the step in English; any other text is the sentence itself."""
        self.key = key
        facts, step = {"where": where, **facts}, self._step() if hint is None else hint
        self.message, self.hint = english(key, facts), english(step, facts)
        super().__init__(self.message)
        self.where = where
        self.http_status = http_status
        self.retry_after = retry_after

    def _step(self) -> str:
        """The key of the step where none is named."""
        own = f"{self.key}.hint"
        return own if own in ERRORS else self.step or f"{self.code}.hint"


class MissingCredentials(CodingPlanError):
    """No session, no key and no tool was found."""

    code = "missing_credentials"
    mended = "here"


class StoreShut(MissingCredentials):
    """A browser's cookies cannot be read, which may well hold a session."""


class SourceGone(CodingPlanError):
    """What gave the last numbers is not there now. The user has not signed out: what is missing is named."""

    code = "source_gone"
    mended = "here"


class InvalidCookie(CodingPlanError):
    """A pasted Cookie header is not valid."""

    code = "invalid_cookie"
    mended = "here"


class LoginRequired(CodingPlanError):
    """The console asks for a sign-in."""

    code = "login_required"
    mended = "anywhere"


class InvalidCredentials(CodingPlanError):
    """The server rejects the key or the session."""

    code = "invalid_credentials"
    mended = "anywhere"


class ApiKeyUnavailable(CodingPlanError):
    """The key may be good for inference, but cannot read the quota of this account and region."""

    code = "api_key_unavailable"
    mended = "anywhere"


class NotAuthorised(CodingPlanError):
    """Signed in, but without the permission to see the plan. The session itself is good and stays."""

    code = "not_authorised"
    mended = "anywhere"


class EndpointRejected(CodingPlanError):
    """An override is not allowed, and nothing was sent. `where` names the variable."""

    code = "endpoint_rejected"
    mended = "here"


class RateLimited(CodingPlanError):
    """The server asks to wait. `retry_after` is in seconds, None if it does not say how long."""

    code = "rate_limited"


class NetworkFailure(CodingPlanError):
    """The server was not reached: DNS, refused, reset, TLS, the deadline, or another server answered."""

    code = "network"


class ApiError(CodingPlanError):
    """The server reports an error that has no class of its own. `retry_after` is set if a 503 names a time."""

    code = "api_error"


class UnknownRoute(ApiError):
    """The server does not know the API's name or the route: another shape of the request may work."""


class TokenRejected(ApiError):
    """The sec_token is missing, wrong or old: a new one may work."""

    step = "sec_token.hint"


class TokenMissing(ApiError):
    """The console gave no sec_token, and no reason."""

    step = TokenRejected.step


class BadResponse(CodingPlanError):
    """An answer that could not be read. `where` is the address inside it."""

    code = "bad_response"


class EmptySuccess(BadResponse):
    """A success without data, which is a passing fault of the server."""


class NotAsked(CodingPlanError):
    """Nothing is known yet: the first request is still to come, or under way."""

    code = "not_asked"


class NoPlan(CodingPlanError):
    """The account has no Coding Plan, or only plans that have ended."""

    code = "no_plan"
    mended = "anywhere"


class ConfigError(CodingPlanError):
    """The user's own settings: the message names the key and where it stands."""

    code = "config"
    mended = "here"


class InternalError(CodingPlanError):
    """A fault of this program, or of the machine it runs on."""

    code = "internal"


class StorageFailure(InternalError):
    """A file that could not be written: `where` is the file. Room on the disk helps only where that is the reason."""

    step = "storage.hint"

    def __init__(self, key: str, *, hint: str | None = None, reason: str = "", **facts: Any) -> None:
        """As any error; `reason` is the system's, in its own words."""
        where = str(facts.get("where", ""))
        if hint is None and is_nowhere(where):
            hint = "storage.home.hint"
        elif hint is None and reason in FULL:
            hint = "storage.full.hint"
        elif hint is None:
            hint = opened_by(where) or None
        super().__init__(key, hint=hint, reason=reason, **facts)


def opened_by(path: str, environ: Mapping[str, str] = os.environ) -> str:
    """The step that lets the user write a file at a path, in English; empty where none is known, or none is needed."""
    folder = path.rpartition("/")[0]
    if not folder.startswith("/") or is_usable(folder):
        return ""
    from codingplan_bar.process import typed_path  # what nothing else here needs

    kind, place = in_the_way(folder)
    key = {"read-only": "storage.chmod.hint", "file": "storage.file.hint"}.get(kind)
    return english(key, {"folder": typed_path(displayed(place, environ))}) if key else ""


FULL = frozenset({os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT), english("reason.full")})
"""The reasons for which somebody can free disk space."""
TURNED_DOWN = (LoginRequired, InvalidCredentials)
"""The errors by which the provider turns a session or a token down."""
LONGEST_MESSAGE = 300
"""Characters of a text that may be a server's."""
BY_CODE = {each.code: each for each in CodingPlanError.__subclasses__()}
CODES = tuple(BY_CODE)
"""The codes of the snapshot's schema."""


WITHOUT_SIGN_IN = {"key": "no_key", "tool": "no_tool", "file": "no_file"}
"""The bars' words for want of something that no sign-in makes up for, by how the key of the sentence begins."""


def lack(problem: Problem) -> str:
    """What is missing that no sign-in makes up for, as a word of the bars; empty for anything else."""
    is_missing = problem.code == MissingCredentials.code
    return WITHOUT_SIGN_IN.get(found(problem.message)[0].partition(".")[0], "") if is_missing else ""


OPENS_STORE = "session.shut.hint"
"""The step of `StoreShut`."""


def cause(problem: Problem) -> str:
    """Why nothing can be asked, in a word: what is missing, `shut` for a browser's cookies, else the error's code."""
    is_shut = found(problem.hint)[0] == OPENS_STORE
    return "shut" if is_shut else lack(problem) or problem.code


def problem_of(error: CodingPlanError) -> Problem:
    """The error as data, its texts cleaned."""
    return Problem(error.code, clean(error.message, LONGEST_MESSAGE), clean(error.hint, LONGEST_MESSAGE))


def as_ours(error: Exception) -> CodingPlanError:
    """The error itself where it is one of ours; of another one its kind and place, since its text may hold anything."""
    if isinstance(error, CodingPlanError):
        return error
    return InternalError("program.unforeseen", kind=type(error).__name__, place=_place(error))


def _place(error: Exception) -> str:
    """The innermost line of this package that the exception came through."""
    from pathlib import Path  # a defect alone needs them
    from traceback import extract_tb

    package = Path(__file__).parent
    lines = [(Path(frame.filename), frame.lineno) for frame in extract_tb(error.__traceback__)]
    ours = [f"{file.relative_to(package)}:{line}" for file, line in lines if file.is_relative_to(package)]
    return ours[-1] if ours else "the program"
