"""Panels and terminals: what the pages of integrations/pango and integrations/ansi tell to copy, run as they run it."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from support.grammar import oneline
from support.grammar.judge import Allowed, shown, verdict
from support.machine import need, until
from support.showroom.states import ACTIVE, COLORS, CRITICAL, ERROR, OK

from codingplan_bar.shipped import shipped_folder

pytestmark = pytest.mark.usefixtures("programs")

LOOK = """\
rounded = 0
border_width = 0
background_color = #101418 100
panel_items = E
panel_size = 100% 40
panel_background_id = 1
"""
OWN = "execp_font = DejaVu Sans Mono Bold 20\nexecp_font_color = #e6e6e6 100\n"


def test_tint2_shows_every_state_in_its_colour(home, xvfbs):
    need("tint2")
    screen = xvfbs[0]
    own = home.copied("pango/tint2.conf", "executor", ("execp_interval = 60", "execp_interval = 1")).read_text("utf-8")
    OK.come(home)
    config = home.room.write("tint2rc", LOOK + own + OWN)
    home.room.start("tint2", "-c", str(config), log="printed", environ={"DISPLAY": screen.display})
    until(lambda: "#e6e6e6" in screen.picture().colours(), "the panel's own colour")
    for moment in (CRITICAL, ERROR):
        moment.come(home)
        until(lambda color=COLORS[moment.state]: color in screen.picture().colours(), f"the colour of {moment.state}")
    assert "markup" not in (home.room.folder / "printed").read_text().lower()


AWESOME = """\
local awful, gears, wibox = require("awful"), require("gears"), require("wibox")
require("beautiful").font = "DejaVu Sans Mono Bold 20"
local page = {}
local bar = awful.wibar({{ position = "top", height = 40, screen = screen[1], bg = "#101418", fg = "#e6e6e6" }})
bar:setup {{ layout = wibox.layout.fixed.horizontal, page, wibox.widget.textbox("mine") }}
"""


def test_awesome_shows_every_state_in_its_colour_by_the_lines_of_the_page(home, xvfbs):
    need("awesome")
    screen = xvfbs[0]
    page = (shipped_folder() / "pango/README.md").read_text("utf-8")
    lines = re.search(r"```lua\n(.*?)```", page, re.DOTALL)[1].replace('pango", 60,', 'pango", 1,')
    OK.come(home)
    config = home.room.write("rc.lua", AWESOME.format(lines))
    home.room.start("awesome", "-c", str(config), log="printed", environ={"DISPLAY": screen.display})
    until(lambda: "#e6e6e6" in screen.picture().colours(), "the bar's own colour")
    for moment in (CRITICAL, ERROR):
        moment.come(home)
        until(lambda color=COLORS[moment.state]: color in screen.picture().colours(), f"the colour of {moment.state}")


def test_genmons_script_says_the_text_and_a_click(home):
    script = home.copied("pango/genmon.sh", "genmon.sh")
    for moment in (OK, CRITICAL):
        moment.come(home)
        line = home.room.run("sh", str(script)).decode()
        text, click = line.removeprefix("<txt>").split("</txt>")
        assert oneline.read_pango(f"{text}\n".encode()).text.split() == moment.text.split()
        assert click == "<txtclick>codingplan-bar open</txtclick>\n"


MOMENTS = (OK, CRITICAL, ACTIVE, ERROR)
COLOUR = Allowed(styles=("sgr=*",))


@pytest.fixture
def printed(home):
    """printed(command, **environ) -> bytes: what a shell's command prints whose input is a document."""

    def run(command, **environ):
        return home.room.run("sh", "-c", f"echo '{{}}' | {command}", environ=environ)

    return run


def test_claude_codes_status_line_has_the_text_and_the_colour(home, printed):
    settings = json.loads(home.copied("ansi/settings.json", ".claude/settings.json").read_text(encoding="utf-8"))
    command = settings["statusLine"]["command"]
    for moment in MOMENTS:
        moment.come(home)
        assert shown("statusline", printed(command)) == (moment.text,)
        assert verdict("statusline", printed(command), COLOUR) == []
        assert printed(command, NO_COLOR="1").decode() == moment.text + "\n"


def test_starships_module_has_the_text(home, printed):
    config = home.copied("ansi/starship.toml", ".config/starship.toml").read_text(encoding="utf-8")
    command = tomllib.loads(config)["custom"]["codingplan"]["command"]
    for moment in MOMENTS:
        moment.come(home)
        assert shown("starship", printed(command)) == (moment.text,)
        assert verdict("starship", printed(command)) == []


def test_zjstatus_command_has_the_text_and_the_colour(home, printed):
    lines = home.copied("ansi/zjstatus.kdl", "zjstatus.kdl").read_text(encoding="utf-8")
    (command,) = re.findall(r'^command_codingplan_command +"(.+)"$', lines, re.MULTILINE)
    CRITICAL.come(home)
    assert shown("statusline", printed(command)) == (CRITICAL.text,)
