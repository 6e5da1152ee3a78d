"""The desk of this user: the files and settings of the environment, put together once a command."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping

from codingplan_bar import places, store
from codingplan_bar.errors import ConfigError
from codingplan_bar.fetch import settings as configuration
from codingplan_bar.fetch.asking import asker_for
from codingplan_bar.fetch.files import Files
from codingplan_bar.fetch.refresh import Desk


def open_desk(environ: Mapping[str, str] = os.environ, **options: str | None) -> Desk:
    """The desk, with what a command's options say in the place of the settings."""
    files = Files(environ)
    try:
        settings = configuration.load(
            store.read(files.settings), environ, where=places.shown(str(files.settings), environ)
        )
        error = None
    except ConfigError as found:
        settings, error = configuration.Settings({}), found
    settings = settings.replaced(**{name: value for name, value in options.items() if value})
    return Desk(files, asker_for(files, settings, misconfigured=error, now=time.time))


def complain(desk: Desk) -> None:
    """Say on stderr what kept the result from being stored, and what to do."""
    problem = desk.storage_problem
    if problem:
        where = places.shown(problem.where, desk.files.environ)
        sys.stderr.write(f"codingplan-bar: {problem.message} ({where}) {problem.hint}\n")
