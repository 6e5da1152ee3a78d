"""`status`: the snapshot for a person in a terminal."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from codingplan_bar import bars, paths
from codingplan_bar.bars import tooltip
from codingplan_bar.bars.phrases import aligned, width
from codingplan_bar.bars.signs_and_colors import unmarked
from codingplan_bar.bars.view import FAULT, View
from codingplan_bar.bars.windows import Row
from codingplan_bar.commands import output
from codingplan_bar.plans import CODING_PLAN, PLANS
from codingplan_bar.words import table as words_of

if TYPE_CHECKING:
    from codingplan_bar.settings.settings import Settings

BARS = (20, 10, 6)
"""Cells of the windows' bars that are tried."""


def status(environ: Mapping[str, str] = os.environ, *, watch: bool = False, window: bool = False) -> int:
    """Print what is stored, after a refresh if it is too old. Gives 0 for a plan, 1 for an error.

    With `watch` it stays, as a page (`live_page/`); with `window` it does so in a terminal window of its own. With both
    it is the page in that window.
    """
    if watch:
        from codingplan_bar.commands.live_page import stay

        return stay(environ, in_window=window)
    if window:
        from codingplan_bar.commands.clicks import open_window

        return open_window(environ)
    columns, colorful = output.sheet(environ)
    found = stored(environ) or refreshed(environ)
    view, code = View(found.facts, time.time(), environ), found.facts["problem.code"]
    lines, language = page(view, columns, colorful=colorful, when=found.when), view.words["language"]
    told = [*faults(found.settings, language), *also(found.facts, language), *_tries(found.tried, code, view)]
    lines += [line for each in told for line in output.wrapped(each, columns)]
    return output.put("\n".join(lines)) or int(bool(view.facts["problem.code"]))


Attempts = Sequence[Mapping[str, str]]
"""The tries of one refresh, as the document has them."""


class LatestFacts(NamedTuple):
    """What there is to say: the bars' facts, and the tries of the last refresh.

    `settings` are given where something may be wrong with them. `when` is when a failure was, and when the next try is.
    """

    facts: Mapping[str, str]
    tried: Attempts = ()
    settings: Settings | None = None
    when: str = ""


def tried_for(facts: Mapping[str, str]) -> Attempts:
    """The tries by which the numbers came. Raises LookupError and ValueError for facts of another form."""
    attempts: Attempts = json.loads(facts["document"])["attempts"]
    return attempts


def stored(environ: Mapping[str, str]) -> LatestFacts | None:
    """What is stored, where that is all there is to say: fresh numbers, and nothing is wrong; else None.

    Nothing that asks the provider is imported for it.
    """
    facts = bars.stored_facts(paths.working_folder(environ), environ)
    try:
        if (
            facts is None
            or bars.is_due(facts, time.time())
            or facts["problem.code"]
            or {"fault", "replaced"} & facts.keys()
        ):
            return None
        return LatestFacts(facts, tried_for(facts))
    except (LookupError, ValueError):
        return None  # facts that are not as they should be are made again


def refreshed(environ: Mapping[str, str]) -> LatestFacts:
    """What there is to say after a refresh, if one is due, or the last one was by other settings or credentials."""
    from codingplan_bar.commands.refresh import complain, open_refresher, tries
    from codingplan_bar.snapshot import document_of

    refresher = open_refresher(environ)
    latest = refresher.refresh(refresher.urgency())
    complain(refresher)
    facts = refresher.publish()
    facts.pop("fault", None)  # each one is said in full
    if refresher.asker.misconfigured:
        facts |= _briefly_wrong()
    return LatestFacts(facts, document_of(latest)["attempts"], refresher.asker.settings, tries(refresher, time.time()))


def _briefly_wrong() -> dict[str, str]:
    """That a setting is wrong, in no more words: which one and why follows in full."""
    english, chinese = (words_of(language, "errors", "ERRORS")["config"] for language in ("en", "zh"))
    return {"problem.message": english, "problem.hint": "", "problem.zh.message": chinese, "problem.zh.hint": ""}


def also(facts: Mapping[str, str], language: str) -> list[str]:
    """The plans beside the one that is shown, each with how to show it: where the program itself chooses the plan."""
    if not facts.get("others"):
        return []
    told = words_of(language, "commands", "STATUS")["other"]
    found = (PLANS[kind] for kind in facts["others"].split(",") if kind in PLANS)
    return [told.format(plan=plan.title, name=plan.short) for plan in found]


def faults(settings: Settings | None, language: str) -> list[str]:
    """What is wrong with the settings, each with what to do."""
    return [f"{FAULT} {fault.told(language)}" for fault in (settings.faults if settings else ())]


def page(view: View, columns: int, *, colorful: bool, when: str = "") -> list[str]:
    """The plan, its windows and what else there is to know, as lines; `columns` is how wide the terminal is.

    `when` is when a failure was, and when the next try is.
    """
    title, *said = [unmarked(line) for line in tooltip.headline(view)]
    notes = [*said, *tooltip.known_lines(view), *tooltip.failure_lines(view), when]
    told = [line for note in filter(None, notes) for line in output.wrapped(note, columns)]
    heads = output.wrapped(title, columns)
    if colorful:
        heads = output.headlined(view, heads, tooltip.summary(view)[1])
    rows = windows(view, columns, colorful=colorful)
    colon = ": " if view.words["language"] == "en" else "："
    return [*heads, *rows, *told, f"{view.words['open']}{colon}{view.dashboard}"]


def windows(view: View, columns: int, *, colorful: bool) -> list[str]:
    """Each window's row with the longest bar that fits, or upright where none fits, and what becomes of it."""
    cells = next((cells for cells in BARS if all(width(line) <= columns for line in table(view, cells))), 0)
    if not cells:
        return [line for row in view.rows for line in _upright(view, row, columns, colorful=colorful)]
    lines = []
    for row, line in zip(view.rows, table(view, cells), strict=True):
        bar = row.value(f"bar:{cells}")
        lines.append(line.replace(bar, output.filled_part(view, row, bar)) if colorful else line)
        lines += _below(prospects(row), indent(view), columns)
    return lines


def _upright(view: View, row: Row, columns: int, *, colorful: bool) -> list[str]:
    """A window with its bar, its amount and what becomes of it below its name."""
    bar, amount = row.value(f"bar:{BARS[0]}"), row.value("counted")
    shown = output.filled_part(view, row, bar) if colorful else bar
    head = [f"{row.value('label')}  {row.share}", f"  {shown}", *([f"  {amount}"] if amount else [])]
    return [*head, *_below((row.value("reset"), row.value("pace")), 2, columns)]


def _below(told: Iterable[str], margin: int, columns: int) -> list[str]:
    """What is told of a window, with that margin, in lines of the terminal's columns."""
    return [" " * margin + line for each in told if each for line in output.wrapped(each, columns - margin)]


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
    told = [reset, f"→ {pace}"] if row.runs_out is not None else [" · ".join(filter(None, (reset, pace)))]
    return [line for line in (*told, tooltip.lapsing(row)) if line]


def _tries(tried: Attempts, code: str, view: View) -> list[str]:
    """The tries below a heading, without the one whose message stands above already."""
    all_of_them = attempts(tried, code, view.words, coded=False)
    told = [each for each in all_of_them if not view.problem[0] or view.problem[0] not in each]
    heading = "tried" if len(told) == len(all_of_them) else "also tried"
    return [words_of(view.words["language"], "commands", "STATUS")[heading], *told] if told else []


def attempts(tried: Attempts, code: str, words: Mapping[str, str], *, coded: bool = True) -> list[str]:
    """How the last refresh got where it got, where that took more than one try, failed, or left something out.

    `code` is its error's, empty for an answer; `words` are the bars'. `coded`: the outcomes have their codes, as the
    schema and reports do.
    """
    if len(tried) < 2 and not code and not any(each["message"] for each in tried):
        return []
    return [_attempt(each, words, coded=coded) for each in tried]


def _attempt(tried: Mapping[str, Any], words: Mapping[str, str], *, coded: bool) -> str:
    """One try."""
    outcome, message, kind = tried["outcome"], tried["message"], tried["plan"]
    plan = "" if kind == CODING_PLAN.kind else f" · {PLANS[kind].title}"
    is_english = words["language"] == "en"
    told = f"{tried['source']} · {tried['region']}{plan}{': ' if is_english else '：'}"
    if is_english and (coded or outcome == "ok"):
        return f"{told}{outcome}{' – ' if message else ''}{message}"
    from codingplan_bar.words.errors import error_text, in_language  # each sentence in two languages

    if outcome == "ok":
        left_out = in_language(message, words)
        return f"{told}{words['ok']}{'，' if left_out else ''}{left_out}"
    return f"{told}{error_text(outcome, message, '', words)[0]}{f'（{outcome}）' if coded else ''}"
