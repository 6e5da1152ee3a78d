"""A snapshot as the JSON document of schemas/snapshot.schema.json, and back; and the schemas' verdict on a document.

What is written is version 2; version 1 is read, too, so that an upgrade goes on with what is stored. It had one plan,
and named no account.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal, get_args

from codingplan_bar import resources
from codingplan_bar.errors import CODES, InternalError
from codingplan_bar.model import (
    PROVIDER,
    SCHEMA_VERSION,
    Attempt,
    Instant,
    Number,
    Packs,
    Plan,
    Problem,
    RegionName,
    Snapshot,
    SourceName,
    Window,
    is_number,
)
from codingplan_bar.plans import CODING_PLAN, PLANS, SPANS, UNITS, Product, Span

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
SOURCES = get_args(SourceName)
REGIONS = get_args(RegionName)

_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*")
_FINGERPRINT = re.compile(r"[0-9a-f]{32}")
_ADDRESS = re.compile(r"https://[^\s\"'<>|\\]+")


class UnreadableSnapshot(ValueError):
    """A text that is not a snapshot of ours."""


class NewerSnapshot(UnreadableSnapshot):
    """A snapshot that a newer version of this program wrote: to be left as it is."""


def to_document(snapshot: Snapshot) -> dict[str, Any]:
    """The document, as plain data with its keys in the schema's order."""
    product, status = snapshot.product, snapshot.status
    spans = product.spans
    return {
        "schema_version": SCHEMA_VERSION,
        "provider": PROVIDER,
        "status": status,
        "fetched_at": _time(snapshot.fetched_at),
        "source": snapshot.source,
        "region": snapshot.region,
        "account": snapshot.account,
        "plan": _plan(snapshot.plan, product),
        "windows": {window.name: _window(window, spans[window.name]) for window in snapshot.windows},
        "attempts": [attempt._asdict() for attempt in snapshot.attempts],
        "dashboard_url": snapshot.dashboard_url,
        "error": snapshot.error._asdict() if snapshot.error else None,
    }


def dumps(document: dict[str, Any], *, pretty: bool = False) -> str:
    """The document as JSON: one line, or indented. Non-ASCII text stays as it is."""
    separators = None if pretty else (",", ":")
    return json.dumps(
        document, ensure_ascii=False, allow_nan=False, indent=2 if pretty else None, separators=separators
    )


@lru_cache(maxsize=4)
def document_of(snapshot: Snapshot) -> dict[str, Any]:
    """The same as `to_document`, made once a snapshot: whoever gets it leaves it as it is."""
    return to_document(snapshot)


@lru_cache(maxsize=4)
def encoded(snapshot: Snapshot) -> str:
    """The document as one line of JSON, made once a snapshot."""
    return dumps(document_of(snapshot))


def loads(text: str) -> Snapshot:
    """The snapshot in a stored text. Raises `NewerSnapshot`, or `UnreadableSnapshot` for any other text.

    A text that was changed does not count: what is read must be, to the letter, what this program, or the version
    before it, would write.
    """
    try:
        document = json.loads(text)
        version = document["schema_version"]
        if type(version) is int and version > SCHEMA_VERSION:
            raise NewerSnapshot(f"written by a newer version (schema {version})")
        snapshot = _snapshot(_from_version_1(document) if version == 1 else document)
        written = to_document(snapshot)
        is_sound = _is_coherent(snapshot) and _is_same(_as_version_1(written) if version == 1 else written, document)
    except UnreadableSnapshot:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, ArithmeticError) as error:
        raise UnreadableSnapshot("no snapshot of this program") from error
    if not is_sound:
        raise UnreadableSnapshot("no snapshot that this program would write")
    return snapshot


def _from_version_1(document: dict[str, Any]) -> dict[str, Any]:
    """The document with what version 2 adds: its one plan, and no account."""
    kind = {"kind": CODING_PLAN.kind, "packs": None}
    plan, attempts = document["plan"], [{**attempt, "plan": CODING_PLAN.kind} for attempt in document["attempts"]]
    return {**document, "account": None, "plan": plan and {**plan, **kind}, "attempts": attempts}


def _as_version_1(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what version 2 adds."""
    plan = document["plan"] and {name: document["plan"][name] for name in ("name", "expires_at")}
    attempts = [{name: said for name, said in each.items() if name != "plan"} for each in document["attempts"]]
    old = {**document, "schema_version": 1, "plan": plan, "attempts": attempts}
    del old["account"]
    return old


def _is_same(one: object, other: object) -> bool:
    """Whether two JSON values would be written alike, to the order of their keys."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(map(_is_same, one.values(), other.values()))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return type(one) is type(other) and one == other


def _snapshot(document: dict[str, Any]) -> Snapshot:
    plan, error = document["plan"], document["error"]
    return Snapshot(
        fetched_at=_instant(document["fetched_at"]),
        dashboard_url=_text(document["dashboard_url"], _ADDRESS),
        account=_account(document["account"]),
        source=_one_of((None, *SOURCES), document["source"]),
        region=_one_of((None, *REGIONS), document["region"]),
        plan=None if plan is None else _read_plan(plan),
        windows=tuple(_read_window(name, fields) for name, fields in document["windows"].items()),
        attempts=tuple(map(_read_attempt, document["attempts"])),
        error=None if error is None else _read_problem(error),
    )


def _read_plan(fields: dict[str, Any]) -> Plan:
    name, packs = fields["name"], fields["packs"]
    return Plan(
        None if name is None else _text(name),
        _optional_instant(fields["expires_at"]),
        _one_of(tuple(PLANS), fields["kind"]),
        None if packs is None else Packs(_number(packs["remaining"]), _number(packs["total"])),
    )


def _read_window(name: str, fields: dict[str, Any]) -> Window:
    in_percent = fields["used"] is None
    used, total = (fields["used_percent"], 100) if in_percent else (fields["used"], fields["total"])
    if _number(total) <= 0:
        raise UnreadableSnapshot("a window of nothing")
    resets_at = _optional_instant(fields["resets_at"])
    return Window(_one_of(tuple(SPANS), name), _number(used), total, resets_at, in_percent)


def _read_attempt(fields: dict[str, Any]) -> Attempt:
    source, region = _one_of(SOURCES, fields["source"]), _one_of(REGIONS, fields["region"])
    outcome, plan = _one_of(("ok", *CODES), fields["outcome"]), _one_of(tuple(PLANS), fields["plan"])
    return Attempt(source, region, outcome, _text(fields["message"]), plan)


def _account(fingerprint: object) -> str | None:
    return None if fingerprint is None else _text(fingerprint, _FINGERPRINT)


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
    if not is_number(value):
        raise UnreadableSnapshot("a number that is none")
    return value


def _plan(plan: Plan | None, product: Product) -> dict[str, Any] | None:
    if plan is None:
        return None
    named = {"name": plan.name, "expires_at": _optional_time(plan.expires_at)}
    return {**named, "kind": plan.kind, "unit": product.unit, "packs": plan.packs and plan.packs._asdict()}


def _window(window: Window, span: Span) -> dict[str, Any]:
    return {
        "used": None if window.in_percent else window.used,
        "total": None if window.in_percent else window.total,
        "used_percent": window.used_percent,
        "resets_at": _optional_time(window.resets_at),
        "window_minutes": span.minutes,
        "kind": span.kind,
    }


def _time(instant: Instant) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime(TIME_FORMAT)


def _optional_time(instant: Instant | None) -> str | None:
    return None if instant is None else _time(instant)


def _instant(text: str) -> Instant:
    return int(datetime.fromisoformat(text).timestamp())  # `loads` compares it with what is written


def _optional_instant(text: str | None) -> Instant | None:
    return None if text is None else _instant(text)


# The schemas' verdict on a document, before it leaves.

SchemaName = Literal["snapshot", "view"]


def check(document: dict[str, Any], schema: SchemaName = "snapshot") -> None:
    """Let a document pass that meets its schema. Raises `InternalError` that says where it does not."""
    from jsonschema.exceptions import best_match  # costs as much as all the rest, and only an answer needs it

    fault = best_match(_validator(schema).iter_errors(document))
    if fault is not None:
        where = fault.json_path
        raise InternalError("program.schema", where=where, document=schema, rule=fault.validator)


@lru_cache(maxsize=4)
def check_snapshot(checked: Snapshot) -> None:
    """Let a snapshot pass whose document meets the schema; each is looked at once. Raises as `check` does."""
    check(document_of(checked))


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
    from jsonschema import Draft202012Validator  # as above

    return Draft202012Validator(with_plans(json.loads(resources.schema_text(schema))))
