"""A snapshot as the JSON document of schemas/snapshot.schema.json, and back. Pure."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any, get_args

from codingplan_bar.errors import CODES
from codingplan_bar.model import (
    PROVIDER,
    SCHEMA_VERSION,
    SPANS,
    Attempt,
    Instant,
    Number,
    Plan,
    Problem,
    RegionName,
    Snapshot,
    SourceName,
    Window,
)

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
SOURCES = get_args(SourceName)
REGIONS = get_args(RegionName)

_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*")
_ADDRESS = re.compile(r"https://[^\s\"'<>|\\]+")


class UnreadableSnapshot(ValueError):
    """A text that is no snapshot of ours."""


class NewerSnapshot(UnreadableSnapshot):
    """A snapshot that a newer version of this program wrote: to be left as it is."""


def to_document(snapshot: Snapshot) -> dict[str, Any]:
    """The document, as plain data with its keys in the schema's order."""
    return {
        "schema_version": SCHEMA_VERSION,
        "provider": PROVIDER,
        "status": snapshot.status,
        "fetched_at": _time(snapshot.fetched_at),
        "source": snapshot.source,
        "region": snapshot.region,
        "plan": _plan(snapshot.plan),
        "windows": {window.name: _window(window) for window in snapshot.windows},
        "attempts": [_fields(attempt) for attempt in snapshot.attempts],
        "dashboard_url": snapshot.dashboard_url,
        "error": _fields(snapshot.error) if snapshot.error else None,
    }


def dumps(document: dict[str, Any], *, pretty: bool = False) -> str:
    """The document as JSON: one line, or indented. Non-ASCII text stays as it is."""
    separators = None if pretty else (",", ":")
    return json.dumps(
        document, ensure_ascii=False, allow_nan=False, indent=2 if pretty else None, separators=separators
    )


def loads(text: str) -> Snapshot:
    """The snapshot in a stored text. Raises `NewerSnapshot`, or `UnreadableSnapshot` for all else that is none.

    A text that somebody has changed is none: what is read must be, to the letter, what this program would write.
    """
    try:
        document = json.loads(text)
        version = document["schema_version"]
        if type(version) is int and version > SCHEMA_VERSION:
            raise NewerSnapshot(f"written by a newer version (schema {version})")
        snapshot = _snapshot(document)
        sound = _is_coherent(snapshot) and dumps(to_document(snapshot)) == dumps(document)
    except UnreadableSnapshot:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, ArithmeticError) as error:
        raise UnreadableSnapshot("no snapshot of this program") from error
    if not sound:
        raise UnreadableSnapshot("no snapshot that this program would write")
    return snapshot


def _snapshot(document: dict[str, Any]) -> Snapshot:
    plan, error = document["plan"], document["error"]
    return Snapshot(
        fetched_at=_instant(document["fetched_at"]),
        dashboard_url=_text(document["dashboard_url"], _ADDRESS),
        source=_one_of((None, *SOURCES), document["source"]),
        region=_one_of((None, *REGIONS), document["region"]),
        plan=None if plan is None else _read_plan(plan),
        windows=tuple(_read_window(name, fields) for name, fields in document["windows"].items()),
        attempts=tuple(map(_read_attempt, document["attempts"])),
        error=None if error is None else _read_problem(error),
    )


def _read_plan(fields: dict[str, Any]) -> Plan:
    name = fields["name"]
    return Plan(None if name is None else _text(name), _optional_instant(fields["expires_at"]))


def _read_window(name: str, fields: dict[str, Any]) -> Window:
    used, total = _number(fields["used"]), _number(fields["total"])
    if total <= 0:
        raise UnreadableSnapshot("a window of nothing")
    return Window(_one_of(tuple(SPANS), name), used, total, _optional_instant(fields["resets_at"]))


def _read_attempt(fields: dict[str, Any]) -> Attempt:
    source, region = _one_of(SOURCES, fields["source"]), _one_of(REGIONS, fields["region"])
    return Attempt(source, region, _one_of(("ok", *CODES), fields["outcome"]), _text(fields["message"]))


def _read_problem(fields: dict[str, Any]) -> Problem:
    return Problem(_one_of(CODES, fields["code"]), _text(fields["message"]), _text(fields["hint"]))


def _is_coherent(snapshot: Snapshot) -> bool:
    """Whether it is a plan that somebody answered for, or an error and nothing else."""
    answer = (snapshot.plan, snapshot.source, snapshot.region)
    if snapshot.error:
        return answer == (None, None, None) and not snapshot.windows
    named = snapshot.plan is not None and snapshot.plan.name is not None
    return None not in answer and (named or bool(snapshot.windows))


def _one_of(words: tuple[Any, ...], value: object) -> Any:
    if value not in words:
        raise UnreadableSnapshot("a word that is none of ours")
    return value


def _text(value: object, pattern: re.Pattern[str] = _LINE) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise UnreadableSnapshot("a text that is not one line")
    return value


def _number(value: object) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadableSnapshot("a number that is none")
    return value


def _plan(plan: Plan | None) -> dict[str, Any] | None:
    return {"name": plan.name, "expires_at": _optional_time(plan.expires_at)} if plan else None


def _window(window: Window) -> dict[str, Any]:
    span = SPANS[window.name]
    return {
        "used": window.used,
        "total": window.total,
        "used_percent": window.used_percent,
        "resets_at": _optional_time(window.resets_at),
        "window_minutes": span.minutes,
        "kind": span.kind,
    }


def _fields(noun: Attempt | Problem) -> dict[str, str]:
    return {name: getattr(noun, name) for name in noun.__slots__}


def _time(instant: Instant) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime(TIME_FORMAT)


def _optional_time(instant: Instant | None) -> str | None:
    return None if instant is None else _time(instant)


def _instant(text: str) -> Instant:
    return int(datetime.strptime(text, TIME_FORMAT).replace(tzinfo=UTC).timestamp())


def _optional_instant(text: str | None) -> Instant | None:
    return None if text is None else _instant(text)
