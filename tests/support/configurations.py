"""Bars' configurations as people have them: a table a bar in tests/setup/configurations, each in a section of its own.

`== NAME` begins one; `== NAME: crlf, no final newline, byte order mark` says what an editor would not show.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[1] / "setup/configurations"
SECTION = re.compile(r"^== ([\w-]+)(?:: (.*))?\n", re.MULTILINE)


class Configuration(NamedTuple):
    """One, by its name and its bytes."""

    stem: str
    content: bytes

    def read_bytes(self) -> bytes:
        return self.content

    @property
    def text(self) -> str:
        return self.content.decode()


def configurations(bar: str) -> list[Configuration]:
    """All of a bar, in their order; none of a bar without a table."""
    path = FOLDER / f"{bar}.txt"
    parts = SECTION.split(path.read_text("utf-8"))[1:] if path.exists() else []
    sections = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return [Configuration(name, _content(text, traits or "")) for name, traits, text in sections]


def _content(text: str, traits: str) -> bytes:
    text = text.removesuffix("\n") if "no final newline" in traits else text
    text = text.replace("\n", "\r\n") if "crlf" in traits else text
    return ("\ufeff" * ("byte order mark" in traits) + text).encode()
