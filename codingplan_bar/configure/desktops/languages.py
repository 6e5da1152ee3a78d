"""Configurations that are programs: of Hyprland and awesome in Lua, of xmonad in Haskell, of qtile in Python.

Nothing is run. Each reader gives the commands that it finds, a line for a shell each; what it has read is in `seen`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from codingplan_bar.configure.desktops.shell import UNSAID, Known, expanded, is_new
from codingplan_bar.configure.files import said

_TEXT = r"""(?:[fFrRbBuU]{0,2}(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\[\[(?s:.*?)(?:\]\]|\Z))"""
_ASKED = rf"""(?P<ask>os\.getenv|os\.environ(?:\.get)?|os\.path\.expanduser)[(\[]\s*(?P<of>{_TEXT})\s*[)\]]"""
_NAME = r"[A-Za-z_][\w.']*(?:\(\))?"
_ITEM = rf"(?:{re.sub('[?]P<[a-z]+>', '?:', _ASKED)}|{_TEXT}|{_NAME})"
_VALUE = rf"{_ITEM}(?:\s*(?:\.\.|\+\+?|<>)\s*{_ITEM})*"
"""A text, a variable of the environment, a name; and several of these in a row, as each of the languages joins them."""

LONGEST = 10_000
"""Of a value: one that names itself twice, line after line, would have no end."""


def _meant(value: str, known: Known) -> str:
    """What a value says, as far as it is known."""
    return "".join(_meant_by(item, known) for item in re.findall(_ITEM, value))[:LONGEST]


def _meant_by(item: str, known: Known) -> str:
    if asked := re.fullmatch(_ASKED, item):
        return _bare(asked["of"]) if asked["ask"].endswith("expanduser") else known.get(_bare(asked["of"]), UNSAID)
    if not re.fullmatch(_TEXT, item):
        return known.get(item, UNSAID)
    filled = item[0] in "fF" or item[1:2] in ("f", "F")
    return re.sub(r"\{([^{}]*)\}", lambda name: known.get(name[1], UNSAID), _bare(item)) if filled else _bare(item)


def _bare(text: str) -> str:
    """A text without its quotes."""
    if text.startswith("[["):
        return text[2:-2]
    return re.sub(r"\\(.)", r"\1", text.lstrip("fFrRbBuU")[1:-1])


# Hyprland's Lua starts everything by one function, so its files are followed one after the other.

LUA = re.compile(
    rf"(?P<text>{_TEXT})|--\[\[(?s:.*?)\]\]|--[^\n]*|\bhl\.exec_cmd\s*\(?\s*(?P<started>{_VALUE})"
    rf"|\brequire\s*\(?\s*(?P<module>{_TEXT})|\bdofile\s*\(\s*(?P<file>{_VALUE})"
    rf"|\bfor\s+\w+\s*,\s*(?P<each>\w+)\s+in\s+ipairs\s*\(\s*(?P<list>[\w.]+|\{{[^{{}}]*\}})"
    rf"|(?P<name>[A-Za-z_][\w.]*)\s*=(?!=)\s*(?:\{{(?P<items>[^{{}}]*)\}}|(?P<value>{_VALUE}))"
)
"""What is looked for in Hyprland's Lua: a command, another file, and what a name stands for."""


def of_hyprlands_lua(path: Path, known: Known, seen: list[Path]) -> Iterator[str]:
    """Hyprland's from 0.55. A name may stand for several texts, a line each: those of a list, one after the other."""
    for found in LUA.finditer(said(path) if is_new(path, seen) else ""):
        if found["name"]:
            known[found["name"]] = _texts(found["items"]) if found["items"] else _meant(found["value"] or "", known)
        elif found["each"]:
            known[found["each"]] = known.get(found["list"], _texts(found["list"]))
        elif found["started"]:
            yield from _meant(found["started"], known).splitlines()
        elif found["module"]:
            named = _meant(found["module"], known).replace(".", "/")
            for file in (f"{named}.lua", f"{named}/init.lua"):
                yield from of_hyprlands_lua(seen[0].parent / file, known, seen)
        elif found["file"]:
            yield from of_hyprlands_lua(path.parent / expanded(_meant(found["file"], known), known), known, seen)


def _texts(items: str) -> str:
    """The texts of a list, a line each."""
    return "\n".join(_bare(text) for text in re.findall(_TEXT, items))


# The others have as many ways to start something as there are people. So what stands after a word that starts something
# is a command, and so is any other text that names a file. Any other text is left: it is in a rule about windows, say.

STARTS = r"[\w.]{0,40}(?i:spawn|exec|popen|system|call|run)[\w.]{0,40}[\s($]*"
_ITEMS = rf"{_VALUE}(?:\s*,\s*{_VALUE})*"
STARTED = re.compile(
    rf"(?:(?P<name>{_NAME})\s*(?:=(?!=)|<-)\s*)?(?P<starts>{STARTS})?"
    rf"(?:[\[{{]\s*(?P<list>{_ITEMS})\s*,?\s*[\]}}]|(?P<value>{_VALUE})(?:\s*\[\s*(?P<more>{_ITEMS})\s*\])?)"
)


def _of_program(path: Path, known: Known, seen: list[Path], *, remark: str) -> Iterator[str]:
    """The commands in all files of that language in the folder of the one that is read first."""
    for file in (path, *sorted(path.parent.rglob(f"*{path.suffix}"))) if path.is_file() else ():
        text = said(file) if is_new(file, seen) else ""
        if path.suffix != ".lua":  # a list in a list, and no text of Lua's
            text = re.sub(r"\[(?=\[)", "[ ", text)
        text = re.sub(rf"({_TEXT})|{remark}", lambda found: found[1] or " ", text, flags=re.MULTILINE)
        for found in STARTED.finditer(text):
            yield from _commands(found, known)


def _commands(found: re.Match[str], known: Known) -> Iterator[str]:
    """The commands that one value is, or a list of them; its name is kept in `known`."""
    parts = [found[part] or "" for part in ("value", "list", "more")]
    items = [_meant(value, known) for part in parts for value in re.findall(_VALUE, part)]
    if found["name"]:
        known[found["name"]] = "\n".join(items)
    if found["more"] or any(item.startswith("-") for item in items[1:]):  # the words of one command
        items = [" ".join(map(shlex.quote, items))]
    yield from (item for item in items if found["starts"] or "/" in item)


of_lua = partial(_of_program, remark=r"--\[\[(?s:.*?)(?:\]\]|\Z)|--.*$")
of_haskell = partial(_of_program, remark=r"\{-(?s:.*?)(?:-\}|\Z)|--+(?![!#$%&*+./<=>?@\\^|~-]).*$")
of_python = partial(_of_program, remark=r"#.*$")
