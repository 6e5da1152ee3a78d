"""What somebody has typed wrong, told in one line with what was perhaps meant; a secret; and what a shell completes."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from codingplan_bar.bars import BARS
from codingplan_bar.browsers import catalogue
from codingplan_bar.commands import output
from codingplan_bar.credentials.other_tools import KINDS, UnusableFile, profiles_of
from codingplan_bar.regions import NAMES, REGIONS
from codingplan_bar.settings.faults import WrongValue, guessed
from codingplan_bar.settings.settings import SECRETS, SETTINGS
from codingplan_bar.settings.templates import PRESETS
from codingplan_bar.settings.values import switch
from codingplan_bar.text import clean
from codingplan_bar.words import filled, table, tidied

LONGEST_SHOWN = 200


class WrongWords(Exception):
    """What was asked for cannot be: the words for it, with the step."""


def secret(name: str, words: Mapping[str, str]) -> str:
    """What somebody answers who is asked for a secret. Raises `WrongWords` for nothing, or what may have been cut."""
    from codingplan_bar.commands.terminal import LONGEST_LINE, terminal  # a question needs them alone

    asked = terminal()
    if asked is None:
        raise WrongWords(filled(words["secret"], name))
    with suppress(EOFError):
        text = asked.secret(words["type"].format(name)).strip()
        if len(text.encode(errors="surrogateescape")) >= LONGEST_LINE:
            raise WrongWords(filled(words["long"], name))
        if text:
            return text
    raise WrongWords(filled(words["nothing typed"], name))


SHOW = ("show", "list", "ls")
"""Other programs' actions that do what `config` does alone."""


def meant(words: list[str], placeholder: str) -> str:
    """The command that was meant where the action is unknown; empty where none is known.

    A value that the setting can have is repeated, unless it is a secret.
    """
    name, *rest = words
    if name in SHOW:
        return f"{output.called()} config"
    if name not in SETTINGS:
        return ""
    value = "" if name == "proxy" and "@" in "".join(rest) else as_one_word(name, tuple(rest))
    return f"{output.called()} config set {name} {value or ('< FILE' if name in SECRETS else placeholder)}"


def as_one_word(name: str, words: tuple[str, ...]) -> str:
    """Several words as the one of a shell that the setting can have; empty where it cannot, and for a secret."""
    if name in SECRETS or not words or not all(words):
        return ""
    is_list = isinstance(SETTINGS[name].unset, (list, dict)) and name != "on_threshold"
    one = ",".join(words) if is_list else " ".join(words)
    with suppress(WrongValue):
        SETTINGS[name].read(one)
        return shlex.quote(clean(one, LONGEST_SHOWN))
    return ""


def wrong_use(key: str, facts: Mapping[str, Any], command: str) -> str:
    """What is wrong with a command line, what was perhaps meant, and where the right way is told, in one line.

    `key` and `facts` are of the words USAGE; `command` is the one whose help has the right way.
    """
    language, bar = output.language_of(), str(facts.get("bar", "")).lower()
    words = table(language, "commands", "USAGE")
    if set_up := _of_setup(bar):
        return filled(words["set up"], *set_up)
    if bar in BARS and bar != facts["guess"]:
        from codingplan_bar.commands.setup.by_hand import about_format  # what only such a mistake needs

        return about_format(bar, words)
    told = [filled(words[key], **facts), guessed(facts.get("guess", ""), language)]
    told += [filled(words["choices"], **facts)] if facts.get("choices") else []
    return tidied(" ".join(filter(None, [*told, filled(words["see"], command=command)])))


def _of_setup(typed: str) -> tuple[str, str, str] | tuple[()]:
    """Of a bar that `setup` alone has: what was typed, what the bar runs, its name there; nothing for another word."""
    from codingplan_bar.commands.setup.by_hand import RUN  # as above
    from codingplan_bar.configure.bars import PROGRAMS

    bar = next((bar for bar, program in PROGRAMS.items() if program == typed), typed)
    return (typed, RUN[bar], bar) if bar in RUN else ()


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
