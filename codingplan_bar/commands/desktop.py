"""What a click does on the desktop: open the dashboard, open the settings, copy the view."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from codingplan_bar import places, show, store
from codingplan_bar.commands import programs, streams
from codingplan_bar.commands.desk import open_desk
from codingplan_bar.errors import StorageFailure
from codingplan_bar.fetch import settings
from codingplan_bar.fetch.endpoints import PROVIDERS_OWN
from codingplan_bar.fetch.refresh import Desk
from codingplan_bar.fetch.regions import REGIONS
from codingplan_bar.snapshot import NewerSnapshot

Start = Callable[[programs.Command], bool]


def open_dashboard(start: Start = programs.start, environ: Mapping[str, str] = os.environ) -> int:
    """Open the dashboard of the region that answered, else of the settings' region; 0 or 1."""
    address = dashboard(open_desk(environ))
    if not any(map(start, programs.browsers(environ, sys.platform, address))):
        streams.say(f"no browser could be started. Open {address}")
        return 1
    if streams.columns():
        streams.put(f"Opened {address}")
    return 0


def dashboard(desk: Desk) -> str:
    """The address: the region's constant, never one that was stored."""
    try:
        stored = desk.files.load().snapshot
    except NewerSnapshot:
        stored = None
    region = (stored.region if stored else None) or desk.asker.settings["region"]
    return PROVIDERS_OWN.dashboard(REGIONS[region])


def open_settings(start: Start = programs.start, environ: Mapping[str, str] = os.environ) -> int:
    """Open config.toml in an editor, made first where there is none; 0 or 1."""
    path = Path(places.config_file(environ))
    try:
        if not os.path.lexists(path):
            store.replace(path, settings.template())
    except StorageFailure as error:
        streams.say(f"{error.message} ({error.where}) Name a folder that can be written by XDG_CONFIG_HOME.")
        return 1
    if any(map(start, programs.editors(environ, sys.platform, str(path)))):
        return 0
    streams.say(f"no editor could be started. Edit {path}")
    return 1


def copy_view(
    feed: Callable[[programs.Command, str], bool] = programs.feed, environ: Mapping[str, str] = os.environ
) -> int:
    """Put the view as JSON on the clipboard; 0, or 1 where no program takes it."""
    text = show.render("json", open_desk(environ).publish(), time.time(), environ)
    if any(feed(command, text) for command in programs.clipboards(environ, sys.platform)):
        return 0
    streams.say("no program took the text for the clipboard. Install wl-clipboard, xclip or xsel.")
    return 1
