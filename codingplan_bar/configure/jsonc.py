"""JSON with comments, as waybar reads it: where its values stand in the text, and what to cut to take some out."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from codingplan_bar.configure.block import LeftAlone, line_of

TOKEN = re.compile(
    r"""(?P<space>[\x20\t\r\n]+)|(?P<remark>//[^\r\n]*|/\*.*?\*/)|(?P<text>"(?:[^"\\]|\\(?:["\\/bfnrtx]|u[0-9a-fA-F]{4}))*")|(?P<sign>[][{},:])|(?P<word>[^][{},:"\s/]+)""",
    re.DOTALL,
)
"""Of the escapes that JSON has not, newer ones of waybar (from 0.10) know `\\x`; any other ends its reading.

So does any space but these four, such as the wide one of Chinese text: no reader of JSON takes it.
"""
NEWER_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\x")
CONTROL = re.compile(r"[\0-\x1f]")
WORD = re.compile(r"true|false|null|[-+]?\.?[0-9][0-9.eE+-]*")
DEEPEST = 100


@dataclass(slots=True)
class Value:
    """One value: from where to where it stands, the `kind` of its first token, and that token's `text`.

    `said` is what a text says, and what is written for any other value; `texts` are those in it, itself or an array's;
    `members` are an object's by their names, of several with one name the last. `remarks` are of a whole text: from
    where to where each comment stands.
    """

    begins: int
    kind: str
    text: str
    said: str
    ends: int = 0
    slots: list[Slot] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    members: dict[str, Value] = field(default_factory=dict)
    remarks: list[tuple[int, int]] = field(default_factory=list)


def says_the_same(one: Value, other: Value, *, without: Collection[str]) -> bool:
    """Whether two values say the same, members and items of these names aside."""
    return bool(_plain(one, without) == _plain(other, without))


def _plain(value: Value, without: Collection[str]) -> Any:
    if value.kind not in "{[":
        return value.text
    kept = [slot for slot in value.slots if slot.name not in without and slot.value.said not in without]
    return value.kind, [(slot.name, _plain(slot.value, without)) for slot in kept]


def _said(text: str) -> str:
    try:
        return str(json.loads(text, strict=False))
    except ValueError:  # an escape that JSON does not have
        return text[1:-1]


@dataclass(slots=True)
class Slot:
    """An item of an array, or a member of an object with its name; `comma` says where one follows it."""

    name: str
    begins: int
    value: Value
    comma: int | None = None


@lru_cache(maxsize=8)
def parse(text: str) -> Value:
    """The whole of a text; one that is asked about again is not read again.

    Raises `LeftAlone` for what is not JSON with comments, trailing commas aside.
    """
    reader = _Reader(text)
    value = reader.value(0)
    if reader.kind:
        raise reader.lost()
    value.remarks = reader.remarks
    return value


def insist_on_every_waybar(text: str, file: Path | None = None) -> None:
    """Raises `LeftAlone` with the line for a text of the configuration that some supported waybar does not read.

    An escape of two digits is read from 0.10 on; a control character as it stands, up to 0.14. `file` is one that the
    configuration includes, and is named.
    """
    for at, said in ((at, said) for kind, said, at, _ in _tokens(text) if kind == "text"):
        reason = "newer escape" if NEWER_ESCAPE.search(said) else "control sign" if CONTROL.search(said) else ""
        if reason and file:
            raise LeftAlone(f"{reason} in", 0, f"{file}:{line_of(text, at)}")
        if reason:
            raise LeftAlone(reason, line_of(text, at))


class _Reader:
    """One token ahead: its `kind` (empty at the end), its `text` and where it stands."""

    def __init__(self, text: str) -> None:
        self.whole = text
        self.remarks: list[tuple[int, int]] = []
        self._tokens = _tokens(text)
        self._read()

    def _read(self) -> None:
        while (token := next(self._tokens))[0] == "remark":
            self.remarks.append(token[2:])
        self.kind, self.text, self.begins, self.ends = token

    def lost(self) -> LeftAlone:
        return LeftAlone("no json", line_of(self.whole, self.begins))

    def value(self, depth: int) -> Value:
        if depth > DEEPEST:
            raise LeftAlone("not understood", line_of(self.whole, self.begins))
        said = _said(self.text) if self.kind == "text" else self.text
        found = Value(self.begins, self.text if self.kind == "sign" else self.kind, self.text, said)
        if found.kind in ("{", "["):
            self._inside(found, depth)
        elif found.kind != "text" and not WORD.fullmatch(self.text):
            raise self.lost()
        found.ends = self.ends
        items = [found, *(slot.value for slot in found.slots if found.kind == "[")]
        found.texts = [item.said for item in items if item.kind == "text"]
        found.members = {slot.name: slot.value for slot in found.slots if found.kind == "{"}
        self._step()
        return found

    def _inside(self, found: Value, depth: int) -> None:
        end = {"{": "}", "[": "]"}[found.kind]
        self._step()
        while (self.kind, self.text) != ("sign", end):
            begins, name = self.begins, self._name() if end == "}" else ""
            found.slots.append(Slot(name, begins, self.value(depth + 1)))
            if (self.kind, self.text) == ("sign", ","):
                found.slots[-1].comma = self.begins
                self._step()
            elif self.text != end:
                raise self.lost()

    def _name(self) -> str:
        name, kind = _said(self.text), self.kind
        self._step()
        if kind != "text" or self.text != ":":
            raise self.lost()
        self._step()
        return name

    def _step(self) -> None:
        if not self.kind:
            raise self.lost()
        self._read()


def _tokens(text: str) -> Iterator[tuple[str, str, int, int]]:
    at = 1 if text.startswith("\ufeff") else 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found:
            raise LeftAlone("no json", line_of(text, at))
        at = found.end()
        if found.lastgroup != "space":
            yield str(found.lastgroup), found[0], found.start(), found.end()
    yield "", "", at, at


# What is taken out of a text, so that the rest is still good JSON.


def cuts_of(text: str, within: Value, slot: Slot, ours: set[int]) -> Iterator[tuple[int, int]]:
    """What to cut for one place of ours: itself, the space before it, and the comma after it or, at the end, before."""
    yield len(text[: slot.begins].rstrip()), slot.value.ends
    before = [each for each in within.slots[: within.slots.index(slot)] if each.begins not in ours]
    comma = slot.comma if slot.comma is not None else before[-1].comma if before else None
    if comma is not None:
        yield comma, comma + 1


def behind_comments(text: str, cuts: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same cuts, those that touch as one, without a line's end that a comment before one needs."""
    closed = {end for start, end in parse(text).remarks if text.startswith("//", start)}
    joined: list[tuple[int, int]] = []
    for cut in sorted(cuts):
        touching = bool(joined) and cut[0] <= joined[-1][1]
        before = joined.pop() if touching else cut
        joined.append((before[0], max(before[1], cut[1])))
    for begins, ends in joined:
        is_open = begins in closed and not re.match(r"[ \t]*(?:\r?\n|\Z)", text[ends:])
        yield text.index("\n", begins) + 1 if is_open else begins, ends
