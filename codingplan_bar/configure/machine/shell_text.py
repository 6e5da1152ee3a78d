"""A shell's text as the commands that it would run: nothing is run, and what only a shell would know stays unknown."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from codingplan_bar import paths
from codingplan_bar.configure.files import text_of

DEEPEST = 6
"""Files within files, and scripts within scripts."""
BEFORE = {"exec", "env", "nohup", "setsid", "command", "nice", "time", "systemd-cat", "uwsm", "uwsm-app", "app", "--"}
BEFORE |= {"systemd-run", "dbus-run-session", "while", "until", "if", "then", "do", "else", "elif", "!", "{"}
BEFORE |= {"export", "local", "readonly", "declare"}
"""Words before a command, or before a value that is set, that leave it what it is."""
OPTION = re.compile(r"-.*|\d+")
"""What such a word may have before the command: its options, and the number of one."""
SHELLS = {"sh", "bash", "dash", "zsh", "fish", "ksh"}
SOURCES = {".", "source"}
HANDED = re.compile(
    r"(?:\S*/)?(?:riverctl spawn|herbstclient spawn|hyprctl dispatch exec|niri msg action spawn(?:-sh)?"
    r"|(?:swaymsg|i3-msg)(?: -\S+)* exec(?: --no-startup-id)?)(?: --)? (?:\[[^]]*\] *)?(?P<command>.*)",
    re.DOTALL,
)
"""What a script asks its desktop to start."""
ASSIGNED = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
UNKNOWN = re.compile(r"\$\([^)]*\)?|\$\{[^}]*\}?|\$\w+|`[^`]*`?")
"""What is left in a name that only a shell would know."""
PRINTED, UNSAID = re.compile(r"\$\((?!\()[^()]*\)|`[^`]*`"), "${?}"
"""What a command prints, in its place, and what is read for it."""
NAMED = re.compile(r"\$(?:(?P<bare>\w+)|\{(?P<name>\w+)(?:(?P<too>:?)-(?P<other>[^}]*))?\})")
"""A variable; the `other` text is for one that is not there, and with a colon (`too`) for an empty one, too."""


CONFIG = ("-c", "--config")
"""By which most bars are told their configuration."""
Known = dict[str, str]
"""Variables by their names, HOME among them."""


class Started(list[str]):
    """The words of one command, and the folder that its relative paths start from."""

    folder: Path | None = None


def in_folder(words: list[str], folder: Path) -> Started:
    """The same words, started there."""
    started = Started(words)
    started.folder = folder
    return started


def starts(words: Sequence[str], program: str) -> bool:
    """Whether the words of a command start that program, by itself or by another one that is told to."""
    return bool(since(words, program))


def since(words: Sequence[str], program: str) -> Sequence[str]:
    """The words from the program's name on; none where it is not started.

    Where another program is told to start it, the name has an option behind it, or two dashes before it. To `pkill` it
    is the last word, and a folder of that name lies elsewhere.
    """
    if words and Path(words[0]).name == program:
        return words
    for number, (before, word, after) in enumerate(zip(words, words[1:], [*words[2:], ""], strict=False), 1):
        is_its_name = word == program or word.endswith(f"/bin/{program}")
        if is_its_name and (before == "--" or after.startswith("-")):
            return words[number:]
    return ()


def named_by(words: Sequence[str], program: str, option: tuple[str, str] = CONFIG) -> str | None:
    """What a command line of this program names by an option, short or long; None where it names nothing by it."""
    if not (words := since(words, program)):
        return None
    (short, long), rest = option, iter(words[1:])
    for word in rest:
        if word in option:
            return next(rest, None)
        if word.startswith(long + "="):
            return word.partition("=")[2]
        if word.startswith(short) and not word.startswith("--"):
            return word[len(short) :]
    return None


def expanded(text: str, known: Mapping[str, str]) -> str:
    """A word with `~`, `$NAME`, `${NAME}`, `${NAME:-other}` as a shell reads them; what is unknown stays as it is."""
    if text == "~" or text.startswith("~/"):
        text = known.get("HOME", "~") + text[1:]

    def value(named: re.Match[str]) -> str:
        said, other = known.get(named["bare"] or named["name"]), named["other"]
        if said is None or (named["too"] and not said):
            return named[0] if other is None else expanded(other, known)
        return said

    return NAMED.sub(value, text)


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
        there = [folder / name] if os.path.exists(folder / name) else globbed(folder, name)
        if files := paths.files_among(there):
            return files
    return []


def words_of(text: str) -> list[str]:
    """The words of a text without their quotes; the whole text is one where its quotes have no end."""
    try:
        return shlex.split(text)
    except ValueError:
        return [text]


def in_script(path: Path, known: Known, depth: int = 0) -> Iterator[Started]:
    """The plain commands of a script, in which what it asks of its own place is answered."""
    return in_shell(_placed(text_of(path), path), known, depth)


ITSELF = re.compile(r"\$(?:0\b|BASH_SOURCE\b|\{(?:0|BASH_SOURCE(?:\[0\])?)\})")
ITS_FOLDER = re.compile(r"\$\{(?:0|BASH_SOURCE(?:\[0\])?)%/\*\}")
_FILE = r"""(?:-\w+\s+|--\s+)*(?:"([^"$]+)"|([^\s"'$()]+))\s*"""
_PWD = r"(?:[&\d]*>\s*[&\w/]+\s*)*(?:&&|;)\s*pwd(?:\s+-\w+)?\s*"
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


def in_shell(text: str, known: Known, depth: int = 0) -> Iterator[Started]:
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


def _plain(words: list[str], known: Known, depth: int) -> Iterator[Started]:
    """The command itself, or those that a shell, a script or a desktop in its place would run."""
    words = [expanded(word, known) for word in _behind(words, known)]
    if not words or depth > DEEPEST:
        return
    here = Path(known["PWD"])
    if words[0] == "cd":
        known["PWD"] = str(here / (words[1] if words[1:] else known["HOME"]))
    elif words[0] in SOURCES and words[1:]:
        yield from in_script(here / words[1], known, depth + 1)
    elif handed := HANDED.fullmatch(" ".join(words)):
        yield from in_shell(handed["command"], dict(known), depth + 1)
    elif (text := _text_of(words)) is not None:
        yield from in_shell(text, known, depth + 1)
    elif script := _script_of(words, here):
        yield from in_script(script, dict(known), depth + 1)
    else:
        yield in_folder(words, here)


def _text_of(words: list[str]) -> str | None:
    """The text that a shell is given to run; None for anything else."""
    is_shell = Path(words[0]).name in SHELLS
    given = [number for number, word in enumerate(words) if re.fullmatch(r"-\w*c", word)]
    return "\n".join(words[given[0] + 1 : given[0] + 2]) if is_shell and given else None


def _script_of(words: list[str], here: Path) -> Path | None:
    """The script that a command runs, by itself or by a shell."""
    script = words[1:2] if Path(words[0]).name in SHELLS else words[:1]
    path = here / script[0] if script and "/" in script[0] else None
    return path if path and is_script(path) else None


def is_script(path: Path) -> bool:
    """Whether a shell runs that file, as its name or its first line says."""
    if not os.path.isfile(path):  # a pipe would be waited for
        return False
    with suppress(OSError), path.open("rb") as file:
        return path.suffix == ".sh" or file.read(2) == b"#!"
    return False


def _behind(words: list[str], known: Known) -> list[str]:
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
