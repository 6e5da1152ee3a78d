"""GTK's style sheets as waybar reads them: the colours that they define, and which colours an element gets.

Files are the user's, and hostile all the same: each is regular, of bounded length, and opened without waiting; so many
of them and no more; what a rule says beside colours is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from codingplan_bar import storage
from codingplan_bar.looks.colors import LONGEST, Shade, shade

FILE_LIMIT = 256 * 1024
"""Bytes; the longest style sheet of a known theme has a tenth of it."""
MOST_FILES = 24
DEEPEST = 8
"""Imports within imports."""

_PIECE = re.compile(r"([^{};]*)([{};])")
_IMPORT = re.compile(r"""@import\s+(?:url\(\s*)?["']?([^"')]{1,1000})["']?""")
_DEFINED = re.compile(r"@define-color\s+([\w-]{1,100})\s+(\S.*)", re.DOTALL)
_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}|@[\w-]+|[a-z]+\((?:[^();]|\([^();]*\))*\)|[A-Za-z]+")
GROUNDS = ("background", "background-color")


@dataclass
class StyleSheet:
    """A style sheet with all that it imports: the colours by their names, and what each selector says of colours."""

    named: dict[str, str] = field(default_factory=dict)
    rules: dict[str, dict[str, str]] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)

    def color(self, selectors: Sequence[str]) -> Shade | None:
        """The colour of the text by the first of the selectors that gives one."""
        return next(filter(None, (self._said(each, ("color",)) for each in selectors)), None)

    def grounds(self, selectors: Sequence[str]) -> list[Shade]:
        """What the selectors lay below the text, one upon the other."""
        return list(filter(None, (self._said(each, GROUNDS) for each in selectors)))

    def defined(self) -> dict[str, str]:
        """Each defined colour as `#rrggbb`, where it is one."""
        known = {name: shade(text, self.named) for name, text in self.named.items()}
        return {name: found.hex for name, found in known.items() if found and found.alpha > 0}

    def _said(self, selector: str, keys: tuple[str, ...]) -> Shade | None:
        """The colour that the last of these properties names, the first in its value."""
        text = next((value for key, value in reversed(self.rules.get(selector, {}).items()) if key in keys), "")
        return next(filter(None, (shade(each, self.named) for each in _colors(text))), None)


def _colors(text: str) -> Iterator[str]:
    """What may be a colour in the value of `background`: of a gradient each of its own, of a picture nothing."""
    if "url(" not in text:
        yield from (each[0] for each in _COLOR.finditer(text.replace("gradient(", " ")))


def read(path: Path) -> StyleSheet:
    """The sheet at that path; what cannot be read says nothing."""
    sheet = StyleSheet()
    _read(path, sheet, 0)
    return sheet


def _read(path: Path, sheet: StyleSheet, depth: int) -> None:
    if depth > DEEPEST or len(sheet.files) >= MOST_FILES or path in sheet.files:
        return
    sheet.files.append(path)
    selectors: list[str] = []
    level = 0
    for text, end in _PIECE.findall(without_comments(said(path)) + ";"):
        if level == 0 and end == ";":
            _statement(text.strip(), path, sheet, depth)
        elif level == 1 and end in ";}":
            _declaration(text, selectors, sheet)
        elif level == 0 and end == "{":
            selectors = [" ".join(each.split()) for each in text.split(",")]
        level = max(level + {"{": 1, "}": -1}.get(end, 0), 0)


def _statement(text: str, path: Path, sheet: StyleSheet, depth: int) -> None:
    if found := _DEFINED.fullmatch(text):
        sheet.named[found[1]] = found[2].strip()
    elif found := _IMPORT.match(text):
        name = found[1].strip()
        if "\0" not in name:
            _read(path.parent / name.removeprefix("file://"), sheet, depth + 1)


def _declaration(text: str, selectors: Sequence[str], sheet: StyleSheet) -> None:
    key, _, value = text.partition(":")
    key = key.strip().lower()
    for selector in selectors if key in ("color", *GROUNDS) and len(value) <= LONGEST else ():
        rule = sheet.rules.setdefault(selector, {})
        rule.pop(key, None)  # the last one counts, of both spellings of a ground too
        rule[key] = value.strip().removesuffix("!important").strip()


def without_comments(text: str) -> str:
    """The text without its comments; one without an end takes the rest with it."""
    pieces = text.split("/*")
    rest = [piece.partition("*/")[2] for piece in pieces[1:]]
    return " ".join([pieces[0], *rest])


def said(path: Path) -> str:
    """What a file says; nothing where it is too long, irregular, or no text."""
    try:
        return storage.content(path, FILE_LIMIT).decode("utf-8-sig")
    except (OSError, ValueError):
        return ""
