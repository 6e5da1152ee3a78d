r"""What SwiftBar (2.1) makes of a plugin's output, exit code 0.

Lines end at every Unicode line break and blank ones are dropped. The first line that begins with `---` opens the menu.
`TEXT | key=value key="two words"`: the first `|` ends the text; keys in any case, unknown ones ignored; only blanks
part them; a quoted value keeps the backslash before a quote. In a text `\n` and `\t` are read, any other backslash is
eaten, and `:name:` is an SF Symbol unless `symbolize=false`, then an emoji unless `emojize=false`.
"""

from __future__ import annotations

import re

from support.grammar.menu import Action, Item, Menu, actions_of, decoded, orphans, shortcodes

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


def read(output: bytes, *, streaming: bool = False) -> Menu:
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
    bar = tuple(_item(line, errors) for line in lines[:opening])
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
    item = _item(line, errors)
    return Item(item.text, level, item.parameters, item.actions, item.styles, item.replaced)


def _item(line: str, errors: list[str]) -> Item:
    raw, _, rest = line.partition("|")
    parameters = _parameters(rest.strip(" \t"), errors)
    text = _unescaped(raw)
    if parameters.get("trim", "").lower() != "false":
        text = text.strip(" \t")
    actions = actions_of(parameters, ("bash", "shell"))
    if "stdin" in parameters:
        actions += (Action("stdin", parameters["stdin"]),)
    named = any(parameters.get(key, "").lower() != "false" for key in ("symbolize", "emojize"))
    replaced = (*ESCAPE.findall(raw), *(shortcodes(text) if named else ()))
    styles = tuple(key for key in ("md", "ansi") if parameters.get(key, "").lower() == "true")
    return Item(text, 0, tuple(parameters.items()), actions, styles, replaced)


def _parameters(source: str, errors: list[str]) -> dict[str, str]:
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


def _unescaped(text: str) -> str:
    return ESCAPE.sub(lambda match: {"\\n": "\n", "\\t": "\t"}.get(match[0], match[0][1:]), text)
