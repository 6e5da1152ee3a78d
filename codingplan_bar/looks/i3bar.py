"""The look of sway's and of i3's own bar, in which i3blocks and i3status-rust are drawn; and i3status-rust's theme."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from codingplan_bar.configure.machine import Machine, desktop
from codingplan_bar.looks.colors import BLACK, Shade, as_seen, said, shade, table
from codingplan_bar.palette import Look, Theme, theme_of

USUAL = {"background": "#000000", "statusline": "#ffffff"}
"""A bar's colours where its configuration names none (i3's user guide and sway-bar(5), colors)."""
CLIENTS = {"client.urgent": "urgent", "client.focused": "primary"}
"""Windows' colours whose meaning a bar's have too: border, ground and text follow, and the ground is taken."""
PROGRAMS = {"i3blocks": "i3blocks", "i3status-rust": "i3status-rs"}
MOST_LINES = 20_000


@dataclass
class Bar:
    """One `bar { … }`: the command that fills it, and what its `colors { … }` say."""

    command: str = ""
    colors: dict[str, str] = field(default_factory=dict)


def i3blocks(path: Path, machine: Machine) -> Look:
    """The theme of the bar that starts i3blocks, or of the first one."""
    files, found, source = _of_bar("i3blocks", machine)
    return Look((path, *files), {"i3blocks": theme_of(*found)} if found else {}, source=source)


def i3status_rust(path: Path, machine: Machine) -> Look:
    """The theme of the bar that starts it, where its own `[theme]` gives a calm block neither ground nor text."""
    files, found, source = _of_bar("i3status-rust", machine)
    themes, own = _own_theme(path, machine)
    ground, text, named = found or (USUAL["background"], USUAL["statusline"], {})
    below, letters = shade(own.get("idle_bg", ""), {}), shade(own.get("idle_fg", ""), {})
    seen = below.over(_opaque(ground)).hex if below else ground
    if not found and not below:
        return Look((path, *files, *themes))
    theme = _read(seen, letters.hex if letters else text, own, named)
    return Look((path, *files, *themes), {"i3status-rust": theme}, source=path if own != PLAIN else source)


def _read(ground: str, text: str, own: Mapping[str, str], named: Mapping[str, str]) -> Theme:
    """The theme with the colours of i3status-rust's states: their ground, or where that is the calm one's the text."""
    states = {"warning": "warning", "critical": "critical", "info": "accent"}
    grounds = {name: shade(own.get(f"{state}_bg", ""), {}) for state, name in states.items()}
    letters = {name: shade(own.get(f"{state}_fg", ""), {}) for state, name in states.items()}
    told = {name: found.hex for name, found in grounds.items() if found and found.alpha and found.hex != ground}
    told |= {name: found.hex for name, found in letters.items() if found and name not in told and found.hex != text}
    return theme_of(ground, text, {**named, **told})


Seen = tuple[str, str, dict[str, str]]
"""The ground, the text and the named colours of a bar."""


def _of_bar(name: str, machine: Machine) -> tuple[list[Path], Seen | None, Path | None]:
    """The files of sway or i3, what is seen of the bar with that program, and the file that names its colours."""
    files: list[Path] = []
    for path in desktop.configurations(machine.settings, machine.home, machine.running):
        known = dict(machine.known)
        bars, named = read_bars(desktop.statements(path, known, files))
        named = {**named, **{key.lstrip("$"): value for key, value in known.items() if key.startswith("$")}}
        if bars:
            chosen = next((bar for bar in bars if PROGRAMS[name] in bar.command), bars[0])
            return files, _seen(chosen, named), path if chosen.colors else None
    return files, None, None


def _seen(bar: Bar, named: Mapping[str, str]) -> Seen:
    ground, text = (_hex(bar.colors.get(key, "")) or _opaque(usual) for key, usual in USUAL.items())
    colors = {name: found.hex for name, value in named.items() if (found := _hex(value))}
    return *as_seen([ground], text), colors


def _hex(text: str) -> Shade | None:
    text = text.strip("\"'")
    return shade(text, {}) if text.startswith("#") else None


def _opaque(color: str) -> Shade:
    return shade(color, {}) or BLACK


def read_bars(lines: Iterable[str]) -> tuple[list[Bar], dict[str, str]]:
    """The bars of a configuration, and the colours of windows that have a name of ours."""
    bars: dict[str, Bar] = {}
    named: dict[str, str] = {}
    inside: list[str] = []
    for number, line in enumerate(lines):
        for words, turn in _pieces(line) if number < MOST_LINES else ():
            whole = [*inside, *words]
            if turn == "{":
                inside = [*inside, " ".join([*words, *([str(number)] if words == ["bar"] else [])])]
            elif words:
                _take(whole, " ".join(inside[:1]), bars, named)
            if turn == "}":
                inside = inside[:-1]
    return [*bars.values()], named


def _pieces(line: str) -> Iterator[tuple[list[str], str]]:
    """The words of a line up to each brace, and that brace; the last without one."""
    for text, turn in re.findall(r"([^{}]*)([{}]|$)", line):
        yield text.split(), turn


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


# i3status-rust's own theme: a file by its name, and single colours that come before it.

PLACES = ("/usr/share", "/usr/local/share")
PLAIN = {"idle_bg": "#000000", "idle_fg": "#93a1a1", "warning_fg": "#b58900", "critical_fg": "#dc322f"}
"""Its theme `plain`, which it takes where none is named (its files/themes/plain.toml)."""


def _own_theme(path: Path, machine: Machine) -> tuple[list[Path], dict[str, str]]:
    """The file of the theme that is named, and its colours with what comes before them."""
    said_of = table(said(path)).get("theme", {})
    chosen = said_of if isinstance(said_of, dict) else {"theme": said_of}
    name = chosen.get("theme") or chosen.get("name") or "plain"
    if not isinstance(name, str) or "\0" in name:
        return [], {}
    bases = [machine.settings, machine.place("XDG_DATA_HOME", ".local/share"), *map(Path, PLACES)]
    candidates = [Path(machine.expanded(name)), *(base / "i3status-rust/themes" / f"{name}.toml" for base in bases)]
    file = next((each for each in candidates if each.is_absolute() and each.is_file()), None)
    colors = table(said(file)) if file else PLAIN if name == "plain" else {}
    overrides = chosen.get("overrides")
    told = {**colors, **(overrides if isinstance(overrides, dict) else {})}
    return [file] if file else [], {key: value for key, value in told.items() if isinstance(value, str)}
