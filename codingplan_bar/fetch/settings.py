"""What the owner configured: config.toml and the environment, read and checked once.

Every setting is one row of `SETTINGS`; in the environment it is `CODINGPLAN_BAR_<NAME>`, which wins over the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from codingplan_bar.errors import ConfigError
from codingplan_bar.fetch import setting_values as values
from codingplan_bar.fetch.templates import compact, compile_template

ENVIRONMENT_PREFIX = "CODINGPLAN_BAR_"
FILE_LIMIT = 256 * 1024


class Setting(NamedTuple):
    """One row: how its value is read, what it is without one, and what it does, for people."""

    read: Callable[[Any], Any]
    default: Any
    means: str


SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {
        "source": Setting(values.choice("auto", "web", "api", "cli"), "auto", "where the numbers come from"),
        "region": Setting(values.choice("intl", "cn"), "intl", "international, or China mainland"),
        "region_fallback": Setting(values.switch, True, "with `intl`, try `cn` too where the sign-in is not there"),
        "cookie_source": Setting(values.choice("auto", "manual", "off"), "auto", "where the session comes from"),
        "cookie_header": Setting(values.text, "", "a Cookie header pasted from the browser, for `manual`"),
        "api_key": Setting(values.text, "", "the key of the API mode"),
        "browsers": Setting(values.names, (), "which browsers are asked for a session, in this order; empty: all"),
        "refresh_interval": Setting(values.number(60, 86_400), 300, "seconds between two questions to the provider"),
        "timeout": Setting(values.number(1, 120), 20, "seconds that a whole refresh may take"),
        "windows": Setting(
            values.some_of("five_hour", "weekly", "monthly"),
            ("five_hour", "weekly", "monthly"),
            "which windows are shown, in this order",
        ),
        "show": Setting(values.choice("used", "remaining"), "used", "whether percentages count up or down"),
        "format": Setting(compile_template, compact, "the line: a preset or a template"),
        "tooltip_format": Setting(compile_template, "", "the tooltip as a template; empty: a table"),
        "thresholds": Setting(values.thresholds, (75.0, 90.0), "percent used for `warning` and for `critical`"),
        "icons": Setting(values.choice("none", "nerd", "emoji"), "none", "a sign in front of the line"),
        "language": Setting(values.choice("auto", "en", "zh"), "auto", "the language; `auto`: the locale's"),
        "colors": Setting(values.colors, MappingProxyType({}), "a colour `#rrggbb` a state"),
        "on_threshold": Setting(values.arguments, (), "a command, with its arguments, that runs on an alert"),
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The checked values, by name; `given` are the names that the owner set, in the file or the environment."""

    values: Mapping[str, Any] = field(repr=False)
    given: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> Any:
        """The value of one setting, or its default."""
        return self.values.get(name, SETTINGS[name].default)

    def replaced(self, **changes: Any) -> Settings:
        """The same with some values replaced, as by a command's options."""
        return Settings({**self.values, **changes}, self.given | changes.keys())


def load(text: str | None, environ: Mapping[str, str], *, where: str = "config.toml") -> Settings:
    """The settings in the file's text (None: there is no file) and the environment.

    Raises `ConfigError` that names the key, and the file or the variable that it stands in.
    """
    named = _from_file(text or "", where) | _from_environment(environ)
    return Settings(named, frozenset(named))


def _from_file(text: str, where: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{where} is no TOML: {error}.", where=where) from error
    lines = _key_lines(text)
    return {name: _read(name, value, f"{where}{lines.get(name, '')}") for name, value in table.items()}


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    names = [variable for variable in sorted(environ) if variable.startswith(ENVIRONMENT_PREFIX)]
    return {
        (name := variable.removeprefix(ENVIRONMENT_PREFIX).lower()): _read(name, environ[variable], variable)
        for variable in names
    }


def _read(name: str, value: Any, where: str) -> Any:
    if name not in SETTINGS:
        raise ConfigError(
            f"{where}: there is no setting {name[:40]!r}.", hint=values.nearest(name, SETTINGS), where=where
        )
    try:
        return SETTINGS[name].read(value)
    except ValueError as error:
        raise ConfigError(f"{where}: {name}: {error}.", where=where) from error


def _key_lines(text: str) -> dict[str, str]:
    """Where each top-level key stands, as ` line N`: the TOML reader itself does not say."""
    lines: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        key, equals, _ = line.partition("=")
        if equals:
            lines.setdefault(key.strip().strip("\"'"), f" line {number}")
    return lines
