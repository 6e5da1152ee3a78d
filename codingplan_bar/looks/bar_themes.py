"""Each bar's own look: its ground, its text and its named colours, read from its configuration as the bar reads it.

A reader is given the file that the bar reads first and the machine, and gives the themes by their places (the bar, and
its tooltip), with the files on which they depend. What it does not understand gives no theme.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple

from codingplan_bar.configure import polybar as ini
from codingplan_bar.configure.bar_file import Part
from codingplan_bar.configure.bars import parts_of
from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.machine import Machine, autostart
from codingplan_bar.configure.machine.tmux_text import Unfinished, commands
from codingplan_bar.configure.polybar_ini import entries
from codingplan_bar.looks.colors import (
    BLACK,
    FILE_LIMIT,
    MOST_FILES,
    TERMINAL,
    WHITE,
    Shade,
    as_seen,
    colors_in,
    in_polybar,
    in_tmux,
    shade,
    style_sheet,
    table,
    text_of,
)
from codingplan_bar.themes import OURS, Look, Theme, theme_of

Reader = Callable[[Path, Machine], Look]


# waybar: GTK's style sheet.

MODULE = "#custom-codingplan"
BELOW = ("window#waybar", "#waybar", "window#waybar > box", ".modules-right", ".module", MODULE)
"""From the ground up; a `*` is every one of them, and only a ground of its own where these have none."""
LETTERS = (MODULE, ".module", "*", "label", ".modules-right", "window#waybar", "#waybar")
TIP_BELOW = ("tooltip", "tooltip.background")
TIP_LETTERS = ("tooltip label", "tooltip *", "*", "label", "tooltip")
TIP_GROUND = Shade(0, 0, 0)
"""GTK's own theme draws a tooltip dark, in its light variant too (seen in waybar 0.9.17)."""
OF_OMARCHY = ("colors.toml", "alacritty.toml")
"""Beside the style sheet of Omarchy's current theme, which has no more than a ground and a text."""
SCHEME = ["gsettings", "get", "org.gnome.desktop.interface", "color-scheme"]
DCONF = "dconf/user"
"""The file in which that setting lies, below the folder of settings."""


def waybar(path: Path, machine: Machine) -> Look:
    """The line's theme, and the tooltip's, of which the ground is often another one."""
    root, files = _sheet_in_use(path, machine)
    sheet = style_sheet(root)
    named = {**_omarchys(sheet.files, files), **sheet.defined()}
    themes = {}
    letters = sheet.color(LETTERS)
    below = sheet.grounds(BELOW) or sheet.grounds(("*",))
    if below or letters:
        themes["waybar"] = theme_of(*as_seen(below, letters), named)
    tip = sheet.color(TIP_LETTERS) or WHITE
    themes["waybar-tooltip"] = theme_of(*as_seen([TIP_GROUND, *sheet.grounds(TIP_BELOW)], tip), named)
    read = (path, *files, *(each for each in sheet.files if each != path))
    return Look(read, themes, source=root if "waybar" in themes else None)


def _sheet_in_use(path: Path, machine: Machine) -> tuple[Path, list[Path]]:
    """The sheet that counts where the desktop says dark or light (waybar from 0.9.23), and what decides it."""
    candidates = [path.with_name(f"style-{ground}.css") for ground in ("dark", "light")]
    there = [each for each in candidates if os.path.isfile(each)] if path.name == "style.css" else []
    if not there:
        return path, []
    scheme = machine.printed_by(SCHEME) or ""
    named = path.with_name("style-" + scheme.strip().strip("'").removeprefix("prefer-") + ".css")
    return named if named in there else path, [machine.settings / DCONF, *candidates]


def _omarchys(sheets: Iterable[Path], files: list[Path]) -> dict[str, str]:
    """The terminal's colours of Omarchy's current theme by their names; its files are added to those looked at."""
    named: dict[str, str] = {}
    for folder in dict.fromkeys(each.parent for each in sheets if "omarchy" in each.parts):
        for name in OF_OMARCHY:
            files.append(folder / name)
            named = {**colors_in(table(text_of(folder / name))), **named}
    return named


# tmux: its options.

SHOWN = ["tmux", "show-options", "-g"]
SET = ("set", "set-option")
_OPTION = re.compile(r"#\{(@[\w-]{1,60})\}")
OLD = {"bg": "status-bg", "fg": "status-fg"}
UNSET = "default"
"""What a running tmux says of these where `status-style` alone counts."""
PLAIN = {"bg=green,fg=black", "bg=themegreen,fg=themeblack"}
"""The style that it says where none has been chosen (options-table.c)."""


def tmux(path: Path, machine: Machine) -> Look:
    """The theme of the status line: what a running tmux says, or else the file."""
    told = machine.printed_by(SHOWN)
    options = _options_told(told[:FILE_LIMIT]) if told else _options_in(text_of(path))
    style_text = _expanded(options, "status-style")
    style = dict(each.partition("=")[::2] for each in re.split("[, ]+", style_text))
    old = {key: _expanded(options, name).replace(UNSET, "") for key, name in OLD.items()}
    ground, letters = (old[key] or style.get(key, "") for key in ("bg", "fg"))
    below, text = in_tmux(ground), in_tmux(letters)
    if below is None:
        return Look((path,))
    seen = as_seen([below], text)
    if ground in TERMINAL:  # the terminal draws it as it likes: the text alone is sure to stand out
        return Look((path,), {"tmux": Theme(*seen, (seen[1],) * 5)}, source=path)
    named = {name: in_tmux(_expanded(options, name)) for name in options if name.startswith("@")}
    colors = {name[1:]: color.hex for name, color in named.items() if color}
    return Look((path,), {"tmux": theme_of(*seen, colors)}, source=path)


def _expanded(options: Mapping[str, str], name: str) -> str:
    return _OPTION.sub(lambda found: options.get(found[1], ""), options.get(name, ""))


def _options_told(text: str) -> dict[str, str]:
    pairs = (line.partition(" ") for line in text.splitlines())
    options = {name: value.strip("\"'") for name, _, value in pairs}
    return {name: value for name, value in options.items() if name != "status-style" or value not in PLAIN}


def _options_in(text: str) -> dict[str, str]:
    """What the configuration sets, the last word on each."""
    try:
        found = [each for each in commands(text) if each[0] in SET]
    except Unfinished:
        return {}
    words = [[word for word in each[1:] if not word.startswith("-")] for each in found]
    return {each[0]: each[1].strip("\"'") for each in words if len(each) == 2}


# polybar: keys of its INI, that lead to each other.


def polybar(path: Path, machine: Machine) -> Look:
    """The theme of the bar with our module, or of the first one."""
    files = [*sorted(path.parent.glob("*.ini"))[:MOST_FILES], *ini.included(text_of(path), path, machine)]
    files = [path, *dict.fromkeys(each for each in files[:MOST_FILES] if each != path)]
    said_by = {(each.section, each.key): each.value for file in reversed(files) for each in entries(text_of(file))}
    bar = f"bar/{_bar(text_of(path)) or next((s[4:] for s, _ in said_by if s.startswith('bar/')), '')}"
    ground, text = (_resolved(said_by, bar, key) for key in ("background", "foreground"))
    lacks = _lacks_chinese(said_by, bar, machine)
    if ground is None:
        return Look(tuple(files), lacks_chinese=lacks)
    named = {key: _resolved(said_by, section, key) for section, key in said_by if "color" in section}
    colors = {name: color.hex for name, color in named.items() if color}
    return Look(tuple(files), {"polybar": theme_of(*as_seen([ground], text), colors)}, lacks, source=path)


USUAL_FONT = "fixed:pixelsize=10:antialias=false"
"""What polybar takes where its configuration names no font."""
MOST_FONTS = 16
LANGUAGES = ["fc-match", "--format", "%{lang}"]
CHINESE = "zh-cn"


def _lacks_chinese(said_by: Mapping[tuple[str, str], str], bar: str, machine: Machine) -> bool:
    """Whether all fonts of that bar are known, and none of them has Chinese characters: polybar takes no other font.

    fontconfig says which languages a font has that it finds by the name in the configuration, as it does for polybar.
    """
    named = [_value_of(said_by, bar, f"font-{number}").strip('"') for number in range(MOST_FONTS)]
    patterns = [name.partition(";")[0].strip() for name in named if name] or [USUAL_FONT]
    if any(pattern.startswith(("-", "$")) for pattern in patterns):
        return False
    languages = [machine.printed_by([*LANGUAGES, pattern]) for pattern in patterns]
    return all(each and CHINESE not in each.split("|") for each in languages)


def _bar(text: str) -> str:
    try:
        return next(iter(ini.bars_of(text)), "")
    except LeftAlone:
        return ""


_REFERENCE = re.compile(r"\$\{([^.:}]{1,100})\.([^:}]{1,100})(?::([^}]{0,100}))?\}")


def _resolved(said_by: Mapping[tuple[str, str], str], section: str, key: str) -> Shade | None:
    """The colour of a key, wherever `inherit` and references lead."""
    return in_polybar(_value_of(said_by, section, key))


def _value_of(said_by: Mapping[tuple[str, str], str], section: str, key: str) -> str:
    """What a key says, wherever `inherit` and references lead, a dozen steps at most; empty where they end nowhere."""
    for _ in range(12):
        value = said_by.get((section, key), "")
        parents = said_by.get((section, "inherit"), "").split()
        if not value and parents:
            section = parents[0]
            continue
        found = _REFERENCE.fullmatch(value)
        if not found:
            return value
        if found[1] not in ("self", "root", "BAR"):
            if (found[1], found[2]) not in said_by:
                return found[3] or ""
            section = found[1]
        key = found[2]
    return ""


def argos(path: Path, machine: Machine) -> Look:
    """Ours for the ground that GNOME's setting asks for; its panel is dark unless that says `prefer-light`."""
    ground = "light" if "prefer-light" in (machine.printed_by(SCHEME) or "") else "dark"
    return Look((path, machine.settings / DCONF), {"argos": OURS[ground]})


# The look of sway's and of i3's own bar, in which i3blocks and i3status-rust are drawn; and i3status-rust's theme.

USUAL = {"background": "#000000", "statusline": "#ffffff"}
"""A bar's colours where its configuration names none (i3's user guide and sway-bar(5), colors)."""
CLIENTS = {"client.urgent": "urgent", "client.focused": "primary"}
"""Windows' colours whose meaning a bar's have too: border, ground and text follow, and the ground is taken."""
PROGRAMS = {"i3blocks": "i3blocks", "i3status-rust": "i3status-rs"}
MOST_LINES = 20_000
_BRACES = re.compile(r"([^{}]*)([{}]|$)")
"""The text of a line up to each brace, and that brace; the last without one."""


@dataclass
class Bar:
    """One `bar { … }`: the command that fills it, and what its `colors { … }` say."""

    command: str = ""
    colors: dict[str, str] = field(default_factory=dict)


def i3blocks(path: Path, machine: Machine) -> Look:
    """The theme of the bar that starts i3blocks, or of the first one."""
    files, seen = _of_bar("i3blocks", machine)
    if seen is None:
        return Look((path, *files))
    return Look((path, *files), {"i3blocks": theme_of(seen.ground, seen.text, seen.named)}, source=seen.source)


def i3status_rust(path: Path, machine: Machine) -> Look:
    """The theme of the bar that starts it, where its own `[theme]` gives a calm block neither ground nor text."""
    files, seen = _of_bar("i3status-rust", machine)
    own_files, own = _own_theme(path, machine)
    below, letters = shade(own.get("idle_bg", ""), {}), shade(own.get("idle_fg", ""), {})
    if not seen and not below:
        return Look((path, *files, *own_files))
    bar = seen or SeenBar(USUAL["background"], USUAL["statusline"], {}, None)
    ground = below.over(_opaque(bar.ground)).hex if below else bar.ground
    theme = _of_states(ground, letters.hex if letters else bar.text, own, bar.named)
    source = path if own != PLAIN_THEME else bar.source
    return Look((path, *files, *own_files), {"i3status-rust": theme}, source=source)


def _of_states(ground: str, text: str, own: Mapping[str, str], named: Mapping[str, str]) -> Theme:
    """The theme with the colours of i3status-rust's states: their ground, or where that is the calm one's the text."""
    states = {"warning": "warning", "critical": "critical", "info": "accent"}
    grounds = {name: shade(own.get(f"{state}_bg", ""), {}) for state, name in states.items()}
    letters = {name: shade(own.get(f"{state}_fg", ""), {}) for state, name in states.items()}
    told = {name: found.hex for name, found in grounds.items() if found and found.alpha and found.hex != ground}
    told |= {name: found.hex for name, found in letters.items() if found and name not in told and found.hex != text}
    return theme_of(ground, text, {**named, **told})


class SeenBar(NamedTuple):
    """The ground, the text and the named colours of a bar, and the file that says the first two, if any does."""

    ground: str
    text: str
    named: Mapping[str, str]
    source: Path | None


def _of_bar(name: str, machine: Machine) -> tuple[list[Path], SeenBar | None]:
    """The files of sway or i3, and what is seen of the bar with that program, else of the first bar."""
    files: list[Path] = []
    for path in autostart.configurations(machine.settings, machine.home, machine.running):
        known = dict(machine.known)
        bars, named = read_bars(autostart.statements(path, known, files))
        named = {**named, **{key.lstrip("$"): value for key, value in known.items() if key.startswith("$")}}
        if bars:
            chosen = next((bar for bar in bars if PROGRAMS[name] in bar.command), bars[0])
            return files, _seen(chosen, named, path)
    return files, None


def _seen(bar: Bar, named: Mapping[str, str], path: Path) -> SeenBar:
    ground, text = (_named_shade(bar.colors.get(key, "")) or _opaque(usual) for key, usual in USUAL.items())
    colors = {name: found.hex for name, value in named.items() if (found := _named_shade(value))}
    return SeenBar(*as_seen([ground], text), colors, path if bar.colors else None)


def _named_shade(text: str) -> Shade | None:
    text = text.strip("\"'")
    return shade(text, {}) if text.startswith("#") else None


def _opaque(color: str) -> Shade:
    return shade(color, {}) or BLACK


def read_bars(lines: Iterable[str]) -> tuple[list[Bar], dict[str, str]]:
    """The bars of a configuration, and the colours of windows that have a name of ours."""
    bars: dict[str, Bar] = {}
    named: dict[str, str] = {}
    inside: list[str] = []
    pieces = (piece for line in islice(lines, MOST_LINES) for piece in _BRACES.findall(line))
    for number, (text, turn) in enumerate(pieces):
        words = text.split()
        if turn == "{":
            inside.append(f"bar {number}" if words == ["bar"] else " ".join(words))  # several bars have no name
        elif words:
            _take([*inside, *words], " ".join(inside[:1]), bars, named)
        if turn == "}" and inside:
            inside.pop()
    return [*bars.values()], named


def _take(words: list[str], bar: str, bars: dict[str, Bar], named: dict[str, str]) -> None:
    """What one statement says, by all the words around and in it."""
    flat = " ".join(words).split()
    if flat[:1] == ["bar"]:
        chosen = bars.setdefault(bar or " ".join(flat[:2]), Bar())
        for key, value in pairwise(flat):
            if key in USUAL and "colors" in flat:
                chosen.colors[key] = value
        if "status_command" in flat:
            chosen.command = " ".join(flat[flat.index("status_command") + 1 :])
    elif flat[0] in CLIENTS and len(flat) > 2:
        named[CLIENTS[flat[0]]] = flat[2]


PLACES = ("/usr/share", "/usr/local/share")
PLAIN_THEME = {"idle_bg": "#000000", "idle_fg": "#93a1a1", "warning_fg": "#b58900", "critical_fg": "#dc322f"}
"""Its theme `plain`, which it takes where none is named (its files/themes/plain.toml)."""


def _own_theme(path: Path, machine: Machine) -> tuple[list[Path], dict[str, str]]:
    """The file of the theme that i3status-rust is told by name, and its colours, some of them overridden."""
    named = table(text_of(path)).get("theme", {})
    chosen = named if isinstance(named, dict) else {"theme": named}
    name = chosen.get("theme") or chosen.get("name") or "plain"
    if not isinstance(name, str) or "\0" in name:
        return [], {}
    bases = [machine.settings, machine.place("XDG_DATA_HOME", ".local/share"), *map(Path, PLACES)]
    candidates = [Path(machine.expanded(name)), *(base / "i3status-rust/themes" / f"{name}.toml" for base in bases)]
    files = [each for each in candidates if each.is_absolute() and os.path.isfile(each)][:1]
    colors: Mapping[str, object] = PLAIN_THEME if name == "plain" else {}
    if files:
        colors = table(text_of(files[0]))
    overrides = chosen.get("overrides")
    told = {**colors, **(overrides if isinstance(overrides, dict) else {})}
    return files, {key: value for key, value in told.items() if isinstance(value, str)}


READERS: Mapping[str, tuple[str, Reader]] = {
    "waybar": ("waybar_style", waybar),
    "tmux": ("tmux", tmux),
    "polybar": ("polybar", polybar),
    "argos": ("plugins:argos", argos),
    "i3blocks": ("i3blocks", i3blocks),
    "i3status-rust": ("i3status_rust", i3status_rust),
}
"""By the bar: the editor that finds its file (`configure.bars`), and who reads it."""


def look_of(bar: str, machine: Machine) -> Look | None:
    """The look of a bar that is configured on this machine; None for one that is not, or whose file says nothing."""
    return look_in(parts_of(bar, machine), machine) if bar in READERS else None


def look_in(parts: Sequence[Part], machine: Machine) -> Look | None:
    """The look of the bar that has these files; None as above."""
    readers = dict(READERS.values())
    known = [(readers[part.key], part.file) for part in parts if part.key in readers]
    looks = [read(file.named, machine) for read, file in known if file and file.is_there()]
    return next((look for look in looks if look.themes or look.lacks_chinese), None)
