"""A command that is named can be typed as it stands: the program is called as its user has called it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from codingplan_bar.bars import BARS
from codingplan_bar.commands import demo, output
from codingplan_bar.commands.doctor import page
from codingplan_bar.commands.table import COMMANDS
from codingplan_bar.configure.machine import Machine
from codingplan_bar.run import run
from codingplan_bar.words.en.commands import DOCTOR

ROOT = Path(output.__file__).parents[1]


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Start it as with these words; the PATH has a folder with the program in it, or an empty one."""

    def start(*words, argv0="", on_path=False):
        program = tmp_path / "bin/codingplan-bar"
        program.parent.mkdir(exist_ok=True)
        program.write_text("")
        program.chmod(0o755)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PATH", str(program.parent if on_path else tmp_path / "empty"))
        monkeypatch.setattr(sys, "orig_argv", list(words))
        monkeypatch.setattr(sys, "argv", [argv0 or words[1], "status"])

    return start


def test_a_module_is_called_with_the_python_that_was_typed(started):
    door = str(ROOT / "__main__.py")
    started(".venv/bin/python", "-m", "codingplan_bar", "status", argv0=door, on_path=True)
    assert output.called() == ".venv/bin/python -m codingplan_bar"
    started("/a place/python", "-I", "-m", "codingplan_bar", "status", argv0=door)
    assert output.called() == "'/a place/python' -I -m codingplan_bar"


def test_a_script_is_called_by_the_path_that_was_typed_unless_the_path_variable_leads_to_it(started):
    started("python", "bin/codingplan-bar", "status")
    assert output.called() == "bin/codingplan-bar"
    started("python", "bin/codingplan-bar", "status", on_path=True)
    assert output.called() == "codingplan-bar"


def test_what_is_started_in_another_way_has_its_bare_name(started):
    started("python", "/usr/bin/pytest", "status")
    assert output.called() == "codingplan-bar"


def test_a_folder_that_uv_has_put_in_front_of_the_path_is_not_the_shells(started, monkeypatch):
    started("python", "bin/codingplan-bar", "status", on_path=True)
    monkeypatch.setenv("UV", "/usr/bin/uv")
    assert output.called() == "bin/codingplan-bar"
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:{os.environ['PATH']}")
    assert output.called() == "codingplan-bar"


def test_a_python_that_uv_alone_has_found_is_called_by_its_path(started, monkeypatch):
    started("python", "-m", "codingplan_bar", "status", argv0=str(ROOT / "__main__.py"))
    assert output.called() == "python -m codingplan_bar"
    monkeypatch.setenv("UV", "/usr/bin/uv")
    assert output.called() == f"{sys.executable} -m codingplan_bar"


def test_the_path_variable_is_looked_along_once_a_process(started, monkeypatch):
    started("python", "bin/codingplan-bar", "status", on_path=True)
    looked = []
    monkeypatch.setattr("shutil.which", lambda name, path=None: looked.append(path))
    output._is_found.cache_clear()
    for _ in range(3):
        output.wrapped("Run `codingplan-bar status`.", 80)
    output._is_found.cache_clear()
    assert len(looked) == 1


def test_each_command_in_a_sentence_is_written_as_it_is_typed(started):
    started("python", "bin/codingplan-bar", "status")
    for name in (*(each.name for each in COMMANDS), *BARS, "BAR", "--help"):
        assert output.typed(f"See: codingplan-bar {name}") == f"See: bin/codingplan-bar {name}"
        assert output.wrapped(f"Run `codingplan-bar {name}`.", 80) == [f"Run `bin/codingplan-bar {name}`."]


@pytest.mark.parametrize(
    "text",
    [
        "codingplan-bar cannot be run.",
        "Install codingplan-bar again.",
        "/opt/codingplan-bar status",
        "my-codingplan-bar status",
    ],
)
def test_the_program_itself_and_another_path_are_left_alone(started, text):
    started("python", "bin/codingplan-bar", "status")
    assert output.typed(text) == text


CALLS = (
    "demo",
    "demo tmux",
    "status",
    "staus",
    "status --help",
    "config",
    "config set --x",
    "logout x",
    "guard --nope",
)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_command_names_one_that_cannot_be_typed(started, capfd, monkeypatch, call, language):
    started("python", "bin/codingplan-bar")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(Path.cwd()))
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    monkeypatch.setenv("CODINGPLAN_BAR_SOURCE", "token")
    run(call.split())
    out, err = capfd.readouterr()
    assert "bin/codingplan-bar " in out + err
    assert [line for line in (out + err).splitlines() if output.typed(line) != line] == []


@pytest.mark.parametrize(
    "step", ["Sign in again: codingplan-bar login --site cn", "Run `codingplan-bar login --site cn` now."]
)
def test_doctor_ends_with_a_command_that_can_be_typed(started, step):
    started("python", "bin/codingplan-bar")
    lines = page.drawn([page.Line("sign-in", "bad", "it has ended", step)], DOCTOR, 80, colorful=False)
    assert lines[-1] == "    bin/codingplan-bar login --site cn"


def test_the_demo_ends_with_commands_that_can_be_typed(programs, tmp_path):
    python = os.path.relpath(sys.executable, tmp_path)
    environ = {"HOME": str(tmp_path), "PATH": str(tmp_path)}
    done = subprocess.run(
        [python, "-m", "codingplan_bar", "demo"], check=False, cwd=tmp_path, env=environ, capture_output=True, text=True
    )
    named = [line.split("  ")[1] for line in done.stdout.splitlines() if line.startswith(f"  {python} ")]
    assert [command.removeprefix(f"{python} -m codingplan_bar ") for command in named] == [
        "demo waybar",
        "status",
        "--help",
    ]


@pytest.mark.parametrize(
    ("running", "installed", "named"),
    [("polybar", "waybar", "polybar"), ("", "tmux", "tmux"), ("", "", "waybar"), ("i3status-rs", "", "i3status-rust")],
)
def test_the_demo_names_the_bar_that_runs_or_is_installed(monkeypatch, running, installed, named):
    machine = Machine({}, running=[[f"/usr/bin/{running}", "-c"], []])
    monkeypatch.setattr(demo, "this_machine", lambda _: machine)
    monkeypatch.setattr(demo.shutil, "which", lambda program: program == installed)
    assert demo.bar_here({}) == named


def test_steps_stand_below_their_commands_where_the_page_is_narrow():
    steps = {"codingplan-bar demo waybar": "a few words about it", "codingplan-bar status": "more"}
    assert [*demo.listed(steps, 60)] == [
        "  codingplan-bar demo waybar  a few words about it",
        "  codingplan-bar status       more",
    ]
    assert [*demo.listed(steps, 40)] == [
        "  codingplan-bar demo waybar",
        "      a few words about it",
        "  codingplan-bar status",
        "      more",
    ]
