"""What a desktop starts, in its own words: the commands in its configuration, in scripts, entries and services.

They are witnesses for the file that a bar reads. Nothing is run: what only a shell would know stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from codingplan_bar.configure.desktops.languages import of_haskell, of_hyprlands_lua, of_lua, of_python
from codingplan_bar.configure.desktops.shell import (
    DEEPEST,
    Known,
    Started,
    expanded,
    globbed,
    in_script,
    in_shell,
    is_new,
    words_of,
)
from codingplan_bar.configure.files import said

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
    "autostart/*.desktop": re.compile(r"^Exec=(.*)", re.MULTILINE),
    "systemd/user/*.service": re.compile(r"^ExecStart=[-@:+!]*(.*)", re.MULTILINE),
    "systemd/user/*.service.d/*.conf": re.compile(r"^ExecStart=[-@:+!]*(.*)", re.MULTILINE),
}
"""Where else a command stands, whichever desktop runs, and how."""
OFF = re.compile(r"^Hidden=true", re.MULTILINE)
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
        lines += read(settings / file, dict(known), []) if name in in_use else []
    for pattern, entry in ENTRIES.items():
        texts = (text for path in globbed(settings, pattern) if not OFF.search(text := said(path)))
        lines += [_unquoted(line) for text in texts for line in entry.findall(text)]
    for sign, meant in OF_SYSTEMD.items():
        lines = [line.replace(sign, meant) for line in lines]
    started = list(in_shell("\n".join(lines), {**known, "PWD": str(home)}))
    scripts = [settings / expanded(file, known) for name in SCRIPTS if name in in_use for file in SCRIPTS[name]]
    scripts += [home / name for name in OF_X if in_use - WAYLAND]
    for path in filter(Path.is_file, scripts):
        started += in_script(path, {**known, "PWD": str(home)})
    return started


def _in_use(running: Sequence[list[str]]) -> set[str]:
    """The desktops that run; all that are known where none of them is known to."""
    programs = {Path(words[0]).name for words in running if words}
    return programs & DESKTOPS or DESKTOPS


def configurations(settings: Path, home: Path, running: Sequence[list[str]]) -> list[Path]:
    """The configurations of sway and of i3: of the one that runs, or of any where no desktop is known to run."""
    runs = {Path(words[0]).name: words for words in running if words}
    in_use = _in_use(running)
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
    for line in re.sub(r"\\\r?\n", " ", said(path)).splitlines():
        word, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        if word in ("set", "set_from_resource"):
            name, _, value = rest.partition(" ")
            known[name] = _filled(value.strip().split(" ", 1)[-1] if word != "set" else value.strip(), known)
        elif word == "include":  # both read it as a shell's words
            for each in words_of(_filled(rest, known)):
                for found in globbed(path.parent, expanded(each, known)):
                    yield from statements(found, known, seen)
        elif word and not word.startswith("#"):
            yield _filled(line.strip(), known)


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


# The other desktops' own files: each reader gives the commands in one, a line for a shell each, and those of the files
# that it names in turn. What it has read by then is in `seen`.

HYPRLAND = re.compile(r"execr?(?:-once)?")


def _of_hyprland(path: Path, known: Known, seen: list[Path]) -> Iterator[str]:
    """Hyprland's until 0.54, and mango's."""
    for line in said(path).splitlines() if is_new(path, seen) else ():
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
    for found in NIRI.finditer(said(path) if is_new(path, seen) else ""):
        if found["file"]:
            yield from _of_niri(path.parent / expanded(found["file"], known), known, seen)
        else:
            yield _unquoted(found["started"])


def _of_wayfire(path: Path, _known: Known, seen: list[Path]) -> Iterator[str]:
    section = re.search(r"^\[autostart\]\s*$((?:\n(?!\[).*)*)", said(path) if is_new(path, seen) else "", re.MULTILINE)
    yield from re.findall(r"^\s*\w+\s*=\s*(.*)", section[1], re.MULTILINE) if section else ()


def _of_either(path: Path, known: Known, seen: list[Path]) -> Iterator[str]:
    """Hyprland's, whichever version it is: the newer one's file, and the older one's beside it."""
    yield from of_hyprlands_lua(path, known, seen)
    yield from _of_hyprland(path.with_suffix(".conf"), known, seen)


def _of_xmonad(path: Path, known: Known, seen: list[Path]) -> Iterator[str]:
    """xmonad's, in either of its folders."""
    for each in (path, Path(known["HOME"]) / ".xmonad" / path.name):
        yield from of_haskell(each, known, seen)


Reader = Callable[[Path, Known, list[Path]], Iterator[str]]
READERS: Mapping[str, tuple[str, Reader]] = {
    "Hyprland": ("hypr/hyprland.lua", _of_either),
    "mango": ("mango/config.conf", _of_hyprland),
    "niri": ("niri/config.kdl", _of_niri),
    "wayfire": ("wayfire.ini", _of_wayfire),
    "awesome": ("awesome/rc.lua", of_lua),
    "xmonad": ("xmonad/xmonad.hs", _of_xmonad),
    "qtile": ("qtile/config.py", of_python),
}
WAYLAND = {"sway", "labwc", "river", "Hyprland", "mango", "niri", "wayfire"}
DESKTOPS = {"sway", "i3", *READERS, *SCRIPTS}
"""Those whose files are known; X's own scripts are read for those that are not Wayland's."""
