"""A refresh as the commands start it; `fetch`, `refresh`, and a bar's command where its facts must be made first."""

from __future__ import annotations

import contextlib
import math
import os
import resource
import time
from collections.abc import Mapping
from functools import partial

from codingplan_bar import bars, paths, snapshot, storage
from codingplan_bar.alerts.decide import Alerter, Sources
from codingplan_bar.bars.phrases import clock, duration, words_for
from codingplan_bar.commands import output
from codingplan_bar.errors import CodingPlanError, ConfigError, InternalError, NotAsked
from codingplan_bar.history.record import Record
from codingplan_bar.history.summary import Foreteller
from codingplan_bar.model import Problem, Snapshot
from codingplan_bar.refresh import plan_search, sign_in_life
from codingplan_bar.refresh.refresh import Refresher
from codingplan_bar.refresh.schedule import MENDED_HERE, NOTHING_TO_ASK_WITH, Waiting
from codingplan_bar.refresh.sources import Transports, client_for
from codingplan_bar.refresh.store import Files, patience_with_others
from codingplan_bar.settings import settings as owners
from codingplan_bar.words.errors import error_text

# The refresher of this user: the files and settings of the environment, put together once a command.

PATIENT_SECONDS = 120
"""How long a refresh may take while a person is asked for something."""


def open_refresher(
    environ: Mapping[str, str] = os.environ,
    *,
    may_prompt: bool = False,
    by_hand: bool = False,
    transport: Transports | None = None,
    **options: str | None,
) -> Refresher:
    """The refresher, with what a command's options say in the place of the settings: for this call alone.

    `may_prompt`: somebody sits there, and may be asked to unlock a keyring; `by_hand`: somebody has asked for it.
    `transport` makes what sends.
    """
    _leave_no_core()
    named = {name: value for name, value in options.items() if value}
    settings = owners.of_user(environ)
    files = Files(environ, settings.plan)
    if may_prompt:
        settings = settings.filled(timeout=PATIENT_SECONDS)
    asker = client_for(files, settings, now=time.time, may_prompt=may_prompt, by_hand=by_hand, transport=transport)
    asker = asker._replace(settings=asker.settings.replaced(**named)) if named else asker
    record = Record(files.history)
    foreteller = Foreteller(files.rhythm, record)
    sources = Sources(foreteller.foretold, partial(sign_in_life.kept_end, files), partial(plan_search.renews, files))
    alerter = Alerter(files.alerts, asker.settings, environ, sources, session=files.session_alerts)
    witnesses = [record.witness, foreteller.witness, alerter.witness]  # each knows what the one before it has kept
    return Refresher(files, asker._replace(passing=bool(named)), witnesses, foreteller.facts)


def complain(refresher: Refresher) -> None:
    """Say on stderr what kept the result from being stored, and what to do."""
    problem: CodingPlanError | None = refresher.storage_problem
    if problem and paths.is_nowhere(problem.where):
        output.homeless(refresher.files.environ)
        return
    if problem and refresher.was_without_place:
        problem = NotAsked("storage.not_asked", where=problem.where, hint=problem.hint, problem=problem.message)
    if problem:
        environ = refresher.files.environ
        where = paths.displayed(problem.where, environ)
        words = words_for(refresher.asker.settings.language, environ)
        happened, step = error_text(problem.code, problem.message, problem.hint, words)
        output.say(output.told("storage", happened, where, step, environ=environ))


SOON = 100
"""Seconds up to which a wait is told in seconds: beyond, by the clock."""


def tries(refresher: Refresher, now: float) -> str:
    """When the last try of a refresh that failed was, and when the next one is; empty where a change alone helps."""
    waiting, again = refresher.held_back_by(), refresher.next_request()
    if not waiting.code or waiting.code in MENDED_HERE or again <= now:
        return ""
    environ = refresher.files.environ
    words = words_for(refresher.asker.settings.language, environ)
    age = max(now - waiting.asked_at, 0)
    before = words["now"] if age < 60 else words["ago"].format(duration(age, words))
    if again - now <= SOON:
        return output.told("tries.soon", before, math.ceil(again - now), environ=environ)
    return output.told("tries", before, clock(math.ceil(again), now, words), environ=environ)


def _leave_no_core() -> None:
    """Let no dump of this process hold a session, however it ends."""
    _, highest = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, highest))


# The cold road of a bar's command: whatever is missing for the warm road is made first.


def show(bar: str, environ: Mapping[str, str] = os.environ) -> int:
    """Print what is stored, made ready for the bars; with nothing stored yet, wait for the first answer. Always 0.

    Another process asks; it lives on if the bar kills this one. Where the wait until the next request cannot be
    stored, no request is sent: a bar prints every few seconds.
    """
    refresher = open_refresher(environ)
    if not refresher.has_snapshot():
        _await_first_answer(refresher, environ)
    compiled = refresher.publish()
    if refresher.storage_problem and bars.is_due(compiled, time.time()):
        refresher.storage_problem = None  # `publish` could not store the facts; the wait is tried next
        refresher.refresh("when due", wait=False)
        compiled = refresher.publish()
    with contextlib.suppress(OSError):  # standard output is closed or full: the bar has gone, or cannot take a line
        if refresher.storage_problem or not bars.show(bar, environ):
            bars.write(bars.render(bar, compiled, time.time(), environ))
    return 0


def stay(bar: str) -> int:
    """`--watch` where the warm road has left it to this one."""
    from codingplan_bar.bars.watch import watch  # a module that a single line has no use for

    return watch(bar)


def _await_first_answer(refresher: Refresher, environ: Mapping[str, str]) -> None:
    """Wait while somebody asks; where no process can be started for it, ask here."""
    end = time.monotonic() + patience_with_others(refresher.asker.settings)
    if refresher.would_ask():
        bars.ask_first(environ)
    while refresher.is_being_asked() and not refresher.has_snapshot() and time.monotonic() < end:
        time.sleep(storage.LOOK_AGAIN)
    if not refresher.has_snapshot() and refresher.would_ask():
        refresher.refresh("when due", wait=False)


# `fetch` and `refresh`: ask the provider.


def fetch(*, source: str | None, region: str | None, pretty: bool, interactive: bool = False) -> int:
    """Ask now, print the document; 0 for a plan, 1 for an error.

    Interactive: a person asks, and not a script. A keyring may ask that person.
    """
    refresher = open_refresher(may_prompt=interactive, by_hand=interactive, source=source, region=region)
    latest = refresher.refresh("always")
    complain(refresher)
    return put(latest, pretty=pretty)


def put(latest: Snapshot, *, pretty: bool) -> int:
    """Print a snapshot as a document that meets the schema, else the document of that defect; gives the exit code."""
    latest = _checked(latest)
    text = snapshot.dumps(snapshot.document_of(latest), pretty=True) if pretty else snapshot.encoded(latest)
    return output.put(text) or exit_code(latest)


def _checked(latest: Snapshot) -> Snapshot:
    """The snapshot, or in its place the error that says where it does not meet the schema."""
    try:
        snapshot.check_snapshot(latest)
    except InternalError as error:
        defect = Problem(error.code, error.message, error.hint)
        return Snapshot(latest.fetched_at, latest.dashboard_url, error=defect)
    return latest


def exit_code(latest: Snapshot) -> int:
    """0 for a plan, 1 for an error."""
    return 1 if latest.error else 0


def refresh(*, background: bool, click: bool = False) -> int:
    """Ask where it is due (in the background), or because a user wants it. Says only what kept it from being done.

    A person at a terminal is told why it brought nothing, too.

    It prints no numbers, so where nothing can be stored no request is sent. A `click` ends with 0: what came of it is
    in the bar, which SwiftBar reads again only then.
    """
    refresher = open_refresher(by_hand=not background)
    latest = refresher.refresh("when due" if background else "by hand", wait=False)
    error, is_typed = latest.error, not (background or click)
    complain(refresher)
    if refresher.was_held_back and not background:
        output.say(_held_back(refresher.held_back_by(), time.time()))
    elif error and is_typed and not refresher.was_without_place and (error.code == ConfigError.code or os.isatty(2)):
        output.say(output.failure_told(error))
    if click:
        return 0
    return 1 if refresher.was_without_place else exit_code(latest)


def _held_back(waiting: Waiting, now: float) -> str:
    """Why no request was sent, and from when on one is; where there is nothing to ask with, none was sent before."""
    key = "held back"
    if waiting.told:
        key = "held back.pause"
    elif waiting.code in NOTHING_TO_ASK_WITH:
        key = "held back.nothing"
    return output.told(key, max(math.ceil(waiting.by_hand_from() - now), 1))
