"""`alert`: tells what a refresh has found worth telling. Started by it, with the facts on standard input."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping

from codingplan_bar import process
from codingplan_bar.alerts import notify
from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands import USAGE, output

LIMIT = 64 * 1024
"""Bytes; three windows have a thousand."""


def alert(environ: Mapping[str, str] = os.environ) -> int:
    """Show the notification, run the user's command for each alert; 0.

    1 for what is not an order of ours, and 2 at a terminal, where somebody has typed it.
    """
    if sys.stdin is not None and sys.stdin.isatty():
        output.say(output.told("alert", environ=environ))
        return USAGE
    try:
        order = json.loads(sys.stdin.buffer.read(LIMIT))
        alerts, command = order["alerts"], order["command"]
        language = words_for(order["language"], environ)["language"]
        title, text = notify.told(alerts, language, order.get("step", ""), order.get("cause", ""))
    except (ValueError, LookupError, TypeError, AttributeError):
        return 1
    if order["notifications"]:
        notify.notify(title, text, environ, urgent=notify.is_urgent(alerts))
    if command:
        for each in alerts:
            process.run_hook(
                command, {**each, "title": title, "text": text, "dashboard_url": order["dashboard_url"]}, environ
            )
    return 0
