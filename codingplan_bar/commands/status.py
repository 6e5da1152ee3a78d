"""`status`: the snapshot for a person in a terminal."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from codingplan_bar.bars import tooltip
from codingplan_bar.bars.phrases import aligned, width
from codingplan_bar.bars.row import Row
from codingplan_bar.bars.tones import unmarked
from codingplan_bar.bars.view import FAULT, View
from codingplan_bar.commands import document, output
from codingplan_bar.commands.open_refresher import complain, open_refresher
from codingplan_bar.model import Attempt, Snapshot
from codingplan_bar.plans import AUTO, CODING_PLAN, PLANS
from codingplan_bar.refresh import plans
from codingplan_bar.refresh.refresh import Refresher
from codingplan_bar.settings.settings import Settings
from codingplan_bar.words.en.commands import STATUS as ENGLISH
from codingplan_bar.words.errors import error_text, in_language
from codingplan_bar.words.zh.commands import STATUS as CHINESE

BARS = (20, 10, 6)
"""Cells of the windows' bars that are tried."""


def status(environ: Mapping[str, str] = os.environ, *, watch: bool = False) -> int:
    """Print what is stored, after a refresh if it is too old. Gives 0 for a plan, 1 for an error.

    With `watch` it stays, as a page (`page/`).
    """
    if watch:
        from codingplan_bar.commands.page.page import stay

        return stay(environ)
    refresher = open_refresher(environ)
    latest = refresher.refresh("when due")
    complain(refresher)
    columns, colorful = output.sheet(environ)
    facts = refresher.publish()
    facts.pop("fault", None)  # each one is said in full below
    view = View(facts, time.time(), environ)
    said = faults(refresher.asker.settings, view.words["language"])
    lines = page(view, columns, colorful=colorful) + [line for each in said for line in output.wrapped(each, columns)]
    lines += [line for told in also(refresher, view.words) for line in output.wrapped(told, columns)]
    tries = [line for told in attempts(latest, view.words) for line in output.wrapped(told, columns)]
    return output.put("\n".join([*lines, *tries])) or document.exit_code(latest)


def also(refresher: Refresher, words: Mapping[str, str]) -> list[str]:
    """The plans beside the one that is shown, each with how to show it: where the program itself chooses the plan."""
    shown, told = refresher.known(), (CHINESE if words["language"] == "zh" else ENGLISH)["other"]
    if refresher.files.plan != AUTO or shown.plan is None:
        return []
    found = (PLANS[kind] for kind in plans.others(refresher.files, shown.plan.kind))
    return [told.format(plan=plan.title, name=plan.short) for plan in found]


def faults(settings: Settings, language: str) -> list[str]:
    """What is wrong with the settings, each with what to do."""
    return [" ".join((FAULT, *fault.said(language))) for fault in settings.faults]


def page(view: View, columns: int, *, colorful: bool) -> list[str]:
    """The plan, its windows and what else there is to know, as lines; `columns` is how wide the terminal is."""
    title, *said = [unmarked(line) for line in tooltip.headline(view)]
    notes = [*said, *tooltip.known_lines(view), *(tooltip.wrong_lines(view) if view.is_fresh else ())]
    told = [line for note in notes for line in output.wrapped(note, columns)]
    heads = output.wrapped(title, columns)
    color = view.color_of(tooltip.summary(view)[1])
    rows = windows(view, columns, colorful=colorful)
    return [*(output.bold(line, color) if colorful else line for line in heads), *rows, *told, view.dashboard]


def windows(view: View, columns: int, *, colorful: bool) -> list[str]:
    """Each window's row with the longest bar that fits, or upright where none fits, and what becomes of it."""
    fitting = (cells for cells in BARS if all(width(line) <= columns for line in table(view, cells)))
    cells = next(fitting, 0)
    heads = [[line] for line in table(view, cells)] if cells else [_upright(row) for row in view.rows]
    margin = indent(view) if cells else 2
    lines = []
    for row, head in zip(view.rows, heads, strict=True):
        bar = row.value(f"bar:{cells or BARS[0]}")
        shown = output.painted(bar, output.color_of(view, row)) if colorful else bar
        lines += [line.replace(bar, shown) for line in head]
        becomes = prospects(row) if cells else filter(None, (row.value("reset"), row.value("pace")))
        lines += [" " * margin + line for told in becomes for line in output.wrapped(told, columns - margin)]
    return lines


def table(view: View, cells: int) -> list[str]:
    """A row a window, with bars of that many cells; the columns are of one width each."""
    facts = ("label", f"bar:{cells}", "share", "counted")
    return aligned([[row.value(fact) for fact in facts] for row in view.rows])


def indent(view: View) -> int:
    """How many columns the windows' names take in the table, with the gap behind them."""
    return max((width(row.value("label")) for row in view.rows), default=0) + 2


def prospects(row: Row) -> list[str]:
    """Whether it lasts until its reset, and when that is, in one line; that it runs out, or lapses, has its own."""
    reset, pace = row.value("reset"), row.value("pace")
    told = [reset, f"→ {pace}"] if row.runs_out is not None else [" · ".join(part for part in (reset, pace) if part)]
    return [line for line in (*told, *tooltip.lapsing(row)) if line]


def attempts(latest: Snapshot, words: Mapping[str, str]) -> list[str]:
    """How the last refresh got where it got, where that took more than one try, failed, or left something out.

    `words` are the bars'.
    """
    if len(latest.attempts) < 2 and not latest.error and not any(each.message for each in latest.attempts):
        return []
    return [_attempt(attempt, words) for attempt in latest.attempts]


def _attempt(attempt: Attempt, words: Mapping[str, str]) -> str:
    """One try; in English the outcome's code is told, since the schema and the issues have it."""
    plan = "" if attempt.plan == CODING_PLAN.kind else f" · {PLANS[attempt.plan].title}"
    is_english = words["language"] == "en"
    told = f"{attempt.source} · {attempt.region}{plan}{': ' if is_english else '：'}"
    if is_english:
        return f"{told}{attempt.outcome}{' – ' if attempt.message else ''}{attempt.message}"
    if attempt.outcome == "ok":
        left_out = in_language(attempt.message, words)
        return f"{told}{words['ok']}{'，' if left_out else ''}{left_out}"
    return f"{told}{error_text(attempt.outcome, attempt.message, '', words)[0]}（{attempt.outcome}）"


def _upright(row: Row) -> list[str]:
    return [
        f"{row.value('label')}  {row.share}",
        "  " + row.value(f"bar:{BARS[0]}"),
        *("  " + amount for amount in [row.value("counted")] if amount),
    ]
