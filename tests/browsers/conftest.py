"""Puts this folder on the import path, which pytest's importlib mode leaves alone; and a home of the test's own."""

from __future__ import annotations

import gc
import sys
import warnings
from pathlib import Path

import browser_cookie3
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # `handmade` and `realbrowsers` are packages of this folder

from handmade.home import Home
from realbrowsers.bus import Bus
from realbrowsers.household import Household
from realbrowsers.presence import need


@pytest.fixture
def home(tmp_path):
    """A made-up user's home with whatever stores the test puts there."""
    return Home(tmp_path)


@pytest.fixture(autouse=True)
def the_library_as_it_came(monkeypatch):
    """The reader puts its own guard into the library; it has a process to itself, and the tests have not."""
    came = "_JeepneyConnection"
    monkeypatch.setattr(browser_cookie3, came, getattr(browser_cookie3, came))


@pytest.fixture
def leaky():
    """For a test that has the import library in its own process: it leaves databases open where it fails."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def bus():
    """A session bus of the test's own, on which nobody is yet."""
    need("dbus-daemon")
    household = Household()
    yield Bus(household)
    household.close()
