"""The refresher of this user: the files and settings of the environment, put together once a command."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from codingplan_bar import paths
from codingplan_bar.alerts.decide import Alerter, Sources
from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands import output
from codingplan_bar.history.foreteller import Foreteller
from codingplan_bar.history.record import Record
from codingplan_bar.refresh import ends, plans
from codingplan_bar.refresh.ask import Transports, client_for
from codingplan_bar.refresh.files import Files
from codingplan_bar.refresh.refresh import Refresher
from codingplan_bar.settings import settings as owners
from codingplan_bar.words.errors import error_text

PATIENT_SECONDS = 120
"""How long a refresh may take while a person is asked for something."""


def open_refresher(
    environ: Mapping[str, str] = os.environ,
    *,
    may_prompt: bool = False,
    transport: Transports | None = None,
    **options: str | None,
) -> Refresher:
    """The refresher, with what a command's options say in the place of the settings: for this call alone.

    `may_prompt`: somebody sits there, and may be asked to unlock a keyring. `transport` makes what sends.
    """
    _leave_no_core()
    settings = owners.of_user(environ)
    files = Files(environ, settings.plan)
    named = {name: value for name, value in options.items() if value}
    if may_prompt:
        settings = settings.filled(timeout=PATIENT_SECONDS)
    asked = settings.replaced(**named)
    asker = client_for(files, asked, now=time.time, may_prompt=may_prompt, transport=transport)
    record = Record(files.history)
    foreteller = Foreteller(files.rhythm, record)
    sources = Sources(
        foreteller.foretold, lambda latest: ends.kept_end(files, latest.source), partial(plans.renews, files)
    )
    alerter = Alerter(files.alerts, asker.settings, environ, sources, session=files.session_alerts)
    witnesses = [record.witness, foreteller.witness, alerter.witness]  # each knows what the one before it has kept
    return Refresher(files, replace(asker, passing=bool(named)), witnesses, foreteller.facts)


def complain(refresher: Refresher) -> None:
    """Say on stderr what kept the result from being stored, and what to do."""
    problem = refresher.storage_problem
    if problem:
        environ = refresher.files.environ
        where = paths.displayed(problem.where, environ)
        words = words_for(refresher.asker.settings.language, environ)
        happened, step = error_text(problem.code, problem.message, problem.hint, words)
        output.say(output.told("storage", happened, where, step, environ=environ))


def _leave_no_core() -> None:
    """Let no dump of this process hold a session, however it ends."""
    _, highest = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, highest))
