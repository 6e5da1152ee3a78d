"""Characters that no bar should be given, and how many columns a text takes."""

from __future__ import annotations

import unicodedata
from collections import Counter

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
