"""polybar's configuration as polybar reads it: which key of which section says what, and where that stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from codingplan_bar.configure.block import LeftAlone, line_of

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


def entries(text: str) -> list[IniEntry]:
    """All keys of a file, in their order."""
    found, section = [], ""
    for match in LINE.finditer(text, 1 if text.startswith("\ufeff") else 0):
        section = match["section"] or section
        if match["key"]:
            value, begins = match["value"], match.start("value")
            if len(value) > 1 and value[0] == value[-1] == '"':
                value, begins = value[1:-1], begins + 1
            found.append(IniEntry(section, match["key"], value, begins, line_of(text, match.start("key"))))
    return found


def list_of(entry: IniEntry, everything: list[IniEntry]) -> IniEntry:
    """Where the names themselves stand: there, or where the value refers to, as far as that goes.

    polybar resolves `${section.key}` where it is the whole value, and nothing within one. Raises `LeftAlone` for what
    refers to another place than this file.
    """
    first, seen = entry, {entry.line}
    while entry.value.startswith("${") and entry.value.endswith("}"):
        reference = REFERENCE.fullmatch(entry.value)
        section = reference["section"] if reference else ""
        named = {"root": first.section, "BAR": first.section, "self": entry.section}.get(section, section)
        found = [each for each in everything if reference and (each.section, each.key) == (named, reference["key"])]
        if not found or found[-1].line in seen:
            raise LeftAlone("reference", first.line, entry.value)
        entry = found[-1]
        seen.add(entry.line)
    return entry
