"""The real bars as fixtures: each is a function that starts one, and all that it started ends with the test."""

from __future__ import annotations

from functools import partial

import pytest
from support.console.console import Console
from support.machine import need
from support.realbars.picture_bars import Polybar, Swaybar, Waybar, i3status_runner, real_i3status
from support.realbars.room import Room, start_bus
from support.realbars.screens import Sway, Xvfb
from support.realbars.tmux import Tmux
from support.showroom.gallery import Gallery
from support.showroom.home import Home, Installation

from codingplan_bar.demo_provider import Usage


@pytest.fixture
def room(programs):
    """A private folder, environment and account for one test; its processes end with it."""
    made = Room()
    yield made
    made.close()


@pytest.fixture(scope="session")
def hall(programs):
    """The room of what all tests use: the screens."""
    made = Room()
    yield made
    made.close()


@pytest.fixture(scope="session")
def sways(hall):
    """Two screens for waybar: where it stands, and where its mirror stands; and a bus."""
    need("waybar")
    return (Sway(hall), Sway(hall)), start_bus(hall)


@pytest.fixture(scope="session")
def xvfbs(hall):
    """Two screens for polybar: where it stands, and where its mirror stands."""
    need("polybar")
    return Xvfb(hall), Xvfb(hall)


@pytest.fixture
def waybar(room, sways, tmp_path):
    """waybar(config, css=WAYBAR_LOOK, *, module="custom/codingplan") -> Waybar."""
    screens, bus = sways
    return partial(Waybar, room, screens, bus=bus, evidence=tmp_path)


@pytest.fixture
def polybar(room, xvfbs, tmp_path):
    """polybar(config, *, bar="main", module="codingplan") -> Polybar."""
    return partial(Polybar, room, xvfbs, evidence=tmp_path)


@pytest.fixture
def swaybar(room, tmp_path):
    """swaybar(producer, *, more="", size=(1400, 60)) -> Swaybar."""
    return partial(Swaybar, room, evidence=tmp_path)


@pytest.fixture
def tmux(room):
    """tmux(config, *, columns=120) -> Tmux."""
    return partial(Tmux, room)


@pytest.fixture(params=[i3status_runner, real_i3status], ids=["runner", "real"])
def i3status_rs(request, room):
    """i3status_rs(config) -> the command of a swaybar producer: the real program, and the runner of its blocks."""
    return partial(request.param, room)


# Of integrations: the home of each bar's owner, with codingplan-bar installed and signed in to a console on loopback.


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
