"""What a click does on the desktop: open the dashboard, open the settings, copy the view."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from codingplan_bar import bars, paths, process, storage
from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands import output
from codingplan_bar.errors import StorageFailure
from codingplan_bar.provider.addresses import PROVIDERS_OWN
from codingplan_bar.refresh.files import Files
from codingplan_bar.regions import REGIONS
from codingplan_bar.settings import settings
from codingplan_bar.words.errors import error_text

Start = Callable[[process.Command], bool]


def open_dashboard(start: Start = process.start, environ: Mapping[str, str] = os.environ) -> int:
    """Open the dashboard of the region that answered, else of the settings' region; 0 or 1."""
    address = dashboard(environ)
    if not any(map(start, process.browsers(environ, sys.platform, address))):
        output.say(output.told("no browser", address, environ=environ))
        return 1
    if output.columns():
        output.put(output.told("opened", address, environ=environ))
    return 0


def dashboard(environ: Mapping[str, str]) -> str:
    """The address: the region's constant, never one that was stored."""
    own = settings.of_user(environ)
    files = Files(environ, own.plan)
    stored = files.load().snapshot if files.is_readable() else None
    region = (stored.region if stored else None) or own.region
    return PROVIDERS_OWN.dashboard(REGIONS[region])


def open_settings(start: Start = process.start, environ: Mapping[str, str] = os.environ) -> int:
    """Open config.toml in an editor, made first if it is missing; 0 or 1."""
    path = Path(paths.config_file(environ))
    if not make_settings(path, environ):
        return 1
    if any(map(start, process.editors(environ, sys.platform, str(path)))):
        return 0
    output.say(output.told("no editor", path, environ=environ))
    return 1


def make_settings(path: Path, environ: Mapping[str, str] = os.environ) -> bool:
    """Make a file of settings to begin with, if it is missing; whether there is one, or why not on stderr."""
    try:
        if not os.path.lexists(path):
            storage.replace(path, settings.template(output.language_of(environ)))
    except StorageFailure as error:
        words = words_for(output.language_of(environ), environ)
        happened, _ = error_text(error.code, error.message, "", words)
        output.say(output.told("no settings", happened, error.where, environ=environ))
        return False
    return True


def copy_view(
    feed: Callable[[process.Command, str], bool] = process.feed, environ: Mapping[str, str] = os.environ
) -> int:
    """Put the view as JSON on the clipboard; 0, or 1 where no program takes it."""
    from codingplan_bar.commands.open_refresher import open_refresher  # what has no other way

    text = bars.render("json", open_refresher(environ).publish(), time.time(), environ)
    if any(feed(command, text) for command in process.clipboards(environ, sys.platform)):
        return 0
    output.say(output.told("no clipboard", environ=environ))
    return 1
