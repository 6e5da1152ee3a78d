"""`preview`: each preset in each state, in the terminal, before anything is put into a bar. Asks nobody."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping

from codingplan_bar.commands import streams
from codingplan_bar.commands.desk import open_desk
from codingplan_bar.commands.painting import painted
from codingplan_bar.commands.preview import acting
from codingplan_bar.commands.preview.chinese import WORDS as CHINESE
from codingplan_bar.commands.preview.english import WORDS as ENGLISH
from codingplan_bar.fetch.compiling import compile_facts
from codingplan_bar.fetch.refresh import Desk
from codingplan_bar.fetch.settings import Settings
from codingplan_bar.fetch.templates import PRESETS, compile_template
from codingplan_bar.model import Snapshot
from codingplan_bar.show.phrases import padded, width, words_for
from codingplan_bar.show.view import View
from codingplan_bar.snapshot import NewerSnapshot

PAST = ("spark", "flow.five_hour", "session.ends_at", "session.origin")
"""The stored facts that are in no snapshot."""

Line = tuple[str, str, str]
"""What stands in front, the text, and the text's colour."""


def preview(*, demo: bool, environ: Mapping[str, str] = os.environ) -> int:
    """Print every preset in every state, with what is stored, or with made-up numbers; 0."""
    desk = open_desk(environ)
    columns, colorful = streams.sheet(environ)
    lines = page(stage(desk, environ, demo=demo))
    return streams.put("\n".join(_told(line, columns, colorful=colorful) for line in lines))


class Stage:
    """A plan, the owner's own or a made-up one, and how its owner wants it shown."""

    def __init__(self, plan: Snapshot, settings: Settings, past: Mapping[str, str], environ: Mapping[str, str]) -> None:
        """`past` are the facts that are in no snapshot; the plan is made up where there is no `present`."""
        self.plan = plan
        self.settings = settings
        self.past = past
        self.environ = environ
        self.present: View | None = None
        self.words = CHINESE if words_for(settings["language"], environ)["language"] == "zh" else ENGLISH

    def view(self, scene: acting.Scene, template: str) -> View:
        """The scene as a bar with that template would have it a minute after the question."""
        facts = compile_facts(scene.snapshot, scene.problem, self.settings)
        return View({**facts, **self.past, "format": template}, scene.snapshot.fetched_at + 60, self.environ)

    def scenes(self) -> list[acting.Scene]:
        """The plan in each state."""
        return list(acting.scenes(self.plan, thresholds=self.settings["thresholds"], words=self.words))


def stage(desk: Desk, environ: Mapping[str, str], *, demo: bool) -> Stage:
    """The stored plan where there is one with numbers, and the demo is not asked for; else a made-up one."""
    stored, now = None if demo else _stored(desk), int(time.time())
    if stored is None:
        return Stage(acting.made_up(now), desk.asker.settings, acting.made_up_past(now), environ)
    facts = desk.publish()
    own = Stage(stored, desk.asker.settings, {name: facts[name] for name in PAST if name in facts}, environ)
    own.present = View(facts, now, environ)
    return own


def page(stage: Stage) -> Iterator[Line]:
    """All of it, line by line."""
    if stage.present is None:
        yield "", stage.words["made_up"], ""
    else:
        yield "", stage.words["own"].format(stage.present.ago()), ""
        yield "", stage.words["acted"].format(stage.present.words[stage.present.state]), ""
    for name, template in _templates(stage).items():
        yield from _preset(stage, name, template)
    yield from _tooltip(stage)
    yield "", "", ""
    yield "", stage.words["choose"], ""


def _templates(stage: Stage) -> dict[str, str]:
    """The presets, and the user's own template where that is none of them."""
    templates = {name: compile_template(name) for name in PRESETS}
    own = stage.settings["format"]
    return templates if own in templates.values() else {**templates, stage.words["yours"]: own}


def _preset(stage: Stage, name: str, template: str) -> Iterator[Line]:
    yield "", "", ""
    yield "", name, ""
    views = [stage.view(scene, template) for scene in stage.scenes()]
    room = max(width(view.words[view.state]) for view in views)
    for view in views:
        yield f"  {padded(view.words[view.state], room)}  ", view.text, view.color


def _tooltip(stage: Stage) -> Iterator[Line]:
    """What lies below the line: of the plan as it is, or calm."""
    view = stage.present or stage.view(stage.scenes()[0], stage.settings["format"])
    yield "", "", ""
    yield "", stage.words["tooltip"], ""
    for line in view.tooltip:
        yield "  ", line, ""


def _stored(desk: Desk) -> Snapshot | None:
    try:
        stored = desk.files.load().snapshot
    except NewerSnapshot:
        return None
    return stored if stored and stored.windows else None


def _told(line: Line, columns: int, *, colorful: bool) -> str:
    """The line, cut to that many columns."""
    before, text, color = line
    room = columns - width(before)
    while width(text) > room:
        text = text.removesuffix("…")[:-1] + "…"
    return before + (painted(text, color) if colorful else text)
