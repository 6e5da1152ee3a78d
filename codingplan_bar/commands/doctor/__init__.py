"""`doctor`: walks the whole chain aloud, and ends with the one next step."""

from __future__ import annotations

import os
from collections.abc import Mapping

from codingplan_bar.commands import streams
from codingplan_bar.commands.desk import open_desk
from codingplan_bar.commands.doctor import bars, ground, keeping, page, provider, sign_in
from codingplan_bar.commands.doctor.chinese import WORDS as CHINESE
from codingplan_bar.commands.doctor.english import WORDS as ENGLISH
from codingplan_bar.commands.doctor.visit import Check, Visit
from codingplan_bar.show.phrases import words_for

CHECKS: tuple[Check, ...] = (
    ground.version,
    ground.program,
    ground.settings,
    ground.variables,
    ground.other_program,
    ground.addresses,
    ground.network,
    keeping.folders,
    keeping.clock,
    sign_in.browsers,
    sign_in.session,
    sign_in.key,
    sign_in.provider_tool,
    provider.answer,
    keeping.history,
    keeping.alerts,
    bars.bars,
)
"""In the order of the chain: what comes later needs what stands before it."""


def doctor(*, json: bool, offline: bool, import_: bool, environ: Mapping[str, str] = os.environ) -> int:
    """Print what each check found; 0, or 1 where something stands in the way."""
    desk = open_desk(environ, may_prompt=import_)
    bars_words = words_for("en" if json else desk.asker.settings["language"], environ)
    words = CHINESE if bars_words["language"] == "zh" else ENGLISH
    visit = Visit(environ, desk, words, bars_words, offline=offline, may_prompt=import_, is_report=json)
    lines = [line for check in CHECKS for line in check(visit)]
    columns, colorful = streams.sheet(environ)
    text = page.report(lines) if json else "\n".join(page.drawn(lines, words, columns, colorful=colorful))
    return streams.put(text) or int(any(line.verdict == "bad" for line in lines))
