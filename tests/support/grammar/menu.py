"""What the three menu bars (SwiftBar, xbar, Argos) share: the nouns, and the actions of a line."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

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
