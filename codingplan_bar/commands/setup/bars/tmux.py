"""tmux: lines at the end of its configuration, after whatever sets the status line, the plugins of TPM too."""

from __future__ import annotations

import re

from codingplan_bar.commands import integrations
from codingplan_bar.commands.setup.bars import tmux_lines
from codingplan_bar.commands.setup.bars.closing_block import LeftAlone, put, taken
from codingplan_bar.commands.setup.bars.fragments import one_line
from codingplan_bar.commands.setup.bars.tmux_places import place
from codingplan_bar.commands.setup.bars.tmux_syntax import Unfinished, commands

__all__ = ["changed", "place", "taken"]

ALREADY = re.compile(r"codingplan.bar\W* tmux|codingplan\.tmux|@plugin .*codingplan")
OH_MY_TMUX = re.compile(r"tmux_conf_theme|_apply_configuration")
"""It makes the status line from variables of its own after all else, from a script within its configuration."""

WITHOUT_RIGHT = re.compile(
    r"^set.*[ '\"]status-format(?:\[0\])?['\"]? (?!.*(?:status-right|#\{codingplan))", re.MULTILINE
)
"""A status line that has no place for `status-right`, and none that its owner has given to us."""

PLACEHOLDER = "#{codingplan"


def changed(text: str, command: str) -> str:
    """The configuration with our lines, and nothing else changed. Raises `LeftAlone`."""
    rest = taken(text)
    if OH_MY_TMUX.search(rest):
        raise LeftAlone("oh my tmux")
    said = read(rest)
    if ALREADY.search(said):
        raise LeftAlone("already there")
    if WITHOUT_RIGHT.search(said):
        raise LeftAlone("no place")
    return put(text, lines(said, one_line(command)))


def read(text: str) -> str:
    """What the configuration says, a command a line, its comments aside. Raises `LeftAlone`."""
    try:
        return "\n".join(" ".join(command) for command in commands(text))
    except Unfinished as error:
        raise LeftAlone("not understood") from error


def lines(said: str, command: str) -> str:
    """What goes between the markers: with placeholders in the status line these are filled, else it is appended."""
    if PLACEHOLDER in said:
        return tmux_lines.filled(command, str(integrations.folder() / "tmux" / "codingplan.tmux"))
    return tmux_lines.appended(command)
