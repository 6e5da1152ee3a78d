"""The bar's road: what it imports, to the module, and that the other road comes to the same line."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from scenes import PLAN, answer

import codingplan_bar
from codingplan_bar import facts, places, show, snapshot
from codingplan_bar.commands import bars
from codingplan_bar.fetch import settings
from codingplan_bar.fetch.compiling import compile_facts
from codingplan_bar.model import Window
from codingplan_bar.show.adapters import text as text_adapter
from codingplan_bar.show.view import View

ROOT = Path(codingplan_bar.__file__).parent.parent
WING = "codingplan_bar.show"
EVERY_BAR = {
    "__future__",
    "codingplan_bar",
    "codingplan_bar.__main__",
    "codingplan_bar.facts",
    "codingplan_bar.places",
    WING,
    *(f"{WING}.{name}" for name in ("view", "rows", "pace", "states", "phrases", "placeholders", "template")),
    *(f"{WING}.{name}" for name in ("english", "adapters")),
}
MORE = {
    "waybar": ("quoting", "tooltip"),
    "i3status-rust": ("quoting",),
    "i3blocks": ("quoting",),
    "json": ("quoting", "tooltip"),
    "swiftbar": ("menu", "tooltip"),
    "xbar": ("menu", "adapters.swiftbar", "tooltip"),
    "argos": ("menu", "tooltip"),
}
DOOR = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from codingplan_bar.__main__ import main; sys.exit(main())"


def recent():
    """A snapshot of a moment ago, for which the next refresh is not due while this test runs."""
    now = int(time.time())
    windows = (Window("five_hour", 210, 1_000), Window("weekly", 3_800, 5_000, now + 86_400 + 30))
    return replace(answer(), fetched_at=now + 10, plan=replace(PLAN, expires_at=None), windows=windows)


@pytest.fixture
def home(tmp_path):
    """The environment of a user for whom a snapshot is stored, and the facts made from it."""
    environ = {"HOME": str(tmp_path), "TZ": "CST-8"}
    folder = Path(places.cache_folder(environ))
    folder.mkdir(parents=True)
    found = recent()
    (folder / "snapshot.json").write_text(snapshot.dumps(snapshot.to_document(found)) + "\n", "utf-8")
    moment = {
        "environment": facts.display_environment(environ),
        "inputs": facts.inputs(*show.inputs(str(folder), environ)),
        "made_at": str(int(time.time())),
        "due": str(int(time.time()) + 300),
    }
    compiled = moment | compile_facts(found, None, settings.load("", {}))
    (folder / facts.file_name("")).write_text(facts.dumps(compiled), "utf-8")
    return environ


def imported(code: str, *arguments: str, environ: dict[str, str]) -> tuple[set[str], str]:
    """The modules that a clean interpreter imports, and what it prints."""
    command = [sys.executable, "-I", "-S", "-X", "importtime", "-c", code, *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, check=True, timeout=30)
    lines = [line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines() if "|" in line]
    return set(lines) - {"imported package"}, done.stdout.decode()


@pytest.fixture(scope="module")
def bare():
    """What is there anyway, and the three modules that the warm wing may import."""
    return imported("import sys, os, time", environ={})[0]


@pytest.mark.parametrize("bar", show.BARS)
def test_a_bars_command_imports_exactly_this(bar, home, bare):
    modules, printed = imported(DOOR, bar, environ=home)
    more = {f"{WING}.{name}" for name in (*MORE.get(bar, ()), f"adapters.{show.BARS[bar]}")}
    assert modules - bare == EVERY_BAR | more
    assert "76%" in printed


def test_the_other_language_is_one_other_module(home, bare):
    modules, printed = imported(DOOR, "text", environ={**home, "LANG": "zh_CN.UTF-8"})
    assert modules - bare == (EVERY_BAR - {f"{WING}.english"}) | {f"{WING}.chinese", f"{WING}.adapters.text"}
    assert printed == "! 5h 21% · 周 76%\n"


def test_asking_for_a_refresh_is_one_module_more(bare):
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from codingplan_bar.show import refresher"
    modules, _ = imported(code, environ={})
    assert modules - bare <= EVERY_BAR | {f"{WING}.refresher"}


@pytest.mark.parametrize("bar", show.BARS)
def test_both_roads_print_the_same(bar, home, capfd):
    assert show.show(bar, home)
    by_the_door = capfd.readouterr().out
    assert bars.show(bar, home) == 0
    by_the_commands = capfd.readouterr().out
    assert by_the_door == by_the_commands
    assert "76%" in by_the_door


def test_facts_for_other_settings_of_the_environment_are_made_by_the_other_road_and_kept(home, capfd):
    environ = {**home, "CODINGPLAN_BAR_FORMAT": "{weekly.left} left"}
    assert not show.show("text", environ)
    assert bars.show("text", environ) == 0
    assert show.show("text", environ)
    assert capfd.readouterr().out == "! 1,200 left\n" * 2
    assert show.show("text", home)
    assert capfd.readouterr().out == "! 5h 21% · wk 76%\n"


def test_facts_that_somebody_changed_are_no_reason_to_print_something_else(home, capfd):
    file = Path(places.cache_folder(home)) / facts.file_name("")
    for broken in ("", "end\n", file.read_text("utf-8").replace("210 1000", "NaN"), file.read_text("utf-8")[:-5]):
        file.write_text(broken, "utf-8")
        assert by_the_door_or_none("text", home) in (None, "")
        assert bars.show("text", home) == 0
        assert capfd.readouterr().out == "! 5h 21% · wk 76%\n"


def by_the_door_or_none(bar, environ):
    """Nothing printed, or one of the errors that the door takes as a reason for the other road."""
    try:
        return "" if not show.show(bar, environ) else "printed"
    except (ArithmeticError, LookupError, ValueError):
        return None


def test_a_view_needs_no_real_clock_and_no_real_environment():
    view = View(compile_facts(answer(), None, settings.load("", {})), answer().fetched_at, {})
    assert text_adapter.render(view) == "5h 21% · wk 28% · mo 66%"
