"""The judge: everything that an output does in its bar that it was not allowed to do, whichever bar reads it."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache, partial
from importlib import import_module
from itertools import groupby
from typing import TYPE_CHECKING

from support.grammar import json_bars, menus, oneline, polybar, tmux
from support.grammar.oneline import BIDI_CONTROLS, columns, harmful, is_blank, is_harmful

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from support.grammar.menus import Item, Menu
    from support.grammar.pango import Markup


WIDE_STATUS = 10_000
ACTION_PARAMETERS = frozenset({"bash", "shell", "href", "refresh", "eval", "stdin"})


@dataclass(frozen=True, slots=True)
class Seen:
    """`texts`: every line shown, the bar's first; `structure`: all but the texts, to compare two outputs by."""

    texts: tuple[str, ...]
    commands: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    expansions: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    visible: bool = True
    structure: Hashable = ()


def _kinds(runs: Iterable[tuple[str, Hashable]]) -> Hashable:
    return tuple(kind for kind, _ in groupby(kind for text, kind in runs if text))


def _markup(markup: Markup) -> Hashable:
    return _kinds((run.text, run.styles) for run in markup.runs)


def _waybar(output: bytes) -> Seen:
    module = json_bars.read_waybar(output)
    both = (module.text, module.tooltip)
    tall = ("the text is several lines high",) if module.lines > 1 else ()
    return Seen(
        texts=(module.text.text, *module.tooltip.text.split("\n")),
        commands=tuple(link for markup in both for link in markup.links),
        styles=tuple(style for markup in both for style in (*sorted(markup.styles), *markup.hidden)),
        errors=(*module.errors, *tall),
        visible=module.visible,
        structure=(module.classes, module.percentage, module.alt, *map(_markup, both), module.tooltip.text.count("\n")),
    )


def _polybar(output: bytes) -> Seen:
    label = polybar.read(output)
    return Seen(
        texts=(label.text,),
        commands=tuple(action.command for action in label.actions),
        styles=tuple(sorted(label.styles)),
        errors=(*label.errors, *(f"never closed: {what}" for what in label.unclosed)),
        visible=label.visible,
        structure=_kinds((run.text, (run.styles, run.actions)) for run in label.runs),
    )


def _i3status_rust(output: bytes) -> Seen:
    block = json_bars.read_i3status_rust(output)
    both = [markup for markup in (block.text, block.short_text) if markup]
    return Seen(
        texts=(block.shown, *([block.short_text.text] if block.short_text else [])),
        styles=tuple(style for markup in both for style in (*sorted(markup.styles), *markup.hidden)),
        errors=block.errors,
        visible=block.visible,
        structure=(block.state, block.icon, *map(_markup, both)),
    )


def _tmux(output: bytes) -> Seen:
    status = tmux.read(output, length=WIDE_STATUS)
    return Seen(
        texts=(status.text,),
        styles=status.styles,
        expansions=(*status.expansions, *status.jobs),
        errors=status.errors,
        visible=bool(status.text),
        structure=_kinds((run.text, run.styles) for run in status.runs),
    )


def _menu(read: Callable[[bytes], Menu]) -> Callable[[bytes], Seen]:
    def seen(output: bytes) -> Seen:
        menu = read(output)
        lines = (*menu.bar, *menu.items)
        return Seen(
            texts=tuple(item.text for item in lines if not item.separator),
            commands=tuple(action.command for item in lines for action in item.actions),
            styles=tuple(style for item in lines for style in (*item.styles, *_looks(item))),
            expansions=tuple(piece for item in lines for piece in item.replaced),
            errors=(*menu.errors, *(["the plugin is dead"] if menu.dead else [])),
            visible=menu.visible,
            structure=(len(menu.bar), *((item.level, item.separator, item.parameters) for item in lines)),
        )

    return seen


def _looks(item: Item) -> list[str]:
    return [f"{key}={value}" for key, value in item.parameters if key not in ACTION_PARAMETERS and key[:5] != "param"]


def _line(read: Callable[[bytes], oneline.Line]) -> Callable[[bytes], Seen]:
    def seen(output: bytes) -> Seen:
        line = read(output)
        return Seen(
            texts=(line.text, *([line.short_text] if line.short_text else [])),
            commands=line.links,
            styles=line.styles,
            expansions=(*line.expansions, *line.sequences),
            errors=line.errors,
            visible=line.visible,
            structure=(line.styles, bool(line.short_text)),
        )

    return seen


class Readers(dict):
    """The readers by their bars. One that has no entry has a module of its own here, whose `read` gives a `Line`."""

    def __missing__(self, bar: str) -> Callable[[bytes], Seen]:
        return _line(import_module(f"support.grammar.{bar.replace('-', '_')}").read)


READERS = Readers(
    {
        "waybar": _waybar,
        "polybar": _polybar,
        "i3status-rust": _i3status_rust,
        "tmux": _tmux,
        "swiftbar": _menu(menus.read_swiftbar),
        "swiftbar-stream": _menu(partial(menus.read_swiftbar, streaming=True)),
        "xbar": _menu(menus.read_xbar),
        "argos": _menu(menus.read_argos),
        "i3blocks": _line(oneline.read_i3blocks),
        "starship": _line(oneline.read_starship),
        "statusline": _line(oneline.read_statusline),
        "kde": _line(oneline.read_kde),
        "pango": _line(oneline.read_pango),
        "text": _line(oneline.read_text),
    }
)


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


@lru_cache(maxsize=16)
def seen_in(bar: str, output: bytes) -> Seen:
    """What a person would see of it; kept for a moment, since more than one question is asked of it."""
    return READERS[bar](output)


def shown(bar: str, output: bytes) -> tuple[str, ...]:
    """Every line of text that a person would see, the bar's own first, then those of its tooltip or menu."""
    return seen_in(bar, output).texts


def verdict(bar: str, output: bytes, allowed: Allowed = NOTHING) -> list[str]:
    """Every violation of `allowed` and of the bar's grammar in one whole output of a command; [] is a good one."""
    if max(map(len, output.split(b"\n"))) > LONGEST_LINE:
        return [f"a line of more than {LONGEST_LINE} bytes"]
    seen = seen_in(bar, output)
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
    if allowed.like is not None and seen_in(bar, allowed.like).structure != seen.structure:
        yield "not of the expected structure"


# Two templates a bar, to try the judge with: one that escapes nothing, one that follows the rules of every bar.


LONGEST = 24
SWITCHES = {
    "swiftbar": "symbolize=false emojize=false",
    "xbar": "emojize=false ansi=false",
    "argos": "useMarkup=false unescape=false emojize=false ansi=false",
}
MENU_ESCAPES = str.maketrans({"|": "｜", "\\": "＼"})
SHELL_ESCAPES = str.maketrans({"$": "＄", "`": "｀", "\\": "＼"})
HTML_ESCAPES = str.maketrans({"<": "＜", "&": "＆"})
BARS = ("waybar", "polybar", "i3status-rust", "tmux", *SWITCHES, "i3blocks", "starship", "statusline", "kde", "text")


def naive(bar: str, name: str) -> bytes:
    """An output for a plan of this name, with the name as it came."""
    if bar in {"waybar", "i3status-rust"}:
        text = json.dumps({"text": f"{name} 42% {name}"})
    elif bar in SWITCHES:
        text = f"{name} 42%\n---\n{name}\n--{name}"
    else:
        text = f"{name} 42% {name}"
    return text.encode("utf-8", "surrogatepass") + b"\n"


def careful(bar: str, name: str) -> bytes:
    """The same with the name cleaned for all bars and escaped for this one."""
    text = clean(name)
    if bar in {"waybar", "i3status-rust"}:
        return json.dumps({"text": f"5h 42% {html.escape(text)}"}).encode() + b"\n"
    if bar in SWITCHES:
        text, off = text.translate(MENU_ESCAPES), SWITCHES[bar]
        return f"5h 42% {text} | {off}\n---\nPlan: {text} | {off}\n--Plan: {text} | {off}\n".encode()
    return f"5h {_escaped(bar, text)} 42%\n".encode()


def _escaped(bar: str, text: str) -> str:
    if bar == "polybar":
        return text.replace("%{", "%\u200b{")
    if bar == "tmux":
        return re.sub(r"#+\[?", _hashes, text)
    return text.translate({"starship": SHELL_ESCAPES, "kde": HTML_ESCAPES}.get(bar, {}))


@cache
def clean(name: str) -> str:
    """The name as any bar can show it: one line, no controls, no more than LONGEST characters."""
    spaced = re.sub("[\n\r\t\v\f\x1c-\x1f\x85\u2028\u2029]", " ", name)
    kept = (character for character in spaced if not is_harmful(character) and character not in BIDI_CONTROLS)
    composed = unicodedata.normalize("NFC", "".join(kept))
    bare = re.sub("(?<=[&<>'\"])[\u0300-\u036f]+", "", composed)
    text = " ".join(bare.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _hashes(run: re.Match[str]) -> str:
    """Hashes that tmux draws as they are: halved once before a bracket, halved twice anywhere else, an even rest."""
    hashes = run[0].removesuffix("[")
    return f"{hashes * 2}[" if run[0] != hashes else hashes * 4
