"""`doctor`: walks the whole chain aloud, and ends with the one next step."""

from __future__ import annotations

import os
from collections.abc import Mapping

from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands import output
from codingplan_bar.commands.doctor import bars, checks, report, sign_in
from codingplan_bar.commands.doctor.report import AnswerShapes, Check, CheckContext, Line
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.settings.settings import of_user
from codingplan_bar.words import table

BEFORE: tuple[Check, ...] = (
    checks.version,
    checks.program,
    checks.settings,
    checks.variables,
    checks.other_program,
    checks.addresses,
    checks.network,
    checks.folders,
    checks.clock,
    sign_in.own,
    sign_in.browsers,
    sign_in.session,
    sign_in.key,
    sign_in.provider_tool,
)
AFTER: tuple[Check, ...] = (
    sign_in.in_use,
    checks.history,
    checks.alerts,
    bars.bars,
)
"""Before and after the provider is asked, in the order of the chain: what comes later needs what stands before it."""


def doctor(
    *, json: bool, offline: bool, import_: bool, all_: bool = False, environ: Mapping[str, str] = os.environ
) -> int:
    """Print what each check found; 0, or 1 where something stands in the way."""
    shapes = AnswerShapes()
    listening = shapes.transports(of_user(environ)) if json else None
    refresher = open_refresher(environ, may_prompt=import_, transport=listening)
    bars_words = words_for("en" if json else refresher.asker.settings.language, environ)
    words = table(bars_words["language"], "doctor", "DOCTOR")
    visit = CheckContext(environ, refresher, words, bars_words, offline=offline, may_prompt=import_, is_report=json)
    lines = report.once(found(visit))
    columns, colorful = output.sheet(environ)
    text = (
        report.as_json(lines, shapes.seen)
        if json
        else "\n".join(report.drawn(lines, words, columns, colorful=colorful, everything=all_))
    )
    return output.put(text) or int(any(line.verdict == "bad" for line in lines))


def found(visit: CheckContext) -> list[Line]:
    """What the checks find, in their order; what there is to ask with is told by what came of asking."""
    before = [line for check in BEFORE for line in check(visit)]
    latest = checks.asked(visit)
    after = [*checks.answer(visit, latest), *(line for check in AFTER for line in check(visit))]
    tried = latest.attempts if latest else ()
    return [sign_in.proven(visit, line, tried) for line in (*before, *after)]
