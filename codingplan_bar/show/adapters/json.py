"""The view itself as the JSON document of schemas/view.schema.json, for widgets that we do not have."""

from __future__ import annotations

import time

from codingplan_bar.show import phrases, placeholders
from codingplan_bar.show.quoting import json_string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from codingplan_bar.show.rows import Row
    from codingplan_bar.show.view import View


def render(view: View) -> str:
    """One line of JSON; the snapshot in it is the stored document as it is."""
    return _object({"schema_version": "1", **_state(view), **_texts(view), **_numbers(view), "snapshot": view.document})


def _state(view: View) -> dict[str, str]:
    return {
        "language": json_string(view.words["language"]),
        "state": json_string(view.state),
        "word": json_string(view.words[view.state]),
        "sign": json_string(view.sign),
        "color": _optional(view.color),
        "color_on_light": _optional(view.color_on_light),
    }


def _texts(view: View) -> dict[str, str]:
    return {
        "text": json_string(view.text),
        "short_text": json_string(view.short),
        "tooltip": _list(json_string(line) for line in view.tooltip),
        "title": json_string(view.title),
        "notes": _list(json_string(line) for line in view.notes),
        "rows": _list(_row(row) for row in view.rows),
    }


def _numbers(view: View) -> dict[str, str]:
    return {
        "binding": _optional(view.binding.name if view.binding else ""),
        "outlook": json_string(view.value("outlook")),
        "most_used": _optional(view.most_used.name if view.most_used else ""),
        "percentage": "null" if view.percentage is None else str(view.percentage),
        "spark": json_string(view.value("spark")),
        "session_ends_at": _instant(placeholders.session_end(view)),
        "age_seconds": "null" if view.age is None else str(int(view.age)),
        "dashboard_url": json_string(view.dashboard),
    }


def _row(row: Row) -> str:
    fields = {
        "window": json_string(row.name),
        "label": json_string(row.value("label")),
        "known": "false" if row.since else "true",
        "used_percent": "null" if row.percent is None else str(row.percent),
        "bar": json_string(row.value("bar")),
        "share": json_string(row.share),
        "left": json_string(row.value("left_of")),
        "reset": json_string(row.value("reset")),
        "outlook": _optional(row.outlook),
        "pace": json_string(row.value("pace")),
        "runs_out_at": _instant(row.runs_out),
    }
    return _object(fields)


def _object(fields: dict[str, str]) -> str:
    return "{" + ",".join(f'"{name}":{value}' for name, value in fields.items()) + "}"


def _list(values: Iterable[str]) -> str:
    return f"[{','.join(values)}]"


def _instant(instant: float | None) -> str:
    """UTC, RFC 3339, to the second; null where there is none."""
    return f'"{time.strftime("%Y-%m-%dT%H:%M:%SZ", phrases.utc(int(instant)))}"' if instant else "null"


def _optional(text: str) -> str:
    return json_string(text) if text else "null"
