"""A bar's own palette is read as the bar reads it, sway's and i3's own bar too, and what comes of it is colours."""

from __future__ import annotations

import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageColor

from codingplan_bar.configure.machine import Machine
from codingplan_bar.facts import is_look
from codingplan_bar.looks import bar_themes
from codingplan_bar.looks.cache import BARS
from codingplan_bar.looks.colors import FILE_LIMIT, NAMED, in_polybar, in_tmux, shade
from codingplan_bar.themes import LEAST, OURS, OWN_LEAST, Theme, contrast, own_facts, theme_of

MOCHA = {"base": "#1e1e2e", "text": "#cdd6f4", "yellow": "#f9e2af", "red": "#f38ba8", "mauve": "#cba6f7"}
MOCHA |= {"blue": "#89b4fa", "overlay2": "#9399b2"}
OF_MOCHA = ("#f9e2af", "#f38ba8", "#cba6f7", "#89b4fa", "#9399b2")
DEFINED = "".join(f"@define-color {name} {color};\n" for name, color in MOCHA.items())
ROOT = "window#waybar { background-color: @base; color: @text; }"
QUIET = Machine({"HOME": "/nonexistent"})


@pytest.fixture
def folder(tmp_path):
    """A folder of settings; `put` writes a file in it."""

    def put(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    return put


def themes(path, reader=bar_themes.waybar, machine=QUIET):
    return dict(reader(path, machine).themes)


@pytest.mark.parametrize(
    ("text", "color"),
    [
        ("#abc", "#aabbcc"),
        ("#ABCD", "#aabbcc"),
        ("#1e1e2e", "#1e1e2e"),
        ("#1e1e2ecc", "#1e1e2e"),
        ("rgb(30, 30, 46)", "#1e1e2e"),
        ("rgb(30 30 46 / 50%)", "#1e1e2e"),
        ("rgba(100%, 0%, 0%, 0.5)", "#ff0000"),
        ("RebeccaPurple", "#663399"),
        ("@yellow", "#f9e2af"),
        ("alpha(@base, 0.5)", "#1e1e2e"),
        ("mix(#000000, #ffffff, 0.5)", "#808080"),
        ("shade(#808080, 0.5)", "#404040"),
        ("mix(alpha(@base, .5), rgb(30,30,46), 1)", "#1e1e2e"),
    ],
)
def test_a_colour_is_read_in_each_notation(text, color):
    assert shade(text, MOCHA).hex == color


@pytest.mark.parametrize(
    "text",
    [
        *("", "none", "inherit", "#12", "#12345", "#ggg", "rgb()", "rgb(1,2)", "rgb(1,2,3,4,5)", "rgb(-1,2,3)"),
        *("url(x)", "@nobody", "mix(@base)", "alpha(@base, x)", "rgb(1e9,0,0)", "#fff'/><b>", "%{F#fff}"),
        *("#[fg=red]", "x" * 9_999),
    ],
)
def test_what_is_no_colour_is_none(text):
    assert shade(text, MOCHA) is None


def test_the_names_are_css_own():
    assert {name: "#" + digits for name, digits in NAMED.items()} == ImageColor.colormap


def test_polybar_has_the_alpha_in_front_and_tmux_its_256_colours():
    assert in_polybar("#cc1e1e2e").hex == "#1e1e2e"
    assert in_polybar("#f123").hex == "#112233"
    assert in_polybar("red") is None
    assert [in_tmux(each).hex for each in ("colour234", "color214", "black", "#1E1E2E")] == [
        *("#1c1c1c", "#ffaf00", "#000000", "#1e1e2e")
    ]
    assert in_tmux("default") is in_tmux("colour999") is in_tmux("terminal") is None


def test_waybar_has_the_colours_that_its_style_sheet_defines_and_imports(folder):
    folder("waybar/mocha.css", DEFINED)
    style = folder("waybar/style.css", f'@import "mocha.css"; /* base: @base */\n{ROOT}')
    look = bar_themes.waybar(style, QUIET)
    assert look.themes["waybar"] == Theme("#1e1e2e", "#cdd6f4", OF_MOCHA)
    assert [file.name for file in look.files] == ["style.css", "mocha.css"]


@pytest.mark.parametrize(
    ("rules", "ground", "text"),
    [
        ("window#waybar { background: alpha(@base, 0.5); color: @text; }", "#0f0f17", "#cdd6f4"),
        ("#waybar { background: transparent; } * { color: #222; }", "#ffffff", "#222222"),
        ("* { color: @text; } #waybar { background: none; } .modules-right { background: @base; }", "#1e1e2e", None),
        (ROOT + "#clock,\n#custom-codingplan { background: #fff; color: #000; }", "#ffffff", "#000000"),
        (ROOT + "window#waybar.empty { background: #fff; } #custom-codingplan:hover { color: red }", "#1e1e2e", None),
        (ROOT + "window#waybar { background: linear-gradient(90deg, alpha(#eee, 1) 5%, #000); }", "#eeeeee", None),
        ("* { color: @text; background: @base; }", "#1e1e2e", None),
        ("window#waybar { background: #fff !important; }", "#ffffff", "#000000"),
    ],
)
def test_the_ground_of_the_line_is_what_lies_below_it(folder, rules, ground, text):
    theme = themes(folder("style.css", DEFINED + rules))["waybar"]
    assert (theme.ground, theme.text) == (ground, text or "#cdd6f4")


def test_a_tooltip_has_a_ground_of_its_own(folder):
    light = "window#waybar { background: #eff1f5; color: #4c4f69; }"
    assert themes(folder("a.css", light))["waybar-tooltip"].ground == "#000000"
    styled = themes(folder("b.css", light + "tooltip { background: #e6e9ef; } tooltip label { color: #4c4f69; }"))
    assert (styled["waybar-tooltip"].ground, styled["waybar-tooltip"].text) == ("#e6e9ef", "#4c4f69")


def test_a_sheet_without_colours_leaves_the_line_to_ours(folder):
    assert "waybar" not in themes(folder("style.css", "* { font-size: 13px; border: none; }"))


def test_omarchys_theme_has_the_colours_of_its_terminal(folder):
    folder("omarchy/current/theme/waybar.css", "@define-color foreground #cdd6f4;\n@define-color background #1a1b26;")
    folder("omarchy/current/theme/alacritty.toml", '[colors.normal]\nred = "#f7768e"\nyellow = "#e0af68"\n')
    style = folder(
        "waybar/style.css",
        '@import "../omarchy/current/theme/waybar.css";\n* { background-color: @background; color: @foreground; }',
    )
    look = bar_themes.waybar(style, QUIET)
    assert look.themes["waybar"].ground == "#1a1b26"
    assert look.themes["waybar"].colors[:2] == ("#e0af68", "#f7768e")
    assert "alacritty.toml" in {file.name for file in look.files}


@pytest.mark.parametrize(("scheme", "ground"), [("'prefer-light'\n", "#ffffff"), ("'prefer-dark'", "#000000")])
def test_the_sheet_for_a_light_or_a_dark_desktop_counts_there(folder, scheme, ground):
    style = folder("style.css", "window#waybar { background: #777; }")
    folder("style-light.css", "window#waybar { background: #fff; }")
    folder("style-dark.css", "window#waybar { background: #000; }")
    assert themes(style, machine=Machine({}, printed_by=lambda _: scheme))["waybar"].ground == ground
    assert themes(style)["waybar"].ground == "#777777"


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("set -g status-style 'bg=#1e1e2e,fg=#cdd6f4'", ("#1e1e2e", "#cdd6f4")),
        ('set-option -g status-bg colour234\nset -g status-fg "colour250"', ("#1c1c1c", "#bcbcbc")),
        ('set -g @thm_bg "#1e1e2e"\nset -gF status-style "bg=#{@thm_bg},fg=#cdd6f4,bold"', ("#1e1e2e", "#cdd6f4")),
        ("set -g status-style bg=default", None),
        ("set -g status-style '", None),
        ("", None),
    ],
)
def test_tmux_has_the_colours_of_its_status_style(folder, text, theme):
    found = themes(folder("tmux.conf", text), bar_themes.tmux).get("tmux")
    assert (found and (found.ground, found.text)) == theme


def test_a_running_tmux_knows_better_than_its_file(folder):
    told = 'status-style "bg=#1e1e2e,fg=#cdd6f4"\n@thm_yellow "#f9e2af"\n@thm_red "#f38ba8"\n'
    path = folder("tmux.conf", "set -g status-style bg=#ffffff")
    theme = themes(path, bar_themes.tmux, Machine({}, printed_by=lambda _: told))["tmux"]
    assert (theme.ground, theme.colors[:2]) == ("#1e1e2e", ("#f9e2af", "#f38ba8"))


def test_on_a_ground_that_a_terminal_draws_as_it_likes_the_text_alone_is_used(folder):
    theme = themes(folder("tmux.conf", "set -g status-style 'bg=green,fg=black'"), bar_themes.tmux)["tmux"]
    assert theme.colors == ("#000000",) * 5


POLYBAR = """
[colors]
background = #282A2E
foreground = #C5C8C6
alert = #A54242
primary = ${self.blue}
blue = #81a2be
[bar/base]
background = ${colors.background}
[bar/top]
inherit = bar/base
foreground = ${colors.nobody:#fff}
modules-right = date
[module/date]
"""


def test_polybar_has_the_colours_of_its_bar_through_references_and_heritage(folder):
    theme = themes(folder("config.ini", POLYBAR), bar_themes.polybar)["polybar"]
    assert theme == Theme("#282a2e", "#ffffff", (OURS["dark"].colors[0], "#a54242", OURS["dark"].colors[2], *BLUE))


BLUE = ("#81a2be", OURS["dark"].colors[4])


def test_polybars_colours_may_stand_in_a_file_beside_it(folder):
    folder("polybar/colors.ini", "[color]\nbackground = #fbf1c7\nyellow = #b57614\n")
    path = folder("polybar/config.ini", "include-file = colors.ini\n[bar/x]\nbackground = ${color.background}\n")
    theme = themes(path, bar_themes.polybar)["polybar"]
    assert (theme.ground, theme.colors[0]) == ("#fbf1c7", "#b57614")


@pytest.mark.parametrize("value", ["${self.background}", "${xrdb:color0}", "${env:BG:#fff}", "${a.b", "red"])
def test_a_ground_that_polybar_alone_knows_gives_no_theme(folder, value):
    assert themes(folder("config.ini", f"[bar/x]\nbackground = {value}\n"), bar_themes.polybar) == {}


@pytest.mark.parametrize(("scheme", "ground"), [("'default'", "dark"), ("'prefer-light'", "light"), (None, "dark")])
def test_gnomes_panel_is_as_its_setting_says(folder, scheme, ground):
    found = themes(folder("codingplan.1m.sh", ""), bar_themes.argos, Machine({}, printed_by=lambda _: scheme))
    assert found == {"argos": OURS[ground]}


def test_the_readers_are_those_that_a_refresh_knows():
    assert tuple(bar_themes.READERS) == BARS


def test_a_bar_that_is_not_here_or_has_no_reader_has_no_look(tmp_path):
    machine = Machine({"HOME": str(tmp_path)})
    assert [bar_themes.look_of(bar, machine) for bar in (*BARS, "swiftbar")] == [None] * 7


# What is not as it should be.

HOSTILE = (
    "/*" * 100_000,
    "@define-color a " + "mix(@a,@a,0.5);" * 5_000,
    "".join(f"@define-color a{n} mix(@a{n + 1}, @a{n + 1}, 0.5);" for n in range(5_000)) + "* { color: @a0; }",
    "window#waybar { background: " + "rgba(" * 40_000 + "; color: " + "a(" * 190 + "}",
    "{" * 100_000 + "}" * 50_000,
    "x" * 250_000,
    "window#waybar { color: '/><b>; background: %{A1:reboot:}; }" + ROOT,
    '@import "style.css"; @import "../../../../../../../dev/zero"; @import "\0";' + DEFINED + ROOT,
    "".join(f'@import "{n}.css";' for n in range(9_999)),
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("bar", BARS)
def test_no_file_takes_long_or_says_more_than_colours(folder, bar, text):
    path = folder("style.css", text)
    began = time.process_time()
    check(bar_themes.READERS[bar][1](path, QUIET))
    assert time.process_time() - began < 20  # a tenth of a second; quadratic work takes minutes


def check(look):
    for place, theme in look.themes.items():
        facts = own_facts(place, theme)
        assert all(is_look(name, value) for name, value in facts.items()), facts
    assert len(look.files) < 100


@pytest.mark.parametrize("bar", ["waybar", "tmux", "polybar"])
@pytest.mark.parametrize("kind", ["pipe", "folder", "huge", "no text", "nothing"])
def test_what_is_no_file_says_nothing_and_nobody_waits_for_it(tmp_path, bar, kind):
    path = tmp_path / "style.css"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind != "nothing":
        path.write_bytes(b"\xff\xfe" if kind == "no text" else (DEFINED + ROOT).encode().ljust(FILE_LIMIT + 1))
    assert bar not in themes(path, bar_themes.READERS[bar][1])


PIECES = ["@import", '"a"', "@define-color", "a", "@a", "#fff", "{", "}", ";", ":", ",", "(", ")", "alpha", "mix", "*"]
PIECES += ["window#waybar", "background", "color", "tooltip", "/*", "*/", "0.5", " ", "\n", "rgba", "é", "set -g", "="]
PIECES += ["status-style", "bg=#fff", "[colors]", "[bar/a]", "${colors.a}", "${self.a}", "'", "inherit", "#{@a}"]


@given(st.lists(st.sampled_from(PIECES), max_size=60), st.sampled_from(BARS))
def test_any_text_is_read_and_what_it_gives_is_colours(tmp_path_factory, pieces, bar):
    path = tmp_path_factory.getbasetemp() / "any.css"
    path.write_text("".join(pieces), "utf-8")
    check(bar_themes.READERS[bar][1](path, QUIET))


COLORS = st.integers(0, 2**24 - 1).map(lambda number: f"#{number:06x}")


@given(COLORS, COLORS, st.dictionaries(st.sampled_from(["yellow", "red", "blue", "mauve", "ctp_red"]), COLORS))
def test_on_any_ground_each_colour_of_a_bars_own_can_be_read(ground, text, named):
    theme = theme_of(ground, text, named)
    highest = max(contrast("#000000", ground), contrast("#ffffff", ground))
    for color in theme.readable(OWN_LEAST).values():
        assert contrast(color, ground) >= min(OWN_LEAST, highest - 0.1) >= LEAST - 0.1


# sway's and i3's own bar: its ground, its text and the colours that its configuration names; i3status-rust's theme.


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
        reader = {"i3blocks": bar_themes.i3blocks, "i3status-rust": bar_themes.i3status_rust}[bar]
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
