"""The judge: everything that an output does in its bar that it was not allowed to do."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from support.grammar.characters import columns, harmful, is_blank
from support.grammar.seen import READERS, Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

MENUS = frozenset({"swiftbar", "swiftbar-stream", "xbar", "argos"})
STAND_INS = str.maketrans({"\u200b": None, **{chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)}})
LONGEST_LINE = 8192
MOST_LINES = {"i3blocks": 4}


@dataclass(frozen=True, slots=True)
class Allowed:
    """What an output may hold: `commands` whole, `styles` as patterns (`foreground=#*`), lines up to `columns` wide.

    `like`: an output of the same state with harmless texts; nothing but texts may differ from it. `shows`: texts that
    have to be seen as they are (a full-width form counts as its character, and a zero-width space as nothing).
    """

    commands: frozenset[str] = frozenset()
    styles: tuple[str, ...] = ()
    columns: int = 120
    like: bytes | None = None
    shows: tuple[str, ...] = ()


NOTHING = Allowed()


def shown(bar: str, output: bytes) -> tuple[str, ...]:
    """Every line of text that a person would see, the bar's own first, then those of its tooltip or menu."""
    return READERS[bar](output).texts


def verdict(bar: str, output: bytes, allowed: Allowed = NOTHING) -> list[str]:
    """Every violation of `allowed` and of the bar's grammar in one whole output of a command; [] is a good one."""
    if max(map(len, output.split(b"\n"))) > LONGEST_LINE:
        return [f"a line of more than {LONGEST_LINE} bytes"]
    seen = READERS[bar](output)
    found = [
        *_bytes(bar, output, allowed),
        *seen.errors,
        *_visibility(seen),
        *_texts(seen, allowed),
        *_deeds(seen, allowed),
        *_structure(bar, seen, allowed),
    ]
    return list(dict.fromkeys(found))


def _bytes(bar: str, output: bytes, allowed: Allowed) -> Iterator[str]:
    try:
        text = output.decode()
    except UnicodeDecodeError:
        yield "invalid UTF-8"
        text = output.decode("utf-8", "replace")
    escape = "\x1b" if any(pattern.startswith("sgr=") for pattern in allowed.styles) else ""
    yield from (f"{character} in the output" for character in harmful(text, allowed="\n" + escape))
    if not output.endswith(b"\n"):
        yield "the last line does not end"
    if bar not in MENUS and output.count(b"\n") > MOST_LINES.get(bar, 1):
        yield "more than one line"


def _visibility(seen: Seen) -> Iterator[str]:
    if not seen.visible or not seen.texts or is_blank(seen.texts[0]):
        yield "nothing can be seen"


def _texts(seen: Seen, allowed: Allowed) -> Iterator[str]:
    for text in seen.texts:
        yield from (f"{character} in a text" for character in harmful(text))
        if columns(text) > allowed.columns:
            yield f"a text of {columns(text)} columns"
    everything = "\n".join(seen.texts).translate(STAND_INS)
    yield from (f"not to be seen: {text!r}" for text in allowed.shows if text.translate(STAND_INS) not in everything)


def _deeds(seen: Seen, allowed: Allowed) -> Iterator[str]:
    yield from (f"an action: {command}" for command in seen.commands if command not in allowed.commands)
    yield from (f"an expansion: {expansion}" for expansion in seen.expansions)
    for style in seen.styles:
        if not any(fnmatchcase(style, pattern) for pattern in allowed.styles):
            yield f"a style: {style}"


def _structure(bar: str, seen: Seen, allowed: Allowed) -> Iterator[str]:
    if allowed.like is not None and READERS[bar](allowed.like).structure != seen.structure:
        yield "not of the expected structure"
