"""What stands below the line: the tooltip's lines, and the notes that menus and `status` have too."""

from __future__ import annotations

from codingplan_bar.show import phrases, placeholders
from codingplan_bar.show.template import fill

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.show.rows import Row
    from codingplan_bar.show.view import View

SOON = 86_400
"""Seconds before the end of a sign-in from which on it is said."""


def lines(view: View) -> list[str]:
    """The user's own tooltip, or the plan, its windows and the notes."""
    if view.facts["tooltip_format"]:
        return fill(view.facts["tooltip_format"], view.value).split("\n")
    return [view.title, *windows(view), *notes(view)]


def windows(view: View) -> list[str]:
    """A window's row, and below it what becomes of it."""
    margin = " " * indent(view)
    pairs = zip(view.rows, table(view), strict=True)
    return [line for row, text in pairs for line in (text, *(margin + more for more in prospects(row)))]


def table(view: View, cells: int = 10) -> list[str]:
    """A row a window, with bars of that many cells; the columns are of one width each."""
    facts = ("label", f"bar:{cells}", "share", "left_of")
    return phrases.aligned([[row.value(fact) for fact in facts] for row in view.rows])


def indent(view: View) -> int:
    """How many columns the windows' names take in the table, with the gap behind them."""
    return max((phrases.width(row.value("label")) for row in view.rows), default=0) + 2


def prospects(row: Row) -> list[str]:
    """When it is reset and whether it lasts until then, in one line; that it runs out has a line of its own.

    The arrow keeps that line where it belongs, too: Pango draws spaces before a Chinese character in its narrower ones.
    """
    reset, pace = row.value("reset"), row.value("pace")
    told = [reset, f"→ {pace}"] if row.runs_out is not None else [" · ".join(part for part in (reset, pace) if part)]
    return [line for line in told if line]


def notes(view: View) -> list[str]:
    """What else there is to know, a line each: what stops first, how old, from where, what went wrong, what to do."""
    message, hint = view.problem
    failed = view.words["failed"].format(message) if view.answered else message
    told = (
        "" if view.rows or not view.answered else view.words["no_windows"],
        _binding(view),
        _day(view),
        _origin(view) if view.answered else "",
        _session(view),
        failed if view.facts["problem.code"] else "",
        hint,
    )
    return [line for line in told if line]


def _binding(view: View) -> str:
    """Which window binds, and why: only where the numbers are fresh, and there is more than one."""
    row = view.binding
    if row is None or not view.is_fresh or len(view.rows) < 2:
        return ""
    why = "first_used_up" if row.is_used_up else "first_out" if row.runs_out is not None else "first_most_used"
    return view.words[why].format(row.value("label"))


def _day(view: View) -> str:
    line = placeholders.spark(view)
    return view.words["last_day"].format(line) if line else ""


def _origin(view: View) -> str:
    updated = view.ago() if view.age is None else view.words["updated"].format(view.ago())
    parts = (updated, view.facts["source"], view.facts["region"], view.ends())
    return " · ".join(part for part in parts if part)


def _session(view: View) -> str:
    ends = placeholders.session_end(view)
    if ends is None or view.state == "signed_out" or ends - view.now > SOON:
        return ""
    parts = (placeholders.session(view), view.facts.get("session.origin", ""))
    return " · ".join(part for part in parts if part)
