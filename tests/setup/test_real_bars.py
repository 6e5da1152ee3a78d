"""The real bars with our lines in configurations as people have them, and in the corpus: what they show and start."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from support.configurations import cases, configurations
from support.console.console import Console
from support.machine import need, until
from support.realbars.room import Room, end, ordinary, start_bus
from support.realbars.screens import Sway, Xvfb
from support.showroom.bars import TmuxAtHome
from support.showroom.home import Home, Installation
from support.showroom.states import NUMBERS

from codingplan_bar.commands import setup as command
from codingplan_bar.configure import bar_file, polybar, tmux
from codingplan_bar.configure.machine import Machine, tmux_trial
from codingplan_bar.configure.panels import i3blocks
from codingplan_bar.configure.panels.i3status_rust_starship import i3status_rust
from codingplan_bar.demo_provider import Usage

pytestmark = pytest.mark.usefixtures("programs")

THEME = "#!/bin/sh\ntmux set-option -g status-right ' a theme of its own '\n"
"""What TPM's plugins may do to the status line."""

LOOKS = {"themes": "gruvbox-dark nord-dark solarized-dark ctp-mocha plain native modern", "icons": "awesome4 awesome6"}
"""What i3status-rust's packages have and its `cargo install` has not."""


def each_of(bar):
    """Every configuration of a bar, a parameter each."""
    files = configurations(bar)
    return pytest.mark.parametrize("path", files, ids=[path.stem for path in files])


@pytest.fixture(scope="module")
def installation():
    made = Installation(ordinary())
    yield made
    made.remove()


@pytest.fixture(scope="module")
def provider():
    with Console() as console:
        console.usage = Usage(step=0, resets_in=3_600)
        yield console


@pytest.fixture
def home(provider, installation):
    """The home of somebody who is signed in, and for whom something is stored."""
    room = Room()
    made = Home(room, provider, installation)
    made.fetch()
    yield made
    room.close()


def configured(home, path, changed):
    """The configuration with our lines, as `setup --write` leaves it."""
    return changed(path.read_bytes().decode(), str(home.room.bin / "codingplan-bar"))


@each_of("tmux")
def test_tmux_shows_the_quota_once_however_often_it_reads_its_configuration(home, path):
    need("tmux")
    home.room.write(".tmux/plugins/tpm/tpm", THEME, 0o755)
    bar = TmuxAtHome(home.room, configured(home, path, tmux.changed), columns=200)
    expected = 2 if "placeholder" in path.stem else 1  # the five hours have a place of their own there
    bar.command("set-option", "-g", "status-interval", "1")  # a line of a job's first second is drawn with the next
    until(lambda: shown(bar) == expected, f"the quota in {bar.screen()}")
    with suppress(OSError):  # tmux 3.3 takes the carriage returns of one of them for a part of its values, and says so
        bar.command("source-file", str(home.room.folder / "inner.conf"))
    bar.command("set-option", "-g", "status-interval", "1")
    until(lambda: shown(bar) == expected, f"the quota in {bar.screen()}")


def shown(bar):
    """How often the five hours stand on the screen."""
    return bar.screen().count(NUMBERS.split(" · ", maxsplit=1)[0])


@each_of("i3status_rust")
def test_i3status_rs_takes_the_configuration_and_shows_the_quota(home, path):
    need("i3status-rs")
    for kind, names in LOOKS.items():
        for name in [*names.split(), *(["emoji", "material-nf"] if kind == "icons" else [])]:
            home.room.write(f".config/i3status-rust/{kind}/{name}.toml", "")
    config = home.room.write("config.toml", configured(home, path, i3status_rust.changed))
    home.room.start("i3status-rs", str(config), log="printed")
    printed = home.room.folder / "printed"
    until(lambda: NUMBERS in printed.read_text(), f"the quota with {path.stem}")


def test_i3blocks_shows_the_quota(home):
    need("i3blocks")
    text = i3blocks.changed("[time]\ncommand=date\ninterval=once\n", str(home.room.bin / "codingplan-bar"))
    home.room.start("i3blocks", "-c", str(home.room.write("i3blocks.conf", text)), log="printed")
    until(lambda: NUMBERS in (home.room.folder / "printed").read_text(), "the quota")


CASES = list(cases())

STAND_IN = '#!/bin/sh\necho "$1" >>"$HOME/ran"\n[ "$1" = waybar ] && echo \'{"text": "x"}\' || echo x\nexec sleep 60\n'
PLAIN = [
    case
    for case in CASES
    if case.end == "shown" and not (case.runs or case.links) and not {"real", "bar"} & set(case.words)
]

ALONE = {"bars per output", "include of a missing file", "folder of the first name"}
ALONE |= {"include by a pattern", "include of a relative name"}
"""This screen has another name; waybar 0.9 itself ends where an included file is missing, newer ones go on; the first
file of a configuration is not the one that is read; older ones know no pattern, nor a folder of their own."""


def of(bar):
    """The configurations of one bar that a bar started by hand would read, and that are shown."""
    starters = ("/i3/", "/sway/", "/hypr/", "/bspwm/")
    named = {case.name for case in PLAIN for file in case.files if any(each in file for each in starters)}
    return [case for case in PLAIN if case.bar == bar and case.name not in named and case.files]


@pytest.fixture
def room(monkeypatch, programs):
    made = Room()
    made.script("codingplan-bar", STAND_IN)
    monkeypatch.setattr(bar_file, "command", lambda: str(made.bin / "codingplan-bar"))
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
    """Whether this program starts our command; what it said otherwise. A busy machine takes its time."""
    process = room.start(*words, log="printed", environ=environ)
    try:
        until((room.folder / "ran").exists, "our command", within=60.0)
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
        reason = tmux_trial.unseen_with(options) if options else ""  # some are not started for a look
        trouble.append(f"{case}: {reason}" if reason else "")
        with suppress(FileNotFoundError):
            cleared(room, case)
    assert "\n".join(filter(None, trouble)) == ""
    assert len(trouble) >= 18
