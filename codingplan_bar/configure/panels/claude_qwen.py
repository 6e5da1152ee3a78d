"""The status line of Claude Code and of Qwen Code: a command in their settings, beside the one that is there already.

A comment in the JSON would end Claude Code's reading of it, so ours is known by what it says: the command alone, or the
user's command and ours printed on one line. The user's stands in it as it was written, and comes out of it again so.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from codingplan_bar import paths
from codingplan_bar.configure.block import ABSENT, RUNS, WORD, LeftAlone, line_of, one_line, replaced
from codingplan_bar.configure.jsonc import Slot, Value, parse
from codingplan_bar.configure.machine import Machine

KEY = "statusLine"
BEFORE = """printf '%s  %s' "$("""
"""The user's command is read first: what the program says on standard input is for it."""
AFTER = '\n)" "$({} ansi)"'
"""A line's end comes before the bracket, since a comment may end the user's command."""

ALONE = re.compile(rf"(?P<path>{WORD}) ansi\b")
BESIDE = re.compile(re.escape(BEFORE) + r"(?s:.*)" + re.escape(AFTER).replace(r"\{\}", f"(?P<path>{WORD})"))


@dataclass(frozen=True)
class StatusLine:
    """The settings of one program: its folder, the variable that names another one, and where the key stands.

    Each reads nothing of a file with a comma behind the last of several, one that `is_strict` none with a comment.
    """

    program: str
    folder: str
    variable: str
    within: str = ""
    is_strict: bool = False

    def place(self, machine: Machine) -> Path | None:
        """The user's settings, new where the program has a folder; None where it has none."""
        named = machine.environ.get(self.variable, "")
        folder = Path(named) if named.startswith("/") else machine.home / self.folder
        return folder / "settings.json" if paths.is_folder(folder) else None

    def shown(self, command: str) -> str:
        """What somebody would put there by hand."""
        line = {KEY: _line(command)}
        return json.dumps({self.within: line} if self.within else line, indent=4, ensure_ascii=False) + "\n"

    def stands_in(self, text: str) -> str:
        """The status line as it is in these settings. Raises `LeftAlone`."""
        holder = self._holder(parse(text))
        slot = _last(holder, KEY) if holder else None
        line = text[slot.begins : slot.value.ends] if slot else ""
        return f'{{"{self.within}": {{{line}}}}}' if self.within else f"{{{line}}}"

    def is_beside(self, text: str) -> bool:
        """Whether the user's own command stands in ours. Raises `LeftAlone`."""
        value = self._command(text)
        return value is not None and bool(BESIDE.fullmatch(value.said))

    def changed(self, text: str, command: str) -> str:
        """The settings with our command, alone or beside the user's, or with its path renewed. Raises `LeftAlone`."""
        if not text.strip():
            return text + json.dumps(json.loads(self.shown(command)), ensure_ascii=False) + "\n"
        value = self._command(text)
        if wrong := self._wrong_line(text):
            raise LeftAlone("no json", wrong)
        if value is None:
            return self._inserted(text, command)
        said, ours = value.said, _ours(value.said)
        if ours and said.startswith(BEFORE):
            return _around(text, value, _users(value), command)
        if ours:
            old, new = (_raw(word) for word in (ours["path"], shlex.quote(one_line(command))))
            return text[: value.begins] + value.text.replace(old, new, 1) + text[value.ends :]
        if RUNS.search(said):
            raise LeftAlone("already there", line_of(text, value.begins))
        return _around(text, value, value.text[1:-1], command)

    def taken(self, text: str) -> str:
        """The settings without our command, the user's own as it was. Raises `LeftAlone`."""
        value = self._command(text) if "codingplan" in text else None
        said = value.said if value else ""
        ours = _ours(said)
        if value is None or not ours:
            return text
        if not said.startswith(BEFORE):
            return self._without(text)
        return f'{text[: value.begins]}"{_users(value)}"{text[value.ends :]}'

    def unseen(self, text: str, _path: Path, _machine: Machine) -> str:
        """Why the program would not show it. Raises `LeftAlone`."""
        value = self._command(text)
        if value is None or not RUNS.search(value.said):
            return ABSENT
        if self._wrong_line(text):
            return "no strict json"
        switched = parse(text).members.get("disableAllHooks")
        return "hooks off" if switched and switched.text == "true" and not self.within else ""

    def _wrong_line(self, text: str) -> int:
        """The first line for which the program would read nothing of the text; 0 where it reads it all."""
        remarks = parse(text).remarks
        if self.is_strict and remarks:
            return line_of(text, remarks[0][0])
        bare = replaced(text, remarks, lambda remark: re.sub(r"[^\n]", " ", remark))
        try:
            json.loads(bare.removeprefix("\ufeff"))
        except json.JSONDecodeError as error:
            return error.lineno
        except (ValueError, RecursionError):  # a number that Python alone does not take
            return 0
        return 0

    def _holder(self, root: Value) -> Value | None:
        """The object in which the key stands, or would; None where it is not there yet. Raises `LeftAlone`."""
        found = root.members.get(self.within) if self.within else root
        if root.kind != "{" or (found and found.kind != "{"):
            raise LeftAlone("not understood", 1)
        return found

    def _command(self, text: str) -> Value | None:
        """The command of the status line, or None. Raises `LeftAlone`."""
        holder = self._holder(parse(text))
        line = holder.members.get(KEY) if holder else None
        if line is None:
            return None
        command = line.members.get("command")
        if command is None or command.kind != "text":
            raise LeftAlone("not understood", line_of(text, line.begins))
        return command

    def _inserted(self, text: str, command: str) -> str:
        root = parse(text)
        holder = self._holder(root)
        line = json.dumps({KEY: _line(command)}, ensure_ascii=False)
        if holder:
            return _first(text, holder, line[1:-1], "\n    " if self.within else "\n  ")
        return _first(text, root, f"{json.dumps(self.within)}: {line}", "\n  ")

    def _without(self, text: str) -> str:
        """The settings without the key; without the object around it, or all of them, where these were made for it."""
        root = parse(text)
        holder = self._holder(root) or root
        slot = _last(holder, KEY)
        if holder is not root and _is_made(text, holder, slot):
            holder, slot = root, _last(root, self.within)
        around = text[: root.begins] + text[root.ends :].removeprefix("\n")
        is_all_made = holder is root and _is_made(text, root, slot) and not around.strip()
        return around if is_all_made else _cut(text, holder, slot)


def _is_made(text: str, holder: Value, slot: Slot) -> bool:
    """Whether an object has this alone, as setup writes one where there is none."""
    around = text[holder.begins : slot.begins] + text[slot.value.ends : holder.ends]
    return around == "{}" and len(holder.slots) == 1


def _line(command: str) -> dict[str, str]:
    return {"type": "command", "command": f"{shlex.quote(one_line(command))} ansi"}


def _last(holder: Value, name: str) -> Slot:
    return [slot for slot in holder.slots if slot.name == name][-1]


def _ours(command: str) -> re.Match[str] | None:
    found = BESIDE.fullmatch(command) or ALONE.match(command)
    return found if found and "codingplan" in found["path"] else None


def _raw(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _users(value: Value) -> str:
    """The user's command between what is ours, as it is written."""
    written = value.text[1:-1].removeprefix(_raw(BEFORE))
    return written[: written.rindex(_raw(AFTER.partition("{}")[0]))]


def _around(text: str, value: Value, users: str, command: str) -> str:
    """The user's command and ours: what is written stays written, ours comes before and after it."""
    after = _raw(AFTER.format(shlex.quote(one_line(command))))
    return f'{text[: value.begins]}"{_raw(BEFORE)}{users}{after}"{text[value.ends :]}'


def _first(text: str, holder: Value, member: str, gap: str) -> str:
    gap = gap.replace("\n", "\r\n" if "\r\n" in text else "\n")
    place_of = holder.begins + 1
    return text[:place_of] + gap + member + ("," if holder.slots else "") + text[place_of:]


def _cut(text: str, holder: Value, slot: Slot) -> str:
    """Cut one member, with the space before it and the comma that separates it."""
    number = holder.slots.index(slot)
    begins, ends = len(text[: slot.begins].rstrip()), slot.value.ends
    after = text[ends:] if slot.comma is None else text[ends : slot.comma] + text[slot.comma + 1 :]
    if _ends_in_a_line_comment(text, begins) and not re.match(r"[ \t]*\r?\n", after):
        begins = text.index("\n", begins) + 1
    before = holder.slots[number - 1].comma if number and slot.comma is None else None
    if before is None:
        return text[:begins] + after
    return text[:before] + text[before + 1 : begins] + after


def _ends_in_a_line_comment(text: str, place: int) -> bool:
    """Whether a comment ends there that goes on to the end of its line."""
    return any(ends == place and text.startswith("//", begins) for begins, ends in parse(text).remarks)


claude = StatusLine("claude", ".claude", "CLAUDE_CONFIG_DIR", is_strict=True)
qwen = StatusLine("qwen", ".qwen", "", within="ui")
