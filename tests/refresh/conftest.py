"""The installed command in a home of its own, against a console over real TLS."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from codingplan_bar.demo.certificate import issue
from codingplan_bar.demo.console import Console
from codingplan_bar.demo.usage import Usage

HERE = str(Path(__file__).parent)
if HERE not in sys.path:  # pytest's importlib mode leaves the import path alone
    sys.path.insert(0, HERE)

from staging import Home  # noqa: E402
from world import World  # noqa: E402


@pytest.fixture(scope="session")
def certificate():
    return issue(now=time.time())


@pytest.fixture
def console(certificate):
    with Console(certificate=certificate) as console:
        console.usage = Usage(resets_in=7_200)  # no window runs out before its reset, whatever the day
        yield console


@pytest.fixture
def home(tmp_path, console):
    folder = tmp_path / "home"
    folder.mkdir()
    return Home(folder, console)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


@pytest.fixture(autouse=True)
def no_thread_left_behind(every_thread_ends):
    """In each test here."""
