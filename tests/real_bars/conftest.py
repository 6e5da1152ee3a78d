"""The real bars as fixtures: each is a function that starts one, and all that it started ends with the test."""

from __future__ import annotations

from functools import partial

import pytest
from support.machine import need
from support.realbars.picture_bars import Polybar, Swaybar, Waybar, i3status_runner, real_i3status
from support.realbars.room import Room, start_bus
from support.realbars.screens import Sway, Xvfb
from support.realbars.tmux import Tmux


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
