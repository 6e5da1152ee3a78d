"""The view itself as the JSON document of schemas/view.schema.json, for widgets that we do not have."""

from __future__ import annotations

from codingplan_bar.show.quoting import json_string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from codingplan_bar.show.rows import Row
    from codingplan_bar.show.view import View


def render(view: View) -> str:
    """One line of JSON; the snapshot in it is the stored document as it is."""
    fields = {
        "schema_version": "1",
        "state": json_string(view.state),
        "word": json_string(view.words[view.state]),
        "sign": json_string(view.sign),
        "color": _optional(view.color),
        "color_on_light": _optional(view.color_on_light),
        "text": json_string(view.text),
        "short_text": json_string(view.short),
        "tooltip": _list(json_string(line) for line in view.tooltip),
        "title": json_string(view.title),
        "notes": _list(json_string(line) for line in view.notes),
        "rows": _list(_row(row) for row in view.rows),
        "binding": _optional(view.binding.name if view.binding else ""),
        "percentage": "null" if view.percentage is None else str(view.percentage),
        "age_seconds": "null" if view.age is None else str(int(view.age)),
        "dashboard_url": json_string(view.dashboard),
        "snapshot": view.document,
    }
    return _object(fields)


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
    }
    return _object(fields)


def _object(fields: dict[str, str]) -> str:
    return "{" + ",".join(f'"{name}":{value}' for name, value in fields.items()) + "}"


def _list(values: Iterable[str]) -> str:
    return f"[{','.join(values)}]"


def _optional(text: str) -> str:
    return json_string(text) if text else "null"
