"""The desk of this user: the files and settings of the environment, put together once a command."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Mapping
from dataclasses import replace

from codingplan_bar import places
from codingplan_bar.commands import streams
from codingplan_bar.errors import ConfigError
from codingplan_bar.fetch import settings as configuration
from codingplan_bar.fetch.alerts.alerter import Alerter
from codingplan_bar.fetch.asking import asker_for
from codingplan_bar.fetch.files import Files
from codingplan_bar.fetch.history.record import Record
from codingplan_bar.fetch.refresh import Desk

PATIENT_SECONDS = 120
"""How long a refresh may take while a person is asked for something."""


def open_desk(environ: Mapping[str, str] = os.environ, *, may_prompt: bool = False, **options: str | None) -> Desk:
    """The desk, with what a command's options say in the place of the settings: for this call alone.

    `may_prompt`: somebody sits there, and may be asked to unlock a keyring.
    """
    _leave_no_core()
    files = Files(environ)
    where = places.shown(str(files.settings), environ)
    error = None
    try:
        settings = configuration.load(configuration.read(files.settings, where=where), environ, where=where)
    except ConfigError as found:
        settings, error = configuration.Settings({}), found
    named = {name: value for name, value in options.items() if value}
    if may_prompt:
        settings = settings.filled(timeout=PATIENT_SECONDS)
    asker = asker_for(files, settings.replaced(**named), misconfigured=error, now=time.time, may_prompt=may_prompt)
    witnesses = [Record(files.history).witness, Alerter(files.alerts, asker.settings, environ).witness]
    return Desk(files, replace(asker, passing=bool(named)), witnesses)


def complain(desk: Desk) -> None:
    """Say on stderr what kept the result from being stored, and what to do."""
    problem = desk.storage_problem
    if problem:
        streams.say(f"{problem.message} ({places.shown(problem.where, desk.files.environ)}) {problem.hint}")


def _leave_no_core() -> None:
    """Let no dump of this process hold a session, however it ends."""
    _, highest = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, highest))
