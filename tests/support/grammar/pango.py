"""Pango markup read strictly: a text and its styled runs, or the reason why Pango refuses it.

GLib's simple markup: five entities, numeric references, tags that nest, attributes in quotes. Where Pango takes more
than an adapter could need, this model refuses: it errs on the strict side only.
Its tags, attributes and the forms of values are those of Pango's documentation up to 1.50: fewer than Pango takes,
colours by 18 of its 700 names, and only the attributes that a bar could have a use for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

TAGS = frozenset({"b", "big", "i", "s", "small", "span", "sub", "sup", "tt", "u"})
ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
COLOR_NAMES = (
    "aqua|black|blue|fuchsia|gray|green|grey|lime|maroon|navy|olive|orange|purple|red|silver|teal|white|yellow"
)
COLOR = rf"#([0-9a-fA-F]{{3}}|[0-9a-fA-F]{{4}}|[0-9a-fA-F]{{6}}|[0-9a-fA-F]{{8}}|[0-9a-fA-F]{{12}})|{COLOR_NAMES}"
SIZE = r"(x{1,2}-)?(small|large)|medium|smaller|larger|\d+(\.\d+)?(pt|%)?"
WEIGHT = "ultralight|light|normal|bold|ultrabold|heavy|[1-9]\\d{2}"
ALIASES = {
    "fgcolor": "foreground",
    "color": "foreground",
    "bgcolor": "background",
    "fgalpha": "alpha",
    "face": "font_family",
    "font_desc": "font",
    "font_size": "size",
    "font_style": "style",
    "font_weight": "weight",
}
ATTRIBUTES = {
    "foreground": COLOR,
    "background": COLOR,
    "underline_color": COLOR,
    "alpha": r"\d+%?",
    "background_alpha": r"\d+%?",
    "font": ".+",
    "font_family": ".+",
    "size": SIZE,
    "style": "normal|oblique|italic",
    "weight": WEIGHT,
    "underline": "none|single|double|low|error",
    "strikethrough": "true|false",
    "rise": r"-?\d+",
    "letter_spacing": r"-?\d+",
    "lang": r"[A-Za-z]+([-_][A-Za-z0-9]+)*",
}
LINK_ATTRIBUTES = {"href": ".*", "title": ".*"}


DEEPEST = 100
REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]{1,8})|#(?P<decimal>[0-9]{1,10})|(?P<name>[A-Za-z]+));")
HIDDEN = re.compile(r"<!--(?!-?>).*?-->|<!\[CDATA\[.*?\]\]>|<\?(?!>).*?\?>|<!DOCTYPE\s[^<>\"'\[\]]*>", re.DOTALL)
ATTRIBUTE = re.compile(r"\s+(?P<key>[A-Za-z_]+)\s*=\s*(?:\"(?P<double>[^\"<]*)\"|'(?P<single>[^'<]*)')")
OPENING = re.compile(
    rf"<(?P<tag>[A-Za-z]+)(?P<attributes>(?:{ATTRIBUTE.pattern.replace('?P<', '?P<a_')})*)\s*(?P<end>/?)>"
)
CLOSING = re.compile(r"</(?P<tag>[A-Za-z]+)\s*>")
NEWLINE = re.compile("\r\n?")
TEXT = re.compile(r"[^<]+")


class MarkupError(ValueError):
    """Why a text is not markup."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of plain text and the styles on it, such as `b` or `foreground=#ff0000`, outermost first."""

    text: str
    styles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Markup:
    """What Pango made of a text: `error` is empty where it took it; where it did not, nothing is shown."""

    text: str = ""
    runs: tuple[Run, ...] = ()
    styles: frozenset[str] = frozenset()
    links: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    error: str = ""


NO_MARKUP = Markup()


@dataclass(slots=True)
class Reader:
    """The state of one reading: the open tags with their styles, and what came out so far."""

    links_allowed: bool
    open_tags: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    styles: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    def step(self, source: str, position: int) -> int:
        """Read one piece at `position`; the position behind it."""
        for pattern, take in (
            (TEXT, self.take_text),
            (HIDDEN, self.take_hidden),
            (CLOSING, self.take_closing),
            (OPENING, self.take_opening),
        ):
            if match := pattern.match(source, position):
                take(match)
                return match.end()
        raise MarkupError(f"not a tag: {source[position : position + 20]!r}")

    def take_text(self, match: re.Match[str]) -> None:
        """Add a run of text under the tags that are open; GLib makes every CR and CR LF in it a newline."""
        styles = tuple(style for _, added in self.open_tags for style in added)
        self.runs.append(Run(unescape(NEWLINE.sub("\n", match[0])), styles))

    def take_hidden(self, match: re.Match[str]) -> None:
        """Remember a comment, a CDATA section or a processing instruction: Pango shows none of them."""
        self.hidden.append(match[0])

    def take_closing(self, match: re.Match[str]) -> None:
        """Close the innermost tag."""
        if not self.open_tags or self.open_tags.pop()[0] != match["tag"]:
            raise MarkupError(f"{match[0]} closes what is not open")

    def take_opening(self, match: re.Match[str]) -> None:
        """Open a tag with the styles that it adds."""
        tag, attributes = match["tag"], attributes_of(match["attributes"])
        added: tuple[str, ...]
        if tag == "a" and self.links_allowed:
            self.links.append(checked(tag, attributes, LINK_ATTRIBUTES).get("href", ""))
            added = ("a",)
        elif tag == "span":
            added = tuple(f"{key}={value}" for key, value in checked(tag, attributes, ATTRIBUTES).items())
        elif tag in TAGS and not attributes:
            added = (tag,)
        else:
            raise MarkupError(f"unknown tag or attribute: {match[0]}")
        self.styles.update(added)
        if len(self.open_tags) == DEEPEST:
            raise MarkupError("tags nested too deep")
        if not match["end"]:
            self.open_tags.append((tag, added))


def attributes_of(source: str) -> dict[str, str]:
    """The attributes of a tag under their main names. Raises MarkupError where one stands twice."""
    found: dict[str, str] = {}
    for match in ATTRIBUTE.finditer(source):
        key = ALIASES.get(match["key"], match["key"])
        if key in found:
            raise MarkupError(f"{key} stands twice")
        found[key] = unescape(match["double"] if match["single"] is None else match["single"])
    return found


def checked(tag: str, attributes: dict[str, str], known: dict[str, str]) -> dict[str, str]:
    """`attributes`, if each is known and its value is of its form; else MarkupError."""
    for key, value in attributes.items():
        if key not in known or not re.fullmatch(known[key], value):
            raise MarkupError(f"<{tag}> takes no {key}={value!r}")
    return attributes


def unescape(source: str) -> str:
    """`source` with its references replaced. Raises MarkupError at any other `&`."""
    plain = REFERENCE.sub(_character, source)
    if source.count("&") != len(REFERENCE.findall(source)):
        raise MarkupError("an & that begins no entity")
    return plain


def _character(reference: re.Match[str]) -> str:
    if name := reference["name"]:
        return ENTITIES.get(name) or _refuse(f"unknown entity &{name};")
    code = int(reference["hex"], 16) if reference["hex"] else int(reference["decimal"])
    permitted = 0 < code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
    return chr(code) if permitted else _refuse(f"{reference[0]} is no permitted character")


def _refuse(reason: str) -> NoReturn:
    raise MarkupError(reason)


def parse(source: str, *, links: bool = False) -> Markup:
    """Read `source` as Pango does. `links`: also `<a href>`, which GTK's labels take and bare Pango does not."""
    reader = Reader(links)
    try:
        _read_all(reader, source)
    except MarkupError as error:
        return Markup(error=str(error))
    return Markup(
        text="".join(run.text for run in reader.runs),
        runs=tuple(reader.runs),
        styles=frozenset(reader.styles),
        links=tuple(reader.links),
        hidden=tuple(reader.hidden),
    )


def _read_all(reader: Reader, source: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in source):
        raise MarkupError("not valid UTF-8")
    if "\0" in source:
        raise MarkupError("a NUL ends the string")
    position = 0
    while position < len(source):
        position = reader.step(source, position)
    if reader.open_tags:
        raise MarkupError(f"<{reader.open_tags[-1][0]}> is never closed")
