"""polybar: a module's section at the end of its ini, and its name at the end of a line of the bar's modules.

An ini has no comment within a line. So the line stands twice between two markers: as it was, behind `WAS`, and with
the module's name.
"""

from __future__ import annotations

import re
import shlex

from codingplan_bar.commands import integrations
from codingplan_bar.commands.setup.bars import closing_block
from codingplan_bar.commands.setup.bars.closing_block import LeftAlone
from codingplan_bar.commands.setup.bars.fragments import one_line
from codingplan_bar.commands.setup.bars.polybar_places import place

__all__ = ["changed", "place", "taken"]

MARKERS = ("; >>> codingplan-bar >>>", "; <<< codingplan-bar <<<")
BEGINS, ENDS = "; >>> codingplan-bar: its place >>>", "; <<< codingplan-bar: its place <<<"
WAS = ";was "
PLACED = re.compile(rf"^{BEGINS}\r?\n{WAS}(?P<was>.*\n)(?:.*\n)*?{ENDS}\r?\n", re.MULTILINE)
MARKER = re.compile(rf"^(?:{BEGINS}|{ENDS})\r?$", re.MULTILINE)
BAR = re.compile(r"^[ \t]*\[bar/[^]\n]+\][ \t]*\r?\n(?P<body>(?:(?![ \t]*\[[^]\n]+\]).*\n?)*)", re.MULTILINE)
SIDES = [
    re.compile(rf"^[ \t]*modules-{side}[ \t]*=[ \t]*(?P<names>[^\r\n]*?)(?P<end>[ \t]*\r?\n)", re.MULTILINE)
    for side in ("right", "left", "center")
]
NAME = "codingplan"
ALREADY = re.compile(r"^[^;#\n]*codingplan.bar\W* polybar|^[ \t]*\[module/codingplan\]", re.MULTILINE)


def changed(text: str, command: str) -> str:
    """The configuration with our module in its first bar, and nothing else changed. Raises `LeftAlone`."""
    rest = taken(text)
    newline = "\r\n" if "\r\n" in rest else "\n"
    if ALREADY.search(rest):
        raise LeftAlone("already there")
    return closing_block.put(_placed(rest, newline), shown(command), newline=newline, markers=MARKERS)


def taken(text: str) -> str:
    """The text without ours. Raises `LeftAlone`."""
    rest = closing_block.taken(text, MARKERS)
    if len(MARKER.findall(rest)) != 2 * len(PLACED.findall(rest)):
        raise LeftAlone("torn")
    return PLACED.sub(lambda found: found["was"], rest)


def shown(command: str) -> str:
    """What the shipped file says, its comments aside, with the command at its absolute path."""
    shipped = (integrations.folder() / "polybar/codingplan.ini").read_text("utf-8")
    lines = [line for line in shipped.splitlines(keepends=True) if not line.startswith(";")]
    quoted = shlex.quote(one_line(command))
    return re.sub(r"(?<== )codingplan-bar\b", lambda _: quoted, "".join(lines))


def _placed(text: str, newline: str) -> str:
    """The text with the module's name in the first bar that names its modules itself. Raises `LeftAlone`."""
    for bar in BAR.finditer(text):
        for side in SIDES:
            found = side.search(text, bar.start("body"), bar.end("body"))
            if found:
                return _twice(text, found, newline)
    raise LeftAlone("no modules")


def _twice(text: str, line: re.Match[str], newline: str) -> str:
    gap = " " if line["names"] and not line["names"].endswith("=") else ""
    with_name = text[line.start() : line.end("names")] + gap + NAME + line["end"]
    block = f"{BEGINS}{newline}{WAS}{line[0]}{with_name}{ENDS}{newline}"
    return text[: line.start()] + block + text[line.end() :]
