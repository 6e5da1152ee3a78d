"""starship: a module at the end of its TOML, which its format shows unless that names every module itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from codingplan_bar.configure.block import ABSENT, RUNS, Closing, fragment
from codingplan_bar.configure.languages import toml
from codingplan_bar.configure.machine import Machine

__all__ = ["changed", "place", "taken", "unseen"]

FILE = "ansi/starship.toml"
FORMATS = {"format": "$all", "right_format": ""}
"""Where modules are named, and what these keys say by default; all are those of the user's own too."""
NAMED = r"(?<!\\)(?:\\\\)*\$(?:\{{(?:all|custom|custom\.(?:{}))\}}|(?:all|custom)\b)"
"""A place for one of these modules; a backslash makes plain text of it."""


def place(machine: Machine) -> Path:
    """The user's configuration, by starship's own variable or in its one place; it may be new."""
    chosen = machine.environ.get("STARSHIP_CONFIG", "")
    return Path(machine.expanded(chosen)) if chosen else machine.home / ".config/starship.toml"


def lines(command: str) -> str:
    """What goes between the markers."""
    return fragment(FILE, command, escaped=toml.in_quotes)


BLOCK = Closing(
    forms=lambda command, _: [lines(command)],
    begins=r"^[ \t]*\[",
    ours=rf"\A[ \t]*\[custom\.(?s:.*){RUNS.pattern}",
)


def changed(text: str, command: str) -> str:
    """The configuration with our module, and nothing else changed. Raises `LeftAlone`."""
    return toml.put(BLOCK, text, lines(command), _theirs)


def taken(text: str) -> str:
    """The configuration without our module, wherever it is now. Raises `LeftAlone`."""
    return toml.taken(BLOCK, text, _theirs)


def unseen(text: str, _path: Path, _machine: Machine) -> str:
    """Why the prompt would not show it: no module runs our command, it is switched off, or no format names it."""
    said = toml.read(text)
    ours = _ours(said)
    if not ours:
        return ABSENT
    if all(module.get("disabled") is True for module in ours.values()):
        return "disabled"
    formats = [said.get(name, default) for name, default in FORMATS.items()]
    if not all(isinstance(each, str) for each in formats):
        return ""  # starship reads none of its own keys then, and shows everything
    named = NAMED.format("|".join(map(re.escape, ours)))
    return "" if any(re.search(named, each) for each in formats) else "no custom"


def _ours(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The modules that run our command, by their names."""
    custom = said.get("custom")
    modules = custom.items() if isinstance(custom, dict) else ()
    found = ((name, module) for name, module in modules if isinstance(module, dict))
    return {name: module for name, module in found if RUNS.search(str(module.get("command", "")))}


def _theirs(said: dict[str, Any]) -> dict[str, Any]:
    """What it says without our modules; the same if none of them is there."""
    ours = _ours(said)
    rest = {name: module for name, module in said["custom"].items() if name not in ours} if ours else {}
    return toml.replaced(said, "custom", rest) if ours else said
