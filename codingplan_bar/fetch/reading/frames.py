"""The envelope's frames: the objects that lie around the payload, from the outside in, and never an instance."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from codingplan_bar.errors import BadResponse
from codingplan_bar.fetch.reading.tree import Frame, objects
from codingplan_bar.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

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
"""Fields that speak about the answer, and are none of it."""

MAX_NAMES = 30
MAX_NAME_LENGTH = 40
MAX_NAME_DIGITS = 4
"""A field's name with more digits is an id or worse, used as a name."""


def frames(payload: object) -> Iterator[tuple[str, Frame]]:
    """Yield each frame with its address (`""` the root, `data.DataV2`, …), the outer before the inner."""
    pending: deque[tuple[str, object]] = deque([("", payload)])
    while pending:
        where, frame = pending.popleft()
        if not isinstance(frame, dict):
            continue
        yield where, frame
        if not lists_instances(frame):
            pending.extend((f"{where}.{key}".lstrip("."), frame[key]) for key in WRAPPERS if key in frame)


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


def unreadable(payload: object) -> BadResponse:
    """Return the error for an answer that is none of ours: it lists the fields' names, and never a value."""
    names = field_names(payload)
    there = f"It has the fields {', '.join(names)}." if names else "It has no field at all."
    return BadResponse(f"The answer holds no quota that could be read. {there}")


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
