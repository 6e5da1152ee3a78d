"""What the three menu bars (SwiftBar, xbar, Argos) make of a plugin's output: lines, and what a click on each does."""

from __future__ import annotations

import html
import re
import shlex
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from support.grammar.pango import COLOR_NAMES, Markup, parse

if TYPE_CHECKING:
    from collections.abc import Iterator


PARAMETER_NUMBER = re.compile(r"param(\d+)")
SHORTCODE = re.compile(r":([a-zA-Z0-9_+.,-]*):")
NUMERIC_EMOJI = frozenset({"100", "1234"})


def decoded(output: bytes, errors: list[str]) -> str:
    """What a bar prints, as text; that it is no UTF-8 is added to `errors`."""
    try:
        return output.decode()
    except UnicodeDecodeError:
        errors.append("invalid UTF-8")
        return output.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Action:
    """What a click would do: `kind` is run, open, refresh, eval or stdin; `command` is what is run or opened."""

    kind: str
    command: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the bar or the menu: its text as shown, its parameters as read, and what became of its text.

    `styles` were applied from within the text (markup, ANSI); `replaced` are the `:names:` and escapes read in it.
    """

    text: str
    level: int = 0
    parameters: tuple[tuple[str, str], ...] = ()
    actions: tuple[Action, ...] = ()
    styles: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    separator: bool = False

    def parameter(self, name: str, default: str = "") -> str:
        """The value of a parameter, or `default`."""
        return dict(self.parameters).get(name, default)


@dataclass(frozen=True, slots=True)
class Menu:
    """The plugin as shown: the lines that take turns in the bar, and the menu. `dead`: an error stands in its place."""

    visible: bool
    bar: tuple[Item, ...] = ()
    items: tuple[Item, ...] = ()
    dead: bool = False
    errors: tuple[str, ...] = ()


def actions_of(parameters: dict[str, str], shells: tuple[str, ...]) -> tuple[Action, ...]:
    """The actions of a line: one of `shells` with its `paramN`, written as a shell would, then href and refresh."""
    numbered = {int(match[1]): value for key, value in parameters.items() if (match := PARAMETER_NUMBER.fullmatch(key))}
    found = []
    if program := next((parameters[key] for key in shells if key in parameters), None):
        found.append(Action("run", shlex.join([program, *(numbered[index] for index in sorted(numbered))])))
    if "href" in parameters:
        found.append(Action("open", parameters["href"]))
    if parameters.get("refresh", "").lower() == "true":
        found.append(Action("refresh", "refresh"))
    return tuple(found)


def shortcodes(text: str) -> tuple[str, ...]:
    """The `:names:` in a text that could be an emoji or a symbol; a time of day such as 12:30:00 holds none."""
    names = (match[1] for match in SHORTCODE.finditer(text))
    return tuple(f":{name}:" for name in names if re.search("[a-zA-Z]", name) or name in NUMERIC_EMOJI)


def orphans(items: tuple[Item, ...]) -> list[str]:
    """What is wrong with the levels: an item deeper than one below its predecessor has no parent and is lost."""
    wrong, depth = [], -1
    for item in items:
        if item.level > depth + 1:
            wrong.append(f"{item.text!r} at level {item.level} has no parent and is lost")
        depth = item.level
    return wrong


# Argos; the exit code means nothing to it.
#
# Lines end at `\n`, blank ones are dropped. A line of nothing but dashes (and blanks) opens the menu, later it parts
# it; two dashes before a text are a level. `TEXT | name=value`: the first `|` ends the text, the rest is read as a
# shell would; an unbalanced quote drops all of it. By default a text's C escapes, `:names:`, ANSI colours and Pango
# markup are read, in this order; `unescape`, `emojize`, `ansi` and `useMarkup` set to `false` switch each off.


C_ESCAPE = re.compile(r"\\([0-7]{1,3}|.?)", re.DOTALL)
C_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
ANSI = re.compile(r"\x1b\[([\d;]*)m")
FALSE = "false"


def read_argos(output: bytes) -> Menu:
    """The menu after `output`. A line whose markup is wrong is broken: it stands in `errors` and its text is empty."""
    errors: list[str] = []
    lines = [line for line in decoded(output, errors).split("\n") if line.strip()]
    if not lines:
        return Menu(visible=True, errors=(*errors, "no output: the file's name is shown"))
    parsed = [_argos_item(line, errors) for line in lines]
    opening = next((index for index, item in enumerate(parsed) if item.separator), len(parsed))
    bar, items = tuple(parsed[:opening]), tuple(parsed[opening + 1 :])
    errors.extend(f"a bar line begins with dashes: {item.text!r}" for item in bar if item.level)
    return Menu(visible=bool(bar), bar=bar, items=items, errors=(*errors, *orphans(items)))


def _argos_item(line: str, errors: list[str]) -> Item:
    raw, _, rest = line.partition("|")
    parameters = _argos_parameters(rest, errors)
    dashes = re.match("-*", raw)[0] if raw.strip("-") else ""  # type: ignore[index]
    level = len(dashes) // 2
    raw = raw[2 * level :]
    if re.fullmatch("-+", raw.strip()):
        return Item("", level, separator=True)
    source, replaced, ansi = _source(raw, parameters)
    markup = _wrapped(source, parameters)
    if markup.error:
        errors.append(f"a broken line, its markup is wrong: {markup.error}")
    inner = parse(source)
    styles = (*ansi, *sorted(inner.styles), *inner.hidden)
    return Item(markup.text, level, tuple(parameters.items()), _actions(parameters), styles, replaced)


def _source(text: str, parameters: dict[str, str]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The markup that comes of a text, what was replaced in it and the ANSI styles applied."""
    replaced: tuple[str, ...] = ()
    if parameters.get("unescape") != FALSE:
        replaced = tuple(escape[0] for escape in C_ESCAPE.finditer(text))
        text = C_ESCAPE.sub(_argos_unescaped, text)
    if parameters.get("emojize") != FALSE:
        replaced += shortcodes(text)
    if parameters.get("trim") != FALSE:
        text = text.strip()
    if parameters.get("useMarkup") == FALSE:
        text = html.escape(text)
    if parameters.get("ansi") == FALSE:
        return text, replaced, ()
    return ANSI.sub("", text), replaced, tuple(f"ansi={code}" for code in ANSI.findall(text))


def _wrapped(source: str, parameters: dict[str, str]) -> Markup:
    size = parameters.get("size", "")
    attributes = {
        "color": parameters.get("color", ""),
        "font_family": parameters.get("font", ""),
        "font_size": str(round(1024 * float(size))) if re.fullmatch(r"\d+(\.\d+)?", size) else size,
    }
    written = "".join(f" {name}='{html.escape(value)}'" for name, value in attributes.items() if value)
    return parse(f"<span{written}>{source}</span>" if written else source)


def _argos_unescaped(escape: re.Match[str]) -> str:
    body = escape[1]
    if body[:1] in tuple("01234567"):
        return chr(int(body, 8) & 0xFF)
    return C_LETTERS.get(body, body)


def _argos_parameters(source: str, errors: list[str]) -> dict[str, str]:
    try:
        words = shlex.split(source)
    except ValueError as error:
        errors.append(f"all attributes are dropped: {error}")
        return {}
    errors.extend(f"no attribute: {word!r}" for word in words if "=" not in word)
    pairs = [word.partition("=") for word in words if "=" in word]
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip() and value.strip()}


def _actions(parameters: dict[str, str]) -> tuple[Action, ...]:
    evaluated = (Action("eval", parameters["eval"]),) if "eval" in parameters else ()
    command = parameters.get("bash")
    found = [action for action in actions_of(parameters, ("bash",)) if action.kind != "run"]
    if command is not None:
        quoted = actions_of({**parameters, "bash": ":"}, ("bash",))[0].command.removeprefix(":")
        found.insert(0, Action("run", command + quoted))
    return (*found, *evaluated)


# SwiftBar (2.1), exit code 0.
#
# Lines end at every Unicode line break and blank ones are dropped. The first line that begins with `---` opens the
# menu. `TEXT | key=value key="two words"`: the first `|` ends the text; keys in any case, unknown ones ignored; only
# blanks part them; a quoted value keeps the backslash before a quote. In a text `\n` and `\t` are read, any other
# backslash is eaten, and `:name:` is an SF Symbol unless `symbolize=false`, then an emoji unless `emojize=false`.


LINE_BREAK = re.compile("[\n\r\v\f\x85\u2028\u2029]")
STREAM_SEPARATOR = "~~~"
ESCAPE = re.compile(r"\\.?", re.DOTALL)
PARAMETER = re.compile(
    r"[ \t]*(?P<key>[^=]*)=[ \t]*"
    r"(?:\"(?P<double>(?:\\.|[^\"\\])*)(?:\"|\Z)|'(?P<single>(?:\\.|[^'\\])*)(?:'|\Z)|(?P<bare>[^ \t]*))"
)
KNOWN = re.compile(
    r"param\d+|sfcolor\d*|sf(config|image|size|value)|(template)?image|web(view[hw]?)|alternate|ansi|badge|bash|checked|color"
    r"|dropdown|emojize|fold|font|height|href|length|md|refresh|shell|shortcut|size|stdin|symbolize|terminal|tooltip|trim"
    r"|valign|width|zoom"
)


def read_swiftbar(output: bytes, *, streaming: bool = False) -> Menu:
    """The menu after `output`. `streaming`: a plugin of `<swiftbar.type>streamable`, of which the last part counts."""
    errors: list[str] = []
    text = decoded(output, errors)
    if streaming:
        text = _last_part(text, errors)
    lines = [line for line in LINE_BREAK.split(text) if line]
    if not lines:
        return Menu(visible=False, errors=(*errors, "no output: hidden"))
    opening = next((index for index, line in enumerate(lines) if line.startswith("---")), len(lines))
    if opening < len(lines) and lines[opening] != "---":
        errors.append(f"{lines[opening]!r} opens the menu")
    bar = tuple(_swiftbar_item(line, errors) for line in lines[:opening])
    body = lines[opening:]
    items = tuple(_levelled(line, errors) for line in (body[1:] if body[:1] == ["---"] else body))
    errors.extend(f"a bar line begins with dashes: {line!r}" for line in lines[:opening] if line.startswith("--"))
    return Menu(visible=bool(bar), bar=bar, items=items, errors=(*errors, *orphans(items)))


def _last_part(text: str, errors: list[str]) -> str:
    if re.search(
        f"(?m)(?<!\n)(?<!\\A){STREAM_SEPARATOR}|{STREAM_SEPARATOR}(?![\n])", text.removesuffix(STREAM_SEPARATOR)
    ):
        errors.append("~~~ within a line: older versions cut there")
    parts = re.split(f"(?m)^{STREAM_SEPARATOR}$", text)
    return next((part for part in reversed(parts) if part.strip()), "")


def _levelled(line: str, errors: list[str]) -> Item:
    level = 0
    while line.startswith("--") and line != "---":
        level, line = level + 1, line[2:]
    if line == "---":
        return Item("", level, separator=True)
    item = _swiftbar_item(line, errors)
    return Item(item.text, level, item.parameters, item.actions, item.styles, item.replaced)


def _swiftbar_item(line: str, errors: list[str]) -> Item:
    raw, _, rest = line.partition("|")
    parameters = _swiftbar_parameters(rest.strip(" \t"), errors)
    text = _swiftbar_unescaped(raw)
    if parameters.get("trim", "").lower() != "false":
        text = text.strip(" \t")
    actions = actions_of(parameters, ("bash", "shell"))
    if "stdin" in parameters:
        actions += (Action("stdin", parameters["stdin"]),)
    named = any(parameters.get(key, "").lower() != "false" for key in ("symbolize", "emojize"))
    replaced = (*ESCAPE.findall(raw), *(shortcodes(text) if named else ()))
    styles = tuple(key for key in ("md", "ansi") if parameters.get(key, "").lower() == "true")
    return Item(text, 0, tuple(parameters.items()), actions, styles, replaced)


def _swiftbar_parameters(source: str, errors: list[str]) -> dict[str, str]:
    found, position = {}, 0
    while match := PARAMETER.match(source, position):
        position = match.end()
        key = match["key"].strip().lower()
        found[key] = next(value for value in (match["double"], match["single"], match["bare"]) if value is not None)
        if not KNOWN.fullmatch(key):
            errors.append(f"unknown parameter ignored: {key!r}")
    if source[position:].strip():
        errors.append(f"no parameter: {source[position:]!r}")
    return found


def _swiftbar_unescaped(text: str) -> str:
    return ESCAPE.sub(lambda match: {"\\n": "\n", "\\t": "\t"}.get(match[0], match[0][1:]), text)


# xbar (2.2), exit code 0.
#
# Lines end at `\n`; a blank one is an empty item. `TEXT | key=value`: the first `|` ends the text; a value in quotes
# ends at the next such quote, there is no escape. Keys are case-sensitive, and an unknown one, a wrong colour, number
# or truth value, or a word without `=` puts a warning in the place of the whole plugin. With `ansi` (default) a text is
# unquoted as Go's strings are unless it holds a `"`; with `emojize` (default) `:name:` is an emoji.


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
GO_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"'}
TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})


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
        item = _xbar_item(line)
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


def read_xbar(output: bytes) -> Menu:
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


def _xbar_item(line: str) -> Item:
    if len(line.encode()) > LONGEST_LINE:
        raise PluginError("a line is too long")
    text, _, rest = line.partition("|")
    parameters = dict(_xbar_parameters(rest))
    shell = {"bash" if key == "shell" else key: value for key, value in parameters.items()}
    refresh = {"refresh": "true"} if parameters.get("refresh") in TRUE else {"refresh": ""}
    return Item(text, parameters=tuple(parameters.items()), actions=actions_of({**shell, **refresh}, ("bash",)))


def _xbar_parameters(source: str) -> Iterator[tuple[str, str]]:
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
    if body in GO_LETTERS:
        return GO_LETTERS[body]
    return chr(int(body[1:], 16) if body[0] in "xuU" else int(body, 8))
