"""SketchyBar: an item at the end of the shell script that is its configuration."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from codingplan_bar.configure.block import Block, LeftAlone, absent_in, line_of, one_line
from codingplan_bar.configure.machine import Machine

PROGRAM = "sketchybar"
SHELL = re.compile(r"#![ \t]*\S*(?:/env[ \t]+(?:-S[ \t]+)?)?\b(?:sh|bash|dash|zsh)\b")
ENDS = re.compile(r"^(?:exit|exec|return)\b", re.MULTILINE)
"""A command after which a shell reads no further, where it stands by itself at a line's beginning."""
FUNCTION = re.compile(r"(?:function[ \t]+[\w-]+|[\w-]+[ \t]*\(\))[ \t(){]*$")
"""Where a function begins, whose lines are no end of the script: it goes on to a brace at a line's beginning."""

ITEM = """\
sketchybar --add item codingplan right \\
           --set codingplan icon.drawing=off update_freq=60 label="$({command} text)" \\
                 script={script} \\
                 click_script={click}
"""
SCRIPT = 'sketchybar --set "$NAME" label="$({command} text)"'


def place(machine: Machine) -> Path | None:
    """The file of a running SketchyBar, else the user's own, or None. Raises `LeftAlone`."""
    places = [machine.settings / "sketchybar/sketchybarrc", machine.home / ".sketchybarrc"]
    return machine.file_read_by(PROGRAM, places)


def lines(command: str) -> str:
    """The item, with the command as one word for a shell. It is drawn at once, and then every minute."""
    word = shlex.quote(one_line(command))
    script, click = SCRIPT.format(command=word), f"{word} open"
    return ITEM.format(command=word, script=shlex.quote(script), click=shlex.quote(click))


BLOCK = Block(forms=lambda command, _: [lines(command)], begins=r"(?<!\\\n)^", ours=r"(?i)codingplan", anywhere=False)
taken = BLOCK.taken


def changed(text: str, command: str) -> str:
    """The script with our item, and nothing else changed. Raises `LeftAlone`."""
    rest = taken(text)
    if rest.startswith("#!") and not SHELL.match(rest):
        raise LeftAlone("no shell", 1)
    if not absent_in(rest):
        raise LeftAlone("already there")
    _insist_on_lines(rest)
    if rest.rstrip("\n").endswith("\\"):
        raise LeftAlone("not understood", line_of(rest, len(rest.rstrip())))
    if ends := _ends(rest):
        raise LeftAlone("script ends", line_of(rest, ends[0]))
    return BLOCK.put(text, lines(command))


def unseen(text: str, _path: Path, _machine: Machine) -> str:
    """Why SketchyBar would not show it: nothing runs our command, or the script ends before. Raises `LeftAlone`."""
    if not (reason := absent_in(text)):
        _insist_on_lines(text)
    return reason or ("script ends" if any(place < text.rindex("codingplan") for place in _ends(text)) else "")


def _insist_on_lines(text: str) -> None:
    """Raises `LeftAlone` for a line that ends as on Windows: a shell takes that for a part of its last word."""
    if "\r" in text:
        raise LeftAlone("not understood", line_of(text, text.index("\r")))


def _ends(text: str) -> list[int]:
    """Where the script ends by its own word."""
    places, place, is_inside = [], 0, False
    for line in text.split("\n"):
        is_inside = bool(FUNCTION.match(line)) or (is_inside and not line.startswith("}"))
        if not is_inside and ENDS.match(line):
            places.append(place)
        place += len(line) + 1
    return places
