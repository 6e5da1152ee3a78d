"""`guard`: is there enough left? For scripts: the exit code is the answer."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from codingplan_bar.bars.view import View
from codingplan_bar.bars.windows import Row, names_in
from codingplan_bar.commands import output, status
from codingplan_bar.words.errors import in_a_row, in_language

ENOUGH, TOO_LITTLE, NOT_KNOWN = 0, 1, 69
"""69 is EX_UNAVAILABLE of sysexits.h."""
REMAINING = 10.0
"""Percent that must be left by default."""


def guard(
    *, window: str | None, min_remaining: float | None, outlook: bool = False, environ: Mapping[str, str] = os.environ
) -> int:
    """0 where at least so many percent are left of the window, or of every one; 1 where not, 69 if not known.

    Without a plan, or with one that has ended, there is too little: that is known. With `outlook`, so there is of a
    window that is foretold to run out before its reset. Where an extra pack is left there is enough: it is drawn on as
    soon as a window is used up. Every window counts that the provider gave, also one that no bar is to show; where one
    of them could not be read, it is not known whether every one has enough.
    """
    found = status.stored(environ) or _asked(environ)
    view = View({**found.facts, "windows": ""}, time.time(), environ)
    needed = REMAINING if min_remaining is None else min_remaining
    rows = [row for row in view.rows if window in (None, row.name)]
    wrong = in_a_row(view.problem, view.words["language"])
    if view.facts["problem.code"] == "no_plan" and not view.answered:
        return _said(wrong, TOO_LITTLE)
    if not rows or not view.is_fresh or any(row.percent is None for row in rows):
        return _said(_unknown(view, window, in_a_row((wrong, found.when), view.words["language"])), NOT_KNOWN)
    short = next((row for row in rows if outlook and row.runs_out is not None), None)
    least = short or min(rows, key=_left)
    is_too_little = bool(short) or _left(least) < needed
    told = _told(view, least, needed, is_short=bool(short), with_packs=is_too_little)
    if is_too_little and not view.packs[0]:
        return _said(told, TOO_LITTLE)
    if window is None and (unread := _unread(found.tried, view)):
        return _said(_unknown(view, window, unread), NOT_KNOWN)
    return output.put(told) if output.columns() else ENOUGH


def _said(told: str, code: int) -> int:
    """Say it, and give the code."""
    output.say(told)
    return code


def _left(row: Row) -> float:
    """How much is left of a window whose number is known, in percent."""
    return 100 - (row.percent or 0)


def _asked(environ: Mapping[str, str]) -> status.LatestFacts:
    """What there is to say after a refresh, if one is due."""
    from codingplan_bar.commands.refresh import open_refresher, tries

    refresher = open_refresher(environ)
    refresher.refresh(refresher.urgency(), wait=False)  # a script's loop asks again and again
    facts = refresher.publish()
    return status.LatestFacts(facts, status.tried_for(facts), when=tries(refresher, time.time()))


def _unread(tried: status.Attempts, view: View) -> str:
    """Which windows the answer has that could not be read; empty where all could."""
    said = next((each["message"] for each in tried if each["outcome"] == "ok"), "")
    return in_language(said, view.words) or said


def _unknown(view: View, window: str | None, wrong: str) -> str:
    """Why it is not known: what went wrong, or the server sends nothing of this window."""
    is_left_out = view.is_fresh and view.rows and window and window not in names_in(view.facts)
    said = ("guard.no window", window) if is_left_out else ("guard.unknown", wrong or view.text)
    return output.told(*said, environ=view.environ)


def _told(view: View, row: Row, needed: float, *, is_short: bool, with_packs: bool) -> str:
    """What is left of a window, or when it runs out, and what its packs have left where it depends on them."""
    label, left = row.value("label"), f"{_left(row):.4g}%"
    said = ("guard.runs_out", label, row.value("pace")) if is_short else ("guard", label, left, f"{needed:.4g}%")
    packs = view.words["packs"].format(view.value("packs")) if with_packs and view.packs[0] else ""
    return " · ".join(filter(None, (output.told(*said, environ=view.environ), packs)))
