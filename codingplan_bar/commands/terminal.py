"""A question to whoever sits at the terminal: for a line that is seen, or for a secret that is not."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import NamedTuple

from codingplan_bar.words import filled

TRIES = 3
"""How often somebody is asked the same question at most."""
LONGEST_LINE = 1_023 if sys.platform == "darwin" else 4_095
"""Bytes of a line that a terminal takes: it drops the rest in silence (MAX_CANON; termios(3), "Canonical mode")."""


class Terminal(NamedTuple):
    """How somebody is asked: for a line that is seen, and for one that is not.

    Both raise EOFError where the input ends, which differs from an empty line.
    """

    line: Callable[[str], str]
    secret: Callable[[str], str]


def terminal() -> Terminal | None:
    """The terminal that this program was started in; None where no person is there."""
    is_there = sys.stdin is not None and os.isatty(0) and os.isatty(2)
    return Terminal(_line, _secret) if is_there else None


def _line(text: str) -> str:
    sys.stderr.write(text)
    sys.stderr.flush()
    with _line_ended():
        line = sys.stdin.readline()
        if not line:
            raise EOFError
    if not line.endswith("\n"):
        sys.stderr.write("\n")
    return line


def _secret(text: str) -> str:
    with _line_ended():
        return getpass.getpass(text, stream=sys.stderr)


@contextmanager
def _line_ended() -> Iterator[None]:
    """Where Ctrl-C or Ctrl-D answers a question, what is written next begins a line of its own."""
    try:
        yield
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("\n")
        raise


class WrongWords(Exception):
    """What was asked for cannot be: the words for it, with the step."""


def secret(name: str, words: Mapping[str, str]) -> str:
    """What somebody answers who is asked for a secret. Raises `WrongWords` for nothing, or what may have been cut."""
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
