"""The view itself as the JSON document of schemas/view.schema.json, for widgets that we do not have."""

import time

from codingplan_bar.bars import phrases, tooltip
from codingplan_bar.bars.adapters import json_string
from codingplan_bar.bars.template import session_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from codingplan_bar.bars.view import View
    from codingplan_bar.bars.windows import Row


def render(view: "View") -> str:
    """One line of JSON; the snapshot in it is the stored document as it is."""
    return _object({"schema_version": "3", **_state(view), **_texts(view), **_numbers(view), "snapshot": view.document})


def _state(view: "View") -> dict[str, str]:
    return {
        "language": json_string(view.words["language"]),
        "state": json_string(view.state),
        "word": json_string(view.word),
        "sign": json_string(view.sign),
        "color": _optional(view.color),
        "color_on_light": _optional(view.color_on_light),
    }


def _texts(view: "View") -> dict[str, str]:
    return {
        "text": json_string(view.text),
        "short_text": json_string(view.short),
        "tooltip": _list(json_string(line) for line in tooltip.lines(view)),
        "title": json_string(view.title),
        "notes": _list(json_string(line) for line in tooltip.note_lines(view)),
        "rows": _list(_row(row) for row in view.rows),
    }


def _numbers(view: "View") -> dict[str, str]:
    return {
        "plan": _plan(view),
        "binding": _optional(view.binding.name if view.binding else ""),
        "outlook": json_string(view.value("outlook")),
        "most_used": _optional(view.most_used.name if view.most_used else ""),
        "percentage": "null" if view.percentage is None else str(view.percentage),
        "spark": json_string(view.value("spark")),
        "session_ends_at": _instant(session_end(view)),
        "problem": _problem(view),
        "age_seconds": "null" if view.age is None else str(int(view.age)),
        "dashboard_url": json_string(view.dashboard),
    }


def _plan(view: "View") -> str:
    """Which of the plans it is, what it counts, and its extra packs; null where no plan answered."""
    if not view.answered:
        return "null"
    left, total = view.packs
    in_use = "true" if view.is_on_packs else "false"
    packs = {"remaining": _number(left), "total": _number(total), "in_use": in_use}
    fields = {
        "kind": _optional(view.facts.get("kind", "")),
        "name": json_string(view.plan),
        "unit": json_string(view.value("unit")),
        "packs": _object(packs) if total else "null",
    }
    return _object(fields)


def _row(row: "Row") -> str:
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
        "level": _optional(row.level if row.is_current else ""),
        **_forecast(row),
        "today": json_string(row.value("today")),
        "lapse": json_string(row.value("lapse")),
        "lapses_percent": _number(row.lapses),
    }
    return _object(fields)


def _forecast(row: "Row") -> dict[str, str]:
    """What is foretold; the range is that of an instant."""
    told = row.foretold if row.outlook in ("runs_out", "lasts") else None
    runs_out = told if row.outlook == "runs_out" else None
    return {
        "runs_out_at": _instant(row.runs_out),
        "earliest": _instant(runs_out.earliest if runs_out else None),
        "latest": _instant(runs_out.latest if runs_out else None),
        "probability": _number(told.probability if told else None),
    }


def _problem(view: "View") -> str:
    """What went wrong since, or kept the numbers from coming; null where nothing did."""
    code, (message, hint) = view.facts["problem.code"], view.problem
    fields = {"code": json_string(code), "message": json_string(message), "hint": json_string(hint)}
    return _object(fields) if code else "null"


def _number(value: float | None) -> str:
    return "null" if value is None else f"{value:.6g}"


def _object(fields: dict[str, str]) -> str:
    return "{" + ",".join(f'"{name}":{value}' for name, value in fields.items()) + "}"


def _list(values: "Iterable[str]") -> str:
    return f"[{','.join(values)}]"


def _instant(instant: float | None) -> str:
    """UTC, RFC 3339, to the second; or null."""
    return f'"{time.strftime("%Y-%m-%dT%H:%M:%SZ", phrases.utc(int(instant)))}"' if instant else "null"


def _optional(text: str) -> str:
    return json_string(text) if text else "null"
