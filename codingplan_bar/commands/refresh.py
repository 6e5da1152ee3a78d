"""`fetch`, `refresh`, and a bar's command where its facts must be made first."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping

from codingplan_bar import bars, storage
from codingplan_bar.commands import document, output
from codingplan_bar.commands.open_refresher import complain, open_refresher
from codingplan_bar.refresh.refresh import LOCK_SLACK, Refresher

# The cold road of a bar's command: whatever is missing for the warm one is made first.


def show(bar: str, environ: Mapping[str, str] = os.environ) -> int:
    """Print what is stored, made ready for the bars; with nothing stored yet, wait for the first answer. Always 0.

    Another process asks, which goes on when a bar has no patience with this one. Where the wait until the next question
    cannot be remembered, nothing is asked: a bar prints every few seconds.
    """
    refresher = open_refresher(environ)
    if not refresher.has_snapshot():
        _await_first_answer(refresher, environ)
    compiled = refresher.publish()
    if refresher.storage_problem and bars.is_due(compiled, time.time()):
        refresher.storage_problem = None  # of what the bars read; whether the wait can be remembered is seen now
        refresher.refresh("when due", wait=False)
        compiled = refresher.publish()
    with contextlib.suppress(OSError):  # standard output is closed or full: the bar has gone, or cannot take a line
        if refresher.storage_problem or not bars.show(bar, environ):
            bars.write(bars.render(bar, compiled, time.time(), environ))
    return 0


def stay(bar: str) -> int:
    """`--watch` where the quick road has left it to this one."""
    from codingplan_bar.bars.watch import watch  # a module that a single line has no use for

    return watch(bar)


def _await_first_answer(refresher: Refresher, environ: Mapping[str, str]) -> None:
    """Wait while somebody asks; where no process can be started for it, ask here."""
    end = time.monotonic() + float(refresher.asker.settings.timeout) + LOCK_SLACK
    if refresher.is_due():
        bars.ask_first(environ)
    while refresher.is_being_asked() and not refresher.has_snapshot() and time.monotonic() < end:
        time.sleep(storage.LOOK_AGAIN)
    if not refresher.has_snapshot() and refresher.is_due():
        refresher.refresh("when due", wait=False)


# `fetch` and `refresh`: ask the provider.


def fetch(*, source: str | None, region: str | None, pretty: bool, interactive: bool = False) -> int:
    """Ask now, print the document; 0 for a plan, 1 for an error. Interactive: a keyring may ask the user."""
    refresher = open_refresher(may_prompt=interactive, source=source, region=region)
    latest = refresher.refresh("always")
    complain(refresher)
    return document.put(latest, pretty=pretty)


def refresh(*, background: bool, click: bool = False) -> int:
    """Ask where it is due (in the background), or because a user wants it. Says only what kept it from being done.

    A `click` ends with 0: what came of it is in the bar, which SwiftBar reads again only then.
    """
    refresher = open_refresher()
    latest = refresher.refresh("when due" if background else "by hand", wait=not background)
    complain(refresher)
    if refresher.was_held_back and not background:
        output.say(output.told("held back"))
    return 0 if click else document.exit_code(latest)
