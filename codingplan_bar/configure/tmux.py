"""tmux: which file it reads last, and the lines at its end."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from codingplan_bar import paths, resources
from codingplan_bar.configure.block import ABSENT, BEGINS, ENDS, Block, LeftAlone, one_line
from codingplan_bar.configure.files import text_of
from codingplan_bar.configure.machine import Machine, shell_text
from codingplan_bar.configure.machine.tmux_text import Unfinished, commands
from codingplan_bar.configure.machine.tmux_trial import SOURCED, VARIABLES, sourced, unseen_with

APPENDED = """\
set-environment -g CODINGPLAN_COMMAND {command}
set-option -g @codingplan '#{{?#{{e|<:#{{client_width}},100}},'\\
'#(CODINGPLAN_BAR_FORMAT=minimal "$CODINGPLAN_COMMAND" tmux --watch),'\\
'#("$CODINGPLAN_COMMAND" tmux --watch)}}'
if-shell -F '#{{?#{{m/ri:codingplan,#{{status-right}}}},,1}}' \\
    'set-option -ag status-right "#[default] #{{E:@codingplan}}"'
if-shell -F '#{{||:#{{m:?,#{{status-right-length}}}},'\\
'#{{m:[1-8]?,#{{status-right-length}}}}}}' \\
    'set-option -g status-right-length 94'
"""
"""At the right end of what the status line shows by then, once, however often the configuration is read again; its
length is raised to 94 columns (64 for the quota, 30 for the rest), never lowered. A client of fewer than 100 columns
has room for the window that stops first alone; tmux before 3.2 knows no such comparison, and shows all. The path is in
a variable: there it has no meaning to tmux or the shell."""

EARLIER = """\
set-environment -g CODINGPLAN_COMMAND {command}
if-shell -F '#{{?#{{m:*CODINGPLAN_COMMAND*,#{{status-right}}}},,1}}' \\
    'set-option -ag status-right "#[default] #(\\"\\$CODINGPLAN_COMMAND\\" tmux --watch)"'
if-shell -F '#{{||:#{{m:?,#{{status-right-length}}}},#{{m:[1-8]?,#{{status-right-length}}}}}}' \\
    'set-option -g status-right-length 94'
"""
"""As it was before it had a short form: it is brought up to date."""

FILLED = """\
set-option -g @codingplan_command {command}
set-environment -g CODINGPLAN_PLUGIN {plugin}
run-shell 'sh "$CODINGPLAN_PLUGIN"'
"""
"""Where the user's own status line has the placeholders, the plugin puts the command in their place."""


POPUP = """\
bind-key {key} display-popup -E -w 66 -h 20 '"$CODINGPLAN_COMMAND" status --watch'
"""
"""The page above everything else, where tmux is 3.2 or later: it closes with the page. 60 columns and its frame fit."""
DEFAULT = re.compile(r"(?m)^bind-key\s.*?-T prefix +(\S+) +([a-z-]+)")
"""A line of tmux's `list-keys`: the key, and what it does."""
POPUP_LINE = re.compile(re.escape(POPUP).replace(r"\{key\}", r"(?P<key>[!-~]+)"))
KEY = re.compile(r"(?:[CMS]-)*(?:[A-Za-z0-9]|F[1-9][0-2]?)")
"""What tmux calls a key, as far as it needs no quotes."""


def appended(command: str) -> str:
    """Without a placeholder: the quota comes last in `status-right`."""
    return APPENDED.format(command=quoted(command))


def filled(command: str, plugin: str) -> str:
    """With placeholders in the user's own status line, which the plugin at that path fills."""
    return FILLED.format(command=quoted(command), plugin=quoted(plugin))


def forms(command: str, plugin: str) -> list[str]:
    """Both, with whatever word stands for a path in its place; and the second as earlier versions wrote it."""
    earlier = EARLIER.format(command=command)
    ways = [FILLED.format(command=command, plugin=plugin), APPENDED.format(command=command)]
    in_one_line = ways[1].replace("length}},'\\\n'#{m:[", "length}},#{m:[")
    return [*ways, in_one_line, earlier, earlier.replace(" \\\n    ", " ")]


def quoted(path: str) -> str:
    """A path as one word of tmux's language. It must hold no line's end."""
    if "'" not in path:
        return f"'{path}'"
    for sign in '\\"$':
        path = path.replace(sign, "\\" + sign)
    return f'"{path}"'


READ = ["tmux", "display-message", "-p", "#{config_files}"]
"""What a running tmux (3.2 and later) says that it has read, in order, with commas between."""

SYSTEM = Path("/etc/tmux.conf")
PACKAGES = ("usr", "nix", "opt", "gnu")


def place(machine: Machine) -> Path:
    """The file. Where no tmux runs, the last of its default places that is there, else `~/.tmux.conf`, new.

    Where one reads a package's file alone, as byobu's does, it is the user's own that this one reads.
    """
    read = [path for path in files(machine) if not path.is_relative_to("/etc")]
    both = (*sourced(map(text_of, read), machine.known), *read)
    return ([path for path in both if not _is_of_a_package(path)] or read or defaults(machine)[:1])[-1]


def _is_of_a_package(path: Path) -> bool:
    return path.parts[1] in PACKAGES


def files(machine: Machine) -> list[Path]:
    """The files that a running tmux has read; else those that one would read, in this order."""
    read = [Path(name) for name in (machine.printed_by(READ) or "").strip().split(",") if name.startswith("/")]
    own = [path for path in paths.files_among(read) if not path.is_relative_to("/etc")]
    places = read if own else [SYSTEM, *defaults(machine)]
    return paths.files_among(dict.fromkeys(places))


def included(text: str, _path: Path, machine: Machine) -> list[Path]:
    """The files that a text reads besides, and those that they read."""
    return sourced([text], machine.known)


def defaults(machine: Machine) -> list[Path]:
    """Where tmux looks for the user's configuration; 3.1 and later read each that is there, in this order."""
    return [machine.home / ".tmux.conf", machine.settings / "tmux/tmux.conf", machine.home / ".config/tmux/tmux.conf"]


ALREADY = re.compile(r"codingplan.bar\W* tmux|codingplan\.tmux|@plugin .*codingplan")
UNMARKED = re.compile(r"CODINGPLAN_COMMAND\W* tmux\b")
OH_MY_TMUX = re.compile(r"tmux_conf_theme|_apply_configuration")
"""It makes the status line from variables of its own after all else, from a script within its configuration."""

WITHOUT_RIGHT = re.compile(
    r"^set.*[ '\"]status-format(?:\[0\])?['\"]? (?!.*(?:status-right|#\{codingplan|#\{[ET]:@))", re.MULTILINE
)
"""A status line that has no place for `status-right`, and none that its owner has given to us."""

WITH_RIGHT = re.compile(r"^set.*[ '\"]status-format\S* .*status-right", re.MULTILINE)
"""A line of it that has one; whether that line is drawn is for tmux to say."""

PLACEHOLDER = "#{codingplan"
STATUS = re.compile(r"^set(?:-option)? (?:-\w+ )*status ['\"]?(\w+)", re.MULTILINE)
"""Whether the status line is on, in a configuration's own words."""


IN_VARIABLE = re.compile(
    r"(?m)^[ \t]*(?:set-environment -g CODINGPLAN_COMMAND|set-option -g @codingplan_command) (.+)$"
)
"""The program that our lines name."""
RUNS_IT = re.compile(r"""CODINGPLAN_PLUGIN|CODINGPLAN_COMMAND["'\\]+ (?!status\b)[a-z]""")
"""What makes the status line run that program."""


BLOCK = Block(
    forms=forms,
    begins=r"(?<!\\\n)^",
    ours=r"(?i)codingplan|#\{m:\?,#\{status-right-length\}\}",
    anywhere=False,
)
taken = BLOCK.taken


def changed(text: str, command: str) -> str:
    """The configuration with our lines, and nothing else changed; a key for the popup stays. Raises `LeftAlone`."""
    return with_popup(text, command, popup_of(text))


def with_popup(text: str, command: str, key: str) -> str:
    """The same with this key, behind the prefix, for the page in a popup; an empty one for none. Raises `LeftAlone`."""
    if key and not KEY.fullmatch(key):
        raise LeftAlone("no key")
    if found := _popup_line(text):
        text = text[: found.start()] + text[found.end() :]
    rest = taken(text)
    if OH_MY_TMUX.search(rest):
        raise LeftAlone("oh my tmux")
    theirs = read(rest)
    if _is_users(theirs):
        raise LeftAlone("already there")
    if WITHOUT_RIGHT.search(theirs) and not WITH_RIGHT.search(theirs):
        raise LeftAlone("no place")
    if key and key in bound(rest):
        raise LeftAlone("key bound", 0, key)
    after = BLOCK.put(text, lines(theirs, one_line(command)))
    line = POPUP.format(key=key) if key else ""
    return re.sub(rf"(?=^[ \t]*{re.escape(ENDS)})", lambda _: line, after, count=1, flags=re.MULTILINE)


def popup_of(text: str) -> str:
    """The key for the popup in our lines; empty without one."""
    found = _popup_line(text)
    return found["key"] if found else ""


def _popup_line(text: str) -> re.Match[str] | None:
    """Our line for the popup, between our markers: what stands elsewhere is the user's."""
    return POPUP_LINE.search(text, max(text.find(BEGINS), 0), max(text.find(ENDS), 0))


def bound(text: str) -> set[str]:
    """The keys behind the prefix that a configuration gives a meaning. Raises `LeftAlone`."""
    return set(_keys(text, ("bind", "bind-key")))


def insist_on_key(key: str, text: str, machine: Machine) -> None:
    """Raises `LeftAlone` for a key that tmux itself gives a meaning, unless the configuration has freed it.

    Where tmux cannot be asked, no such key is known. What the configuration binds itself, `with_popup` refuses.
    """
    with tempfile.TemporaryDirectory() as folder:
        asked = ["tmux", "-S", f"{folder}/socket", "-f", "/dev/null", "start-server", ";", "list-keys", "-T", "prefix"]
        known = dict(DEFAULT.findall(machine.printed_by(asked) or ""))
    does = next((does for name, does in known.items() if _same(name) == _same(key)), "")
    rest = taken(text)
    freed = [_same(each) for each in _keys(rest, ("unbind", "unbind-key"))]
    if does and _same(key) not in freed and ALL not in freed and key not in bound(rest):
        raise LeftAlone("key of tmux", 0, key, does)


ALL = "-a"
"""How `unbind-key` is told every key."""


def _same(key: str) -> str:
    """A key by one of its names: with Control, a capital letter is the same key."""
    return f"{key[:-1]}{key[-1:].lower()}" if "C-" in key else key


def _keys(text: str, names: tuple[str, ...]) -> Iterator[str]:
    """The key behind the prefix that each command of these names is about. Raises `LeftAlone`."""
    for name, *words in _commands(text):
        is_other = "-n" in words or ("-T" in words and "prefix" not in words)
        if name in names and not is_other:
            bare = (word for word, before in zip(words, ["", *words], strict=False) if not _is_option(word, before))
            yield ALL if ALL in words else next(bare, "").strip("'\"")


def _is_option(word: str, before: str) -> bool:
    """Whether a word of `bind-key` is an option, or what follows one that wants a word."""
    return (word.startswith("-") and len(word) > 1) or before in ("-T", "-N")


NARROW = re.compile(r"#\{client_width\},(\d+)\}|@codingplan_narrow\W+(\d+)")


def narrow(text: str) -> str:
    """Below how many columns a client shows the window that stops first alone; empty where it always shows all."""
    if found := NARROW.search(text):
        return found[1] or found[2]
    return "100" if "@codingplan_command" in text else ""


def unseen(text: str, path: Path, machine: Machine) -> str:
    """Why tmux would not show it once it has read this text from that file, and all that it reads besides.

    Where tmux itself cannot be asked, the text alone tells.
    """
    if not (BLOCK.is_in(text) and _runs_ours(_said(text) or text)) and not _is_by_hand(text, path, machine):
        return ABSENT
    if OH_MY_TMUX.search(text):
        return ""  # it is in a file of the user's own, as `setup` says, and drawn by a script of that program
    options = _options(text, path, machine)
    if options is None:
        reason = _unseen_by_text(text, machine)
    elif BLOCK.is_in(text) and "CODINGPLAN_" not in options.get(VARIABLES, "CODINGPLAN_"):
        reason = "unread"
    else:
        reason = unseen_with(options)
    if reason == "set later":
        _insist_on_right(text, machine)
    return reason


def _insist_on_right(text: str, machine: Machine) -> None:
    """Raises `LeftAlone` with the lines that set the right side again, or the file whose placeholders stay empty."""
    if again := set_again(text, machine):
        raise LeftAlone("set again", 0, ", ".join(map(str, again)))
    for file in sourced([text], machine.known):
        if PLACEHOLDER in _said(text_of(file)) and PLACEHOLDER not in _said(text):
            raise LeftAlone("placeholders in", 0, str(file))


def _is_by_hand(text: str, path: Path, machine: Machine) -> bool:
    """Whether a text has a command of ours, or a file that tmux reads besides: the user has put it there."""
    others = [file for file in files(machine) if file != path]
    others += sourced([text, *map(text_of, others)], machine.known)
    if OH_MY_TMUX.search(text):
        others += [file.with_name(f"{file.name}.local") for file in (path, *defaults(machine))]
    is_marked = BLOCK.is_in(text)
    is_here = bool(ALREADY.search(read(text))) if is_marked else _is_users(read(text))
    return is_here or any(_is_users(_said(text_of(file))) for file in others)


def _is_users(said: str) -> bool:
    """Whether a configuration, our own lines aside, has a command of ours: or those lines, without their marks."""
    return bool(ALREADY.search(said) or (UNMARKED.search(said) and _names_ours(said)))


def _said(text: str) -> str:
    """What a configuration says, as `read` has it; nothing where that is not certain."""
    try:
        return read(text)
    except LeftAlone:
        return ""


def _options(text: str, path: Path, machine: Machine) -> Mapping[str, str] | None:
    """The options once tmux has read all of its files, the last of them this one where it has another text now."""
    if text == text_of(path):
        return machine.tried(files(machine), "")
    return machine.tried([*(file for file in files(machine) if file != path), path], text)


def _unseen_by_text(text: str, machine: Machine) -> str:
    """Why tmux would not show it, as far as the text alone tells."""
    if STATUS.findall(read(text))[-1:] in (["off"], ["0"]):
        return "status off"
    return "set later" if set_again(text, machine) else ""


def _runs_ours(text: str) -> bool:
    """Whether our lines run our program, as far as they name one."""
    return bool(RUNS_IT.search(text)) and _names_ours(text)


def _names_ours(text: str) -> bool:
    named = IN_VARIABLE.findall(text)
    return not named or any("codingplan" in program for program in named)


SETS = re.compile(r"set(?:-option)?(?P<flags>(?:[ \t]+-\w+)*)[ \t]+['\"]?status-right['\"]?(?:[ \t]|$)")
"""A line that says what stands on the right; one with `-a` adds to it, one with `-o` leaves it."""


def set_again(text: str, machine: Machine) -> list[int]:
    """The numbers of the plain lines behind our block that set again what it has added to, themselves or by a file."""
    lines = text.split("\n")
    ends = next((number for number, line in enumerate(lines, 1) if line.strip() == ENDS), len(lines))
    return [number for number, line in enumerate(lines, 1) if number > ends and _sets(line, machine)]


def _sets(line: str, machine: Machine) -> bool:
    found, sourced = SETS.match(line), SOURCED.match(line)
    if sourced:
        files = shell_text.globbed(machine.home, machine.expanded(sourced[1]))
        return any(_sets(each, machine) for file in files for each in text_of(file).split("\n") if SETS.match(each))
    return bool(found and not {"a", "o"} & set(found["flags"]))


def read(text: str) -> str:
    """What the configuration says, a command a line, its comments aside. Raises `LeftAlone`."""
    return "\n".join(" ".join(command) for command in _commands(text))


def _commands(text: str) -> list[list[str]]:
    try:
        return commands(text)
    except Unfinished as error:
        raise LeftAlone("not understood") from error


def lines(theirs: str, command: str) -> str:
    """What goes between the markers: placeholders in the user's status line are filled, else the quota is appended."""
    if PLACEHOLDER in theirs:
        return filled(command, str(resources.shipped_folder() / "tmux" / "codingplan.tmux"))
    return appended(command)
