"""What a desktop starts, in its own words: the commands in its configuration, in scripts, entries and services.

They are witnesses for the file that a bar reads. Nothing is run: what only a shell would know stays unknown.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

from codingplan_bar import paths
from codingplan_bar.configure.files import text_of
from codingplan_bar.configure.machine.shell_text import (
    DEEPEST,
    UNSAID,
    Known,
    Started,
    expanded,
    globbed,
    in_script,
    in_shell,
    words_of,
)

_DWM = ("~/.dwm", "${XDG_DATA_HOME:-~/.local/share}/dwm")
SCRIPTS = {
    "bspwm": ["bspwm/bspwmrc"],
    "openbox": ["openbox/autostart"],
    "labwc": ["labwc/autostart"],
    "river": ["river/init"],
    "herbstluftwm": ["herbstluftwm/autostart"],
    "leftwm": ["leftwm/up", "leftwm/themes/current/up"],
    "awesome": ["awesome/autorun.sh", "awesome/autostart.sh"],
    "qtile": ["qtile/autostart.sh"],
    "dwm": [f"{folder}/{name}" for folder in _DWM for name in ("autostart.sh", "autostart_blocking.sh")],
}
"""The scripts that a desktop runs by itself, or that people have it run by these names."""
OF_X = (".xinitrc", ".xprofile", ".xsession", ".xsessionrc")
"""Scripts in the home that start i3 or another desktop of X, and other things beside it."""
ENTRIES = {
    "autostart/*.desktop": re.compile(r"^Exec *= *(.*)", re.MULTILINE),
    "systemd/user/*.service": re.compile(r"^ExecStart *= *[-@:+!]*(.*)", re.MULTILINE),
    "systemd/user/*.service.d/*.conf": re.compile(r"^ExecStart *= *[-@:+!]*(.*)", re.MULTILINE),
}
"""Where else a command stands, whichever desktop runs, and how."""
JOINED = re.compile(r"^[#;].*\n|\\\r?\n", re.MULTILINE)
"""What is left out of them: a comment, and a line's end behind a backslash, which joins the line with the next."""
OFF = re.compile(r"^Hidden *= *true", re.MULTILINE)
"""What an entry says that is switched off."""
OF_SYSTEMD = {"%h/": "~/", "%E/": "$XDG_CONFIG_HOME/"}
"""How systemd calls the home, and the folder of the settings."""
STARTS = ("status_command", "swaybar_command", "exec", "exec_always")
BAR_STARTS = ("bar ", "status_command", "swaybar_command")
STATUS_PROGRAMS = {"i3status", "i3status-rs", "i3blocks", "py3status", "bumblebee-status", "goblocks", "waybar"}
"""What is known to make the whole bar of sway or i3."""
STARTED_BY_BAR = re.compile(r"\b(?:status|swaybar)_command\s+(.*?)\s*\}?$")
"""In a bar that sway's configuration has on one line."""
SEVERAL = re.compile(r"exec(?:_always)?\b.*\{")
"""Where sway begins a list of commands, a line each, up to a closing brace."""


def commands(settings: Path, known: Mapping[str, str], running: Sequence[list[str]]) -> list[Started]:
    """Every command that the desktop of this user starts, or any where none of them runs.

    `known` are the variables, HOME among them; `running` the words of each process.
    """
    home = Path(known["HOME"])
    in_use = _in_use(running)
    lines: list[str] = []
    for found in configurations(settings, home, running):
        lines += _of_i3(found, dict(known))
    for name, (file, read) in READERS.items():
        if name in in_use:
            lines += read(settings / file, dict(known), [])
    lines += _of_entries((settings, Path(paths.named(known, "XDG_DATA_HOME") or home / ".local/share")))
    for sign, meant in OF_SYSTEMD.items():
        lines = [line.replace(sign, meant) for line in lines]
    scripts = [settings / expanded(file, known) for name in SCRIPTS if name in in_use for file in SCRIPTS[name]]
    started = list(in_shell("\n".join(lines), {**known, "PWD": str(home)}))
    for path in filter(os.path.isfile, [*scripts, *(home / name for name in OF_X if in_use - WAYLAND)]):
        started += in_script(path, {**known, "PWD": str(home)})
    return started


def _of_entries(folders: Sequence[Path]) -> Iterator[str]:
    """The commands in entries and services, a line for a shell each."""
    for pattern, entry in ENTRIES.items():
        for path in (path for folder in folders for path in sorted(folder.glob(pattern))):
            text = JOINED.sub(lambda found: " " if found[0][0] == "\\" else "", text_of(path))
            yield from (_unquoted(line) for line in entry.findall("" if OFF.search(text) else text))


def _in_use(running: Sequence[list[str]]) -> set[str]:
    """The desktops that run; all that are known where none of them is known to."""
    programs = {Path(words[0]).name for words in running if words}
    return programs & DESKTOPS or DESKTOPS


def configurations(settings: Path, home: Path, running: Sequence[list[str]]) -> list[Path]:
    """The configurations of sway and of i3: of the one that runs, or of any where no desktop is known to run.

    Without one of its own sway reads i3's.
    """
    runs = {Path(words[0]).name: words for words in running if words}
    in_use = _in_use(running)
    found = []
    of_sway, of_i3 = (home / ".sway", settings / "sway", home / ".i3", settings / "i3"), (settings / "i3", home / ".i3")
    for name, places in (("sway", of_sway), ("i3", of_i3)):
        candidates = [*_named(runs.get(name, [])), *(place / "config" for place in places)]
        if name in in_use:
            found += [path for path in candidates if os.path.isfile(path)][:1]
    return found


def bar_programs(settings: Path, known: Mapping[str, str], running: Sequence[list[str]]) -> Iterator[tuple[Path, str]]:
    """The known programs that the bars of sway and of i3 run, each with the configuration that names it."""
    home = Path(known["HOME"])
    for path in configurations(settings, home, running):
        lines = [line for line in statements(path, dict(known), []) if line.startswith(BAR_STARTS)]
        started = [_unquoted(found[1]) for line in lines if (found := STARTED_BY_BAR.search(line))]
        for words in in_shell("\n".join(started), {**known, "PWD": str(home)}):
            if (program := Path(words[0]).name) in STATUS_PROGRAMS:
                yield path, program


def _named(words: list[str]) -> list[Path]:
    """The file that a command line of i3 or sway names."""
    folder = getattr(words, "folder", None) or Path("/")
    return [folder / name for option, name in pairwise(words) if option in ("-c", "--config")]


def _of_i3(path: Path, known: Known) -> Iterator[str]:
    """The commands in a configuration of i3 or sway, each a line for a shell, those of included files too."""
    is_list = False
    for line in statements(path, known, []):
        word, _, rest = line.partition(" ")
        if is_list and line != "}":
            yield _unquoted(line)
        elif is_list or SEVERAL.fullmatch(line):
            is_list = not is_list
        elif word == "bar" and (started := STARTED_BY_BAR.search(rest)):
            yield _unquoted(started[1])
        elif word in STARTS:
            yield _unquoted(rest.strip())


def statements(path: Path, known: Known, seen: list[Path]) -> Iterator[str]:
    """The lines of a configuration of i3 or sway, its variables replaced, those of included files too.

    Its own variables are kept in `known`, under a name that has their `$`; the files that it has read in `seen`.
    """
    if path in seen or len(seen) > DEEPEST * DEEPEST:
        return
    seen.append(path)
    for line in re.sub(r"\\\r?\n", " ", text_of(path)).splitlines():
        word, rest = _first_word(line)
        if word in ("set", "set_from_resource"):
            name, value = _first_word(rest)
            known[name] = _filled(_first_word(value)[1] if word != "set" else value, known)
        elif word == "include":  # both read it as a shell's words
            for each in words_of(_filled(rest, known)):
                for found in globbed(path.parent, expanded(each, known)):
                    yield from statements(found, known, seen)
        elif word and not word.startswith("#"):
            yield _filled(f"{word} {rest}".rstrip(), known)


def _first_word(text: str) -> tuple[str, str]:
    """The first word, and what stands behind the spaces or tabs after it."""
    word, *rest = text.split(None, 1) or [""]
    return word, "".join(rest).rstrip()


def _filled(text: str, known: Mapping[str, str]) -> str:
    """The text with i3's variables replaced, the longest name first."""
    for name in sorted((name for name in known if name.startswith("$")), key=len, reverse=True):
        text = text.replace(name, known[name])
    return text


def _unquoted(text: str) -> str:
    """A command without what its file's own language alone reads of it: an option, and quotes around the whole."""
    text = re.sub(r"^(?:--no-startup-id\s+)+", "", text.strip())
    if whole := re.fullmatch(r'"((?:[^"\\]|\\.)*)"', text):
        return re.sub(r'\\(["\\])', r"\1", whole[1])
    plain = re.fullmatch(r"'([^']*)'", text)
    return plain[1] if plain else text


# The other desktops' own files: each reader gives the commands in one, a line for a shell each, and those of the files
# that it names in turn. What it has read by then is in `seen`.

HYPRLAND = re.compile(r"execr?(?:-once)?")


def _read(path: Path, seen: list[Path]) -> str:
    """What a file says; nothing where it is not there, or has been read: from now on it has."""
    if path in seen or len(seen) > DEEPEST * DEEPEST or not os.path.isfile(path):
        return ""
    seen.append(path)
    return text_of(path)


def _of_hyprland(path: Path, known: Known, seen: list[Path]) -> Iterator[str]:
    """Hyprland's until 0.54, and mango's."""
    for line in _read(path, seen).splitlines():
        name, _, value = map(str.strip, re.sub(r"(?<!#)#(?!#).*", "", line).partition("="))
        value = _filled(value, known)
        if name.startswith("$"):
            known[name] = value
        elif name == "source":
            for found in globbed(path.parent, expanded(value, known)):
                yield from _of_hyprland(found, known, seen)
        elif HYPRLAND.fullmatch(name):
            yield re.sub(r"^\[[^]]*\]\s*", "", value)


NIRI = re.compile(
    r'^\s*(?:spawn(?:-sh)?-at-startup\s+(?P<started>.*)|include\b[^"\n]*"(?P<file>[^"\n]+)")', re.MULTILINE
)


def _of_niri(path: Path, known: Known, seen: list[Path]) -> Iterator[str]:
    for found in NIRI.finditer(_read(path, seen)):
        if found["file"]:
            yield from _of_niri(path.parent / expanded(found["file"], known), known, seen)
        else:
            yield _unquoted(found["started"])


def _of_wayfire(path: Path, _known: Known, seen: list[Path]) -> Iterator[str]:
    section = re.search(r"^\[autostart\]\s*$((?:\n(?!\[).*)*)", _read(path, seen), re.MULTILINE)
    if section:
        yield from re.findall(r"^\s*\w+\s*=\s*(.*)", section[1], re.MULTILINE)


# Configurations that are programs: of Hyprland and awesome in Lua, of xmonad in Haskell, of qtile in Python.


_TEXT = r"""(?:[fFrRbBuU]{0,2}(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\[\[(?s:.*?)(?:\]\]|\Z))"""
_ASKED = rf"""(?P<ask>os\.getenv|os\.environ(?:\.get)?|os\.path\.expanduser)[(\[]\s*(?P<of>{_TEXT})\s*[)\]]"""
_NAME = r"[A-Za-z_][\w.']*(?:\(\))?"
_ITEM = rf"(?:{re.sub('[?]P<[a-z]+>', '?:', _ASKED)}|{_TEXT}|{_NAME})"
_VALUE = rf"{_ITEM}(?:\s*(?:\.\.|\+\+?|<>)\s*{_ITEM})*"
"""A text, a variable of the environment, a name; and several of these in a row, as each of the languages joins them."""

LONGEST = 10_000
"""Of a value: one that names itself twice, line after line, would have no end."""


def _meant(value: str, known: Known) -> str:
    """What a value says, as far as it is known."""
    return "".join(_meant_by(item, known) for item in re.findall(_ITEM, value))[:LONGEST]


def _meant_by(item: str, known: Known) -> str:
    if asked := re.fullmatch(_ASKED, item):
        return _bare(asked["of"]) if asked["ask"].endswith("expanduser") else known.get(_bare(asked["of"]), UNSAID)
    if not re.fullmatch(_TEXT, item):
        return known.get(item, UNSAID)
    filled = item[0] in "fF" or item[1:2] in ("f", "F")
    return re.sub(r"\{([^{}]*)\}", lambda name: known.get(name[1], UNSAID), _bare(item)) if filled else _bare(item)


def _bare(text: str) -> str:
    """A text without its quotes."""
    if text.startswith("[["):
        return text[2:-2]
    return re.sub(r"\\(.)", r"\1", text.lstrip("fFrRbBuU")[1:-1])


# Hyprland's Lua starts everything by one function, so its files are followed one after the other.

LUA = re.compile(
    rf"(?P<text>{_TEXT})|--\[\[(?s:.*?)\]\]|--[^\n]*|\bhl\.exec_cmd\s*\(?\s*(?P<started>{_VALUE})"
    rf"|\brequire\s*\(?\s*(?P<module>{_TEXT})|\bdofile\s*\(\s*(?P<file>{_VALUE})"
    rf"|\bfor\s+\w+\s*,\s*(?P<each>\w+)\s+in\s+ipairs\s*\(\s*(?P<list>[\w.]+|\{{[^{{}}]*\}})"
    rf"|(?P<name>[A-Za-z_][\w.]*)\s*=(?!=)\s*(?:\{{(?P<items>[^{{}}]*)\}}|(?P<value>{_VALUE}))"
)
"""What is looked for in Hyprland's Lua: a command, another file, and what a name stands for."""


def _of_hyprlands_lua(path: Path, known: Known, seen: list[Path]) -> Iterator[str]:
    """Hyprland's from 0.55. A name may stand for several texts, a line each: those of a list, one after the other."""
    for found in LUA.finditer(_read(path, seen)):
        if found["name"]:
            known[found["name"]] = _texts(found["items"]) if found["items"] else _meant(found["value"] or "", known)
        elif found["each"]:
            known[found["each"]] = known.get(found["list"], _texts(found["list"]))
        elif found["started"]:
            yield from _meant(found["started"], known).splitlines()
        elif found["module"]:
            named = _meant(found["module"], known).replace(".", "/")
            for file in (f"{named}.lua", f"{named}/init.lua"):
                yield from _of_hyprlands_lua(seen[0].parent / file, known, seen)
        elif found["file"]:
            yield from _of_hyprlands_lua(path.parent / expanded(_meant(found["file"], known), known), known, seen)


def _texts(items: str) -> str:
    """The texts of a list, a line each."""
    return "\n".join(_bare(text) for text in re.findall(_TEXT, items))


# The others have as many ways to start something as there are people. So what stands after a word that starts something
# is a command, and so is any other text that names a file. Any other text is left: it is in a rule about windows, say.

STARTING = r"[\w.]{0,40}(?i:spawn|exec|popen|system|call|run)[\w.]{0,40}[\s($]*"
_ITEMS = rf"{_VALUE}(?:\s*,\s*{_VALUE})*"
STARTED = re.compile(
    rf"(?:(?P<name>{_NAME})\s*(?:=(?!=)|<-)\s*)?(?P<starts>{STARTING})?"
    rf"(?:[\[{{]\s*(?P<list>{_ITEMS})\s*,?\s*[\]}}]|(?P<value>{_VALUE})(?:\s*\[\s*(?P<more>{_ITEMS})\s*\])?)"
)


def _of_program(path: Path, known: Known, seen: list[Path], *, remark: str) -> Iterator[str]:
    """The commands in all files of that language in the folder of the one that is read first."""
    if not os.path.isfile(path):
        return
    for file in (path, *sorted(path.parent.rglob(f"*{path.suffix}"))):
        text = _read(file, seen)
        if path.suffix != ".lua":  # a list in a list, and no text of Lua's
            text = re.sub(r"\[(?=\[)", "[ ", text)
        text = re.sub(rf"({_TEXT})|{remark}", lambda found: found[1] or " ", text, flags=re.MULTILINE)
        for found in STARTED.finditer(text):
            yield from _commands(found, known)


def _commands(found: re.Match[str], known: Known) -> Iterator[str]:
    """The commands that one value is, or a list of them; its name is kept in `known`."""
    parts = [found[part] or "" for part in ("value", "list", "more")]
    items = [_meant(value, known) for part in parts for value in re.findall(_VALUE, part)]
    if found["name"]:
        known[found["name"]] = "\n".join(items)
    if found["more"] or any(item.startswith("-") for item in items[1:]):  # the words of one command
        items = [" ".join(map(shlex.quote, items))]
    yield from (item for item in items if found["starts"] or "/" in item)


_of_lua = partial(_of_program, remark=r"--\[\[(?s:.*?)(?:\]\]|\Z)|--.*$")
_of_haskell = partial(_of_program, remark=r"\{-(?s:.*?)(?:-\}|\Z)|--+(?![!#$%&*+./<=>?@\\^|~-]).*$")
_of_python = partial(_of_program, remark=r"#.*$")


def _of_either(path: Path, known: Known, seen: list[Path]) -> Iterator[str]:
    """Hyprland's, whichever version it is: the newer one's file, and the older one's beside it."""
    yield from _of_hyprlands_lua(path, known, seen)
    yield from _of_hyprland(path.with_suffix(".conf"), known, seen)


def _of_xmonad(path: Path, known: Known, seen: list[Path]) -> Iterator[str]:
    """xmonad's, in either of its folders."""
    for each in (path, Path(known["HOME"]) / ".xmonad" / path.name):
        yield from _of_haskell(each, known, seen)


Reader = Callable[[Path, Known, list[Path]], Iterator[str]]
READERS: Mapping[str, tuple[str, Reader]] = {
    "Hyprland": ("hypr/hyprland.lua", _of_either),
    "mango": ("mango/config.conf", _of_hyprland),
    "niri": ("niri/config.kdl", _of_niri),
    "wayfire": ("wayfire.ini", _of_wayfire),
    "awesome": ("awesome/rc.lua", _of_lua),
    "xmonad": ("xmonad/xmonad.hs", _of_xmonad),
    "qtile": ("qtile/config.py", _of_python),
}
WAYLAND = {"sway", "labwc", "river", "Hyprland", "mango", "niri", "wayfire"}
DESKTOPS = {"sway", "i3", *READERS, *SCRIPTS}
"""Those whose files are known; X's own scripts are read for those that are not Wayland's."""
