"""What somebody types of a setting: the command that was meant, several words as one, a secret that is not shown."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from contextlib import suppress

from codingplan_bar.commands import output
from codingplan_bar.settings.faults import WrongValue
from codingplan_bar.settings.settings import SECRETS, SETTINGS
from codingplan_bar.text import clean
from codingplan_bar.words import filled

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
