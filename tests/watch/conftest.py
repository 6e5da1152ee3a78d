"""Watchers, made up or started as the bar starts them; the home and the console are those of tests/refresh."""

from __future__ import annotations

import time

import pytest
from support.console.certificate import issue
from support.console.console import Console
from support.staging import Home, Watching

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
def start(home):
    """Starts watchers, each with its first line read; none outlives its test."""
    started = []

    def start(bar="text", *, first=True, **more):
        started.append(Watching(home, bar, **more))
        if first:
            assert started[-1].line()
        return started[-1]

    yield start
    for watching in started:
        watching.close()


@pytest.fixture(autouse=True)
def no_thread_left_behind(every_thread_ends):
    """In each test here."""
