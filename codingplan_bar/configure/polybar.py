"""polybar: which file it reads and how, and a module at its end with its name among the modules of a bar."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from codingplan_bar import paths
from codingplan_bar.configure.block import ABSENT, RUNS, Block, LeftAlone, line_of, one_line, without
from codingplan_bar.configure.files import text_of
from codingplan_bar.configure.machine import Machine, shell_text
from codingplan_bar.configure.polybar_ini import (
    REFERENCE,
    SIDES,
    IniEntry,
    entries,
    heirs,
    list_of,
    resolved,
    shown_in,
    twice,
    without_base,
    wrong_line,
)
from codingplan_bar.resources import shipped_folder

PROGRAM = "polybar"
CONFIGS = ("config", "config.ini")
"""In this order: the older name comes first, though polybar advises against it."""


def place(machine: Machine) -> Path | None:
    """The file of a running polybar, else of one that the desktop starts, else the first of its places that is there.

    None where only the system's is, which one of the user's would hide. Raises `LeftAlone`.
    """
    main = _main(machine)
    return _with_modules(main, machine) if main else None


def _main(machine: Machine) -> Path | None:
    """The file that it reads first; the others are those that this includes. Raises `LeftAlone`."""
    folders = (machine.settings / "polybar", machine.home / ".config/polybar")
    places = [folder / name for folder in folders for name in CONFIGS]
    others = [path for path in sorted(folders[0].glob("*.ini")) if bars(text_of(path))]
    return machine.file_read_by(PROGRAM, places, others)


def _with_modules(main: Path, machine: Machine) -> Path:
    """The file in which a bar names its modules: one that is wanted, has ours or starts; else the main one; else any.

    It may be an included one after which no key stands. Such a key would be read as one of our section, which comes
    last in that file.
    """
    text = text_of(main)
    is_own = any(key.key in SIDES and key.section.startswith("bar/") for key in entries(text))
    files = [file for file, is_last in _included(text, main, machine) if is_last and _lists(text_of(file))]
    there = [file for file in files if bars(text_of(file))]
    if is_own:
        there.insert(0, main)
    if len(there) < 2:
        return there[0] if there else main
    names = [machine.bar] if machine.bar else started(machine)
    best = [file for name in names for file in there if [name] in bars(text_of(file))]
    ours = [] if machine.bar else [file for file in there if BLOCK.is_in(text_of(file))]
    return [*ours, *best, *there][0]


# polybar: a module's section at the end of its ini, and its name at the end of a line of the bar's modules.
#
# The name is one word among the user's own, and there is no mark beside it: as long as the section is setup's, that
# word is ours, on whichever line it stands by then.

NAME = "codingplan"
DEEPEST_INCLUDE = 8
LONGEST = 40
"""So much of a line is told."""
TWICE = re.compile(
    r"^; >>> codingplan-bar: its place >>>\r?\n(?:;was .*\n)?|^; <<< codingplan-bar: its place <<<(?:\r?\n|\r?\Z)",
    re.MULTILINE,
)
"""What the first version put around the line: the line as it was, in a comment, and two markers."""

_ENDING = r"\S*(?:power|session|logout|shutdown|exit|quit|sysmenu|tray)\S*"
LAST = re.compile(rf"(?<!\S){_ENDING}(?:\s+{_ENDING})*\s*\Z")
"""What people put at the very end, and look for there: the button that ends the session, and the tray."""

ALREADY = re.compile(r"^[^;#\n]*codingplan.bar\W* polybar|^[ \t]*\[module/codingplan\]", re.MULTILINE)


def changed(text: str, command: str, bars: Sequence[str] = ()) -> str:
    """The configuration with our module in one of its bars, of these the first, and nothing else changed.

    Raises `LeftAlone`.
    """
    if "\ufeff" in text:
        raise LeftAlone("bom", line_of(text, text.index("\ufeff")))
    if not BLOCK.is_in(text) and not TWICE.search(text):
        _insist_on_none(text)
    text = TWICE.sub("", text)
    newline = "\r\n" if "\r\n" in text else "\n"
    return _checked(text, BLOCK.put(_placed(text, bars), shown(command), newline=newline))


def _insist_on_none(text: str) -> None:
    """Raises `LeftAlone` where a text without ours shows it all the same, by whosever section, in this file or not."""
    if found := ALREADY.search(text):
        raise LeftAlone("already there", line_of(text, found.start()))
    if lines := [each.line for each in _lists(text) if NAME in each.value.split()]:
        raise LeftAlone("already there", min(lines))


def taken(text: str) -> str:
    """The text without ours, wherever it is now. Raises `LeftAlone`."""
    if not BLOCK.is_in(text) and not TWICE.search(text):
        return text
    if text.startswith("\ufeff"):  # polybar does not know the section of its first line
        return "\ufeff" + taken(text[1:])
    text = TWICE.sub("", text)
    ours = _ours(text)
    return _checked(text, BLOCK.taken(without(text, [cut for names in _lists(text) for cut in _words(names, ours)])))


def unseen(text: str, path: Path, machine: Machine) -> str:
    """Why polybar would not show it: it does not start, or no bar names a module that runs our command.

    All files count that it reads together with this one. Raises `LeftAlone`.
    """
    files = _read_with(path, machine)
    known = {os.path.realpath(path): text}
    text = _whole(files[0], machine, known)
    everything = entries(text)
    runs = (key.section for key in everything if key.key == "exec" and RUNS.search(key.value))
    modules = {section.removeprefix("module/") for section in runs}
    if not modules:
        return ABSENT
    if "\ufeff" in text:
        return "bom"
    _insist_on_lines({file: known.get(os.path.realpath(file), text_of(file)) for file in files}, machine)
    _insist_on_sections(text, path, files)
    named = {word for bar in [*heirs(everything), *started(machine)] for word in shown_in(f"bar/{bar}", everything)}
    return "" if modules & named else "not named"


def _insist_on_lines(texts: Mapping[Path, str], machine: Machine) -> None:
    """Raises `LeftAlone` for a line at which polybar ends, in one of its files with what they say."""
    for file, text in texts.items():
        if number := wrong_line(text):
            line = text.split("\n")[number - 1].strip()
            raise LeftAlone("wrong line", 0, f"{file}:{number}", line if len(line) <= LONGEST else f"{line[:LONGEST]}…")
        for key in entries(text):  # a variable is not read as a shell reads it
            if key.key == "include-file" and "$" not in key.value and not _files_of(key, file, machine):
                raise LeftAlone("no include", 0, f"{file}:{key.line}", key.value)


def _insist_on_sections(whole: str, path: Path, files: Sequence[Path]) -> None:
    """Raises `LeftAlone` for a section at which polybar ends, or a key in none, in all that it reads together."""
    everything = entries(whole)
    if key := next((each.key for each in everything[:1] if not each.section), ""):
        raise LeftAlone("no section", 0, key)
    if place := twice(everything):
        raise _ended_by(*place, path, files)
    if place := without_base(whole):
        raise LeftAlone("no base", 0, *place)


def _ended_by(section: str, key: str, path: Path, files: Sequence[Path]) -> LeftAlone:
    """That a section says a key twice, with the other of these files that says it, if there is one."""
    others = [file for file in files if os.path.realpath(file) != os.path.realpath(path)]
    for file in others:
        if any((each.section, each.key) == (section, key) for each in entries(text_of(file))):
            return LeftAlone("twice in", 0, section, key, str(file))
    return LeftAlone("twice", 0, section, key)


def _read_with(path: Path, machine: Machine) -> list[Path]:
    """The files that polybar reads together with this one, each once, and first the one that includes the others."""
    first = path
    with suppress(LeftAlone):
        first = machine.file_of or _main(machine) or path
    within = included(text_of(first), first, machine)
    if first != path and os.path.realpath(path) not in map(os.path.realpath, within):
        first, within = path, included(text_of(path), path, machine)
    return list(dict.fromkeys([first, *within]))


def _whole(path: Path, machine: Machine, known: Mapping[str, str], above: tuple[str, ...] = ()) -> str:
    """What polybar reads: a file with what it includes in the place of each such line. Some say what is `known`.

    A file does not count that is deeper than anybody has it. Raises `LeftAlone` for one within itself: polybar ends.
    """
    real = os.path.realpath(path)
    if real in above:
        raise LeftAlone("circle", 0, PROGRAM, str(path))
    if len(above) > DEEPEST_INCLUDE:
        return ""
    text = known[real] if real in known else text_of(path)
    lines = text.split("\n")
    for key in entries(text):
        if files := _files_of(key, path, machine):
            lines[key.line - 1] = "\n".join(_whole(file, machine, known, (*above, real)) for file in files)
    return "\n".join(lines)


def included(text: str, path: Path, machine: Machine) -> list[Path]:
    """The files that a text in this file includes, and those that they include."""
    return [file for file, _ in _included(text, path, machine)]


def _included(
    text: str, path: Path, machine: Machine, above: tuple[str, ...] = (), *, is_last: bool = True
) -> list[tuple[Path, bool]]:
    """The same, each with whether no key stands after it that would be read as one of its last section."""
    found, lines, above = [], text.split("\n"), (*above, os.path.realpath(path))
    if len(above) > DEEPEST_INCLUDE:
        return []
    for key in entries(text):
        after = (line.strip() for line in lines[key.line :])
        line = next((line for line in after if line and line[0] not in ";#"), None)
        ends = is_last if line is None else line.startswith(("[", "include-"))
        for file in _files_of(key, path, machine):
            if os.path.realpath(file) not in above:
                found += [(file, ends), *_included(text_of(file), file, machine, above, is_last=ends)]
    return found


def _files_of(key: IniEntry, path: Path, machine: Machine) -> list[Path]:
    """The files that one key of a file includes; none for any other key."""
    if key.key not in ("include-file", "include-directory"):
        return []
    named = path.parent / machine.expanded(key.value)
    files = [named] if key.key == "include-file" else shell_text.globbed(named, "*")
    return paths.files_among(files)


def explained(error: LeftAlone, text: str, path: Path, machine: Machine) -> LeftAlone:
    """The same, with the included file in which the modules of the bar stand, if they stand in one."""
    reference = REFERENCE.fullmatch(error.about[0]) if error.reason == "reference" else None
    if reference is None:
        return error
    for file in included(text, path, machine):
        if any((key.section, key.key) == reference.groups() for key in entries(text_of(file))):
            return LeftAlone("reference in", error.line, *error.about, str(file))
    return error


def shown(command: str) -> str:
    """What the shipped file says, its comments aside, with the command at its absolute path."""
    shipped = (shipped_folder() / "polybar/codingplan.ini").read_text("utf-8")
    lines = [line for line in shipped.splitlines(keepends=True) if not line.startswith(";")]
    quoted = shlex.quote(one_line(command))
    return re.sub(r"(?<== )codingplan-bar\b", lambda _: quoted, "".join(lines))


BLOCK = Block(
    forms=lambda command, _: [shown(command)],
    begins=r"^[ \t]*\[[^]\n]+\]",
    ours=rf"\A[ \t]*\[module/(?:codingplan\]|[^\]\n]+\](?:.*\n)*?[ \t]*exec[ \t]*=.*{RUNS.pattern})",
    markers=("; >>> codingplan-bar >>>", "; <<< codingplan-bar <<<"),
)
pieces = BLOCK.pieces


def _checked(before: str, after: str) -> str:
    """The text as it is to be. Raises `LeftAlone` where a key of the user's would be lost, or be another section's."""
    ours = _ours(before)
    if _theirs(before, ours) != _theirs(after, ours):
        raise LeftAlone("not understood")
    return after


def _ours(text: str) -> set[str]:
    """The names of our module: the one that setup gives, and one that the user has given it since."""
    runs = (key.section.partition("/") for key in entries(text) if key.key == "exec" and RUNS.search(key.value))
    return {NAME, *(name for kind, _, name in runs if kind == "module" and BLOCK.is_in(text))}


def _theirs(text: str, ours: set[str]) -> list[tuple[str, str, list[str]]]:
    """What each key of the user's says, our word aside."""
    sections = {f"module/{name}" for name in ours}
    keys = [key for key in entries(text) if key.section not in sections]
    return [(key.section, key.key, [word for word in key.value.split() if word not in ours]) for key in keys]


def _placed(text: str, bars: Sequence[str]) -> str:
    """The text with the module's name among the modules of a bar. Raises `LeftAlone`."""
    if any(_ours(text) & set(names.value.split()) for names in _lists(text)):
        return text
    names = _of_a_bar(entries(text), bars)
    if names is None:
        raise LeftAlone("no modules")
    last = LAST.search(names.value)
    if last:
        place_of = names.begins + last.start()
        return f"{text[:place_of]}{NAME} {text[place_of:]}"
    place_of = names.begins + len(names.value.rstrip())
    return text[:place_of] + (" " if names.value.strip() else "") + NAME + text[place_of:]


def _of_a_bar(everything: Sequence[IniEntry], wanted: Sequence[str]) -> IniEntry | None:
    """The modules of a bar: of one that is wanted, else of one with a right side, else of the first that has any.

    Raises `LeftAlone`.
    """
    alone = heirs(everything)
    places = [(bar, side) for bar in wanted for side in SIDES]
    places += [(bar, SIDES[0]) for bar in alone] + [(bar, side) for bar in alone for side in SIDES]
    for bar, side in places:
        section = f"bar/{bar}"
        if (section, side) in (keys := resolved(everything, section)):
            return list_of(section, side, keys)
    return None


def bars(text: str) -> list[list[str]]:
    """The bars in a text, each by all of its names."""
    sections = dict.fromkeys(each.section for each in entries(text) if each.section.startswith("bar/"))
    return [[section.removeprefix("bar/")] for section in sections]


def started(machine: Machine) -> list[str]:
    """The bars that run, then those that the desktop starts; where neither tells one, those of polybar's own scripts.

    Such a script is often started by a desktop whose language is not known.
    """
    return _bars_in((*machine.running, *machine.configured)) or _bars_in(machine.by_own_scripts(PROGRAM))


def _bars_in(commands: Iterable[Sequence[str]]) -> list[str]:
    """The bars that these commands start."""
    found = []
    for words in commands:
        own = pairwise(shell_text.since(words, PROGRAM))
        rest = [word for before, word in own if before not in ("-c", "--config", "-l", "--log")]
        found += [word for word in rest if not word.startswith("-")]
    return found


def bars_of(text: str) -> list[str]:
    """The bars that show our module: those that name it themselves, then those that inherit it."""
    everything, ours = entries(text), _ours(text)
    own = [each for each in everything if each.key != "inherit"]
    showing = [name for [name] in bars(text) if ours.intersection(shown_in(f"bar/{name}", everything))]
    by_themselves = [name for name in showing if ours.intersection(shown_in(f"bar/{name}", own))]
    return [*by_themselves, *(name for name in showing if name not in by_themselves)]


def _lists(text: str) -> list[IniEntry]:
    """Every line that names modules of a bar, also those that such a line refers to."""
    everything = entries(text)
    found = {each.line: each for each in everything if each.key in SIDES and not each.value.startswith("${")}
    sections = dict.fromkeys(each.section for each in everything if each.key in (*SIDES, "inherit"))
    for section in sections:
        keys = resolved(everything, section)
        for side in (each for each in SIDES if (section, each) in keys):
            try:
                names = list_of(section, side, keys)
            except LeftAlone:
                names = keys[section, side]
            found[names.line] = names
    return list(found.values())


def _words(names: IniEntry, ours: set[str]) -> list[tuple[int, int]]:
    """Where our name stands on a line, with the space that came or has come with it."""
    cuts = []
    for word in re.finditer(rf"(?<!\S)(?:{'|'.join(map(re.escape, ours))})(?!\S)", names.value):
        before, after = word.start(), word.end()
        if names.value[:before].strip():
            before -= 1
        elif names.value[after:].strip():
            after += len(names.value[after:]) - len(names.value[after:].lstrip())
        cuts.append((names.begins + before, names.begins + after))
    return cuts
