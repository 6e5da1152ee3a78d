"""The lines as a person reads them, and as a report: the same, in order, ending with the one next step. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from codingplan_bar.commands.doctor.visit import Line
from codingplan_bar.commands.painting import painted
from codingplan_bar.commands.status import wrapped
from codingplan_bar.show.phrases import padded, width

SIGNS = {"ok": "✓", "note": "·", "bad": "✗"}
COLORS = {"ok": "#6cc070", "note": "#9a9a9a", "bad": "#e06c75"}
REPORT_VERSION = 1


def next_step(lines: Sequence[Line]) -> str:
    """What to do first: what mends the first bad line, else what the first note advises; empty for nothing.

    Where the provider has answered, nobody needs to sign in anywhere else.
    """
    answered = any(line.name == "provider" and line.verdict == "ok" for line in lines)
    asked = [line for line in lines if line.next and not (answered and line.name == "browser")]
    return next((line.next for verdict in ("bad", "note") for line in asked if line.verdict == verdict), "")


def drawn(lines: Sequence[Line], words: Mapping[str, str], columns: int, *, colorful: bool) -> list[str]:
    """The page: a column of names, each line's text beside it, the next step at the end."""
    margin = max(width(words[f"name.{line.name}"]) for line in lines) + 4
    page = []
    for name, line in _named_once(lines):
        sign = painted(SIGNS[line.verdict], COLORS[line.verdict]) if colorful else SIGNS[line.verdict]
        title = padded(words[f"name.{name}"] if name else "", margin - 4)
        texts = [line.text, *([f"→ {line.next}"] if line.verdict == "bad" and line.next else [])]
        first, *rest = [row for text in texts for row in wrapped(text, max(columns - margin, 20))]
        page += [f"{sign} {title}  {first}", *(" " * margin + row for row in rest)]
    step = next_step(lines)
    return [*page, "", *wrapped(words["next"].format(step) if step else words["all well"], columns)]


def report(lines: Sequence[Line]) -> str:
    """The same as JSON."""
    checks = [{"name": each.name, "verdict": each.verdict, "text": each.text, "next": each.next} for each in lines]
    return json.dumps(
        {"schema_version": REPORT_VERSION, "checks": checks, "next": next_step(lines)}, ensure_ascii=False, indent=2
    )


def _named_once(lines: Sequence[Line]) -> Iterator[tuple[str, Line]]:
    """Each line with its name, which stands before the first of several alone."""
    before = ""
    for line in lines:
        yield "" if line.name == before else line.name, line
        before = line.name
