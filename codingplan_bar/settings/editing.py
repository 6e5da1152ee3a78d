"""One change of config.toml, in its text and then in the file: a value is set or taken out, every other byte stays.

A line editor of its own and no library: what it writes is proven. The file is read by `tomllib` before and after, and
where the second reading is anything but the first with that one change, the change is refused.
"""

from __future__ import annotations

import json
import pathlib
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codingplan_bar import storage
from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.files import Configuration
from codingplan_bar.errors import StorageFailure
from codingplan_bar.settings.settings import SECRETS

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_KEY = re.compile(rf"[ \t]*({_PART}(?:[ \t]*\.[ \t]*{_PART})*)[ \t]*=[ \t]*")
_HEADER = re.compile(r"[ \t]*\[")
_MAY_END = re.compile(r"""["'\]}]""")
"""A value of several lines ends in a line that closes something (TOML 1.0: strings, arrays)."""
MARK = "\ufeff"

Path = tuple[str, ...]


class NotInLines(ValueError):
    """The setting does not stand in lines of its own that could be changed."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """One `key = value` or one `[header]`: `first` to `end` are its lines, `path` its name from the file's top."""

    path: Path
    first: int
    end: int
    begins: int = 0
    """Where the value begins in the text of the lines; 0 for a header."""


def changed(text: str, path: Path, value: object | None) -> str:
    """The text with `path` set to `value`, or without it for None. Raises ValueError where the text is not TOML.

    Raises `NotInLines` where the result would not be the same settings with that one change.
    """
    before = tomllib.loads(text.removeprefix(MARK))
    value = dict(value) if isinstance(value, Mapping) else list(value) if isinstance(value, tuple) else value
    wanted = _with(before, path, value)
    if _plain(wanted) == _plain(before):
        return text
    mark = text[: text.startswith(MARK)]
    result = mark + _edited(text.removeprefix(MARK), path, value, wanted)
    try:
        is_proven = _plain(tomllib.loads(result.removeprefix(MARK))) == _plain(wanted)
    except ValueError:
        is_proven = False
    if not is_proven:
        raise NotInLines(".".join(path))
    return result


def toml(value: object) -> str:
    """A value as TOML writes it in one line: texts, numbers, switches, lists, and tables of them."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{toml(str(name))} = {toml(each)}" for name, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml, value)) + "]"
    # JSON's escapes are TOML's, but for DEL, which TOML wants escaped
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _with(table: Mapping[str, Any], path: Path, value: object | None) -> dict[str, Any]:
    """The settings with that change: a table that has nothing left goes, too."""
    first, *rest = path
    inner = table.get(first)
    if rest:
        value = _with(inner if isinstance(inner, dict) else {}, tuple(rest), value) or None
    kept = {name: each for name, each in table.items() if name != first}
    return kept if value is None else {**table, first: value}


def _plain(value: object) -> object:
    """What compares as TOML does: 1 is neither 1.0 nor true."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else f"{type(value).__name__} {value!r}"


def _edited(text: str, path: Path, value: object | None, wanted: Mapping[str, Any]) -> str:
    lines = _LINE.findall(text)
    found = list(_statements(lines))
    if len(path) > 1 and _value_of(path[:1], found):  # the entry of a table that stands in one line
        path, value = path[:1], wanted.get(path[0])
    if value is None:
        return "".join(_without(path if path[0] in wanted else path[:1], found, lines))
    if same := _value_of(path, found):
        return _replaced(lines, same, toml(value))
    kept = _without(path, found, lines)
    is_inside = any(each.path == path[:-1] and not each.begins for each in found)
    _insert(kept, _place(lines, found, path), f"{'.'.join(path[-1:] if is_inside else path)} = {toml(value)}")
    return "".join(kept)


def _value_of(path: Path, found: Sequence[_Statement]) -> _Statement | None:
    """The statement that gives that name a value, or None."""
    return next((each for each in found if each.path == path and each.begins), None)


def _without(path: Path, found: Sequence[_Statement], lines: Sequence[str]) -> list[str]:
    """The lines, empty where a statement stands of that name or of one in it."""
    gone = [each for each in found if each.path[: len(path)] == path]
    return ["" if any(each.first <= n < each.end for each in gone) else line for n, line in enumerate(lines)]


def _statements(lines: Sequence[str]) -> Iterator[_Statement]:
    """Each statement of a text that is TOML. Raises `NotInLines` for one that is not understood."""
    section: Path = ()
    number = 0
    while number < len(lines):
        line = lines[number]
        if not line.strip() or line.lstrip().startswith("#"):
            number += 1
            continue
        if _HEADER.match(line):
            section = _path_of(line)
            yield _Statement(section, number, number + 1)
            number += 1
            continue
        key = _KEY.match(line)
        if key is None:
            raise NotInLines(line[:20])
        end = _end(lines, number)
        yield _Statement((*section, *_path_of(f"{key[1]} = 0")), number, end, key.end())
        number = end


def _end(lines: Sequence[str], first: int) -> int:
    """The line behind a statement: the parser itself says what is whole."""
    text = ""
    for number in range(first, len(lines)):
        text += lines[number]
        if number == first or _MAY_END.search(lines[number]):
            try:
                tomllib.loads(text)
            except ValueError:
                continue
            return number + 1
    raise NotInLines(lines[first][:20])


def _path_of(statement: str) -> Path:
    """The name that a statement gives a value to, or that a header opens."""
    inner: Any = tomllib.loads(statement)
    path = []
    while isinstance(inner, dict) and inner:
        [(name, inner)] = inner.items()
        path.append(name)
    return tuple(path)


def _replaced(lines: Sequence[str], statement: _Statement, value: str) -> str:
    """The lines with another value; a comment behind it stays where it is."""
    old = "".join(lines[statement.first : statement.end])
    ends = _end_of_value(old, statement.begins)
    new = old[: statement.begins] + value + old[ends:]
    return "".join([*lines[: statement.first], new, *lines[statement.end :]])


def _end_of_value(text: str, begins: int) -> int:
    """Where the value ends: in front of its comment, or of the line's end."""
    last = text.rfind("\n", 0, len(text) - 1) + 1
    for place in (each.start() for each in re.finditer("#", text[last:])):
        cut = text[: last + place]
        if last + place > begins and _is_whole(cut):
            return len(cut.rstrip())
    return len(text.rstrip())


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True


def _place(lines: Sequence[str], found: Sequence[_Statement], path: Path) -> int:
    """The number of the line in front of which a new statement goes.

    That is behind its table's last line, else behind the template's own line for it, else behind the last of the
    settings, always in front of the first table.
    """
    section = [each for each in found if len(path) > 1 and each.path[: len(path) - 1] == path[:-1]]
    if section:
        return section[-1].end
    header = next((each.first for each in found if not each.begins), len(lines))
    for number, line in enumerate(lines[:header]):
        if line.startswith((f"#{path[0]} =", f"# {path[0]} =")):
            return number + 1
    above = [each.end for each in found if each.end <= header]
    if above or header == len(lines):
        return above[-1] if above and header < len(lines) else len(lines)
    while header and lines[header - 1].lstrip().startswith("#"):  # what is said of the table stays above it
        header -= 1
    return header


def _insert(lines: list[str], place: int, statement: str) -> None:
    """Put a line of its own there, with the line ends of the file."""
    end = "\r\n" if any(line.endswith("\r\n") for line in lines) else "\n"
    if place and lines[place - 1] and not lines[place - 1].endswith("\n"):
        lines[place - 1] += end
    lines.insert(place, statement + end)


# The same in the file, for `config` and for `logout --all`.

PRIVATE = 0o600
UNWRITTEN = (LeftAlone, StorageFailure, OSError, ValueError)
"""What keeps a setting from being written."""


def write(path: pathlib.Path, name: tuple[str, ...], value: Any, environ: Mapping[str, str]) -> None:
    """Put a value into the file of settings, or take it out for None. Raises what is in `UNWRITTEN`."""
    file = Configuration(path, environ)
    before = file.text()
    text = changed(before, name, value)
    if SECRETS & tomllib.loads(text.removeprefix(MARK)).keys() and file.is_there() and _is_for_others(file.path):
        file.path.chmod(PRIVATE)  # before the secret is in it: no instant is left in which others can read it
    if not file.is_there():
        storage.replace(file.path, text)
    elif text != before:
        file.replace(text, mode=PRIVATE)


def _is_for_others(path: pathlib.Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
