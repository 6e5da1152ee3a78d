r"""What xbar (2.2) makes of a plugin's output, exit code 0.

Lines end at `\n`; a blank one is an empty item. `TEXT | key=value`: the first `|` ends the text; a value in quotes ends
at the next such quote, there is no escape. Keys are case-sensitive, and an unknown one, a wrong colour, number or
truth value, or a word without `=` puts a warning in the place of the whole plugin. With `ansi` (default) a text is
unquoted as Go's strings are unless it holds a `"`; with `emojize` (default) `:name:` is an emoji.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from support.grammar.menu import PARAMETER_NUMBER, Item, Menu, actions_of, shortcodes
from support.grammar.pango import COLOR_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE = 65_535
COLOR = re.compile(rf"#([0-9a-f]{{3,4}}|[0-9a-f]{{6}}|[0-9a-f]{{8}})|{COLOR_NAMES}")
BOOL = re.compile("1|t|T|TRUE|true|True|0|f|F|FALSE|false|False")
INT = re.compile(r"[+-]?\d{1,18}")
ANY = re.compile(".*", re.DOTALL)
VALUES = {
    **dict.fromkeys(("key", "href", "font", "shell", "bash", "templateImage", "image"), ANY),
    **dict.fromkeys(("disabled", "terminal", "refresh", "dropdown", "trim", "alternate", "emojize", "ansi"), BOOL),
    **dict.fromkeys(("size", "length"), INT),
    "color": COLOR,
}
GO_ESCAPE = re.compile(r"\\(?:[abfnrtv\\\"]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})")
GO_STRING = re.compile(rf"(?:[^\\\"\n]|{GO_ESCAPE.pattern})*")
LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"'}
TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
ANSI = re.compile(r"\x1b\[([\d;]*)m")


class PluginError(ValueError):
    """What xbar shows in the place of the plugin, or why it panics."""


@dataclass(slots=True)
class Walk:
    """The state between two lines. Of a parent only its place is kept: "bar", "menu", or nothing: there is none."""

    place: str = "bar"
    previous: str = ""
    ancestors: list[str] = field(default_factory=list)
    bar: list[Item] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def take(self, line: str) -> None:
        """Read one line and put it in its place."""
        item = _item(line)
        if line.strip() == "---":
            if self.place == "menu":
                self.items.append(Item("", separator=True))
            self.place = "menu"
            return
        item = self.levelled(item)
        if self.place == "bar":
            self.bar.append(item)
        else:
            self.put_into_menu(item)
        self.previous = self.place

    def levelled(self, item: Item) -> Item:
        """The item at its level: as deep as its dashes say, but at most one deeper than the line before it."""
        text = item.text
        while not text.startswith("--" * len(self.ancestors)):
            self.ancestors.pop()
        if text.startswith("--" * (len(self.ancestors) + 1)):
            self.ancestors.append(self.previous)
        level = len(self.ancestors)
        if level and self.place == "bar":
            self.errors.append(f"a bar line begins with dashes: {text!r}")
        return replace(item, text=text[2 * level :], level=level)

    def put_into_menu(self, item: Item) -> None:
        """Hang the item on its parent, if it has one. Raises PluginError where xbar would panic."""
        parent = self.ancestors[-1] if self.ancestors else "menu"
        if not parent:
            raise PluginError("panic: a submenu without a parent")
        if parent == "bar":
            self.errors.append(f"{item.text!r} hangs on a bar item and is lost")
        elif not self.ancestors and item.parameter("alternate") in TRUE and not self.previous:
            raise PluginError("panic: an alternate of nothing")
        elif self.ancestors or item.parameter("dropdown", "true") in TRUE:
            self.items.append(item)


def read(output: bytes) -> Menu:
    """The menu after `output`; `dead` where a warning takes its place or xbar panics."""
    walk = Walk()
    text = output.decode("utf-8", "replace")
    errors = ["invalid UTF-8"] if "\ufffd" in text and b"\xef\xbf\xbd" not in output else []
    lines = [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]
    try:
        for line in lines:
            walk.take(line)
    except PluginError as error:
        return Menu(visible=False, dead=True, errors=(*errors, str(error)))
    bar, items = tuple(map(_finished, walk.bar)), tuple(map(_finished, walk.items))
    errors += ["an empty item" for item in (*bar, *items) if not item.text and not item.separator]
    return Menu(visible=any(item.text for item in bar), bar=bar, items=items, errors=(*errors, *walk.errors))


def _item(line: str) -> Item:
    if len(line.encode()) > LONGEST_LINE:
        raise PluginError("a line is too long")
    text, _, rest = line.partition("|")
    parameters = dict(_parameters(rest))
    shell = {"bash" if key == "shell" else key: value for key, value in parameters.items()}
    refresh = {"refresh": "true"} if parameters.get("refresh") in TRUE else {"refresh": ""}
    return Item(text, parameters=tuple(parameters.items()), actions=actions_of({**shell, **refresh}, ("bash",)))


def _parameters(source: str) -> Iterator[tuple[str, str]]:
    while source := source.strip():
        key, equals, rest = source.partition("=")
        if not equals:
            raise PluginError("malformed parameters: missing equals")
        if not key:
            raise PluginError("panic: index out of range")
        key = key[1:].strip() if key.startswith("|") else key
        quoted = rest[:1] in {'"', "'"}
        value, end, source = rest[quoted:].partition(rest[0] if quoted else " ")
        if not end:
            value, _, source = value.partition("|")
        _check(key, value.lower() if key == "color" else value)
        yield key, value


def _check(key: str, value: str) -> None:
    form = ANY if PARAMETER_NUMBER.fullmatch(key) else VALUES.get(key)
    if form is None:
        raise PluginError(f"unknown parameter: {key}")
    if not form.fullmatch(value):
        raise PluginError(f"{key} takes no {value!r}")


def _finished(item: Item) -> Item:
    """The item with its text as it is shown."""
    text = item.text
    if item.parameter("trim", "true") in TRUE:
        text = text.strip()
    replaced = shortcodes(text) if item.parameter("emojize", "true") in TRUE else ()
    styles: tuple[str, ...] = ()
    if item.parameter("ansi", "true") in TRUE:
        if GO_STRING.fullmatch(text):
            replaced += tuple(GO_ESCAPE.findall(text))
            text = GO_ESCAPE.sub(_unquoted, text)
        styles = tuple(f"ansi={code}" for code in ANSI.findall(text))
    return replace(item, text=text, replaced=replaced, styles=styles)


def _unquoted(escape: re.Match[str]) -> str:
    body = escape[0][1:]
    if body in LETTERS:
        return LETTERS[body]
    return chr(int(body[1:], 16) if body[0] in "xuU" else int(body, 8))
