"""What comes in over the wire and what goes out, as plain data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived. Header names are in lower case; whatever may hold a secret is kept out of its repr.

    What was sent twice under one name has its values joined by ", ", so that it equals no value that was asked for.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def host(self) -> str:
        """The host that the client meant, with its port where it named one."""
        return self.headers.get("host", "")

    @property
    def header_names(self) -> frozenset[str]:
        """Which headers came along, in lower case."""
        return frozenset(self.headers)

    @property
    def cookies(self) -> list[tuple[str, str]]:
        """The cookies as they came, name and value, in their order."""
        crumbs = (crumb.strip().partition("=") for crumb in self.headers.get("cookie", "").split(";"))
        return [(name, value) for name, _, value in crumbs if name]

    @property
    def form(self) -> dict[str, str]:
        """The body's fields, taken as a form; what cannot be one has no fields."""
        return fields(self.body.decode("ascii", "replace"))


class Answer(NamedTuple):
    """What goes out. `delay` is the wait in seconds before the status line, and before each piece of a body in pieces.

    Such a body goes out chunked, and may be endless.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes | Iterable[bytes]
    delay: float = 0


BareAnswer = tuple[int, Mapping[str, str], bytes]
AnswerQuota = Callable[[Request], Answer | BareAnswer]
"""Answers a quota request that has already been found right."""


def request(method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes) -> Request:
    """A request from its parts, as HTTP names them; `target` is the path with its query."""
    path, _, query = target.partition("?")
    return Request(method, path, fields(query), joined((name.lower(), value) for name, value in headers), body)


def fields(text: str) -> dict[str, str]:
    """The fields of a query or a form, decoded."""
    try:
        return joined(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return {}


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Pairs as a mapping; the values of a repeated name are joined by ", "."""
    values = defaultdict(list)
    for name, value in pairs:
        values[name].append(value)
    return {name: ", ".join(several) for name, several in values.items()}
