"""Everything that can go wrong, as one tree.

    CodingPlanError
    ├── MissingCredentials    no session, key or tool to ask with
    ├── InvalidCookie         a pasted Cookie header that is none
    ├── LoginRequired         the session is over, or never was
    ├── InvalidCredentials    the provider does not take the key or the session
    ├── ApiKeyUnavailable     the key is good, but not for reading the quota
    ├── NotAuthorised         signed in, but this account may not see the plan
    ├── EndpointRejected      an override names a host that is refused
    ├── RateLimited           the provider asks to wait
    ├── NetworkFailure        DNS, connection, TLS or time
    ├── ApiError              the provider says that something failed
    │   ├── UnknownRoute      … that this name or route does not exist
    │   └── TokenRejected     … that the sec_token is missing or old
    ├── BadResponse           an answer that could not be read
    │   └── EmptySuccess      … a success that carries nothing
    ├── NoPlan                an honest answer: this account has no plan
    ├── ConfigError           the user's own settings
    └── InternalError         a defect of this program
        └── StorageFailure    … or a disk that cannot be written

Each leaf knows its `code` (a word of the snapshot's schema). A message says what happened, a hint what to do
next; neither ever holds the value of a cookie, a key or a token. The root is never raised itself.
"""

from __future__ import annotations


class CodingPlanError(Exception):
    """Something that a person can be told about.

    `message` is one sentence on what happened, `hint` one on what to do next, `where` the place it was seen at
    (an address inside the answer, a file, a variable), `http_status` the status of the answer where there was one.
    """

    code = "internal"
    default_hint = ""

    def __init__(
        self, message: str, *, hint: str | None = None, where: str = "", http_status: int | None = None
    ) -> None:
        """Keep the four facts; the class's own hint stands in where none is given."""
        super().__init__(message)
        self.message = message
        self.hint = self.default_hint if hint is None else hint
        self.where = where
        self.http_status = http_status


class MissingCredentials(CodingPlanError):
    """There is nothing to ask with."""

    code = "missing_credentials"
    default_hint = "Sign in to the console in your browser, or put a Cookie header in the settings."


class InvalidCookie(CodingPlanError):
    """A pasted Cookie header that cannot be one."""

    code = "invalid_cookie"
    default_hint = "Copy the Cookie header of a request to the console from your browser's developer tools again."


class LoginRequired(CodingPlanError):
    """The console asks for a sign-in."""

    code = "login_required"
    default_hint = "Sign in to the console again."


class InvalidCredentials(CodingPlanError):
    """The provider does not take what it was shown."""

    code = "invalid_credentials"
    default_hint = "Check the API key, or sign in to the console again."


class ApiKeyUnavailable(CodingPlanError):
    """The key may be good for inference, but reads no quota for this account and region."""

    code = "api_key_unavailable"
    default_hint = "Use the web session: set source to web."


class NotAuthorised(CodingPlanError):
    """Signed in, but this account may not see the plan. The session itself is good and stays."""

    code = "not_authorised"
    default_hint = "Sign in with the account that owns the plan, or ask its owner for the right to see it."


class EndpointRejected(CodingPlanError):
    """An override that is refused before anything is sent. `where` names the variable."""

    code = "endpoint_rejected"
    default_hint = "Correct the variable, or remove it."


class RateLimited(CodingPlanError):
    """The provider asks to wait. `retry_after` is in seconds, None where it does not say how long."""

    code = "rate_limited"
    default_hint = "Nothing to do: it is asked again later."

    def __init__(self, message: str, *, retry_after: float | None = None, http_status: int | None = None) -> None:
        """Keep how long the provider asks to wait, in seconds."""
        super().__init__(message, http_status=http_status)
        self.retry_after = retry_after


class NetworkFailure(CodingPlanError):
    """The provider could not be reached in time: DNS, refused, reset, TLS or the deadline."""

    code = "network"
    default_hint = "Check the network, the proxy variables and REQUESTS_CA_BUNDLE."


class ApiError(CodingPlanError):
    """The provider says that something failed, in a way that is none of the others."""

    code = "api_error"
    default_hint = "Try again later; where it stays, report it with the message."

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        where: str = "",
        http_status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        """As the root; `retry_after` in seconds where a 503 names a time."""
        super().__init__(message, hint=hint, where=where, http_status=http_status)
        self.retry_after = retry_after


class UnknownRoute(ApiError):
    """The provider does not know the API's name or the route: another shape of the request may work."""


class TokenRejected(ApiError):
    """The sec_token is missing, wrong or old: a new one may work."""

    default_hint = "Open the console in your browser once, sign in where it asks for it, then refresh."


class BadResponse(CodingPlanError):
    """An answer that could not be read. `where` is the address inside it."""

    code = "bad_response"
    default_hint = "Report it with this message: it names what was there, and holds nothing secret."


class EmptySuccess(BadResponse):
    """A success that carries nothing, which is passing trouble on the provider's side."""


class NoPlan(CodingPlanError):
    """The account has no Coding Plan, or only ended ones."""

    code = "no_plan"
    default_hint = "Check the region and the account, or subscribe on the dashboard."


class ConfigError(CodingPlanError):
    """The user's own settings: the message names the key and where it stands."""

    code = "config"
    default_hint = "Correct the setting."


class InternalError(CodingPlanError):
    """A defect of this program, or a machine that does not let it work."""

    code = "internal"
    default_hint = "Report it with this message."


class StorageFailure(InternalError):
    """A file that could not be written: `where` is the file."""

    default_hint = "Free some space, or name folders that can be written by XDG_CACHE_HOME and XDG_STATE_HOME."


CODES = (
    "missing_credentials",
    "invalid_cookie",
    "login_required",
    "invalid_credentials",
    "api_key_unavailable",
    "not_authorised",
    "endpoint_rejected",
    "rate_limited",
    "network",
    "api_error",
    "bad_response",
    "no_plan",
    "config",
    "internal",
)
