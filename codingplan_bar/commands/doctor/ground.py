"""The ground that all stands on: the program, the settings, the environment, and the way to the provider."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

from codingplan_bar import __version__
from codingplan_bar.commands.doctor import bare
from codingplan_bar.commands.doctor.visit import Line, Visit
from codingplan_bar.commands.setup import command
from codingplan_bar.errors import CodingPlanError
from codingplan_bar.fetch import circumstances, codexbar, endpoints, templates, trust
from codingplan_bar.fetch.settings import SETTINGS, THE_TESTS_OWN

TEMPLATES = ("format", "tooltip_format")
OVERRIDES = (endpoints.HOST, endpoints.QUOTA_URL)
PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
"""What leads a question of ours elsewhere, in the spellings that requests reads."""


def version(visit: Visit) -> Iterator[Line]:
    """The program's own, and what it runs on."""
    yield visit.ok("version", "version", __version__, platform.python_version(), platform.platform(terse=True))


def program(visit: Visit) -> Iterator[Line]:
    """Where the program lies, and whether a bar finds it there by its name."""
    path = command()
    if not os.access(path, os.X_OK):
        yield visit.bad("program", "program.none")
    elif shutil.which(bare.NAME, path=bare.PATH) is None:
        yield visit.note("program", "program.by path", visit.shown(path), bare.PATH)
    else:
        yield visit.ok("program", "program", visit.shown(path))


def settings(visit: Visit) -> Iterator[Line]:
    """The file of settings; a wrong one is the first thing to put right."""
    problem, place = visit.desk.asker.misconfigured, visit.shown(visit.desk.files.settings)
    given = ", ".join(name for name in SETTINGS if name in visit.settings.given)
    if problem:
        yield visit.problem("settings", problem.code, problem.message, problem.hint)
    elif not visit.desk.files.settings.exists():
        yield visit.ok("settings", "settings.none", place)
    else:
        yield visit.ok("settings", "settings", place, given or visit.words["nothing"])
    for name in TEMPLATES:
        for placeholder in templates.unknown(visit.settings[name]):
            yield visit.bad("settings", "settings.placeholder", name, f"{{{placeholder}}}")


def variables(visit: Visit) -> Iterator[Line]:
    """The variables that hold here; a bar that the desktop starts may not have them."""
    ours = [name for name in sorted(visit.environ) if circumstances.matters(name) and name != THE_TESTS_OWN]
    if ours:
        yield visit.note("variables", "variables", ", ".join(ours), visit.shown(visit.desk.files.settings))


def other_program(visit: Visit) -> Iterator[Line]:
    """CodexBar's file, where there is one: it fills in for what the user's own settings do not say."""
    entry = codexbar.find(visit.environ)
    for note in entry.notes:
        yield Line("codexbar", "note", note)
    named = ("region", "source", "cookie_source", "cookie_header", "api_key")
    filled = [name for name in named if getattr(entry, name) and name not in visit.settings.given]
    if entry.file and filled:
        yield visit.note("codexbar", "codexbar", entry.file, ", ".join(filled))


def addresses(visit: Visit) -> Iterator[Line]:
    """Who is asked: the provider, or what an override names."""
    try:
        endpoints.judge(visit.environ)
    except CodingPlanError as error:
        yield visit.problem("endpoints", error.code, error.message, error.hint)
        return
    overridden = [name for name in OVERRIDES if visit.environ.get(name, "").strip(" ")]
    if overridden:
        yield visit.note("endpoints", "endpoints.override", ", ".join(overridden))
    else:
        yield visit.ok("endpoints", "endpoints", visit.settings["region"])


def network(visit: Visit) -> Iterator[Line]:
    """Proxies and certificates of the user's own."""
    try:
        bundle = trust.ca_bundle(visit.environ)
    except CodingPlanError as error:
        yield visit.problem("network", error.code, error.message, error.hint)
        return
    named = [name for name in PROXIES if visit.environ.get(name)]
    if named:
        yield visit.note("network", "network.proxy", ", ".join(named))
    if bundle:
        yield visit.note("network", "network.certificates", visit.shown(Path(bundle)))
