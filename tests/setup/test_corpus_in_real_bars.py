"""The real bars with the corpus: a bar that shows our module starts our command, and no other does."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from support.configurations import cases
from support.presence import need
from support.realbars.bus import start_bus
from support.realbars.room import Room, end
from support.realbars.sway import Sway
from support.realbars.xvfb import Xvfb
from support.waiting import until

from codingplan_bar.commands import setup as command
from codingplan_bar.configure import bars, polybar, tmux, tmux_trial
from codingplan_bar.configure.machine import Machine

pytestmark = pytest.mark.usefixtures("programs")

CASES = list(cases())

STAND_IN = '#!/bin/sh\necho "$1" >>"$HOME/ran"\n[ "$1" = waybar ] && echo \'{"text": "x"}\' || echo x\nexec sleep 60\n'
PLAIN = [case for case in CASES if case.end == "shown" and not case.runs and not {"real", "bar"} & set(case.words)]

ALONE = {"bars per output", "include of a missing file", "folder of the first name"}
"""This screen has another name; waybar 0.9 itself ends where an included file is missing, newer ones go on; the first
file of a configuration is not the one that is read."""


def of(bar):
    """The configurations of one bar that a bar started by hand would read, and that are shown."""
    starters = ("/i3/", "/sway/", "/hypr/", "/bspwm/")
    named = {case.name for case in PLAIN for file in case.files if any(each in file for each in starters)}
    return [case for case in PLAIN if case.bar == bar and case.name not in named and case.files]


@pytest.fixture
def room(monkeypatch, programs):
    made = Room()
    made.script("codingplan-bar", STAND_IN)
    monkeypatch.setattr(bars, "command", lambda: str(made.bin / "codingplan-bar"))
    monkeypatch.setattr(command, "this_machine", Machine)
    yield made
    made.close()


def written(room, case):
    """The home of one configuration, with ours in it by setup; gives the first of its files."""
    environ = {"HOME": str(room.folder)}
    for name, (text, mode) in case.files.items():
        room.write(name, text, mode)
    assert command.setup(case.bar, write=True, undo=False, environ=environ) == 0
    for name in case.files:
        room.own(room.folder / name, 0o755)
    return room.folder / next(iter(case.files))


def cleared(room, case):
    for name in case.files:
        (room.folder / name).unlink()
    (room.folder / "ran").unlink(missing_ok=True)


def starts(room, case, *words, environ=None):
    """Whether this program starts our command within a few seconds; what it said otherwise."""
    process = room.start(*words, log="printed", environ=environ)
    try:
        until((room.folder / "ran").exists, "our command", within=8.0)
    except TimeoutError:
        return f"{case}: {(room.folder / 'printed').read_text()}"
    finally:
        end(process)
        cleared(room, case)
    return ""


def test_waybar_starts_our_command_in_every_configuration_that_setup_has_written(room):
    need("waybar")
    screen, bus = Sway(room), start_bus(room)  # from 0.12 on waybar ends without a session bus
    where = {**screen.environ, "GDK_BACKEND": "wayland", "XDG_CONFIG_HOME": str(room.folder / ".config")}
    where["DBUS_SESSION_BUS_ADDRESS"] = bus
    trouble = []
    for case in of("waybar"):
        if not ALONE & case.adds:
            main = written(room, case)
            trouble.append(starts(room, case, "waybar", "-c", str(main), environ=where))
    assert "\n".join(filter(None, trouble)) == ""
    assert len(trouble) >= 15


def test_polybar_starts_our_command_in_every_configuration_that_setup_has_written(room):
    need("polybar")
    screen = Xvfb(room)
    trouble = []
    for case in of("polybar"):
        main = written(room, case)
        texts = [(room.folder / name).read_bytes().decode() for name in case.files]
        bar = next(name for text in texts if "codingplan" in text for name in polybar.bars_of(text))
        trouble.append(starts(room, case, "polybar", "-c", str(main), bar, environ={"DISPLAY": screen.display}))
    assert "\n".join(filter(None, trouble)) == ""
    assert len(trouble) >= 15


def test_i3blocks_starts_our_command_in_every_configuration_that_setup_has_written(room):
    need("i3blocks")
    trouble = [starts(room, case, "i3blocks", "-c", str(written(room, case))) for case in of("i3blocks")]
    assert "\n".join(filter(None, trouble)) == ""
    assert len(trouble) >= 6


def test_tmux_has_our_command_in_its_status_line_in_every_configuration_that_setup_has_written(room):
    need("tmux")
    trouble = []
    for case in [each for each in CASES if each.bar == "tmux" and each.end == "shown" and each.files]:
        written(room, case)
        environ = {**room.environ, "XDG_CONFIG_HOME": str(room.folder / ".config")}
        files = [path for path in tmux.files(Machine(environ)) if Path("/etc") not in path.parents]
        options = tmux_trial.tried(files, "", environ)
        trouble.append(f"{case}: {reason}" if (reason := tmux_trial.unseen_with(options)) else "")
        with suppress(FileNotFoundError):
            cleared(room, case)
    assert "\n".join(filter(None, trouble)) == ""
    assert len(trouble) >= 18
