"""`config`: what is set and from where, and one setting read, set or taken out; no secret is an argument."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from codingplan_bar import paths, process
from codingplan_bar.bars.phrases import padded, words_for
from codingplan_bar.commands import INTERRUPTED, USAGE, output
from codingplan_bar.commands.misuse import LONGEST_SHOWN, as_one_word
from codingplan_bar.commands.terminal import TRIES, WrongWords, secret
from codingplan_bar.environment import IN_THE_PLACE_OF
from codingplan_bar.errors import CodingPlanError, StorageFailure
from codingplan_bar.facts import SETTING_PREFIX
from codingplan_bar.settings import settings as store
from codingplan_bar.settings.editing import UNWRITTEN, NotInLines, toml, write
from codingplan_bar.settings.faults import WrongValue, guessed, nearest, wrong_value
from codingplan_bar.settings.settings import SECRETS, SETTINGS, Stated
from codingplan_bar.settings.values import TEXT_LIMIT
from codingplan_bar.text import clean
from codingplan_bar.words import filled, table, tidied
from codingplan_bar.words.errors import english, in_file, in_toml

NAMES = max(map(len, SETTINGS)) + 2
"""Columns of the names, with the space behind them."""
_LOGIN = re.compile(r"//[^@/]*@")
"""The name and the password in a proxy's address (RFC 3986, 3.2.1)."""


def config(
    *,
    action: str | None,
    key: str | None,
    value: str | None,
    stray: tuple[str, ...] = (),
    environ: Mapping[str, str] = os.environ,
) -> int:
    """Do one of `get`, `set`, `unset`, `edit`, `path`, or list what is set; 0, 2 for wrong use, 1 for a file."""
    book = SettingsBook(environ)
    try:
        if action == "set" and stray and key and value is not None:
            book.refuse_several(key, (value, *stray))
        book.refuse_words(*stray)
        if action not in (None, "get") and book.is_nowhere:
            return output.homeless(environ)
        if action in (None, "edit", "path"):
            book.refuse_words(key, value)
            return book.show() if action is None else book.edit() if action == "edit" else output.put(str(book.file))
        path = book.path_of(key)
        if action == "set":
            return book.put(path, value)
        book.refuse_words(value)
        return book.take_out(path) if action == "unset" else book.show_one(path)
    except WrongWords as wrong:
        output.say(str(wrong))
        return USAGE
    except KeyboardInterrupt:  # the question has ended its line, and click would end another
        return INTERRUPTED


class SettingsBook:
    """The settings of one user, as a command reads and writes them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Read what counts; nothing is changed yet."""
        self.environ = environ
        self.settings, self.in_file = store.of_user(environ), store.said_in_file(environ)
        self.file = Path(paths.config_file(environ))
        self.is_nowhere = paths.is_nowhere(str(self.file))
        self.shown_file = paths.displayed(str(self.file), environ)
        self.rows = self._of_a_broken_file() | _of_the_provider(environ) | store.said(environ)
        self.language = words_for(self.settings.language, environ)["language"]
        self.words = table(self.language, "settings", "CONFIG")

    def _of_a_broken_file(self) -> dict[str, Stated]:
        """What counts of a file that is not TOML, by the setting's name: `settings.load` says which ones."""
        named = self.settings.given if self.in_file is None else ()
        return {name: Stated(name, name, getattr(self.settings, name), self.shown_file) for name in named}

    def refuse_words(self, *words: str | None) -> None:
        """Raises `WrongWords` for a word too many, which may be a secret and is not repeated."""
        if any(word is not None for word in words):
            raise WrongWords(self.words["too many"])

    def refuse_several(self, key: str, words: tuple[str, ...]) -> None:
        """Raises `WrongWords` with the one word that they make, where the setting can have it."""
        if one := as_one_word(self.path_of(key)[0], words):
            raise WrongWords(filled(self.words["several"], key, one))

    def path_of(self, key: str | None) -> tuple[str, ...]:
        """A setting's name, or `colors.STATE`, as its path in the file. Raises `WrongWords` with the nearest guess."""
        if not key:
            raise WrongWords(self.words["no key"])
        name, dot, state = key.partition(".")
        if name in SETTINGS and (not dot or (name == "colors" and state)):
            return (name, state) if dot else (name,)
        guess = guessed(nearest(name, SETTINGS), self.language)
        told = filled(self.words["unknown"], clean(key, 40))
        raise WrongWords(tidied(f"{told} {guess or self.words['see all']}"))

    def show(self) -> int:
        """Print what is set, from where, what is wrong, and what else there is."""
        columns, _ = output.sheet(self.environ)
        return output.put("\n".join(self._page(columns)))

    def _page(self, columns: int) -> Iterator[str]:
        if self.is_nowhere:
            yield from output.wrapped(output.no_home(self.environ), columns)
        if self.rows or not self.is_nowhere:
            yield from output.wrapped(filled(self.words[self._heading()], self.shown_file), columns)
        for name in (name for name in SETTINGS if name in self.rows):
            yield from _entry(name, f"{self._shown(self.rows[name])}{self._where(self.rows[name])}", columns)
        for fault in self.settings.faults:
            yield from ("", *output.wrapped(f"✗ {fault.told(self.language)}", columns))
        yield from ("", self.words["others"])
        for name in (name for name in SETTINGS if name not in self.rows):
            yield from _entry(name, self._means(name), columns)
        if not self.is_nowhere:
            yield from ("", *output.wrapped(self.words["how"], columns))

    def _heading(self) -> str:
        """The words for where something is set; a file may be there and set nothing, or nothing that counts."""
        if self.rows:
            by_variable = {row.written != row.name for row in self.rows.values()}
            return "set in both" if len(by_variable) > 1 else "set by variables" if True in by_variable else "set"
        if any(fault.is_of_the_file for fault in self.settings.faults):
            return "nothing known"
        if not os.path.exists(self.file):
            return "nothing set"
        return "nothing valid" if self.settings.faults else "nothing in file"

    def _means(self, name: str) -> str:
        """What a setting does, and its default where that is a value."""
        means, default = SETTINGS[name].means, SETTINGS[name].unset
        if self.language == "zh":
            means = table("zh", "settings", "MEANS")[name]
        said = "" if default in ("", [], {}) else filled(self.words["default"], toml(default))
        return tidied(f"{means} {said}".strip())

    def _where(self, row: Stated) -> str:
        """The place in brackets; of a variable also what it covers in the file."""
        below = (self.in_file or {}).get(row.name)
        if row.written == row.name or below is None:
            return filled(self.words["at"], self._place(row))
        return filled(self.words["at over"], row.where, self._place(below), self._shown(below))

    def _place(self, row: Stated) -> str:
        told = in_file(row.where) if self.language == "zh" else row.where
        return told.replace(self.shown_file, self.file.name)

    def _shown(self, row: Stated) -> str:
        """The value as it may be seen: never a secret, nor the password of a proxy."""
        if SETTINGS[row.name].secret:
            return self.words["is set" if row.value else "not set"]
        told = row.value if isinstance(row.value, str) and row.written != row.name else toml_of(row.value)
        return clean(_LOGIN.sub("//…@", told), LONGEST_SHOWN)

    def show_one(self, path: tuple[str, ...]) -> int:
        """Print the value that counts: a text as it is, anything else as TOML; a secret as set or not."""
        name = path[0]
        row = self.rows.get(name)
        if SETTINGS[name].secret:
            return output.put(self.words["is set" if row and row.value else "not set"])
        is_wrong = any(fault.name == name for fault in self.settings.faults)
        value = SETTINGS[name].unset if row is None or is_wrong else row.value
        if isinstance(value, str) and not isinstance(SETTINGS[name].unset, str):
            value = SETTINGS[name].read(value)
        if len(path) > 1:
            value = value.get(path[1], "")
        return output.put(_LOGIN.sub("//…@", value if isinstance(value, str) else toml_of(value)))

    def put(self, path: tuple[str, ...], typed: str | None) -> int:
        """Write a value into the file: the argument's, or that of standard input, which is never repeated."""
        name = path[0]
        if typed is not None and (SETTINGS[name].secret or (name == "proxy" and "@" in typed)):
            raise WrongWords(filled(self.words["secret"], name))
        value = self._asked(path) if typed is None else self._checked(path, typed)
        told = self.words["is set" if typed is None else "value"].format(clean(toml(value), LONGEST_SHOWN))
        return self._write(path, value, filled(self.words["written"], self.shown_file, ".".join(path), told))

    def take_out(self, path: tuple[str, ...]) -> int:
        """Take a setting out of the file, so that its default counts."""
        default = toml("" if len(path) > 1 else SETTINGS[path[0]].unset)
        key = "unset" if default in ('""', "[]", "{}") else "unset to"
        key = key if self._is_in_file(path) else f"no {key}"
        return self._write(path, None, filled(self.words[key], self.shown_file, ".".join(path), default))

    def _is_in_file(self, path: tuple[str, ...]) -> bool:
        """Whether the file says something of it; it may where it cannot be read."""
        if self.in_file is None:
            return True
        row = self.in_file.get(path[0])
        return row is not None and (len(path) == 1 or (isinstance(row.value, dict) and path[1] in row.value))

    def _checked(self, path: tuple[str, ...], text: str) -> Any:
        """The value as TOML has it. Raises `WrongWords`, which never repeats it."""
        try:
            value = _read(path, text)
        except WrongValue as wrong:
            raise WrongWords(wrong_value(path[0], wrong, self.language)) from None
        if told := wrong_secret(path[0], text, self.environ):
            raise WrongWords(told)
        return value

    def _asked(self, path: tuple[str, ...]) -> Any:
        """The value of standard input. In a terminal a secret that cannot be one is asked for again."""
        for left in reversed(range(TRIES if os.isatty(0) else 1)):
            text = self._piped(path[0])
            try:
                return self._checked(path, text)
            except WrongWords as wrong:
                if not left:
                    raise
                output.say(str(wrong))
        raise AssertionError

    def _piped(self, name: str) -> str:
        """The value on standard input; of a terminal a secret alone. Raises `WrongWords` where there is none."""
        if os.isatty(0):
            if SETTINGS[name].secret:
                return secret(name, self.words)
            raise WrongWords(filled(self.words["no value"], name))
        content = b"" if sys.stdin is None else sys.stdin.buffer.read(4 * TEXT_LIMIT + 1)
        try:
            text = content.decode().strip("\r\n")
        except UnicodeDecodeError:
            text = ""
        if not text.strip():
            raise WrongWords(filled(self.words["empty pipe" if SETTINGS[name].secret else "no value"], name))
        return text

    def _write(self, path: tuple[str, ...], value: Any, told: str) -> int:
        try:
            write(self.file, path, value, self.environ)
        except NotInLines:
            raise WrongWords(filled(self.words["not in lines"], self.shown_file, ".".join(path))) from None
        except UNWRITTEN as error:
            output.say(self._unwritten(error))
            return 1
        return output.tell("\n".join([told, *self._notes(path[0], is_set=value is not None)]))

    def _unwritten(self, error: Exception) -> str:
        """Why nothing was written; what is wrong with the whole file is told with its step."""
        fault = next((fault for fault in self.settings.faults if fault.is_of_the_file), None)
        if fault:
            return filled(self.words["not changed"], fault.told(self.language))
        step = output.opened_by(str(self.file), self.environ) or self.words["see"]
        return filled(self.words["not written"], self.shown_file, why_not(error, self.environ), step)

    def _notes(self, name: str, *, is_set: bool) -> Iterator[str]:
        """What keeps the change from having an effect."""
        variable = SETTING_PREFIX + name.upper()
        if variable in self.environ:
            yield filled(self.words["variable wins"], variable)
        if name == "cookie_header" and is_set and self.settings.cookie_source != "manual":
            yield self.words["manual"]
        if is_set and (told := unusable(name, store.of_user(self.environ), self.environ)):
            yield told

    def edit(self) -> int:
        """Open the file in an editor, made first if it is missing; in a terminal, then say what is wrong in it."""
        from codingplan_bar.commands.clicks import make_settings, open_settings  # no other action needs them

        if not (os.isatty(0) and os.isatty(1)):
            return open_settings(environ=self.environ)
        if not make_settings(self.file, self.environ):
            return 1
        commands = ([*command, str(self.file)] for command in process.terminal_editors(self.environ))
        ended = (process.in_terminal(command, self.environ) for command in commands)
        code = next((each for each in ended if each is not None), None)
        if code is None:
            output.say(self._no_editor())
            return 1
        if code:
            output.say(filled(self.words["editor failed"], code))
        wrong = [fault.told(self.language) for fault in store.of_user(self.environ).faults]
        return (output.put("\n".join(wrong)) if wrong else 0) or int(code != 0)

    def _no_editor(self) -> str:
        """That none was found, or not the one that a variable names."""
        name = next((name for name in ("VISUAL", "EDITOR") if self.environ.get(name)), "")
        if not name:
            return filled(self.words["no editor"], self.file)
        return filled(self.words["no such editor"], clean(self.environ[name], LONGEST_SHOWN), name, self.file)


# Why a setting could not be written, and what is wrong with a value beyond its type.


def why_not(error: Exception, environ: Mapping[str, str]) -> str:
    """Why a setting could not be written, in the user's language: the file, or what keeps it from being written."""
    words = table(language := output.language_of(environ), "settings", "CONFIG")
    cause = error.__cause__ if isinstance(error, StorageFailure) else error
    if isinstance(cause, OSError) and cause.strerror:
        return filled(words["no writing"], output.why(cause, environ))
    if isinstance(cause, tomllib.TOMLDecodeError):
        said = clean(str(cause), LONGEST_SHOWN)
        return filled(words["broken"], (in_toml(said) or said) if language == "zh" else said)
    return words["changed meanwhile"]


def toml_of(value: Any) -> str:
    """A value as TOML writes it; a date, which no setting is, as text."""
    try:
        return toml(value)
    except TypeError:
        return str(value)


def _of_the_provider(environ: Mapping[str, str]) -> dict[str, Stated]:
    """What the provider's own variables hold in the place of a setting, by the setting's name."""
    told = ((name, variable) for variable, name in reversed(IN_THE_PLACE_OF.items()) if environ.get(variable))
    return {name: Stated(name, variable, environ[variable], variable) for name, variable in told}


def _read(path: tuple[str, ...], text: str) -> Any:
    """What a text gives a setting: as TOML has it, else as in a variable. Raises `WrongValue`.

    A text stays as it was typed, but for a region, which has other names.
    """
    name, *state = path
    read = SETTINGS[name].read
    if state:
        read({state[0]: text})
        return text
    if isinstance(SETTINGS[name].unset, str):
        value = read(text)
        return value if name == "region" else text
    with suppress(ValueError, RecursionError):  # a `WrongValue` too
        return read(_literal(text))
    return read(text)


def _literal(text: str) -> Any:
    """What the text is as TOML's value. Raises ValueError or RecursionError for another text."""
    if "\n" in text:
        raise ValueError("TOML would read more than one line")
    return tomllib.loads(f"value = {text}")["value"]


def _entry(name: str, text: str, columns: int) -> list[str]:
    """A name and what is said of it, in a column of its own."""
    first, *rest = output.wrapped(text, max(columns - NAMES - 2, 20))
    return [f"  {padded(name, NAMES)}{first}", *(" " * (NAMES + 2) + line for line in rest)]


def wrong_secret(name: str, text: str, environ: Mapping[str, str]) -> str:
    """Why a text holds no cookie or no key, in the words of a refresh that asks with it; empty where it may hold one.

    The text itself is never repeated.
    """
    if name not in SECRETS:
        return ""
    from codingplan_bar.provider import api_key  # no other setting needs them
    from codingplan_bar.refresh import session

    try:
        if name == "cookie_header":
            session.pasted(text, name)
        else:
            api_key.find({}, setting=text)
    except CodingPlanError as error:
        if name == "api_key":
            error.hint = english("key.refused.hint")  # it stands in no file yet
        return output.failure_told(error, environ)
    return ""


def unusable(name: str, now: store.Settings, environ: Mapping[str, str]) -> str:
    """What keeps a file that a setting names from being used; empty where nothing is known to."""
    from codingplan_bar.provider import bl  # no other setting needs them
    from codingplan_bar.transport import http

    try:
        if name == "ca_bundle":
            http.ca_bundle({}, now.ca_bundle)
        elif name == "bl_path" and now.bl_path:
            bl.find(environ, named=now.bl_path)
    except CodingPlanError as error:
        return output.failure_told(error, environ)
    return ""
