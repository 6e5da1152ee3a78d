"""Outside text, cleaned to one line of visible characters for any bar, or read as a number or a credential."""

from __future__ import annotations

import math
import re
import unicodedata

READ_PER_CHARACTER = 16
"""How many characters are looked at for each one that may be shown: a text of 1 MB costs as much as a short one."""

UNSEEN = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Characters that draw nothing, though Unicode counts them as letters, marks or symbols."""

NO_MARK_AFTER = frozenset("&<>'\" ")
"""A combining mark behind one of these would fuse with it, so that a bar no longer sees its own markup."""


def clean(text: str, limit: int) -> str:
    """Return `text` as one visible line in NFC of at most `limit` characters (at least 1), with `…` where it was cut.

    Line ends of every kind and runs of white space become one space. Control, format and bidi characters, lone
    surrogates, private and unassigned code points go, as do combining marks that have no letter to sit on.
    Cleaning twice is cleaning once.
    """
    seen = text[: limit * READ_PER_CHARACTER]
    drawn = "".join(" " if char.isspace() else char for char in seen if char.isspace() or _is_drawn(char))
    carried = _without_stray_marks(unicodedata.normalize("NFC", drawn))
    return _cut(" ".join(carried.split()), limit)


def _is_drawn(char: str) -> bool:
    """Whether a character other than white space leaves something on the screen that stays in its place."""
    category = unicodedata.category(char)
    if category == "Mn" and "VARIATION SELECTOR" in unicodedata.name(char, ""):
        return False
    return category[0] != "C" and char not in UNSEEN


def _without_stray_marks(text: str) -> str:
    """Drop each combining mark that begins the text or follows a character of NO_MARK_AFTER."""
    kept: list[str] = []
    for char in text:
        if _is_mark(char) and (not kept or kept[-1] in NO_MARK_AFTER):
            continue
        kept.append(char)
    return "".join(kept)


def _cut(text: str, limit: int) -> str:
    """Shorten to `limit` characters, between two letters and never between a letter and its marks."""
    if len(text) <= limit:
        return text
    end = limit - 1
    while end and _is_mark(text[end]):
        end -= 1
    return text[:end].rstrip() + "…"


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


# Values from outside, taken only where they can be what they are said to be.

_NUMBER = re.compile(r"\s*[+-]?(?:\d{1,400}(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?\s*", re.ASCII)


def number(value: object, lowest: float, highest: float) -> int | float:
    """A number that a user wrote or a program gave, within the bounds, both included; a whole one is an int.

    The one reading of options, settings and COLUMNS. Raises ValueError: nan, an infinity, true, digits of other
    scripts are not a number.
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number and not (isinstance(value, str) and _NUMBER.fullmatch(value)):
        raise ValueError("not a number")
    try:
        found = float(value)  # type: ignore[arg-type]  # it is one of the three
    except OverflowError:
        found = math.inf
    if not lowest <= found <= highest or not math.isfinite(found):
        raise ValueError("beyond the bounds")
    return int(found) if found.is_integer() else found


LONGEST_CREDENTIAL = 16 * 1024
"""Characters; the longest tokens that are known have two thousand."""

_CREDENTIAL = re.compile(r"[\x21-\x7e]+")
_WHOLE = re.compile(r"[0-9]{1,19}")


def credential(value: object) -> str:
    """A token, an id or a secret without what stands around it; empty where the value cannot be one.

    White space and one pair of quotes around it go. What is left is visible ASCII, so it can stand in a header.
    """
    if not isinstance(value, str) or len(value) > LONGEST_CREDENTIAL:
        return ""
    bare = unquoted(value)
    return bare if _CREDENTIAL.fullmatch(bare) else ""


def unquoted(text: str) -> str:
    """A text without the white space and the one pair of quotes around it."""
    bare = text.strip()
    return bare[1:-1].strip() if len(bare) > 1 and bare[0] in "'\"" and bare[0] == bare[-1] else bare


def whole_number(value: object) -> int | None:
    """A number of the provider's accounts, also as text; None where it is not one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 < value < 10**19 else None
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value) or None
    return None
