"""waybar: a module in its JSON with comments, and its name first among the modules on the right."""

from __future__ import annotations

import json
import re
import shlex

from codingplan_bar.commands import integrations
from codingplan_bar.commands.setup.bars.closing_block import LeftAlone
from codingplan_bar.commands.setup.bars.fragments import one_line
from codingplan_bar.commands.setup.bars.jsonc import Value, parse
from codingplan_bar.commands.setup.bars.waybar_places import config as place

__all__ = ["changed", "place", "taken"]

BEGINS, ENDS = "/* >>> codingplan-bar >>> */", "/* <<< codingplan-bar <<< */"
MARKER = re.compile(f"{re.escape(BEGINS)}|{re.escape(ENDS)}")
BLOCK = re.compile(rf"(?:\r?\n {{4}}| )?{re.escape(BEGINS)}.*?{re.escape(ENDS)}", re.DOTALL)
NAME = "custom/codingplan"
SIDES = ("modules-right", "modules-left", "modules-center")


def changed(text: str, command: str) -> str:
    """The configuration with our module in its first bar, and nothing else changed. Raises `LeftAlone`."""
    rest = taken(text)
    root = parse(rest)
    bar = root.items[0] if root.kind == "[" and root.items else root
    side = next((bar.members[name] for name in SIDES if name in bar.members), None)
    if bar.kind != "{" or side is None or side.kind != "[":
        raise LeftAlone("not understood")
    if f'"{NAME}"' in rest:
        raise LeftAlone("already there")
    return _with(rest, bar, side, command)


def taken(text: str) -> str:
    """The text without ours. Raises `LeftAlone`."""
    if len(MARKER.findall(text)) != 2 * len(BLOCK.findall(text)):
        raise LeftAlone("torn")
    return BLOCK.sub("", text)


def shown(command: str) -> str:
    """What the shipped file says, its comments aside, with the command at its absolute path."""
    shipped = json.loads(_shipped().partition("\n")[2])
    return json.dumps({NAME: _module(shipped[NAME], command)}, indent=4, ensure_ascii=False) + "\n"


def _with(text: str, bar: Value, side: Value, command: str) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    members = shown(command).strip().removeprefix("{").removesuffix("}").strip("\n")
    lines = [f"    {BEGINS}", f"{members}{',' if bar.members else ''}", f"    {ENDS}"]
    module = newline + newline.join(lines).replace("\n", newline).replace("\r\r\n", "\r\n")
    name = f' {BEGINS} "{NAME}"{"," if side.items else ""} {ENDS}'
    pieces = sorted([(bar.begins + 1, module), (side.begins + 1, name)], reverse=True)
    for place_of, piece in pieces:
        text = text[:place_of] + piece + text[place_of:]
    return text


def _shipped() -> str:
    return (integrations.folder() / "waybar/codingplan.jsonc").read_text("utf-8")


def _module(shipped: dict[str, object], command: str) -> dict[str, object]:
    quoted = shlex.quote(one_line(command))
    return {
        key: re.sub(r"^codingplan-bar\b", lambda _: quoted, value) if isinstance(value, str) else value
        for key, value in shipped.items()
    }
