"""One view of all the models: what a person sees of an output, and all that it would do, whichever bar read it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import groupby
from typing import TYPE_CHECKING

from support.grammar import argos, i3status_rust, oneline, polybar, swiftbar, tmux, waybar, xbar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from support.grammar.menu import Item, Menu
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
    module = waybar.read(output)
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
    block = i3status_rust.read(output)
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
        "swiftbar": _menu(swiftbar.read),
        "swiftbar-stream": _menu(partial(swiftbar.read, streaming=True)),
        "xbar": _menu(xbar.read),
        "argos": _menu(argos.read),
        "i3blocks": _line(oneline.read_i3blocks),
        "starship": _line(oneline.read_starship),
        "statusline": _line(oneline.read_statusline),
        "kde": _line(oneline.read_kde),
        "pango": _line(oneline.read_pango),
        "text": _line(oneline.read_text),
    }
)
