"""Fills a compiled template: literals and placeholders in turn (settings/templates.py says how it is compiled)."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SEPARATOR = "\x1f"
NEW_LINE = "\x1e"


def fill(template: str, value_of: "Callable[[str], str]") -> str:
    """The text with each placeholder's value; a bracketed part with an empty value in it is left out.

    `value_of` gives the empty text for a fact that is absent, and raises KeyError for a name that it does not know:
    that name is shown as it was written.
    """
    pieces: list[str] = []
    open_groups: list[tuple[int, bool]] = []
    for number, token in enumerate(template.split(SEPARATOR)):
        if not number % 2:
            pieces.append(token)
        elif token == "[":
            open_groups.append((len(pieces), True))
        elif token == "]":
            _close(pieces, open_groups)
        else:
            _add(pieces, open_groups, _value(token, value_of))
    return "".join(pieces).replace(NEW_LINE, "\n")


def names(template: str) -> "set[str]":
    """What the placeholders of a compiled template name; of a window's fact, the fact alone."""
    return {name.rpartition(".")[2] for name in template.split(SEPARATOR)[1::2]}


def _value(name: str, value_of: "Callable[[str], str]") -> str:
    try:
        return value_of(name)
    except KeyError:
        return "{" + name + "}"


def _add(pieces: list[str], open_groups: list[tuple[int, bool]], value: str) -> None:
    pieces.append(value)
    if open_groups and not value:
        open_groups[-1] = (open_groups[-1][0], False)


def _close(pieces: list[str], open_groups: list[tuple[int, bool]]) -> None:
    start, complete = open_groups.pop()
    if not complete:
        del pieces[start:]
