r"""What Argos makes of a plugin's output; the exit code means nothing to it.

Lines end at `\n`, blank ones are dropped. A line of nothing but dashes (and blanks) opens the menu, later it parts it;
two dashes before a text are a level. `TEXT | name=value`: the first `|` ends the text, the rest is read as a shell
would; an unbalanced quote drops all of it. By default a text's C escapes, `:names:`, ANSI colours and Pango markup are
read, in this order; `unescape`, `emojize`, `ansi` and `useMarkup` set to `false` switch each off.
"""

from __future__ import annotations

import html
import re
import shlex

from support.grammar.menu import Action, Item, Menu, actions_of, decoded, orphans, shortcodes
from support.grammar.pango import Markup, parse

C_ESCAPE = re.compile(r"\\([0-7]{1,3}|.?)", re.DOTALL)
LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
ANSI = re.compile(r"\x1b\[([\d;]*)m")
FALSE = "false"


def read(output: bytes) -> Menu:
    """The menu after `output`. A line whose markup is wrong is broken: it stands in `errors` and its text is empty."""
    errors: list[str] = []
    lines = [line for line in decoded(output, errors).split("\n") if line.strip()]
    if not lines:
        return Menu(visible=True, errors=(*errors, "no output: the file's name is shown"))
    parsed = [_item(line, errors) for line in lines]
    opening = next((index for index, item in enumerate(parsed) if item.separator), len(parsed))
    bar, items = tuple(parsed[:opening]), tuple(parsed[opening + 1 :])
    errors.extend(f"a bar line begins with dashes: {item.text!r}" for item in bar if item.level)
    return Menu(visible=bool(bar), bar=bar, items=items, errors=(*errors, *orphans(items)))


def _item(line: str, errors: list[str]) -> Item:
    raw, _, rest = line.partition("|")
    parameters = _parameters(rest, errors)
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
        text = C_ESCAPE.sub(_unescaped, text)
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


def _unescaped(escape: re.Match[str]) -> str:
    body = escape[1]
    if body[:1] in tuple("01234567"):
        return chr(int(body, 8) & 0xFF)
    return LETTERS.get(body, body)


def _parameters(source: str, errors: list[str]) -> dict[str, str]:
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
