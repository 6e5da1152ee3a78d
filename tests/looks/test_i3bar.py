"""sway's and i3's own bar: its ground, its text and the colours that its configuration names; i3status-rust's theme."""

from __future__ import annotations

import pytest

from codingplan_bar.configure.machine import Machine
from codingplan_bar.looks import readers
from codingplan_bar.palette import OWN_LEAST, contrast

SWAY = """\
# set $red #000001
set $bg #282828
set $fg "#ebdbb2"
set $yellow #d79921
set $red  #cc241d
include colors.d/*
client.urgent #900000 #fb4934 #ffffff
bar {
    position top
    status_command i3blocks -c ~/blocks
    colors {
        background $bg
        statusline $fg
        focused_workspace #000000 #111111 #222222
    }
}
"""


@pytest.fixture
def looks(tmp_path):
    """looks(bar, text, settings, **more files) -> what is read for that bar, whose window manager has that text."""

    def looks(bar, text, own="", where=".config/sway/config", **files):
        for name, content in {where: text, "own": own, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        reader = {"i3blocks": readers.i3blocks, "i3status-rust": readers.i3status_rust}[bar]
        return reader(tmp_path / "own", Machine({"HOME": str(tmp_path)}))

    return looks


def test_the_bars_colours_are_found_by_their_variables_and_the_files_with_them(looks, tmp_path):
    found = looks("i3blocks", SWAY, **{".config/sway/colors.d/blue": "set $blue #458588\n"})
    theme = found.themes["i3blocks"]
    assert (theme.ground, theme.text) == ("#282828", "#ebdbb2")
    assert theme.colors[:2] == ("#d79921", "#fb4934")
    assert theme.colors[3] == "#458588"
    names = ["own", ".config/sway/config", ".config/sway/colors.d/blue"]
    assert [*found.files] == [tmp_path / name for name in names]


@pytest.mark.parametrize(
    "text",
    [
        "bar { colors { background #fdf6e3 ; } }\n".replace(" ;", ""),
        "bar {\n colors {\n background #fdf6e3\n}\n}\n",
        "bar bar-0 {\n colors background #fdf6e3\n}\n",
        "bar bar-0 colors background #fdf6e3\n",
        'bar {\n colors {\n background "#fdf6e3ff"\n}\n}\n',
        "bar\t{\n\tcolors\t{\n\t\tbackground\t#fdf6e3\n\t}\n}\n",
    ],
)
def test_a_colour_is_read_however_the_block_is_written(looks, text):
    assert looks("i3blocks", text).themes["i3blocks"].ground == "#fdf6e3"


def test_of_several_bars_it_is_the_one_that_starts_the_program(looks):
    other = "bar {\n status_command date\n colors {\n background #ffffff\n }\n}\n"
    assert looks("i3blocks", other + SWAY).themes["i3blocks"].ground == "#282828"
    assert (
        looks("i3status-rust", other + SWAY, "[theme]\ntheme = 'native'\n").themes["i3status-rust"].ground == "#ffffff"
    )


def test_a_bar_without_colours_is_black_and_white_and_without_a_bar_nothing_is_known(looks):
    theme = looks("i3blocks", "bar {\n status_command i3blocks\n}\n", where=".config/i3/config").themes["i3blocks"]
    assert (theme.ground, theme.text) == ("#000000", "#ffffff")
    assert looks("i3blocks", "set $red #cc241d\n", where=".config/i3/config").themes == {}


@pytest.mark.parametrize(
    ("own", "ground", "text"),
    [
        ("", "#000000", "#93a1a1"),
        ("[theme]\ntheme = 'mine'\n", "#002b36", "#eee8d5"),
        ("theme = 'mine'\n", "#002b36", "#eee8d5"),
        ("[theme]\ntheme = 'mine'\n[theme.overrides]\nidle_bg = '#123456'\n", "#123456", "#eee8d5"),
        ("[theme]\ntheme = 'gone'\n", "#282828", "#ebdbb2"),
        ("[theme]\ntheme = ['odd']\n", "#282828", "#ebdbb2"),
    ],
)
def test_i3status_rusts_theme_comes_before_the_bars_own_colours(looks, own, ground, text):
    mine = "idle_bg = '#002b36'\nidle_fg = '#eee8d5'\nwarning_bg = '#b58900'\nwarning_fg = '#002b36'\n"
    found = looks("i3status-rust", SWAY, own, **{".config/i3status-rust/themes/mine.toml": mine})
    theme = found.themes["i3status-rust"]
    assert (theme.ground, theme.text) == (ground, text)
    assert theme.colors[0] == ("#b58900" if "mine" in own or not own else "#d79921")


@pytest.mark.parametrize("ground", ["#000000", "#282828", "#888888", "#fdf6e3", "#ffffff"])
def test_every_colour_stands_out_from_the_ground_of_the_bar(looks, ground):
    theme = looks("i3blocks", SWAY.replace("#282828", ground)).themes["i3blocks"]
    least = min(OWN_LEAST, max(contrast(end, ground) for end in ("#000000", "#ffffff")))
    assert all(contrast(color, ground) >= least - 0.01 for color in theme.readable(OWN_LEAST).values())


@pytest.mark.parametrize("text", ["bar {" * 5_000, "}" * 5_000, "bar { colors { background #zz }", "include *\n", "\0"])
def test_what_is_no_configuration_does_no_harm(looks, text):
    looks("i3blocks", text)
    looks("i3status-rust", text, text)
