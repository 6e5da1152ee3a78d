"""A home for the owner of each bar, with codingplan-bar installed and signed in to a console on loopback."""

from __future__ import annotations

import pytest
from support.console.console import Console
from support.realbars.room import Room
from support.showroom.gallery import Gallery
from support.showroom.home import Home, Installation

from codingplan_bar.demo import Usage


@pytest.fixture(scope="session")
def installation(hall):
    """The program as it is installed, once for all tests."""
    made = Installation(hall.account)
    yield made
    made.remove()


@pytest.fixture(scope="session")
def provider():
    """The console of all tests: making its certificate takes longer than a test should."""
    with Console() as console:
        yield console


@pytest.fixture
def console(provider):
    """The console, with a plan that stands still."""
    provider.usage = Usage(step=0, resets_in=16 * 3_600)
    provider.answer_quota = provider.count
    provider.sign_in()
    provider.forget()
    return provider


@pytest.fixture
def home(room, console, installation):
    """Where the bar's owner lives."""
    return Home(room, console, installation)


@pytest.fixture(scope="session")
def gallery(provider, installation):
    """The hostile names, as the program prints them for each bar."""
    quarters = Room()
    yield Gallery(Home(quarters, provider, installation), ["waybar", "polybar", "i3status-rust", "i3blocks", "tmux"])
    quarters.close()
