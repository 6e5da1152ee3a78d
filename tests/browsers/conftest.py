"""A home of the test's own, and the import library as it came."""

from __future__ import annotations

import gc
import tempfile
import warnings
from pathlib import Path

import browser_cookie3
import pytest
from support.handmade import Home
from support.machine import crowd, need
from support.realbrowsers.household import Bus, Household

from codingplan_bar.browsers import search


@pytest.fixture
def home(tmp_path):
    """A made-up user's home with whatever stores the test puts there."""
    return Home(tmp_path)


@pytest.fixture
def open_home():
    """The same in a folder that another user of the machine may look into."""
    with tempfile.TemporaryDirectory(prefix="cb-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        home = Home(Path(folder))
        home.folder.chmod(0o755)
        home.environ["XDG_RUNTIME_DIR"] = ""
        yield home


@pytest.fixture(autouse=True)
def no_store_is_late_for_a_crowd_alone(monkeypatch):
    """A store has two seconds on a machine with a processor free."""
    monkeypatch.setattr(search, "STORE_SECONDS", search.STORE_SECONDS * crowd())


@pytest.fixture(autouse=True)
def the_library_as_it_came():
    """The reader puts its own guards into the library; it has a process to itself, and the tests have not."""
    came = dict(vars(browser_cookie3))
    yield
    vars(browser_cookie3).clear()
    vars(browser_cookie3).update(came)


@pytest.fixture
def leaky():
    """For a test that has the import library in its own process: it leaves databases open where it fails."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def bus(programs):
    """A session bus of the test's own, on which nobody is yet."""
    need("dbus-daemon")
    household = Household()
    yield Bus(household)
    household.close()
