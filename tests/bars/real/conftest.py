"""The real bars as fixtures: each is a function that starts one, and all that it started ends with the test."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # `realbars` is a package of this folder, not an installed one

from realbars import i3status
from realbars.bus import start_bus
from realbars.polybar import Polybar
from realbars.presence import need
from realbars.room import Room
from realbars.sway import Sway
from realbars.swaybar import Swaybar
from realbars.tmux import Tmux
from realbars.waybar import Waybar
from realbars.xvfb import Xvfb


@pytest.fixture
def room():
    """A private folder, environment and account for one test; its processes end with it."""
    made = Room()
    yield made
    made.close()


@pytest.fixture(scope="session")
def hall():
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
    """waybar(config, css=PLAIN, *, module="custom/codingplan") -> Waybar."""
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


@pytest.fixture(params=["runner", "real"])
def i3status_rs(request, room):
    """i3status_rs(config) -> the command of a swaybar producer: the real program, and the runner of its blocks."""
    return partial(getattr(i3status, request.param), room)
