"""What a click does on the desktop: open the dashboard, copy the view."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping

from codingplan_bar import bars, process
from codingplan_bar.commands import output
from codingplan_bar.provider.addresses import PROVIDERS_OWN
from codingplan_bar.refresh.files import Files
from codingplan_bar.regions import REGIONS
from codingplan_bar.settings import settings

Start = Callable[[process.Command], bool]


def open_dashboard(
    start: Start = process.start, environ: Mapping[str, str] = os.environ, *, failed: str = "no browser"
) -> int:
    """Open the dashboard of the region that answered, else of the settings' region; 0, or 1 with the words `failed`."""
    address = dashboard(environ)
    if not any(map(start, process.browsers(environ, sys.platform, address))):
        output.say(output.told(failed, address, environ=environ))
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


def copy_view(
    feed: Callable[[process.Command, str], bool] = process.feed, environ: Mapping[str, str] = os.environ
) -> int:
    """Put the view as JSON on the clipboard; 0, or 1 where no program takes it."""
    from codingplan_bar.commands.refresh import open_refresher  # what has no other way

    text = bars.render("json", open_refresher(environ).publish(), time.time(), environ)
    if any(feed(command, text) for command in process.clipboards(environ, sys.platform)):
        return 0
    output.say(output.told("no clipboard", environ=environ))
    return 1
