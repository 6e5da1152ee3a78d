"""The installed command in a home of its own, against a console over real TLS."""

from __future__ import annotations

import time

import pytest
from support.console.certificate import issue
from support.console.console import Console
from support.staging import Home
from support.world import World

from codingplan_bar.demo import Usage


@pytest.fixture(scope="session")
def certificate():
    return issue(now=time.time())


@pytest.fixture
def console(certificate):
    with Console(certificate=certificate) as console:
        console.usage = Usage(resets_in=7_200)  # no window runs out before its reset, whatever the day
        yield console


@pytest.fixture
def home(tmp_path, console, programs):
    folder = tmp_path / "home"
    folder.mkdir()
    return Home(folder, console)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


@pytest.fixture(autouse=True)
def no_thread_left_behind(every_thread_ends):
    """In each test here."""
