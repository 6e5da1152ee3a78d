"""What somebody has typed wrong, told in one line with what was perhaps meant."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from codingplan_bar.bars import BARS
from codingplan_bar.commands import output
from codingplan_bar.settings.faults import WrongValue, guessed
from codingplan_bar.settings.settings import SECRETS, SETTINGS
from codingplan_bar.text import clean
from codingplan_bar.words import filled, table, tidied

LONGEST_SHOWN = 200


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
