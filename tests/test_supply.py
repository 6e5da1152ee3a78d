"""What the program is made of: few packages, each pinned by its hashes, and a wheel that is the same twice."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from support.machine import SOURCES

REPOSITORY = Path(__file__).parent.parent
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
LOCK = (REPOSITORY / "requirements.txt").read_text("utf-8")
OWNERS = {"browser-cookie3", "click", "jsonschema", "requests"}
EARNED = {"jeepney", "urllib3"}
"""Already there through the owner's four; named because this program imports them itself."""


def name_of(requirement):
    return re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower()


def pinned():
    """Each package in the lock, with how many hashes it has."""
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    return {name_of(entry): entry.count("--hash=sha256:") for entry in entries if not entry.startswith("#")}


def test_the_program_needs_the_owners_four_packages_and_what_they_bring():
    assert set(map(name_of, PROJECT["project"]["dependencies"])) == OWNERS | EARNED


def test_each_package_of_development_is_pinned_by_its_hashes():
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = {name_of(each) for each in (*PROJECT["project"]["dependencies"], *extras["test"], *extras["build"])}
    assert wanted <= pinned().keys()
    assert all(pinned().values())


def test_the_wheel_is_the_same_byte_for_byte_wherever_and_whenever_it_is_built(tmp_path, programs):
    pytest.importorskip("hatchling", reason="it is made by hatchling")
    first, second = (built(tmp_path / name, umask) for name, umask in (("a", 0o022), ("elsewhere/b", 0o077)))
    assert first.name == second.name
    assert digest(first) == digest(second)


def test_the_command_is_a_script_of_our_own_whatever_installs_the_wheel(tmp_path, programs):
    """An entry point's script is the installer's, and some versions of pip import `re` in it."""
    pytest.importorskip("hatchling", reason="it is made by hatchling")
    with zipfile.ZipFile(built(tmp_path, 0o022)) as wheel:
        (script,) = (each for each in wheel.infolist() if each.filename.endswith(".data/scripts/codingplan-bar"))
        assert wheel.read(script) == (REPOSITORY / "bin/codingplan-bar").read_bytes()
        assert wheel.read(script).startswith(b"#!python\n")
        assert script.external_attr >> 16 & 0o777 == 0o755
        assert not [name for name in wheel.namelist() if name.endswith("entry_points.txt")]


def built(folder, umask):
    """The wheel, made from a copy of the repository whose files have other times and modes."""
    for name in ("bin", "codingplan_bar", "docs", "schemas", "integrations"):
        shutil.copytree(REPOSITORY / name, folder / "source" / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(REPOSITORY / name, folder / "source" / name)
    for path in (folder / "source").rglob("*"):
        os.utime(path, (umask * 1_000_000, umask * 1_000_000))
    environ = {**os.environ, "SOURCE_DATE_EPOCH": "1795400131"}
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "wheel")]
    subprocess.run(command, cwd=folder / "source", env=environ, umask=umask, check=True, capture_output=True)
    return next((folder / "wheel").glob("*.whl"))


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# The recipes of packaging/: what they need is what the program needs, and nothing in them is left open.

PACKAGING = REPOSITORY / "packaging"
RECIPES = {"PKGBUILD": r"^  python-([a-z0-9-]+)$", "flake.nix": r"^          ([a-z0-9-]+)$|python3Packages\.(jeepney)"}


def recipes():
    spec = importlib.util.spec_from_file_location("recipes", PACKAGING / "recipes.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_needs_the_packages_that_the_program_needs(recipe):
    named = re.findall(RECIPES[recipe], (PACKAGING / recipe).read_text("utf-8"), re.MULTILINE)
    assert {"".join(each) for each in named} == OWNERS | EARNED


def test_the_recipes_hold_the_hash_and_the_version_of_the_sdist_and_no_gap(tmp_path):
    sdist = tmp_path / "codingplan_bar-1.2.3.tar.gz"
    sdist.write_bytes(b"an sdist")
    recipes().main(
        str(sdist), str(tmp_path), "https://example.org/x", "https://example.org/x/codingplan_bar-1.2.3.tar.gz"
    )
    for name in recipes().TEMPLATES:
        text = (tmp_path / name).read_text("utf-8")
        assert digest(sdist) in text
        assert "1.2.3" in text
        assert "https://example.org/x/codingplan_bar-1.2.3.tar.gz" in text


@pytest.mark.parametrize("name", ["codingplan_bar-1.tar", "other-1.0.tar.gz"])
def test_a_recipe_for_what_is_no_sdist_of_ours_is_refused(tmp_path, name):
    (tmp_path / name).touch()
    with pytest.raises(ValueError, match="not an sdist"):
        recipes().filled("", tmp_path / name)


def test_bash_can_read_the_recipe_for_arch(programs):
    """`.ci/install` has Ruby and Nix read theirs, where they are installed."""
    subprocess.run(["bash", "-n", PACKAGING / "PKGBUILD"], check=True)


def test_no_address_of_the_project_is_written_anywhere():
    """It is not published: whoever publishes it gives its address to `recipes.py`."""
    texts = [path for name in ("README.md", "README.zh-CN.md", "pyproject.toml") for path in [REPOSITORY / name]]
    texts += [*(REPOSITORY / "docs").rglob("*.md"), *filter(Path.is_file, (REPOSITORY / "packaging").iterdir())]
    places = re.compile(r"https?://[\w.]*(?:github|gitlab|codeberg|aur\.archlinux)[\w./-]*codingplan", re.IGNORECASE)
    assert [str(path) for path in texts if places.search(path.read_text("utf-8"))] == []


ESSENTIAL = {"cat", "dash", "script", "sh"}
"""Programs that no Debian is without."""


def asked_for():
    """Each program that a test needs by its name."""
    texts = (path.read_text("utf-8") for path in (REPOSITORY / "tests").rglob("*.py"))
    trees = (ast.parse(text) for text in texts if "need(" in text)
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        argument.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "need"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    }


def test_ci_installs_each_program_that_a_test_needs():
    programs = asked_for() - ESSENTIAL
    assert {"foot", "polybar", "tmux", "waybar"} <= programs
    installed = (REPOSITORY / ".ci/debian-packages").read_text("utf-8").split()
    told = {name: SOURCES.get(name, f"apt install {name}") for name in programs}
    packages = {name: how.removeprefix("apt install ") for name, how in told.items() if how.startswith("apt ")}
    assert {name for name, package in packages.items() if package not in installed} == set()
