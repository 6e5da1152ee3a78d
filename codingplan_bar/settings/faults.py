"""What is wrong with the user's settings, each as a value, said in the user's language."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from codingplan_bar import paths
from codingplan_bar.environment import PROVIDERS_PREFIX
from codingplan_bar.errors import ConfigError
from codingplan_bar.facts import SETTING_PREFIX
from codingplan_bar.text import clean
from codingplan_bar.words import listed, tidied
from codingplan_bar.words.errors import LISTS, in_file, in_language, in_toml
from codingplan_bar.words.zh import WORDS as CHINESE

EDIT = "codingplan-bar config edit"
LONGEST_NAME = 40
LONGEST_REASON = 200


class WrongValue(ValueError):
    """A value that a setting cannot have: `key` and `facts` are its reason's, `guess` what was perhaps meant.

    It never holds the value itself, which may be a secret.
    """

    def __init__(self, key: str, *, guess: str = "", **facts: object) -> None:
        """Keep them; in English, they are the exception's text."""
        super().__init__(key)
        self.key, self.guess, self.facts = key, guess, facts

    def __str__(self) -> str:
        """The reason in English, as it follows the name."""
        return reason(self.key, self.facts, "en")


class Fault(NamedTuple):
    """One thing that is wrong: `key` is a key of the words FAULTS, `reason` one of REASONS or a text as it is.

    `name` is the setting as it was written, `where` the file with its line, or the variable. `limits`: the setting
    says what is read, asked or run, so no request is sent with this fault. `is_word`: the guess is its whole value.
    """

    key: str
    name: str
    where: str
    limits: bool = False
    guess: str = ""
    reason: str = ""
    facts: Mapping[str, object] = MappingProxyType({})
    is_word: bool = False

    @property
    def mends(self) -> str:
        """The command that takes it out of the way, or puts the guess in its place; `opens` lets a file be read."""
        if "opens" in self.facts:
            return str(self.facts["opens"])
        if self.where.upper().startswith((SETTING_PREFIX, PROVIDERS_PREFIX)):
            return self._of_a_variable()
        return f"codingplan-bar config set {self.name} {self.guess}" if self.is_word and self.guess else EDIT

    def _of_a_variable(self) -> str:
        """The command that sets a variable right where it is known how, else takes it away."""
        unset = f"unset {shlex.quote(self.where)}"  # a variable's name may be anything
        if self.key == "wrong":
            return f"export {self.where}={shlex.quote(self.guess)}" if self.is_word and self.guess else unset
        is_a_name = self.where.isascii() and self.where.isidentifier()
        return f'export {self.guess}="${self.where}"; {unset}' if self.guess and is_a_name else unset

    def said(self, language: str) -> tuple[str, str]:
        """What is wrong with what was perhaps meant, and what to do, in `en` or `zh`."""
        words = _words(language)[1]
        where = in_file(self.where) if language == "zh" else self.where
        known = {"name": self.name, "where": where, "guess": self.guess, **_listed(self.facts, language)}
        message = words[self.key].format(**known, reason=reason(self.reason, self.facts, language))
        told = [message, guessed(self.guess, language), *_of_other_width(self.facts, language)]
        if self.key == "unknown" and not self.guess:
            told.append(words["all"].format(**known))
        return tidied(" ".join(filter(None, told))), tidied(
            " ".join(words[each].format(**known, command=self.mends) for each in self._steps())
        )

    def _steps(self) -> list[str]:
        """The keys of the words for what to do."""
        if self.is_of_the_file:
            return ["open file" if "opens" in self.facts else "correct file"]
        return ["no request", "correct"] if self.limits else ["correct"]

    @property
    def is_of_the_file(self) -> bool:
        """Whether the whole file is meant: no setting in it is known."""
        return self.key in ("toml", "unreadable")

    def told(self, language: str) -> str:
        """Both as one text."""
        return tidied(" ".join(self.said(language)))

    def as_error(self) -> ConfigError:
        """The same as the error that ends a refresh."""
        message, hint = self.said("en")
        return ConfigError(message, hint=hint, where=self.where)


def reason(key: str, facts: Mapping[str, object], language: str) -> str:
    """The words of a reason; another program's text is cut and cleaned, and in Chinese told if its words are known."""
    known = _words(language)[0]
    if key in known:
        return known[key].format(**_listed(facts, language))
    told = (in_toml(key) or in_language(key, CHINESE)) if language == "zh" else ""
    return clean(told or key, LONGEST_REASON)


def wrong_value(name: str, wrong: WrongValue, language: str) -> str:
    """What is wrong with a value of that name, a setting or an option, and what was perhaps meant."""
    words = _words(language)[1]
    told = words["value"].format(name=name, reason=reason(wrong.key, wrong.facts, language))
    guess = guessed(wrong.guess, language)
    parts = (guess, told) if "choices" in wrong.facts else (told, guess)  # a list may be long
    return tidied(" ".join(filter(None, (*parts, *_of_other_width(wrong.facts, language)))))


def guessed(guess: str, language: str) -> str:
    """What was perhaps meant, of whatever kind, as the question to the user; empty without a guess."""
    return _words(language)[1]["guess"].format(guess=guess) if guess else ""


def _of_other_width(facts: Mapping[str, object], language: str) -> list[str]:
    """What to write in the place of characters of a Chinese input method, and of a space that is not a plain one."""
    return [_words(language)[1][name].format(**facts) for name in ("wide", "space") if name in facts]


def _listed(facts: Mapping[str, object], language: str) -> dict[str, object]:
    """The facts with the marks of the language in a list."""
    return {name: listed(str(fact).split(", "), language) if name in LISTS else fact for name, fact in facts.items()}


def nearest(word: object, known: Iterable[str]) -> str:
    """Of the known words the one that was perhaps meant; empty where none is near."""
    from difflib import get_close_matches  # only a mistake needs it

    if not isinstance(word, str):
        return ""
    spelled = word[: 2 * LONGEST_NAME].strip().lower().replace("-", "_")
    by_spelling = {each.lower().replace("-", "_"): each for each in known}
    return next((by_spelling[found] for found in get_close_matches(spelled, by_spelling, n=1)), "")


def _words(language: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    if language == "zh":
        from codingplan_bar.words.zh.settings import FAULTS, REASONS
    else:
        from codingplan_bar.words.en.settings import FAULTS, REASONS
    return REASONS, FAULTS


# A file of settings that is not good as a whole: the step that mends it.

_PLACE = re.compile(r"\(at line (\d{1,9}), column \d+\)")
_BARE = re.compile(r"\s*([a-z_]+)\s*=\s*([\w./~:-]+)\s*(?:#.*)?")
"""A setting whose value is one word without its quotes; an address with a password has an `@`."""


def of_the_file(key: str, where: str, reason: str, facts: Mapping[str, str], *, guess: str = "") -> Fault:
    """The fault; `facts` may have the command that `opens` the file."""
    return Fault(key, where, where, limits=True, guess=guess, reason=reason, facts=facts)


def opening(environ: Mapping[str, str]) -> str:
    """The command that makes the file readable: its own mode is to blame, or that of the first folder that is shut.

    Empty where that belongs to another user, whom the command would not obey.
    """
    from codingplan_bar.process import typed_path  # only a file that is shut needs it

    path = Path(paths.config_file(environ))
    shut = next((each for each in reversed(path.parents) if not os.access(each, os.X_OK)), None)
    if not paths.is_mine((shut or path).stat().st_uid):
        return ""
    shown = typed_path(paths.displayed(str(shut or path), environ))
    return f"chmod {'u+rwx' if shut else 'u+rw'} {shown}"


def in_quotes(text: str, error: Exception, takes: Callable[[str, str], bool]) -> str:
    """The line at which the parser stopped, with quotes around its value where that alone is missing; else empty.

    `takes`: whether a setting of that name can have that word, and it may be shown.
    """
    found = _BARE.fullmatch(in_ascii(_line_of(text, error)).rstrip())
    name, value = found.groups() if found else ("", "")
    return f'{name} = "{value}"' if name and takes(name, value) else ""


def _line_of(text: str, error: Exception) -> str:
    """The line at which the parser stopped; empty where it says none."""
    place = _PLACE.search(str(error))
    lines = text.split("\n")
    return lines[int(place[1]) - 1] if place and int(place[1]) <= len(lines) else ""


_ASCII = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-+.=[]{},:#\"'"
"""What TOML has outside of texts; each has a full-width twin."""
_WIDE = {chr(ord(char) + 0xFEE0): char for char in _ASCII} | dict(
    zip("“”‘’「」『』、。【】", '""\'\'"""",.[]', strict=True)
)
"""What a Chinese input method types, and what TOML has in its place."""
_HALF = str.maketrans({**_WIDE, "\u3000": " ", "\u00a0": " "})
_TEXT = re.compile(r"""\"[^"]*\"|'[^']*'|["'][^“”‘’]*|#.*|(?<=＃).+|(?<=[“‘「『])[^”’」』"']+""")
"""What is in quotes of either kind, closed or not, and a comment: their marks are the user's own."""
_BEGINNING = re.compile(r"\s*([\w＿－-]+)\s*[=＝：]?\s*[“”‘’「『]?")
_WIDE_WORD = re.compile("[０-９Ａ-Ｚａ-ｚ＿－．]+|[^\\x00-\\xff]")


def in_ascii(text: str) -> str:
    """The text with ASCII characters in the place of those that a Chinese input method types."""
    return text.translate(_HALF)


def full_width(text: str, error: Exception, settings: Collection[str], secrets: Collection[str]) -> dict[str, str]:
    """The `wide` characters that the line has at which the parser stopped, and what to write, `half`.

    Without them nothing; `space`, where one is not a plain one. Of a secret, only what stands in front of it is looked
    at; of a line that is not a setting's, the marks alone.
    """
    line = _TEXT.sub("", _line_of(text, error))
    begins = _BEGINNING.match(line)
    name = in_ascii(begins[1]) if begins else ""
    line = begins[0] if begins and name in secrets else line
    found = _WIDE_WORD.findall(line) if name in settings else list(line)
    wide = [each for each in dict.fromkeys(found) if each[0] in _WIDE and (name in settings or not each.isalnum())]
    half = dict.fromkeys(
        "=" if each == "：" and "=" not in line.partition("：")[0] else in_ascii(each) for each in wide
    )
    told = {"space": ""} if not {"\u3000", "\u00a0"}.isdisjoint(line) else {}
    gap = " " if any(len(each) > 1 for each in wide) else ""
    return {**told, **({"wide": gap.join(wide), "half": " ".join(half)} if wide else {})}
