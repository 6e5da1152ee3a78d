"""`completion`: the script for a shell, and what a word that somebody has begun may become."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from codingplan_bar import resources
from codingplan_bar.browsers import catalogue
from codingplan_bar.commands import output
from codingplan_bar.credentials.other_tools import KINDS, UnusableFile, profiles_of
from codingplan_bar.regions import NAMES, REGIONS
from codingplan_bar.settings.faults import WrongValue
from codingplan_bar.settings.settings import SECRETS, SETTINGS
from codingplan_bar.settings.templates import PRESETS
from codingplan_bar.settings.values import switch

SCRIPTS = {"bash": "codingplan-bar.bash", "zsh": "_codingplan-bar", "fish": "codingplan-bar.fish"}


def completion(*, shell: str) -> int:
    """Print the shell's script; 0. An installation by pipx or uv puts none where a shell looks."""
    return output.put(resources.document("completions", SCRIPTS[shell]).read_text("utf-8").rstrip("\n"))


# What a shell completes, where the command line itself has no few words to choose from.

SWITCH = ("true", "false")


def completions(command: str, name: str, given: Mapping[str, Any], begun: str) -> list[str]:
    """What a word that has begun so may become: the argument or option of that name, beside what is given."""
    if (command, name) == ("config", "value"):
        return _values(str(given.get("key")), begun) if given.get("action") == "set" else []
    return [word for word in _known(command, name, given, begun) if word.startswith(begun)]


def _known(command: str, name: str, given: Mapping[str, Any], begun: str) -> Iterable[str]:
    """All words that it may be, in their order."""
    if (command, name) == ("config", "key") and given.get("action") not in ("edit", "path"):
        states = _choices("colors", {"": ""}) if begun.startswith("colors") else []
        return [*SETTINGS, *(f"colors.{state}" for state in states)]
    if (command, name) == ("theme", "name"):
        return _choices("theme", "")
    if (command, name) == ("login", "--site"):
        return NAMES
    return _profiles() if (command, name) == ("login", "--profile") else ()


def _profiles() -> Iterator[str]:
    """The profiles with an AccessKey pair in the files of Alibaba Cloud's tools."""
    for kind in KINDS:
        with suppress(UnusableFile):
            yield from (kind + profile for profile in profiles_of(kind[:-1], os.environ))


def _values(key: str, begun: str) -> list[str]:
    """Values of a setting; of a list, what its last item may become."""
    name, _, state = key.partition(".")
    if name not in SETTINGS or state or name in SECRETS:
        return []
    if name == "browsers":
        known: Iterable[str] = catalogue.BY_NAME
    elif name == "region":
        known = REGIONS
    else:
        known = PRESETS if name == "format" else SWITCH if SETTINGS[name].read is switch else _choices(name, "\0")
    head, comma, last = begun.rpartition(",") if isinstance(SETTINGS[name].unset, list) else ("", "", begun)
    return [f"{head}{comma}{word}" for word in known if word.startswith(last) and word not in head.split(",")]


def _choices(name: str, wrong: object) -> list[str]:
    """The words that a setting takes, as it names them for a wrong one."""
    try:
        SETTINGS[name].read(wrong)
    except WrongValue as fault:
        return str(fault.facts.get("choices") or "").split(", ") if "choices" in fault.facts else []
    return []
