"""KDL, zellij's language, read and not changed: its nodes, and where their words and braces stand in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from codingplan_bar.configure.block import LeftAlone, line_of

TOKEN = re.compile(
    r"""(?P<space>(?:[ \t\r\ufeff]|\\[ \t]*\r?\n)+)|(?P<remark>//[^\n]*|(?=/\*))|(?P<off>/-)|(?P<end>[;\n])"""
    r"""|(?P<sign>[{}=])|(?P<text>r(?P<hash>\#*)"(?:.*?)"(?P=hash)|"(?:[^"\\]|\\.)*")|(?P<word>[^\s"{};=\\/]+)""",
    re.DOTALL,
)
COMMENT = re.compile(r"/\*|\*/")
DEEPEST = 60


@dataclass(slots=True)
class Word:
    """A word: what it says, and from where to where that stands, within the quotes where it has some."""

    said: str
    begins: int
    ends: int


@dataclass(slots=True)
class Node:
    """A node by its words (its name is the first), its properties, and what stands between its braces.

    `inside` is from where to where that stands; None where it has no braces.
    """

    words: list[Word]
    properties: dict[str, str] = field(default_factory=dict)
    inside: tuple[int, int] | None = None
    nodes: list[Node] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its first word."""
        return self.words[0].said


def nodes(text: str) -> list[Node]:
    """The nodes of a document; what is switched off by `/-` is left out. Raises `LeftAlone`."""
    reader = _Reader(text)
    found = reader.nodes(0)
    if reader.said:
        raise reader.lost()
    return found


def every(found: list[Node]) -> Iterator[Node]:
    """These nodes and all below them."""
    for node in found:
        yield node
        yield from every(node.nodes)


class _Reader:
    """One token ahead: its `kind`, empty at the end, and what it `said`."""

    def __init__(self, text: str) -> None:
        self._text, self._tokens = text, _tokens(text)
        self.begins, self.kind, self.said = 0, "", ""
        self._step()

    def lost(self) -> LeftAlone:
        return LeftAlone("not understood", line_of(self._text, self.begins))

    def nodes(self, depth: int) -> list[Node]:
        """The nodes up to a closing brace or the end. Raises `LeftAlone`."""
        if depth > DEEPEST:
            raise self.lost()
        found = []
        while self.kind and self.said != "}":
            if self.kind == "end":
                self._step()
                continue
            is_off = self._is_off()
            node = self._node(depth)
            if not is_off:
                found.append(node)
        return found

    def _node(self, depth: int) -> Node:
        node = Node([])
        while self.kind not in ("", "end") and self.said != "}":
            is_off = self._is_off()
            if self.said == "{":
                inside, below = self._block(depth)
                if not is_off:
                    node.inside, node.nodes = inside, below
                    break
            else:
                self._take(Node([]) if is_off else node)
        if not node.words:
            raise self.lost()
        return node

    def _block(self, depth: int) -> tuple[tuple[int, int], list[Node]]:
        begins = self.begins + 1
        self._step()
        below = self.nodes(depth + 1)
        if self.said != "}":
            raise self.lost()
        ends = self.begins
        self._step()
        return (begins, ends), below

    def _take(self, node: Node) -> None:
        """Take one word, or one property, into a node."""
        first = self._word()
        if self.said == "=":
            self._step()
            node.properties[first.said] = self._word().said
        else:
            node.words.append(first)

    def _word(self) -> Word:
        if self.kind not in ("text", "word"):
            raise self.lost()
        begins, kind, said = self.begins, self.kind, self.said
        self._step()
        if kind == "word":
            return Word(said, begins, begins + len(said))
        opening = said.index('"') + 1
        inner = said[opening : len(said) - opening + (said[0] == "r")]
        plain = inner if said[0] == "r" else re.sub(r"\\(.)", r"\1", inner)
        return Word(plain, begins + opening, begins + opening + len(inner))

    def _is_off(self) -> bool:
        is_off = self.kind == "off"
        if is_off:
            self._step()
        return is_off

    def _step(self) -> None:
        self.begins, self.kind, self.said = next(self._tokens)


def _tokens(text: str) -> Iterator[tuple[int, str, str]]:
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise LeftAlone("not understood", line_of(text, at))
        if match.lastgroup not in ("space", "remark"):
            yield at, str(match.lastgroup), match[0]
        at = match.end() if match[0] else _after_comment(text, at)
    yield at, "", ""


def _after_comment(text: str, at: int) -> int:
    """Where a comment between `/*` and `*/` ends, with those within it. Raises `LeftAlone`."""
    depth = 0
    for sign in COMMENT.finditer(text, at):
        depth += 1 if sign[0] == "/*" else -1
        if not depth:
            return sign.end()
    raise LeftAlone("not understood", line_of(text, at))
