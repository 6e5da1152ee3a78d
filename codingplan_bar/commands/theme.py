"""`theme`: the palettes that a bar can have, shown in the terminal with one's own numbers, and one of them chosen."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from codingplan_bar import palette
from codingplan_bar.bars.adapters.ansi import colored, colors_of, sequence
from codingplan_bar.bars.view import View
from codingplan_bar.commands import output, preview
from codingplan_bar.commands.config import config
from codingplan_bar.palette import THEMES, Theme

SHOWN = ("ok", "runs_out", "warning", "critical", "stale", "signed_out")
"""The states that are shown of each theme, where the plan has them."""
OURS = {
    "dark": Theme("#1a1b1e", "#e6e6e6", ("#000000",) * 5),
    "light": Theme("#ffffff", "#1e1e1e", ("#000000",) * 5),
}
"""The grounds that our own two are shown on; their colours are the bars'."""


def theme(*, name: str | None, environ: Mapping[str, str] = os.environ) -> int:
    """Write the theme of that name into the settings, or show them all; 0, 2 for a name that there is not."""
    if name is not None:
        return config(action="set", key="theme", value=name, environ=environ)
    stage = preview.stage(environ, demo=False)
    columns, colorful = output.sheet(environ)
    return output.put("\n".join(page(stage, columns, colorful=colorful)))


def page(stage: preview.Stage, columns: int, *, colorful: bool) -> Iterator[str]:
    """Each theme by its name, and below it the line in some states, on the theme's own ground."""
    for name, look in {**OURS, **THEMES}.items():
        yield f"{name}  ({stage.words['theme.yours']})" if name == stage.settings.theme else name
        for view in _views(stage, name):
            text = output.cut(view.text, columns - 4)
            yield "  " + (_on_ground(view, look) if colorful and text == view.text else text)
    yield ""
    yield output.cut(stage.words["theme.choose"], columns)


def _views(stage: preview.Stage, name: str) -> Iterator[View]:
    for scene in stage.scenes():
        if scene.state in SHOWN:
            view = stage.view(scene, stage.settings.format)
            known = {key: fact for key, fact in view.facts.items() if not key.startswith("theme.")}
            yield View({**known, **palette.facts(name)}, view.now, {})


def _on_ground(view: View, look: Theme) -> str:
    """The line as a bar of that theme has it, between two spaces."""
    depth = colors_of(os.environ)
    if depth == 16:  # the terminal's own colours have its own ground
        return colored(view, view.line, os.environ)
    ground = f"\x1b[{sequence(look.text, 'stale', depth)};4{sequence(look.ground, 'stale', depth)[1:]}m"
    line = colored(view, view.line, {"COLORTERM": "truecolor"} if depth > 256 else {"TERM": "256"})
    return f"{ground} {line.replace(output.RESET, output.RESET + ground)} {output.RESET}"
