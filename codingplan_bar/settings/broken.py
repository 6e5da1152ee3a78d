"""A file of settings that is not good as a whole: what is still known of it, and the step that mends it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from codingplan_bar import paths, words
from codingplan_bar.regions import NAMES
from codingplan_bar.settings import values
from codingplan_bar.settings.faults import Fault, nearest

OF_A_BROKEN_FILE = re.compile(r"""^\s*(language|region)\s*=\s*["']?([\w.-]{1,40})""", re.MULTILINE)
_PLACE = re.compile(r"\(at line (\d{1,9}), column \d+\)")
_BARE = re.compile(r"\s*([a-z_]+)\s*=\s*([\w./~:-]+)\s*(?:#.*)?")
"""A setting whose value is one word without its quotes; an address with a password has an `@`."""
_NOTHING: Mapping[str, str] = MappingProxyType({})


def of_the_file(key: str, where: str, reason: str, *, guess: str = "", facts: Mapping[str, str] = _NOTHING) -> Fault:
    """The fault; `facts` may have the command that `opens` the file."""
    return Fault(key, where, where, limits=True, guess=guess, reason=reason, facts=facts)


def opening(environ: Mapping[str, str]) -> str:
    """The command that makes the file readable: its own mode is to blame, or that of the first folder that is shut.

    Empty where that belongs to another user, whom the command would not obey.
    """
    from codingplan_bar.process import typed_path  # only a file that is shut needs it

    path = Path(paths.config_file(environ))
    shut = next((each for each in reversed(path.parents) if not os.access(each, os.X_OK)), None)
    if not paths.is_mine((shut or path).stat().st_uid):
        return ""
    shown = typed_path(paths.displayed(str(shut or path), environ))
    return f"chmod {'u+rwx' if shut else 'u+rw'} {shown}"


def in_quotes(text: str, error: Exception, takes: Callable[[str, str], bool]) -> str:
    """The line at which the parser stopped, with quotes around its value where that alone is missing; else empty.

    `takes`: whether a setting of that name can have that word, and it may be shown.
    """
    place = _PLACE.search(str(error))
    lines = text.split("\n")
    found = _BARE.fullmatch(lines[int(place[1]) - 1].rstrip()) if place and int(place[1]) <= len(lines) else None
    name, value = found.groups() if found else ("", "")
    return f'{name} = "{value}"' if name and takes(name, value) else ""


def lenient(name: str, value: object) -> str | None:
    """What a wrong `language` or `region` still says of the words and of the console's address; None for the rest."""
    word = value.strip().lower() if isinstance(value, str) else ""
    if name == "language":
        return words.table_of(word) or (nearest(word, values.LANGUAGES) or None)
    if name == "region":
        is_cn = word.startswith(("cn", "ch"))
        return "cn" if is_cn else NAMES[word].region.name if word in NAMES else nearest(word, ("intl", "cn")) or None
    return None
