"""The files of integrations/, with the command at its absolute path in place of its name."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

from codingplan_bar.commands import integrations
from codingplan_bar.commands.setup.bars.closing_block import LeftAlone

COMMAND = re.compile(r"\bcodingplan-bar(?= (?:open|refresh|i3status-rust|i3blocks)\b)")


def fragment(file: str, command: str, *, escaped: Callable[[str], str] = str) -> str:
    """What `file` below integrations/ says, its comments aside, with the command as one word for a shell.

    `escaped` is what the file's own language makes of that word. Raises `LeftAlone`.
    """
    text = (integrations.folder() / file).read_text("utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    return COMMAND.sub(lambda _: escaped(shlex.quote(one_line(command))), "".join(lines))


def one_line(command: str) -> str:
    """The command. Raises `LeftAlone` where its path has a line's end or the like: no bar's language can say it."""
    if not command.isprintable():
        raise LeftAlone("command")
    return command
