"""How the value of a setting is read: from TOML it has a type, from the environment it is text.

Each reader takes either and gives the checked value. Raises `WrongValue`, which never holds the value of a text: it may
be a secret.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from codingplan_bar import text as texts
from codingplan_bar import words
from codingplan_bar.browsers import catalogue
from codingplan_bar.facts import STATES
from codingplan_bar.model import RegionName
from codingplan_bar.plans import ASKED
from codingplan_bar.regions import CN, NAMES
from codingplan_bar.settings.faults import WrongValue, in_ascii, nearest
from codingplan_bar.settings.templates import PRESETS, template

LANGUAGES = ("auto", "en", "zh")
TEXT_LIMIT = 64 * 1024
SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
"""The kinds of proxy that the transport speaks."""

_PROXY = rf"(?i:{'|'.join(SCHEMES)})://[!-~]+"
_LANGUAGE = r"[A-Za-z]{2}(?:[-_][A-Za-z0-9]{2,8}){0,3}(?:\.[A-Za-z0-9-]{1,20})?"


def half_width(value: Any) -> Any:
    """A list or a number as a text, without the characters of a Chinese input method; no text as it is."""
    return in_ascii(value) if isinstance(value, str) else value


def choice(*known: str) -> Callable[[Any], str]:
    """A reader of one of the words."""

    def read(value: Any) -> str:
        if value not in known:
            raise WrongValue("choice", choices=", ".join(known), guess=nearest(value, known))
        return str(value)

    return read


OTHER_NAMES = {"china": CN.name, "mainland": CN.name}
"""What else the regions are called: that is meant, and not taken."""


def region(value: Any) -> RegionName:
    """`intl` or `cn`; the names of their sites, `international` and `domestic`, are taken, too."""
    if isinstance(value, str) and value in NAMES:
        return NAMES[value].region.name
    meant = nearest(value, (*NAMES, *OTHER_NAMES))
    raise WrongValue("region", guess=NAMES[meant].region.name if meant in NAMES else OTHER_NAMES.get(meant, ""))


def plan(value: Any) -> str:
    """The long name of a plan, or `auto`; the short names are taken, too."""
    known = ASKED.get(value) if isinstance(value, str) else None
    if known is None:
        raise WrongValue("choice", choices=", ".join(ASKED), guess=nearest(value, ASKED))
    return known


def some_of(*known: str) -> Callable[[Any], tuple[str, ...]]:
    """A reader of a list of the words: at least one, each at most once."""

    def read(value: Any) -> tuple[str, ...]:
        found = names(value)
        if not found or len(set(found)) < len(found) or not set(found) <= set(known):
            stranger = next((item for item in found if item not in known), "")
            raise WrongValue("some_of", choices=", ".join(known), guess=nearest(stranger, known))
        return found

    return read


def number(lowest: float, highest: float) -> Callable[[Any], int | float]:
    """A reader of a number in those bounds, both included."""

    def read(value: Any) -> int | float:
        try:
            return texts.number(half_width(value), lowest, highest)
        except ValueError:
            raise WrongValue("number", lowest=lowest, highest=highest) from None

    return read


def switch(value: Any) -> bool:
    """True or false; from the environment also 1/0, yes/no, on/off."""
    known = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
    found = value if isinstance(value, bool) else known.get(value.lower()) if isinstance(value, str) else None
    if found is None:
        raise WrongValue("switch", guess=nearest(value, known))
    return found


def text(value: Any) -> str:
    """A text of at most 64 Ki characters; of several lines too, as a pasted command is."""
    if not isinstance(value, str):
        raise WrongValue("text")
    if len(value) > TEXT_LIMIT:
        raise WrongValue("length", limit=TEXT_LIMIT)
    return value


def path(value: Any) -> str:
    """An absolute path, or one below `~/`; empty for what is usual."""
    if not isinstance(value, str) or not (value == "" or value.startswith(("/", "~/"))) or "\0" in value:
        raise WrongValue("path")
    return value


def proxy(value: Any) -> str:
    """The address of a proxy; empty for those of the environment."""
    if not isinstance(value, str) or not (value == "" or re.fullmatch(_PROXY, value)):
        raise WrongValue("proxy")
    return value


def language(value: Any) -> str:
    """`auto`, or the table for a language tag such as zh, zh-CN, zh_CN.UTF-8 or zh-Hant: `en` or `zh`."""
    tag = value if isinstance(value, str) else ""
    found = tag.lower()
    if found not in LANGUAGES:
        found = words.table_of(tag) if re.fullmatch(_LANGUAGE, tag) else ""
    if not found:
        raise WrongValue("choice", choices=", ".join(LANGUAGES), guess=nearest(value, LANGUAGES))
    return found


TOOLTIP = "tooltip"
"""What `preview` shows below the presets: no text that a line is to be."""


def line(value: Any) -> str:
    """A template, or the name of a preset; one bare word that is nearly a preset's name is that name misspelt."""
    compiled = template(value)
    word = str(value).strip()
    if value not in PRESETS and word.isalpha() and ((guess := nearest(value, PRESETS)) or word == TOOLTIP):
        raise WrongValue("choice", choices=", ".join(PRESETS), guess=guess)
    return compiled


def names(value: Any) -> tuple[str, ...]:
    """A list of words; from the environment with commas between them. The name of a folder keeps its characters."""
    text = value if isinstance(value, str) and "/" in value else half_width(value)
    items = [item.strip() for item in text.split(",")] if isinstance(text, str) else text
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise WrongValue("words")
    return tuple(item for item in items if item)


def browsers(value: Any) -> tuple[str, ...]:
    """A list of browsers by their names in `catalogue`, or by the folder that has their profiles."""
    items = names(value)
    for place, item in enumerate(items, start=1):
        if catalogue.unknown([item]):
            known = ", ".join(browser.name for browser in catalogue.BROWSERS[:8])
            raise WrongValue("browser", item=place, choices=known, guess=nearest(item, catalogue.BY_NAME))
    return items


def arguments(value: Any) -> tuple[str, ...]:
    """A command as a list of arguments, or as one text that is split as a shell would, and run without one."""
    try:
        items = shlex.split(value) if isinstance(value, str) else value
    except ValueError:  # a quotation mark that is never closed
        items = None
    if not isinstance(items, list) or not all(isinstance(item, str) and "\0" not in item for item in items):
        raise WrongValue("arguments")
    if items and not items[0].strip():
        raise WrongValue("command")
    return tuple(items)


def thresholds(value: Any) -> tuple[float, float]:
    """The percentages of `warning` and `critical`: 1 ≤ warning ≤ critical ≤ 100; a ratio such as 0.75 is not one."""
    items = half_width(value).split(",") if isinstance(value, str) else value
    try:
        warning, critical = (texts.number(item, 0, 100) for item in items)
    except (TypeError, ValueError):
        raise WrongValue("thresholds") from None
    if not 1 <= warning <= critical:
        raise WrongValue("thresholds")
    return warning, critical


def days(value: Any) -> tuple[float, ...]:
    """Some numbers of days, 0 to 90, the largest first; one number stands for itself, and 0 for none of them."""
    items = half_width(value).split(",") if isinstance(value, str) else value if isinstance(value, list) else [value]
    try:
        found = {texts.number(item, 0, 90) for item in items if item != ""}
    except ValueError:
        raise WrongValue("days") from None
    return tuple(sorted(found - {0}, reverse=True))


OF_A_MODULE = ("background", "foreground")
"""What polybar's module has as its own look, for whatever follows a colour of ours: polybar goes back to the bar's."""


def colors(value: Any) -> Mapping[str, str]:
    """A colour a state, and those of polybar's module; from the environment as `ok=#98c379,error=#e06c75`."""
    if isinstance(value, str):
        pairs = [pair.partition("=") for pair in names(value)]
        if not all(equals for _, equals, _ in pairs):
            raise WrongValue("pairs")
        value = {state.strip(): color.strip() for state, _, color in pairs}
    known = (*STATES, *OF_A_MODULE)
    if not isinstance(value, dict) or not set(value) <= set(known):
        stranger = next((state for state in value if state not in known), "") if isinstance(value, dict) else ""
        raise WrongValue("states", choices=", ".join(known), guess=nearest(stranger, known))
    if not all(isinstance(color, str) and re.fullmatch("#[0-9a-fA-F]{6}", color) for color in value.values()):
        raise WrongValue("color")
    return MappingProxyType(dict(value))


OF_A_BROKEN_FILE = r"""(?m)^\s*(language|region)\s*[=:]\s*["']?([\w.-]{1,40})"""


def lenient(name: str, value: object) -> str | None:
    """What a wrong `language` or `region` still says of the words and of the console's address; None for the rest."""
    word = value.strip().lower() if isinstance(value, str) else ""
    if name == "language":
        return words.table_of(word) or (nearest(word, LANGUAGES) or None)
    if name == "region":
        is_cn = word.startswith(("cn", "ch"))
        return "cn" if is_cn else NAMES[word].region.name if word in NAMES else nearest(word, ("intl", "cn")) or None
    return None
