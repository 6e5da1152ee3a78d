"""The envelope around the payload: its frames from the outside in, and the errors that it tells of."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from codingplan_bar.errors import (
    ApiError,
    ApiKeyUnavailable,
    BadResponse,
    CodingPlanError,
    EmptySuccess,
    InvalidCredentials,
    LoginRequired,
    NotAuthorised,
    RateLimited,
    TokenRejected,
    UnknownRoute,
)
from codingplan_bar.provider.values import Frame, flag, number, objects
from codingplan_bar.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence


# The envelope's frames: the objects that lie around the payload, from the outside in, and never an instance.

WRAPPERS = ("data", "DataV2", "successResponse", "body")
LISTINGS = ("codingPlanInstanceInfos", "coding_plan_instance_infos")

ENVELOPE = frozenset(
    (
        "api",
        "code",
        "errorCode",
        "errorMessage",
        "errorMsg",
        "errorMsgUnmodified",
        "failed",
        "httpStatus",
        "httpStatusCode",
        "message",
        "msg",
        "requestId",
        "ret",
        "status",
        "statusCode",
        "statusMessage",
        "status_code",
        "status_msg",
        "success",
        "successResponse",
        "traceId",
    )
)
"""Fields that speak about the answer, and do not belong to it."""

MAX_NAMES = 30
MAX_NAME_LENGTH = 40
MAX_NAME_DIGITS = 4
"""A field's name with more digits is an id or worse, used as a name."""


def frames(payload: object) -> list[tuple[str, Frame]]:
    """Return each frame with its address (`""` the root, `data.DataV2`, …), the outer before the inner."""
    pending: deque[tuple[str, object]] = deque([("", payload)])
    found: list[tuple[str, Frame]] = []
    while pending:
        where, frame = pending.popleft()
        if not isinstance(frame, dict):
            continue
        found.append((where, frame))
        if not lists_instances(frame):
            pending.extend((f"{where}.{key}".lstrip("."), frame[key]) for key in WRAPPERS if key in frame)
    return found


def lists_instances(frame: Frame) -> bool:
    """Whether the frame has a place for instances, be it empty."""
    return any(key in frame for key in LISTINGS)


def carries_nothing(frame: Frame) -> bool:
    """Whether the frame holds only what speaks about the answer, and other frames."""
    return not lists_instances(frame) and not any(
        value not in (None, "", [], {})
        for key, value in frame.items()
        if key not in ENVELOPE and not (key in WRAPPERS and isinstance(value, dict))
    )


def is_empty(payload: object) -> bool:
    """Whether the whole answer carries nothing."""
    if not isinstance(payload, dict):
        return payload in (None, [])
    return all(carries_nothing(frame) for _, frame in frames(payload))


def unreadable(payload: object, left_out: Sequence[str] = ()) -> BadResponse:
    """Return the error for an answer that is not ours: it lists the fields' names, and never a value."""
    names = field_names(payload)
    key = "answer.left_out" if left_out else "answer.no_quota" if names else "answer.no_fields"
    return BadResponse(key, fields=names, windows=list(left_out))


def field_names(payload: object) -> list[str]:
    """Return the names of the outermost fields, at most 30 of at most 40 characters, cleaned and sorted."""
    names: dict[str, None] = {}
    for frame in objects(payload):
        for key in frame:
            names[_shown(str(key))] = None
            if len(names) == MAX_NAMES:
                return sorted(names)
    return sorted(names)


def _shown(key: str) -> str:
    name = clean(key, MAX_NAME_LENGTH)
    return name if name and sum(map(str.isdigit, name)) <= MAX_NAME_DIGITS else "…"


# What the provider's words mean: a complaint of its own to an error of ours.

Mode: TypeAlias = Literal["web", "api"]
Kind: TypeAlias = type[CodingPlanError]

QUOTE_LIMIT = 200
READ_LIMIT = 1000
"""So much of a server's text is looked at."""


class Complaint(NamedTuple):
    """What a frame says went wrong: a code and a message, cleaned, each of them perhaps empty."""

    code: str = ""
    message: str = ""


NO_RIGHT = r"(没有|无)(操作|查看|访问)?权限"
"""A filter says this, too: by itself it does not tell whose answer it is."""
WORDS: tuple[tuple[Kind, str], ...] = (
    (RateLimited, r"Throttling|RGV587|too many requests|QpsLimit|rate[ _-]?limit|被挤爆|限流|流控|过于频繁"),
    (TokenRejected, r"PostonlyOrTokenError|request has expired|请求已经?过期"),
    (LoginRequired, r"login|\blog in\b|\blogged in\b|console session|session[ _]?(has )?expired|登[录陆]"),
    (NotAuthorised, r"NotAuthori[sz]ed|No ?Authority|Permission[ ._]?Denied|NoPermission|ImplicitDeny|Forbidden\.RAM"),
    (NotAuthorised, NO_RIGHT),
    (InvalidCredentials, r"api[ _-]?key|unauthori[sz]ed"),
    # A name or a route that is gone: no such answer was published for this very call. These are the codes and words
    # of the provider's gateways in general: ApiNotFound, InvalidAction.NotFound, FAIL_SYS_API_NOT_FOUNDED.
    (UnknownRoute, r"(api|action|service|route|接口)[ _.-]?((is|does|was)[ _.-]?)?not[ _.-]?(found|exist)"),
    (UnknownRoute, r"(no[ _-]?such|unknown|invalid)[ _-]?(api|action|service|route)\b|(api|接口|服务)不存在"),
)
"""The first that matches the code, else the message, says what a complaint means."""

NUMBERS: dict[str, Kind] = {
    "401": InvalidCredentials,
    "403": InvalidCredentials,
    "404": UnknownRoute,
    "429": RateLimited,
}
"""What a number means where no word says more."""

KEYS: dict[Kind, str] = {TokenRejected: "sec_token", UnknownRoute: "route"}
"""The key of what is said of a kind, where that is not its code."""

_RAM_USER = r"Team[ ._]?NotAuthori[sz]ed|Permission[ ._]?Denied"
"""What a RAM user is told who may not read the quota."""
_LONG_RUN = r"[A-Za-z0-9_+/=~-]{16,}|[0-9]{10,}"


def kind_of(text: str) -> Kind | None:
    """Return what a code or a message means, None where its words say nothing."""
    return next((kind for kind, words in WORDS if re.search(words, text, re.IGNORECASE)), None) if text else None


def error_of(complaint: Complaint, *, mode: Mode, where: str = "") -> CodingPlanError:
    """Return the error for a complaint; `where` is the frame's address.

    In API mode there is no sign-in: whatever asks for a session or its token means that the key cannot read
    the quota.
    """
    kind = kind_of(complaint.code) or kind_of(complaint.message) or NUMBERS.get(complaint.code, ApiError)
    if mode == "api" and kind in (LoginRequired, TokenRejected):
        return ApiKeyUnavailable("key.no_quota", where=where)
    said, key = ": ".join(dict.fromkeys(filter(None, complaint))), KEYS.get(kind, kind.code)
    ram_user = kind is NotAuthorised and any(re.search(_RAM_USER, said, re.IGNORECASE) for said in complaint)
    hint = "member.no_team_right.hint" if ram_user else None
    return kind(f"{key}.said" if said else key, hint=hint, where=where, said=quoted(said))


def quoted(text: str) -> str:
    """Return a server's text as it may be shown: one line, at most 200 characters, without what may be a secret.

    A server may repeat the key or the account it was asked with, so long runs of letters with digits are left out.
    """
    return clean(re.sub(_LONG_RUN, _without_secret, clean(text, READ_LIMIT)), QUOTE_LIMIT)


def _without_secret(run: re.Match[str]) -> str:
    return "…" if any(map(str.isdigit, run[0])) else run[0]


# The errors that the envelope tells of, though HTTP said 200.

MOST_COMPLAINTS = 3
"""So many of a `ret` are read: `["FAIL_SYS_USER_VALIDATE", "RGV587_ERROR::SM::…"]` says what it means in the second."""
ERROR_CODE = "errorCode"
STATUS_CODES = ("statusCode", "status_code", "code", "httpStatusCode", "httpStatus")
MESSAGES = ("errorMsg", "errorMessage", "message", "statusMessage", "status_msg", "msg")
SAY_FAILED = {"failed": True, "success": False, "successResponse": False}
"""The fields that are a flag, and what each is where something failed."""
OWN_FIELDS = frozenset(
    ("DataV2", "RequestId", "errorCode", "httpStatusCode", "requestId", "ret", "statusCode", "successResponse")
)
"""Fields of the envelope that hardly anybody else's refusal has."""
OF_CREDENTIALS = (LoginRequired, InvalidCredentials, NotAuthorised, TokenRejected)
FINE = frozenset({"", "ok", "success"})
FINE_NUMBERS = (0, 200)
"""Codes and messages (in lower case) that tell of no error."""
WELL = (*FINE, *FINE_NUMBERS, *map(str, FINE_NUMBERS), None)
"""The same as nearly every answer has them: they need no reading."""


def raise_for_error(payload: object, mode: Mode) -> None:
    """Raise what the answer complains of, the outer frame's complaint before the inner's; return without one.

    Raises `LoginRequired`, `InvalidCredentials`, `NotAuthorised`, `TokenRejected`, `UnknownRoute` or `ApiError`; in
    API mode `ApiKeyUnavailable` for what asks for a session; `EmptySuccess` where nothing failed and nothing came.
    """
    speechless: str | None = None
    for where, frame in frames(payload):
        complaint = complaint_of(frame)
        if complaint is None:
            continue
        if any(complaint):
            raise error_of(complaint, mode=mode, where=where)
        speechless = where if speechless is None else speechless
    if speechless is not None:
        raise ApiError("answer.no_reason", where=speechless)
    if is_empty(payload):
        raise EmptySuccess("answer.nothing")


def raise_for_words(payload: object, mode: Mode) -> None:
    """Raise what a refusal by status 401 or 403 says of a permission or of too many requests; return without either.

    Both leave the session good.
    """
    try:
        raise_for_error(payload, mode)
    except (NotAuthorised, RateLimited):
        raise
    except CodingPlanError:
        pass


def is_envelope(payload: object) -> bool:
    """Whether a refusal is the provider's: an empty object, one of its own fields, or its words about credentials.

    JSON of a filter has other fields, and a bare `message` that says Forbidden may be anybody's.
    """
    if not isinstance(payload, dict):
        return False
    words = (word for _, frame in frames(payload) for word in _told(frame))
    return not payload or not OWN_FIELDS.isdisjoint(payload) or any(map(_is_about_credentials, words))


def is_envelope_text(text: str) -> bool:
    """The same of the beginning of a JSON text, which may be cut off."""
    named = any(f'"{field}"' in text for field in OWN_FIELDS)
    return text.lstrip().startswith("{") and (named or _is_about_credentials(text[:READ_LIMIT]))


def _is_about_credentials(text: str) -> bool:
    return kind_of(re.sub(NO_RIGHT, "", text)) in OF_CREDENTIALS


def complaint_of(frame: Frame) -> Complaint | None:
    """Return what one frame says went wrong, None where it says nothing of the kind."""
    told = _told(frame)
    if _says_failed(frame) or kind_of(told.code):
        return told
    if kind_of(_text(frame.get("status"))) is LoginRequired:
        return Complaint(_text(frame.get("status")), told.message)
    if kind_of(told.message) in (LoginRequired, TokenRejected):
        return told
    if any(told) and is_empty(frame) and not _says_success(frame):
        return told
    return None


def _told(frame: Frame) -> Complaint:
    code, message = _in_ret(frame)
    return Complaint(_trouble_in(frame, (ERROR_CODE, *STATUS_CODES)) or code, _trouble_in(frame, MESSAGES) or message)


def _trouble_in(frame: Frame, names: Sequence[str]) -> str:
    """Return the first code or message of these fields that tells of an error, else nothing."""
    return next(filter(None, (_trouble(frame[name]) for name in names if name in frame)), "")


def _says_failed(frame: Frame) -> bool:
    said = [(frame[key], failed) for key, failed in SAY_FAILED.items() if key in frame]
    flags = [(value if isinstance(value, bool) else flag(value)) is failed for value, failed in said]
    codes = [frame[key] for key in STATUS_CODES if frame.get(key) not in WELL]
    return any(flags) or any(_in_ret(frame)) or any(number(code) not in (None, *FINE_NUMBERS) for code in codes)


def _says_success(frame: Frame) -> bool:
    """Whether the frame claims that all is well, in one of the ways in which it can."""
    claims = [_trouble(frame[key]) is None for key in STATUS_CODES if key in frame]
    return bool(flag(frame.get("success")) or _ret(frame).startswith("SUCCESS") or (claims and all(claims)))


def _in_ret(frame: Frame) -> Complaint:
    """Return the complaint of `ret: ["CODE::message"]`, an empty one where it begins with SUCCESS or says nothing."""
    code, _, message = _ret(frame).partition("::")
    ret = frame.get("ret")
    more = map(_text, ret[1:MOST_COMPLAINTS]) if isinstance(ret, list) else ()
    said = ": ".join(filter(None, (message.strip(), *more)))
    return Complaint() if code.startswith("SUCCESS") else Complaint(code.strip(), said)


def _ret(frame: Frame) -> str:
    ret = frame.get("ret")
    return _text(ret[0] if isinstance(ret, list) and ret else ret)


def _trouble(value: object) -> str | None:
    """Return a code or message, None where it is missing or tells of no error."""
    if value in WELL:
        return None
    text = _text(value)
    return None if text.lower() in FINE or number(text) in FINE_NUMBERS else text


def _text(value: object) -> str:
    """Return a text cleaned and cut, a number as its digits, anything else as nothing."""
    if isinstance(value, str):
        return clean(value, READ_LIMIT)
    count = number(value) if isinstance(value, int | float) else None
    return "" if count is None else str(count)
