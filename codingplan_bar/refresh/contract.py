"""The schemas' verdict on a document, before it leaves. The only file that imports jsonschema."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from codingplan_bar import snapshot
from codingplan_bar.errors import InternalError
from codingplan_bar.model import Snapshot
from codingplan_bar.plans import PLANS, SPANS, UNITS

PACKAGE = Path(__file__).parent.parent
SchemaName = Literal["snapshot", "view"]


def check(document: dict[str, Any], schema: SchemaName = "snapshot") -> None:
    """Let a document pass that meets its schema. Raises `InternalError` that says where it does not."""
    fault = best_match(_validator(schema).iter_errors(document))
    if fault is not None:
        where = fault.json_path
        raise InternalError("program.schema", where=where, document=schema, rule=fault.validator)


@lru_cache(maxsize=4)
def check_snapshot(checked: Snapshot) -> None:
    """Let a snapshot pass whose document meets the schema; each is looked at once. Raises as `check` does."""
    check(snapshot.document_of(checked))


def schema_text(schema: SchemaName) -> str:
    """The schema as it is shipped: in the package, or beside it in a checkout."""
    name = f"schemas/{schema}.schema.json"
    shipped = PACKAGE / name
    return (shipped if shipped.exists() else PACKAGE.parent / name).read_text("utf-8")


def with_plans(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with the windows, kinds and units of our plans in it: where it names any, it names these.

    A test compares it with the schema as it is shipped.
    """
    defined = {**schema["$defs"]}
    if "plan_kind" in defined:
        defined |= {"plan_kind": {"enum": list(PLANS)}, **{name: _span(name) for name in SPANS}}
        defined["plan"]["properties"]["unit"]["enum"] = list(UNITS)
        windows = schema["properties"]["windows"]
        windows["properties"] = {name: {"$ref": f"#/$defs/{name}"} for name in SPANS}
    else:
        defined["window"] = {"enum": [*SPANS, None]}
        defined["row"]["properties"]["window"] = {"enum": list(SPANS)}
    return {**schema, "$defs": defined}


def _span(name: str) -> dict[str, Any]:
    kinds = dict.fromkeys(span.kind for plan in PLANS.values() for span in plan.windows if span.name == name)
    facts = {"window_minutes": {"const": SPANS[name].minutes}, "kind": {"enum": list(kinds)}}
    return {"$ref": "#/$defs/window", "properties": facts}


@cache
def _validator(schema: SchemaName) -> Draft202012Validator:
    return Draft202012Validator(with_plans(json.loads(schema_text(schema))))
