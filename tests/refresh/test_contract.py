"""The schema's verdict, as it is shipped."""

from __future__ import annotations

import json
import subprocess
import sys
from copy import deepcopy
from random import Random

import pytest
from jsonschema import Draft202012Validator
from support.scenes import answer, token_answer

from codingplan_bar.errors import InternalError
from codingplan_bar.model import Attempt, Problem, Snapshot
from codingplan_bar.refresh import contract
from codingplan_bar.snapshot import to_document


@pytest.mark.parametrize("name", ["snapshot", "view"])
def test_a_schema_is_a_good_one_and_is_closed_all_the_way_down(name):
    schema = json.loads(contract.schema_text(name))
    Draft202012Validator.check_schema(schema)
    objects = [part for part in parts(schema) if part.get("type") == "object" and "properties" in part]
    declared = [part for part in objects if "required" in part or "additionalProperties" in part]
    assert declared
    assert all(part["additionalProperties"] is False for part in declared)


@pytest.mark.parametrize("name", ["snapshot", "view"])
def test_the_shipped_schema_names_the_plans_that_there_are_and_their_windows(name):
    shipped = json.loads(contract.schema_text(name))
    assert contract.with_plans(json.loads(contract.schema_text(name))) == shipped


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
        contract.check({"schema_version": "a secret"})
    assert "a secret" not in refused.value.message
    assert refused.value.where.startswith("$")


@pytest.mark.parametrize("pattern", ["time", "text"])
def test_no_pattern_lets_a_last_line_feed_through(pattern):
    schema = json.loads(contract.schema_text("snapshot"))["$defs"][pattern]
    good = {"time": "2026-11-24T16:30:05Z", "text": "words"}[pattern]
    assert Draft202012Validator(schema).is_valid(good)
    assert not Draft202012Validator(schema).is_valid(good + "\n")


FAILED = Snapshot(1, "https://x.example", attempts=(Attempt("web", "cn", "network"),), error=Problem("network", "", ""))
GOOD = [to_document(each) for each in (answer(), token_answer(), FAILED)]
VALUES = [None, True, False, 0, 1, 1.0, 0.5, -1, 300, 300.0, 10**400, "", "ok", "a\nb", "x" * 32, [], {}]
VALUES += [
    "2026-11-24T16:30:05Z",
    "2026-11-24T16:30:05Z\n",
    "intl",
    "https://x",
    [1],
    {"name": None},
    43_201,
    "five_hour",
]


def places(document, path=()):
    """Each place in a document, as the keys that lead there."""
    yield path
    for key in document if isinstance(document, dict) else range(len(document)) if isinstance(document, list) else ():
        yield from places(document[key], (*path, key))


def changed(document, random):
    """A copy in which something is replaced by a value of another place or of `VALUES`, missing, or one too many."""
    made = deepcopy(document)
    *way, last = random.choice([path for path in places(made) if path])
    inside = made
    for key in way:
        inside = inside[key]
    for what in random.sample(("replaced", "missing", "more", "moved"), 1):
        if what == "missing":
            del inside[last]
        elif what == "more" and isinstance(inside, dict):
            inside[random.choice(("more", "monthly", "weekly"))] = deepcopy(inside[last])
        elif what == "moved":
            inside[last] = deepcopy(random.choice([*document.values()]))
        else:
            inside[last] = random.choice(VALUES)
    return made


def test_what_is_read_here_of_a_schema_and_the_package_for_schemas_come_to_the_same_verdict():
    random, schema = Random(12), json.loads(contract.schema_text("snapshot"))
    judge, verdicts = Draft202012Validator(schema), []
    for turn in range(3_000):
        document = changed(GOOD[turn % len(GOOD)], random)
        document = changed(document, random) if turn % 3 == 0 else document
        verdicts.append(contract.is_met(document, schema))
        assert verdicts[-1] == judge.is_valid(document), document
    assert verdicts.count(True) > 50
    assert verdicts.count(False) > 1_000


@pytest.mark.parametrize("name", ["snapshot", "view"])
def test_each_rule_of_our_schemas_is_read_here(name):
    used = {rule for part in rules(json.loads(contract.schema_text(name))) for rule in part}
    assert used <= contract.RULES.keys() | contract.SAYS_NOTHING


def rules(schema):
    """A schema and each schema inside it; the names of properties and definitions are none."""
    yield schema
    for rule, said in schema.items():
        inner = said.values() if rule in ("properties", "$defs") else said if rule in ("anyOf", "oneOf") else [said]
        for each in inner if rule not in ("const", "enum") else ():
            yield from rules(each) if isinstance(each, dict) else ()


def test_a_rule_that_is_unknown_here_is_left_to_the_package(monkeypatch):
    schema = {**json.loads(contract.schema_text("snapshot")), "propertyNames": {"maxLength": 3}}
    assert not contract.is_met(GOOD[0], schema)
    monkeypatch.setattr(contract, "_schema", lambda _: schema)
    with pytest.raises(InternalError, match="maxLength"):
        contract.check(GOOD[0])


def test_a_document_that_meets_its_schema_costs_no_import_of_the_package(programs):
    script = f"import sys; from codingplan_bar.refresh import contract; contract.check({GOOD[0]!r})"
    command = [sys.executable, "-c", f"{script}; print('jsonschema' in sys.modules)"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout == b"False\n"
