"""polybar's ini: its keys and where they stand, what a section inherits, and which modules a bar names by it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from codingplan_bar.configure.block import LeftAlone, line_of

SIDES = ("modules-right", "modules-left", "modules-center")

KEY = r"(?P<key>[^][;#=\s][^=\r\n]*?)[ \t]*=[ \t]*(?P<value>[^\r\n]*?)"
LINE = re.compile(rf"^[ \t]*(?:\[(?P<section>[^]\r\n]+)\]|{KEY})[ \t]*(?=\r?$)", re.MULTILINE)
REFERENCE = re.compile(r"\$\{(?P<section>[^.:}]+)\.(?P<key>[^:}]+)\}")


@dataclass(frozen=True)
class IniEntry:
    """One key, and from where to where its value stands: within the quotes, where it has some."""

    section: str
    key: str
    value: str
    begins: int
    line: int

    @property
    def ends(self) -> int:
        """Where the value ends."""
        return self.begins + len(self.value)


@lru_cache(maxsize=32)
def entries(text: str) -> Sequence[IniEntry]:
    """All keys of a file, in their order. One that is asked about again is not read again."""
    found, section = [], ""
    for match in LINE.finditer(text, 1 if text.startswith("\ufeff") else 0):
        section = match["section"] or section
        if match["key"]:
            value, begins = match["value"], match.start("value")
            if len(value) > 1 and value[0] == value[-1] == '"':
                value, begins = value[1:-1], begins + 1
            found.append(IniEntry(section, match["key"], value, begins, line_of(text, match.start("key"))))
    return tuple(found)


Keys = dict[tuple[str, str], IniEntry]
"""Each key by its section and its name."""


def list_of(section: str, key: str, keys: Keys, bar: str = "") -> IniEntry:
    """Where the names themselves stand: in that key of a section, or where it refers to, as far as that goes.

    polybar resolves `${section.key}` where it is the whole value, and nothing within one. The `bar` is what its own
    words for one stand for, the section itself if none is given. Raises `LeftAlone` for another place than this file.
    """
    own, first, seen = bar or section, keys[section, key], {(section, key)}
    while (value := keys[section, key].value).startswith("${") and value.endswith("}"):
        reference = REFERENCE.fullmatch(value)
        if reference:
            named, key = reference.groups()
            section = {"root": own, "BAR": own, "self": section}.get(named, named)
        if not reference or (section, key) not in keys or (section, key) in seen:
            raise LeftAlone("reference", first.line, value)
        seen.add((section, key))
    return keys[section, key]


def resolved(everything: Sequence[IniEntry], bar: str) -> Keys:
    """What each section says, with what it inherits as polybar copies that: section after section, by their names.

    So what a section has inherited itself is for those heirs alone whose names come later.
    """
    keys = {(each.section, each.key): each for each in everything}
    for section in sorted({section for section, key in keys if key == "inherit"}):
        for base in _bases(section, keys, bar):
            keys = {(section, key): entry for (name, key), entry in keys.items() if name == base} | keys
    return keys


def _bases(section: str, keys: Keys, bar: str) -> list[str]:
    """From which sections one inherits; none where only polybar itself would know."""
    with suppress(LeftAlone):
        return list_of(section, "inherit", keys, bar).value.split()
    return []


def heirs(everything: Sequence[IniEntry]) -> list[str]:
    """The bars from which no other inherits: one that others do inherit from is rarely started itself."""
    sections = dict.fromkeys(each.section for each in everything if each.section.startswith("bar/"))
    own = {(each.section, each.key): each for each in everything}
    above = {base for section, key in own if key == "inherit" for base in _bases(section, own, section)}
    return [section.removeprefix("bar/") for section in sections if section not in above]


def shown_in(section: str, everything: Sequence[IniEntry]) -> list[str]:
    """The modules that a bar names itself, or else by what it inherits from."""
    keys = resolved(everything, section)
    words: list[str] = []
    for side in SIDES:
        if (section, side) in keys:
            with suppress(LeftAlone):
                words += list_of(section, side, keys).value.split()
    return words


# What polybar does not start with, in the order in which it looks.

FORBIDDEN = re.compile(r"""[\s"'=;#()\[\]{}:.$\\%]""", re.ASCII)
"""What no name of a section or of a key may have in it."""
RESERVED = {"self", "BAR", "root"}
SPACE = " \t\n\v\f\r"


def wrong_line(text: str) -> int:
    """The first line that polybar cannot read; 0 where it reads them all."""
    return next((number for number, line in enumerate(text.split("\n"), 1) if not _is_read(line.strip(SPACE))), 0)


def _is_read(line: str) -> bool:
    if not line or line[0] in ";#":
        return True
    is_header = line[0] == "["
    name = line[1:-1] if is_header else line.partition("=")[0].strip(SPACE)
    is_whole = line.endswith("]") and name not in RESERVED if is_header else "=" in line
    return is_whole and bool(name) and not FORBIDDEN.search(name)


def twice(everything: Sequence[IniEntry]) -> tuple[str, str] | None:
    """A section and a key that it has twice; None where all is well."""
    seen: set[tuple[str, str]] = set()
    for each in everything:
        if (place := (each.section, each.key)) in seen:
            return place
        seen.add(place)
    return None


def without_base(text: str) -> tuple[str, str] | None:
    """A section and one that it inherits from, which is not there; None where all is well."""
    there = {found["section"] for found in LINE.finditer(text)}
    keys = {(each.section, each.key): each for each in entries(text)}
    heirs_of = ((section, base) for section, key in keys if key == "inherit" for base in _bases(section, keys, section))
    return next(((section, base) for section, base in heirs_of if base not in there), None)
