"""What polybar makes of a custom/script's standard output: its first line, or with `tail = true` each line, as a label.

Polybar merges standard error into this output: give both together.
"""

from __future__ import annotations

from dataclasses import dataclass

from support.grammar.characters import is_harmful
from support.grammar.polybar_tags import Action, Parser, Run


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
