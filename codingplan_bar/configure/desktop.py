"""What a desktop starts, in its own words: the commands in i3's, sway's and Hyprland's configurations and in scripts.

They are witnesses for the file that a bar reads. Nothing is run: what only a shell would know stays unknown.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from codingplan_bar.configure.files import said

DEEPEST = 6
"""Files within files, and scripts within scripts."""
BEFORE = {"exec", "env", "nohup", "setsid", "command", "nice", "time", "systemd-cat", "uwsm", "app", "--"}
BEFORE |= {"while", "until", "if", "then", "do", "else", "!", "{", "("}
"""Words before a command that leave it the command that it is."""
SHELLS = {"sh", "bash", "dash", "zsh", "fish", "ksh"}
SCRIPTS = ("bspwm/bspwmrc", "openbox/autostart", "river/init", "herbstluftwm/autostart")
STARTS = ("status_command", "swaybar_command", "exec", "exec_always")
HYPRLAND = re.compile(r"^\s*exec(?:-once)?\s*=\s*(?:\[[^]]*\]\s*)?(.*)", re.MULTILINE)
ASSIGNED = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
STARTED_BY_BAR = re.compile(r"\bstatus_command\s+(.*?)\s*\}?$")
"""In a bar that sway's configuration has on one line."""
UNKNOWN = re.compile(r"\$\([^)]*\)?|\$\{[^}]*\}?|\$\w+|`[^`]*`?")
"""What is left in a name that only a shell would know."""
NAMED = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})")


class Started(list[str]):
    """The words of one command, and the folder that its relative paths start from."""

    folder: Path | None = None


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
    if "Hyprland" in in_use and (config := settings / "hypr/hyprland.conf").is_file():
        lines += HYPRLAND.findall(said(config))
    scripts = (settings / name for name in SCRIPTS if "" in in_use)
    lines += [line for path in scripts if path.is_file() for line in said(path).splitlines()]
    return [in_folder(words, home) for words in _in_shell(lines, dict(known), 0)]


def configurations(settings: Path, home: Path, running: Sequence[list[str]]) -> list[Path]:
    """The configurations of sway and of i3: of the one that runs, or of any where no desktop is known to run."""
    runs = {Path(words[0]).name: words for words in running if words}
    in_use = runs.keys() & {"sway", "i3", "Hyprland"} or {"sway", "i3"}
    found = []
    for name, places in (("sway", (home / ".sway", settings / "sway")), ("i3", (settings / "i3", home / ".i3"))):
        candidates = [*_named(runs.get(name, [])), *(place / "config" for place in places)]
        found += [path for path in candidates if path.is_file()][:1] if name in in_use else []
    return found


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


def _filled(text: str, known: Mapping[str, str]) -> str:
    """The text with i3's variables replaced, the longest name first."""
    for name in sorted((name for name in known if name.startswith("$")), key=len, reverse=True):
        text = text.replace(name, known[name])
    return text


def _unquoted(text: str) -> str:
    """A command without what i3 alone reads of it: its option, and quotes around the whole."""
    text = re.sub(r"^(?:--no-startup-id\s+)+", "", text)
    whole = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', text)
    return re.sub(r'\\(["\\])', r"\1", whole[1]) if whole else text


def _in_shell(lines: list[str], known: dict[str, str], depth: int) -> Iterator[list[str]]:
    """The plain commands of a script, with the variables that it has set by then."""
    for line in re.sub(r"\\\n", " ", "\n".join(lines)).splitlines():
        for words in _split(line):
            yield from _plain(words, known, depth)


def _split(line: str) -> list[list[str]]:
    """The words of each command of a line; none where its quotes have no end."""
    reader = shlex.shlex(line, posix=True, punctuation_chars=";|&<>")
    reader.whitespace_split = True
    found: list[list[str]] = [[]]
    try:
        for word in reader:
            if set(word) <= set(";|&<>"):
                found.append([])
            else:
                found[-1].append(word)
    except ValueError:
        return []
    return [words for words in found if words]


def _plain(words: list[str], known: dict[str, str], depth: int) -> Iterator[list[str]]:
    """The command itself, or those that a shell or a script in its place would run."""
    while words and (words[0] in BEFORE or ASSIGNED.fullmatch(words[0])):
        if assigned := ASSIGNED.fullmatch(words[0]):
            known[assigned[1]] = expanded(assigned[2], known)
        words = words[1:]
    words = [expanded(word, known) for word in words]
    if not words or depth > DEEPEST:
        return
    script = words[1:2] if Path(words[0]).name in SHELLS else words[:1]
    given = [n for n, word in enumerate(words) if re.fullmatch(r"-\w*c", word)]
    if Path(words[0]).name in SHELLS and given:
        yield from _in_shell(words[given[0] + 1 : given[0] + 2], known, depth + 1)
    elif script and "/" in script[0] and (text := said(Path(script[0]))).startswith("#!"):
        yield from _in_shell(text.splitlines(), dict(known), depth + 1)
    else:
        yield words
