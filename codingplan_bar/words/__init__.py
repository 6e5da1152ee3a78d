"""The words for people, which table of them a user reads, and sentences as each language writes them.

Chinese has no space between two of its characters nor beside a full-width mark, `、` between the items of a list, and
a full-width colon and brackets; beside Latin letters and digits a space stays (clreq, section 3.2). Imports nothing:
the warm road goes through here.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MARKS = "，。：；、！？（）《》“”"
"""Full-width marks: each brings its own space along."""
ELLIPSIS = "…"
"""English has it too: it is a full-width mark where a Chinese character or another mark is beside it."""


WRITTEN_OUT = 10**15
"""From here on a number is written as 1e+15: nothing has room for more digits."""


def filled(pattern: str, *facts: object, **named: object) -> str:
    """The pattern with its gaps filled, and without the spaces that its facts have made one too many."""
    return tidied(pattern.format(*facts, **named))


def tidied(text: str) -> str:
    """The text without a space between two Chinese characters, or beside a full-width mark."""
    if text.isascii() or " " not in text:
        return text
    kept = [char for place, char in enumerate(text) if char != " " or not _is_too_many(text, place)]
    return "".join(kept)


def whole_percent(value: float) -> int:
    """A percentage as a whole number, where 100 is all of it and no less."""
    return 99 if 99 < value < 100 else round(value)


def amount(number: float, total: float) -> str:
    """Credits, rounded, since only their share is given. A part of the total never becomes 0, or all of it."""
    if 0 < number < 1 <= total:
        return "<1"
    whole = min(round(number), -(-total // 1) - 1) if 0 < number < total else round(number)
    return f"{whole:,.0f}" if whole < WRITTEN_OUT else f"{whole:,.10g}"


def listed(items: "Iterable[str]", language: str) -> str:
    """The items of a list."""
    return ("、" if language == "zh" else ", ").join(items)


def _is_too_many(text: str, place: int) -> bool:
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if not before or not after or " " in before + after:
        return False
    if before in MARKS or after in MARKS:
        return True
    sides = (before, after)
    return any(map(_is_chinese, sides)) and all(_is_chinese(side) or side == ELLIPSIS for side in sides)


def _is_chinese(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def table(language: str, file: str, name: str) -> "Mapping[str, str]":
    """The table of that name in `words/LANGUAGE/FILE.py`, of `en` or `zh`; the bars' own stands in no file of these.

    The other language is not loaded.
    """
    module = __import__(f"codingplan_bar.words.{language}{file and '.' + file}", fromlist=(name,))
    found: Mapping[str, str] = getattr(module, name)
    return found


TRADITIONAL = {"tw", "hk", "mo", "hant"}
"""Where and how Traditional Chinese is written: English is read there until it has a table of its own."""
NO_LANGUAGE = ("", "C", "POSIX")


def table_of(tag: str) -> str:
    """The table, `en` or `zh`, for a language tag or a locale (`zh-Hans`, `zh_CN.UTF-8`); empty for other languages."""
    parts = tag.lower().partition(".")[0].partition("@")[0].replace("_", "-").split("-")
    if parts[0] == "zh":
        return "en" if TRADITIONAL.intersection(parts) and "hans" not in parts else "zh"
    return "en" if parts[0] == "en" else ""


def table_for(environ: "Mapping[str, str]", system: str = "") -> str:
    """The table for a user's locale: LANGUAGE, a list, comes first, unless the locale is C (gettext's manual, 2.3).

    `system` is the language that the system is set to, for where the environment names no locale.
    """
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    wanted = [] if locale.partition(".")[0] in NO_LANGUAGE else environ.get("LANGUAGE", "").split(":")
    return next(filter(None, map(table_of, [*wanted, locale or system])), "en")
