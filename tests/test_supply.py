"""What the program is made of: few packages, each pinned by its hashes, and a wheel that is the same twice."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
LOCK = (REPOSITORY / "requirements.txt").read_text("utf-8")
OWNERS = {"browser-cookie3", "click", "jsonschema", "requests"}
EARNED = {"jeepney", "pycryptodomex", "urllib3"}
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


def test_the_wheel_is_the_same_byte_for_byte_wherever_and_whenever_it_is_built(tmp_path):
    pytest.importorskip("hatchling", reason="it is made by hatchling")
    first, second = (built(tmp_path / name, umask) for name, umask in (("a", 0o022), ("elsewhere/b", 0o077)))
    assert first.name == second.name
    assert digest(first) == digest(second)


def built(folder, umask):
    """The wheel, made from a copy of the repository whose files have other times and modes."""
    for name in ("codingplan_bar", "docs", "schemas", "integrations"):
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
