"""`theme`: the palettes that a bar can have, shown in the terminal with one's own numbers, and one of them chosen."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from codingplan_bar import paths, themes
from codingplan_bar.bars.adapters.ansi import colored, colors_of, numbers_of
from codingplan_bar.bars.phrases import padded, width
from codingplan_bar.bars.view import View
from codingplan_bar.commands import output, preview
from codingplan_bar.commands.config import config
from codingplan_bar.configure.bars import PLUGINS
from codingplan_bar.configure.machine import this_machine
from codingplan_bar.errors import StorageFailure
from codingplan_bar.facts import on
from codingplan_bar.looks import cache
from codingplan_bar.looks.bar_themes import READERS, look_of
from codingplan_bar.themes import OF_THE_BAR, OURS, THEMES, Look, Theme

SHOWN = ("ok", "runs_out", "warning", "critical", "stale", "signed_out")
"""The states that are shown of one theme, where the plan has them."""
BRIEFLY = ("runs_out", "critical")
"""Those that are shown of each, where all themes are."""


def theme(*, name: str | None, environ: Mapping[str, str] = os.environ) -> int:
    """Write the theme of that name into the settings and show it, or show them all; 0, 2 for one that there is not."""
    found = looks(environ) if name in (None, OF_THE_BAR) else {}
    if name is not None:
        if failed := config(action="set", key="theme", value=name, environ=environ):
            return failed
        if name == OF_THE_BAR:
            with suppress(StorageFailure):  # the bars have ours then, as before
                cache.keep(environ, found)
    columns, colorful = output.sheet(environ)
    page = ThemePage(preview.stage(environ, demo=False), found, columns, colorful=colorful)
    return output.put("\n".join(page.all() if name is None else page.one(name)))


def looks(environ: Mapping[str, str]) -> dict[str, Look]:
    """The own looks of the bars that are configured on this machine."""
    machine = this_machine(environ)
    found = {bar: look_of(bar, machine) for bar in READERS}
    return {bar: look for bar, look in found.items() if look}


class Choice(NamedTuple):
    """A theme that can be chosen, with what stands in front of it and its facts."""

    title: str
    facts: Mapping[str, str]
    theme: Theme


class ThemePage:
    """Themes by their names, and beside each the line in some states, on the theme's own ground."""

    def __init__(self, stage: preview.Stage, found: Mapping[str, Look], columns: int, *, colorful: bool) -> None:
        """`found` are the own looks of the bars; those in which colours were found are shown."""
        self.stage, self.columns, self.colorful = stage, columns, colorful
        self.words, self.chosen = stage.words, stage.settings.theme
        self.of_bars = {bar: look for bar, look in found.items() if bar in look.themes and is_found(bar, look)}

    def all(self) -> Iterator[str]:
        """Each choice in two states."""
        yield from self._made_up()
        named = [Choice(self._title(name), themes.facts(name), look) for name, look in {**OURS, **THEMES}.items()]
        yield from self._of_the_bar(BRIEFLY)
        yield from self._beside(named, BRIEFLY)
        yield ""
        for told in (self.words["theme.choose"], *self.stage.wrong()):
            yield from output.wrapped(told, self.columns)

    def one(self, name: str) -> Iterator[str]:
        """One choice in all of the states that are shown."""
        yield from self._made_up()
        if name == OF_THE_BAR:
            yield from self._of_the_bar(SHOWN)
        else:
            yield from self._beside([Choice(name, themes.facts(name), {**OURS, **THEMES}[name])], SHOWN)

    def _made_up(self) -> Iterator[str]:
        if self.stage.present is None:
            yield from (*output.wrapped(self.words["theme.made_up"], self.columns), "")

    def _title(self, name: str) -> str:
        return self.words["theme.chosen"].format(name, self.words["theme.yours"]) if name == self.chosen else name

    def _of_the_bar(self, states: Sequence[str]) -> Iterator[str]:
        """The colours of each bar; without any, what it has instead."""
        yield self._title(OF_THE_BAR) if self.of_bars else OF_THE_BAR
        if not self.of_bars:
            key = "theme.none_chosen" if self.chosen == OF_THE_BAR else "theme.none"
            yield from (f"  {row}" for row in output.wrapped(self.words[key], self.columns - 2))
        for bar, look in self.of_bars.items():
            if look.source:
                file = paths.displayed(str(look.source), self.stage.environ)
                yield output.cut("  " + self.words["theme.of"].format(bar, file), self.columns)
        found = ((bar, look.themes[bar]) for bar, look in self.of_bars.items())
        own_themes = [Choice(f"  {bar}", on(themes.own_facts(bar, theme), bar), theme) for bar, theme in found]
        yield from self._beside(own_themes, states)

    def _beside(self, choices: Sequence[Choice], states: Sequence[str]) -> Iterator[str]:
        """The states of each choice, beside its name."""
        margin = max((width(choice.title) for choice in choices), default=0) + 2
        for choice in choices:
            for number, view in enumerate(_views(self.stage, choice.facts, states)):
                text = output.cut(view.text, self.columns - margin - 2)
                shown = _on_ground(view, choice.theme) if self.colorful and text == view.text else text
                yield padded("" if number else choice.title, margin) + shown


def is_found(bar: str, look: Look) -> bool:
    """Whether the colours of a bar's look stand in a file of the user's, or are made for the panel that draws it."""
    return look.source is not None or bar in PLUGINS


def _views(stage: preview.Stage, facts: Mapping[str, str], states: Sequence[str]) -> Iterator[View]:
    """The line in those of these states that the plan has, in the colours of these facts."""
    for scene in stage.scenes():
        if scene.state in states:
            view = stage.view(scene, stage.settings.format)
            known = {key: fact for key, fact in view.facts.items() if not key.startswith("theme.")}
            known["language"] = view.words["language"]  # the locale's variables go with those that say colours
            yield View({**known, **facts}, view.now, {})


def _on_ground(view: View, look: Theme) -> str:
    """The line as a bar of that theme has it, between two spaces."""
    depth = colors_of(os.environ)
    if depth == 16:  # the terminal's own colours have its own ground
        return colored(view, view.line, os.environ)
    ground = f"\x1b[38;{numbers_of(look.text, depth)};48;{numbers_of(look.ground, depth)}m"
    line = colored(view, view.line, {"COLORTERM": "truecolor"} if depth > 256 else {"TERM": "256"})
    return f"{ground} {line.replace(output.RESET, output.RESET + ground)} {output.RESET}"
