"""The facts: what the cold wing has compiled for the bars, as one small text file.

Its first line names the format, then one `key value` a line, and a last line `end`. The cold wing has cleaned every
value of outside text, so none holds a control character. The bars' road reads this file and nothing else; it is
good as long as what it was made from (`inputs`) is as it was.

Imports nothing but `os`: the bar's road goes through here.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = "codingplan-bar facts 1"
DISPLAY_SETTINGS = (
    "REFRESH_INTERVAL",
    "WINDOWS",
    "SHOW",
    "FORMAT",
    "TOOLTIP_FORMAT",
    "THRESHOLDS",
    "ICONS",
    "LANGUAGE",
    "COLORS",
)


def display_environment(environ: Mapping[str, str]) -> str:
    """The display settings that the environment carries, as one line; empty where it carries none."""
    named = [(name, environ.get("CODINGPLAN_BAR_" + name)) for name in DISPLAY_SETTINGS]
    return " ".join(f"{name}={value!r}" for name, value in named if value is not None)


def file_name(environment: str) -> str:
    """The facts' own file name: bars that are started with other display settings have other facts.

    The number only spreads the names; the line `environment` inside the file decides.
    """
    if not environment:
        return "bar.txt"
    number = int.from_bytes(environment.encode("utf-8", "surrogateescape"), "big") % 0xFFFFFFFFFFFFFFC5
    return f"bar-{number:016x}.txt"


def marker_name(environment: str) -> str:
    """The name of the file that says that these facts are being made anew."""
    return file_name(environment) + ".asked"


def inputs(*paths: str) -> str:
    """What the facts are made from, as it is now: changes whenever one of the files is replaced."""
    return " ".join(_state(path) for path in paths)


def dumps(facts: Mapping[str, str]) -> str:
    """The facts as text. Raises ValueError for a value of several lines."""
    if any("\n" in value for value in facts.values()):
        raise ValueError("a fact is one line")
    return "\n".join([FORMAT, *(f"{key} {value}" for key, value in facts.items()), "end\n"])


def loads(text: str) -> dict[str, str] | None:
    """The facts in a text; None where it is none of this format, or not whole."""
    if not text.startswith(FORMAT + "\n") or not text.endswith("\nend\n"):
        return None
    return dict(_pair(line) for line in text.split("\n")[1:-2])


def _pair(line: str) -> tuple[str, str]:
    key, _, value = line.partition(" ")
    return key, value


def _state(path: str) -> str:
    try:
        found = os.stat(path)
    except OSError:
        return "-"
    return f"{found.st_mtime_ns}:{found.st_size}:{found.st_ino}"
