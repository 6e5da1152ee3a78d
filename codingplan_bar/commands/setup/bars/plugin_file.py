"""A plugin of SwiftBar, xbar or Argos: one executable file that is ours alone, and says by its last line that it is."""

from __future__ import annotations

import hashlib
import shlex

from codingplan_bar.commands import integrations
from codingplan_bar.commands.setup.bars.closing_block import LeftAlone
from codingplan_bar.commands.setup.bars.fragments import one_line

NAME = "codingplan.1m.sh"
"""Asked for every minute: the part between the dots is the interval."""

BODY = """\
command={command}
[ -x "$command" ] || {{
    printf '%s\\n' 'Coding Plan?' --- 'codingplan-bar is no longer where it was when this was set up.'
    printf '%s\\n' 'Set it up again: codingplan-bar setup {bar} --write'
    exit 0
}}
exec "$command" {bar}
"""
SEAL = "# made by `codingplan-bar setup`: "


def changed(bar: str, text: str, command: str) -> str:
    """The file for this bar in place of what is there: nothing, or one of ours. Raises `LeftAlone`."""
    if text and not is_ours(text):
        raise LeftAlone("not ours")
    return plugin(bar, command)


def taken(text: str) -> str:
    """Nothing, in place of a file of ours. Raises `LeftAlone` where somebody has changed it."""
    if text and not is_ours(text):
        raise LeftAlone("not ours")
    return ""


def plugin(bar: str, command: str) -> str:
    """The file for this bar: the shipped one's title and settings, and the command at its place. Raises `LeftAlone`."""
    shipped = (integrations.folder() / bar / NAME).read_text("utf-8").splitlines(keepends=True)
    code = next(number for number, line in enumerate(shipped) if not line.startswith("#"))
    return sealed("".join(shipped[:code]) + BODY.format(command=shlex.quote(one_line(command)), bar=bar))


def sealed(text: str) -> str:
    """The text with a last line by which it is known again as long as nobody changes it."""
    return f"{text}{SEAL}{hashlib.sha256(text.encode()).hexdigest()[:16]}\n"


def is_ours(text: str) -> bool:
    """Whether a file is as some `plugin` made it, of this version or another."""
    body, seal, _ = text.rpartition(SEAL)
    return bool(seal) and sealed(body) == text
