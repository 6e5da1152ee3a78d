"""The samples of tests/payloads: tables by subject, and captures, each with its expected reading."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "payloads"


@dataclass(frozen=True)
class Sample:
    """One answer: what it shows, who reads it (`web`, `api` or `tool`), its bytes, and what is to come of it."""

    name: str
    shows: str
    reader: str
    body: bytes
    expected: dict[str, Any]


def samples() -> list[Sample]:
    """Every sample, in the order of its table."""
    return [
        _sample(name, dict(row))
        for path in sorted(FOLDER.glob("*.json"))
        for name, row in json.loads(path.read_text("utf-8")).items()
    ]


def body_of(name: str) -> bytes:
    """The bytes of the sample of that name."""
    return next(sample.body for sample in samples() if sample.name == name)


def _sample(name: str, row: dict[str, Any]) -> Sample:
    shows, reader = row.pop("shows"), row.pop("reader")
    return Sample(name, shows, reader, _body(row), row)


def _body(row: dict[str, Any]) -> bytes:
    """A row has its body in one of three ways: as JSON, as a text, or as the bytes in base64."""
    if "base64" in row:
        return base64.b64decode(row.pop("base64"))
    if "text" in row:
        return row.pop("text").encode()
    return json.dumps(row.pop("json")).encode()  # in ASCII: half of a surrogate pair stays one
