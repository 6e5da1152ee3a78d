"""What `setup` shows: what goes where, to be put there by hand; and the first configuration of who has none yet.

A bar's package may ship a configuration that its makers mean to be copied. Where none is on this machine, a few lines
make one, the fewest with which the bar starts and `setup` has a place for ours.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codingplan_bar import paths
from codingplan_bar.commands import output
from codingplan_bar.commands.command_table import SET_UP
from codingplan_bar.configure.bar_file import Change, Part
from codingplan_bar.configure.bars import USUAL
from codingplan_bar.process import typed_path
from codingplan_bar.words import filled, listed

if TYPE_CHECKING:
    from codingplan_bar.commands.setup import Job


def printed(job: Job) -> int:
    """Print what goes where: the same changes as those of `--write`, with the same end."""
    job.insist()
    changes = job.changes([part for part in job.parts if part.file], undo=False)
    if changes is None:
        return 1
    if not job.main.file:
        output.put("\n".join([_remark(job.words["in doubt"].format(job.bar, nowhere(job))), *all_lines(job)]))
        return 1
    if all(change.before == change.after for change in changes):
        return output.tell("\n".join(job.unchanged(change) for change in changes))
    known = {change.part.key: change for change in changes}
    lines = [line for part in job.parts for line in _shown(job, part, known.get(part.key))]
    lines += [_remark(told) for change in changes for told in job.in_bar("takes bar", change)]
    output.put("\n".join([*lines, _remark(job.words["puts it there"].format(job.bar, _options(job)))]))
    return 0


def _options(job: Job) -> str:
    """What the user has named, as it is typed."""
    named = {"--bar": job.machine.bar, "--popup": job.machine.popup, "--click": job.machine.click}
    file = f" --file {job.typed()}" if job.machine.file_of else ""
    return file + "".join(f" {option} {shlex.quote(value)}" for option, value in named.items() if value)


def _shown(job: Job, part: Part, change: Change | None) -> Iterator[str]:
    """What goes into one file: what `--write` makes of its text, or where there is no file, what belongs there."""
    if change is None:
        yield lines_of(job, part)
    elif lines := change.lines():
        yield _remark(job.words["writes lines"].format(part.shown))
        yield lines.strip("\n")
    elif change.before == change.after:
        yield _remark(job.unchanged(change))
    else:
        yield lines_of(job, part, "writes into")
    if change and change.is_beside:
        yield _remark(job.words["beside"])


def lines_of(job: Job, part: Part, key: str = "goes into") -> str:
    """The lines that somebody may put there, and where; for a file that should not be made, why not."""
    lines = "" if job.is_without_style(part) else part.printed()
    return f"{_remark(job.goes(part, key))}\n{lines}".strip("\n")


def nowhere(job: Job) -> str:
    """That there is no file of theirs."""
    return job.words.get(f"nowhere.{job.main.name}", job.words["nowhere"])


def all_lines(job: Job) -> Iterator[str]:
    """The lines of each file, and the commands that make a first one and put ours into it, with what they are for."""
    yield from (lines_of(job, part) for part in job.parts)
    key = f"first.{job.main.name}"
    if typed := steps(job.bar, job.main):
        yield from (_remark(job.words[key if key in job.words else "first"]), *typed)


def _remark(text: str) -> str:
    """A sentence above lines to paste: in most of these languages it is a comment."""
    return output.fitted(text, output.columns(), "# ")


# What somebody types who has no configuration of a bar yet: it makes the first one, and then `setup` finds it.

RUN = {"claude-code": "ansi", "qwen-code": "ansi", "starship": "ansi", "zjstatus": "ansi", "kde": "ansi"}
RUN |= {"tint2": "pango", "xfce-genmon": "pango", "sketchybar": "text"}
"""The command that a bar runs, where that has another name."""
ROOT = Path("/")
"""Where the system's files lie."""


def about_format(form: str, words: Mapping[str, str]) -> str:
    """Which programs take the form that somebody would set up as a bar, and what shows it."""
    takers = [bar for bar in SET_UP if RUN.get(bar) == form]
    return filled(words["format" if takers else "no taker"], form, listed(takers, output.language_of()))


@dataclass(frozen=True)
class First:
    """The first configuration of a bar.

    `shipped` are the files (or folders) of packages, each with its name in the user's folder; `lines` are what does
    without them, None where the folder is enough. `file` is its place where setup would look for another. `start` is
    typed first and `end` last; `shows` tells that `setup` writes nothing itself.
    """

    shipped: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] | None = None
    file: str = ""
    start: str = ""
    end: str = ""
    shows: bool = False


ZJSTATUS = (
    "layout {",
    "    default_tab_template {",
    "        children",
    "        pane size=1 borderless=true {",
    '            plugin location="https://github.com/dj95/zjstatus/releases/latest/download/zjstatus.wasm" {',
    '                format_right "{datetime}"',
    "            }",
    "        }",
    "    }",
    "}",
)
EXAMPLES = "share/sketchybar/examples"
FIRST = {
    "waybar": First(
        (("etc/xdg/waybar/config.jsonc", "config"), ("etc/xdg/waybar/config", "config")),
        ('{"modules-right": ["clock"]}',),
    ),
    "polybar": First(
        (("etc/polybar/config.ini", "config.ini"), ("usr/share/doc/polybar/examples/config.ini", "config.ini")),
        ("[bar/main]", "modules-right = date", "[module/date]", "type = internal/date", "date = %H:%M"),
    ),
    "i3status-rust": First(
        (("usr/share/doc/i3status-rust/examples/config.toml", "config.toml"),), ("[[block]]", 'block = "time"')
    ),
    "i3blocks": First(
        (("etc/xdg/i3blocks/config", "config"), ("etc/i3blocks.conf", "config")),
        ("[time]", "command=date +%H:%M", "interval=30"),
    ),
    "tint2": First((("etc/xdg/tint2/tint2rc", "tint2rc"),), ("panel_items = TC", "time1_format = %H:%M")),
    "sketchybar": First(
        ((f"opt/homebrew/{EXAMPLES}", ""), (f"usr/local/{EXAMPLES}", ""), (f"opt/local/{EXAMPLES}", "")),
        ("#!/bin/sh", "sketchybar --bar height=32", "sketchybar --update"),
    ),
    "zjstatus": First(
        lines=ZJSTATUS,
        file="${ZELLIJ_CONFIG_DIR:-~/.config/zellij}/layouts/zjstatus.kdl",
        end="zellij --layout zjstatus",
    ),
    "claude-code": First(),
    "qwen-code": First(),
    "argos": First(),
    "xfce-genmon": First(start="xfce4-panel --add=genmon", shows=True),
    "kde": First(shows=True),
}
"""By the bar. The widget of KDE is added by its own dialog; tmux and starship have a place without one."""
ON_A_MAC = {"swiftbar": First(start="open -a SwiftBar"), "xbar": First(start="open -a xbar")}
"""These two make their folder, or ask for it, when they start."""
EXECUTABLE = {"sketchybar"}


def steps(bar: str, part: Part) -> list[str]:
    """The commands to type, each whole; none where nothing helps on this system."""
    first = {**FIRST, **(ON_A_MAC if sys.platform == "darwin" else {})}.get(bar)
    if first is None:
        return []
    made = first.start if first.start or first.shows else " && ".join(_making(bar, first, part))
    option = "" if first.shows else " --write"
    named = f" --file {_typed(_place(first, part), part)}" if first.file else ""
    ours = output.typed(f"{output.NAME} setup {bar}{option}{named}")
    return [step for step in (made, ours, first.end) if step]


def _place(first: First, part: Part) -> Path:
    return Path(part.machine.expanded(first.file or USUAL[part.key]))


def _typed(path: Path, part: Part) -> str:
    return typed_path(paths.displayed(str(path), part.machine.environ))


def _making(bar: str, first: First, part: Part) -> Iterator[str]:
    """What makes the folder, and the file in it."""
    place = _place(first, part)
    folder, file = _typed(place.parent, part), _typed(place, part)
    yield f"mkdir -p {folder}"
    for name, own in first.shipped:
        source = ROOT / name
        if os.path.exists(source):
            yield f"cp -R {source}/. {folder}/" if os.path.isdir(source) else f"cp {source} {folder}/{own}"
            return
    if first.lines:
        yield f"printf '%s\\n' {shlex.join(first.lines)} > {file}"
        if bar in EXECUTABLE:
            yield f"chmod +x {file}"
