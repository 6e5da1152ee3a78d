"""The bars, who edits each of their files, and which file of the user's each of those is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from codingplan_bar import paths
from codingplan_bar.configure.bar_file import Editor, Part
from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.files import closed, remembered
from codingplan_bar.configure.machine import Machine
from codingplan_bar.configure.machine.shell_text import expanded
from codingplan_bar.configure.plugin_scripts import NAME as PLUGIN

BARS = {
    "waybar": ("waybar", "waybar_style", "waybar_style:dark", "waybar_style:light"),
    "polybar": ("polybar",),
    "i3status-rust": ("i3status_rust",),
    "tmux": ("tmux",),
    "swiftbar": ("plugins:swiftbar",),
    "xbar": ("plugins:xbar",),
    "argos": ("plugins:argos",),
    "i3blocks": ("i3blocks",),
    "claude-code": ("status_line:claude",),
    "qwen-code": ("status_line:qwen",),
    "tint2": ("panels.tint2",),
    "starship": ("panels.starship",),
    "zjstatus": ("panels.zjstatus",),
    "sketchybar": ("panels.sketchybar",),
    "xfce-genmon": ("panels.dialogs:genmon",),
    "kde": ("panels.dialogs:kde",),
}
"""Who edits each file of a bar, its configuration first; by this name a written file is remembered."""
BAR_OF = {name: bar for bar, names in BARS.items() for name in names}
USUAL = {
    "waybar": "${WAYBAR_CONFIG_DIR:-$XDG_CONFIG_HOME/waybar}/config",
    "waybar_style": "${WAYBAR_CONFIG_DIR:-$XDG_CONFIG_HOME/waybar}/style.css",
    "polybar": "$XDG_CONFIG_HOME/polybar/config.ini",
    "i3status_rust": "$XDG_CONFIG_HOME/i3status-rust/config.toml",
    "plugins:swiftbar": PLUGIN,
    "plugins:xbar": f"~/Library/Application Support/xbar/plugins/{PLUGIN}",
    "plugins:argos": f"$XDG_CONFIG_HOME/argos/{PLUGIN}",
    "i3blocks": "$XDG_CONFIG_HOME/i3blocks/config",
    "status_line:claude": "${CLAUDE_CONFIG_DIR:-~/.claude}/settings.json",
    "status_line:qwen": "~/.qwen/settings.json",
    "panels.tint2": "$XDG_CONFIG_HOME/tint2/tint2rc",
    "panels.zjstatus": "${ZELLIJ_CONFIG_DIR:-~/.config/zellij}/layouts/zjstatus.kdl",
    "panels.sketchybar": "$XDG_CONFIG_HOME/sketchybar/sketchybarrc",
}
"""Where somebody has a file who has none yet, as a shell would say it; the other editors know a place by themselves."""

EDITORS = {
    "waybar_style": "waybar:style",
    "waybar_style:dark": "waybar:dark",
    "waybar_style:light": "waybar:light",
    "i3status_rust": "panels.i3status_rust_starship:i3status_rust",
    "plugins:swiftbar": "plugin_scripts:swiftbar",
    "plugins:xbar": "plugin_scripts:xbar",
    "plugins:argos": "plugin_scripts:argos",
    "i3blocks": "panels.i3blocks",
    "status_line:claude": "panels.claude_qwen:claude",
    "status_line:qwen": "panels.claude_qwen:qwen",
    "panels.starship": "panels.i3status_rust_starship:starship",
    "panels.dialogs:genmon": "panels.genmon_kde:genmon",
    "panels.dialogs:kde": "panels.genmon_kde:kde",
}
"""Where an editor is that is remembered by another name: a module of this folder, or a value in it."""

OPTIONAL = {"waybar_style:dark", "waybar_style:light"}
"""Files that few have."""
PLUGINS = {"swiftbar", "xbar", "argos"}
PROGRAMS = {"i3status-rust": "i3status-rs", "claude-code": "claude", "qwen-code": "qwen", "zjstatus": "zellij"}
PROGRAMS |= {"xfce-genmon": "xfce4-panel", "kde": "plasmashell"}
"""The program of a bar that has another name."""

NO_START = {"twice", "twice in", "wrong line", "no include", "no section", "no base", "circle"}
"""Reasons for which a bar does not start, with ours or without."""


def missing(bar: str, machine: Machine) -> str:
    """The program that would show a bar, where it is neither on the PATH nor running; else nothing.

    A folder for plugins is made by their program, so that is there.
    """
    program = PROGRAMS.get(bar, bar)
    is_here = bar in PLUGINS or program in machine.programs
    return "" if is_here or shutil.which(program, path=machine.environ.get("PATH")) else program


def editor(name: str) -> Editor:
    """The editor of that name in `BARS`: what a module, or a value in it, has of its fields."""
    module, _, value = EDITORS.get(name, name).partition(":")
    found = import_module(f"codingplan_bar.configure.{module}")
    found = getattr(found, value) if value else found
    does = {field: getattr(found, field) for field in Editor._fields if hasattr(found, field)}
    bar = BAR_OF[name]
    return Editor(**{**does, "key": name, "bar": bar, "is_main": BARS[bar][0] == name})


def written_parts(bar: str, machine: Machine) -> list[Part]:
    """The files of one bar into which ours has been put at some time, and that are still there."""
    known = [(name, Path(path)) for name, path in remembered(machine.environ) if name in BARS[bar]]
    there = [(name, path) for name, path in known if os.path.isfile(path)]
    return [Part(editor(name), machine, path) for name, path in there]


def parts_of(bar: str, machine: Machine) -> list[Part]:
    """The files of one bar, its configuration first; those that few have, where they are there.

    A file of several names is one.
    """
    editors = [editor(name) for name in BARS[bar]]
    found: dict[str, Part] = {}
    for each, place in zip(editors, _places(editors, machine), strict=True):
        if isinstance(place, Path) or each.key not in OPTIONAL:
            part = Part(each, machine, place) if place else _not_there(each, machine)
            found.setdefault(str(part.file.path) if part.file else part.key, part)
    return list(found.values())


def _places(editors: Sequence[Editor], machine: Machine) -> list[Path | LeftAlone | None]:
    """Which file each of them edits, or why that is not certain."""
    found: list[Path | LeftAlone | None] = []
    for each in editors:
        try:
            place = machine.file_of if machine.file_of and each.is_main else each.place(machine)
            found.append(_looked_at(place) if place else None)
        except LeftAlone as doubt:
            found.append(doubt)
        except PermissionError as error:
            found.append(closed(Path(error.filename)))
    return found


def _looked_at(place: Path) -> Path:
    """The place. Raises PermissionError where a folder keeps the user from seeing what is there."""
    paths.is_file(place)
    return place


def _not_there(editor: Editor, machine: Machine) -> Part:
    """A part without a file: where that would be, or that its folder cannot be looked into."""
    usual = expanded(USUAL.get(editor.key, ""), machine.known)
    folder = Path(usual).parent
    is_shut = bool(usual) and os.path.lexists(folder) and not os.access(folder, os.X_OK)
    return Part(editor, machine, closed(Path(usual)) if is_shut else None, usual)
