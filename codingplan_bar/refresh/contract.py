"""The schemas' verdict on a document, before it leaves. The only file that imports jsonschema.

A schema is read here first, since jsonschema takes four times as long to import as Python to start. What meets each
of its rules here may leave; on all else, and on a rule that is unknown here, jsonschema has the last word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from codingplan_bar import snapshot
from codingplan_bar.errors import InternalError
from codingplan_bar.model import Snapshot
from codingplan_bar.plans import PLANS, SPANS, UNITS

PACKAGE = Path(__file__).parent.parent
SchemaName = Literal["snapshot", "view"]


def check(document: dict[str, Any], schema: SchemaName = "snapshot") -> None:
    """Let a document pass that meets its schema. Raises `InternalError` that says where it does not."""
    if is_met(document, _schema(schema)):
        return
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    fault = best_match(Draft202012Validator(_schema(schema)).iter_errors(document))
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
def _schema(name: SchemaName) -> dict[str, Any]:
    return with_plans(json.loads(schema_text(name)))


# The rules of a schema, as far as ours use them: JSON Schema, draft 2020-12, sections 6 and 10.

Schema = Mapping[str, Any]
SAYS_NOTHING = frozenset({"$schema", "$id", "$comment", "$defs", "title", "description"})
TYPES: Mapping[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "string": lambda value: isinstance(value, str),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: TYPES["number"](value) and value == value // 1,
}


def is_met(value: object, schema: Schema) -> bool:
    """Whether the value meets a whole schema for certain; False also where a rule of it is unknown here."""
    try:
        return _meets(value, schema, schema.get("$defs", {}))
    except (LookupError, TypeError, ArithmeticError):
        return False


def _meets(value: Any, schema: Schema, defined: Schema) -> bool:
    return all(RULES[rule](value, schema, defined) for rule in schema if rule not in SAYS_NOTHING)


def _type(value: Any, schema: Schema, _: Schema) -> bool:
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return any(TYPES[name](value) for name in names)


def _properties(value: Any, schema: Schema, defined: Schema) -> bool:
    rules = schema["properties"] if isinstance(value, dict) else {}
    return all(_meets(value[name], rules[name], defined) for name in rules if name in value)


def _no_others(value: Any, schema: Schema, _: Schema) -> bool:
    if schema["additionalProperties"] is not False:
        raise LookupError("a rule for the other properties")
    return not (isinstance(value, dict) and value.keys() - schema["properties"].keys())


def _how_many_meet(value: Any, schemas: list[Schema], defined: Schema) -> int:
    return sum(_meets(value, each, defined) for each in schemas)


def _is(value: Any, said: object) -> bool:
    """Whether they are one JSON value, as far as the schemas' own values go: texts, numbers and null."""
    return value == said and isinstance(value, bool) == isinstance(said, bool)


def _bound(rule: str, keeps: Callable[[Any, Any], bool]) -> Callable[[Any, Schema, Schema], bool]:
    return lambda value, schema, _: not TYPES["number"](value) or keeps(value, schema[rule])


def _size(rule: str, keeps: Callable[[int, int], bool]) -> Callable[[Any, Schema, Schema], bool]:
    return lambda value, schema, _: not isinstance(value, dict) or keeps(len(value), schema[rule])


RULES: Mapping[str, Callable[[Any, Schema, Schema], bool]] = {
    "$ref": lambda value, schema, defined: _meets(value, defined[schema["$ref"].removeprefix("#/$defs/")], defined),
    "anyOf": lambda value, schema, defined: _how_many_meet(value, schema["anyOf"], defined) > 0,
    "oneOf": lambda value, schema, defined: _how_many_meet(value, schema["oneOf"], defined) == 1,
    "type": _type,
    "const": lambda value, schema, _: _is(value, schema["const"]),
    "enum": lambda value, schema, _: any(_is(value, said) for said in schema["enum"]),
    "pattern": lambda value, schema, _: not isinstance(value, str) or bool(re.search(schema["pattern"], value)),
    "items": lambda value, schema, defined: (
        not isinstance(value, list) or all(_meets(item, schema["items"], defined) for item in value)
    ),
    "required": lambda value, schema, _: not isinstance(value, dict) or set(schema["required"]) <= value.keys(),
    "properties": _properties,
    "additionalProperties": _no_others,
    "minProperties": _size("minProperties", lambda size, least: size >= least),
    "maxProperties": _size("maxProperties", lambda size, most: size <= most),
    "minimum": _bound("minimum", lambda number, least: number >= least),
    "maximum": _bound("maximum", lambda number, most: number <= most),
    "exclusiveMinimum": _bound("exclusiveMinimum", lambda number, below: number > below),
}
"""By the rule's name: whether a value keeps it, with the schema that it stands in and what that defines."""
