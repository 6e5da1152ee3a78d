"""A snapshot as the JSON document of schemas/snapshot.schema.json, and back. Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from codingplan_bar.model import (
    PROVIDER,
    SCHEMA_VERSION,
    SPANS,
    Attempt,
    Instant,
    Plan,
    Problem,
    Snapshot,
    Window,
)

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


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
    """The snapshot in a stored text. Raises `NewerSnapshot`, or `UnreadableSnapshot` for all else that is none."""
    try:
        document = json.loads(text)
        version = document["schema_version"]
        if isinstance(version, int) and version > SCHEMA_VERSION:
            raise NewerSnapshot(f"written by a newer version (schema {version})")
        return _snapshot(document)
    except UnreadableSnapshot:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise UnreadableSnapshot("no snapshot of this program") from error


def _snapshot(document: dict[str, Any]) -> Snapshot:
    plan, error = document["plan"], document["error"]
    return Snapshot(
        fetched_at=_instant(document["fetched_at"]),
        dashboard_url=document["dashboard_url"],
        source=document["source"],
        region=document["region"],
        plan=Plan(plan["name"], _optional_instant(plan["expires_at"])) if plan else None,
        windows=tuple(_read_window(name, document["windows"][name]) for name in SPANS if name in document["windows"]),
        attempts=tuple(Attempt(**attempt) for attempt in document["attempts"]),
        error=Problem(**error) if error else None,
    )


def _read_window(name: Any, fields: dict[str, Any]) -> Window:
    window = Window(name, fields["used"], fields["total"], _optional_instant(fields["resets_at"]))
    if not 0 <= window.used_percent <= 100 or isinstance(window.used, bool):
        raise UnreadableSnapshot(f"a window that cannot be: {name}")
    return window


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
