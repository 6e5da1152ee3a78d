"""The manual page and the completions say what the commands and settings are, and a reader understands them."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from codingplan_bar.commands.table import COMMANDS
from codingplan_bar.settings.settings import SETTINGS

DOCS = Path(__file__).parent.parent / "docs"


def reference():
    """The script beside the documentation, as a module."""
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["reference"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name",
    [
        "codingplan-bar.1",
        "codingplan-bar.zh.1",
        "config.example.toml",
        "completions/codingplan-bar.bash",
        "completions/_codingplan-bar",
    ],
)
def test_a_written_page_is_what_would_be_written_now(name, programs):
    """`python docs/reference.py` writes it anew."""
    written = {path.resolve(): text for path, text in reference().files().items()}
    assert (DOCS / name).read_text("utf-8") == written[(DOCS / name).resolve()]


def test_the_manual_has_every_command_option_and_setting_that_is_no_secret_of_ours():
    manual = reference().manual()
    assert all(f".B {command.name}" in manual for command in COMMANDS if not command.hidden)
    assert not any(f".B {command.name}" in manual for command in COMMANDS if command.hidden)
    assert all(reference().escaped(name) in manual for name in SETTINGS)


@pytest.mark.parametrize("name", ["codingplan-bar.1", "codingplan-bar.zh.1"])
def test_a_reader_of_manuals_finds_nothing_wrong_with_it(name, programs):
    reader = shutil.which("man")
    if not reader:
        absent = pytest.fail if os.environ.get("CODINGPLAN_BAR_REQUIRE_ALL") == "1" else pytest.skip
        absent("needs man: apt install man-db")
    page = str(DOCS / name)
    environ = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80"}
    done = subprocess.run([reader, "--warnings=all", "-l", page], env=environ, capture_output=True, check=True)
    assert done.stderr == b""
    assert b"codingplan-bar" in done.stdout
