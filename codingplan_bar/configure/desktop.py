"""What a desktop starts, in its own words: the commands in its configuration, in scripts, entries and services.

They are witnesses for the file that a bar reads. Nothing is run: what only a shell would know stays unknown.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from codingplan_bar.configure.files import said

DEEPEST = 6
"""Files within files, and scripts within scripts."""
BEFORE = {"exec", "env", "nohup", "setsid", "command", "nice", "time", "systemd-cat", "uwsm", "uwsm-app", "app", "--"}
BEFORE |= {"while", "until", "if", "then", "do", "else", "!", "{"}
"""Words before a command that leave it the command that it is."""
OPTION = re.compile(r"-.*|\d+")
"""What such a word may have before the command: its options, and the number of one."""
SHELLS = {"sh", "bash", "dash", "zsh", "fish", "ksh"}
SCRIPTS = ("bspwm/bspwmrc", "openbox/autostart", "labwc/autostart", "river/init", "herbstluftwm/autostart")
OF_X = (".xinitrc", ".xprofile", ".xsession")
"""Scripts in the home that start i3 or another desktop of X, and other things beside it."""
ENTRIES = {
    "niri/config.kdl": re.compile(r"^\s*spawn(?:-sh)?-at-startup\s+(.*)", re.MULTILINE),
    "autostart/*.desktop": re.compile(r"^Exec=(.*)", re.MULTILINE),
    "systemd/user/*.service": re.compile(r"^ExecStart=[-@:+!]*(.*)", re.MULTILINE),
    "systemd/user/*.service.d/*.conf": re.compile(r"^ExecStart=[-@:+!]*(.*)", re.MULTILINE),
}
"""Where else a command stands, and how."""
STARTS = ("status_command", "swaybar_command", "exec", "exec_always")
BAR_STARTS = ("bar ", "status_command", "swaybar_command")
STATUS_PROGRAMS = {"i3status", "i3status-rs", "i3blocks", "py3status", "bumblebee-status", "goblocks", "waybar"}
"""What is known to make the whole bar of sway or i3."""
HYPRLAND = re.compile(r"execr?(?:-once)?")
ASSIGNED = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
STARTED_BY_BAR = re.compile(r"\b(?:status|swaybar)_command\s+(.*?)\s*\}?$")
"""In a bar that sway's configuration has on one line."""
UNKNOWN = re.compile(r"\$\([^)]*\)?|\$\{[^}]*\}?|\$\w+|`[^`]*`?")
"""What is left in a name that only a shell would know."""
PRINTED, UNSAID = re.compile(r"\$\((?!\()[^()]*\)|`[^`]*`"), "${?}"
"""What a command prints, in its place, and what is read for it."""
NAMED = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})")


class Started(list[str]):
    """The words of one command, and the folder that its relative paths start from."""

    folder: Path | None = None


def named_by(words: Sequence[str], program: str, option: tuple[str, str]) -> str | None:
    """What a command line of this program names by an option, short or long; None where it names nothing by it."""
    short, long = option
    rest = iter(words[1:] if words and Path(words[0]).name == program else ())
    for word in rest:
        if word in option:
            return next(rest, None)
        if word.startswith(long + "="):
            return word.partition("=")[2]
        if word.startswith(short) and not word.startswith("--"):
            return word[len(short) :]
    return None


def in_folder(words: list[str], folder: Path) -> Started:
    """The same words, started there."""
    started = Started(words)
    started.folder = folder
    return started


def expanded(text: str, known: Mapping[str, str]) -> str:
    """A word with `~`, `$NAME`, `${NAME}`, `${NAME:-other}` as a shell reads them; what is unknown stays as it is."""
    if text == "~" or text.startswith("~/"):
        text = known.get("HOME", "~") + text[1:]

    def value(name: re.Match[str]) -> str:
        return known.get(name[1] or name[2], name[0] if name[3] is None else expanded(name[3], known))

    return NAMED.sub(value, text)


def commands(settings: Path, known: Mapping[str, str], running: Sequence[list[str]]) -> list[Started]:
    """Every command that the desktop of this user starts, or any where none of them runs.

    `known` are the variables, HOME among them; `running` the words of each process.
    """
    home = Path(known["HOME"])
    runs = {Path(words[0]).name: words for words in running if words}
    in_use = runs.keys() & {"sway", "i3", "Hyprland"} or {"sway", "i3", "Hyprland", ""}
    lines: list[str] = []
    for found in configurations(settings, home, running):
        lines += _of_i3(found, dict(known))
    if "Hyprland" in in_use:
        lines += _of_hyprland(settings / "hypr/hyprland.conf", dict(known), [])
    for pattern, entry in ENTRIES.items():
        lines += [_unquoted(line) for path in globbed(settings, pattern) for line in entry.findall(said(path))]
    lines = [line.replace("%h/", "~/") for line in lines]  # as systemd calls the home
    started = list(_in_shell("\n".join(lines), {**known, "PWD": str(home)}, 0))
    scripts = [settings / name for name in SCRIPTS if "" in in_use]
    scripts += [home / name for name in OF_X if in_use & {"", "i3"}]
    for path in filter(Path.is_file, scripts):
        started += _in_script(path, {**known, "PWD": str(home)}, 0)
    return started


def configurations(settings: Path, home: Path, running: Sequence[list[str]]) -> list[Path]:
    """The configurations of sway and of i3: of the one that runs, or of any where no desktop is known to run."""
    runs = {Path(words[0]).name: words for words in running if words}
    in_use = runs.keys() & {"sway", "i3", "Hyprland"} or {"sway", "i3"}
    found = []
    for name, places in (("sway", (home / ".sway", settings / "sway")), ("i3", (settings / "i3", home / ".i3"))):
        candidates = [*_named(runs.get(name, [])), *(place / "config" for place in places)]
        found += [path for path in candidates if path.is_file()][:1] if name in in_use else []
    return found


def bar_programs(settings: Path, known: Mapping[str, str], running: Sequence[list[str]]) -> Iterator[tuple[Path, str]]:
    """The known programs that the bars of sway and of i3 run, each with the configuration that names it."""
    home = Path(known["HOME"])
    for path in configurations(settings, home, running):
        lines = [line for line in statements(path, dict(known), []) if line.startswith(BAR_STARTS)]
        started = [_unquoted(found[1]) for line in lines if (found := STARTED_BY_BAR.search(line))]
        for words in _in_shell("\n".join(started), {**known, "PWD": str(home)}, 0):
            if (program := Path(words[0]).name) in STATUS_PROGRAMS:
                yield path, program


def _named(words: list[str]) -> list[Path]:
    """The file that a command line of i3 or sway names."""
    folder = getattr(words, "folder", None) or Path("/")
    return [folder / name for option, name in pairwise(words) if option in ("-c", "--config")]


def _of_i3(path: Path, known: dict[str, str]) -> Iterator[str]:
    """The commands in a configuration of i3 or sway, each a line for a shell, those of included files too."""
    for line in statements(path, known, []):
        word, _, rest = line.partition(" ")
        if word == "bar" and (started := STARTED_BY_BAR.search(rest)):
            yield _unquoted(started[1])
        elif word in STARTS:
            yield _unquoted(rest.strip())


def _of_hyprland(path: Path, known: dict[str, str], seen: list[Path]) -> Iterator[str]:
    """The commands in a configuration of Hyprland, each a line for a shell, those of sourced files too."""
    if path in seen or len(seen) > DEEPEST * DEEPEST or not path.is_file():
        return
    seen.append(path)
    for line in said(path).splitlines():
        name, _, value = map(str.strip, re.sub(r"(?<!#)#(?!#).*", "", line).partition("="))
        value = _filled(value, known)
        if name.startswith("$"):
            known[name] = value
        elif name == "source":
            for found in globbed(path.parent, expanded(value, known)):
                yield from _of_hyprland(found, known, seen)
        elif HYPRLAND.fullmatch(name):
            yield re.sub(r"^\[[^]]*\]\s*", "", value)


def statements(path: Path, known: dict[str, str], seen: list[Path]) -> Iterator[str]:
    """The lines of a configuration of i3 or sway, its variables replaced, those of included files too.

    Its own variables are kept in `known`, under a name that has their `$`; the files that it has read in `seen`.
    """
    if path in seen or len(seen) > DEEPEST * DEEPEST:
        return
    seen.append(path)
    for line in re.sub(r"\\\r?\n", " ", said(path)).splitlines():
        word, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        if word in ("set", "set_from_resource"):
            name, _, value = rest.partition(" ")
            known[name] = _filled(value.strip().split(" ", 1)[-1] if word != "set" else value.strip(), known)
        elif word == "include":
            for found in globbed(path.parent, expanded(_filled(rest, known), known)):
                yield from statements(found, known, seen)
        elif word and not word.startswith("#"):
            yield _filled(line.strip(), known)


def globbed(folder: Path, pattern: str) -> list[Path]:
    """The files of a pattern as a shell gives them."""
    whole = folder / pattern
    try:
        return sorted(Path(whole.anchor).glob(str(whole.relative_to(whole.anchor))))
    except (ValueError, NotImplementedError):
        return []


def in_first(folders: Sequence[Path], name: str) -> list[Path]:
    """The files of that name, else of that pattern, in the first of the folders that has any."""
    for folder in folders:
        there = [folder / name] if (folder / name).exists() else globbed(folder, name)
        if files := [file for file in there if file.is_file()]:
            return files
    return []


def _filled(text: str, known: Mapping[str, str]) -> str:
    """The text with i3's variables replaced, the longest name first."""
    for name in sorted((name for name in known if name.startswith("$")), key=len, reverse=True):
        text = text.replace(name, known[name])
    return text


def _unquoted(text: str) -> str:
    """A command without what its file's own language alone reads of it: an option, and quotes around the whole."""
    text = re.sub(r"^(?:--no-startup-id\s+)+", "", text.strip())
    whole = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', text)
    plain = re.fullmatch(r"'([^']*)'", text)
    return re.sub(r'\\(["\\])', r"\1", whole[1]) if whole else plain[1] if plain else text


def _in_script(path: Path, known: dict[str, str], depth: int) -> Iterator[Started]:
    """The plain commands of a script, in which what it asks of its own place is answered."""
    return _in_shell(_placed(said(path), path), known, depth)


ITSELF = re.compile(r"\$(?:0\b|BASH_SOURCE\b|\{(?:0|BASH_SOURCE(?:\[0\])?)\})")
ITS_FOLDER = re.compile(r"\$\{(?:0|BASH_SOURCE(?:\[0\])?)%/\*\}")
_FILE = r"""(?:-\w+\s+|--\s+)*(?:"([^"$]+)"|([^\s"'$()]+))\s*"""
_PWD = r"(?:[&\d]*>\s*[&\w/]+\s*)*&&\s*pwd(?:\s+-\w+)?\s*"
ASKED = re.compile(rf"\$\(\s*(?:(?:realpath|readlink)\s+{_FILE}|dirname\s+{_FILE}|cd\s+{_FILE}{_PWD})\)")
"""What a script asks to find the folder that it lies in: of the path that it names, itself or the folder above."""


def _placed(text: str, script: Path) -> str:
    """A script's text with its own path and folder where it asks for them."""
    text = ITS_FOLDER.sub(lambda _: str(script.parent), text)
    text = ITSELF.sub(lambda _: str(script), text)
    for _ in range(DEEPEST):
        text = ASKED.sub(_answered, text)
    return text


def _answered(asked: re.Match[str]) -> str:
    named, above = asked[1] or asked[2] or asked[5] or asked[6], asked[3] or asked[4]
    return os.path.normpath(named or f"{above}/..")


def _in_shell(text: str, known: dict[str, str], depth: int) -> Iterator[Started]:
    """The plain commands of a shell's text, with the variables that it has set by then."""
    text = re.sub(r"\\\n", " ", text)
    for _ in range(DEEPEST):
        text = PRINTED.sub(UNSAID, text)
    for line in text.splitlines():
        for words in _split(line):
            yield from _plain(words, known, depth)


def _split(line: str) -> list[list[str]]:
    """The words of each command of a line; none where its quotes have no end."""
    reader = shlex.shlex(line, posix=True, punctuation_chars=";|&<>()")
    reader.whitespace_split = True
    found: list[list[str]] = [[]]
    try:
        for word in reader:
            if set(word) <= set(";|&<>()"):
                found.append([])
            else:
                found[-1].append(word)
    except ValueError:
        return []
    return [words for words in found if words]


def _plain(words: list[str], known: dict[str, str], depth: int) -> Iterator[Started]:
    """The command itself, or those that a shell or a script in its place would run."""
    words = [expanded(word, known) for word in _behind(words, known)]
    if not words or depth > DEEPEST:
        return
    here = Path(known["PWD"])
    script = words[1:2] if Path(words[0]).name in SHELLS else words[:1]
    given = [n for n, word in enumerate(words) if re.fullmatch(r"-\w*c", word)]
    if words[0] == "cd":
        known["PWD"] = str(here / (words[1] if words[1:] else known["HOME"]))
    elif Path(words[0]).name in SHELLS and given:
        yield from _in_shell("\n".join(words[given[0] + 1 : given[0] + 2]), known, depth + 1)
    elif script and "/" in script[0] and said(here / script[0]).startswith("#!"):
        yield from _in_script(here / script[0], dict(known), depth + 1)
    else:
        yield in_folder(words, here)


def _behind(words: list[str], known: dict[str, str]) -> list[str]:
    """The words of a command, from its own name on; the values that are set for it are kept in `known`."""
    while words:
        if assigned := ASSIGNED.fullmatch(words[0]):
            known[assigned[1]] = expanded(assigned[2], known)
        elif Path(words[0]).name not in BEFORE:
            break
        words = words[1:]
        while words and OPTION.fullmatch(words[0]):
            words = words[1:]
    return words
