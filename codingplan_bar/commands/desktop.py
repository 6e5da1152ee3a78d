"""What a click does on the desktop: open the dashboard, open the settings, copy the view."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable

from codingplan_bar import show
from codingplan_bar.commands.desk import open_desk
from codingplan_bar.fetch.asking import PROVIDERS_OWN
from codingplan_bar.fetch.regions import REGIONS

CLIPBOARDS = (("pbcopy",), ("wl-copy",), ("xclip", "-selection", "clipboard"), ("xsel", "--clipboard", "--input"))
FIRST_SETTINGS = "# Settings of codingplan-bar. The table of them stands in the README.\n"


def open_dashboard(launch: Callable[[str], int]) -> int:
    """Open the dashboard of the region that answered, else of the settings' region; 0 or 1.

    The address is the region's constant, never one that was stored.
    """
    desk = open_desk()
    stored = desk.files.load().snapshot
    region = (stored.region if stored else None) or desk.asker.settings["region"]
    address = PROVIDERS_OWN.dashboard(REGIONS[region])
    if launch(address) == 0:
        return 0
    sys.stderr.write(f"codingplan-bar: no browser could be started. Open {address}\n")
    return 1


def open_settings(launch: Callable[[str], int]) -> int:
    """Open config.toml in an editor, made first where there is none; 0 or 1."""
    path = open_desk().files.settings
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FIRST_SETTINGS, "utf-8")
    return 0 if launch(str(path)) == 0 else 1


def copy_view() -> int:
    """Put the view as JSON on the clipboard; 0, or 1 where no clipboard program is there."""
    text = show.render("json", open_desk().publish(), time.time(), os.environ)
    for command in CLIPBOARDS:
        if shutil.which(command[0]):
            return subprocess.run(command, input=text.encode(), check=False).returncode and 1
    sys.stderr.write("codingplan-bar: no clipboard program found. Install wl-clipboard, xclip or xsel.\n")
    return 1
