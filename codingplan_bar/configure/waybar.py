"""waybar: which files it reads, a module in its JSON, its name among the modules of a bar, and a block in its style."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from codingplan_bar import paths
from codingplan_bar.configure.block import (
    ABSENT,
    RUNS,
    WILD,
    Block,
    LeftAlone,
    line_of,
    one_line,
    renewed,
    translated,
    without,
)
from codingplan_bar.configure.files import text_of
from codingplan_bar.configure.jsonc import (
    Slot,
    Value,
    behind_comments,
    cuts_of,
    insist_on_every_waybar,
    parse,
    says_the_same,
)
from codingplan_bar.configure.machine import Machine, shell_text
from codingplan_bar.resources import shipped_folder
from codingplan_bar.words.zh.setup import STYLE

PROGRAM = "waybar"
CONFIGS = ("config", "config.jsonc")


def place(machine: Machine) -> Path | None:
    """The configuration; None where only the system's is there, which one of the user's would hide.

    Raises `LeftAlone`.
    """
    main = machine.file_read_by(PROGRAM, own(machine, CONFIGS))
    return _with_modules(main, machine) if main else None


def _with_modules(main: Path, machine: Machine) -> Path:
    """The file in which a bar names its modules: the main one, or one that it includes."""
    try:
        found = _bars(parse(text_of(main)))
        if any(map(_has_lists, found)):
            return main
        every = (each for bar in found for each in _every(bar, machine, (os.path.realpath(main),)))
        return next((file for file, root in every if _has_lists(root)), main)
    except LeftAlone:
        return main


def _has_lists(bar: Value) -> bool:
    return any(side in bar.members for side in SIDES)


def _every(bar: Value, machine: Machine, above: tuple[str, ...]) -> Iterator[tuple[Path, Value]]:
    """The files that a bar includes, and they in turn, with what each says. Raises `LeftAlone`."""
    for file, root, within in _included(bar, machine, above):
        yield file, root
        yield from _every(root, machine, within)


def own(machine: Machine, names: Sequence[str]) -> list[Path]:
    """Where waybar looks, in this order; its own variable comes first."""
    return [folder / name for folder in _folders(machine) for name in names]


def _folders(machine: Machine) -> list[Path]:
    """The user's folders of waybar's, in the order in which it looks into them."""
    folders = [machine.settings / "waybar", machine.home / ".config/waybar", machine.home / "waybar"]
    chosen = machine.environ.get("WAYBAR_CONFIG_DIR")
    return [Path(machine.expanded(chosen)), *folders] if chosen else folders


# Our module and its name, first among the modules on the right, stand between comments of ours. As long as one of these
# is in the file, the module of our name and that name are ours, wherever they are by then; how the user has changed the
# module is theirs. Where no module has our name, one that runs our command has got another name since. What runs it
# beside ours, or without our comments, is the user's.

BEGINS, ENDS = "/* >>> codingplan-bar >>> */", "/* <<< codingplan-bar <<< */"
NAME = "custom/codingplan"
DEEPEST_INCLUDE = 8
SIDES = ("modules-right", "modules-left", "modules-center")


def changed(text: str, command: str, bars: Sequence[str] = ()) -> str:
    """The configuration with our module where it is already, else in one of its bars, of these the first.

    Raises `LeftAlone`.
    """
    root = parse(text)
    insist_on_every_waybar(text)
    named = (slot for _, slot in _ours(root, {NAME}))
    theirs = [] if _markers(text) else [*(slot.begins for slot in named), *_shown_at(root)]
    if theirs:
        raise LeftAlone("already there", line_of(text, min(theirs)))
    after = _with_name(_with_module(text, command, bars), bars)
    return _checked(root, after, _called(parse(after)))


def _checked(before: Value, after: str, ours: set[str]) -> str:
    """The text as it is to be. Raises `LeftAlone` where it does not say the same of all that is the user's."""
    if not says_the_same(parse(after), before, without=ours):
        raise LeftAlone("not understood")
    return after


def taken(text: str) -> str:
    """The text without ours, wherever it is now. Raises `LeftAlone`."""
    if BEGINS not in text and ENDS not in text:
        return text
    root, markers = parse(text), _markers(text)
    ours = list(_ours(root, _called(root))) if markers else []
    own = {slot.begins for _, slot in ours}
    cuts = [*markers, *(cut for each in ours for cut in cuts_of(text, *each, own))]
    return _checked(root, without(text, list(behind_comments(text, cuts))), _called(root))


def unseen(text: str, path: Path, machine: Machine) -> str:
    """Why waybar would not show it: no bar names a module that runs our command, in this file or one that it includes.

    Raises `LeftAlone`.
    """
    insist_on_every_waybar(text)
    above = (os.path.realpath(path),)
    reasons = [_unseen_in(_merged(bar, machine, above)) for bar in _bars(parse(text))]
    return min(reasons, key=("", "not named", ABSENT).index, default=ABSENT)


def _bars(root: Value) -> list[Value]:
    return [slot.value for slot in root.slots] if root.kind == "[" else [root]


def _unseen_in(bar: Mapping[str, Value]) -> str:
    """The same for what one bar says, all included."""
    modules = [name for name, value in bar.items() if _runs(value)]
    return "" if set(modules) & set(_named(bar)) else "not named" if modules else ABSENT


def _shown_at(root: Value) -> list[int]:
    """Where each module stands that runs our command and that its bar names."""
    shown = [(bar, _named(bar.members)) for bar in _bars(root)]
    return [slot.begins for bar, names in shown for slot in bar.slots if slot.name in names and _runs(slot.value)]


def _runs(module: Value) -> bool:
    return module.kind == "{" and any(RUNS.search(slot.value.text) for slot in module.slots)


def _named(bar: Mapping[str, Value]) -> list[str]:
    """The modules that a bar names, also by its groups."""
    named = [name for side in SIDES if side in bar for name in bar[side].texts]
    for group in (name for name in named if name.startswith("group/") and name in bar):
        within = [name for slot in bar[group].slots if slot.name == "modules" for name in slot.value.texts]
        named += [name for name in within if name not in named]
    return named


def _merged(bar: Value, machine: Machine, above: tuple[str, ...]) -> dict[str, Value]:
    """What a bar says with what it includes: its own word stands, and the first of several. Raises `LeftAlone`."""
    merged = bar.members
    for file, root, within in _included(bar, machine, above):
        insist_on_every_waybar(text_of(file), file)
        merged = _merged(root, machine, within) | merged
    return merged


def _included(bar: Value, machine: Machine, above: tuple[str, ...]) -> Iterator[tuple[Path, Value, tuple[str, ...]]]:
    """The files that a bar includes, what each says, and which files are above what that includes in turn.

    Raises `LeftAlone` for one that cannot be read, or is within itself: waybar ends there.
    """
    for file in _named_by(bar, machine) if len(above) <= DEEPEST_INCLUDE else ():
        if (real := os.path.realpath(file)) in above:
            raise LeftAlone("circle", 0, PROGRAM, str(file))
        try:
            root = parse(text_of(file))
        except LeftAlone as error:
            raise LeftAlone("included", 0, f"{file}:{error.line}") from None
        yield file, root, (*above, real)


def included(text: str, path: Path, machine: Machine) -> list[Path]:
    """The files that a text in this file includes, and those that they include. Raises `LeftAlone`."""
    return [file for bar in _bars(parse(text)) for file, _ in _every(bar, machine, (os.path.realpath(path),))]


def _named_by(bar: Value, machine: Machine) -> list[Path]:
    """The files that a bar includes, as far as they are there.

    Older ones know no pattern (before 0.12), and no folder but the one where they run (before 0.14).
    """
    names = bar.members["include"].texts if "include" in bar.members else []
    folders = [machine.home, *_folders(machine)]  # it runs in the first
    return [file for name in names for file in shell_text.in_first(folders, machine.expanded(name))]


def shown(command: str) -> str:
    """What the shipped file says, its comments aside, with the command at its absolute path."""
    shipped = json.loads(_shipped().partition("\n")[2])
    return json.dumps({NAME: _module(shipped[NAME], command)}, indent=4, ensure_ascii=False) + "\n"


def _with_module(text: str, command: str, bars: Sequence[str]) -> str:
    """The text with the module in it: as it was put there, or with what the user has made of it."""
    root = parse(text)
    called = _called(root) if _markers(text) else {NAME}
    for slot in reversed([slot for value, slot in _ours(root, called) if value.kind == "{"]):
        piece = renewed(text[slot.begins : slot.value.ends], [_members(WILD[0])], _members(command))
        text = text[: slot.begins] + piece + text[slot.value.ends :]
    bar = _bar(root, bars, called)
    if _has_module(bar, called):
        return text
    lines = f"\n    {BEGINS}\n    {_members(command)}{',' if bar.slots else ''}\n    {ENDS}"
    module = lines.replace("\n", "\r\n" if "\r\n" in text else "\n")
    return text[: bar.begins + 1] + module + text[bar.begins + 1 :]


def _with_name(text: str, bars: Sequence[str]) -> str:
    """The text with the module's name in a list of the bar that has the module."""
    root = parse(text)
    called = _called(root)
    bar = _bar(root, bars, called)
    if any(slot.name == "" for _, slot in _ours(bar, called)):
        return text
    side = next((bar.members[name] for name in SIDES if name in bar.members), None)
    if side is None:
        raise LeftAlone("no list", line_of(text, bar.begins))
    if side.kind != "[":
        raise LeftAlone("not understood", line_of(text, side.begins))
    name = f' {BEGINS} "{NAME}"{"," if side.slots else ""} {ENDS}'
    return text[: side.begins + 1] + name + text[side.begins + 1 :]


def _bar(root: Value, wanted: Sequence[str], called: set[str]) -> Value:
    """The bar that has our module, or its name; else one that is wanted, one with a right side, one with any."""
    found = _bars(root)
    named = [bar for bar in found if _has_module(bar, called)] or [bar for bar in found if list(_ours(bar, called))]
    named += [bar for name in wanted for bar, names in _by_name(root) if name in names]
    named += [bar for side in SIDES for bar in found if side in bar.members]
    chosen = next(iter([*named, *found]), root)
    if chosen.kind != "{":
        raise LeftAlone("not understood", 1)
    return chosen


def pieces(text: str) -> list[tuple[int, int]]:
    """From where to where each module of ours stands. Raises `LeftAlone`."""
    root = parse(text)
    return [(slot.begins, slot.value.ends) for value, slot in _ours(root, _called(root)) if value.kind == "{"]


def _has_module(bar: Value, called: set[str]) -> bool:
    """Whether our module itself is in a bar, and not its name alone."""
    return any(value is bar for value, _ in _ours(bar, called))


def _by_name(root: Value) -> Iterator[tuple[Value, list[str]]]:
    """Each bar, and by what it may be called: its name, its outputs, its number."""
    for number, bar in enumerate(_bars(root), 1):
        said = [slot for key in ("name", "output") for slot in bar.slots if slot.name == key]
        names = [text for slot in said for text in slot.value.texts]
        yield bar, [*names, str(number)]


def bars(text: str) -> list[list[str]]:
    """The bars in a text, each by all of its names, the best first. Raises `LeftAlone`."""
    return [names for _, names in _by_name(parse(text))]


def started(_machine: Machine) -> list[str]:
    """Nothing: waybar starts every bar in its file."""
    return []


def bars_of(text: str) -> list[str]:
    """The bars that name our module, each by all of its names. Raises `LeftAlone`."""
    root = parse(text)
    called = _called(root)
    return [name for bar, names in _by_name(root) if list(_ours(bar, called)) for name in names]


def _ours(value: Value, called: set[str]) -> Iterator[tuple[Value, Slot]]:
    """Every place of ours with what it is in: a bar's module, so `called`, and its name in a bar's or group's list."""
    for bar in _bars(value):
        lists = [slot.value for slot in bar.slots if slot.name in SIDES]
        groups = [slot.value for slot in bar.slots if slot.name.startswith("group/")]
        lists += [slot.value for group in groups for slot in group.slots if slot.name == "modules"]
        yield from ((bar, slot) for slot in bar.slots if slot.name in called)
        yield from ((names, slot) for names in lists for slot in names.slots if slot.value.said in called)


def _called(root: Value) -> set[str]:
    """The names of our module: the one that setup gives, and where none has it, those that the user has given since."""
    slots = [slot for bar in _bars(root) for slot in bar.slots]
    is_there = any(slot.name == NAME for slot in slots)
    return {NAME} if is_there else {NAME, *(slot.name for slot in slots if _runs(slot.value))}


def _markers(text: str) -> list[tuple[int, int]]:
    """Where our comments stand, each with the space or the line's beginning that came with it."""
    found = [(begins, ends) for begins, ends in parse(text).remarks if text[begins:ends] in (BEGINS, ENDS)]
    before = [re.search(r"(?:\r?\n[ \t]*| )?\Z", text[:begins]) for begins, _ in found]
    return [(gap.start() if gap else begins, ends) for (begins, ends), gap in zip(found, before, strict=True)]


def _members(command: str) -> str:
    """The module as it stands within a bar."""
    return shown(command).strip().removeprefix("{").removesuffix("}").strip()


def _shipped() -> str:
    return (shipped_folder() / "waybar/codingplan.jsonc").read_text("utf-8")


def _module(shipped: dict[str, object], command: str) -> dict[str, object]:
    quoted = shlex.quote(one_line(command))
    return {
        key: re.sub(r"^codingplan-bar\b", lambda _: quoted, value) if isinstance(value, str) else value
        for key, value in shipped.items()
    }


# Its style sheets.

CLOSED = re.compile(r"""/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""", re.DOTALL)
"""A comment or a text that has an end."""


def _rules() -> str:
    return (shipped_folder() / "waybar/codingplan.css").read_text("utf-8")


WIDER = {"its\n   own: ": "its own: ", "weight or": "weight\n   or", "would\n   change": "would change"}
"""How earlier versions broke the lines of our comment: it is brought up to date."""


BLOCK = Block(
    forms=lambda *_: [translated(_rules(), words, "zh") for words in ({}, STYLE, WIDER)],
    begins=r"^(?=[^\s}])",
    ours="codingplan",
    markers=("/* >>> codingplan-bar >>> */", "/* <<< codingplan-bar <<< */"),
    anywhere=False,
)


class Sheet(NamedTuple):
    """The usual style sheet, or the one that waybar (from 0.9.23) reads instead where the desktop is dark or light."""

    name: str

    def place(self, machine: Machine) -> Path | None:
        """The file; None as for the configuration, and for a dark or light one where a command names another."""
        if self.name != USUAL and not paths.files_among(own(machine, (self.name,))):
            return None
        found = machine.file_read_by(PROGRAM, own(machine, (self.name,)), option=("-s", "--style"))
        return found if self.name == USUAL or (found and found.name == self.name) else None

    def changed(self, text: str, _command: str) -> str:
        """The style sheet with ours at its end, or as the user has changed it. Raises `LeftAlone`.

        Nothing is put behind a comment or a brace without an end: waybar ends where it cannot read its style sheet.
        """
        rest = CLOSED.sub("", text)
        if "/*" in rest or rest.count("{") != rest.count("}"):
            raise LeftAlone("not understood", line_of(text, text.rfind("/*")) if "/*" in rest else 0)
        return BLOCK.put(text, _rules(), newline="\r\n" if "\r\n" in text else "\n")

    def in_language(self, text: str, language: str) -> str:
        """The style sheet with our comment in that language."""
        return translated(text, STYLE, language)

    def taken(self, text: str) -> str:
        """The style sheet without ours. Raises `LeftAlone`."""
        return BLOCK.taken(text)

    def unseen(self, _text: str, _path: Path, _machine: Machine) -> str:
        """Without its colours a module is seen all the same."""
        return ""


USUAL = "style.css"
style, dark, light = Sheet(USUAL), Sheet("style-dark.css"), Sheet("style-light.css")
