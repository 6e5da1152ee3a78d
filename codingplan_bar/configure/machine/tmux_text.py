"""tmux's language: how its commands are told apart, and their words."""

from __future__ import annotations

import re

JOINED = re.compile(r"(?<!\\)((?:\\\\)*)\\\n")
"""A backslash at a line's end: the next line belongs to it, in quotes and comments too."""

ENDS_JOINED = re.compile(r"(?<!\\)(?:\\\\)*\\\r?\n?\Z")

TOKEN = re.compile(
    r"""
    (?P<gap>[ \t\r]+|\#[^\n]*)
  | (?P<end>[\n;])
  | (?P<opens>\{|%if\b(?![^\n]*%e)[^\n]*)
  | (?P<turns>%(?:elif|else)\b[^\n]*)
  | (?P<closes>\}|%endif\b)
  | (?P<word>(?:\$\{\w+\}|[^\s;'"\\}]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+)
    """,
    re.VERBOSE | re.DOTALL,
)
CLOSED_BY = {"{": "}", "%": "%"}


class Unfinished(Exception):
    """A quote, a brace or a `%if` has no end, or an end no beginning: what a line more would mean is not known."""


def commands(text: str) -> list[list[str]]:
    """Each command with its words as they are written, those in braces and below `%if` like the others.

    Raises `Unfinished`.
    """
    if ENDS_JOINED.search(text):
        raise Unfinished
    found: list[list[str]] = [[]]
    inside: list[str] = []
    for kind, word in _tokens(JOINED.sub(r"\1", text)):
        if kind == "word":
            found[-1].append(word)
        elif kind != "gap":
            _turn(inside, kind, word[0])
            found.append([])
    if inside:
        raise Unfinished
    return [command for command in found if command]


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, place = [], 0
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None or text[place] == "\ufeff":  # tmux takes the mark for the first command's name
            raise Unfinished
        tokens.append((str(match.lastgroup), match[0]))
        place = match.end()
    return tokens


def _turn(inside: list[str], kind: str, sign: str) -> None:
    """Go into what a token opens, out of what it closes."""
    if kind == "opens":
        inside.append(CLOSED_BY[sign])
    elif kind in ("turns", "closes") and inside[-1:] != [sign]:
        raise Unfinished
    elif kind == "closes":
        inside.pop()
