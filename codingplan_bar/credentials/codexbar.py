"""What CodexBar, if it is there, already knows: the Coding Plan's entry in its configuration file.

It is another program's file, so whatever is wrong with it is a note and never an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codingplan_bar import storage
from codingplan_bar.paths import displayed, is_trusted
from codingplan_bar.paths import named as xdg

PROVIDER_ID = "alibaba"
LARGEST = 1 << 20
"""Bytes; a real file has some thousand."""

_CHOICES = {
    "region": ("intl", "cn"),
    "source": ("auto", "web", "api"),
    "cookieSource": ("auto", "manual", "off"),
}
_TEXTS = ("apiKey", "cookieHeader")

ReadText = Callable[[str], str]
"""The text of the file at a path; may raise `OSError` or `ValueError`."""


@dataclass(frozen=True, slots=True)
class CodexBarEntry:
    """The entry's fields, None where it does not say; `file` as a person may read it; `notes` on what was ignored."""

    file: str | None = None
    api_key: str | None = field(default=None, repr=False)
    region: str | None = None
    source: str | None = None
    cookie_source: str | None = None
    cookie_header: str | None = field(default=None, repr=False)
    notes: tuple[str, ...] = ()


def read_file(path: str) -> str:
    """The text of a file of the user's. Raises `OSError` or `ValueError`."""
    return storage.content(Path(path), LARGEST, owner=is_trusted).decode()


def find(environ: Mapping[str, str], read_text: ReadText = read_file) -> CodexBarEntry:
    """The entry in the first of CodexBar's files that exists; an empty one if no file exists."""
    for path in candidates(environ):
        shown = displayed(path, environ)
        try:
            return entry_in(read_text(path), shown)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError, RecursionError):
            return CodexBarEntry(shown, notes=(f"{shown} could not be read and is ignored",))
    return CodexBarEntry()


def candidates(environ: Mapping[str, str]) -> list[str]:
    """Where CodexBar's file may lie, absolute paths only, in the order of their rank."""
    home = environ.get("HOME") or "no home"  # which is no absolute path
    named = environ.get("CODEXBAR_CONFIG", "").strip()
    paths = (
        home + named[1:] if named.startswith("~/") else named,
        (xdg(environ, "XDG_CONFIG_HOME") or f"{home}/.config") + "/codexbar/config.json",
        f"{home}/.codexbar/config.json",
    )
    return [path for path in paths if path.startswith("/")]


def entry_in(text: str, shown: str) -> CodexBarEntry:
    """The provider's entry in the file's text. Raises `ValueError` or `RecursionError` for another text."""
    if len(text) > LARGEST:
        raise ValueError("too long")
    document = json.loads(text)
    providers = document.get("providers") if isinstance(document, dict) else None
    for provider in providers if isinstance(providers, list) else ():
        if isinstance(provider, dict) and provider.get("id") == PROVIDER_ID:
            return _entry(provider, shown)
    return CodexBarEntry(shown)


def _entry(provider: dict[str, Any], shown: str) -> CodexBarEntry:
    said = {name: provider.get(name) for name in (*_TEXTS, *_CHOICES)}
    good = {name: value for name, value in said.items() if _is_good(name, value)}
    ignored = [name for name, value in said.items() if value is not None and name not in good]
    return CodexBarEntry(
        shown,
        api_key=good.get("apiKey"),
        region=good.get("region"),
        source=good.get("source"),
        cookie_source=good.get("cookieSource"),
        cookie_header=good.get("cookieHeader"),
        notes=tuple(f"{shown}: {name} has an unknown value and is ignored" for name in ignored),
    )


def _is_good(name: str, value: object) -> bool:
    if not isinstance(value, str):
        return False
    return value in _CHOICES[name] if name in _CHOICES else bool(value.strip())
