"""The schema's verdict, as it is shipped."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from codingplan_bar import shipped, snapshot
from codingplan_bar.errors import InternalError


@pytest.mark.parametrize("name", ["snapshot", "view"])
def test_a_schema_is_a_good_one_and_is_closed_all_the_way_down(name):
    schema = json.loads(shipped.schema_text(name))
    Draft202012Validator.check_schema(schema)
    objects = [part for part in parts(schema) if part.get("type") == "object" and "properties" in part]
    declared = [part for part in objects if "required" in part or "additionalProperties" in part]
    assert declared
    assert all(part["additionalProperties"] is False for part in declared)


@pytest.mark.parametrize("name", ["snapshot", "view"])
def test_the_shipped_schema_names_the_plans_that_there_are_and_their_windows(name):
    schema = json.loads(shipped.schema_text(name))
    assert snapshot.with_plans(json.loads(shipped.schema_text(name))) == schema


def parts(schema):
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from parts(value)
    if isinstance(schema, list):
        for value in schema:
            yield from parts(value)


def test_a_document_that_does_not_meet_it_is_refused_with_the_place_and_without_the_value():
    with pytest.raises(InternalError, match=r"does not match its schema at \$") as refused:
        snapshot.check({"schema_version": "a secret"})
    assert "a secret" not in refused.value.message
    assert refused.value.where.startswith("$")


@pytest.mark.parametrize("pattern", ["time", "text"])
def test_no_pattern_lets_a_last_line_feed_through(pattern):
    schema = json.loads(shipped.schema_text("snapshot"))["$defs"][pattern]
    good = {"time": "2026-11-24T16:30:05Z", "text": "words"}[pattern]
    assert Draft202012Validator(schema).is_valid(good)
    assert not Draft202012Validator(schema).is_valid(good + "\n")
