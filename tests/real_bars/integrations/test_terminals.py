"""What integrations/ansi tells to copy, run as a terminal's programs run it."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from support.grammar.judge import Allowed, shown, verdict
from support.showroom.states import ACTIVE, CRITICAL, ERROR, OK

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
