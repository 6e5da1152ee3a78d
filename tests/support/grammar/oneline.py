"""What programs that show one line of a command make of it: i3blocks, starship, a coding agent's status line, KDE, any.

First, for every reader, what no line should hold, and how many columns it takes.

| reader     | reads                                                                                            |
|------------|--------------------------------------------------------------------------------------------------|
| i3blocks   | up to four lines: full text, short text, colour, background; markup only with `markup=pango`       |
| starship   | all of it, trimmed, with escape sequences; before 1.20 bash expanded `$(…)` and backquotes in it |
| statusline | the first line, with colours (newer ones show all lines, and links)                                |
| kde        | Plasma's Command Output: ANSI colours become HTML; what looks like HTML is read as such            |
| pango      | the first line as Pango markup: tint2, ironbar, nwg-panel, awesome                               |
| text       | one line, nothing in it means anything                                                           |
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from support.grammar import pango

# Characters that no bar should be given, and how many columns a text takes.

BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and symbols that are drawn as nothing


def is_noncharacter(character: str) -> bool:
    """Whether Unicode promises never to assign this code point: U+FDD0..FDEF and the last two of each plane."""
    code = ord(character)
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def is_harmful(character: str) -> bool:
    """A control, a lone surrogate, a line or paragraph separator, a bidi control or a noncharacter.

    Private use is not among them (icon fonts live there), nor are the joiners that emoji need.
    """
    category = unicodedata.category(character)
    return category in {"Cc", "Cs", "Zl", "Zp"} or character in BIDI_CONTROLS or is_noncharacter(character)


def harmful(text: str, *, allowed: str = "") -> list[str]:
    """The code points of `text` that harm, each once, as `U+001B`; those of `allowed` may be there."""
    found = (character for character in dict.fromkeys(text) if character not in allowed and is_harmful(character))
    return [f"U+{ord(character):04X}" for character in found]


def width(character: str) -> int:
    """Columns of one character as a terminal counts them: 0 for what combines or formats, 2 for wide, else 1."""
    if unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc", "Cs", "Zl", "Zp"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def columns(text: str) -> int:
    """Columns of `text`, each code point counted by itself (so a joined emoji counts as its parts)."""
    return sum(width(character) * times for character, times in Counter(text).items())


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen."""
    return not any(width(character) and not character.isspace() for character in set(text) - BLANKS)


# Terminal escape sequences: colours, links, and everything that a status line has no business to send.

SGR = re.compile(r"\x1b\[([\d;:]*)m")
LINK = re.compile(r"\x1b\]8;[^;\x07\x1b]*;([^\x07\x1b]*)(?:\x07|\x1b\\)")
OTHER = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]?"  # CSI: moves, clears, modes
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\|\Z)"  # OSC, DCS, SOS, PM, APC: titles, the clipboard
    r"|\x1b[ -/]*[0-~]?"
    r"|[\x80-\x9f]",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Escaped:
    """A text without its sequences: `styles` as `sgr=31`, `links` as addresses, `others` as they were written."""

    text: str
    styles: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def without_sequences(text: str) -> Escaped:
    """Part a text from its escape sequences."""
    styles, links = SGR.findall(text), LINK.findall(text)
    rest = LINK.sub("", SGR.sub("", text))
    return Escaped(
        text=OTHER.sub("", rest),
        styles=tuple(f"sgr={code}" for code in styles),
        links=tuple(link for link in links if link),
        others=tuple(OTHER.findall(rest)),
    )


STARSHIP_ESCAPES_SINCE = (1, 20, 0)
SHELL = re.compile(r"\$\([^)]*\)?|\$\{[^}]*\}?|\$\w+|`[^`]*`?|\\.")
COLOR = re.compile("#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?")
TAG = re.compile(r"</?[a-zA-Z!?][^>]*>?")


@dataclass(frozen=True, slots=True)
class Line:
    """The line as shown. `sequences`: escapes other than colours; `expansions`: what a shell would replace."""

    text: str
    short_text: str = ""
    styles: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    sequences: tuple[str, ...] = ()
    expansions: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def visible(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.text.strip())


def read_text(output: bytes) -> Line:
    """Read the first line as a program that shows it as it is."""
    lines, errors = _lines(output)
    found = without_sequences(lines[0])
    return Line(found.text, sequences=(*found.styles, *found.links, *found.others), errors=errors)


def read_statusline(output: bytes) -> Line:
    """Read the first line as a terminal program that takes colours and OSC 8 links."""
    lines, errors = _lines(output)
    found = without_sequences(lines[0])
    return Line(found.text, styles=found.styles, links=found.links, sequences=found.others, errors=errors)


def read_starship(output: bytes, version: tuple[int, int, int] = (1, 0, 0)) -> Line:
    """Read the output as a custom command's `$output` in bash's prompt."""
    lines, errors = _lines(output.strip())
    found = without_sequences("\n".join(lines))
    expansions = tuple(SHELL.findall(found.text)) if version < STARSHIP_ESCAPES_SINCE else ()
    return Line(found.text, "", found.styles, found.links, found.others, expansions, errors)


def read_kde(output: bytes) -> Line:
    """Read the first line as Plasma's Command Output, whose label guesses whether a text is HTML."""
    lines, errors = _lines(output)
    found = without_sequences(lines[0])
    rich = bool(found.styles) or might_be_rich(found.text)
    tags = tuple(TAG.findall(found.text)) if rich else ()
    text = html.unescape(TAG.sub("", found.text)) if rich else found.text
    return Line(text, styles=(*found.styles, *tags), sequences=(*found.links, *found.others), errors=errors)


def might_be_rich(text: str) -> bool:
    """Whether Qt could take a text for HTML: a tag, or `&lt;`. Stricter than Qt, which knows its tags' names."""
    return bool(TAG.search(text)) or "&lt;" in text


def read_i3blocks(output: bytes, *, markup: str = "none") -> Line:
    """Read up to four lines; with `markup="pango"` the two texts are Pango markup."""
    lines, _ = _lines(output)
    errors = ["more than four lines"] if len(lines) > 4 else []
    errors += ["the last line has no newline"] if not output.endswith(b"\n") else []
    full, short, *colors = [*lines, "", ""][: max(2, len(lines))]
    errors.extend(f"no colour: {color!r}" for color in colors[:2] if color and not COLOR.fullmatch(color))
    styles = tuple(f"{name}={value}" for name, value in zip(("color", "background"), colors, strict=False) if value)
    if markup != "pango":
        return Line(full, short, styles, errors=tuple(errors))
    read = [pango.parse(full), pango.parse(short)]
    errors.extend(f"wrong markup: {found.error}" for found in read if found.error)
    inner = tuple(style for found in read for style in (*sorted(found.styles), *found.hidden))
    return Line(read[0].text, read[1].text, (*styles, *inner), errors=tuple(errors))


def read_pango(output: bytes) -> Line:
    """Read the first line as Pango markup, as tint2's `execp_markup = 1` does; a wrong one is not drawn."""
    lines, errors = _lines(output)
    found = pango.parse(lines[0])
    wrong = (f"wrong markup: {found.error}",) if found.error else ()
    return Line(found.text, styles=(*sorted(found.styles), *found.hidden), links=found.links, errors=(*errors, *wrong))


def _lines(output: bytes) -> tuple[list[str], tuple[str, ...]]:
    text = output.decode("utf-8", "replace")
    errors = ["invalid UTF-8"] if text.encode() != output else []
    lines = text.removesuffix("\n").split("\n")
    if len(lines) > 1:
        errors.append("more than one line")
    return lines, tuple(errors)
