"""The errors that the envelope tells of, though HTTP said 200."""

from __future__ import annotations

from codingplan_bar.errors import ApiError, EmptySuccess, LoginRequired, TokenRejected
from codingplan_bar.fetch.reading.frames import frames, is_empty
from codingplan_bar.fetch.reading.tree import Frame, first
from codingplan_bar.fetch.reading.values import flag, number
from codingplan_bar.fetch.reading.verdicts import READ_LIMIT, Complaint, Mode, error_of, kind_of
from codingplan_bar.text import clean

ERROR_CODE = "errorCode"
STATUS_CODES = ("statusCode", "status_code", "code")
MESSAGES = ("errorMsg", "errorMessage", "message", "statusMessage", "status_msg", "msg")
FINE = frozenset({"", "ok", "success"})
FINE_NUMBERS = (0, 200)
"""Codes and messages (in lower case) that tell of no error."""


def raise_for_error(payload: object, mode: Mode) -> None:
    """Raise what the answer complains of, the outer frame's complaint before the inner's; return where there is none.

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
        raise ApiError("The provider says that something failed, and not what.", where=speechless)
    if is_empty(payload):
        raise EmptySuccess("The provider reports a success that carries nothing.")


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
    return Complaint(
        first(frame, (ERROR_CODE, *STATUS_CODES), _trouble) or code,
        first(frame, MESSAGES, _trouble) or message,
    )


def _says_failed(frame: Frame) -> bool:
    if flag(frame.get("failed")) or flag(frame.get("success")) is False or flag(frame.get("successResponse")) is False:
        return True
    return any(_in_ret(frame)) or any(number(frame.get(key)) not in (None, *FINE_NUMBERS) for key in STATUS_CODES)


def _says_success(frame: Frame) -> bool:
    """Whether the frame claims that all is well, in one of the ways in which it can."""
    claims = [_trouble(frame[key]) is None for key in STATUS_CODES if key in frame]
    return bool(flag(frame.get("success")) or _ret(frame).startswith("SUCCESS") or (claims and all(claims)))


def _in_ret(frame: Frame) -> Complaint:
    """Return the complaint of `ret: ["CODE::message"]`, an empty one where it begins with SUCCESS or is none."""
    code, _, message = _ret(frame).partition("::")
    return Complaint() if code.startswith("SUCCESS") else Complaint(code.strip(), message.strip())


def _ret(frame: Frame) -> str:
    ret = frame.get("ret")
    return _text(ret[0] if isinstance(ret, list) and ret else ret)


def _trouble(value: object) -> str | None:
    """Return a code or message, None where it is missing or tells of no error."""
    text = _text(value)
    return None if text.lower() in FINE or number(text) in FINE_NUMBERS else text


def _text(value: object) -> str:
    """Return a text cleaned and cut, a number as its digits, anything else as nothing."""
    if isinstance(value, str):
        return clean(value, READ_LIMIT)
    count = number(value)
    return "" if count is None else str(count)
