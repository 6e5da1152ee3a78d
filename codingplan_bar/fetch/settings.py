"""What the owner configured: config.toml and the environment, read and checked once.

Every setting is one row of `SETTINGS`; in the environment it is `CODINGPLAN_BAR_<NAME>`, which wins over the file.
"""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from codingplan_bar.errors import ConfigError
from codingplan_bar.fetch import setting_values as values
from codingplan_bar.fetch.templates import compile_template

ENVIRONMENT_PREFIX = "CODINGPLAN_BAR_"
THE_TESTS_OWN = "CODINGPLAN_BAR_REQUIRE_ALL"
"""Makes a test fail that would be skipped; it stands in the environment of what a test starts, too."""
FILE_LIMIT = 256 * 1024
"""Bytes; a file that says everything has four thousand."""

_KEY = re.compile(r"""\s*(\[?)\s*["']?([A-Za-z0-9_-]+)["']?\s*[].=]""")


class Setting(NamedTuple):
    """One row: how its value is read, what the file would say where it says nothing, and what it does.

    The README's table has the same words, and a test sees to it.
    """

    read: Callable[[Any], Any]
    unset: Any
    means: str


SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {
        "source": Setting(
            values.choice("auto", "web", "api", "cli"),
            "auto",
            "where the numbers come from: `auto`, `web`, `api` or `cli`",
        ),
        "region": Setting(values.choice("intl", "cn"), "intl", "international (`intl`), or China mainland (`cn`)"),
        "region_fallback": Setting(values.switch, True, "with `intl`, try `cn` too where the sign-in is not there"),
        "cookie_source": Setting(
            values.choice("auto", "manual", "off"), "auto", "where the session comes from: `auto`, `manual` or `off`"
        ),
        "cookie_header": Setting(values.text, "", "a Cookie header pasted from the browser, for `manual`"),
        "api_key": Setting(values.text, "", "the key of the API mode"),
        "bl_path": Setting(values.program, "", "where the provider's own tool `bl` lies; empty: on the PATH"),
        "browsers": Setting(values.browsers, [], "which browsers are asked for a session, in this order; empty: all"),
        "refresh_interval": Setting(
            values.number(60, 86_400), 300, "seconds between two questions to the provider, at least 60"
        ),
        "timeout": Setting(values.number(1, 120), 20, "seconds that a whole refresh may take"),
        "windows": Setting(
            values.some_of("five_hour", "weekly", "monthly"),
            ["five_hour", "weekly", "monthly"],
            "which windows are shown, in this order",
        ),
        "show": Setting(
            values.choice("used", "remaining"), "used", "whether percentages count up (`used`) or down (`remaining`)"
        ),
        "format": Setting(compile_template, "compact", "the line: `minimal`, `compact`, `full`, `bars`, or a template"),
        "tooltip_format": Setting(compile_template, "", "the tooltip as a template; empty: a table"),
        "thresholds": Setting(values.thresholds, [75, 90], "percent used for `warning` and for `critical`"),
        "icons": Setting(
            values.choice("none", "nerd", "emoji"), "none", "the sign in front of the line: `none`, `nerd` or `emoji`"
        ),
        "language": Setting(values.choice("auto", "en", "zh"), "auto", "`auto` (the locale's), `en` or `zh`"),
        "colors": Setting(values.colors, {}, "a colour `#rrggbb` a state"),
        "notifications": Setting(values.switch, True, "whether the desktop shows alerts (docs/alerts.md)"),
        "on_threshold": Setting(values.arguments, [], "a command, with its arguments, that runs on an alert"),
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The checked values, by name; `given` are the names that the owner set, in the file or the environment."""

    values: Mapping[str, Any] = field(repr=False)
    given: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> Any:
        """The value of one setting, or what it is where nothing is said."""
        return self.values[name] if name in self.values else SETTINGS[name].read(SETTINGS[name].unset)

    def replaced(self, **changes: Any) -> Settings:
        """The same with some values replaced, as by a command's options."""
        return Settings({**self.values, **changes}, self.given | changes.keys())

    def filled(self, **values: Any) -> Settings:
        """The same with values that are not the owner's word."""
        return Settings({**self.values, **values}, self.given)


def read(path: Path, *, where: str) -> str | None:
    """The text of the settings' file, None where there is none.

    Raises `ConfigError` where it cannot be read, and for what no file of settings is: a folder, a pipe, a long one.
    """
    try:
        content = _beginning(path, where)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable(where, os.strerror(error.errno or 0)) from error
    return _decoded(content, where)


def load(text: str | None, environ: Mapping[str, str], *, where: str = "config.toml") -> Settings:
    """The settings in the file's text (None: there is no file) and the environment.

    Raises `ConfigError` that names the key, and the file or the variable that it stands in.
    """
    named = _from_file(text or "", where) | _from_environment(environ)
    return Settings(named, frozenset(named))


def template() -> str:
    """A file of settings to begin with: every one, as it is where nothing is said, behind a `#`."""
    rows = [f"# {row.means}\n#{name} = {json.dumps(row.unset)}\n" for name, row in SETTINGS.items()]
    return "\n".join(["# Settings of codingplan-bar. Take the # away in front of what you change.\n", *rows])


def _beginning(path: Path, where: str) -> bytes:
    """A little more of a regular file than it may have; opening a pipe must not wait for whoever would write to it."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _unreadable(where, "it is no regular file")
        return os.read(handle, FILE_LIMIT + 1)
    finally:
        os.close(handle)


def _decoded(content: bytes, where: str) -> str:
    if len(content) > FILE_LIMIT:
        raise _unreadable(where, f"it is longer than {FILE_LIMIT // 1024} KiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(where, f"byte {error.start + 1} is no UTF-8") from error


def _unreadable(where: str, reason: str) -> ConfigError:
    return ConfigError(f"{where} cannot be read: {reason}.", hint="Put it right, or take it away.", where=where)


def _from_file(text: str, where: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a plain ValueError
        raise ConfigError(f"{where} is no TOML: {error}.", where=where) from error
    lines = _key_lines(text)
    return {name: _read(name, value, f"{where}{lines.get(name, '')}") for name, value in table.items()}


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    variables = [name for name in sorted(environ) if name.startswith(ENVIRONMENT_PREFIX) and name != THE_TESTS_OWN]
    return {(name := _named_by(variable)): _read(name, environ[variable], variable) for variable in variables}


def _named_by(variable: str) -> str:
    """The setting's name. The bars know the variables in capitals alone, so no other spelling may count."""
    if variable != variable.upper():
        hint = f"Did you mean {variable.upper()[:80]}?"
        raise ConfigError(f"{variable[:80]}: a setting's variable has capitals alone.", hint=hint, where=variable)
    return variable.removeprefix(ENVIRONMENT_PREFIX).lower()


def _read(name: str, value: Any, where: str) -> Any:
    if name not in SETTINGS:
        raise ConfigError(
            f"{where[:200]}: there is no setting {name[:40]!r}.", hint=values.nearest(name, SETTINGS), where=where
        )
    try:
        return SETTINGS[name].read(value)
    except ValueError as error:
        raise ConfigError(f"{where}: {name}: {error}.", where=where) from error


def _key_lines(text: str) -> dict[str, str]:
    """Where each top-level key stands, as ` line N`: the TOML reader itself does not say."""
    lines: dict[str, str] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        found = _KEY.match(line)
        table = table or (found[1] if found else "")
        if found and found[1] == table:  # below a table's name, the keys are the table's
            lines.setdefault(found[2], f" line {number}")
    return lines
