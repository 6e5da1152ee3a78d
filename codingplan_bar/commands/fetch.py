"""`fetch` and `refresh`: ask the provider."""

from __future__ import annotations

import sys

from codingplan_bar import snapshot as documents
from codingplan_bar.commands.desk import complain, open_desk
from codingplan_bar.model import Snapshot


def fetch(*, source: str | None, region: str | None, pretty: bool) -> int:
    """Ask now, print the document; 0 for a plan, 1 for an error."""
    desk = open_desk(source=source, region=region)
    latest = desk.refresh("always")
    complain(desk)
    if latest is not None:
        sys.stdout.buffer.write((documents.dumps(documents.to_document(latest), pretty=pretty) + "\n").encode())
    return exit_code(latest)


def refresh(*, background: bool) -> int:
    """Ask where it is due (in the background), or because a user wants it. Prints nothing but errors of storing."""
    desk = open_desk()
    latest = desk.refresh("when due" if background else "by hand", wait=not background)
    complain(desk)
    return exit_code(latest)


def exit_code(latest: Snapshot | None) -> int:
    """0 for a plan, 1 for an error."""
    return 1 if latest is None or latest.error else 0
