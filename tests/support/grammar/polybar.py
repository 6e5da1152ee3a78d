r"""What polybar makes of a custom/script's standard output: its first line, or each with `tail = true`.

Tags are `%{...}`, several in one parted by spaces: F B u o U (colours), T (font), O (offset), P, R, +u -o !u, l c r,
and `A<button>:command:` up to `A`. There is no escape for `%{`; inside a command `\:` is a colon. After an error
the rest of the tag is text.

Polybar merges standard error into this output: give both together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from support.grammar.oneline import is_harmful

if TYPE_CHECKING:
    from collections.abc import Iterator

BUTTONS = ("", "left", "middle", "right", "scroll up", "scroll down", "double left", "double middle", "double right")
COLOR = re.compile(r"#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
FONT = re.compile(r"\d+")
OFFSET = re.compile(r"(-?\d+(px|pt)?)?")


@dataclass(frozen=True, slots=True)
class Action:
    """A command that a click on a stretch of the label would run with `sh -c`."""

    button: str
    command: str


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text with the styles on it (`F=#ff0000`, `+u`) and the actions that it answers to."""

    text: str
    styles: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()


class TagError(ValueError):
    """What polybar logs about a tag."""


@dataclass(slots=True)
class Parser:
    """A walk through one line."""

    source: str
    position: int = 0
    active: dict[str, str] = field(default_factory=dict)
    open_actions: list[Action] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    styles: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    def runs(self) -> Iterator[Run]:
        """Yield the stretches of text, reading the tags between them."""
        while self.position < len(self.source):
            if self.source.startswith("%{", self.position):
                self.position += 2
                self.read_tag()
            else:
                end = self.source.find("%{", self.position)
                text = self.source[self.position : end if end >= 0 else None]
                self.position += len(text)
                yield Run(text, tuple(self.active.values()), tuple(self.open_actions))

    def read_tag(self) -> None:
        """Read to behind the `}`; at an error only to where it is, and the rest is text."""
        try:
            while True:
                self.read_element()
                if self.at_end():
                    return
        except TagError as error:
            self.errors.append(str(error))

    def at_end(self) -> bool:
        """Step over what parts two elements, or over the brace that ends the tag."""
        blanks, following = self.take(" *"), self.source[self.position : self.position + 1]
        if not blanks and following != "}":
            raise TagError(f"expected }} or a space, not {following!r}")
        return bool(self.take(r"\}"))

    def read_element(self) -> None:
        """Read one element: a letter and its value."""
        letter = self.take(r"(?s).")
        if letter and letter in "FBuoU":
            self.set_style(letter, COLOR, self.value())
        elif letter == "T":
            self.set_style(letter, FONT, self.value())
        elif letter == "O":
            self.offset(self.value())
        elif letter == "A":
            self.read_action()
        elif letter in {"+", "-", "!"}:
            self.attribute(letter)
        elif letter in {"R", "l", "c", "r"} or (letter == "P" and self.take("R")):
            self.styles.add(letter)
        else:
            raise TagError(f"unknown tag {letter!r}")

    def set_style(self, letter: str, form: re.Pattern[str], value: str) -> None:
        """Switch a colour or a font on, or off with an empty value or `-`."""
        if value in {"", "-"}:
            self.active.pop(letter, None)
        elif form.fullmatch(value):
            self.active[letter] = f"{letter}={value}"
            self.styles.add(self.active[letter])
        else:
            raise TagError(f"{letter} takes no {value!r}")

    def offset(self, value: str) -> None:
        """Note a space of so many pixels."""
        if not OFFSET.fullmatch(value):
            raise TagError(f"O takes no {value!r}")
        self.styles.add(f"O={value}")

    def attribute(self, sign: str) -> None:
        """Switch underline or overline on (+), off (-) or over (!)."""
        name = self.take("[uo]")
        if not name:
            raise TagError(f"{sign} takes u or o")
        if sign == "-":
            self.active.pop(f"+{name}", None)
        else:
            self.active[f"+{name}"] = sign + name
            self.styles.add(sign + name)

    def read_action(self) -> None:
        """Open an action (`A1:command:`) or close the last one, or that of a button (`A`, `A1`)."""
        digit = self.take("[0-9]")
        if digit and not 1 <= int(digit) < len(BUTTONS):
            raise TagError(f"there is no button {digit}")
        button = BUTTONS[int(digit or 0)]
        if self.take(":"):
            action = Action(button or BUTTONS[1], self.command())
            self.actions.append(action)
            self.open_actions.append(action)
        else:
            self.close_action(button)

    def command(self) -> str:
        r"""Return the command up to the next colon without a backslash before it, each `\:` as a colon."""
        raw = self.take(r"(?s)(?:\\:|[^:])*")
        self.take(":")
        return raw.replace("\\:", ":")

    def close_action(self, button: str) -> None:
        """End the last action, or the last of `button`."""
        for index in reversed(range(len(self.open_actions))):
            if button in {"", self.open_actions[index].button}:
                del self.open_actions[index]
                return
        raise TagError("no action is open")

    def value(self) -> str:
        """Return a tag's value: up to a space or a brace."""
        return self.take(r"[^ }]*")

    def take(self, pattern: str) -> str:
        """Consume `pattern` here; the empty text where it does not match."""
        match = re.compile(pattern).match(self.source, self.position)
        self.position = match.end() if match else self.position
        return match[0] if match else ""


@dataclass(frozen=True, slots=True)
class Label:
    """The module on the bar. `stale`: nothing was printed, so the previous text stays."""

    visible: bool
    text: str = ""
    runs: tuple[Run, ...] = ()
    styles: frozenset[str] = frozenset()
    actions: tuple[Action, ...] = ()
    unclosed: tuple[str, ...] = ()
    dropped: str = ""
    stale: bool = False
    errors: tuple[str, ...] = ()


def read(output: bytes, *, tail: bool = False) -> Label:
    """The label after `output`: of its first line, or with `tail` of its last. What polybar logs stands in `errors`."""
    if not output:
        return Label(visible=False, stale=True, errors=("nothing was printed: the text before it stays",))
    lines = output.removesuffix(b"\n").split(b"\n")
    if tail:
        return _label(lines[-1], ["several lines at once: 3.6.3 shows the one before the last"] if lines[1:] else [])
    return _label(lines[0], ["only the first line is read"] if lines[1:] else [])


def _label(line: bytes, errors: list[str]) -> Label:
    source = _valid_part(line, errors)
    if not source:
        return Label(visible=False, errors=(*errors, "an empty line hides the module"))
    parser = Parser(source)
    runs = tuple(parser.runs())
    raw = "".join(run.text for run in runs)
    return Label(
        visible=True,
        text="".join(character for character in raw if not is_harmful(character)),
        runs=runs,
        styles=frozenset(parser.styles),
        actions=tuple(parser.actions),
        unclosed=(*parser.active.values(), *(action.command for action in parser.open_actions)),
        dropped="".join(filter(is_harmful, raw)),
        errors=(*errors, *parser.errors),
    )


def _valid_part(line: bytes, errors: list[str]) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        errors.append("invalid UTF-8 cuts the rest")
        return line[: error.start].decode()
