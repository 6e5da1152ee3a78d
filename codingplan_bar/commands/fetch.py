"""`fetch` and `refresh`: ask the provider."""

from __future__ import annotations

from codingplan_bar.commands import document
from codingplan_bar.commands.desk import complain, open_desk


def fetch(*, source: str | None, region: str | None, pretty: bool, interactive: bool = False) -> int:
    """Ask now, print the document; 0 for a plan, 1 for an error. Interactive: a keyring may ask the user."""
    desk = open_desk(may_prompt=interactive, source=source, region=region)
    latest = desk.refresh("always")
    complain(desk)
    return document.put(latest, pretty=pretty)


def refresh(*, background: bool) -> int:
    """Ask where it is due (in the background), or because a user wants it. Prints nothing but errors of storing."""
    desk = open_desk()
    latest = desk.refresh("when due" if background else "by hand", wait=not background)
    complain(desk)
    return document.exit_code(latest)
