"""JSON with comments, as waybar reads it: where its values stand in the text. It changes nothing and keeps no value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from codingplan_bar.commands.setup.bars.closing_block import LeftAlone

TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)|(?P<text>"(?:[^"\\\x00-\x1f]|\\.)*")|(?P<sign>[][{},:])|(?P<word>[^][{},:"\s/]+)""",
    re.DOTALL,
)
DEEPEST = 100


@dataclass(slots=True)
class Value:
    """One value: from where to where it stands; `members` of an object by name, `items` of an array."""

    begins: int
    ends: int = 0
    kind: str = ""
    members: dict[str, Value] = field(default_factory=dict)
    items: list[Value] = field(default_factory=list)


def parse(text: str) -> Value:
    """The whole of a text. Raises `LeftAlone` for what is no JSON with comments, trailing commas aside."""
    reader = _Reader(text)
    value = reader.value(0)
    if reader.kind:
        raise LeftAlone("not understood")
    return value


class _Reader:
    """One token ahead: its `kind` (empty at the end), its `text` and where it stands."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self.kind, self.text, self.begins, self.ends = next(self._tokens)

    def value(self, depth: int) -> Value:
        if depth > DEEPEST:
            raise LeftAlone("not understood")
        found = Value(self.begins, kind=self.text if self.kind == "sign" else self.kind)
        if self.text == "{":
            self._members(found, depth)
        elif self.text == "[":
            self._items(found, depth)
        elif self.kind not in ("text", "word"):
            raise LeftAlone("not understood")
        found.ends = self.ends
        self._step()
        return found

    def _members(self, found: Value, depth: int) -> None:
        self._step()
        while self.text != "}":
            name, kind = self.text[1:-1], self.kind
            self._step()
            if kind != "text" or self.text != ":" or name in found.members:
                raise LeftAlone("not understood")
            self._step()
            found.members[name] = self.value(depth + 1)
            self._comma("}")

    def _items(self, found: Value, depth: int) -> None:
        self._step()
        while self.text != "]":
            found.items.append(self.value(depth + 1))
            self._comma("]")

    def _comma(self, end: str) -> None:
        if self.kind == "sign" and self.text == ",":
            self._step()
        elif self.text != end:
            raise LeftAlone("not understood")

    def _step(self) -> None:
        if not self.kind:
            raise LeftAlone("not understood")
        self.kind, self.text, self.begins, self.ends = next(self._tokens)


def _tokens(text: str) -> Iterator[tuple[str, str, int, int]]:
    at = 1 if text.startswith("\ufeff") else 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found:
            raise LeftAlone("not understood")
        at = found.end()
        if found.lastgroup != "space":
            yield str(found.lastgroup), found[0], found.start(), found.end()
    yield "", "", at, at
