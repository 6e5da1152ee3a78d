"""The two READMEs say the same: every command, setting, picture, link and block of code of one is in the other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from codingplan_bar.commands.table import COMMANDS
from codingplan_bar.fetch.settings import SETTINGS
from codingplan_bar.show import BARS

REPOSITORY = Path(__file__).parent.parent
ENGLISH, CHINESE = ((REPOSITORY / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
SAME = {
    "pictures": r"!\[[^]]*\]\(([^)]+)\)",
    "links": r"\]\((?!README|#)([^)]+)\)",
    "blocks of code": r"```sh\n(.*?)```",
    "settings and their defaults": r"^\| `([a-z_]+)` \| (`[^|]*`) \|",
    "commands with their options": r"^\| (`[a-z]+[^`|]*(?:\|[^`|]*)*`) \| [^|]+ \|$",
    "bars": r"^\| [^|]+ \| `codingplan-bar ([a-z0-9-]+)`",
    "states": r"^\| `(ok|warning|active|stale|signed_out|error)`",
    "variables": r"`([A-Z][A-Z_]{5,})`",
    "sections": r"^(##) ",
}


@pytest.mark.parametrize("what", SAME)
def test_both_have_the_same(what):
    found = [re.findall(SAME[what], text, re.MULTILINE | re.DOTALL * ("code" in what)) for text in (ENGLISH, CHINESE)]
    assert found[0]
    assert found[0] == found[1]


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_each_names_every_command_setting_and_bar(text):
    assert all(f"| `{command.name}" in text for command in COMMANDS if not command.hidden)
    assert all(f"| `{name}` |" in text for name in SETTINGS)
    assert all(f"codingplan-bar {bar}`" in text or f"`{bar}`" in text for bar in BARS)


def test_every_option_of_a_command_is_named():
    rows = {row[1]: row[0] for row in re.finditer(r"^\| `([a-z]+)[^\n]*", ENGLISH, re.MULTILINE)}
    for command in COMMANDS:
        for option in command.options:
            assert command.hidden or option.hidden or option.name in rows[command.name], option


def test_every_local_link_leads_somewhere():
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", ENGLISH + CHINESE)
    assert all((REPOSITORY / link).exists() for link in links)
