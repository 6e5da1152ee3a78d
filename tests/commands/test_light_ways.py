"""What needs one setting, or the stored numbers, builds no refresh: which modules a command does not import."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

ASKED_FOR_BY_A_REFRESH = {
    "codingplan_bar.refresh.ask",
    "codingplan_bar.refresh.session",
    "codingplan_bar.browsers.search",
    "codingplan_bar.browsers.stores",
    "codingplan_bar.provider.web",
    "codingplan_bar.commands.refresh",
    "jsonschema",
    "requests",
}
SCRIPT = "import sys; from codingplan_bar.run import run; run(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
COMMANDS = [
    ["setup"],
    ["setup", "tmux"],
    ["setup", "tmux", "--write"],
    ["history"],
    ["history", "--json"],
    ["open"],
    ["preview", "--demo"],
]
WITH_NUMBERS = [["preview"], ["guard"], ["status"]]
OF_STATUS = {
    *("run", "commands.table", "commands.output", "commands.status", "plans", "environment"),
    *("text", "words", "words.en", "facts", "paths", "bars"),
    *("bars.tooltip", "bars.view", "bars.row", "bars.phrases", "bars.template", "bars.tones", "bars.plan"),
}
"""What stored numbers are shown with: all that `status` may import of ours where nothing is to be asked or said."""
DEAR = {"click", "dataclasses", "inspect", "pathlib", "requests", "jsonschema", "sqlite3", "tomllib", "urllib"}
"""What costs as much as Python's own start, or half of it."""


def imported(home, *command):
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *command], check=False, env=environ, capture_output=True, text=True, timeout=60
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_that_needs_one_setting_builds_no_refresh(tmp_path, programs, command):
    modules = imported(tmp_path, *command)
    assert "codingplan_bar.settings.settings" in modules
    assert modules & ASKED_FOR_BY_A_REFRESH == set()


@pytest.mark.parametrize("command", WITH_NUMBERS, ids=" ".join)
def test_a_command_that_shows_fresh_numbers_builds_no_refresh(visitor, programs, command):
    visitor.run("fetch")
    visitor.run("text")
    modules = imported(visitor.home, *command)
    assert "codingplan_bar.bars.view" in modules
    assert modules & ASKED_FOR_BY_A_REFRESH == set()


def test_status_of_fresh_numbers_imports_what_draws_them_and_nothing_else(visitor, programs):
    visitor.run("fetch")
    visitor.run("status")
    modules = imported(visitor.home, "status")
    ours = {module.removeprefix("codingplan_bar.") for module in modules if module.startswith("codingplan_bar.")}
    assert ours - {"commands"} <= OF_STATUS
    assert "bars.tooltip" in ours
    assert modules & DEAR == set()
