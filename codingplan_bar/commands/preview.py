"""`preview`: each preset in each state, in the terminal, before anything is in a bar. It asks no provider."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

from codingplan_bar import bars, paths
from codingplan_bar.bars import tooltip
from codingplan_bar.bars.adapters.ansi import colored
from codingplan_bar.bars.phrases import padded, width, words_for
from codingplan_bar.bars.signs_and_colors import mark, pieces, unmarked
from codingplan_bar.bars.view import View
from codingplan_bar.commands import output
from codingplan_bar.commands.status import faults
from codingplan_bar.demo_provider import next_billing_day, next_monday
from codingplan_bar.model import Instant, Plan, Problem, Snapshot, Window
from codingplan_bar.plans import CODING_PLAN
from codingplan_bar.provider.addresses import Endpoints
from codingplan_bar.refresh.snapshot_to_facts import compile_facts
from codingplan_bar.refresh.store import Files
from codingplan_bar.regions import INTL
from codingplan_bar.settings.settings import Settings, of_user
from codingplan_bar.settings.templates import PRESETS, compile_template
from codingplan_bar.words import table

# What `preview` puts on the stage: one plan in each state that there is. Pure.
#
# The plan is the owner's own, or one that is made up; a state that it is not in is acted with as few changes as will
# do.

CALM = 0.6
"""The share of a threshold that a calm plan has used of its fullest window."""
HOUR = 3_600


class Scene(NamedTuple):
    """A state, the snapshot that it is made of, what went wrong since, how old it is, and what is foretold of it."""

    state: str
    snapshot: Snapshot
    problem: Problem | None = None
    age: float = 60
    foretold: Mapping[str, str] = MappingProxyType({})


def made_up(now: Instant) -> Snapshot:
    """A Pro plan on its published limits, asked for two minutes ago, and made up."""
    resets = (None, next_monday(now), next_billing_day(now, day=5))
    numbers = zip(CODING_PLAN.windows, ((1_284, 6_000), (14_310, 45_000), (61_200, 90_000)), resets, strict=True)
    windows = tuple(Window(span.name, *counts, reset) for span, counts, reset in numbers)
    dashboard = Endpoints().dashboard(INTL)
    return Snapshot(now - 120, dashboard, "web", "intl", Plan("Coding Plan Pro"), windows)


def made_up_past(now: Instant) -> dict[str, str]:
    """What the recorded past would say of it: `spark` and `flow.NAME`, as the facts have them."""
    spark = (*range(0, 56, 8), 48, 44, 30, 16, 8, 4, 0, 0, 0, 0, 0, 0, 12, 26, 38, 34, 25, 21)
    return {
        "spark": ",".join(map(str, spark[-24:])),
        f"flow.{CODING_PLAN.windows[0].name}": f"{now + HOUR} 180",
        "session.ends_at": str(now + 30 * HOUR),
    }


def scenes(own: Snapshot, settings: Settings, words: Mapping[str, str]) -> Iterator[Scene]:
    """The plan in each state, in the order of worry; no warning where the two thresholds, in percent, are one.

    `words` are those of `preview`.
    """
    warning, critical = settings.thresholds
    calm = own if _most_used(own).used_percent < warning else used(own, warning * CALM)
    yield Scene("ok", calm)
    yield Scene("runs_out", calm, foretold=running_out(calm))
    if warning < critical:
        yield Scene("warning", used(own, (warning + critical) / 2))
    yield Scene("critical", used(own, (critical + 100) / 2))
    yield Scene("active", own._replace(windows=()))
    offline = Problem("network", words["offline"], words["offline.hint"])
    yield Scene("stale", own, offline, age=2 * settings.refresh_interval + HOUR)
    yield Scene("signed_out", own, Problem("login_required", "", ""))
    nothing = Snapshot(own.fetched_at, own.dashboard_url, error=Problem("no_plan", "", ""))
    yield Scene("error", nothing)


def running_out(own: Snapshot) -> dict[str, str]:
    """What would be foretold of it, if its most used window ran out halfway to its reset, or within the hour."""
    most, now = _most_used(own), own.fetched_at
    half = ((most.resets_at or now + 2 * HOUR) - now) // 2
    return {f"outlook.{most.name}": f"runs_out {now + half} {now + half // 2} {now + 2 * half} 0.9 -"}


def used(own: Snapshot, percent: float) -> Snapshot:
    """The plan with that much used of its most used window, and of no window more."""
    most = _most_used(own)
    shares = [(window, percent if window is most else min(window.used_percent, percent)) for window in own.windows]
    return own._replace(windows=tuple(_with(window, share) for window, share in shares))


def _with(window: Window, percent: float) -> Window:
    return window if window.used_percent == percent else window._replace(used=window.total * percent / 100)


def _most_used(own: Snapshot) -> Window:
    return max(own.windows, key=lambda window: window.used_percent)


PAST = ("spark", "flow.", "today.", "session.")
"""The stored facts that are in no snapshot."""


class PreviewLine(NamedTuple):
    """A sentence of the page; or what a bar shows, with what stands `before` it and the view that has its colours."""

    text: str = ""
    before: str = ""
    view: View | None = None


def preview(*, demo: bool, environ: Mapping[str, str] = os.environ) -> int:
    """Print every preset in every state, with what is stored, or with made-up numbers; 0."""
    columns, colorful = output.sheet(environ)
    lines = (row for line in page(stage(environ, demo=demo)) for row in _broken(line, columns))
    return output.put("\n".join(_told(line, columns, colorful=colorful) for line in lines))


class Stage:
    """A plan, the owner's own or a made-up one, and how its owner wants it shown."""

    def __init__(
        self,
        plan: Snapshot,
        settings: Settings,
        past: Mapping[str, str],
        environ: Mapping[str, str],
        present: View | None = None,
    ) -> None:
        """`past` are the facts that are in no snapshot; `present` is the plan as it is, None where it is made up."""
        self.plan = plan
        self.settings = settings
        self.past = past
        self.environ = environ
        self.present = present
        self.words = table(words_for(settings.language, environ)["language"], "commands", "PREVIEW")

    def view(self, scene: Scene, template: str) -> View:
        """The scene as a bar with that template would have it."""
        facts = compile_facts(scene.snapshot, scene.problem, self.settings.filled(faults=()))
        then = scene.snapshot.fetched_at + scene.age
        return View({**facts, **self.past, **scene.foretold, "format": template}, then, self.environ)

    def wrong(self) -> list[str]:
        """What is wrong with the settings, each with what to do."""
        return faults(self.settings, words_for(self.settings.language, self.environ)["language"])

    def scenes(self) -> list[Scene]:
        """The plan in each state."""
        return list(scenes(self.plan, self.settings, self.words))


def stage(environ: Mapping[str, str], *, demo: bool) -> Stage:
    """The stored plan where there is one with numbers, and the demo is not asked for; else a made-up one."""
    stored, now = None if demo else _stored(environ), int(time.time())
    settings = of_user(environ)
    if stored is None:
        return Stage(made_up(now), settings, made_up_past(now), environ)
    facts = bars.stored_facts(paths.working_folder(environ), environ) or _published(environ)
    past = {name: fact for name, fact in facts.items() if name.startswith(PAST)}
    return Stage(stored, settings, past, environ, View(facts, now, environ))


def page(stage: Stage) -> Iterator[PreviewLine]:
    """All of it, line by line."""
    if stage.present is None:
        yield PreviewLine(stage.words["made_up"])
    else:
        yield PreviewLine(stage.words["own"].format(stage.present.ago()))
        yield PreviewLine(stage.words["acted"].format(stage.present.words[stage.present.state]))
    for name, template in _templates(stage).items():
        yield from _preset(stage, name, template)
    yield from _tooltip(stage)
    yield PreviewLine()
    yield PreviewLine(stage.words["choose"])
    yield from map(PreviewLine, stage.wrong())


def _templates(stage: Stage) -> dict[str, str]:
    """The presets, and the user's own template where that is another one."""
    templates = {name: compile_template(name) for name in PRESETS}
    own = stage.settings.format
    return templates if own in templates.values() else {**templates, stage.words["yours"]: own}


def _preset(stage: Stage, name: str, template: str) -> Iterator[PreviewLine]:
    yield PreviewLine()
    yield PreviewLine(name)
    views = [stage.view(scene, template) for scene in stage.scenes()]
    room = max(width(view.words[view.state]) for view in views)
    for view in views:
        yield PreviewLine(view.line, f"  {padded(view.words[view.state], room)}  ", view)


def _tooltip(stage: Stage) -> Iterator[PreviewLine]:
    """What lies below the line: of the plan as it is, or calm."""
    view = stage.present or stage.view(stage.scenes()[0], stage.settings.format)
    yield PreviewLine()
    yield PreviewLine(stage.words["tooltip"])
    for line in tooltip.composed(view):
        yield PreviewLine(line, "  ", view)


def _published(environ: Mapping[str, str]) -> Mapping[str, str]:
    from codingplan_bar.commands.refresh import open_refresher  # bars have these facts already, as a rule

    return open_refresher(environ).publish()


def _stored(environ: Mapping[str, str]) -> Snapshot | None:
    files = Files(environ, of_user(environ).plan)
    stored = files.shown()
    return stored if stored and stored.windows else None


def _broken(line: PreviewLine, columns: int) -> list[PreviewLine]:
    """A sentence in lines of that width; what a bar shows is left in one."""
    if not line.before:
        return [PreviewLine(row) for row in output.wrapped(line.text, columns)]
    margin = " " * width(line.before)
    rows = parted(line.text, output.broken(unmarked(line.text), max(columns - len(margin), 1)))
    return [PreviewLine(row, margin if place else line.before, line.view) for place, row in enumerate(rows)]


def parted(marked: str, rows: list[str]) -> Iterator[str]:
    """The rows, which are the marked text broken at its spaces, each with its own marks."""
    tones = [tone for tone, words in pieces(marked) for _ in words]
    plain, begins = unmarked(marked), 0
    for row in rows:
        begins = plain.index(row, begins)
        stretches = groupby(zip(row, tones[begins:], strict=False), key=itemgetter(1))
        yield "".join(mark("".join(char for char, _ in stretch), tone) for tone, stretch in stretches)
        begins += len(row)


def _told(line: PreviewLine, columns: int, *, colorful: bool) -> str:
    """The line, cut to that many columns."""
    text, view = unmarked(line.text), line.view
    shown = output.cut(text, columns - width(line.before))
    if colorful and view and shown == text:
        shown = colored(view, line.text, view.environ)
    return line.before + shown
