"""What is sent and what comes back, with no library in it: a source builds the one and reads the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `query` and `form` are encoded by whoever sends it; `body` is sent as it is.

    At most one of `form` and `body` is set. A header's value is text of any script; it is sent as UTF-8.
    """

    method: Literal["GET", "POST"]
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer: its headers with lower-case names, its body decoded (gzip, deflate) and whole."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


Send = Callable[[Request], Answer]
"""Sends one request within the refresh's deadline. Raises `NetworkFailure`, `BadResponse` or `ConfigError`."""
