"""`uninstall` names the one command that removes the package, and that removes nothing else."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from codingplan_bar.commands.uninstall import Installation, installation, removal
from codingplan_bar.configure.machine import Machine

NAME = "codingplan-bar"


class World:
    """A home, and an environment of Python's in it that has the package."""

    def __init__(self, home):
        self.home = home
        self.answers = {}

    def environment(self, place, *, has_pip=True, **files):
        """Made at that place, which may be absolute, with files in its folder."""
        prefix = self.home / place
        (prefix / "bin").mkdir(parents=True)
        (prefix / "bin" / NAME).write_text("#!/bin/sh\n")
        (prefix / "pyvenv.cfg").touch()
        for name, text in files.items():
            (prefix / name.replace("_toml", ".toml").replace("_", "-", 1)).write_text(text)
        folder = prefix / "lib/python3.12/site-packages"
        folder.mkdir(parents=True)
        return Installation(folder, prefix, is_venv=True, python=str(prefix / "bin/python"), has_pip=has_pip)

    def removal(self, here):
        machine = Machine(
            {"HOME": str(self.home), "PATH": "/usr/bin:/bin"}, said=lambda asked: self.answers.get(asked[0])
        )
        return removal(here, machine)

    def command(self, here):
        key, told = self.removal(here)
        assert key == "remove package"
        return told


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def of_pipx(here, main, *injected):
    notes = {"main_package": {"package": main}, "injected_packages": {name: {} for name in injected}}
    (here.prefix / "pipx_metadata.json").write_text(json.dumps(notes))
    return here


def system(folder, **more):
    return Installation(Path(folder), Path("/usr"), is_venv=False, python="/usr/bin/python3", **more)


@pytest.mark.parametrize(
    ("place", "main", "words"),
    [
        (f".local/share/pipx/venvs/{NAME}", NAME, f"pipx uninstall {NAME}"),
        (f"elsewhere/venvs/{NAME}-two", NAME, f"pipx uninstall {NAME}-two"),
        ("elsewhere/venvs/black", "black", f"pipx uninject black {NAME}"),
    ],
)
def test_what_pipx_has_installed_is_removed_by_pipx_and_nothing_that_it_was_put_into(world, place, main, words):
    assert world.command(of_pipx(world.environment(place), main, NAME)) == words


def test_what_was_made_for_one_run_is_not_installed(world):
    by_pipx = of_pipx(world.environment("pipx/.cache/0f28500532bd6ad"), NAME)
    by_uvx = world.environment(".cache/uv/archive-v0/zKEoKk9jpYad5iax", has_pip=False)
    assert world.removal(by_pipx) == ("not installed", "~/pipx/.cache/0f28500532bd6ad")
    assert world.removal(by_uvx) == ("not installed", "~/.cache/uv/archive-v0/zKEoKk9jpYad5iax")


def test_what_uv_has_installed_as_a_tool_is_removed_by_uv(world):
    place = f".local/share/uv/tools/{NAME}"
    assert world.command(world.environment(place, uv_receipt_toml="[tool]\n")) == f"uv tool uninstall {NAME}"


def test_within_another_tool_of_uv_the_package_alone_is_removed(world):
    here = world.environment(".local/share/uv/tools/black", has_pip=False, uv_receipt_toml="[tool]\n")
    assert world.command(here) == f"uv pip uninstall --python {here.python} {NAME}"


def linked(world, here):
    link = world.home / ".local/bin" / NAME
    link.parent.mkdir(parents=True)
    link.symlink_to(here.prefix / "bin" / NAME)
    return here


def test_the_readmes_environment_goes_with_its_link(world):
    here = linked(world, world.environment(f".local/lib/{NAME}"))
    assert world.command(here) == f"rm -r ~/.local/lib/{NAME} ~/.local/bin/{NAME}"
    (world.home / ".local/bin" / NAME).unlink()
    assert world.command(here) == f"rm -r ~/.local/lib/{NAME}"
    (world.home / ".local/bin" / NAME).symlink_to("/usr/bin/true")
    assert world.command(here) == f"rm -r ~/.local/lib/{NAME}"


def test_a_readmes_environment_with_anything_else_in_it_is_not_removed_as_a_whole(world):
    here = linked(world, world.environment(f".local/lib/{NAME}"))
    (here.prefix / "notes.txt").touch()
    assert world.command(here) == f"{here.python} -m pip uninstall {NAME} && rm ~/.local/bin/{NAME}"


def test_of_a_projects_environment_the_package_alone_is_removed_and_the_command_can_be_typed(world):
    here = world.environment("my project/.venv")
    assert shlex.split(world.command(here)) == [here.python, "-m", "pip", "uninstall", NAME]
    assert "'" in world.command(here)


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        (f"/opt/homebrew/Cellar/{NAME}/0.1.0/libexec/lib/python3.12/site-packages", f"brew uninstall {NAME}"),
        ("/opt/homebrew/Cellar/python@3.12/3.12.1/lib/site-packages", f"/usr/bin/python3 -m pip uninstall {NAME}"),
        ("/usr/local/lib/python3.12/site-packages", f"/usr/bin/python3 -m pip uninstall {NAME}"),
    ],
)
def test_homebrews_own_is_removed_by_brew_and_what_pip_has_put_beside_it_by_pip(world, folder, words):
    assert world.command(system(folder)) == words


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        (
            "dpkg",
            f"python3-{NAME}: /usr/lib/python3/dist-packages/codingplan_bar/a.py\n",
            f"sudo apt remove python3-{NAME}",
        ),
        ("pacman", f"{NAME}\n", f"sudo pacman -R {NAME}"),
        ("rpm", NAME, f"sudo rpm -e {NAME}"),
        ("dpkg", "diversion by a from: /usr/lib\n", f"/usr/bin/python3 -m pip uninstall {NAME}"),
    ],
)
def test_a_distributions_package_is_removed_by_its_own_name(world, asked, answer, words):
    world.answers[asked] = answer
    assert world.command(system("/usr/lib/python3/dist-packages")) == words


def test_where_the_distribution_forbids_pip_its_command_says_that_it_may(world):
    told = world.command(system(world.home / ".local/lib/python3.12/site-packages", is_managed=True))
    assert told == f"/usr/bin/python3 -m pip uninstall --break-system-packages {NAME}"


def test_where_no_command_is_known_none_is_named(world):
    store = f"/nix/store/abc-{NAME}-0.1.0/lib/python3.12/site-packages"
    assert world.removal(system(store)) == ("in nix", store)
    assert (
        world.removal(Installation(None, Path("/usr"), is_venv=False, python="/usr/bin/python3"))[0] == "not installed"
    )


def test_the_one_that_runs_this_is_found():
    assert (installation().folder / "codingplan_bar").is_dir()
