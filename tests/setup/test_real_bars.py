"""The real tmux and the real i3status-rs, with configurations as people have them and our lines in them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from support.configurations import configurations
from support.console.console import Console
from support.presence import need
from support.realbars.room import Room, ordinary
from support.showroom.bars import TmuxAtHome
from support.showroom.home import Home
from support.showroom.installation import Installation
from support.showroom.states import NUMBERS
from support.waiting import until

from codingplan_bar.configure import tmux
from codingplan_bar.configure.panels import i3blocks
from codingplan_bar.configure.panels.tables import i3status_rust
from codingplan_bar.demo import Usage

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
