"""What the owner configured: config.toml and the environment, read once; each setting stands or falls by itself."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from codingplan_bar import paths, themes
from codingplan_bar.environment import OVERRIDES, PROVIDERS, PROVIDERS_PREFIX
from codingplan_bar.facts import SETTING_PREFIX
from codingplan_bar.model import Attempt, RegionName, SourceName
from codingplan_bar.plans import AUTO, SPANS
from codingplan_bar.settings import values
from codingplan_bar.settings.faults import (
    LONGEST_NAME,
    Fault,
    WrongValue,
    full_width,
    in_ascii,
    in_quotes,
    nearest,
    of_the_file,
    opening,
)
from codingplan_bar.settings.templates import template as template_of
from codingplan_bar.text import clean
from codingplan_bar.words.en import settings as english

THE_TESTS_OWN = "CODINGPLAN_BAR_REQUIRE_ALL"
"""Makes a test fail that would be skipped; it stands in the environment of what a test starts, too."""
FILE_LIMIT = 256 * 1024
"""Bytes; a file that says everything has four thousand."""

_KEY = re.compile(r"""\s*(\[?)\s*["']?([A-Za-z0-9_-]+)["']?\s*[].=]""")


class Setting(NamedTuple):
    """One row: how its value is read, what the file would say where it says nothing, and what it does.

    `limits`: it says what is read, asked or run, so a wrong one lets no request be sent. `secret`: its value is never
    shown, nor taken from an argument. The README's table has the same words, and a test sees to it.
    """

    read: Callable[[Any], Any]
    unset: Any
    means: str
    limits: bool = False
    secret: bool = False


def _setting(read: Callable[[Any], Any], unset: Any, means: str, *, limits: bool = False, secret: bool = False) -> Any:
    row = Setting(read, unset, means, limits, secret)
    value = read(unset)
    return field(default_factory=lambda: value, metadata={"setting": row})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Settings:
    """The checked values, a field a setting; it has no repr, since some are secret.

    `given` are the names that the owner set, in the file or the environment; `faults` what is wrong there. Each of
    those costs its own setting: the default counts.
    """

    plan: str = _setting(
        values.plan,
        AUTO,
        "which plan: `auto`, `coding-plan`, `token-plan` or `token-plan-team`; short: `coding`, `token`, `team`",
        limits=True,
    )
    source: SourceName | Literal["auto"] = _setting(  # noqa: RUF009 - it gives a field
        values.choice("auto", "web", "token", "cli", "api"),
        "auto",
        "where the numbers come from: `auto`, `web`, `token`, `cli` or `api`",
        limits=True,
    )
    region: RegionName = _setting(  # noqa: RUF009 - as above
        values.region, "intl", "international (`intl`), or China mainland (`cn`)", limits=True
    )
    region_fallback: bool = _setting(
        values.switch, True, "with `intl`, ask `cn` too where `intl` refuses the sign-in or has no plan", limits=True
    )
    cookie_source: str = _setting(
        values.choice("auto", "manual", "off"),
        "auto",
        "where the session comes from: `auto`, `manual` or `off`",
        limits=True,
    )
    cookie_header: str = _setting(values.text, "", "a Cookie header pasted from the browser, for `manual`", secret=True)
    api_key: str = _setting(values.text, "", "the key of the API mode", secret=True)
    bl_path: str = _setting(values.path, "", "where the provider's own tool `bl` lies; empty: on the PATH", limits=True)
    browsers: tuple[str, ...] = _setting(
        values.browsers, [], "browsers, or folders of profiles, to ask, in this order; empty: all", limits=True
    )
    ca_bundle: str = _setting(
        values.path, "", "certificates to trust: a file or a folder; empty: the system's", limits=True
    )
    proxy: str = _setting(
        values.proxy, "", "the proxy for each request, `http://…` or `socks5h://…`; empty: HTTPS_PROXY's", limits=True
    )
    refresh_interval: int | float = _setting(
        values.number(60, 86_400), 300, "seconds between two questions to the provider, at least 60"
    )
    timeout: int | float = _setting(values.number(1, 120), 20, "seconds that a whole refresh may take")
    windows: tuple[str, ...] = _setting(
        values.some_of(*SPANS),
        list(SPANS),
        "which windows are shown, in this order",
    )
    show: str = _setting(
        values.choice("used", "remaining"), "used", "whether percentages count up (`used`) or down (`remaining`)"
    )
    format: str = _setting(
        values.line, "compact", "the line: `minimal`, `compact`, `full`, `bars`, `vertical`, or a template"
    )
    tooltip_format: str = _setting(template_of, "", "the tooltip as a template; empty: a table")
    thresholds: tuple[float, float] = _setting(
        values.thresholds, [75, 90], "percent used for `warning` and for `critical`"
    )
    icons: str = _setting(
        values.choice("none", "nerd", "emoji"), "none", "the sign in front of the line: `none`, `nerd` or `emoji`"
    )
    language: str = _setting(values.language, "auto", "`auto` (the locale's), `en` or `zh`")
    polybar_language: str = _setting(
        values.language, "auto", "polybar's: `auto` (English, where its fonts have no Chinese), `en` or `zh`"
    )
    theme: str = _setting(
        values.choice(themes.OF_THE_BAR, *themes.OURS, *themes.THEMES),
        themes.OF_THE_BAR,
        "the colours: `bar` (your bar's own), `dark`, `light`, or a theme that `codingplan-bar theme` shows",
    )
    colors: Mapping[str, str] = _setting(
        values.colors, {}, "a colour `#rrggbb` a state; `background` and `foreground`: those of your polybar module"
    )
    notifications: bool = _setting(values.switch, True, "whether the desktop shows alerts")
    session_alert: int | float = _setting(
        values.number(0, 96), 6, "an alert comes this many hours before the sign-in ends; 0: never"
    )
    lapse_alert: int | float = _setting(
        values.number(0, 100),
        0,
        "an alert comes if at least this percentage of a week or a month lapses within a day; 0: never",
    )
    plan_alert: tuple[float, ...] = _setting(
        values.days, [7, 1], "an alert comes this many days before the plan ends; 0 or an empty list: never"
    )
    on_threshold: tuple[str, ...] = _setting(
        values.arguments, [], "a command, with its arguments, that runs on an alert", limits=True
    )
    given: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()

    @property
    def limiting(self) -> Fault | None:
        """The first fault with which no request may be sent."""
        return next((fault for fault in self.faults if fault.limits), None)

    def page_region(self, answered: RegionName | None, attempts: tuple[Attempt, ...]) -> RegionName:
        """The region whose console people are led to: where none has answered or is given, that of a token asked with.

        A token is of one site, so its attempt names the region of the user's own sign-in.
        """
        if answered or "region" in self.given:
            return answered or self.region
        return next((each.region for each in attempts if each.source == "token"), self.region)

    def replaced(self, **changes: Any) -> Settings:
        """The same with some values replaced, as by a command's options."""
        return replace(self, **changes, given=self.given | changes.keys())

    def filled(self, **changes: Any) -> Settings:
        """The same with values that are not the owner's word."""
        return replace(self, **changes)


SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {each.name: each.metadata["setting"] for each in fields(Settings) if each.metadata}
)
SECRETS = frozenset(name for name, row in SETTINGS.items() if row.secret)


def of_user(environ: Mapping[str, str]) -> Settings:
    """The settings in this user's file, which may be missing, and in the environment. Never raises.

    A folder, a pipe, a long file or one that another user wrote is a fault, as is what can be read and is wrong.
    """
    path = paths.config_file(environ)
    where = paths.displayed(path, environ)
    try:
        text = paths.content(Path(path), FILE_LIMIT, owner=paths.is_trusted).decode("utf-8-sig")
        return load(text, environ, where=where)
    except (FileNotFoundError, NotADirectoryError):
        return load("", environ, where=where)
    except UnicodeDecodeError as error:
        reason = f"byte {error.start + 1} is not UTF-8"
    except PermissionError as error:
        return _unread(environ, where, str(error.strerror), opens=opening(environ))
    except OSError as error:
        reason = error.strerror or type(error).__name__
    return _unread(environ, where, reason)


def _unread(environ: Mapping[str, str], where: str, reason: str, **facts: str) -> Settings:
    """The variables' settings, where the file cannot be read."""
    known = {name: fact for name, fact in facts.items() if fact}
    return _settled(_variables(environ), (of_the_file("unreadable", where, reason, known), *_strangers(environ)))


def load(text: str, environ: Mapping[str, str], *, where: str = "config.toml") -> Settings:
    """The settings in the file's text and in the environment, which wins. Never raises: `faults` says what is wrong.

    `language` and `region` are read even where they are misspelt or the file is not TOML, so that the rest is said in
    the user's language and leads to the user's console.
    """
    try:
        table, faults = tomllib.loads(text), _strangers(environ)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a plain ValueError
        said = {
            name: values.lenient(name, value) for name, value in re.findall(values.OF_A_BROKEN_FILE, in_ascii(text))
        }
        table = {name: value for name, value in said.items() if value}
        guess, wide = in_quotes(text, error, _takes), full_width(text, error, SETTINGS, SECRETS)
        faults = (of_the_file("toml", where, str(error), wide, guess=guess), *_strangers(environ))
    return _settled([*_rows(table, text, where), *_variables(environ)], faults)


def said(environ: Mapping[str, str]) -> dict[str, Stated]:
    """What the file and the variables say, as it was written, by the setting's name; the row that counts.

    Of a file that cannot be read nothing.
    """
    told = [*(said_in_file(environ) or {}).values(), *_variables(environ)]
    return {row.name: row for row in told if row.name in SETTINGS}


def said_in_file(environ: Mapping[str, str]) -> dict[str, Stated] | None:
    """What the file alone says, by the setting's name; None where it is there and cannot be read."""
    path = paths.config_file(environ)
    where = paths.displayed(path, environ)
    try:
        text = paths.content(Path(path), FILE_LIMIT, owner=paths.is_trusted).decode("utf-8-sig")
        rows = _rows(tomllib.loads(text), text, where)
    except (FileNotFoundError, NotADirectoryError):
        rows = []
    except (OSError, ValueError, RecursionError):
        return None
    return {row.name: row for row in rows if row.name in SETTINGS}


def _rows(table: Mapping[str, Any], text: str, where: str) -> list[Stated]:
    lines = _key_lines(text)
    return [Stated(name, name, value, f"{where}{lines.get(name, '')}") for name, value in table.items()]


def template(language: str = "en") -> str:
    """A file of settings to begin with: every one with its default behind a `#`, explained in `en` or `zh`."""
    title, means = english.CONFIG["template"], {name: row.means for name, row in SETTINGS.items()}
    if language == "zh":
        from codingplan_bar.words.zh import settings as chinese

        title, means = chinese.CONFIG["template"], chinese.MEANS
    rows = [f"# {means[name]}\n#{name} = {json.dumps(row.unset)}\n" for name, row in SETTINGS.items()]
    return "\n".join([title, *rows])


class Stated(NamedTuple):
    """What one line or one variable says: the setting's name, as it was written, its value, and where."""

    name: str
    written: str
    value: Any
    where: str


def _settled(rows: Iterable[Stated], faults: Iterable[Fault] = ()) -> Settings:
    """The settings of the rows, of which a later one wins; `faults` is what else is wrong."""
    found: dict[str, Any] = {}
    wrong = list(faults)
    for row in rows:
        value, fault = _judged(row)
        if fault:
            wrong.append(fault)
        if row.name in SETTINGS:
            found[row.name] = value
    known = {name: value for name, value in found.items() if value is not None}
    return Settings(**known, given=frozenset(found), faults=tuple(wrong))


def _judged(row: Stated) -> tuple[Any, Fault | None]:
    """The value of one row, and what is wrong with it; None for the default."""
    if row.name not in SETTINGS:
        return None, _unknown(row)
    name, limits = row.name, SETTINGS[row.name].limits
    if row.written != row.name and row.written != row.written.upper():  # the bars know variables in capitals alone
        guess = SETTING_PREFIX + row.name.upper()
        return values.lenient(row.name, row.value), Fault("capitals", name, row.where, limits=limits, guess=guess)
    try:
        return SETTINGS[row.name].read(row.value), None
    except WrongValue as error:
        is_word = isinstance(SETTINGS[row.name].unset, (str, bool)) and error.key != "placeholder"
        wrong = Fault("wrong", name, row.where, limits, error.guess, error.key, error.facts, is_word)
        return values.lenient(row.name, row.value), wrong


def _unknown(row: Stated) -> Fault:
    """There is no such setting. If the nearest one limits, it is not known what was to be left unread or unasked."""
    guess = nearest(row.name, SETTINGS)
    shown = SETTING_PREFIX + guess.upper() if guess and row.written.startswith(SETTING_PREFIX) else guess
    limits = bool(guess) and SETTINGS[guess].limits
    facts = {"choices": ", ".join(SETTINGS)}
    return Fault("unknown", _shown(row.name), row.where, limits=limits, guess=shown, facts=facts)


def _variables(environ: Mapping[str, str]) -> Iterator[Stated]:
    """The variables that begin as a setting's does, in capitals or not."""
    for variable in sorted(environ):
        if variable.upper().startswith(SETTING_PREFIX) and variable != THE_TESTS_OWN:
            name = variable[len(SETTING_PREFIX) :].lower()
            yield Stated(name, variable, environ[variable], variable if name in SETTINGS else _shown(variable))


def _strangers(environ: Mapping[str, str]) -> tuple[Fault, ...]:
    """The provider's variables, misspelt: where an override was meant, the wrong host would be asked."""
    begun = [each for each in sorted(environ) if each.startswith(PROVIDERS_PREFIX) and each not in PROVIDERS]
    ends = [each.removeprefix(PROVIDERS_PREFIX) for each in PROVIDERS]
    guesses = [(_shown(each), nearest(each.removeprefix(PROVIDERS_PREFIX), ends)) for each in begun]
    return tuple(
        Fault("no variable", each, each, limits=PROVIDERS_PREFIX + end in OVERRIDES, guess=PROVIDERS_PREFIX + end)
        for each, end in guesses
        if end
    )


def _takes(name: str, word: str) -> bool:
    """Whether a setting may have that word, which may be shown."""
    if name not in SETTINGS or SETTINGS[name].secret or not isinstance(SETTINGS[name].unset, str):
        return False
    try:
        SETTINGS[name].read(word)
    except WrongValue:
        return False
    return True


def _shown(name: str) -> str:
    return clean(name, LONGEST_NAME)


def _key_lines(text: str) -> dict[str, str]:
    """Where each top-level key stands, as ` line N`: the TOML reader itself does not say."""
    lines: dict[str, str] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), start=1):
        found = _KEY.match(line)
        table = table or (found[1] if found else "")
        if found and found[1] == table:  # below a table's name, the keys are the table's
            lines.setdefault(found[2], f" line {number}")
    return lines
