"""What `setup` says without a bar: which file each bar of this machine reads, and whether it shows the quota."""

from __future__ import annotations

from collections.abc import Mapping

from codingplan_bar.bars import BARS as FORMS
from codingplan_bar.commands import output
from codingplan_bar.commands.table import COMMANDS
from codingplan_bar.configure.bars import BARS, PLUGINS, Part, missing, parts_of, written_parts
from codingplan_bar.configure.block import ABSENT
from codingplan_bar.configure.machine import Machine
from codingplan_bar.configure.shown import UNCERTAIN, ShownRule, refusal
from codingplan_bar.words import listed

RULE = ShownRule(FORMS, [row.name for row in COMMANDS if row.group in ("see", "scripts")])
"""Whether a bar runs this program, by the words of its command line."""


def overview(words: Mapping[str, str], machine: Machine) -> int:
    """Which file each bar reads that is installed here or has a configuration, and what to type."""
    lines = [line for bar in BARS if (line := _found(bar, parts_of(bar, machine)[0], words))]
    lines = lines or [words["none here"]]
    return output.tell("\n".join([*lines, words["no bar"].format(listed(BARS, machine.language))]))


def written_into(words: Mapping[str, str], machine: Machine) -> str:
    """Which bars ours has been put into, and how it is taken out of all of them."""
    found = [bar for bar in BARS if written_parts(bar, machine)]
    return words["written into"].format(listed(found, machine.language)) if found else words["out of all"]


def _found(bar: str, part: Part, words: Mapping[str, str]) -> str:
    """The line of one bar; nothing for one that is not here."""
    if part.doubt:
        return words["in doubt"].format(bar, part.cause(part.doubt, words))
    program = missing(bar, part.machine)
    if part.file and part.file.exists():
        return _standing(bar, part, program, words)
    if part.file and not program:
        return words["found, new"].format(bar, part.shown)
    return words["not found"].format(bar) if not program and bar not in PLUGINS else ""


def _standing(bar: str, part: Part, program: str, words: Mapping[str, str]) -> str:
    """The line of a bar that has a configuration: whether it shows the quota, by the same rule as `doctor`."""
    if program:
        return words["found, not here"].format(bar, part.shown, program)
    reason, key = RULE.hidden(part), "found"
    if reason is None:
        return words["set up"].format(bar, part.shown)
    if part.has_ours() and reason.reason != ABSENT:
        key = "uncertain" if reason.reason in UNCERTAIN else "unseen"
    elif error := refusal(part):
        key, reason = "refused", error
    return words[key].format(bar, part.placed(reason), part.cause(reason, words))
