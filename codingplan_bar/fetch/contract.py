"""The schemas' verdict on a document, before it leaves. The only file that imports jsonschema."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from codingplan_bar.errors import InternalError

PACKAGE = Path(__file__).parent.parent
SchemaName = Literal["snapshot", "view"]


def check(document: dict[str, Any], schema: SchemaName = "snapshot") -> None:
    """Let a document pass that meets its schema. Raises `InternalError` that says where it does not."""
    fault = best_match(_validator(schema).iter_errors(document))
    if fault is not None:
        where = fault.json_path
        raise InternalError(f"The {schema} does not meet its schema at {where} ({fault.validator}).", where=where)


def schema_text(schema: SchemaName) -> str:
    """The schema as it is shipped: in the package, or beside it in a checkout."""
    name = f"schemas/{schema}.schema.json"
    shipped = PACKAGE / name
    return (shipped if shipped.exists() else PACKAGE.parent / name).read_text("utf-8")


@cache
def _validator(schema: SchemaName) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema_text(schema)))
