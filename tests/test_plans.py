"""A plan is a value: what a plan has stands in plans.py alone, and whatever stands there goes all the way."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import codingplan_bar
from codingplan_bar.plans import PLANS, SPANS

PACKAGE = Path(codingplan_bar.__file__).parent
SCHEMAS = next(place for place in (PACKAGE / "schemas", Path(__file__).parent.parent / "schemas") if place.exists())
NAMED_BY_HAND = ("plans.py", "words/")
"""Where a window may be named: where it is what it is, and where it gets its name for people."""


def texts_with(names):
    """Each text of the package's code that holds one of these names, with its file and line."""
    for path in sorted(PACKAGE.rglob("*.py")):
        source = path.read_text("utf-8")
        if any(name in source for name in names):
            nodes = ast.walk(ast.parse(source))
            texts = (node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
            yield from ((path.relative_to(PACKAGE).as_posix(), node.lineno, node.value) for node in texts)


def test_no_other_file_names_a_window_by_hand():
    found = [
        f"{file}:{line}"
        for file, line, text in texts_with(SPANS)
        if not file.startswith(NAMED_BY_HAND) and any(name in text.replace(".", " ").split() for name in SPANS)
    ]
    assert found == []


def test_the_codes_and_names_of_a_plan_stand_in_one_file():
    codes = {
        code
        for plan in PLANS.values()
        for code in (*plan.commodity_codes.values(), *plan.apis, *plan.more.values(), plan.fragment)
    }
    fields = {name for plan in PLANS.values() for name in plan.field_names}
    named = (codes | fields) - {""}
    assert [(file, line) for file, line, text in texts_with(named) if text in named and file != "plans.py"] == []


def test_a_windows_name_has_one_length_in_all_plans_and_the_shortest_comes_first():
    lengths = {(span.name, span.minutes) for plan in PLANS.values() for span in plan.windows}
    assert len(lengths) == len(SPANS)
    for plan in (*PLANS.values(),):
        minutes = [span.minutes for span in plan.windows]
        assert minutes == sorted(set(minutes))


MADE_UP = """

MADE_UP = Product(
    kind="made-up-plan",
    short="made-up",
    title="Made-up Plan",
    unit="pages",
    windows=(Span("thirty_days", 43_201, "fixed", Fields(("pagesRead",), ("pagesInAll",), ("turnsOver",))),),
)
PLANS[MADE_UP.kind] = MADE_UP
SPANS["thirty_days"] = MADE_UP.windows[0]
UNITS = (*UNITS, MADE_UP.unit)
"""
THE_WHOLE_WAY = """
import os, sys
from pathlib import Path
from codingplan_bar import bars, plans, snapshot
from codingplan_bar.alerts import notify
from codingplan_bar.alerts.decide import Memory, Notices, decide
from codingplan_bar.bars.view import View
from codingplan_bar.bars.watch import until_next_change
from codingplan_bar.commands.history import as_csv, as_json
from codingplan_bar.history.record import Record
from codingplan_bar.model import Plan, Snapshot
from codingplan_bar.provider.plan_fields import counted_in
from codingplan_bar.refresh.snapshot_to_facts import compile_facts
from codingplan_bar.settings.settings import Settings
from codingplan_bar.settings.templates import compile_template, unknown

now = 1_795_400_000
answer = {"data": {"pagesRead": "800", "pagesInAll": 1000, "turnsOver": (now + 86_400) * 1000}}
windows, left_out = counted_in([answer], now=now, product=plans.PLANS["made-up-plan"])
assert [(w.name, w.used, w.total, w.resets_at) for w in windows] == [("thirty_days", 800, 1000, now + 86_400)]
found = Snapshot(now, "https://example.invalid/", "web", "cn", Plan("Reader", None, "made-up-plan"), windows)
snapshot.check_snapshot(found)
assert snapshot.loads(snapshot.encoded(found)) == found
assert snapshot.document_of(found)["plan"]["unit"] == "pages"

record = Record(Path(sys.argv[1]) / "history.db")
record.witness(found)
(entry,) = record.since(0)
assert (entry.kind, entry.unit, entry.windows) == ("made-up-plan", "pages", windows)
assert "thirty_days" in as_json([entry]) and "thirty_days_used" in as_csv([entry])

facts = compile_facts(found, None, Settings())
facts |= {"made_at": str(now), "due": str(now + 300), "environment": "", "inputs": ""}
for bar in bars.BARS:
    assert "80" in bars.render(bar, facts, now + 60, {"TZ": "UTC"}), bar
view = View(facts, now + 60, {"TZ": "UTC"})
assert view.state == "warning" and view.row("thirty_days").value("left_of") == "200 of 1,000 pages left"
assert "30 d" in view.text, view.text
assert until_next_change(facts, now + 60) > 0
assert unknown(compile_template("{thirty_days.percent}")) == []

memory, alerts = decide(Memory(), found, Notices())
assert notify.told([alert.facts() for alert in alerts], "en")[1].startswith("200 of 1,000 pages left")
assert notify.told([alert.facts() for alert in alerts], "en")[0] == "Made-up Plan: 80% of the 30-day quota used"
assert Memory.from_data(memory.to_data()) == memory
print("all the way")
"""


def test_a_plan_that_is_added_in_one_place_goes_from_the_answer_to_the_alert(tmp_path, programs):
    shutil.copytree(PACKAGE, tmp_path / "codingplan_bar", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(SCHEMAS, tmp_path / "schemas")
    with (tmp_path / "codingplan_bar/plans.py").open("a") as file:
        file.write(MADE_UP)
    environ = {**os.environ, "PYTHONPATH": str(tmp_path), "HOME": str(tmp_path)}
    command = [sys.executable, "-c", THE_WHOLE_WAY, str(tmp_path / "state")]
    done = subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("all the way\n", "")
