"""Standard output and error as a command finds them: they may be closed, full, or read by nobody."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Mapping

from codingplan_bar import show

OF_A_PIPE = 100
"""Columns of what is no terminal."""


def settle() -> None:
    """Give a closed standard stream /dev/null, so that no file of ours takes its number and is written into."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, so this one
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115 - it stays open, as the other would


def put(text: str) -> int:
    """Print on standard output, as UTF-8 whatever the locale; 0, or 1 where it cannot be written.

    A reader that has gone is no failure: it had what it wanted.
    """
    try:
        show.write(text)
    except BrokenPipeError:
        return 0
    except OSError as error:
        say(f"standard output cannot be written: {os.strerror(error.errno or 0)}. Send it somewhere else.")
        return 1
    return 0


def say(text: str) -> None:
    """One line on standard error, with the program's name in front; whether anyone reads it or not."""
    with contextlib.suppress(OSError):
        os.write(2, f"codingplan-bar: {text}\n".encode("utf-8", "replace"))


def sheet(environ: Mapping[str, str]) -> tuple[int, bool]:
    """How many columns a page may have, and whether it may have colours: the terminal's, or those of a pipe."""
    wide = columns()
    return wide or OF_A_PIPE, bool(wide) and not environ.get("NO_COLOR")


def columns() -> int | None:
    """How wide the terminal is that standard output goes to; None where it goes to none."""
    return shutil.get_terminal_size().columns if os.isatty(1) else None
