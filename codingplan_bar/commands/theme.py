"""`theme`: the palettes that a bar can have, shown in the terminal with one's own numbers, and one of them chosen."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress

from codingplan_bar import palette, paths
from codingplan_bar.bars.adapters.ansi import colored, colors_of, sequence
from codingplan_bar.bars.view import View
from codingplan_bar.commands import output, preview
from codingplan_bar.commands.config import config
from codingplan_bar.configure.machine import this_machine
from codingplan_bar.errors import StorageFailure
from codingplan_bar.facts import on
from codingplan_bar.looks import own
from codingplan_bar.looks.readers import READERS, look_of
from codingplan_bar.palette import OF_THE_BAR, OURS, THEMES, Look, Theme

SHOWN = ("ok", "runs_out", "warning", "critical", "stale", "signed_out")
"""The states that are shown of each theme, where the plan has them."""


def theme(*, name: str | None, environ: Mapping[str, str] = os.environ) -> int:
    """Write the theme of that name into the settings, or show them all; 0, 2 for a name that there is not."""
    if name is not None:
        done = config(action="set", key="theme", value=name, environ=environ)
        if name == OF_THE_BAR and not done:
            with suppress(StorageFailure):  # the bars have ours then, as before
                own.keep(environ, looks(environ))
        return done
    stage = preview.stage(environ, demo=False)
    columns, colorful = output.sheet(environ)
    return output.put("\n".join(page(stage, looks(environ), columns, colorful=colorful)))


def looks(environ: Mapping[str, str]) -> dict[str, Look]:
    """The own looks of the bars that are configured on this machine."""
    machine = this_machine(environ)
    found = {bar: look_of(bar, machine) for bar in READERS}
    return {bar: look for bar, look in found.items() if look}


def page(stage: preview.Stage, of_bars: Mapping[str, Look], columns: int, *, colorful: bool) -> Iterator[str]:
    """Each choice by its name, and below it the line in some states, on the theme's own ground."""
    themes = {name: (palette.facts(name), look) for name, look in {**OURS, **THEMES}.items()}
    if stage.present is None:
        yield from (*output.wrapped(stage.words["theme.made_up"], columns), "")
    yield _title(stage, OF_THE_BAR)
    for bar, look in of_bars.items():
        file = paths.displayed(str(look.files[0]), stage.environ)
        yield output.cut("  " + stage.words["theme.of"].format(bar, file), columns)
        theme = look.themes.get(bar, OURS["dark"])
        yield from _lines(stage, on(palette.own_facts(bar, theme), bar), theme, columns, colorful=colorful)
    if not of_bars:
        yield output.cut("  " + stage.words["theme.none"], columns)
    for name, (facts, theme) in themes.items():
        yield _title(stage, name)
        yield from _lines(stage, facts, theme, columns, colorful=colorful)
    yield ""
    yield output.cut(stage.words["theme.choose"], columns)


def _title(stage: preview.Stage, name: str) -> str:
    is_chosen = name == stage.settings.theme
    return stage.words["theme.chosen"].format(name, stage.words["theme.yours"]) if is_chosen else name


def _lines(
    stage: preview.Stage, facts: Mapping[str, str], look: Theme, columns: int, *, colorful: bool
) -> Iterator[str]:
    for view in _views(stage, facts):
        text = output.cut(view.text, columns - 4)
        yield "  " + (_on_ground(view, look) if colorful and text == view.text else text)


def _views(stage: preview.Stage, facts: Mapping[str, str]) -> Iterator[View]:
    """The line in some states, in the colours of these facts."""
    for scene in stage.scenes():
        if scene.state in SHOWN:
            view = stage.view(scene, stage.settings.format)
            known = {key: fact for key, fact in view.facts.items() if not key.startswith("theme.")}
            known["language"] = view.words["language"]  # the locale's variables go with those that say colours
            yield View({**known, **facts}, view.now, {})


def _on_ground(view: View, look: Theme) -> str:
    """The line as a bar of that theme has it, between two spaces."""
    depth = colors_of(os.environ)
    if depth == 16:  # the terminal's own colours have its own ground
        return colored(view, view.line, os.environ)
    ground = f"\x1b[{sequence(look.text, 'stale', depth)};4{sequence(look.ground, 'stale', depth)[1:]}m"
    line = colored(view, view.line, {"COLORTERM": "truecolor"} if depth > 256 else {"TERM": "256"})
    return f"{ground} {line.replace(output.RESET, output.RESET + ground)} {output.RESET}"
